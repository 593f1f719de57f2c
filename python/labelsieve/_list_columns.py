"""Token data in columns of lists, as pyarrow and polars have them."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["flat_lists", "is_list_column"]


def is_list_column(values: Any) -> bool:
    """Whether ``values`` is of pyarrow or polars."""
    return type(values).__module__.partition(".")[0] in ("pyarrow", "polars")


def flat_lists(
    labels: Any, pred_probs: Any, one_column: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(labels, probabilities, offsets), all tokens one after another; in place where a column is
    one piece of memory without nulls.

    ``pred_probs`` holds lists of lists or, with ``one_column``, lists of numbers.
    """
    given, offsets = _flattened(labels)
    elements, bounds = _flattened(pred_probs)
    _check_same_lengths(offsets, bounds)
    return _numbers(given), _numbers(elements) if one_column else _rows_of(elements), offsets


def _flattened(column: Any) -> tuple[Any, np.ndarray]:
    """(elements of all lists one after another, offsets)."""
    if hasattr(column, "to_arrow"):
        column = column.to_arrow()
    if hasattr(column, "combine_chunks"):
        column = column.combine_chunks()
    if hasattr(column, "chunks"):  # combined, it is one chunk, or none
        column = column.chunk(0)
    if not hasattr(column, "value_lengths"):
        raise TypeError(f"expected a column of lists, not one of {column.type}")
    if column.null_count > 0:
        raise ValueError("a sentence is missing: leave it out, or make it an empty list")
    lengths = _numbers(column.value_lengths())
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return column.flatten(), offsets


def _numbers(elements: Any) -> np.ndarray:
    return np.asarray(elements.to_numpy(zero_copy_only=False))


def _rows_of(lists: Any) -> np.ndarray:
    """A matrix of lists of the same length."""
    if not hasattr(lists, "value_lengths"):
        raise ValueError("pred_probs must have a list of probabilities for each token")
    lengths = _numbers(lists.value_lengths())
    if len(lengths) == 0:
        return np.empty((0, 0))
    wrong = np.flatnonzero(lengths != lengths[0])
    if len(wrong) > 0:
        raise ValueError(
            f"token {wrong[0]} has {lengths[wrong[0]]} probabilities, the first one {lengths[0]}"
        )
    return _numbers(lists.flatten()).reshape(len(lengths), -1)


def _check_same_lengths(offsets: np.ndarray, bounds: np.ndarray) -> None:
    if len(offsets) != len(bounds):
        raise ValueError(
            f"labels are of {len(offsets) - 1} sentences, pred_probs of {len(bounds) - 1}"
        )
    wrong = np.flatnonzero(np.diff(offsets) != np.diff(bounds))
    if len(wrong) > 0:
        raise ValueError(f"sentence {wrong[0]} has labels and probabilities of different lengths")
