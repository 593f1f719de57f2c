"""Checks of labels that the reference makes and the engine does not need."""

from __future__ import annotations

import numpy as np

from labelsieve import _core

__all__ = ["check_labels"]


def check_labels(labels: np.ndarray, *, allow_only_zeros: bool = False) -> None:
    """Raises ValueError when all labels are of one class; class 0 may be the only one where a
    class of multi-label data is looked at that no example has."""
    if not _core.has_two_labels(labels):
        if allow_only_zeros and len(labels) > 0 and labels[0] == 0:
            return
        raise ValueError("Labels must contain at least 2 classes.")
