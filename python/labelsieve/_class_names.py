"""Names of classes: labels that are names become the numbers of columns, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from labelsieve._arrays import as_labels

__all__ = [
    "as_names",
    "codes_of",
    "column_names",
    "label_cells",
    "named_labels",
    "numbered_labels",
    "numbered_sets",
    "whole_numbers",
]

_PREFIXES = ("p_", "prob_")


def named_labels(
    labels: Any, pred_probs: Any, num_classes: int, class_names: Any, skip_invalid: bool = False
) -> tuple[np.ndarray, list[str] | None]:
    """(labels as numbers of columns, names of the classes or None).

    Names are ``class_names``; else those of the columns of a frame; else the categories of the
    labels; else, where the labels are names and as many as there are columns, their sorted order.
    Whole numbers beside names are taken for names where they all are some, else for columns. With
    ``skip_invalid`` what is no label is -1, and no error.
    """
    names = as_names(class_names, num_classes)
    if names is None:
        names = column_names(pred_probs, num_classes)
    texts = _texts_of(labels, skip_invalid)
    if texts is not None:
        if names is None:
            names = _categories(labels, num_classes) or _sorted_names(texts, num_classes)
        return codes_of(texts, names, skip_invalid), names
    numbers = whole_numbers(labels) if skip_invalid else as_labels(labels)
    if names is not None and any(_is_whole(name) for name in names):
        numbers = _matched_numbers(numbers, names, skip_invalid)
    return numbers, names


def whole_numbers(labels: Any) -> np.ndarray:
    """Labels as integers, -1 for what is none."""
    try:
        return as_labels(labels)
    except ValueError:
        pass
    values = labels.to_numpy() if hasattr(labels, "to_numpy") else np.asarray(labels, dtype=object)
    numbers = np.full(len(values), -1, dtype=np.int64)
    for row, value in enumerate(values.tolist()):
        if isinstance(value, (int, float)) and value == value and value % 1 == 0:
            numbers[row] = int(value)
    return numbers


def numbered_labels(labels: Any, class_names: Any) -> np.ndarray:
    """Labels as numbers of columns: names where they are some of ``class_names``, a list or a dict
    by number; numbers as they are."""
    if class_names is None:
        return as_labels(labels)
    texts = _texts_of(labels)
    return as_labels(labels) if texts is None else codes_of(texts, _listed(class_names))


def numbered_sets(labels: Any, class_names: Any, skip_invalid: bool = False) -> Any:
    """The same for sets of labels. With ``skip_invalid`` None where a set has other names."""
    if class_names is None or labels is None or isinstance(labels, type):
        return labels
    if getattr(labels, "ndim", 1) == 2 or hasattr(labels, "tocsr"):
        return labels
    sets = labels.to_pylist() if hasattr(labels, "to_pylist") else list(labels)
    lists = [one for one in sets if isinstance(one, (list, tuple))]
    if not any(isinstance(name, str) for one in lists for name in one):
        return labels
    names = _listed(class_names)
    numbered: list[Any] = []
    for row, one in enumerate(sets):
        try:
            numbered.append(codes_of(list(one), names).tolist())
        except (TypeError, ValueError) as error:
            if not skip_invalid:
                what = str(error).partition(": ")[2] or f"{one!r} is no list of labels"
                raise ValueError(f"row {row}: {what}") from None
            numbered.append(None)
    return numbered


def _listed(class_names: Any) -> list[str]:
    return [str(class_names[k]) for k in range(len(class_names))]


def as_names(class_names: Any, num_classes: int) -> list[str] | None:
    """The names as a list of str. Raises ValueError unless there is one of its own a class."""
    if class_names is None:
        return None
    if isinstance(class_names, str):
        raise TypeError("class_names must be a list with a name for each class, not one str")
    names = [str(name) for name in class_names]
    if len(names) != num_classes:
        raise ValueError(
            f"there are {len(names)} class_names, and {num_classes} columns of probabilities"
        )
    if len(set(names)) != len(names):
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise ValueError(f"class_names has {twice!r} twice")
    return names


def column_names(pred_probs: Any, num_classes: int) -> list[str] | None:
    """The names of a frame's columns, without p_ or prob_ where all have it."""
    columns = getattr(pred_probs, "columns", None)
    if columns is None or len(columns) != num_classes:
        return None
    names = list(columns)
    if not all(isinstance(name, str) for name in names):
        return None
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in names):
            return [name[len(prefix) :] for name in names]
    return names


