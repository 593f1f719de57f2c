"""Label sets and probabilities of one call: names as numbers, logits, rows that are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._class_names import as_names, column_names, numbered_sets
from labelsieve._examples import prepared
from labelsieve._label_sets import as_multilabel

__all__ = ["MultilabelData", "read_label_sets"]


@dataclass(frozen=True)
class MultilabelData:
    """What a function for label sets was given."""

    examples: _core.MultilabelExamples
    num_rows: int
    num_classes: int
    names: list[str] | None
    skipped: np.ndarray  # one bool for each row

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
    (matrix,), invalid = prepared(
        [pred_probs], logits=logits, skip_invalid=skip_invalid, multilabel=True, threads=threads
    )
    num_rows, num_classes = matrix.shape
    names = as_names(class_names, num_classes) or column_names(pred_probs, num_classes)
    skipped = np.zeros(num_rows, dtype=bool) if invalid is None else invalid
    sets = numbered_sets(labels, names, skip_invalid)
    if skip_invalid:
        sets, wrong = _without_invalid(sets, num_classes)
        if len(wrong) == num_rows:
            skipped = skipped | wrong
        if num_rows > 0 and skipped.all():
            raise ValueError(
                "every example has invalid labels or invalid probabilities, so that nothing is "
                "left; without skip_invalid the first fault is named"
            )
    label_sets, matrix = as_multilabel(sets, matrix)
    examples = _core.multilabel_examples(label_sets, matrix, skipped if skip_invalid else None)
    return MultilabelData(examples, num_rows, num_classes, names, skipped)


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
