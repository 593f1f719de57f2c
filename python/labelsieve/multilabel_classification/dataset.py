"""How healthy a multi-label dataset is, class by class and overall. Tables are pandas frames."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._checks import class_joints
from labelsieve._class_names import numbered_sets
from labelsieve._label_sets import as_multilabel

__all__ = [
    "common_multilabel_issues",
    "multilabel_health_summary",
    "overall_multilabel_health_score",
    "rank_classes_by_multilabel_quality",
]


def common_multilabel_issues(
    labels: Any = list,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    confident_joint: Any = None,
) -> Any:
    """A frame with two rows for each class, the most frequent issue first: Class Name (when
    named), Class Index, In Given Label, In Suggested Label, Num Examples, Issue Probability.

    Num Examples counts those that wrongly have the class (In Given Label is True), or lack it.
    """
    issues, _, _ = _health(numbered_sets(labels, class_names), pred_probs, confident_joint)
    return _issues_frame(issues, class_names)


def rank_classes_by_multilabel_quality(
    labels: Any = None,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    joint: Any = None,
    confident_joint: Any = None,
) -> Any:
    """A frame with a row for each class, the worst first: Class Name (when named), Class Index,
    Label Issues, Inverse Label Issues, Label Noise, Inverse Label Noise, Label Quality Score.

    Noise is the share of all examples that wrongly have the class (or, inverse, lack it).
    ``joint`` and ``confident_joint`` are two names for joints of the shape (K, 2, 2).
    """
    if joint is None:
        joint = confident_joint
    _, classes, _ = _health(numbered_sets(labels, class_names), pred_probs, joint)
    return _classes_frame(classes, class_names)


def overall_multilabel_health_score(
    labels: Any = None,
    pred_probs: Any = None,
    *,
    confident_joint: Any = None,
    class_names: Any = None,
) -> float:
    """The share of the examples none of whose classes is flagged."""
    _, _, score = _health(numbered_sets(labels, class_names), pred_probs, confident_joint)
    return score


def multilabel_health_summary(
    labels: Any = None,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    num_examples: int | None = None,
    confident_joint: Any = None,
    verbose: bool = True,
) -> dict[str, Any]:
    """All of the above: {overall_multilabel_health_score, classes_by_multilabel_quality,
    common_multilabel_issues}; printed when ``verbose``."""
    labels = numbered_sets(labels, class_names)
    issues, classes, score = _health(labels, pred_probs, confident_joint)
    summary = {
        "overall_multilabel_health_score": score,
        "classes_by_multilabel_quality": _classes_frame(classes, class_names),
        "common_multilabel_issues": _issues_frame(issues, class_names),
    }
    if verbose:
        examples = len(pred_probs) if num_examples is None else num_examples
        title = f"Label health of {examples:,} examples with several labels each"
        print(f"{title}\n{'-' * len(title)}\n\nClasses, the worst first:\n")
        print(f"{_text(summary['classes_by_multilabel_quality'])}\n\nThe most frequent issues:\n")
        print(_text(summary["common_multilabel_issues"]))
        print(f"\n{score:.1%} of the examples have no label issue.")
    return summary


def _health(labels: Any, pred_probs: Any, joint: Any) -> tuple[Any, Any, float]:
    if labels is None or labels is list or pred_probs is None:
        raise ValueError("both labels and pred_probs must be provided")
    label_sets, pred_probs = as_multilabel(labels, pred_probs)
    joints = class_joints(joint, pred_probs.shape[1])
    issues, classes, score = _core.multilabel_health(label_sets, pred_probs, joints)
    return issues, classes, score


def _issues_frame(table: tuple[np.ndarray, ...], class_names: Any) -> Any:
    label, given, num_examples, probability = table
    columns = {
        "Class Index": label.astype(np.int64),
        "In Given Label": given,
        "In Suggested Label": ~given,
        "Num Examples": num_examples,
        "Issue Probability": probability,
    }
    return _frame(columns, class_names)


def _classes_frame(table: tuple[np.ndarray, ...], class_names: Any) -> Any:
    label, issues, inverse_issues, noise, inverse_noise, quality = table
    columns = {
        "Class Index": label.astype(np.int64),
        "Label Issues": issues,
        "Inverse Label Issues": inverse_issues,
        "Label Noise": noise,
        "Inverse Label Noise": inverse_noise,
        "Label Quality Score": quality,
    }
    return _frame(columns, class_names)


def _frame(columns: dict[str, np.ndarray], class_names: Any) -> Any:
    try:
        import pandas
    except ImportError as error:
        raise ImportError("tables of dataset health use pandas: pip install pandas") from error
    frame = pandas.DataFrame(columns)
    if class_names is not None:
        names = list(class_names)
        given = [names[label] for label in columns["Class Index"]]
        frame.insert(loc=0, column="Class Name", value=given)
    return frame


def _text(frame: Any) -> str:
    return str(frame.to_string(max_rows=60))
