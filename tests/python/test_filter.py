"""labelsieve.filter against cleanlab.filter."""

import warnings

import cleanlab.count
import cleanlab.filter as reference
import numpy as np
import pytest
from cases import FILTERS, METHODS, datasets, make, make_multilabel, multilabel_datasets, wide
from hypothesis import given
from hypothesis import strategies as st
from labelsieve import filter as ours

pytestmark = [
    pytest.mark.filterwarnings("ignore:May not flag"),
    pytest.mark.filterwarnings("ignore:invalid value"),
    pytest.mark.filterwarnings("ignore:divide by zero"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def both(labels, pred_probs, **options):
    """Our answer and the oracle's from the same joint: how it rounds one is its processor's."""
    if options.get("filter_by", FILTERS[0]) in FILTERS[:3] and "multi_label" not in options:
        joint = cleanlab.count.compute_confident_joint(labels, wide(pred_probs))
        options.setdefault("confident_joint", joint)
    mine = ours.find_label_issues(labels, pred_probs, **options)
    theirs = reference.find_label_issues(labels, wide(pred_probs), n_jobs=1, **options)
    return mine, theirs


@pytest.mark.parametrize("filter_by", FILTERS)
@given(data=datasets([np.float64, np.float32]))
def test_masks(filter_by, data):
    labels, pred_probs = data
    if filter_by not in FILTERS[:3] and pred_probs.dtype != np.float64:
        return  # the oracle rounds the thresholds to float32
    mine, theirs = both(labels, pred_probs, filter_by=filter_by)
    assert mine.dtype == np.bool_
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("filter_by", FILTERS)
def test_half_precision(filter_by):
    labels, pred_probs = make(11, 400, 5, dtype=np.float16)
    mine, theirs = both(labels, pred_probs, filter_by=filter_by)
    np.testing.assert_array_equal(mine, theirs)


@given(
    data=datasets([np.float64]),
    filter_by=st.sampled_from(FILTERS[:3]),
    frac_noise=st.sampled_from([0.0, 0.3, 0.5, 1.0]),
    min_examples=st.integers(0, 12),
)
def test_prune_options(data, filter_by, frac_noise, min_examples):
    mine, theirs = both(
        *data,
        filter_by=filter_by,
        frac_noise=frac_noise,
        min_examples_per_class=min_examples,
    )
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("filter_by", FILTERS[:3])
@pytest.mark.parametrize("to_remove", [3, [2, 0, 4, 1]])
def test_num_to_remove_per_class(filter_by, to_remove):
    labels, pred_probs = make(5, 400, 4)
    mine, theirs = both(
        labels, pred_probs, filter_by=filter_by, num_to_remove_per_class=to_remove
    )
    assert mine.any()
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("filter_by", FILTERS)
@given(data=datasets([np.float64]), rank_by=st.sampled_from(METHODS[:2]), adjust=st.booleans())
def test_ranked_indices(filter_by, data, rank_by, adjust):
    mine, theirs = both(
        *data,
        filter_by=filter_by,
        return_indices_ranked_by=rank_by,
        rank_by_kwargs={"adjust_pred_probs": adjust},
    )
    assert mine.dtype.kind == "i"
    assert set(mine.tolist()) == set(theirs.tolist())
    if not adjust:  # adjusted scores differ in their last digit, which may order ties
        np.testing.assert_array_equal(mine, theirs)


def test_many_classes():
    labels, pred_probs = make(6, 5000, 300)
    for filter_by in FILTERS:
        mine, theirs = both(labels, pred_probs, filter_by=filter_by)
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("n_jobs", [None, 1, 2, 7])
def test_n_jobs_change_nothing(n_jobs):
    labels, pred_probs = make(7, 20000, 5)
    np.testing.assert_array_equal(
        ours.find_label_issues(labels, pred_probs, n_jobs=n_jobs),
        ours.find_label_issues(labels, pred_probs),
    )


@given(data=datasets([np.float64]))
def test_predicted_neq_given(data):
    labels, pred_probs = data
    mine = ours.find_predicted_neq_given(labels, pred_probs)
    np.testing.assert_array_equal(mine, pred_probs.argmax(axis=1) != labels)


@pytest.mark.parametrize("calibrate", [True, False])
@pytest.mark.parametrize("filter_by", FILTERS)
def test_argmax_confusion_matrix(calibrate, filter_by):
    labels, pred_probs = make(8, 300, 4)
    options = dict(calibrate=calibrate, filter_by=filter_by)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mine = ours.find_label_issues_using_argmax_confusion_matrix(labels, pred_probs, **options)
        theirs = reference.find_label_issues_using_argmax_confusion_matrix(
            labels, pred_probs, **options
        )
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("filter_by", FILTERS)
@given(data=multilabel_datasets([np.float64, np.float32]))
def test_multi_label(filter_by, data):
    mine, theirs = both(*data, filter_by=filter_by, multi_label=True)
    if data[1].dtype == np.float64:
        np.testing.assert_array_equal(mine, theirs)


@given(data=multilabel_datasets(), rank_by=st.sampled_from(METHODS[:2]))
def test_multi_label_ranked(data, rank_by):
    mine, theirs = both(*data, multi_label=True, return_indices_ranked_by=rank_by)
    np.testing.assert_array_equal(mine, theirs)


def test_multi_label_joints():
    labels, pred_probs = make_multilabel(9, 200, 4)
    plain = ours.find_label_issues(labels, pred_probs, multi_label=True)
    with pytest.warns(UserWarning, match="ignored"):
        ignored = ours.find_label_issues(
            labels, pred_probs, multi_label=True, confident_joint=np.ones((4, 4))
        )
    np.testing.assert_array_equal(plain, ignored)
    joint = cleanlab.count.compute_confident_joint(labels, pred_probs, multi_label=True)
    joint[:, 0, 1] += 5
    mine, theirs = both(labels, pred_probs, multi_label=True, confident_joint=joint)
    assert (mine != plain).any()
    np.testing.assert_array_equal(mine, theirs)
    with pytest.raises(ValueError, match="shape"):
        ours.find_label_issues(
            labels, pred_probs, multi_label=True, confident_joint=np.ones((3, 2, 2))
        )


def test_multi_label_predicted_neq_given():
    labels, pred_probs = make_multilabel(10, 300, 5)
    np.testing.assert_array_equal(
        ours.find_predicted_neq_given(labels, pred_probs, multi_label=True),
        reference.find_predicted_neq_given(labels, pred_probs, multi_label=True),
    )


def test_printed_and_warned(capsys):
    labels, pred_probs = make(12, 60, 3)
    mask = ours.find_label_issues(labels, pred_probs, verbose=True)
    assert f"Number of label issues found: {mask.sum()}" in capsys.readouterr().out
    with pytest.warns(UserWarning, match="May not flag all label issues in class: 1"):
        ours.find_label_issues(
            np.where(labels == 1, 0, labels), pred_probs, min_examples_per_class=1
        )
    with pytest.warns(UserWarning, match="only supported for filter_by"):
        ours.find_label_issues(labels, pred_probs, filter_by="confident_learning", frac_noise=0.5)
    with pytest.warns(UserWarning, match="`confident_joint` is ignored"):
        ours.find_label_issues(
            labels, pred_probs, filter_by="confident_learning", confident_joint=np.eye(3)
        )
    with pytest.warns(DeprecationWarning, match="multi_label"):
        ours.find_label_issues(*make_multilabel(1, 20, 3), multi_label=True)


def test_mistakes():
    labels, pred_probs = make(13, 60, 3)
    find = ours.find_label_issues
    with pytest.raises(AssertionError):
        find(labels, pred_probs, filter_by="magic")
    with pytest.raises(AssertionError):
        find(labels, pred_probs, n_jobs=0)
    for filter_by in FILTERS[3:]:
        with pytest.raises(ValueError, match="not supported"), pytest.warns(UserWarning):
            find(labels, pred_probs, filter_by=filter_by, num_to_remove_per_class=1)
    with pytest.raises(ValueError, match="at least 2 classes"):
        find(np.ones(60, dtype=int), pred_probs)
    with pytest.raises(TypeError, match="list"):
        find(labels, pred_probs, multi_label=True)
    with pytest.raises(ValueError, match="list"):
        find(labels.tolist(), pred_probs, multi_label=True)
    with pytest.raises(ValueError, match="scoring method"):
        find(labels, pred_probs, return_indices_ranked_by="magic")
    with pytest.raises(ValueError, match="classes"):
        find(labels, pred_probs, confident_joint=np.eye(4))


def test_only_class_zero_is_legal():
    _, pred_probs = make(14, 60, 3)
    assert ours.find_label_issues(np.zeros(60, dtype=int), pred_probs).dtype == np.bool_
