"""Which examples have label issues."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_pred_probs, num_threads
from labelsieve._checks import (
    OTHER_FILTERS,
    PRUNE_FILTERS,
    as_joint,
    check_label_list,
    check_labels,
    check_prune_options,
    class_joints,
    warn_of_small_classes,
)
from labelsieve._class_names import numbered_labels, numbered_sets
from labelsieve.rank import ordered

__all__ = [
    "find_label_issues",
    "find_label_issues_using_argmax_confusion_matrix",
    "find_predicted_neq_given",
]


def find_label_issues(
    labels: Any,
    pred_probs: Any,
    *,
    return_indices_ranked_by: str | None = None,
    rank_by_kwargs: dict[str, Any] | None = None,
    filter_by: str = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    n_jobs: int | None = None,
    verbose: bool = False,
    multi_label: bool = False,
    class_names: Any = None,
) -> np.ndarray:
    """A mask over the examples, True for a label issue; or the indices of the issues, ranked.

    ``filter_by`` is prune_by_noise_rate, prune_by_class, both, confident_learning,
    predicted_neq_given, low_normalized_margin, low_self_confidence or auto, which cleanlab has not:
    the cut with the best expected F1 (labelsieve.find_issues says more). The three prune filters
    take ``frac_noise`` (the share of the estimated noise to remove), ``num_to_remove_per_class`` (a
    number, or one per class), ``min_examples_per_class`` and ``confident_joint`` (used as it is).
    ``return_indices_ranked_by`` names a score of rank.get_label_quality_scores, and
    ``rank_by_kwargs`` its options. ``n_jobs`` is the number of threads, None for all there are; the
    answer is the same for any. Ties go to the lower index.
    """
    assert filter_by in PRUNE_FILTERS + OTHER_FILTERS, f"filter_by: unknown filter {filter_by!r}"
    threads = num_threads(n_jobs)
    if multi_label:
        check_label_list(labels)
        labels = numbered_sets(labels, class_names)
        check_label_sets(labels)
    else:
        labels = numbered_labels(labels, class_names)
        check_labels(labels, allow_only_zeros=True)
    pred_probs = as_pred_probs(pred_probs)
    to_remove = check_prune_options(filter_by, frac_noise, num_to_remove_per_class)
    if filter_by == "confident_learning" and confident_joint is not None:
        warnings.warn(
            "The supplied `confident_joint` is ignored when `filter_by = 'confident_learning'`: it "
            "is counted from the labels and pred_probs. Other filters use a supplied one.",
            stacklevel=2,
        )
        confident_joint = None
    if multi_label:
        warnings.warn(
            "The multi_label argument to filter.find_label_issues() is deprecated; use "
            "multilabel_classification.filter.find_label_issues() instead.",
            DeprecationWarning,
            stacklevel=2,
        )
        find = _core.find_multilabel_issues
        confident_joint = class_joints(confident_joint, pred_probs.shape[1])
    else:
        find = _core.find_label_issues
        if confident_joint is not None:
            confident_joint = as_joint(confident_joint)
    mask, label_counts = find(
        labels,
        pred_probs,
        filter_by,
        float(frac_noise),
        to_remove,
        int(min_examples_per_class),
        confident_joint,
        threads,
    )
    if filter_by in PRUNE_FILTERS and not multi_label:
        warn_of_small_classes(label_counts, min_examples_per_class)
    if verbose:
        print(f"Number of label issues found: {int(np.count_nonzero(mask))}")
    if return_indices_ranked_by is None:
        return mask
    options = rank_by_kwargs or {}
    if multi_label:
        return _ordered_multilabel(mask, labels, pred_probs, return_indices_ranked_by, **options)
    return ordered(mask, labels, pred_probs, return_indices_ranked_by, **options)


def find_predicted_neq_given(
    labels: Any,
    pred_probs: Any,
    *,
    multi_label: bool = False,
    class_names: Any = None,
) -> np.ndarray:
    """A mask of the examples whose most probable class is not the given label.

    For multi-label data: those where any class is given with a probability below one half, or not
    given with one above.
    """
    if multi_label:
        check_label_list(labels)
        labels = numbered_sets(labels, class_names)
        pred_probs = as_pred_probs(pred_probs)
        given = label_matrix(labels, pred_probs.shape[1])
        return np.asarray((given != (pred_probs > 1 - pred_probs)).any(axis=1))
    labels = numbered_labels(labels, class_names)
    pred_probs = as_pred_probs(pred_probs)
    check_labels(labels)
    return np.asarray(_core.predicted_labels(labels, pred_probs) != labels)


def find_label_issues_using_argmax_confusion_matrix(
    labels: Any,
    pred_probs: Any,
    *,
    calibrate: bool = True,
    filter_by: str = "prune_by_noise_rate",
    class_names: Any = None,
) -> np.ndarray:
    """Label issues with the confusion matrix of the most probable classes as the joint: the
    baseline that does without thresholds."""
    labels = numbered_labels(labels, class_names)
    pred_probs = as_pred_probs(pred_probs)
    check_labels(labels)
    num_classes = pred_probs.shape[1]
    predicted = _core.predicted_labels(labels, pred_probs)
    pairs = labels.astype(np.int64, copy=False) * num_classes + predicted
    joint = np.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)
    if calibrate:
        joint = _core.calibrate_confident_joint(joint.astype(np.float64), joint.sum(axis=1))
    return find_label_issues(labels, pred_probs, confident_joint=joint, filter_by=filter_by)


def check_label_sets(labels: list[Any]) -> None:
    """Raises ValueError where multi-label data are given as one label an example."""
    if any(not isinstance(label_set, (list, tuple, np.ndarray)) for label_set in labels):
        raise ValueError(
            "wrong format for labels, should be a list of lists: the indices of the classes that "
            "each example has"
        )


def label_matrix(labels: list[Any], num_classes: int) -> np.ndarray:
    """Label sets as a matrix of bool, True where the example has the class."""
    check_label_sets(labels)
    matrix = np.zeros((len(labels), num_classes), dtype=bool)
    for row, label_set in enumerate(labels):
        for label in label_set:
            if not 0 <= label < num_classes:
                raise ValueError(
                    f"row {row}: label {label} is none of the {num_classes} classes "
                    "that pred_probs has columns for"
                )
            matrix[row, label] = True
    return matrix


def _ordered_multilabel(
    mask: np.ndarray,
    labels: list[Any],
    pred_probs: np.ndarray,
    rank_by: str,
    *,
    adjust_pred_probs: bool = False,
) -> np.ndarray:
    scores = _core.multilabel_quality_scores(labels, pred_probs, rank_by, bool(adjust_pred_probs))
    indices = np.flatnonzero(mask)
    return indices[np.argsort(scores[indices], kind="stable")]
