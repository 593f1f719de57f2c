"""Checks of arguments that the reference makes and the engine does not need."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from labelsieve import _core

__all__ = ["as_joint", "check_label_list", "check_labels", "count_labels", "warn_of_small_classes"]


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
