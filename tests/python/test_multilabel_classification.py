"""labelsieve.multilabel_classification against cleanlab.multilabel_classification."""

import cleanlab.multilabel_classification as reference
import cleanlab.multilabel_classification.dataset as reference_dataset
import cleanlab.multilabel_classification.filter as reference_filter
import cleanlab.multilabel_classification.rank as reference_rank
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from cases import FILTERS, METHODS, make_multilabel, multilabel_datasets
from cleanlab.count import compute_confident_joint
from hypothesis import given
from hypothesis import strategies as st

import labelsieve
from labelsieve import multilabel_classification as ours

pytestmark = [
    pytest.mark.filterwarnings("ignore:May not flag"),
    pytest.mark.filterwarnings("ignore:invalid value"),
    pytest.mark.filterwarnings("ignore:divide by zero"),
]

LOW = FILTERS[5:]


def test_modules_are_attributes():
    assert labelsieve.multilabel_classification.get_label_quality_scores is (
        ours.rank.get_label_quality_scores
    )
    assert {"dataset", "filter", "rank"} <= set(dir(ours))


@pytest.mark.parametrize("filter_by", FILTERS)
@given(data=multilabel_datasets())
def test_masks(filter_by, data):
    mine = ours.filter.find_label_issues(*data, filter_by=filter_by)
    theirs = reference_filter.find_label_issues(*data, filter_by=filter_by, n_jobs=1)
    assert mine.dtype == np.bool_
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("filter_by", FILTERS)
@given(data=multilabel_datasets(), rank_by=st.sampled_from(METHODS[:2]))
def test_ranked(filter_by, data, rank_by):
    mine = ours.filter.find_label_issues(*data, rank_by, filter_by=filter_by)
    assert mine.dtype.kind == "i"
    if filter_by in LOW:  # there in a wrong order, and not for every dataset
        scores = ours.get_label_quality_scores(*data, method=rank_by)
        mask = ours.filter.find_label_issues(*data, filter_by=filter_by)
        assert sorted(mine) == np.flatnonzero(mask).tolist()
        assert (np.diff(scores[mine]) >= 0).all()
    else:
        theirs = reference_filter.find_label_issues(*data, rank_by, filter_by=filter_by, n_jobs=1)
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("filter_by", FILTERS)
@given(data=multilabel_datasets(), rank_by=st.sampled_from(METHODS[:2]))
def test_per_class(filter_by, data, rank_by):
    find, their_find = (
        module.find_multilabel_issues_per_class for module in (ours.filter, reference_filter)
    )
    mine = find(*data, filter_by=filter_by)
    theirs = their_find(*data, filter_by=filter_by, n_jobs=1)
    assert mine.dtype == np.bool_
    np.testing.assert_array_equal(mine, theirs)
    ranked = find(*data, rank_by, filter_by=filter_by)
    their_ranked = their_find(*data, rank_by, filter_by=filter_by, n_jobs=1)
    for part, their_part in zip(ranked, their_ranked, strict=True):
        assert isinstance(part, list)
        for one, other in zip(part, their_part, strict=True):
            np.testing.assert_array_equal(one, other)
            assert one.dtype.kind == other.dtype.kind


@given(
    data=multilabel_datasets(),
    filter_by=st.sampled_from(FILTERS[:3]),
    frac_noise=st.sampled_from([0.4, 1.0]),
    min_examples=st.integers(0, 6),
    bump=st.integers(0, 5),
)
def test_options(data, filter_by, frac_noise, min_examples, bump):
    joint = compute_confident_joint(*data, multi_label=True)
    joint[:, 0, 1] += bump
    options = {
        "filter_by": filter_by,
        "frac_noise": frac_noise,
        "min_examples_per_class": min_examples,
        "confident_joint": joint,
    }
    mine = ours.filter.find_label_issues(*data, **options)
    theirs = reference_filter.find_label_issues(*data, n_jobs=1, **options)
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("filter_by", FILTERS[:3])
def test_num_to_remove_per_class(filter_by):
    labels, pred_probs = make_multilabel(3, 400, 4)
    options = {"filter_by": filter_by, "num_to_remove_per_class": [3, 0, 5, 1]}
    find, their_find = (
        module.find_multilabel_issues_per_class for module in (ours.filter, reference_filter)
    )
    mine = find(labels, pred_probs, **options)
    assert mine.any() or filter_by == "both"
    np.testing.assert_array_equal(mine, their_find(labels, pred_probs, n_jobs=1, **options))
    np.testing.assert_array_equal(
        ours.filter.find_label_issues(labels, pred_probs, **options), mine.any(axis=1)
    )


