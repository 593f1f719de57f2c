"""labelsieve.count against cleanlab.count."""

import cleanlab.count as reference
import numpy as np
import pytest
from cases import datasets, make, make_multilabel, multilabel_datasets
from hypothesis import given
from hypothesis import strategies as st
from labelsieve import count
from scipy import sparse
from sklearn.linear_model import LogisticRegression

METHODS = ["cnt", "eqn", "marginal", "marginal_ps"]


def close(ours, theirs, tolerance=1e-12):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance)


def same_joint(ours, theirs):
    """Row totals are equal, entries within 1: the oracle rounds ties as its processor sorts."""
    assert ours.dtype == theirs.dtype
    assert np.abs(ours - theirs).max() <= 1
    np.testing.assert_array_equal(ours.sum(axis=-1), theirs.sum(axis=-1))


@given(data=datasets([np.float64]))
def test_thresholds(data):
    close(count.get_confident_thresholds(*data), reference.get_confident_thresholds(*data))


@given(data=datasets([np.float64]))
def test_joint(data):
    ours, off = count.compute_confident_joint(
        *data, calibrate=False, return_indices_of_off_diagonals=True
    )
    theirs, their_off = reference.compute_confident_joint(
        *data, calibrate=False, return_indices_of_off_diagonals=True
    )
    assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(off, their_off)
    same_joint(count.compute_confident_joint(*data), reference.compute_confident_joint(*data))
    np.testing.assert_array_equal(
        count.compute_confident_joint(*data), count.calibrate_confident_joint(ours, data[0])
    )


@given(data=datasets([np.float64], max_classes=5), level=st.sampled_from([0.0, 0.3, 0.9, 2.0]))
def test_joint_with_thresholds(data, level):
    thresholds = np.full(data[1].shape[1], level)
    for given_thresholds in (thresholds, thresholds.tolist()):
        options = dict(
            thresholds=given_thresholds, calibrate=False, return_indices_of_off_diagonals=True
        )
        for ours, theirs in zip(
            count.compute_confident_joint(*data, **options),
            reference.compute_confident_joint(*data, **options),
        ):
            np.testing.assert_array_equal(ours, theirs)


def test_nothing_confident():
    labels, pred_probs = make(1, 40, 4, missing=True)
    ours = count.compute_confident_joint(labels, pred_probs, thresholds=[2] * 4, calibrate=False)
    np.testing.assert_array_equal(ours, np.eye(4))
    assert count.compute_confident_joint(labels, pred_probs)[2, 2] == 0


@given(data=datasets([np.float64]))
def test_num_label_issues(data):
    assert count.num_label_issues(*data) == reference.num_label_issues(*data)
    calibrated = dict(estimation_method="off_diagonal_calibrated")
    assert abs(
        count.num_label_issues(*data, **calibrated)
        - reference.num_label_issues(*data, **calibrated)
    ) <= data[1].shape[1]
    joint = reference.compute_confident_joint(*data)
    custom = dict(estimation_method="off_diagonal_custom", confident_joint=joint)
    assert count.num_label_issues(*data, **custom) == reference.num_label_issues(*data, **custom)


@given(data=datasets([np.float64]))
def test_estimate_joint(data):
    joint = reference.compute_confident_joint(*data)
    close(
        count.estimate_joint(*data, confident_joint=joint),
        reference.estimate_joint(*data, confident_joint=joint),
    )
    close(
        count.estimate_joint(None, None, confident_joint=joint),
        reference.estimate_joint(None, None, confident_joint=joint),
    )
    assert abs(count.estimate_joint(*data).sum() - 1) < 1e-12


@pytest.mark.parametrize("py_method", METHODS)
@pytest.mark.parametrize("converge", [False, True])
@given(data=datasets([np.float64], max_classes=8))
def test_latent(py_method, converge, data):
    labels, pred_probs = data
    joint = reference.compute_confident_joint(labels, pred_probs)
    if (np.diagonal(joint) == 0).any():
        return  # the noise matrix is singular
    options = dict(py_method=py_method, converge_latent_estimates=converge)
    for ours, theirs in zip(
        count.estimate_latent(joint, labels, **options),
        reference.estimate_latent(joint, labels, **options),
    ):
        close(ours, theirs, 1e-9 if py_method == "eqn" else 1e-12)


def test_latent_steps():
    labels, pred_probs = make(2, 500, 5)
    joint = reference.compute_confident_joint(labels, pred_probs)
    py, noise, inverse = reference.estimate_latent(joint, labels)
    ps = np.bincount(labels) / len(labels)
    counts = joint.sum(axis=0)
    for method in METHODS:
        options = dict(py_method=method, true_labels_class_counts=counts)
        close(
            count.compute_py(ps, noise, inverse, **options),
            reference.compute_py(ps, noise, inverse, **options),
        )
    for given_ps in (ps, None):
        close(
            count.compute_inv_noise_matrix(py, noise, ps=given_ps),
            reference.compute_inv_noise_matrix(py, noise, ps=given_ps),
        )
    for given_py in (py, None):
        close(
            count.compute_noise_matrix_from_inverse(ps, inverse, py=given_py),
            reference.compute_noise_matrix_from_inverse(ps, inverse, py=given_py),
        )
    for ours, theirs in zip(
        count.estimate_py_and_noise_matrices_from_probabilities(labels, pred_probs),
        reference.estimate_py_and_noise_matrices_from_probabilities(labels, pred_probs),
    ):
        close(ours, theirs)


