"""Wrong labels of multi-label data, scores and health, as the command's tables have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arguments import call_with
from labelsieve._arrays import num_threads
from labelsieve._checks import class_joints
from labelsieve._class_names import label_cells
from labelsieve._issue_options import Options, Selection, class_number, ignored_indices
from labelsieve._issue_table import IssueTable, chosen_cells, counted
from labelsieve._issues import expectation, line_of
from labelsieve._multilabel_data import MultilabelData, read_label_sets

__all__ = [
    "MultilabelHealth",
    "find_multilabel_issues",
    "multilabel_health",
    "score_multilabel_labels",
]


def find_multilabel_issues(
    labels: Any,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    ids: Any = None,
    text: Any = None,
    per_class: bool = False,
    logits: bool = False,
    skip_invalid: bool = False,
    filter_by: str = "prune_by_noise_rate",
    method: str = "self_confidence",
    adjust_pred_probs: bool = False,
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    aggregator: str = "exponential_moving_average",
    alpha: float | None = 0.8,
    softmin_temperature: float = 0.1,
    classes: Any = None,
    threshold: float | None = None,
    ignore: Any = None,
    top: int | None = None,
    n_jobs: int | None = None,
) -> IssueTable:
    """The examples with labels to add or to take away, worst first, as ``labelsieve find`` lists
    them for multi-label data.

    Columns: rank (from 1), index (from 0), id where ``ids`` give it, given_labels,
    suggested_labels, add, remove (lists), label_quality, and text where ``text`` gives it. With
    ``per_class`` every wrong label is a row: rank, index, id, class, action (add or remove),
    label_quality of the class, text; ``mask`` is then N x K.

    ``labels`` are a list with the classes of each example (numbers of columns or names), or an
    N x K matrix of zeros and ones. The probabilities of a row need not add up to 1. What does not
    fit into memory comes in batches of both: give labelsieve.Batches in the place of ``labels``.
    ``class_names`` names the columns; without it those of a frame are taken. ``logits``: take the
    sigmoid of each number first. ``skip_invalid``: leave out, and count in the summary, examples
    whose set is missing or has what is no class, or whose probabilities are not all in [0, 1].

    ``filter_by="auto"`` and ``method="auto"`` are the automatic method in each class; it is not the
    default here, docs/quality.md says when it is better. ``confident_joint`` is K x 2 x 2.
    ``aggregator`` (exponential_moving_average with ``alpha``, None for 2 / (K + 1); softmin
    with ``softmin_temperature``; min; mean) pools the scores of the classes. The other options are
    those of find_issues; ``classes`` keeps examples in which such a class is wrong.
    """
    arguments = locals()
    options, threads = call_with(Options, arguments).resolved(), num_threads(n_jobs)
    data = call_with(read_label_sets, arguments, threads=threads)
    search = _search(options, data.num_classes, aggregator, alpha, softmin_temperature)
    selection = call_with(Selection, arguments)
    findings = _core.find_multilabel(data.examples, search, per_class, threads)
    rows, _, _ = findings.wrong
    num_flagged = len(rows) if per_class else int(np.count_nonzero(findings.mask))
    _select(findings, data, selection, ids, per_class)
    found: Any
    if per_class:
        found = _core.list_multilabel_classes(data.examples, findings, search, threads)
        keep = _below(found[3], threshold)
        mask = np.zeros((data.num_rows, data.num_classes), dtype=bool)
        mask[found[0][keep], found[1][keep]] = True
    else:
        found = _core.list_multilabel_examples(data.examples, findings, search, None, threads)
        keep = _below(found[5], threshold)
        mask = findings.mask
        mask[found[0][~keep]] = False
    num_issues = int(keep.sum())
    places = np.flatnonzero(keep)[: selection.shown(num_issues)]
    columns = {"rank": np.arange(1, len(places) + 1), **_first_columns(found[0][places], ids, data)}
    if per_class:
        columns["class"] = label_cells(found[1][places], data.names)
        columns["action"] = ["remove" if given else "add" for given in found[2][places].tolist()]
    else:
        sets = zip(("given_labels", "suggested_labels", "add", "remove"), found[1:5])
        columns.update({name: _set_cells(column, places, data) for name, column in sets})
    columns["label_quality"] = found[-1][places]
    _add_text(columns, text, data)
    summary = {
        "options": {
            **options.summary(),
            "per_class": per_class,
            **({} if per_class else {"aggregator": aggregator}),
            **selection.summary(),
        },
        **data.sizes(),
        "num_flagged": num_flagged,
        "num_issues": num_issues,
        "num_listed": len(places),
        **expectation(findings.expected_errors),
    }
    return IssueTable(columns, summary, _line(summary, per_class), mask)


def score_multilabel_labels(
    labels: Any,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    ids: Any = None,
    text: Any = None,
    per_class: bool = False,
    logits: bool = False,
    skip_invalid: bool = False,
    filter_by: str = "prune_by_noise_rate",
    method: str = "self_confidence",
    adjust_pred_probs: bool = False,
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    aggregator: str = "exponential_moving_average",
    alpha: float | None = 0.8,
    softmin_temperature: float = 0.1,
    n_jobs: int | None = None,
) -> IssueTable:
    """Every example in input order with its label quality, as ``labelsieve score`` lists it for
    multi-label data.

    Columns: index, id, given_labels, suggested_labels, label_quality, is_label_issue, text; with
    ``per_class`` a row for every class of every example: index, id, class, given, label_quality,
    is_label_issue, text. Of an example that ``skip_invalid`` leaves out there are index, id and
    text alone. The options are those of find_multilabel_issues.
    """
    arguments = locals()
    options, threads = call_with(Options, arguments).resolved(), num_threads(n_jobs)
    data = call_with(read_label_sets, arguments, threads=threads)
    search = _search(options, data.num_classes, aggregator, alpha, softmin_temperature)
    findings = _core.find_multilabel(data.examples, search, per_class, threads)
    listed = ~data.skipped
    found = _core.list_multilabel_examples(data.examples, findings, search, listed, threads)
    place = np.cumsum(listed) - 1  # of each row among those that are listed
    rows = np.arange(data.num_rows)
    mask = findings.mask
    if per_class:
        columns, mask = _label_columns(findings, data, search, found[1], place, ids, threads)
        num_issues = int(np.count_nonzero(mask))
    else:
        columns = _first_columns(rows, ids, data)
        for name, column in zip(("given_labels", "suggested_labels"), found[1:3]):
            columns[name] = _set_cells(column, np.where(listed, place, -1), data)
        quality = np.full(data.num_rows, np.nan)
        quality[found[0]] = found[5]
        columns["label_quality"] = quality
        columns["is_label_issue"] = mask
        num_issues = int(np.count_nonzero(mask))
    _add_text(columns, text, data)
    summary = {
        "options": {
            **options.summary(),
            "per_class": per_class,
            **({} if per_class else {"aggregator": aggregator}),
        },
        **data.sizes(),
        "num_issues": num_issues,
    }
    return IssueTable(columns, summary, _line(summary, per_class), mask)


class MultilabelHealth(IssueTable):
    """The classes from the lowest label quality, and what is said of all."""

    #: What is to be added and removed, most often first: class, action, num_examples,
    #: issue_probability.
    common_issues: IssueTable

    @property
    def overall_label_health_score(self) -> float:
        """1 minus the share of examples that find_multilabel_issues lists."""
        return float(self.summary["overall_label_health_score"])


def multilabel_health(
    labels: Any,
    pred_probs: Any = None,
    *,
    class_names: Any = None,
    ids: Any = None,
    logits: bool = False,
    skip_invalid: bool = False,
    filter_by: str = "prune_by_noise_rate",
    method: str = "self_confidence",
    adjust_pred_probs: bool = False,
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    aggregator: str = "exponential_moving_average",
    alpha: float | None = 0.8,
    softmin_temperature: float = 0.1,
    classes: Any = None,
    threshold: float | None = None,
    ignore: Any = None,
    n_jobs: int | None = None,
) -> MultilabelHealth:
    """How good the labels of each class are, and the whole, as ``labelsieve health`` says of
    multi-label data.

    Columns: class, num_examples, num_to_remove, num_to_add, label_noise, inverse_label_noise,
    label_quality_score. The options are those of find_multilabel_issues.
    """
    arguments = locals()
    options, threads = call_with(Options, arguments).resolved(), num_threads(n_jobs)
    data = call_with(read_label_sets, arguments, threads=threads)
    search = _search(options, data.num_classes, aggregator, alpha, softmin_temperature)
    selection = call_with(Selection, arguments)
    findings = _core.find_multilabel(data.examples, search, False, threads)
    num_flagged = int(np.count_nonzero(findings.mask))
    _select(findings, data, selection, ids, False)
    if threshold is not None:
        found = _core.list_multilabel_examples(data.examples, findings, search, None, threads)
        mask = findings.mask
        mask[found[0][~_below(found[5], threshold)]] = False
        findings.restrict(mask, mask[findings.wrong[0]])
    mask = findings.mask
    names = (
        *("class", "num_examples", "num_to_remove", "num_to_add"),
        *("label_noise", "inverse_label_noise", "label_quality_score"),
    )
    columns: dict[str, Any] = dict(zip(names, findings.qualities))
    columns["class"] = label_cells(columns["class"], data.names)
    num_issues = int(np.count_nonzero(mask))
    summary = {
        "options": {**options.summary(), "aggregator": aggregator, **selection.summary()},
        **data.sizes(),
        "num_flagged": num_flagged,
        "num_issues": num_issues,
        "overall_label_health_score": findings.overall_score,
    }
    line = (
        f"Overall label health score {findings.overall_score:.4f}: "
        f"{counted(num_issues, 'label issue', 'label issues')} in "
        f"{counted(data.num_examples, 'example', 'examples')}."
    )
    result = MultilabelHealth(columns, summary, line, mask)
    result.common_issues = _common(findings, data)
    return result


def _search(
    options: Options,
    num_classes: int,
    aggregator: str,
    alpha: float | None,
    softmin_temperature: float,
) -> _core.MultilabelSearch:
    return _core.multilabel_search(
        options.filter_by,
        float(options.frac_noise),
        options.removals(),
        int(options.min_examples_per_class),
        class_joints(options.confident_joint, num_classes),
        options.method,
        bool(options.adjust_pred_probs),
        aggregator,
        alpha,
        float(softmin_temperature),
    )


def _select(
    findings: _core.MultilabelFindings,
    data: MultilabelData,
    selection: Selection,
    ids: Any,
    per_class: bool,
) -> None:
    """Leaves out what was checked, and all but some classes; the threshold comes later."""
    mask = findings.mask
    rows, labels, _ = findings.wrong
    if selection.ignore is not None:
        ignored = ignored_indices(selection.ignore, ids)
        mask[ignored[(ignored >= 0) & (ignored < len(mask))]] = False
    keep = np.ones(len(rows), dtype=bool)
    if selection.classes is not None:
        listed = selection.classes
        listed = [listed] if isinstance(listed, (str, int)) else listed
        wanted = [class_number(name, data.names, data.num_classes) for name in listed]
        is_wanted = np.isin(labels, wanted)
        has_wanted = np.zeros(len(mask), dtype=bool)
        has_wanted[rows[is_wanted]] = True
        mask &= has_wanted
        if per_class:
            keep = is_wanted
    findings.restrict(mask, keep & mask[rows])


def _below(quality: np.ndarray, threshold: float | None) -> np.ndarray:
    if threshold is None:
        return np.ones(len(quality), dtype=bool)
    return np.asarray(quality < threshold)


def _label_columns(
    findings: _core.MultilabelFindings,
    data: MultilabelData,
    search: _core.MultilabelSearch,
    given_sets: list[list[int]],
    place: np.ndarray,
    ids: Any,
    threads: int,
) -> tuple[dict[str, Any], np.ndarray]:
    """(a row for every class of every example, N x K mask)."""
    shape = (data.num_rows, data.num_classes)
    mask = np.zeros(shape, dtype=bool)
    rows, labels, _ = findings.wrong
    mask[rows, labels] = True
    given = np.zeros(shape, dtype=bool)
    for row in np.flatnonzero(~data.skipped).tolist():
        given[row, given_sets[place[row]]] = True
    scores = _core.multilabel_class_scores(data.examples, findings, search, threads)
    columns = _first_columns(np.repeat(np.arange(shape[0]), shape[1]), ids, data)
    columns["class"] = label_cells(np.tile(np.arange(shape[1]), shape[0]), data.names)
    columns["given"] = given.ravel()
    if data.skipped.any():
        left_out = np.repeat(data.skipped, shape[1]).tolist()
        columns["given"] = [
            None if out else has for has, out in zip(given.ravel().tolist(), left_out)
        ]
    columns["label_quality"] = scores.ravel()
    columns["is_label_issue"] = mask.ravel()
    return columns, mask


def _common(findings: _core.MultilabelFindings, data: MultilabelData) -> IssueTable:
    label, given, number, probability = findings.common
    some = number > 0
    columns = {
        "class": label_cells(label[some], data.names),
        "action": ["remove" if is_given else "add" for is_given in given[some].tolist()],
        "num_examples": number[some],
        "issue_probability": probability[some],
    }
    kinds = counted(int(some.sum()), "kind of issue", "kinds of issues")
    return IssueTable(columns, {"num_kinds": int(some.sum())}, f"{kinds}.")


def _line(summary: dict[str, Any], per_class: bool) -> str:
    among = summary["num_examples"] * (summary["num_classes"] if per_class else 1)
    of = counted(summary["num_classes"], "class", "classes")
    return line_of(summary, among, "labels" if per_class else "examples", of)


def _first_columns(indices: np.ndarray, ids: Any, data: MultilabelData) -> dict[str, Any]:
    columns: dict[str, Any] = {"index": indices}
    if ids is not None:
        columns["id"] = chosen_cells(ids, indices, data.num_rows, "ids")
    return columns


def _add_text(columns: dict[str, Any], text: Any, data: MultilabelData) -> None:
    if text is not None:
        columns["text"] = chosen_cells(text, columns["index"], data.num_rows, "text")


def _set_cells(sets: list[list[int]], places: np.ndarray, data: MultilabelData) -> list[Any]:
    """Sets as a column of a table, None for a negative place."""
    chosen = [None if place < 0 else sets[place] for place in places.tolist()]
    if data.names is None:
        return chosen
    return [None if one is None else label_cells(one, data.names) for one in chosen]