@pytest.mark.parametrize("method", METHODS[:2])
@given(data=multilabel_datasets([np.float64, np.float32]), adjust=st.booleans())
def test_scores(method, data, adjust):
    options = {"method": method, "adjust_pred_probs": adjust}
    tolerance = 1e-12 if data[1].dtype == np.float64 else 2e-6
    mine = ours.rank.get_label_quality_scores_per_class(*data, **options)
    theirs = reference_rank.get_label_quality_scores_per_class(*data, **options)
    assert mine.dtype == theirs.dtype and mine.shape == theirs.shape
    np.testing.assert_allclose(mine, theirs, rtol=0, atol=tolerance)
    for aggregator in (
        {"method": "exponential_moving_average", "alpha": 0.8},
        {"method": "exponential_moving_average", "alpha": None},
        {"method": "exponential_moving_average"},
        {"method": "exponential_moving_average", "alpha": 0.0},
        {"method": "softmin", "temperature": 0.3},
        {"method": "softmin"},
        {"method": np.min},
        {"method": np.quantile, "q": 0.3},
        {},
    ):
        options["aggregator_kwargs"] = aggregator
        mine = ours.get_label_quality_scores(*data, **options)
        theirs = reference.get_label_quality_scores(*data, **options)
        assert mine.dtype == theirs.dtype
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=tolerance)


def test_our_aggregators():
    labels, pred_probs = make_multilabel(1, 40, 5)
    scores = ours.rank.get_label_quality_scores_per_class(labels, pred_probs)
    for name, function in (("min", np.min), ("mean", np.mean)):
        mine = ours.get_label_quality_scores(
            labels, pred_probs, aggregator_kwargs={"method": name}
        )
        np.testing.assert_allclose(mine, function(scores, axis=1), rtol=1e-14)
    softmin = {"method": "softmin", "temperature": 0.002}
    nearly = ours.get_label_quality_scores(labels, pred_probs, aggregator_kwargs=softmin)
    np.testing.assert_allclose(nearly, scores.min(axis=1), atol=1e-3)


def test_forms_of_label_sets():
    labels, pred_probs = make_multilabel(2, 120, 6)
    matrix = np.zeros((120, 6), dtype=int)
    for row, classes in enumerate(labels):
        matrix[row, classes] = 1
    expected = ours.filter.find_multilabel_issues_per_class(labels, pred_probs, "self_confidence")
    sparse = scipy.sparse.csr_matrix(matrix)
    sparse.data[:] = 1
    unsorted = [classes[::-1] + classes[:1] for classes in labels]
    columns = np.empty(120, dtype=object)
    columns[:] = labels
    for form in (
        matrix,
        matrix.astype(bool),
        matrix.astype(np.float32),
        np.asfortranarray(matrix.astype(np.uint8)),
        sparse,
        scipy.sparse.coo_array(matrix),
        pd.DataFrame(matrix),
        pd.Series(labels),
        columns,
        [tuple(classes) for classes in labels],
        [np.array(classes, dtype=np.int32) for classes in labels],
        tuple(labels),
        unsorted,
    ):
        mine = ours.filter.find_multilabel_issues_per_class(form, pred_probs, "self_confidence")
        for part, other in zip(mine, expected, strict=True):
            for one, two in zip(part, other, strict=True):
                np.testing.assert_array_equal(one, two)


def test_what_is_legal_here():
    rng = np.random.default_rng(0)
    pred_probs = rng.random((30, 3))
    for labels in (
        [[] for _ in range(30)],
        [[0, 1, 2] for _ in range(30)],
        [[0] if i % 2 else [0, 2] for i in range(30)],
    ):
        assert ours.filter.find_label_issues(labels, pred_probs).shape == (30,)
        assert ours.get_label_quality_scores(labels, pred_probs).shape == (30,)
    one = [[0] if p > 0.4 else [] for p in pred_probs[:, 0]]
    scores = ours.get_label_quality_scores(one, pred_probs[:, :1])
    np.testing.assert_allclose(scores, [p if p > 0.4 else 1 - p for p in pred_probs[:, 0]])
    found = ours.filter.find_label_issues([[1]] * 30, pred_probs, "self_confidence")
    assert pred_probs[found].shape[1] == 3  # also an empty answer is an index


@pytest.mark.parametrize("named", [True, False])
@given(data=multilabel_datasets())
def test_frames(named, data):
    labels, pred_probs = data
    names = [f"c{k}" for k in range(pred_probs.shape[1])] if named else None
    mine = ours.dataset.common_multilabel_issues(labels, pred_probs, class_names=names)
    theirs = reference_dataset.common_multilabel_issues(labels, pred_probs, class_names=names)
    order = ["Issue Probability", "Class Index", "In Given Label"]
    rising = [False, True, False]
    pd.testing.assert_frame_equal(
        mine, theirs.sort_values(order, ascending=rising).reset_index(drop=True)
    )
    classes = ours.dataset.rank_classes_by_multilabel_quality(labels, pred_probs, class_names=names)
    theirs = reference_dataset.rank_classes_by_multilabel_quality(
        labels, pred_probs, class_names=names
    )
    theirs = theirs.sort_values(["Label Quality Score", "Class Index"]).reset_index(drop=True)
    # There the counts are cut from rates times N, which may lose one.
    counts = ["Label Issues", "Inverse Label Issues"]
    pd.testing.assert_frame_equal(classes.drop(columns=counts), theirs.drop(columns=counts))
    assert list(classes.columns) == list(theirs.columns)
    assert (classes[counts] - theirs[counts]).isin([0, 1]).all(axis=None)
    np.testing.assert_array_equal(
        classes["Label Issues"], np.rint(classes["Label Noise"] * len(labels))
    )
    assert ours.dataset.overall_multilabel_health_score(labels, pred_probs) == pytest.approx(
        reference_dataset.overall_multilabel_health_score(labels, pred_probs), abs=1e-15
    )


