"""Which examples of multi-label data have label issues, and in which classes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import num_threads
from labelsieve._checks import OTHER_FILTERS, PRUNE_FILTERS, check_prune_options, class_joints
from labelsieve._class_names import numbered_sets
from labelsieve._label_sets import as_multilabel, label_columns
from labelsieve.multilabel_classification.rank import check_score_method

__all__ = ["find_label_issues", "find_multilabel_issues_per_class"]


def find_label_issues(
    labels: Any,
    pred_probs: Any,
    return_indices_ranked_by: str | None = None,
    rank_by_kwargs: dict[str, Any] = {},
    filter_by: str = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    n_jobs: int | None = None,
    verbose: bool = False,
    low_memory: bool = False,
    *,
    class_names: Any = None,
) -> np.ndarray:
    """A mask over the examples, True where any class is wrongly given or missing; or the indices
    of these examples, ranked by their score.

    ``labels`` are a list with the indices of each example's classes, or an N x K matrix of zeros
    and ones, dense or sparse. Other parameters as in labelsieve.filter.find_label_issues;
    ``num_to_remove_per_class`` has a number for each class, ``confident_joint`` the shape
    (K, 2, 2). ``return_indices_ranked_by`` ranks by the moving average of the classes' scores.

    Unlike cleanlab's, ``low_memory`` never changes the answer, the order under the low_ filters is
    that of the score asked for, and ties go to the lower index.
    """
    label_sets, pred_probs = as_multilabel(
        numbered_sets(labels, class_names), pred_probs
    )
    options = _options(
        pred_probs.shape[1],
        filter_by,
        frac_noise,
        num_to_remove_per_class,
        min_examples_per_class,
        confident_joint,
    )
    threads = num_threads(n_jobs)
    if return_indices_ranked_by is not None:
        adjust = _adjusted(**(rank_by_kwargs or {}))
        name = check_score_method(return_indices_ranked_by, adjust)
        indices = _core.rank_multilabel_issues(
            label_sets, pred_probs, *options, name, adjust, threads
        )
        _say(f"Number of label issues found: {len(indices)}", verbose)
        return indices
    mask, _ = _core.find_multilabel_issues(label_sets, pred_probs, *options, threads)
    _say(f"Number of label issues found: {np.count_nonzero(mask)}", verbose)
    return mask


def find_multilabel_issues_per_class(
    labels: Any,
    pred_probs: Any,
    return_indices_ranked_by: str | None = None,
    rank_by_kwargs: dict[str, Any] = {},
    filter_by: str = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    n_jobs: int | None = None,
    verbose: bool = False,
    low_memory: bool = False,
    *,
    class_names: Any = None,
) -> Any:
    """Label issues of each class on its own: an N x K mask, True where a class is wrongly given or
    missing.

    With ``return_indices_ranked_by`` a tuple of three lists with an element for each class: the
    indices of its issues, ranked; its labels as zeros and ones; its probabilities, N x 2.
    Parameters as in find_label_issues.
    """
    label_sets, pred_probs = as_multilabel(
        numbered_sets(labels, class_names), pred_probs
    )
    num_classes = pred_probs.shape[1]
    options = _options(
        num_classes,
        filter_by,
        frac_noise,
        num_to_remove_per_class,
        min_examples_per_class,
        confident_joint,
    )
    threads = num_threads(n_jobs)
    if return_indices_ranked_by is None:
        mask = _core.find_multilabel_issues_per_class(label_sets, pred_probs, *options, threads)
        _say_by_class(mask.sum(axis=0), verbose)
        return mask
    adjust = _adjusted(**(rank_by_kwargs or {}))
    name = check_score_method(return_indices_ranked_by, adjust)
    indices = _core.rank_multilabel_issues_per_class(
        label_sets, pred_probs, *options, name, adjust, threads
    )
    _say_by_class([len(found) for found in indices], verbose)
    given = list(label_columns(label_sets, num_classes))
    present = [pred_probs[:, label] for label in range(num_classes)]
    return indices, given, [np.stack([1 - p, p], axis=1) for p in present]


def _options(
    num_classes: int,
    filter_by: str,
    frac_noise: float,
    num_to_remove_per_class: Any,
    min_examples_per_class: int,
    confident_joint: Any,
) -> tuple[str, float, np.ndarray | None, int, np.ndarray | None]:
    """The options of the filter as the engine takes them."""
    assert filter_by in PRUNE_FILTERS + OTHER_FILTERS, f"filter_by: unknown filter {filter_by!r}"
    to_remove = check_prune_options(filter_by, frac_noise, num_to_remove_per_class)
    joints = class_joints(confident_joint, num_classes)
    if filter_by == "confident_learning" and joints is not None:
        warnings.warn(
            "The supplied `confident_joint` is ignored when `filter_by = 'confident_learning'`: it "
            "is counted from the labels and pred_probs. Other filters use a supplied one.",
            stacklevel=3,
        )
        joints = None
    return filter_by, float(frac_noise), to_remove, int(min_examples_per_class), joints


def _adjusted(*, adjust_pred_probs: bool = False) -> bool:
    return adjust_pred_probs is True


def _say(text: str, verbose: bool) -> None:
    if verbose:
        print(text)


def _say_by_class(counts: Any, verbose: bool) -> None:
    for label, count in enumerate(counts):
        _say(f"Number of label issues found in class {label}: {count}", verbose)
