"""Multi-label data: every filter, score and aggregator, option by option."""

import numpy as np
import pytest
from cleanlab.count import compute_confident_joint
from cleanlab.filter import find_label_issues as find_binary_issues
from cleanlab.multilabel_classification.dataset import (common_multilabel_issues,
                                                        overall_multilabel_health_score,
                                                        rank_classes_by_multilabel_quality)
from cleanlab.multilabel_classification.filter import (find_label_issues,
                                                       find_multilabel_issues_per_class)
from cleanlab.multilabel_classification.rank import (get_label_quality_scores,
                                                     get_label_quality_scores_per_class)

from conftest import Case
from multilabel import KINDS, SetCase, make_sets

PRUNE = ["prune_by_noise_rate", "prune_by_class", "both"]
PER_CLASS = PRUNE + ["confident_learning", "predicted_neq_given", "low_self_confidence",
                     "low_normalized_margin"]
METHODS = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]


@pytest.fixture(params=KINDS)
def case(request, tmp_path):
    return SetCase(tmp_path, *make_sets(request.param))


def clipped(case):
    """§1: cleanlab clips at 1e-6 where entropy has limits; compared away from there."""
    return np.clip(case.pred_probs, 1e-4, 1 - 1e-4).astype(case.pred_probs.dtype)


@pytest.mark.parametrize("filter_by", PER_CLASS)
def test_filters_per_class(case, filter_by):
    theirs = find_multilabel_issues_per_class(case.lists, case.pred_probs, filter_by=filter_by,
                                              n_jobs=1)
    ours = case.array("find", "--per-class", "--filter-by", filter_by)
    assert ours.dtype == bool and ours.shape == case.labels.shape
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("filter_by", PER_CLASS)
def test_filters(case, filter_by):
    theirs = find_label_issues(case.lists, case.pred_probs, filter_by=filter_by, n_jobs=1)
    ours = case.array("find", "--filter-by", filter_by)
    assert ours.dtype == bool and ours.shape == (len(case.labels),)
    if filter_by.startswith("low_"):
        # Pooled scores differ in their last digits: only examples that tie at the end may differ.
        scores = get_label_quality_scores(case.lists, case.pred_probs)
        assert ours.sum() == theirs.sum()
        last = scores[theirs].max() if theirs.any() else 0
        differing = scores[ours != theirs]
        np.testing.assert_allclose(differing, last, atol=1e-12)
    else:
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("filter_by", PRUNE)
@pytest.mark.parametrize("frac_noise", [0, 0.4])
def test_frac_noise(case, filter_by, frac_noise):
    theirs = find_multilabel_issues_per_class(case.lists, case.pred_probs, filter_by=filter_by,
                                              frac_noise=frac_noise, n_jobs=1)
    ours = case.array("find", "--per-class", "--filter-by", filter_by, "--frac-noise", frac_noise)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("filter_by", PRUNE)
@pytest.mark.parametrize("keep", [5, 120])
def test_min_examples_per_class(case, filter_by, keep):
    theirs = find_multilabel_issues_per_class(case.lists, case.pred_probs, filter_by=filter_by,
                                              min_examples_per_class=keep, n_jobs=1)
    ours = case.array("find", "--per-class", "--filter-by", filter_by, "--min-examples-per-class",
                      keep)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("filter_by", PRUNE)
def test_num_to_remove_per_class_with_a_joint(case, filter_by):
    """§3: a class without noise removes nothing; cleanlab divides 0 by 0 there, so that the joint
    they share has some noise everywhere."""
    joint = np.array(case.run("joint")["calibrated_confident_joint"]) + 1
    path = case.save("joint.npy", joint)
    remove = [k % 4 for k in range(case.labels.shape[1])]
    theirs = find_multilabel_issues_per_class(
        case.lists, case.pred_probs, filter_by=filter_by, confident_joint=joint, n_jobs=1,
        num_to_remove_per_class=remove)
    ours = case.array("find", "--per-class", "--filter-by", filter_by, "--joint", path,
                      "--num-to-remove-per-class", ",".join(map(str, remove)))
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("dtype", [np.int64, np.float32])
def test_given_joint(case, dtype):
    joint = compute_confident_joint(case.lists, case.pred_probs, multi_label=True,
                                    calibrate=False).astype(dtype)
    for array in (joint, np.asfortranarray(joint)):
        theirs = find_multilabel_issues_per_class(case.lists, case.pred_probs,
                                                  confident_joint=joint, n_jobs=1)
        ours = case.array("find", "--per-class", "--joint", case.save("joint.npy", array))
        np.testing.assert_array_equal(ours, theirs)


