"""Label issues, scores and health of classification data, as the command's tables have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_pred_probs, num_threads
from labelsieve._class_names import label_cells, named_labels
from labelsieve._issue_options import Options, Selection
from labelsieve._issue_table import IssueTable, chosen_cells, counted

__all__ = ["Health", "expectation", "find_issues", "health", "line_of", "score_labels"]


def find_issues(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any = None,
    ids: Any = None,
    text: Any = None,
    filter_by: str = "auto",
    method: str = "auto",
    adjust_pred_probs: bool = False,
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    collision: str = "row_argmax",
    classes: Any = None,
    exclude: Any = None,
    threshold: float | None = None,
    ignore: Any = None,
    top: int | None = None,
    n_jobs: int | None = None,
) -> IssueTable:
    """The examples whose labels are wrong, worst first, as ``labelsieve find`` lists them.

    Columns: rank (from 1), index (from 0), given_label, suggested_label, label_quality,
    self_confidence, suggested_prob, then id and text where ``ids`` and ``text`` give them (one
    element an example).

    ``labels`` are numbers of columns, or names; ``pred_probs`` is N x K, out-of-sample.
    ``class_names`` names the columns. Without it the names are those of a frame's columns, or the
    sorted labels where they are names and as many as there are columns.

    The default, ``auto``, flags where the expected F1 is best and says how many errors it expects
    (``expected_errors``); the other filters and methods are those of filter.find_label_issues and
    rank.get_label_quality_scores. Where ``frac_noise``, ``num_to_remove_per_class``,
    ``min_examples_per_class``, ``confident_joint`` or ``collision`` is given, ``auto`` is
    prune_by_noise_rate; with ``adjust_pred_probs`` the method is self_confidence.

    Of what the filter flags, ``classes`` keeps given labels, ``exclude`` leaves pairs (given,
    suggested) out, ``threshold`` keeps lower label qualities, and ``ignore`` leaves out ids or
    indices that were checked. ``top`` shortens the list and nothing else. ``n_jobs`` is the number
    of threads, None for all; the answer is the same for any.
    """
    options = Options(
        filter_by,
        method,
        adjust_pred_probs,
        frac_noise,
        num_to_remove_per_class,
        min_examples_per_class,
        confident_joint,
        collision,
    ).resolved()
    matrix = as_pred_probs(pred_probs)
    numbers, names = named_labels(labels, pred_probs, matrix.shape[1], class_names)
    selection = Selection(classes, exclude, threshold, ignore, top)
    mask, flagged, expected = _core.find_examples(
        numbers, matrix, options.engine(), False, num_threads(n_jobs)
    )
    found: tuple[np.ndarray, ...] = flagged
    num_flagged = len(found[0])
    keep = selection.kept(found, names, matrix.shape[1], ids)
    if not keep.all():
        mask[found[0][~keep]] = False
        found = tuple(column[keep] for column in found)
    num_issues = len(found[0])
    shown = selection.shown(num_issues)
    found = tuple(column[:shown] for column in found)
    columns: dict[str, Any] = {"rank": np.arange(1, shown + 1), **_example_columns(found, names)}
    _add_texts(columns, ids, text, found[0], len(matrix))
    summary = {
        "options": {**options.summary(), **_said(selection)},
        "num_examples": len(matrix),
        "num_classes": matrix.shape[1],
        "class_names": names,
        "num_flagged": num_flagged,
        "num_issues": num_issues,
        **expectation(expected),
        "num_listed": shown,
    }
    of = counted(matrix.shape[1], "class", "classes")
    return IssueTable(columns, summary, line_of(summary, len(matrix), "examples", of), mask)


def score_labels(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any = None,
    ids: Any = None,
    text: Any = None,
    filter_by: str = "auto",
    method: str = "auto",
    adjust_pred_probs: bool = False,
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    collision: str = "row_argmax",
    n_jobs: int | None = None,
) -> IssueTable:
    """Every example in input order: its label quality, and whether the filter flags it, as
    ``labelsieve score`` lists them.

    Columns: index, given_label, suggested_label, label_quality, is_label_issue, self_confidence,
    suggested_prob, then id and text. The options are those of find_issues.
    """
    options = Options(
        filter_by,
        method,
        adjust_pred_probs,
        frac_noise,
        num_to_remove_per_class,
        min_examples_per_class,
        confident_joint,
        collision,
    ).resolved()
    matrix = as_pred_probs(pred_probs)
    numbers, names = named_labels(labels, pred_probs, matrix.shape[1], class_names)
    mask, found, expected = _core.find_examples(
        numbers, matrix, options.engine(), True, num_threads(n_jobs)
    )
    cells = _example_columns(found, names)
    columns: dict[str, Any] = {}
    for name, values in cells.items():
        columns[name] = values
        if name == "label_quality":
            columns["is_label_issue"] = mask
    _add_texts(columns, ids, text, found[0], len(matrix))
    summary = {
        "options": options.summary(),
        "num_examples": len(matrix),
        "num_classes": matrix.shape[1],
        "class_names": names,
        "num_issues": int(np.count_nonzero(mask)),
        **expectation(expected),
    }
    of = counted(matrix.shape[1], "class", "classes")
    return IssueTable(columns, summary, line_of(summary, len(matrix), "examples", of), mask)


class Health(IssueTable):
    """The classes from the lowest label quality, and what is said of all."""

    #: Pairs of classes that are taken for each other, the commonest first: class_a, class_b,
    #: estimated_num_overlapping, estimated_joint_probability.
    overlapping_classes: IssueTable

    @property
    def overall_label_health_score(self) -> float:
        """1 minus the share of examples that find_issues lists."""
        return float(self.summary["overall_label_health_score"])


def health(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any = None,
    filter_by: str = "auto",
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    collision: str = "row_argmax",
    n_jobs: int | None = None,
) -> Health:
    """How good the labels of each class are, which classes are taken for each other, and the whole,
    as ``labelsieve health`` says.

    Columns: class, num_examples, num_issues (as find_issues flags them), then what the confident
    joint estimates: estimated_label_issues, estimated_inverse_label_issues,
    estimated_label_noise, estimated_inverse_label_noise, estimated_label_quality_score.
    """
    options = Options(
        filter_by,
        "auto",
        False,
        frac_noise,
        num_to_remove_per_class,
        min_examples_per_class,
        confident_joint,
        collision,
    ).resolved()
    matrix = as_pred_probs(pred_probs)
    numbers, names = named_labels(labels, pred_probs, matrix.shape[1], class_names)
    mask, counts, joint, expected = _core.examine(
        numbers, matrix, options.engine(), num_threads(n_jobs)
    )
    if confident_joint is not None:
        joint = np.asarray(confident_joint, dtype=np.float64)
        joint = joint / sum(joint.ravel().tolist())
    order, issues, inverse, noise, inverse_noise, quality = _core.rank_classes_by_label_quality(
        joint, len(matrix)
    )
    by_class = np.bincount(numbers[mask].astype(np.int64), minlength=matrix.shape[1])
    columns = {
        "class": label_cells(order, names),
        "num_examples": counts[order],
        "num_issues": by_class[order],
        "estimated_label_issues": issues,
        "estimated_inverse_label_issues": inverse,
        "estimated_label_noise": noise,
        "estimated_inverse_label_noise": inverse_noise,
        "estimated_label_quality_score": quality,
    }
    num_issues = int(np.count_nonzero(mask))
    summary = {
        "options": options.summary(),
        "num_examples": len(matrix),
        "num_classes": matrix.shape[1],
        "class_names": names,
        "num_issues": num_issues,
        **expectation(expected),
        "overall_label_health_score": 1 - num_issues / len(matrix),
    }
    line = (
        f"Overall label health score {summary['overall_label_health_score']:.4f}: "
        f"{counted(num_issues, 'label issue', 'label issues')} in "
        f"{counted(len(matrix), 'example', 'examples')}{_expected_text(summary)}."
    )
    result = Health(columns, summary, line, mask)
    result.overlapping_classes = _overlaps(joint, len(matrix), names)
    return result


def _overlaps(joint: np.ndarray, num_examples: int, names: list[str] | None) -> IssueTable:
    one, other, number, probability = _core.find_overlapping_classes(joint, num_examples, False)
    some = probability > 0
    columns = {
        "class_a": label_cells(one[some], names),
        "class_b": label_cells(other[some], names),
        "estimated_num_overlapping": number[some],
        "estimated_joint_probability": probability[some],
    }
    line = f"{counted(int(some.sum()), 'pair', 'pairs')} of classes taken for each other."
    return IssueTable(columns, {"num_pairs": int(some.sum())}, line)


def expectation(expected: tuple[float, float, float] | None) -> dict[str, float]:
    """The expected errors as a summary has them."""
    names = ("expected_errors", "expected_errors_low", "expected_errors_high")
    return {} if expected is None else dict(zip(names, expected))


def line_of(
    summary: dict[str, Any], among: int, units: str, of: str, what: str = "label issue"
) -> str:
    """A sentence such as: 57 label issues in 1797 examples (3.17 %) of 10 classes."""
    number = summary["num_issues"]
    line = (
        f"{counted(number, what, what + 's')} in {counted(among, units[:-1], units)} "
        f"({100 * number / max(among, 1):.2f} %) of {of}{_expected_text(summary)}"
    )
    listed = summary.get("num_listed", number)
    if listed < number:
        line += f"; the worst {listed} listed"
    left_out = summary.get("num_flagged", number) - number
    return line + (f"; {left_out} more left out as asked." if left_out > 0 else ".")


def _expected_text(summary: dict[str, Any]) -> str:
    if "expected_errors" not in summary:
        return ""
    return f"; {summary['expected_errors']:.0f} expected by the automatic method"


def _example_columns(found: tuple[np.ndarray, ...], names: list[str] | None) -> dict[str, Any]:
    index, given, suggested, quality, confidence, probability = found
    return {
        "index": index,
        "given_label": label_cells(given, names),
        "suggested_label": label_cells(suggested, names),
        "label_quality": quality,
        "self_confidence": confidence,
        "suggested_prob": probability,
    }


def _add_texts(
    columns: dict[str, Any], ids: Any, text: Any, indices: np.ndarray, count: int
) -> None:
    if ids is not None:
        columns["id"] = chosen_cells(ids, indices, count, "ids")
    if text is not None:
        columns["text"] = chosen_cells(text, indices, count, "text")


def _said(selection: Selection) -> dict[str, Any]:
    """The selection as the summary's options have it."""
    ignored = None if selection.ignore is None else len(list(selection.ignore))
    return {
        "classes": selection.classes,
        "exclude": selection.exclude,
        "threshold": selection.threshold,
        "num_ignored": ignored,
        "top": selection.top,
    }
