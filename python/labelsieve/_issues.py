"""Label issues, scores and health of classification data, as the command's tables have them."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from labelsieve import _core
from labelsieve._arguments import call_with
from labelsieve._arrays import num_threads
from labelsieve._class_names import label_cells
from labelsieve._data_warnings import warn_about_data
from labelsieve._examples import Examples, read_examples
from labelsieve._issue_options import Options, Selection
from labelsieve._issue_table import IssueTable, chosen_cells, counted

__all__ = [
    "Health",
    "class_tables",
    "expectation",
    "expected_text",
    "find_issues",
    "health",
    "line_of",
    "score_labels",
    "shares",
    "without_skipped",
]


def find_issues(
    labels: Any,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    ids: Any = None,
    text: Any = None,
    logits: bool = False,
    skip_invalid: bool = False,
    ensemble_weights: Any = "accuracy",
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

    ``labels`` are numbers of columns, or names; ``pred_probs`` is N x K, out-of-sample, or where
    there are two classes, N probabilities of the second. A list of such matrices is an ensemble:
    its issues are those of the weighted mean of the probabilities, the label quality is the
    weighted mean of the models'. ``ensemble_weights`` is accuracy, uniform, log_loss_search, or a
    number for each model. What does not fit into memory comes in batches: give labelsieve.Batches
    as ``labels`` and no ``pred_probs``. ``class_names`` names the columns. Without it the names are
    those of a frame's columns, or the sorted labels where they are names and as many as there are
    columns.

    ``logits``: take the softmax of each row first (of one column the sigmoid). ``skip_invalid``:
    leave out, and count in the summary, examples whose label is missing or in no class, or whose
    probabilities are not all in [0, 1]; without it they are errors.

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
    arguments = locals()
    options, threads = call_with(Options, arguments).resolved(), num_threads(n_jobs)
    data = call_with(read_examples, arguments, threads=threads)
    selection = call_with(Selection, arguments)
    findings = _core.find_issues(data.source, options.engine(), threads)
    warn_about_data(findings, "examples")
    mask, found, num_flagged = _selected(data, findings, options, selection, ids, threads)
    num_issues = len(found[0])
    shown = selection.shown(num_issues)
    found = tuple(column[:shown] for column in found)
    columns: dict[str, Any] = {
        "rank": np.arange(1, shown + 1),
        **_example_columns(found, data.names),
    }
    _add_texts(columns, ids, text, found[0], len(mask))
    summary = {
        "options": {**options.summary(), **selection.summary()},
        **_sizes(data, findings, mask),
        "num_flagged": num_flagged,
        "num_issues": num_issues,
        **expectation(findings.expectation),
        "num_listed": shown,
    }
    of = counted(data.num_classes, "class", "classes")
    line = line_of(summary, summary["num_examples"], "examples", of)
    return IssueTable(columns, summary, line, mask)


def score_labels(
    labels: Any,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    ids: Any = None,
    text: Any = None,
    logits: bool = False,
    skip_invalid: bool = False,
    ensemble_weights: Any = "accuracy",
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
    suggested_prob, then id and text; of an example that ``skip_invalid`` leaves out the index, id
    and text alone. The options are those of find_issues.
    """
    arguments = locals()
    options, threads = call_with(Options, arguments).resolved(), num_threads(n_jobs)
    data = call_with(read_examples, arguments, threads=threads)
    engine = options.engine()
    findings = _core.find_issues(data.source, engine, threads)
    warn_about_data(findings, "examples")
    mask = findings.mask
    found = without_skipped(_core.list_examples(data.source, findings, None, engine, threads))
    columns: dict[str, Any] = {}
    for name, values in _example_columns(found, data.names).items():
        columns[name] = values
        if name == "label_quality":
            columns["is_label_issue"] = mask
    _add_texts(columns, ids, text, found[0], len(mask))
    summary = {
        "options": options.summary(),
        **_sizes(data, findings, mask),
        "num_issues": int(np.count_nonzero(mask)),
        **expectation(findings.expectation),
    }
    of = counted(data.num_classes, "class", "classes")
    line = line_of(summary, summary["num_examples"], "examples", of)
    return IssueTable(columns, summary, line, mask)


