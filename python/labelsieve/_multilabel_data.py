"""Label sets and probabilities of one call: names as numbers, logits, rows that are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._batches import Batches, converted, first_pred_probs
from labelsieve._class_names import as_names, column_names, numbered_sets
from labelsieve._examples import prepared
from labelsieve._label_sets import as_multilabel

__all__ = ["MultilabelData", "read_label_sets"]


@dataclass(frozen=True)
class MultilabelData:
    """What a function for label sets was given."""

    examples: _core.MultilabelExamples
    num_classes: int
    names: list[str] | None
    marks: list[np.ndarray]  # of each batch that has been read: a bool for each row, see skipped

    @property
    def skipped(self) -> np.ndarray:
        """Which rows are left out; of batches after they have been read once."""
        return self.marks[0] if len(self.marks) == 1 else np.concatenate(self.marks)

    @property
    def num_rows(self) -> int:
        return sum(map(len, self.marks))

    @property
    def num_examples(self) -> int:
        """The rows that were not left out."""
        return self.num_rows - int(np.count_nonzero(self.skipped))

    def sizes(self) -> dict[str, Any]:
        """The first part of a summary."""
        return {
            "num_examples": self.num_examples,
            "num_skipped": self.num_rows - self.num_examples,
            "num_classes": self.num_classes,
            "class_names": self.names,
        }


def read_label_sets(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any,
    logits: bool,
    skip_invalid: bool,
    threads: int,
) -> MultilabelData:
    if isinstance(labels, Batches):
        if pred_probs is not None:
            raise TypeError("Batches have the probabilities: pred_probs must be left out")
        return _read_batches(labels, class_names, logits, skip_invalid, threads)
    if pred_probs is None:
        raise TypeError("pred_probs are missing")
    matrix, invalid = _prepared(pred_probs, logits, skip_invalid, threads)
    num_rows, num_classes = matrix.shape
    names = as_names(class_names, num_classes) or column_names(pred_probs, num_classes)
    label_sets, matrix, skipped = _arrays(labels, matrix, invalid, names, skip_invalid)
    if skipped is not None and num_rows > 0 and skipped.all():
        raise ValueError(
            "every example has invalid labels or invalid probabilities, so that nothing is "
            "left; without skip_invalid the first fault is named"
        )
    examples = _core.multilabel_examples(label_sets, matrix, skipped)
    marks = np.zeros(num_rows, dtype=bool) if skipped is None else skipped
    return MultilabelData(examples, num_classes, names, [marks])


def _prepared(
    pred_probs: Any, logits: bool, skip_invalid: bool, threads: int
) -> tuple[np.ndarray, np.ndarray | None]:
    (matrix,), invalid = prepared(
        [pred_probs], logits=logits, skip_invalid=skip_invalid, multilabel=True, threads=threads
    )
    return matrix, invalid


def _arrays(
    labels: Any,
    matrix: np.ndarray,
    invalid: np.ndarray | None,
    names: list[str] | None,
    skip_invalid: bool,
) -> tuple[Any, np.ndarray, np.ndarray | None]:
    """(label sets and probabilities as the engine reads them, rows that it leaves out)."""
    sets = numbered_sets(labels, names, skip_invalid)
    if not skip_invalid:
        return *as_multilabel(sets, matrix), None
    sets, wrong = _without_invalid(sets, matrix.shape[1])
    skipped = np.zeros(len(matrix), dtype=bool) if invalid is None else invalid
    if len(wrong) == len(skipped):
        skipped = skipped | wrong
    return *as_multilabel(sets, matrix), skipped


def _read_batches(
    batches: Batches, class_names: Any, logits: bool, skip_invalid: bool, threads: int
) -> MultilabelData:
    model = first_pred_probs(batches)
    matrix, _ = _prepared(model, logits, skip_invalid, threads)
    num_classes = matrix.shape[1]
    names = as_names(class_names, num_classes) or column_names(model, num_classes)
    marks: list[np.ndarray] = []

    def arrays(labels: Any, pred_probs: Any) -> tuple[Any, np.ndarray, np.ndarray | None]:
        matrix, invalid = _prepared(pred_probs, logits, skip_invalid, threads)
        return _arrays(labels, matrix, invalid, names, skip_invalid)

    def start() -> Iterator[tuple[Any, np.ndarray, np.ndarray | None]]:
        for place, (sets, matrix, skipped) in enumerate(converted(batches, arrays)):
            if place == len(marks):
                marks.append(np.zeros(len(matrix), dtype=bool) if skipped is None else skipped)
            yield sets, matrix, skipped

    return MultilabelData(_core.multilabel_batches(start, num_classes), num_classes, names, marks)


def _without_invalid(sets: Any, num_classes: int) -> tuple[Any, np.ndarray]:
    """(sets, which of them are left out): empty, or zeros, where they were no sets of classes."""
    if hasattr(sets, "tocsr"):
        return sets, np.zeros(sets.shape[0], dtype=bool)
    if getattr(sets, "ndim", 1) == 2:
        array = np.asarray(sets)
        wrong = np.asarray(~np.isin(array, (0, 1)).all(axis=1))
        return np.where(wrong[:, None], 0, array), wrong
    listed = sets.to_pylist() if hasattr(sets, "to_pylist") else list(sets)
    wrong = np.asarray([not _is_set(one, num_classes) for one in listed], dtype=bool)
    return [[] if out else one for one, out in zip(listed, wrong.tolist())], wrong


def _is_set(one: Any, num_classes: int) -> bool:
    if isinstance(one, str) or not hasattr(one, "__iter__"):
        return False
    return all(isinstance(k, (int, np.integer)) and 0 <= k < num_classes for k in one)
