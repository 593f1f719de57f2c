"""Labels with the probabilities of one model or several, whole or in batches, for the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_floats, as_pred_probs
from labelsieve._batches import Batches, converted, first_pred_probs
from labelsieve._class_names import as_names, column_names, named_labels

__all__ = ["SKIPPED", "Examples", "as_weights", "check_any_left", "prepared", "read_examples"]

#: The label of examples that skip_invalid leaves out.
SKIPPED = -1

_SEARCHED = (1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 200)


@dataclass(frozen=True)
class Examples:
    """What a function of classification was given."""

    source: _core.Examples
    num_classes: int
    names: list[str] | None
    weights: list[float] | None = None


def read_examples(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any = None,
    logits: bool = False,
    skip_invalid: bool = False,
    ensemble_weights: Any = "accuracy",
    threads: int = 0,
) -> Examples:
    """Arrays, names and frames as examples. ``pred_probs`` may be a list, a matrix a model."""
    if isinstance(labels, Batches):
        if pred_probs is not None:
            raise TypeError("Batches have the probabilities: pred_probs must be left out")
        return _read_batches(labels, class_names, logits, skip_invalid)
    if pred_probs is None:
        raise TypeError("pred_probs are missing")
    models = list(pred_probs) if isinstance(pred_probs, (list, tuple)) else [pred_probs]
    if not models:
        raise ValueError("pred_probs is an empty list: it must have a matrix for each model")
    matrices, invalid = prepared(models, logits=logits, skip_invalid=skip_invalid, threads=threads)
    num_classes = matrices[0].shape[1]
    numbers, names = named_labels(labels, models[0], num_classes, class_names, skip_invalid)
    if skip_invalid:
        numbers = _without_invalid(numbers, invalid, num_classes)
        check_any_left(numbers, "example")
    ignored = SKIPPED if skip_invalid else None
    weights = None
    if len(matrices) > 1:
        weights = as_weights(numbers, matrices, ensemble_weights, ignored, threads)
    source = _core.array_examples(numbers, list[Any](matrices), ignored, weights or [])
    return Examples(source, num_classes, names, weights)


def prepared(
    models: list[Any],
    *,
    logits: bool,
    skip_invalid: bool,
    multilabel: bool = False,
    ignored: np.ndarray | None = None,
    threads: int = 0,
) -> tuple[list[np.ndarray], np.ndarray | None]:
    """(probabilities of each model, rows to leave out). No copy and no pass without an option."""
    matrices, invalid = [], None
    for model in models:
        matrix = _as_matrix(model)
        if logits or skip_invalid or (matrix.shape[1] == 1 and not multilabel):
            computed, marks = _core.prepare_pred_probs(
                matrix, logits, multilabel, skip_invalid, ignored, threads
            )
            matrix = matrix if computed is None else computed
            invalid = marks if invalid is None or marks is None else invalid | marks
        matrices.append(matrix)
    return matrices, invalid


def as_weights(
    labels: np.ndarray,
    matrices: list[np.ndarray],
    weights: Any,
    ignore_label: int | None,
    threads: int,
) -> list[float]:
    """The weight of each model, by a scheme or as given."""
    custom = None if isinstance(weights, str) else np.asarray(weights, dtype=np.float64)
    if custom is not None and custom.shape != (len(matrices),):
        raise ValueError(
            f"ensemble_weights must have a number for each of the {len(matrices)} models"
        )
    scheme = weights if custom is None else "custom"
    if custom is None and scheme == "custom":
        raise ValueError("ensemble_weights are numbers, or uniform, accuracy or log_loss_search")
    searched = np.asarray(_SEARCHED, dtype=np.float64)
    found = _core.ensemble_weights(
        labels, list[Any](matrices), scheme, custom, searched, threads, ignore_label=ignore_label
    )
    return [float(weight) for weight in found]


def check_any_left(labels: np.ndarray, unit: str) -> None:
    if len(labels) > 0 and not (labels >= 0).any():
        raise ValueError(
            f"every {unit} has an invalid label or invalid probabilities, so that nothing is left; "
            "without skip_invalid the first fault is named"
        )


def _as_matrix(model: Any) -> np.ndarray:
    """Probabilities of two dimensions; of one class alone also of one."""
    if getattr(model, "ndim", 2) == 1:
        array = as_floats(model)
        if array.ndim == 1:
            return array.reshape(-1, 1)
    return as_pred_probs(model)


def _without_invalid(
    labels: np.ndarray, invalid: np.ndarray | None, num_classes: int
) -> np.ndarray:
    """Labels with SKIPPED where they are in no class or their probabilities are invalid."""
    left_out = (labels < 0) | (labels >= num_classes)
    if invalid is not None:
        if len(invalid) != len(labels):
            raise ValueError(
                f"there are {len(labels)} labels and {len(invalid)} rows of probabilities"
            )
        left_out |= invalid
    return np.where(left_out, SKIPPED, labels).astype(np.int64)


def _read_batches(
    batches: Batches, class_names: Any, logits: bool, skip_invalid: bool
) -> Examples:
    model = first_pred_probs(batches)
    matrices, _ = prepared([model], logits=logits, skip_invalid=skip_invalid)
    num_classes = matrices[0].shape[1]
    names = as_names(class_names, num_classes) or column_names(model, num_classes)

    def arrays(labels: Any, pred_probs: Any) -> tuple[np.ndarray, np.ndarray]:
        return _batch_arrays(labels, pred_probs, num_classes, names, logits, skip_invalid)

    def start() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        return converted(batches, arrays)

    ignored = SKIPPED if skip_invalid else None
    return Examples(_core.batch_examples(start, num_classes, ignored), num_classes, names)


def _batch_arrays(
    labels: Any,
    model: Any,
    num_classes: int,
    names: list[str] | None,
    logits: bool,
    skip_invalid: bool,
) -> tuple[np.ndarray, np.ndarray]:
    (matrix,), invalid = prepared([model], logits=logits, skip_invalid=skip_invalid)
    if len(labels) == 0:
        return np.empty(0, dtype=np.int64), matrix
    numbers, found = named_labels(labels, None, num_classes, names, skip_invalid)
    if names is None and found is not None:
        raise ValueError("the labels are names: say in class_names which column is which class")
    if skip_invalid:
        return _without_invalid(numbers, invalid, num_classes), matrix
    check_range(numbers, num_classes)
    return numbers, matrix


def check_range(labels: np.ndarray, num_classes: int) -> None:
    """Raises ValueError for a label outside 0..K-1. The engine looks at labels once only, and
    batches may be others when they are read again."""
    if len(labels) > 0 and (labels.min() < 0 or labels.max() >= num_classes):
        row = int(np.flatnonzero((labels < 0) | (labels >= num_classes))[0])
        raise ValueError(
            f"row {row}: label {labels[row]} is outside the classes 0 to {num_classes - 1}"
        )
