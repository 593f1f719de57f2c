"""How healthy a dataset is: class by class, pair by pair, and overall. Tables are pandas frames.

With ``class_names``, labels may be names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_pred_probs
from labelsieve._checks import as_joint, check_labels
from labelsieve._class_names import numbered_labels
from labelsieve.count import estimate_joint, num_label_issues

__all__ = [
    "find_overlapping_classes",
    "health_summary",
    "overall_label_health_score",
    "rank_classes_by_label_quality",
]

_MAX_PRINTED_ROWS = 60


def rank_classes_by_label_quality(
    labels: Any = None,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    num_examples: int | None = None,
    joint: Any = None,
    confident_joint: Any = None,
    multi_label: bool = False,
) -> Any:
    """A frame with a row per class, the worst first: Class Name (when named), Class Index, Label
    Issues, Inverse Label Issues, Label Noise, Inverse Label Noise, Label Quality Score.

    Takes ``labels`` and ``pred_probs``, or a ``joint`` (whose sum is 1) and ``num_examples``.
    """
    _refuse_multilabel(multi_label, "rank_classes_by_multilabel_quality")
    labels = _numbered(labels, class_names)
    joint = _joint_of(labels, pred_probs, joint, confident_joint)
    examples = _num_examples(num_examples, labels)
    label, issues, inverse_issues, noise, inverse_noise, quality = (
        _core.rank_classes_by_label_quality(joint, examples)
    )
    frame = _pandas().DataFrame(
        {
            "Class Index": label.astype(np.int64),
            "Label Issues": issues,
            "Inverse Label Issues": inverse_issues,
            "Label Noise": noise,
            "Inverse Label Noise": inverse_noise,
            "Label Quality Score": quality,
        }
    )
    if class_names is not None:
        names = [class_names[k] for k in range(len(class_names))]
        if len(names) != len(joint):
            raise ValueError(f"{len(names)} class names were given for {len(joint)} classes")
        frame.insert(loc=0, column="Class Name", value=[names[k] for k in label])
    return frame


def find_overlapping_classes(
    labels: Any = None,
    pred_probs: Any = None,
    *,
    asymmetric: bool = False,
    class_names: Any = None,
    num_examples: int | None = None,
    joint: Any = None,
    confident_joint: Any = None,
    multi_label: bool = False,
) -> Any:
    """A frame with a row per pair of classes, those most often taken for each other first: Class
    Name A, Class Name B (when named), Class Index A, Class Index B, Num Overlapping Examples, Joint
    Probability. When ``asymmetric`` A is the given class and B the true one.
    """
    _refuse_multilabel(multi_label, "common_multilabel_issues")
    labels = _numbered(labels, class_names)
    joint = _joint_of(labels, pred_probs, joint, confident_joint)
    examples = _num_examples(num_examples, labels, confident_joint)
    class_a, class_b, num_overlapping, probability = _core.find_overlapping_classes(
        joint, examples, bool(asymmetric)
    )
    frame = _pandas().DataFrame(
        {
            "Class Index A": class_a.astype(np.int64),
            "Class Index B": class_b.astype(np.int64),
            "Num Overlapping Examples": num_overlapping,
            "Joint Probability": probability,
        }
    )
    if class_names is not None:
        for position, side in enumerate("AB"):
            names = [class_names[k] for k in frame[f"Class Index {side}"]]
            frame.insert(loc=position, column=f"Class Name {side}", value=names)
    return frame


def overall_label_health_score(
    labels: Any = None,
    pred_probs: Any = None,
    *,
    num_examples: int | None = None,
    confident_joint: Any = None,
    joint: Any = None,
    multi_label: bool = False,
    verbose: bool = True,
    class_names: Any = None,
) -> float:
    """The share of the labels that are right, between 0 and 1."""
    _refuse_multilabel(multi_label, "overall_multilabel_health_score")
    labels = _numbered(labels, class_names)
    examples = _num_examples(num_examples, labels, confident_joint)
    if labels is None or pred_probs is None:
        trace = _joint_of(labels, pred_probs, joint, confident_joint).trace()
        num_issues = round(examples * (1 - trace))
        score = trace
    else:
        num_issues = num_label_issues(labels, pred_probs, confident_joint=confident_joint)
        score = 1 - num_issues / examples
    if verbose:
        _print_overall(score, num_issues, examples)
    return float(score)


def health_summary(
    labels: Any = None,
    pred_probs: Any = None,
    *,
    asymmetric: bool = False,
    class_names: Any = None,
    num_examples: int | None = None,
    joint: Any = None,
    confident_joint: Any = None,
    multi_label: bool = False,
    verbose: bool = True,
) -> dict[str, Any]:
    """All of the above: {overall_label_health_score, joint, classes_by_label_quality,
    overlapping_classes}; printed when ``verbose``."""
    _refuse_multilabel(multi_label, "multilabel_health_summary")
    labels = _numbered(labels, class_names)
    counted = None
    if joint is None and confident_joint is None and labels is not None and pred_probs is not None:
        joint, counted = _count(labels, pred_probs)
    joint = _joint_of(labels, pred_probs, joint, confident_joint)
    examples = _num_examples(num_examples, labels, confident_joint)
    shared: dict[str, Any] = {
        "class_names": class_names,
        "num_examples": examples,
        "joint": joint,
    }
    classes = rank_classes_by_label_quality(**shared)
    overlaps = find_overlapping_classes(asymmetric=asymmetric, **shared)
    if verbose:
        title = f"Label health of {examples:,} examples in {len(joint):,} classes"
        print(f"{title}\n{'-' * len(title)}\n\nClasses, the worst first:\n\n{_text(classes)}\n")
        print(f"Classes that overlap; those at the top may be one class:\n\n{_text(overlaps)}\n")
    if counted is None:
        score = overall_label_health_score(
            labels,
            pred_probs,
            num_examples=examples,
            confident_joint=confident_joint,
            joint=joint,
            verbose=verbose,
        )
    else:
        score = 1 - counted / examples
        if verbose:
            _print_overall(score, counted, examples)
    return {
        "overall_label_health_score": score,
        "joint": joint,
        "classes_by_label_quality": classes,
        "overlapping_classes": overlaps,
    }


def _refuse_multilabel(multi_label: bool, instead: str) -> None:
    if multi_label:
        raise ValueError(
            f"For multilabel data, please instead call: multilabel_classification.dataset.{instead}"
            "()"
        )


def _numbered(labels: Any, class_names: Any) -> Any:
    """Labels that are some of the names as the numbers of columns."""
    return labels if labels is None else numbered_labels(labels, class_names)


def _joint_of(labels: Any, pred_probs: Any, joint: Any, confident_joint: Any) -> np.ndarray:
    if joint is not None:
        return as_joint(joint, "joint")
    if pred_probs is None and confident_joint is None:
        raise ValueError("give labels and pred_probs, or a joint, or a confident_joint")
    return estimate_joint(labels, pred_probs, confident_joint=confident_joint)


def _count(labels: Any, pred_probs: Any) -> tuple[np.ndarray, int]:
    """The joint and the number of wrong labels, from one pass over the probabilities."""
    labels = numbered_labels(labels, None)
    check_labels(labels)
    _, calibrated, num_issues = _core.confident_joint(labels, as_pred_probs(pred_probs))
    return estimate_joint(None, None, confident_joint=calibrated), int(num_issues)


def _print_overall(score: float, num_issues: int, examples: int) -> None:
    print(
        f" * Overall, about {1 - score:.0%} ({num_issues:,} of the {examples:,}) labels in "
        "your dataset have potential issues.\n"
        f" ** The overall label health score for this dataset is: {score:.2f}."
    )


def _num_examples(num_examples: int | None, labels: Any, confident_joint: Any = None) -> int:
    if num_examples is not None:
        return int(num_examples)
    if labels is not None:
        return len(labels)
    if confident_joint is None:
        raise ValueError(
            "num_examples is None: provide it with the joint, or the labels, or a confident_joint"
        )
    return int(np.sum(confident_joint))


def _text(frame: Any) -> str:
    """A frame with all its columns and at most its first rows."""
    text = str(frame.head(_MAX_PRINTED_ROWS).to_string())
    left_out = len(frame) - _MAX_PRINTED_ROWS
    return text if left_out <= 0 else f"{text}\n… and {left_out:,} more rows"


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise ImportError("tables of dataset health use pandas: pip install pandas") from error
    return pandas
