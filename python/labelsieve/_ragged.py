"""Token data in all the forms it comes in, as the engine reads them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_floats, as_labels
from labelsieve._list_columns import flat_lists, is_list_column

__all__ = [
    "FORM_OPTIONS",
    "flat_rows",
    "flatten",
    "read_tokens",
    "sentence_labels",
    "sequence",
    "split",
]

# What says in which form token data come.
FORM_OPTIONS = ("offsets", "lengths", "mask", "word_ids", "subword_pooling", "ignore_label")


def read_tokens(
    labels: Any,
    pred_probs: Any,
    *,
    offsets: Any = None,
    lengths: Any = None,
    mask: Any = None,
    word_ids: Any = None,
    subword_pooling: str = "first",
    ignore_label: int | None = -100,
    one_column: bool = False,
) -> _core.Tokens:
    """The tokens of one call. labelsieve.token_classification says what the forms are.

    With ``one_column`` the probabilities are those of label 1 alone.
    """
    named = {"offsets": offsets, "lengths": lengths, "mask": mask, "word_ids": word_ids}
    given = [name for name, value in named.items() if value is not None]
    if len(given) > 1:
        raise ValueError(f"give either {' or '.join(given)}, not both: each says it all")
    if not given and is_list_column(labels) and is_list_column(pred_probs):
        labels, pred_probs, offsets = flat_lists(labels, pred_probs, one_column)
    if word_ids is not None:
        return _core.pooled_tokens(
            sequence(labels),
            flat_rows(pred_probs),
            ignore_label,
            one_column,
            sequence(word_ids),
            subword_pooling,
            sentence_labels,
        )
    if mask is not None or (lengths is not None and _dimensions(labels) == 2):
        return _core.padded_tokens(
            _integers(labels),
            as_floats(pred_probs),
            ignore_label,
            one_column,
            None if mask is None else _mask(mask, labels),
            None if lengths is None else _positions(lengths),
        )
    if lengths is not None:
        offsets = np.concatenate([[0], np.cumsum(_positions(lengths))])
    if offsets is not None:
        return _core.flat_tokens(
            as_labels(labels), as_floats(pred_probs), ignore_label, one_column, _positions(offsets)
        )
    return _core.nested_tokens(
        sequence(labels),
        sequence(pred_probs),
        ignore_label,
        one_column,
        sentence_labels,
        as_floats,
    )


def flatten(token_scores: Any) -> tuple[np.ndarray, np.ndarray]:
    """(scores, offsets) of a sequence of lists, arrays or Series."""
    scores, offsets = _core.flatten(sequence(token_scores), "token_scores", _sentence_scores)
    return scores, offsets


def split(values: np.ndarray, offsets: np.ndarray) -> list[np.ndarray]:
    """The part of each sentence, as views of one array."""
    bounds = offsets.tolist()
    return [values[start:end] for start, end in zip(bounds, bounds[1:])]


def sequence(values: Any) -> Any:
    """What can be walked through; columns of other libraries as lists of their elements."""
    if isinstance(values, (list, tuple, np.ndarray)):
        return values
    if values is None or isinstance(values, (str, bytes, dict, set, int, float)):
        raise TypeError(
            f"expected a list with one element for each sentence, not {type(values).__name__}"
        )
    return list(values)


def _dimensions(values: Any) -> int:
    return getattr(values, "ndim", 1)


def flat_rows(pred_probs: Any) -> np.ndarray:
    """Rows of all sentences one after another; a view where they are one array."""
    if isinstance(pred_probs, (list, tuple)):
        parts = [as_floats(part) for part in pred_probs]
        parts = [part for part in parts if len(part) > 0]
        return np.concatenate(parts) if parts else np.empty((0, 0))
    array = as_floats(pred_probs)
    return array.reshape(-1, array.shape[-1]) if array.ndim == 3 else array


def _integers(labels: Any) -> np.ndarray:
    array = np.asarray(labels)
    return array if array.dtype.kind in "iu" else as_labels(array.reshape(-1)).reshape(array.shape)


def _positions(values: Any) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != 1 or (array.dtype.kind not in "iu" and len(array) > 0):
        raise ValueError("offsets and lengths must be one-dimensional and whole numbers")
    return np.ascontiguousarray(array, dtype=np.int64)


def _mask(mask: Any, labels: Any) -> np.ndarray:
    array = np.asarray(mask)
    if array.shape != np.shape(labels):
        raise ValueError(f"the mask has the shape {array.shape}, the labels {np.shape(labels)}")
    return np.ascontiguousarray(array != 0)


def sentence_labels(labels: Any) -> np.ndarray:
    array = np.asarray(labels) if isinstance(labels, (list, tuple)) else labels
    if hasattr(array, "__len__") and len(array) == 0:
        return np.empty(0, dtype=np.int64)
    return as_labels(array)


def _sentence_scores(scores: Any) -> np.ndarray:
    return np.asarray(scores, dtype=np.float64)
