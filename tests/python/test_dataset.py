"""labelsieve.dataset against cleanlab.dataset."""

import cleanlab.count
import cleanlab.dataset as reference
import numpy as np
import pandas as pd
import pytest
from cases import datasets, make
from hypothesis import given
from hypothesis import strategies as st
from labelsieve import dataset


def same_rows(ours, theirs, by):
    """The same table; rows that `by` does not order may change places in the oracle's."""
    assert list(ours.columns) == list(theirs.columns)
    assert list(ours.index) == list(theirs.index)
    np.testing.assert_allclose(ours[by].to_numpy(), theirs[by].to_numpy(), rtol=0, atol=1e-12)
    keys = [name for name in ours.columns if name.startswith("Class Index")]
    pd.testing.assert_frame_equal(
        ours.sort_values(keys).reset_index(drop=True),
        theirs.sort_values(keys).reset_index(drop=True),
        rtol=0,
        atol=1e-12,
    )


@given(data=datasets([np.float64], max_classes=8), named=st.booleans(), asymmetric=st.booleans())
def test_tables(data, named, asymmetric):
    names = [f"class {k}" for k in range(data[1].shape[1])] if named else None
    options = dict(
        class_names=names, confident_joint=cleanlab.count.compute_confident_joint(*data)
    )
    same_rows(
        dataset.rank_classes_by_label_quality(*data, **options),
        reference.rank_classes_by_label_quality(*data, **options),
        "Label Quality Score",
    )
    same_rows(
        dataset.find_overlapping_classes(*data, asymmetric=asymmetric, **options),
        reference.find_overlapping_classes(*data, asymmetric=asymmetric, **options),
        "Joint Probability",
    )


@given(data=datasets([np.float64], max_classes=8))
def test_health_score(data):
    ours = dataset.overall_label_health_score(*data, verbose=False)
    assert ours == pytest.approx(reference.overall_label_health_score(*data, verbose=False))
    joint = cleanlab.count.compute_confident_joint(*data)
    by_counts = dataset.overall_label_health_score(confident_joint=joint, verbose=False)
    by_joint = dataset.overall_label_health_score(
        joint=joint / joint.sum(), num_examples=len(data[0]), verbose=False
    )
    assert by_counts == pytest.approx(by_joint)


def test_summary(capsys):
    labels, pred_probs = make(5, 300, 4)
    ours = dataset.health_summary(labels, pred_probs, class_names=list("abcd"))
    printed = capsys.readouterr().out
    for text in ("Label Quality Score", "Joint Probability", "of the 300", "label health score"):
        assert text in printed
    theirs = reference.health_summary(labels, pred_probs, class_names=list("abcd"), verbose=False)
    assert ours.keys() == theirs.keys()
    np.testing.assert_allclose(ours["joint"], theirs["joint"], rtol=0, atol=1 / 300)
    dataset.health_summary(labels, pred_probs, verbose=False)
    assert capsys.readouterr().out == ""


def test_mistakes():
    labels, pred_probs = make(6, 60, 3)
    joint = cleanlab.count.estimate_joint(labels, pred_probs)
    functions = [getattr(dataset, name) for name in dataset.__all__]
    for function in functions:
        with pytest.raises(ValueError, match="multilabel_classification.dataset"):
            function(labels, pred_probs, multi_label=True)
        with pytest.raises(ValueError, match="num_examples is None"):
            function(joint=joint)
    with pytest.raises(ValueError, match="class names"):
        dataset.rank_classes_by_label_quality(labels, pred_probs, class_names=["a"])