def test_summary(capsys):
    labels, pred_probs = make_multilabel(4, 200, 5)
    names = ["ant", "bee", "cat", "dog", "elk"]
    summary = ours.dataset.multilabel_health_summary(labels, pred_probs, class_names=names)
    text = capsys.readouterr().out
    assert all(name in text for name in [*names, "Label Quality Score", "Issue Probability", "200"])
    theirs = reference_dataset.multilabel_health_summary(
        labels, pred_probs, class_names=names, verbose=False
    )
    assert list(summary) == list(theirs)
    assert summary["overall_multilabel_health_score"] == pytest.approx(
        theirs["overall_multilabel_health_score"]
    )
    capsys.readouterr()
    quiet = ours.dataset.multilabel_health_summary(labels, pred_probs, verbose=False)
    assert capsys.readouterr().out == ""
    assert "Class Name" not in quiet["common_multilabel_issues"]
    joint = compute_confident_joint(labels, pred_probs, multi_label=True)
    given_joint = ours.dataset.multilabel_health_summary(
        labels, pred_probs, confident_joint=joint, verbose=False
    )
    for key in ("classes_by_multilabel_quality", "common_multilabel_issues"):
        pd.testing.assert_frame_equal(quiet[key], given_joint[key])


def test_low_memory_and_jobs_change_nothing(capsys):
    data = make_multilabel(5, 3000, 4)
    expected = ours.filter.find_label_issues(*data)
    for options in ({"low_memory": True}, {"n_jobs": 1}, {"n_jobs": 3}):
        np.testing.assert_array_equal(
            ours.filter.find_label_issues(*data, **options), expected
        )
    capsys.readouterr()
    ours.filter.find_label_issues(*data, verbose=True)
    assert str(expected.sum()) in capsys.readouterr().out


def test_warnings():
    labels, pred_probs = make_multilabel(6, 60, 3)
    find = ours.filter.find_label_issues
    with pytest.warns(UserWarning, match="ignored"):
        find(labels, pred_probs, confident_joint=np.ones((3, 3)))
    with pytest.warns(UserWarning, match="only supported for filter_by"):
        find(labels, pred_probs, filter_by="confident_learning", frac_noise=0.5)


def test_mistakes():
    labels, pred_probs = make_multilabel(7, 60, 3)
    find, score = ours.filter.find_label_issues, ours.get_label_quality_scores
    with pytest.raises(ValueError, match="Invalid method name"):
        score(labels, pred_probs, method="magic")
    with pytest.raises(ValueError, match="adjust_pred_probs is not currently supported"):
        score(labels, pred_probs, method="confidence_weighted_entropy", adjust_pred_probs=True)
    with pytest.raises(ValueError, match="Invalid aggregation method"):
        score(labels, pred_probs, aggregator_kwargs={"method": "magic"})
    with pytest.raises(TypeError, match="callable"):
        score(labels, pred_probs, aggregator_kwargs={"method": 1})
    for alpha in (-0.1, 1.5):
        with pytest.raises(ValueError, match=r"alpha must be in the interval \[0, 1\]"):
            score(
                labels,
                pred_probs,
                aggregator_kwargs={"method": "exponential_moving_average", "alpha": alpha},
            )
    with pytest.raises(ValueError, match="same length"):
        score(labels[:-1], pred_probs)
    with pytest.raises(ValueError, match="wrong format for labels"):
        find([0] * 60, pred_probs)
    with pytest.raises(ValueError, match="row 0"):
        find([[3], *labels[1:]], pred_probs)
    with pytest.raises(ValueError, match="row 0"):
        find([[-1], *labels[1:]], pred_probs)
    with pytest.raises(ValueError, match="shape"):
        find(labels, pred_probs, confident_joint=np.ones((2, 2, 2)))
    with pytest.raises(ValueError, match="not supported"), pytest.warns(UserWarning):
        find(labels, pred_probs, filter_by="confident_learning", num_to_remove_per_class=[1, 1, 1])
    with pytest.raises(AssertionError):
        find(labels, pred_probs, filter_by="magic")
    with pytest.raises(ValueError):
        ours.dataset.common_multilabel_issues()
    with pytest.raises(ValueError):
        ours.dataset.overall_multilabel_health_score(None, pred_probs)
    with pytest.raises(ValueError, match="zeros and ones"):
        find(np.full((60, 3), 2), pred_probs)
    with pytest.raises(ValueError):
        find(labels, pred_probs * 3)
