"""Label quality scores, between 0 and 1: the lower, the likelier the label is wrong.

With ``class_names``, the names of the columns, labels may be names.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_pred_probs
from labelsieve._checks import check_labels
from labelsieve._class_names import numbered_labels

__all__ = [
    "find_top_issues",
    "get_confidence_weighted_entropy_for_each_label",
    "get_label_quality_ensemble_scores",
    "get_label_quality_scores",
    "get_normalized_margin_for_each_label",
    "get_self_confidence_for_each_label",
    "order_label_issues",
]

_METHODS = ("self_confidence", "normalized_margin", "confidence_weighted_entropy", "auto")
_NOT_ADJUSTABLE = ("confidence_weighted_entropy", "auto")


def get_label_quality_scores(
    labels: Any,
    pred_probs: Any,
    *,
    method: str = "self_confidence",
    adjust_pred_probs: bool = False,
    class_names: Any = None,
) -> np.ndarray:
    """One score per example, in input order.

    ``method`` is self_confidence, normalized_margin, confidence_weighted_entropy or auto, which
    cleanlab has not: one ranking that is calibrated on all examples, below 1/2 where another class
    wins. ``adjust_pred_probs`` subtracts the confident threshold of each class first, so that rare
    and hard classes compare fairly (not for the last two). Scores have the type of ``pred_probs``,
    those by the last two are float64. Unlike cleanlab's, the entropy keeps its order for saturated
    rows, and self_confidence looks at the probabilities of the given labels alone.
    """
    labels = numbered_labels(labels, class_names)
    pred_probs = as_pred_probs(pred_probs)
    check_method(method, adjust_pred_probs)
    scores = _core.label_quality_scores(labels, pred_probs, method, bool(adjust_pred_probs))
    if method in _NOT_ADJUSTABLE or pred_probs.dtype.char == "d":
        return scores
    return scores.astype(pred_probs.dtype.newbyteorder("="))


def get_label_quality_ensemble_scores(
    labels: Any,
    pred_probs_list: list[Any],
    *,
    method: str = "self_confidence",
    adjust_pred_probs: bool = False,
    weight_ensemble_members_by: str = "accuracy",
    custom_weights: Any = None,
    log_loss_search_T_values: list[float] = [1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 2e2],
    verbose: bool = True,
    class_names: Any = None,
) -> np.ndarray:
    """The weighted mean of the scores by several models, one per example.

    Weights are uniform, by accuracy (of the most probable class against the given label), by
    log_loss_search (exp(-t · log loss), with the t that gives the average of the models the lowest
    log loss) or custom. Where no model is ever right, accuracy weighs all alike.
    """
    assert isinstance(pred_probs_list, list), (
        f"pred_probs_list needs to be a list, not {type(pred_probs_list).__name__}"
    )
    assert len(pred_probs_list) > 0, "pred_probs_list is empty."
    if len(pred_probs_list) == 1:
        warnings.warn(
            "pred_probs_list only has one element; get_label_quality_scores() is for one model",
            stacklevel=2,
        )
    labels = numbered_labels(labels, class_names)
    models: list[Any] = [as_pred_probs(pred_probs) for pred_probs in pred_probs_list]
    check_labels(labels)
    if custom_weights is not None and weight_ensemble_members_by != "custom":
        raise ValueError(
            'custom_weights provided but weight_ensemble_members_by is not "custom"!'
        )
    check_method(method, adjust_pred_probs)
    if weight_ensemble_members_by not in ("uniform", "accuracy", "log_loss_search", "custom"):
        raise ValueError(
            f"{weight_ensemble_members_by} is not a valid weighting method; choose uniform, "
            "accuracy, log_loss_search or custom"
        )
    weights = None
    if weight_ensemble_members_by == "custom":
        assert custom_weights is not None, "custom_weights is None"
        weights = np.ascontiguousarray(custom_weights, dtype=np.float64)
        assert len(weights) == len(models), "custom_weights must have one weight per model"
    searched = np.ascontiguousarray(log_loss_search_T_values, dtype=np.float64)
    weights = _core.ensemble_weights(labels, models, weight_ensemble_members_by, weights, searched)
    if verbose:
        print(f"Weighting scheme for ensemble: {weight_ensemble_members_by}")
        _print_weights(labels, models, weight_ensemble_members_by, weights)
    return _core.ensemble_label_quality_scores(
        labels, models, weights, method, bool(adjust_pred_probs)
    )


def find_top_issues(quality_scores: Any, *, top: int = 10) -> np.ndarray:
    """Indices of the ``top`` lowest scores, ascending; ties go to the lower index."""
    scores = np.ascontiguousarray(quality_scores, dtype=np.float64)
    if top is None or top > len(scores):
        top = len(scores)
    if top < 0:  # as a slice would have it
        top = max(len(scores) + top, 0)
    return _core.find_top_issues(scores, top)


def order_label_issues(
    label_issues_mask: Any,
    labels: Any,
    pred_probs: Any,
    *,
    rank_by: str = "self_confidence",
    rank_by_kwargs: dict[str, Any] = {},
    class_names: Any = None,
) -> np.ndarray:
    """Indices of the issues in a mask, by ascending score; ties go to the lower index."""
    labels = numbered_labels(labels, class_names)
    pred_probs = as_pred_probs(pred_probs)
    check_labels(labels, allow_only_zeros=True)
    return ordered(label_issues_mask, labels, pred_probs, rank_by, **rank_by_kwargs)


def ordered(
    label_issues_mask: Any,
    labels: np.ndarray,
    pred_probs: np.ndarray,
    rank_by: str,
    *,
    adjust_pred_probs: bool = False,
    **unknown: Any,
) -> np.ndarray:
    """``order_label_issues`` for checked arrays."""
    if unknown:
        raise TypeError(f"rank_by_kwargs has an unexpected key: {next(iter(unknown))!r}")
    check_method(rank_by, adjust_pred_probs)
    mask = np.asarray(label_issues_mask)
    if mask.dtype == np.bool_:
        if mask.shape != labels.shape:
            raise IndexError(f"the mask has {mask.shape} elements for {labels.shape} labels")
        indices = np.flatnonzero(mask)
    else:  # positions, which also index an array
        indices = np.arange(len(labels))[mask]
    if len(indices) == 0:
        return np.empty(0, dtype=np.int64)
    scores = _core.label_quality_scores_at(
        labels, pred_probs, indices.astype(np.int64, copy=False), rank_by, bool(adjust_pred_probs)
    )
    return indices[_core.find_top_issues(scores, len(scores))]


def get_self_confidence_for_each_label(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any = None,
) -> np.ndarray:
    """The probability of the given label."""
    return get_label_quality_scores(
        labels, pred_probs, class_names=class_names, method="self_confidence"
    )


def get_normalized_margin_for_each_label(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any = None,
) -> np.ndarray:
    """How far the given label is ahead of the best other class, moved into [0, 1]."""
    return get_label_quality_scores(
        labels, pred_probs, class_names=class_names, method="normalized_margin"
    )


def get_confidence_weighted_entropy_for_each_label(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any = None,
) -> np.ndarray:
    """The normalized entropy of the row divided by the probability of the given label, brought
    into [0, 1] so that low is suspicious.

    Unlike cleanlab's, it is 1 for a sure and right row and 0 for a sure and wrong one.
    """
    return get_label_quality_scores(
        labels, pred_probs, class_names=class_names, method="confidence_weighted_entropy"
    )


def check_method(method: str, adjust_pred_probs: bool) -> None:
    if method not in _METHODS:
        raise ValueError(
            f"{method} is not a valid scoring method for rank_by! Choose one of: "
            + ", ".join(_METHODS)
        )
    if adjust_pred_probs and method in _NOT_ADJUSTABLE:
        raise ValueError(f"adjust_pred_probs is not currently supported for {method}.")


def _print_weights(
    labels: np.ndarray, models: list[Any], weigh_by: str, weights: np.ndarray
) -> None:
    if weigh_by == "accuracy":
        print("Ensemble members will be weighted by their relative accuracy")
    elif weigh_by == "log_loss_search":
        print("Ensemble members will be weighted by the log loss of their probabilities")
    else:
        return
    for number, (pred_probs, weight) in enumerate(zip(models, weights)):
        if weigh_by == "accuracy":
            accuracy = np.mean(_core.predicted_labels(labels, pred_probs) == labels)
            print(f"  Model {number} accuracy : {accuracy}")
        print(f"  Model {number} weight   : {weight}")
