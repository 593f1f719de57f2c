"""joint and health: thresholds, joints, latent estimates, classes and pairs."""

import numpy as np
import pytest
from cleanlab.count import (compute_confident_joint, estimate_joint, estimate_latent,
                            get_confident_thresholds, num_label_issues)
from cleanlab.dataset import find_overlapping_classes, rank_classes_by_label_quality

ATOL = 1e-12


def test_thresholds(case):
    ours = case.run("joint")["thresholds"]
    theirs = get_confident_thresholds(case.labels, case.wide)
    counts = np.bincount(case.labels, minlength=case.num_classes)
    # §2: ours are sums in double, cleanlab's in the input's type; 2 stands for "none" there.
    atol = 1e-12 if case.pred_probs.dtype == np.float64 else 2e-7
    for k, (our, their) in enumerate(zip(ours, theirs)):
        if counts[k] == 0:
            assert our is None and their == 2
        else:
            assert our == pytest.approx(their, abs=atol)


def test_confident_joint(case):
    theirs = compute_confident_joint(case.labels, case.wide, calibrate=False)
    np.testing.assert_array_equal(case.run("joint")["confident_joint"], theirs)


def test_calibrated_joint(case):
    """K <= 16: equal. Above, cleanlab's order of equal remainders depends on the processor: the
    row totals are equal and no entry differs by more than 1 (§2)."""
    ours = np.array(case.run("joint")["calibrated_confident_joint"])
    theirs = compute_confident_joint(case.labels, case.wide, calibrate=True)
    if case.num_classes <= 16:
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(ours.sum(axis=1), theirs.sum(axis=1))
    assert np.abs(ours - theirs).max() <= 1


def test_estimated_joint(small_case):
    np.testing.assert_allclose(small_case.run("joint")["estimated_joint"],
                               estimate_joint(small_case.labels, small_case.wide), atol=ATOL)


def test_num_label_issues(small_case):
    ours = small_case.run("joint")
    args = (small_case.labels, small_case.wide)
    assert ours["off_diagonal"] == num_label_issues(*args)
    calibrated = num_label_issues(*args, estimation_method="off_diagonal_calibrated")
    assert ours["num_label_issues"] == ours["off_diagonal_calibrated"] == calibrated


def test_latent_estimates(small_case):
    """The command reports cnt, no loop, from the calibrated joint (§2)."""
    ours = small_case.run("joint")
    joint = np.array(ours["calibrated_confident_joint"])
    prior, noise, inverse = estimate_latent(joint, small_case.labels)
    np.testing.assert_allclose(ours["prior"], prior, atol=ATOL)
    np.testing.assert_allclose(ours["noise_matrix"], noise, atol=ATOL)
    np.testing.assert_allclose(ours["inverse_noise_matrix"], inverse, atol=ATOL)


def test_classes(small_case):
    ours = small_case.run("health")["classes"]
    theirs = rank_classes_by_label_quality(small_case.labels, small_case.wide)
    theirs = {row["Class Index"]: row for _, row in theirs.iterrows()}
    counts = np.bincount(small_case.labels, minlength=small_case.num_classes)
    assert len(ours) == small_case.num_classes
    for row in ours:
        their = theirs[row["class"]]
        assert row["num_examples"] == counts[row["class"]]
        assert row["estimated_label_issues"] == their["Label Issues"]
        assert row["estimated_inverse_label_issues"] == their["Inverse Label Issues"]
        assert row["estimated_label_noise"] == pytest.approx(their["Label Noise"], abs=ATOL)
        assert row["estimated_inverse_label_noise"] == pytest.approx(
            their["Inverse Label Noise"], abs=ATOL)
        assert row["estimated_label_quality_score"] == pytest.approx(
            their["Label Quality Score"], abs=ATOL)
    order = [(row["estimated_label_quality_score"], row["class"]) for row in ours]
    assert order == sorted(order)  # §7: ties to the lower class; cleanlab's sort is unstable


def test_pairs(small_case):
    ours = small_case.run("health")["overlapping_classes"]
    theirs = find_overlapping_classes(small_case.labels, small_case.wide)
    theirs = {(row["Class Index A"], row["Class Index B"]): row for _, row in theirs.iterrows()}
    seen = 0
    for row in ours:
        pair = tuple(sorted((row["class_a"], row["class_b"])))
        their = theirs[pair]
        assert row["estimated_num_overlapping"] == their["Num Overlapping Examples"]
        assert row["estimated_joint_probability"] == pytest.approx(
            their["Joint Probability"], abs=ATOL)
        seen += 1
    assert seen == sum(row["Joint Probability"] > 0 for row in theirs.values())


def test_health_counts_what_find_flags(small_case):
    """§7: in the command, health and find never disagree (cleanlab's score is 1 - off_diagonal/N)."""
    ours = small_case.run("health")
    flagged = int(small_case.mask().sum())
    assert ours["summary"]["num_issues"] == flagged
    assert ours["overall_label_health_score"] == 1 - flagged / len(small_case.labels)
    assert sum(row["num_issues"] for row in ours["classes"]) == flagged


def test_confident_argmax_is_the_papers_rule(small_case):
    """§2: `collision` is ours; cleanlab knows row_argmax only. Checked against the paper's words."""
    ours = np.array(small_case.run("joint", "--collision", "confident_argmax")["confident_joint"])
    thresholds = get_confident_thresholds(small_case.labels, small_case.wide)
    expected = np.zeros_like(ours)
    for label, row in zip(small_case.labels, small_case.wide):
        confident = np.flatnonzero(row >= thresholds - 1e-6)
        if len(confident):
            expected[label, confident[row[confident].argmax()]] += 1
    np.fill_diagonal(expected, expected.diagonal().clip(min=1))
    np.testing.assert_array_equal(ours, expected)