def codes_of(
    texts: Sequence[str | None], names: Sequence[str], skip_invalid: bool = False
) -> np.ndarray:
    """The places of ``texts`` among ``names``; with ``skip_invalid`` -1 for those that are none."""
    places: dict[str | None, int] = {name: place for place, name in enumerate(names)}
    if skip_invalid:
        return np.asarray([places.get(text, -1) for text in texts], dtype=np.int64)
    try:
        return np.fromiter(map(places.__getitem__, texts), dtype=np.int64, count=len(texts))
    except KeyError:
        row = next(row for row, text in enumerate(texts) if text not in places)
    shown = ", ".join(map(repr, names[:10])) + (", …" if len(names) > 10 else "")
    raise ValueError(f"row {row}: label {texts[row]!r} is none of the classes {shown}")


def label_cells(labels: Iterable[int] | np.ndarray, names: list[str] | None) -> Any:
    """Labels as a column of a table: names where there are any, None for a negative number."""
    if names is None:
        array = np.asarray(labels, dtype=np.int64)
        if not (array < 0).any():
            return array
        return [None if number < 0 else number for number in array.tolist()]
    numbers = labels.tolist() if isinstance(labels, np.ndarray) else labels
    return [None if number < 0 else names[number] for number in numbers]


def _texts_of(labels: Any, skip_invalid: bool = False) -> list[Any] | None:
    """Labels that are names, as a list; None for numbers. With ``skip_invalid`` some elements may
    be no names."""
    if isinstance(labels, (list, tuple)):
        if len(labels) == 0 or not any(isinstance(label, str) for label in labels):
            return None
        values = list(labels)
    elif isinstance(labels, np.ndarray):
        if labels.dtype.kind not in "USOT" or labels.ndim != 1:
            return None
        values = labels.tolist()
    elif hasattr(labels, "to_pylist"):  # of pyarrow
        if not str(getattr(labels, "type", "")).lower().count("string"):
            return None
        values = labels.to_pylist()
    elif hasattr(labels, "tolist") or hasattr(labels, "to_list"):
        if getattr(getattr(labels, "dtype", None), "kind", "O") in "iufb":
            return None
        values = labels.to_list() if hasattr(labels, "to_list") else labels.tolist()
    else:
        return None
    if not any(isinstance(value, str) for value in values):
        return None
    if skip_invalid:
        return [value if isinstance(value, str) else None for value in values]
    for row, value in enumerate(values):
        if not isinstance(value, str):
            raise ValueError(f"row {row}: label {value!r} is no name, though others are")
    return values


def _categories(labels: Any, num_classes: int) -> list[str] | None:
    """The categories of a categorical column that has one for each class."""
    categories = getattr(getattr(labels, "dtype", None), "categories", None)
    if categories is None or len(categories) != num_classes:
        return None
    return [str(name) for name in categories]


def _sorted_names(texts: list[Any], num_classes: int) -> list[str]:
    names = sorted({text for text in texts if text is not None})
    if len(names) != num_classes:
        shown = ", ".join(map(repr, names[:10])) + (", …" if len(names) > 10 else "")
        raise ValueError(
            f"the labels are {len(names)} names ({shown}), and pred_probs has {num_classes} "
            "columns: say in class_names which column is which class"
        )
    return names


def _is_whole(name: str) -> bool:
    return name.removeprefix("-").isdecimal()


def _matched_numbers(
    labels: np.ndarray, names: list[str], skip_invalid: bool = False
) -> np.ndarray:
    """Numbers that are names as columns; numbers of which none is a name as they are."""
    different, places = np.unique(labels, return_inverse=True)
    numbers = {name: place for place, name in enumerate(names)}
    codes = [numbers.get(str(number), -1) for number in different.tolist()]
    if all(code < 0 for code in codes):
        return labels
    if any(code < 0 for code in codes) and not skip_invalid:
        wrong = different[codes.index(-1)]
        raise ValueError(
            f"label {wrong} is none of the class_names, though others are: name them all, or use "
            "the numbers of columns for all"
        )
    return np.asarray(np.asarray(codes, dtype=np.int64)[places])
