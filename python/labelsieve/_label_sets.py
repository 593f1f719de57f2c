"""The sets of classes of multi-label data, in all the forms they come in."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from labelsieve._arrays import as_pred_probs

__all__ = ["as_multilabel", "label_columns"]


def as_multilabel(labels: Any, pred_probs: Any) -> tuple[Any, np.ndarray]:
    """(label sets as the engine reads them, probabilities).

    Label sets are a list with the classes of each example; an N x K matrix of zeros and ones, dense
    or sparse; or a column of lists.
    """
    pred_probs = as_pred_probs(pred_probs)
    label_sets = _sets_of(labels, pred_probs.shape[1])
    count = len(label_sets[0]) - 1 if isinstance(label_sets, tuple) else len(label_sets)
    if count != len(pred_probs):
        raise ValueError(
            f"pred_probs and labels must have same length; they have {len(pred_probs)} and {count}"
        )
    return label_sets, pred_probs


def label_columns(label_sets: Any, num_classes: int) -> np.ndarray:
    """(K, N) zeros and ones of ``as_multilabel``'s label sets that the engine has read."""
    if isinstance(label_sets, np.ndarray):
        return np.ascontiguousarray(label_sets.T, dtype=np.int64)
    if isinstance(label_sets, tuple):
        offsets, classes = label_sets
        counts = np.diff(offsets)
    else:
        counts = np.fromiter(map(len, label_sets), dtype=np.int64, count=len(label_sets))
        classes = np.fromiter(chain.from_iterable(label_sets), np.int64, count=int(counts.sum()))
    columns = np.zeros((num_classes, len(counts)), dtype=np.int64)
    columns[classes, np.repeat(np.arange(len(counts)), counts)] = 1
    return columns


def _sets_of(labels: Any, num_classes: int) -> Any:
    if isinstance(labels, list):
        return labels
    if hasattr(labels, "tocsr"):  # of SciPy
        rows = labels.tocsr(copy=True)
        rows.eliminate_zeros()
        return rows.indptr, rows.indices
    if labels is None or isinstance(labels, (str, bytes, dict, set, int, float)):
        raise TypeError(
            f"labels must be a list with the classes of each example, not {type(labels).__name__}"
        )
    array = labels.to_numpy() if hasattr(labels, "to_numpy") else labels
    if getattr(array, "ndim", 1) == 2:
        return _matrix(np.asarray(array), num_classes)
    return list(array)


def _matrix(array: np.ndarray, num_classes: int) -> np.ndarray:
    if array.shape[1] != num_classes or not np.isin(array, (0, 1)).all():
        raise ValueError(
            "wrong format for labels: a matrix must have a column of zeros and ones for each of "
            f"the {num_classes} classes; a list of lists has the indices of the classes"
        )
    return array if array.dtype.kind in "iu" else array.astype(np.uint8)