def test_joint(case):
    ours = case.run("joint")
    for calibrate, name in ((True, "calibrated_confident_joint"), (False, "confident_joint")):
        theirs = compute_confident_joint(case.lists, case.pred_probs, multi_label=True,
                                         calibrate=calibrate)
        np.testing.assert_array_equal(ours[name], theirs)
    np.testing.assert_array_equal(ours["label_counts"],
                                  np.stack([(case.labels == 0).sum(0), case.labels.sum(0)], 1))


@pytest.mark.parametrize("adjust", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_scores_per_class(case, method, adjust):
    if adjust and method == "confidence_weighted_entropy":
        pytest.skip("not defined")
    case = SetCase(case.folder, case.labels, clipped(case))
    theirs = get_label_quality_scores_per_class(case.lists, case.pred_probs, method=method,
                                                adjust_pred_probs=adjust)
    options = ["--method", method, "--per-class"] + (["--adjust-pred-probs"] if adjust else [])
    ours = case.array("score", *options)
    assert ours.shape == case.labels.shape and ours.dtype == np.float64
    single = case.pred_probs.dtype == np.float32  # the oracle computes in the input's type
    np.testing.assert_allclose(ours, theirs, atol=2e-6 if single else 1e-12)


AGGREGATORS = {
    (): {},
    ("--alpha", "0.3"): {"method": "exponential_moving_average", "alpha": 0.3},
    ("--alpha", "0"): {"method": "exponential_moving_average", "alpha": 0},
    ("--alpha", "1"): {"method": "exponential_moving_average", "alpha": 1},
    ("--alpha", "auto"): {"method": "exponential_moving_average"},
    ("--aggregator", "softmin"): {"method": "softmin"},
    ("--aggregator", "softmin", "--softmin-temperature", "0.02"): {"method": "softmin",
                                                                   "temperature": 0.02},
    ("--aggregator", "softmin", "--softmin-temperature", "5"): {"method": "softmin",
                                                                "temperature": 5},
    ("--aggregator", "min"): {"method": lambda s, axis: s.min(axis=axis)},
    ("--aggregator", "mean"): {"method": lambda s, axis: s.mean(axis=axis)},
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("options", AGGREGATORS)
def test_scores(case, method, options):
    case = SetCase(case.folder, case.labels, clipped(case))
    kwargs = {"aggregator_kwargs": AGGREGATORS[options]} if options else {}
    theirs = get_label_quality_scores(case.lists, case.pred_probs, method=method, **kwargs)
    ours = case.array("score", "--method", method, *options)
    single = case.pred_probs.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=5e-6 if single else 1e-11)


def test_softmin_without_a_temperature_is_the_mean_or_the_minimum(case):
    per_class = case.array("score", "--per-class")
    softmin = ["score", "--aggregator", "softmin", "--softmin-temperature"]
    np.testing.assert_allclose(case.array(*softmin, "inf"), per_class.mean(1), atol=1e-12)
    np.testing.assert_array_equal(case.array(*softmin, "0"), per_class.min(1))


@pytest.mark.parametrize("method", METHODS)
def test_ranking(case, method):
    """cleanlab ranks by the pooled scores too; ours are in order, and the same examples."""
    case = SetCase(case.folder, case.labels, clipped(case))
    theirs = find_label_issues(case.lists, case.pred_probs, return_indices_ranked_by=method,
                               n_jobs=1)
    found = case.run("find", "--method", method)["issues"]
    assert sorted(theirs) == sorted(row["index"] for row in found)
    order = [(row["label_quality"], row["index"]) for row in found]
    assert order == sorted(order)
    assert [row["rank"] for row in found] == list(range(1, len(found) + 1))


def test_suggestions(case):
    wrong = find_multilabel_issues_per_class(case.lists, case.pred_probs, n_jobs=1)
    for row in case.run("find")["issues"]:
        given = set(np.flatnonzero(case.labels[row["index"]]))
        flagged = set(np.flatnonzero(wrong[row["index"]]))
        assert set(row["given_labels"]) == given
        assert set(row["add"]) == flagged - given
        assert set(row["remove"]) == flagged & given
        assert set(row["suggested_labels"]) == given ^ flagged


def test_health(case):
    ours = case.run("health")
    lists, probs = case.lists, case.pred_probs
    assert ours["overall_label_health_score"] == pytest.approx(
        overall_multilabel_health_score(lists, probs), abs=1e-12)
    theirs = rank_classes_by_multilabel_quality(lists, probs)
    by_class = {row["Class Index"]: row for _, row in theirs.iterrows()}
    for row in ours["classes"]:
        other = by_class[row["class"]]
        assert row["label_noise"] == pytest.approx(other["Label Noise"], abs=1e-12)
        assert row["inverse_label_noise"] == pytest.approx(other["Inverse Label Noise"], abs=1e-12)
        assert row["label_quality_score"] == pytest.approx(other["Label Quality Score"], abs=1e-12)
        # cleanlab truncates a share of N times N, which loses one now and then.
        assert row["num_to_remove"] - other["Label Issues"] in (0, 1)
        assert row["num_to_add"] - other["Inverse Label Issues"] in (0, 1)
    qualities = [row["label_quality_score"] for row in ours["classes"]]
    assert qualities == sorted(qualities)
    common = common_multilabel_issues(lists, probs)
    expected = {(row["Class Index"], bool(row["In Given Label"])): row["Num Examples"]
                for _, row in common.iterrows() if row["Num Examples"] > 0}
    found = {(row["class"], row["action"] == "remove"): row["num_examples"]
             for row in ours["common_issues"]}
    assert found == expected


@pytest.mark.parametrize("filter_by", PER_CLASS)
@pytest.mark.parametrize("kind", ["fair", "tied", "one", "two", "lopsided", "half"])
def test_each_class_is_the_binary_problem(tmp_path, kind, filter_by):
    """§6, also where cleanlab has no answer: K = 1, classes that all or none have, empty sets."""
    labels, probs = make_sets(kind)
    case = SetCase(tmp_path, labels, probs)
    ours = case.array("find", "--per-class", "--filter-by", filter_by)
    scores = case.array("score", "--per-class")
    for k in range(labels.shape[1]):
        p = probs[:, k].astype(np.float32 if probs.dtype == np.float16 else probs.dtype)
        binary = Case(tmp_path, labels[:, k], np.stack([1 - p, p], 1))
        np.testing.assert_array_equal(ours[:, k], binary.mask("--filter-by", filter_by))
        np.testing.assert_array_equal(scores[:, k], binary.scores("--method", "self_confidence"))


def test_one_class(tmp_path):
    """K = 1 is one binary problem; cleanlab refuses the shape."""
    labels, probs = make_sets("one")
    case = SetCase(tmp_path, labels, probs)
    binary = find_binary_issues(labels[:, 0], np.hstack([1 - probs, probs]), n_jobs=1)
    np.testing.assert_array_equal(case.array("find"), binary)
    for options in AGGREGATORS:
        if options != ("--alpha", "0"):
            np.testing.assert_allclose(case.array("score", *options),
                                       np.where(labels == 1, probs, 1 - probs)[:, 0], atol=1e-12)


@pytest.mark.parametrize("kind", ["fair", "lopsided", "wide"])
def test_threads_never_change_a_bit(tmp_path, kind):
    case = SetCase(tmp_path, *make_sets(kind))
    for subcommand in ("find", "score"):
        for extra in ([], ["--per-class"]):
            results = {case.array(subcommand, "--threads", t, *extra).tobytes() for t in (1, 2, 3)}
            assert len(results) == 1
