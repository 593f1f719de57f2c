"""Counting: thresholds, the confident joint, how many labels are wrong, and the noise behind them.

With ``multi_label=True`` the labels are a list of lists, and every class is a problem of its own
with two classes, absent and present: joints have the shape (K, 2, 2), thresholds (K, 2). With
``class_names``, the names of the columns, labels may be names.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_pred_probs
from labelsieve._checks import as_joint, check_label_list, check_labels, count_labels
from labelsieve._class_names import numbered_labels, numbered_sets
from labelsieve._cross_validation import (
    estimate_confident_joint_and_cv_pred_proba,
    estimate_cv_predicted_probabilities,
    estimate_noise_matrices,
    estimate_py_noise_matrices_and_cv_pred_proba,
)
from labelsieve._latent import (
    compute_inv_noise_matrix,
    compute_noise_matrix_from_inverse,
    compute_py,
    estimate_latent,
)

__all__ = [
    "calibrate_confident_joint",
    "compute_confident_joint",
    "compute_inv_noise_matrix",
    "compute_noise_matrix_from_inverse",
    "compute_py",
    "estimate_confident_joint_and_cv_pred_proba",
    "estimate_cv_predicted_probabilities",
    "estimate_joint",
    "estimate_latent",
    "estimate_noise_matrices",
    "estimate_py_and_noise_matrices_from_probabilities",
    "estimate_py_noise_matrices_and_cv_pred_proba",
    "get_confident_thresholds",
    "num_label_issues",
]

_ESTIMATION_METHODS = ("off_diagonal", "off_diagonal_calibrated", "off_diagonal_custom")


def num_label_issues(
    labels: Any,
    pred_probs: Any,
    *,
    confident_joint: Any = None,
    estimation_method: str = "off_diagonal",
    multi_label: bool = False,
    class_names: Any = None,
) -> int:
    """How many labels are wrong.

    ``estimation_method`` is off_diagonal (counts the examples), off_diagonal_calibrated (the mass
    off the diagonal of the estimated joint) or off_diagonal_custom (that of ``confident_joint``).
    """
    if confident_joint is not None and estimation_method != "off_diagonal_custom":
        warnings.warn(
            "The supplied `confident_joint` is ignored: it is counted from the labels and "
            "pred_probs. estimation_method='off_diagonal_custom' uses a supplied one.",
            stacklevel=2,
        )
    if multi_label:
        check_label_list(labels)
        labels = numbered_sets(labels, class_names)
        mask, _ = _core.find_multilabel_issues(
            labels, as_pred_probs(pred_probs), "confident_learning"
        )
        return int(np.count_nonzero(mask))
    labels = numbered_labels(labels, class_names)
    if estimation_method not in _ESTIMATION_METHODS:
        raise ValueError(
            f"{estimation_method} is not a valid estimation method! Choose one of: "
            + ", ".join(_ESTIMATION_METHODS)
        )
    if estimation_method == "off_diagonal_custom":
        if confident_joint is None:
            raise ValueError(
                "With estimation_method 'off_diagonal_custom' you need to provide pre-calculated "
                "`confident_joint`; the other methods count it"
            )
        calibrated = calibrate_confident_joint(confident_joint, labels)
        return int(_core.num_label_issues(calibrated.astype(np.float64), len(labels)))
    pred_probs = as_pred_probs(pred_probs)
    check_labels(labels)
    _, calibrated, num_off_diagonal = _core.confident_joint(labels, pred_probs)
    if estimation_method == "off_diagonal":
        return int(num_off_diagonal)
    return int(_core.num_label_issues(calibrated.astype(np.float64), len(labels)))


def calibrate_confident_joint(
    confident_joint: Any,
    labels: Any,
    *,
    multi_label: bool = False,
    class_names: Any = None,
) -> np.ndarray:
    """The joint scaled so that its rows add up to the numbers of given labels, in integers."""
    joint = as_joint(confident_joint)
    if multi_label:
        check_label_list(labels)
        labels = numbered_sets(labels, class_names)
        return _core.calibrate_multilabel_joint(joint, _count_label_sets(labels, len(joint)))
    counts = count_labels(numbered_labels(labels, class_names), len(joint))
    return _core.calibrate_confident_joint(joint, counts)


def estimate_joint(
    labels: Any,
    pred_probs: Any,
    *,
    confident_joint: Any = None,
    multi_label: bool = False,
    class_names: Any = None,
) -> np.ndarray:
    """P(given label, true label): rows given, columns true, the sum 1.

    A ``confident_joint`` is calibrated first, unless there are no labels.
    """
    if multi_label:
        check_label_list(labels)
        labels = numbered_sets(labels, class_names)
    elif labels is not None:
        labels = numbered_labels(labels, class_names)
    if confident_joint is None:
        calibrated = compute_confident_joint(labels, pred_probs, multi_label=multi_label)
    elif labels is not None:
        calibrated = calibrate_confident_joint(confident_joint, labels, multi_label=multi_label)
    else:
        calibrated = as_joint(confident_joint)
    if multi_label:
        return _core.estimate_multilabel_joint(calibrated)
    return np.asarray(calibrated / np.clip(float(np.sum(calibrated)), 1e-100, None))


def compute_confident_joint(
    labels: Any,
    pred_probs: Any,
    *,
    thresholds: Any = None,
    calibrate: bool = True,
    multi_label: bool = False,
    return_indices_of_off_diagonals: bool = False,
    class_names: Any = None,
) -> Any:
    """How many examples were given one label and are confidently of another: rows given.

    With ``return_indices_of_off_diagonals`` a tuple of that and the indices of the examples that
    are counted off the diagonal (for multi-label data a list of them for each class). ``thresholds``
    are estimated from the data unless given, one a class.
    """
    pred_probs = as_pred_probs(pred_probs)
    if multi_label:
        check_label_list(labels)
        labels = numbered_sets(labels, class_names)
        return _multilabel_joint(
            labels, pred_probs, thresholds, calibrate, return_indices_of_off_diagonals
        )
    labels = numbered_labels(labels, class_names)
    limits = _as_thresholds(thresholds, (pred_probs.shape[1],))
    counts, calibrated, _ = _core.confident_joint(labels, pred_probs, limits)
    joint = calibrated if calibrate else counts
    if not return_indices_of_off_diagonals:
        return joint
    return joint, _off_diagonal(labels, pred_probs, limits)


def estimate_py_and_noise_matrices_from_probabilities(
    labels: Any,
    pred_probs: Any,
    *,
    thresholds: Any = None,
    converge_latent_estimates: bool = True,
    py_method: str = "cnt",
    calibrate: bool = True,
    class_names: Any = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(prior of true labels, noise matrix, inverse noise matrix, confident joint)."""
    labels = numbered_labels(labels, class_names)
    joint = compute_confident_joint(labels, pred_probs, thresholds=thresholds, calibrate=calibrate)
    prior, noise_matrix, inverse_noise_matrix = estimate_latent(
        joint,
        labels,
        py_method=py_method,
        converge_latent_estimates=converge_latent_estimates,
    )
    return prior, noise_matrix, inverse_noise_matrix, joint