H = TypeVar("H", bound="Health")


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
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    ids: Any = None,
    logits: bool = False,
    skip_invalid: bool = False,
    ensemble_weights: Any = "accuracy",
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
    n_jobs: int | None = None,
) -> Health:
    """How good the labels of each class are, which classes are taken for each other, and the whole,
    as ``labelsieve health`` says.

    Columns: class, num_examples, num_issues (as find_issues says with the same options), then what
    the confident joint estimates: estimated_label_issues, estimated_inverse_label_issues,
    estimated_label_noise, estimated_inverse_label_noise, estimated_label_quality_score. The options
    are those of find_issues.
    """
    arguments = locals()
    options, threads = call_with(Options, arguments).resolved(), num_threads(n_jobs)
    data = call_with(read_examples, arguments, threads=threads)
    selection = call_with(Selection, arguments)
    findings = _core.find_issues(data.source, options.engine(), threads)
    warn_about_data(findings, "examples")
    mask, found, num_flagged = _selected(data, findings, options, selection, ids, threads)
    sizes = _sizes(data, findings, mask)
    num_examples, num_issues = sizes["num_examples"], len(found[0])
    summary = {
        "options": {**options.summary(), **selection.summary()},
        **sizes,
        "num_flagged": num_flagged,
        "num_issues": num_issues,
        **expectation(findings.expectation),
        "overall_label_health_score": 1 - num_issues / num_examples,
    }
    return class_tables(findings, confident_joint, found[1], summary, "examples", mask, Health)


def class_tables(
    findings: _core.Findings,
    confident_joint: Any,
    wrong_labels: np.ndarray,
    summary: dict[str, Any],
    units: str,
    mask: np.ndarray,
    table: type[H],
) -> H:
    """The classes and their pairs; ``wrong_labels`` are the given labels of the issues."""
    names, counts = summary["class_names"], findings.label_counts
    num_examples, num_issues = summary["num_examples"], summary["num_issues"]
    joint = findings.joint
    if confident_joint is not None:
        joint = np.asarray(confident_joint, dtype=np.float64)
        joint = joint / sum(joint.ravel().tolist())
    order, issues, inverse, noise, inverse_noise, quality = _core.rank_classes_by_label_quality(
        joint, num_examples
    )
    columns = {
        "class": label_cells(order, names),
        "num_examples": counts[order],
        "num_issues": np.bincount(wrong_labels, minlength=len(counts))[order],
        "estimated_label_issues": issues,
        "estimated_inverse_label_issues": inverse,
        "estimated_label_noise": noise,
        "estimated_inverse_label_noise": inverse_noise,
        "estimated_label_quality_score": quality,
    }
    line = (
        f"Overall label health score {summary['overall_label_health_score']:.4f}: "
        f"{counted(num_issues, 'label issue', 'label issues')} in "
        f"{counted(num_examples, units[:-1], units)}{expected_text(summary)}."
    )
    result = table(columns, summary, line, mask)
    result.overlapping_classes = _overlaps(joint, num_examples, names)
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


def _selected(
    data: Examples,
    findings: _core.Findings,
    options: Options,
    selection: Selection,
    ids: Any,
    threads: int,
) -> tuple[np.ndarray, tuple[np.ndarray, ...], int]:
    """(mask, columns of the issues, how many the filter flagged), after the selection."""
    mask = findings.mask
    found: tuple[np.ndarray, ...] = _core.list_examples(
        data.source, findings, mask, options.engine(), threads
    )
    num_flagged = len(found[0])
    keep = selection.kept(found, data.names, data.num_classes, ids)
    if not keep.all():
        mask[found[0][~keep]] = False
        found = tuple(column[keep] for column in found)
    return mask, found, num_flagged


def _sizes(data: Examples, findings: _core.Findings, mask: np.ndarray) -> dict[str, Any]:
    num_examples = int(findings.label_counts.sum())
    sizes = {
        "num_examples": num_examples,
        "num_skipped": len(mask) - num_examples,
        "num_classes": data.num_classes,
        "class_names": data.names,
    }
    return sizes if data.weights is None else {**sizes, "ensemble_weights": data.weights}


def without_skipped(columns: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Columns of all examples, with nothing but the index of those that were left out."""
    index, given, suggested, *numbers = columns
    skipped = given < 0
    if not skipped.any():
        return columns
    numbers = [np.where(skipped, np.nan, column) for column in numbers]
    return (index, given, np.where(skipped, -1, suggested), *numbers)


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
        f"({100 * number / max(among, 1):.2f} %) of {of}{expected_text(summary)}"
    )
    return line + shares(summary)


def shares(summary: dict[str, Any]) -> str:
    """The end of a sentence: what is not listed."""
    number, text = summary["num_issues"], ""
    listed = summary.get("num_listed", number)
    if listed < number:
        text += f"; the worst {listed} listed"
    left_out = summary.get("num_flagged", number) - number
    return text + (f"; {left_out} more left out as asked." if left_out > 0 else ".")


def expected_text(summary: dict[str, Any], what: str = "") -> str:
    if "expected_errors" not in summary:
        return ""
    return f"; {summary['expected_errors']:.0f}{what} expected by the automatic method"


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
