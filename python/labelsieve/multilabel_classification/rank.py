"""Label quality scores of multi-label data, between 0 and 1: the lower, the likelier wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._class_names import numbered_sets
from labelsieve._label_sets import as_multilabel

__all__ = ["get_label_quality_scores", "get_label_quality_scores_per_class"]

_METHODS = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")
_AGGREGATORS = ("exponential_moving_average", "softmin", "min", "mean")


def get_label_quality_scores(
    labels: Any,
    pred_probs: Any,
    *,
    method: str = "self_confidence",
    adjust_pred_probs: bool = False,
    aggregator_kwargs: dict[str, Any] = {"method": "exponential_moving_average", "alpha": 0.8},
    class_names: Any = None,
) -> np.ndarray:
    """One score per example: those of its classes, pooled.

    ``labels`` are a list with the indices of each example's classes, or an N x K matrix of zeros
    and ones, dense or sparse. ``method`` is self_confidence, normalized_margin or
    confidence_weighted_entropy. ``aggregator_kwargs["method"]`` is exponential_moving_average
    (with ``alpha``, None for 2 / (K + 1)), softmin (with ``temperature``), min, mean, or a function
    that takes the N x K scores, ``axis=1`` and the other keywords.

    Unlike cleanlab's, takes a single class, and classes that all examples have, or none.
    """
    name = check_score_method(method, adjust_pred_probs)
    pooling, options = _aggregator(**(aggregator_kwargs or {"alpha": 0.8}))
    label_sets, pred_probs = as_multilabel(
        numbered_sets(labels, class_names), pred_probs
    )
    adjust = adjust_pred_probs is True
    if callable(pooling):
        scores = _core.multilabel_scores_per_class(label_sets, pred_probs, name, adjust)
        return np.asarray(pooling(scores, **{**options, "axis": 1}))
    return _core.multilabel_quality_scores(
        label_sets,
        pred_probs,
        name,
        adjust,
        pooling,
        _alpha(options.get("alpha")),
        float(options.get("temperature", 0.1)),
    )


def get_label_quality_scores_per_class(
    labels: Any,
    pred_probs: Any,
    *,
    method: str = "self_confidence",
    adjust_pred_probs: bool = False,
    class_names: Any = None,
) -> np.ndarray:
    """N x K scores: how likely it is that an example was rightly given, or not given, a class."""
    name = check_score_method(method, adjust_pred_probs)
    label_sets, pred_probs = as_multilabel(
        numbered_sets(labels, class_names), pred_probs
    )
    return _core.multilabel_scores_per_class(
        label_sets, pred_probs, name, adjust_pred_probs is True
    )


def check_score_method(method: str, adjust_pred_probs: bool) -> str:
    """The name as the engine has it; ValueError for another."""
    name = method.lower()
    if name not in _METHODS:
        raise ValueError(f"Invalid method name: {method}; choose one of: {', '.join(_METHODS)}")
    if adjust_pred_probs is True and name == "confidence_weighted_entropy":
        raise ValueError(f"adjust_pred_probs is not currently supported for {name}.")
    return name


def _aggregator(method: Any = "exponential_moving_average", **options: Any) -> tuple[Any, Any]:
    if isinstance(method, str):
        if method not in _AGGREGATORS:
            raise ValueError(
                f"Invalid aggregation method specified: '{method}', must be one of the following: "
                + ", ".join(_AGGREGATORS)
            )
    elif not callable(method):
        raise TypeError(f"Expected callable method, got {type(method).__name__}")
    return method, options


def _alpha(alpha: float | None) -> float | None:
    if alpha is not None and not 0 <= alpha <= 1:
        raise ValueError(f"alpha must be in the interval [0, 1], got {alpha}")
    return alpha
