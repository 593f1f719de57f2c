"""Checks of arguments that the reference makes and the engine does not need."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from labelsieve import _core

__all__ = [
    "OTHER_FILTERS",
    "PRUNE_FILTERS",
    "as_joint",
    "check_label_list",
    "check_labels",
    "check_prune_options",
    "class_joints",
    "count_labels",
    "warn_of_small_classes",
]

PRUNE_FILTERS = ("prune_by_noise_rate", "prune_by_class", "both")
OTHER_FILTERS = (
    "confident_learning",
    "predicted_neq_given",
    "low_normalized_margin",
    "low_self_confidence",
    "auto",  # not of the reference
)


def check_labels(labels: np.ndarray, *, allow_only_zeros: bool = False) -> None:
    """Raises ValueError when all labels are of one class; class 0 may be the only one where a
    class of multi-label data is looked at that no example has."""
    if not _core.has_two_labels(labels):
        if allow_only_zeros and len(labels) > 0 and labels[0] == 0:
            return
        raise ValueError("Labels must contain at least 2 classes.")


def check_label_list(labels: Any) -> None:
    """Raises TypeError unless the labels of multi-label data are a list."""
    if not isinstance(labels, list):
        raise TypeError("`labels` must be list when `multi_label=True`.")


def count_labels(labels: np.ndarray, num_classes: int) -> np.ndarray:
    """How many examples have each label."""
    if len(labels) > 0 and labels.min() < 0:
        raise ValueError(f"Labels must not be negative; row {int(labels.argmin())} is")
    counts = np.bincount(labels.astype(np.int64, copy=False), minlength=num_classes)
    if len(counts) > num_classes:
        raise ValueError(
            f"the labels go up to {len(counts) - 1}, but there are {num_classes} classes "
            f"(0 to {num_classes - 1})"
        )
    return counts


def as_joint(joint: Any, name: str = "confident_joint") -> np.ndarray:
    """A matrix of the engine's type, K×K or K×2×2; a copy unless it is one already."""
    array = np.ascontiguousarray(joint, dtype=np.float64)
    if array.ndim not in (2, 3) or (array.ndim == 2 and array.shape[0] != array.shape[1]):
        raise ValueError(f"{name} must be K x K, not {array.shape}")
    return array


def warn_of_small_classes(label_counts: np.ndarray, min_examples_per_class: int) -> None:
    """Says which classes stay whole because they have too few examples."""
    for label in np.flatnonzero(label_counts <= min_examples_per_class):
        warnings.warn(
            f"May not flag all label issues in class: {label}, it has too few examples "
            "(see `min_examples_per_class` argument)",
            stacklevel=3,
        )


def check_prune_options(filter_by: str, frac_noise: float, to_remove: Any) -> np.ndarray | None:
    """The numbers to remove as the engine takes them."""
    if filter_by in OTHER_FILTERS and (frac_noise != 1.0 or to_remove is not None):
        warnings.warn(
            "frac_noise and num_to_remove_per_class parameters are only supported for filter_by "
            "'prune_by_noise_rate', 'prune_by_class', and 'both'.",
            stacklevel=3,
        )
    if to_remove is None:
        return None
    if filter_by in OTHER_FILTERS:
        raise ValueError(
            f"filter_by '{filter_by}' is not supported when setting 'num_to_remove_per_class'; "
            "choose one of " + ", ".join(PRUNE_FILTERS)
        )
    return np.atleast_1d(np.asarray(to_remove)).astype(np.int64)


def class_joints(confident_joint: Any, num_classes: int) -> np.ndarray | None:
    """A joint for each class, (K,2,2). One of K×K is ignored with a warning."""
    if confident_joint is None:
        return None
    joint = as_joint(confident_joint)
    if joint.shape == (num_classes, 2, 2):
        return joint
    if joint.shape == (num_classes, num_classes):
        warnings.warn(
            "confident_joint is ignored: for multi-label data it has the shape (K, 2, 2), as "
            "compute_confident_joint(..., multi_label=True) gives it, not (K, K)",
            stacklevel=3,
        )
        return None
    raise ValueError(f"confident_joint should be of shape (K, 2, 2), not {joint.shape}")
