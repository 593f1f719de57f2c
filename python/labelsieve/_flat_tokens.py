"""Token data in any form as flat arrays: what models, logits and batches are put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_floats, as_labels
from labelsieve._class_names import codes_of, whole_numbers
from labelsieve._examples import SKIPPED, check_range, prepared
from labelsieve._list_columns import flat_lists, is_list_column
from labelsieve._ragged import flat_rows, sentence_labels, sequence

__all__ = ["FlatTokens", "flat_tokens"]


@dataclass(frozen=True)
class FlatTokens:
    """The tokens of all sentences one after another."""

    labels: np.ndarray  # numbers of columns, SKIPPED for tokens that are left out
    pred_probs: np.ndarray
    offsets: np.ndarray
    num_skipped: int  # by skip_invalid


def flat_tokens(
    labels: Any,
    pred_probs: Any,
    *,
    names: list[str] | None = None,
    logits: bool = False,
    skip_invalid: bool = False,
    offsets: Any = None,
    lengths: Any = None,
    mask: Any = None,
    word_ids: Any = None,
    subword_pooling: str = "first",
    ignore_label: int | None = -100,
) -> FlatTokens:
    """Labels, names too, and probabilities in the forms of labelsieve.token_classification. Copies
    what is not flat, or no probability yet."""
    if word_ids is not None:
        if mask is not None or lengths is not None or offsets is not None:
            raise ValueError("word_ids say where words and sentences are: give no other form")
        given, rows, bounds = _of_sub_words(
            labels, pred_probs, word_ids, subword_pooling, ignore_label, names, logits, skip_invalid
        )
        masked, ignore_label, logits = None, _core.NO_LABEL, False
    elif mask is not None or (lengths is not None and getattr(labels, "ndim", 1) == 2):
        given, rows, bounds, masked = _of_padded(labels, pred_probs, lengths, mask)
    else:
        given, rows, bounds = _of_sentences(labels, pred_probs, offsets, lengths)
        masked = None
    numbers = _numbers(given, names, skip_invalid)
    ignored = np.zeros(len(numbers), dtype=bool) if masked is None else masked
    if ignore_label is not None:
        ignored = ignored | (numbers == ignore_label)
    if len(rows) != len(numbers):
        raise ValueError(f"there are {len(numbers)} labels and {len(rows)} rows of probabilities")
    (rows,), invalid = prepared([rows], logits=logits, skip_invalid=skip_invalid, ignored=ignored)
    num_classes = rows.shape[1]
    if not skip_invalid:
        check_range(np.where(ignored, 0, numbers), num_classes)
        return FlatTokens(np.where(ignored, SKIPPED, numbers), rows, bounds, 0)
    left_out = ~ignored & ((numbers < 0) | (numbers >= num_classes))
    if invalid is not None:
        left_out |= invalid & ~ignored
    numbers = np.where(ignored | left_out, SKIPPED, numbers)
    return FlatTokens(numbers, rows, bounds, int(np.count_nonzero(left_out)))


def _of_sentences(
    labels: Any, pred_probs: Any, offsets: Any, lengths: Any
) -> tuple[Any, np.ndarray, np.ndarray]:
    """(labels, rows, offsets) of flat arrays, columns of lists, or a sequence of sentences."""
    if lengths is not None:
        offsets = np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))])
    if offsets is not None:
        bounds = np.asarray(offsets, dtype=np.int64)
        if bounds.ndim != 1 or len(bounds) == 0 or bounds[0] != 0 or (np.diff(bounds) < 0).any():
            raise ValueError("offsets must begin with 0 and not descend")
        if int(bounds[-1]) != len(labels):
            raise ValueError(
                f"the sentences have {bounds[-1]} tokens together, there are {len(labels)} labels"
            )
        return labels, as_floats(pred_probs), bounds
    if is_list_column(labels) and is_list_column(pred_probs):
        return flat_lists(labels, pred_probs, False)
    given, rows = list(labels), [as_floats(sentence) for sentence in pred_probs]
    if len(given) != len(rows):
        raise ValueError(f"labels are of {len(given)} sentences, pred_probs of {len(rows)}")
    for sentence, (one, other) in enumerate(zip(given, rows)):
        if len(one) != len(other):
            raise ValueError(
                f"sentence {sentence} has {len(one)} labels and {len(other)} rows of probabilities"
            )
    bounds = np.concatenate([[0], np.cumsum([len(part) for part in given], dtype=np.int64)])
    some = [part for part in rows if len(part) > 0]
    flat: list[Any] = []
    for part in given:
        flat.extend(part.tolist() if hasattr(part, "tolist") else part)
    return flat, np.concatenate(some) if some else np.empty((0, 0)), bounds


def _of_sub_words(
    labels: Any,
    pred_probs: Any,
    word_ids: Any,
    pooling: str,
    ignore_label: int | None,
    names: list[str] | None,
    logits: bool,
    skip_invalid: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(labels of words, rows, offsets). The softmax of logits comes before the pooling."""
    rows = flat_rows(pred_probs)
    if logits:
        (rows,), invalid = prepared([rows], logits=True, skip_invalid=skip_invalid)
        if invalid is not None:
            rows[invalid] = np.nan
    sentences = [_numbers(sentence, names, skip_invalid) for sentence in sequence(labels)]
    if not sentences:
        return np.empty(0, dtype=np.int64), rows, np.zeros(1, dtype=np.int64)
    numbers, pooled, bounds = _core.pool_words(
        sentences, rows, ignore_label, sequence(word_ids), pooling, sentence_labels
    )
    return numbers, np.asarray(pooled), bounds


def _of_padded(
    labels: Any, pred_probs: Any, lengths: Any, mask: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(labels, rows, offsets, places that are masked) of the places that count."""
    given, rows = np.asarray(labels), as_floats(pred_probs)
    if given.ndim != 2 or rows.ndim != 3 or rows.shape[:2] != given.shape:
        raise ValueError(
            f"padded labels must be S x T and pred_probs S x T x K; they are {given.shape} and "
            f"{rows.shape}"
        )
    places = np.arange(given.shape[1])
    if mask is None:
        sizes = np.asarray(lengths, dtype=np.int64)
        if sizes.shape != given.shape[:1] or (sizes < 0).any() or (sizes > len(places)).any():
            raise ValueError(f"there must be a length from 0 to {len(places)} for each sentence")
        marks = np.ones(given.shape, dtype=bool)
    else:
        marks = np.asarray(mask) != 0
        if marks.shape != given.shape:
            raise ValueError(f"the mask has the shape {marks.shape}, the labels {given.shape}")
        sizes = np.where(marks, places + 1, 0).max(axis=1, initial=0)
    inside = places < sizes[:, None]
    bounds = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    return given[inside], rows[inside], bounds, ~marks[inside]


def _numbers(labels: Any, names: list[str] | None, skip_invalid: bool) -> np.ndarray:
    if len(labels) == 0:
        return np.empty(0, dtype=np.int64)
    if hasattr(labels, "dtype") and labels.dtype.kind in "iu":
        return np.asarray(labels)
    values = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    if names is not None and any(isinstance(value, str) for value in values):
        return codes_of(values, names, skip_invalid)
    return whole_numbers(values) if skip_invalid else as_labels(values)
