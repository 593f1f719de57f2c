"""find: every filter and option, flag by flag."""

import numpy as np
import pytest
from cleanlab.count import calibrate_confident_joint, compute_confident_joint
from cleanlab.filter import find_label_issues, find_predicted_neq_given

PRUNE = ["prune_by_noise_rate", "prune_by_class", "both"]
FILTERS = PRUNE + ["confident_learning", "predicted_neq_given", "low_self_confidence",
                   "low_normalized_margin"]


def oracle(case, **options):
    """cleanlab's mask. §2: flags are compared given the same joint, because the rounding of
    cleanlab's own joints depends on the processor."""
    return find_label_issues(case.labels, case.wide, n_jobs=1, **options)


def calibrated(case):
    """Our calibrated joint, which test_joint.py compares with cleanlab's."""
    n = case.num_classes
    found = case.run("joint")["calibrated_confident_joint"]
    assert len(found) == n
    return np.array(found)


def same(ours, theirs):
    assert ours.dtype == bool
    differ = np.flatnonzero(ours != theirs)
    assert len(differ) == 0, f"rows {differ[:20]}: ours {ours[differ[:20]]}"


@pytest.mark.parametrize("filter_by", FILTERS)
def test_filters(case, filter_by):
    options = {"confident_joint": calibrated(case)} if filter_by in PRUNE else {}
    same(case.mask("--filter-by", filter_by), oracle(case, filter_by=filter_by, **options))


@pytest.mark.parametrize("filter_by", FILTERS)
def test_filters_with_the_oracles_own_joint(small_case, filter_by):
    """K <= 16: cleanlab's sorts are stable, so that everything is equal."""
    same(small_case.mask("--filter-by", filter_by), oracle(small_case, filter_by=filter_by))


@pytest.mark.parametrize("filter_by", PRUNE)
@pytest.mark.parametrize("frac_noise", [0, 0.3, 0.5, 0.9])
def test_frac_noise(case, filter_by, frac_noise):
    same(case.mask("--filter-by", filter_by, "--frac-noise", frac_noise),
         oracle(case, filter_by=filter_by, frac_noise=frac_noise, confident_joint=calibrated(case)))


@pytest.mark.parametrize("filter_by", PRUNE)
@pytest.mark.parametrize("keep", [0, 5, 90])
def test_min_examples_per_class(small_case, filter_by, keep):
    same(small_case.mask("--filter-by", filter_by, "--min-examples-per-class", keep),
         oracle(small_case, filter_by=filter_by, min_examples_per_class=keep,
                confident_joint=calibrated(small_case)))


@pytest.mark.parametrize("filter_by", PRUNE)
def test_num_to_remove_per_class(small_case, filter_by):
    """§3: a class without noise removes nothing; cleanlab divides 0 by 0 there, so that the joint
    they share has some noise everywhere."""
    k = small_case.num_classes
    joint = calibrated(small_case) + 1
    path = small_case.save("joint.npy", joint)
    for remove in ([2] * k, [i % 4 for i in range(k)]):
        same(small_case.mask("--filter-by", filter_by, "--joint", path,
                             "--num-to-remove-per-class", ",".join(map(str, remove))),
             oracle(small_case, filter_by=filter_by, confident_joint=joint,
                    num_to_remove_per_class=remove))
    same(small_case.mask("--filter-by", filter_by, "--num-to-remove-per-class", 2),
         small_case.mask("--filter-by", filter_by, "--num-to-remove-per-class",
                         ",".join(["2"] * k)))


@pytest.mark.parametrize("filter_by", PRUNE)
def test_given_joint(case, filter_by):
    """Used as it is, not calibrated: counts and weights alike."""
    raw = compute_confident_joint(case.labels, case.wide, calibrate=False)
    for name, joint in {"raw": raw, "weights": raw * 0.73}.items():
        path = case.save(f"{name}.npy", joint)
        same(case.mask("--filter-by", filter_by, "--joint", path),
             oracle(case, filter_by=filter_by, confident_joint=joint))


@pytest.mark.parametrize("score", ["self_confidence", "normalized_margin",
                                   "confidence_weighted_entropy"])
@pytest.mark.parametrize("filter_by", ["prune_by_noise_rate", "low_self_confidence"])
def test_ranking(small_case, filter_by, score):
    theirs = oracle(small_case, filter_by=filter_by, return_indices_ranked_by=score)
    rows = small_case.run("find", "--filter-by", filter_by, "--method", score)["issues"]
    ours = np.array([row["index"] for row in rows], dtype=int)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert sorted(ours) == sorted(theirs)
    if score != "confidence_weighted_entropy":
        assert ours.tolist() == theirs.tolist()
    # The logarithms' last digits may swap neighbours; §1 differs at P = 0 (test_score.py).
    quality = np.array([row["label_quality"] for row in rows])
    assert (np.diff(quality) >= 0).all()


def test_suggested_labels_are_the_argmax(case):
    rows = case.run("find", "--filter-by", "prune_by_noise_rate", "--method",
                    "self_confidence")["issues"]
    index = np.array([row["index"] for row in rows], dtype=int)
    assert [row["suggested_label"] for row in rows] == case.pred_probs[index].argmax(1).tolist()
    assert [row["given_label"] for row in rows] == case.labels[index].tolist()


def test_predicted_neq_given_keeps_the_last_rule(small_case):
    """§3: within 1e-6 of the row's maximum nothing is flagged; cleanlab's function on its own has
    no such rule, and its find_label_issues has it."""
    ours = small_case.mask("--filter-by", "predicted_neq_given")
    alone = find_predicted_neq_given(small_case.labels, small_case.wide)
    assert not (ours & ~alone).any()
    close = small_case.wide.max(axis=1) - small_case.wide[np.arange(len(ours)), small_case.labels]
    assert (close[alone & ~ours] <= 1.1e-6).all()


def test_calibrating_first_equals_the_default(small_case):
    """The default joint is the calibrated one."""
    raw = compute_confident_joint(small_case.labels, small_case.wide, calibrate=False)
    joint = calibrate_confident_joint(raw, small_case.labels)
    path = small_case.save("joint.npy", joint)
    same(small_case.mask("--joint", path),
         small_case.mask("--filter-by", "prune_by_noise_rate"))