@given(data=multilabel_datasets())
def test_multi_label(data):
    labels, pred_probs = data
    options = dict(multi_label=True)
    close(
        count.get_confident_thresholds(*data, **options),
        reference.get_confident_thresholds(*data, **options),
    )
    assert count.num_label_issues(*data, **options) == reference.num_label_issues(*data, **options)
    ours, off = count.compute_confident_joint(
        *data, **options, calibrate=False, return_indices_of_off_diagonals=True
    )
    theirs, their_off = reference.compute_confident_joint(
        *data, **options, calibrate=False, return_indices_of_off_diagonals=True
    )
    np.testing.assert_array_equal(ours, theirs)
    assert ours.shape == (pred_probs.shape[1], 2, 2) and isinstance(off, list)
    for mine, their in zip(off, their_off):
        np.testing.assert_array_equal(mine, their)
    same_joint(
        count.calibrate_confident_joint(ours, labels, **options),
        reference.calibrate_confident_joint(theirs, labels, **options),
    )
    joint = reference.compute_confident_joint(*data, **options)
    close(
        count.estimate_joint(*data, confident_joint=joint, **options),
        reference.estimate_joint(*data, confident_joint=joint, **options),
    )


@pytest.fixture(scope="module")
def features():
    rng = np.random.default_rng(3)
    labels, _ = make(3, 120, 3)
    return rng.normal(size=(120, 4)) + labels[:, None], labels


@pytest.mark.parametrize("kind", ["array", "frame", "sparse"])
def test_cross_validation(features, kind):
    import pandas as pd

    X, labels = features
    X = {"array": X, "frame": pd.DataFrame(X), "sparse": sparse.csr_matrix(X)}[kind]
    options = dict(seed=7, cv_n_folds=3)
    for ours, theirs in zip(
        count.estimate_py_noise_matrices_and_cv_pred_proba(X, labels, **options),
        reference.estimate_py_noise_matrices_and_cv_pred_proba(X, labels, **options),
    ):
        close(ours, theirs)


def test_given_classifier(features):
    X, labels = features
    options = dict(seed=7, cv_n_folds=3)
    close(
        count.estimate_cv_predicted_probabilities(X, labels, **options),
        reference.estimate_cv_predicted_probabilities(X, labels, **options),
    )
    ours = count.estimate_noise_matrices(X, labels, LogisticRegression(C=0.1), **options)
    theirs = reference.estimate_noise_matrices(X, labels, LogisticRegression(C=0.1), **options)
    assert len(ours) == 2
    close(ours, theirs)


def test_cross_validation_of_a_rare_class(features):
    X, labels = features
    labels = np.where(labels == 2, 1, labels)
    labels[5] = 2  # one fold has it, the others train without
    with pytest.warns(UserWarning):
        ours = count.estimate_confident_joint_and_cv_pred_proba(X, labels, seed=1)
    with pytest.warns(UserWarning):
        theirs = reference.estimate_confident_joint_and_cv_pred_proba(X, labels, seed=1)
    close(ours[1], theirs[1])
    np.testing.assert_array_equal(ours[0], theirs[0])


def test_validation_func(features):
    X, labels = features
    seen = []

    class Classifier(LogisticRegression):
        def fit(self, X, y, sample_weight=None, note=None):
            seen.append(note)
            return super().fit(X, y, sample_weight)

    count.estimate_cv_predicted_probabilities(
        X, labels, Classifier(), validation_func=lambda X_val, y_val: {"note": len(y_val)}
    )
    assert seen == [24] * 5


def test_mistakes(features):
    labels, pred_probs = make(4, 60, 3)
    joint = count.compute_confident_joint(labels, pred_probs)
    with pytest.raises(ValueError, match="you need to provide pre-calculated"):
        count.num_label_issues(labels, pred_probs, estimation_method="off_diagonal_custom")
    with pytest.raises(ValueError, match="not a valid estimation method"):
        count.num_label_issues(labels, pred_probs, estimation_method="magic")
    with pytest.warns(UserWarning, match="`confident_joint` is ignored"):
        count.num_label_issues(labels, pred_probs, confident_joint=joint)
    with pytest.raises(ValueError, match="should be"):
        count.estimate_latent(joint, labels, py_method="magic")
    with pytest.raises(ValueError, match="true_labels_class_counts"):
        count.compute_py(np.ones(3) / 3, np.eye(3), np.eye(3), py_method="marginal")
    with pytest.raises(np.linalg.LinAlgError):
        count.compute_py(np.ones(2) / 2, np.ones((2, 2)) / 2, np.eye(2), py_method="eqn")
    for function in (count.compute_confident_joint, count.estimate_joint):
        with pytest.raises(TypeError, match="must be list"):
            function(labels, pred_probs, multi_label=True)
    with pytest.raises(ValueError, match="classes"):
        count.calibrate_confident_joint(np.eye(2), labels)
    X, given_labels = features
    with pytest.raises(ValueError, match="None"):
        count.estimate_noise_matrices(None, given_labels)
    with pytest.raises(ValueError, match="same length"):
        count.estimate_noise_matrices(X[:-1], given_labels)
    with pytest.raises(ValueError, match="clonable"):
        count.estimate_noise_matrices(X, given_labels, object())
    with pytest.raises(TypeError, match="validation_func"):
        count.estimate_noise_matrices(X, given_labels, validation_func={})
    assert make_multilabel(1, 10, 2)