def get_confident_thresholds(
    labels: Any,
    pred_probs: Any,
    multi_label: bool = False,
    *,
    class_names: Any = None,
) -> np.ndarray:
    """The mean probability of each class over the examples that were given it; 2 for a class that
    no example was given. Always float64."""
    pred_probs = as_pred_probs(pred_probs)
    if multi_label:
        assert isinstance(labels, list), "`labels` must be list when `multi_label=True`."
        labels = numbered_sets(labels, class_names)
        thresholds, _, _, _ = _core.multilabel_confident_joint(labels, pred_probs)
        return thresholds
    thresholds, _ = _core.confident_thresholds(numbered_labels(labels, class_names), pred_probs)
    return thresholds


def _as_thresholds(thresholds: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    if thresholds is None:
        return None
    given = np.asarray(thresholds, dtype=np.float64)
    try:
        return np.ascontiguousarray(np.broadcast_to(given, shape))
    except ValueError as error:
        raise ValueError(
            f"thresholds have the shape {given.shape}, but there are {shape[0]} classes"
        ) from error


def _off_diagonal(
    labels: np.ndarray, pred_probs: np.ndarray, thresholds: np.ndarray | None
) -> np.ndarray:
    guesses = _core.confident_guesses(labels, pred_probs, thresholds)
    return np.flatnonzero((guesses >= 0) & (guesses != labels))


def _count_label_sets(labels: list[Any], num_classes: int) -> np.ndarray:
    """(K, 2): the numbers of examples without and with each class."""
    present = np.zeros(num_classes, dtype=np.int64)
    for row, label_set in enumerate(labels):
        for label in set(label_set):
            if not 0 <= label < num_classes:
                raise ValueError(f"row {row}: label {label} is none of the {num_classes} classes")
            present[label] += 1
    return np.stack([len(labels) - present, present], axis=1)


def _multilabel_joint(
    labels: list[Any],
    pred_probs: np.ndarray,
    thresholds: Any,
    calibrate: bool,
    return_indices_of_off_diagonals: bool,
) -> Any:
    num_classes = pred_probs.shape[1]
    limits = _as_thresholds(thresholds, (num_classes, 2))
    _, _, counts, calibrated = _core.multilabel_confident_joint(labels, pred_probs, limits)
    joint = calibrated if calibrate else counts
    if not return_indices_of_off_diagonals:
        return joint
    from labelsieve.filter import label_matrix

    given = label_matrix(labels, num_classes)
    indices = []
    for label in range(num_classes):
        present = pred_probs[:, label]
        binary = np.stack([1 - present, present], axis=1)
        of_class = None if limits is None else limits[label]
        indices.append(_off_diagonal(given[:, label].view(np.uint8), binary, of_class))
    return joint, indices
