"""Wrong labels of multi-label data, as the command's tables have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_pred_probs, num_threads
from labelsieve._checks import class_joints
from labelsieve._class_names import as_names, codes_of, column_names, label_cells
from labelsieve._issue_options import Options, Selection, class_number, ignored_indices
from labelsieve._issue_table import IssueTable, chosen_cells, counted
from labelsieve._issues import line_of
from labelsieve._label_sets import as_multilabel

__all__ = ["find_multilabel_issues"]


def find_multilabel_issues(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any = None,
    ids: Any = None,
    text: Any = None,
    per_class: bool = False,
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
    label_quality of the class, text; then there is no mask.

    ``labels`` are a list with the classes of each example (numbers of columns or names), or an
    N x K matrix of zeros and ones. The probabilities of a row need not add up to 1.
    ``class_names`` names the columns; without it those of a frame are taken.

    ``filter_by="auto"`` and ``method="auto"`` are the automatic method in each class; it is not the
    default here, docs/quality.md says when it is better. ``confident_joint`` is K x 2 x 2. ``aggregator`` (exponential_moving_average with ``alpha``, None for 2 / (K + 1);
    softmin with ``softmin_temperature``; min; mean) pools the scores of the classes. The other
    options are those of find_issues; ``classes`` keeps examples in which such a class is wrong.
    """
    options = Options(
        filter_by,
        method,
        adjust_pred_probs,
        frac_noise,
        num_to_remove_per_class,
        min_examples_per_class,
        confident_joint,
    ).resolved()
    matrix = as_pred_probs(pred_probs)
    num_classes = matrix.shape[1]
    names = as_names(class_names, num_classes) or column_names(pred_probs, num_classes)
    label_sets, matrix = as_multilabel(_numbered(labels, names), matrix)
    arguments = (
        label_sets,
        matrix,
        options.filter_by,
        float(frac_noise),
        options.removals(),
        int(min_examples_per_class),
        class_joints(confident_joint, num_classes),
        options.method,
        bool(adjust_pred_probs),
    )
    selection = Selection(classes, None, threshold, ignore, top)
    wanted = _wanted(classes, names, num_classes)
    threads = num_threads(n_jobs)
    mask = None
    found: Any
    if per_class:
        found = _core.find_multilabel_classes(*arguments, threads)
        num_flagged = len(found[0])
        keep = _kept(found[0], found[3], selection, ids)
        if wanted is not None:
            keep &= np.isin(found[1], list(wanted))
    else:
        mask, *found = _core.find_multilabel_examples(
            *arguments, aggregator, alpha, float(softmin_temperature), False, threads
        )
        num_flagged = len(found[0])
        keep = _kept(found[0], found[5], selection, ids)
        if wanted is not None:
            wrong = [wanted.intersection(add + remove) for add, remove in zip(found[3], found[4])]
            keep &= np.asarray([bool(some) for some in wrong], dtype=bool)
        mask[found[0][~keep]] = False
    num_issues = int(keep.sum())
    places = np.flatnonzero(keep)[: selection.shown(num_issues)]
    build = _class_columns if per_class else _example_columns
    columns = build(found, places, names, ids, text, len(matrix))
    pooling = {} if per_class else {"aggregator": aggregator}
    summary = {
        "options": {**options.summary(), "per_class": per_class, **pooling, "top": top},
        "num_examples": len(matrix),
        "num_classes": num_classes,
        "class_names": names,
        "num_flagged": num_flagged,
        "num_issues": num_issues,
        "num_listed": len(places),
    }
    among = len(matrix) * num_classes if per_class else len(matrix)
    of = counted(num_classes, "class", "classes")
    line = line_of(summary, among, "labels" if per_class else "examples", of)
    return IssueTable(columns, summary, line, mask)


def _kept(index: np.ndarray, quality: np.ndarray, selection: Selection, ids: Any) -> np.ndarray:
    keep = np.ones(len(index), dtype=bool)
    if selection.threshold is not None:
        keep &= quality < selection.threshold
    if selection.ignore is not None:
        keep &= ~np.isin(index, ignored_indices(selection.ignore, ids))
    return keep


def _wanted(classes: Any, names: list[str] | None, num_classes: int) -> set[int] | None:
    if classes is None:
        return None
    listed = [classes] if isinstance(classes, (str, int)) else classes
    return {class_number(name, names, num_classes) for name in listed}


def _example_columns(
    found: Any, places: np.ndarray, names: list[str] | None, ids: Any, text: Any, count: int
) -> dict[str, Any]:
    index, given, suggested, add, remove, quality = found
    columns = _first_columns(index[places], ids, count)
    sets = (given, suggested, add, remove)
    for name, column in zip(("given_labels", "suggested_labels", "add", "remove"), sets):
        columns[name] = [list(label_cells(column[place], names)) for place in places.tolist()]
        if names is None:
            columns[name] = [[int(label) for label in labels] for labels in columns[name]]
    return _last_columns(columns, index[places], quality[places], text, count)


def _class_columns(
    found: Any, places: np.ndarray, names: list[str] | None, ids: Any, text: Any, count: int
) -> dict[str, Any]:
    index, label, given, quality = (column[places] for column in found)
    columns = _first_columns(index, ids, count)
    columns["class"] = label_cells(label, names)
    columns["action"] = ["remove" if is_given else "add" for is_given in given.tolist()]
    return _last_columns(columns, index, quality, text, count)


def _first_columns(index: np.ndarray, ids: Any, count: int) -> dict[str, Any]:
    columns: dict[str, Any] = {"rank": np.arange(1, len(index) + 1), "index": index}
    if ids is not None:
        columns["id"] = chosen_cells(ids, index, count, "ids")
    return columns


def _last_columns(
    columns: dict[str, Any], index: np.ndarray, quality: np.ndarray, text: Any, count: int
) -> dict[str, Any]:
    columns["label_quality"] = quality
    if text is not None:
        columns["text"] = chosen_cells(text, index, count, "text")
    return columns


def _numbered(labels: Any, names: list[str] | None) -> Any:
    """Sets of names as sets of numbers of columns; all else as it is."""
    if names is None or getattr(labels, "ndim", 1) == 2 or hasattr(labels, "tocsr"):
        return labels
    sets = labels.to_pylist() if hasattr(labels, "to_pylist") else list(labels)
    lists = [one for one in sets if isinstance(one, (list, tuple))]
    if not any(isinstance(name, str) for one in lists for name in one):
        return labels
    numbered = []
    for row, one in enumerate(sets):
        try:
            numbered.append(codes_of(list(one), names).tolist())
        except ValueError as error:
            raise ValueError(f"row {row}: {str(error).partition(': ')[2]}") from None
    return numbered
