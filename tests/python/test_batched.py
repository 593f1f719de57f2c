"""labelsieve.experimental.label_issues_batched against cleanlab's: its own counting rule."""

import cleanlab.experimental.label_issues_batched as reference
import numpy as np
import pytest
from cases import datasets, make
from hypothesis import given
from hypothesis import strategies as st
from labelsieve.experimental import label_issues_batched as ours

OPTIONS = [
    {},
    {"num_issue_kwargs": {"estimation_method": "off_diagonal_calibrated"}},
    {"quality_score_kwargs": {"method": "normalized_margin", "adjust_pred_probs": False}},
]


# Without ties: the oracle's choice among equal scores is its processor's.
@given(
    data=datasets([np.float64], tied=st.just(False)),
    options=st.sampled_from(OPTIONS),
    batch_size=st.sampled_from([1, 7, 100, 10000]),
    return_mask=st.booleans(),
)
def test_find(data, options, batch_size, return_mask):
    options = dict(batch_size=batch_size, return_mask=return_mask, verbose=False, **options)
    mine = ours.find_label_issues_batched(*data, **options)
    theirs = reference.find_label_issues_batched(*data, **options)
    assert mine.dtype == theirs.dtype
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("n_jobs", [None, 1, 2])
def test_files_and_sliceables(tmp_path, n_jobs):
    labels, pred_probs = make(1, 3000, 5)
    files = dict(labels_file=str(tmp_path / "y.npy"), pred_probs_file=str(tmp_path / "p.npy"))
    np.save(files["labels_file"], labels)
    np.save(files["pred_probs_file"], pred_probs)
    expected = ours.find_label_issues_batched(labels, pred_probs, verbose=False)
    options = dict(batch_size=700, n_jobs=n_jobs, verbose=False)
    found = ours.find_label_issues_batched(**files, **options)

    class Sliceable:
        """As an array of Zarr or HDF5: a length, a shape, slices."""

        def __init__(self, array):
            self.array, self.shape = array, array.shape

        def __len__(self):
            return len(self.array)

        def __getitem__(self, key):
            assert isinstance(key, slice)
            return self.array[key]

    sliced = ours.find_label_issues_batched(labels, Sliceable(pred_probs), **options)
    assert len(expected) > 0
    np.testing.assert_array_equal(found, sliced)


def test_inspector():
    labels, pred_probs = make(2, 1000, 4)
    inspectors = [
        module.LabelInspector(num_class=4, verbose=False) for module in (ours, reference)
    ]
    batches = [slice(0, 300), slice(300, 1000)]
    for inspector in inspectors:
        for batch in batches:
            inspector.update_confident_thresholds(labels[batch], pred_probs[batch])
        for batch in batches:
            inspector.score_label_quality(labels[batch], pred_probs[batch])
    mine, theirs = inspectors
    np.testing.assert_allclose(
        mine.get_confident_thresholds(), theirs.get_confident_thresholds(), rtol=0, atol=1e-12
    )
    assert mine.get_num_issues() == theirs.get_num_issues() > 0
    np.testing.assert_array_equal(mine.get_quality_scores(), theirs.get_quality_scores())
    np.testing.assert_array_equal(mine.get_label_issues(), theirs.get_label_issues())
    assert mine.prune_count == theirs.prune_count
    assert mine.label_quality_scores == theirs.label_quality_scores
    before = mine.get_num_issues()
    mine.score_label_quality(labels, pred_probs, update_num_issues=False)
    assert mine.get_num_issues() == before


def test_mistakes(tmp_path):
    labels, pred_probs = make(3, 30, 3)
    find = ours.find_label_issues_batched
    with pytest.raises(ValueError, match="only specify one"):
        find(labels, pred_probs, labels_file=str(tmp_path / "y.npy"))
    with pytest.raises(ValueError, match="must be str"):
        find(None, pred_probs, labels_file=tmp_path)
    with pytest.raises(ValueError, match="must provide one"):
        find(labels)
    with pytest.raises(ValueError, match="does not match"):
        find(labels[:-1], pred_probs)
    inspector = ours.LabelInspector(num_class=3, store_results=False)
    for ask in (
        inspector.get_confident_thresholds,
        inspector.get_num_issues,
        inspector.get_quality_scores,
        inspector.get_label_issues,
    ):
        with pytest.raises(ValueError):
            ask()
    with pytest.raises(ValueError, match="num_class"):
        inspector.update_confident_thresholds(labels, pred_probs[:, :2])
    with pytest.raises(ValueError, match="same length"):
        inspector.update_confident_thresholds(labels[:-1], pred_probs)
