"""Tables of label issues: one row per example, in input order."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

__all__ = ["as_label_issues", "pandas", "small_integers"]


def pandas() -> Any:
    """The module, imported when a table is made."""
    try:
        return importlib.import_module("pandas")
    except ImportError as error:
        raise ImportError("tables of label issues use pandas: pip install pandas") from error


def small_integers(values: np.ndarray) -> np.ndarray:
    """Class numbers in the smallest of int16, int32 and int64 that holds them."""
    highest = int(values.max(initial=0))
    for dtype in (np.int16, np.int32):
        if highest < np.iinfo(dtype).max:
            return values.astype(dtype)
    return values.astype(np.int64)


def as_label_issues(label_issues: Any, labels: np.ndarray) -> Any:
    """A table of its own from a given one, a mask or indices (both arrays of NumPy).

    It has at least the column is_label_issue. Raises ValueError for anything that does not fit
    the labels.
    """
    if isinstance(label_issues, pandas().DataFrame):
        return _checked_table(label_issues, labels)
    if not isinstance(label_issues, np.ndarray):
        raise ValueError(
            "label_issues must be either pandas.DataFrame or numpy.array, not "
            f"{type(label_issues).__name__}"
        )
    if label_issues.dtype == np.bool_:
        if label_issues.shape != labels.shape:
            raise ValueError(
                "label_issues as a mask must have the shape of the labels, "
                f"{labels.shape}, not {label_issues.shape}"
            )
        mask = label_issues.copy()
    elif label_issues.dtype.kind in "iu":
        if len(np.unique(label_issues)) != len(label_issues):
            raise ValueError(
                "label_issues as indices must be unique, as find_label_issues gives them with "
                "return_indices_ranked_by; a mask must be of type bool"
            )
        mask = np.zeros(len(labels), dtype=bool)
        mask[label_issues] = True
    else:
        raise ValueError(
            f"label_issues must be of type bool (a mask) or int (indices), not {label_issues.dtype}"
        )
    return pandas().DataFrame({"is_label_issue": mask})


def _checked_table(table: Any, labels: np.ndarray) -> Any:
    if "is_label_issue" not in table.columns:
        raise ValueError("DataFrame label_issues must contain column: 'is_label_issue'.")
    if len(table) != len(labels):
        raise ValueError(
            f"label_issues and labels must have same length: {len(table)} and {len(labels)}"
        )
    if "given_label" in table.columns:
        differ = np.flatnonzero(np.asarray(table["given_label"]) != labels)
        if len(differ) > 0:
            raise ValueError(
                f"labels must match label_issues['given_label']; row {int(differ[0])} differs"
            )
    return table.copy()
