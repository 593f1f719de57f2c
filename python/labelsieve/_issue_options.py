"""The options that all functions of find_issues' family share, with the command's defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._checks import as_joint

__all__ = ["Options", "Selection"]


@dataclass(frozen=True)
class Options:
    """How issues are chosen and scored. ``auto`` becomes prune_by_noise_rate where an option is
    given that only the other filters have, and self_confidence with adjust_pred_probs."""

    filter_by: str = "auto"
    method: str = "auto"
    adjust_pred_probs: bool = False
    frac_noise: float = 1.0
    num_to_remove_per_class: Any = None
    min_examples_per_class: int = 1
    confident_joint: Any = None
    collision: str = "row_argmax"

    def resolved(self) -> Options:
        """With the names of what is really done."""
        is_other = (
            self.frac_noise != 1.0
            or self.num_to_remove_per_class is not None
            or self.min_examples_per_class != 1
            or self.confident_joint is not None
            or self.collision != "row_argmax"
        )
        values = dict(self.__dict__)
        if self.filter_by == "auto" and is_other:
            values["filter_by"] = "prune_by_noise_rate"
        if self.method == "auto" and self.adjust_pred_probs:
            values["method"] = "self_confidence"
        return Options(**values)

    def engine(self) -> _core.IssueOptions:
        return _core.issue_options(
            self.filter_by,
            float(self.frac_noise),
            self.removals(),
            int(self.min_examples_per_class),
            None if self.confident_joint is None else as_joint(self.confident_joint),
            self.collision,
            self.method,
            bool(self.adjust_pred_probs),
        )

    def removals(self) -> np.ndarray | None:
        if self.num_to_remove_per_class is None:
            return None
        return np.atleast_1d(np.asarray(self.num_to_remove_per_class)).astype(np.int64)

    def summary(self) -> dict[str, Any]:
        options = dict(self.__dict__)
        if options["confident_joint"] is not None:
            options["confident_joint"] = "given"
        removals = self.removals()
        options["num_to_remove_per_class"] = None if removals is None else removals.tolist()
        return options


@dataclass(frozen=True)
class Selection:
    """Which of the flagged are issues, and how many of them are listed."""

    classes: Any = None
    exclude: Any = None
    threshold: float | None = None
    ignore: Any = None
    top: int | None = None

    def kept(
        self,
        columns: tuple[np.ndarray, ...],
        names: list[str] | None,
        num_classes: int,
        ids: Any,
        skip_ignore: bool = False,
    ) -> np.ndarray:
        """One bool for each of the flagged: whether it is left. ``columns`` are index, given label,
        suggested label, label quality, …; ``skip_ignore`` where the ignored are left out
        already."""
        index, given, suggested, quality = columns[:4]
        keep = np.ones(len(index), dtype=bool)
        if self.classes is not None:
            wanted = [class_number(name, names, num_classes) for name in _listed(self.classes)]
            keep &= np.isin(given, wanted)
        for pair in self.exclude or ():
            one, other = (class_number(name, names, num_classes) for name in pair)
            keep &= ~((given == one) & (suggested == other))
        if self.threshold is not None:
            keep &= quality < self.threshold
        if self.ignore is not None and not skip_ignore:
            keep &= ~np.isin(index, ignored_indices(self.ignore, ids))
        return keep

    def span_types(self, types: set[str]) -> tuple[set[str] | None, set[tuple[str, str]]]:
        """(types of given spans or None for all, pairs of types to leave out)."""

        def checked(name: Any) -> str:
            if str(name) not in types:
                there_are = ", ".join(sorted(types))
                raise ValueError(f"no type of spans is named {name!r}; there are {there_are}")
            return str(name)

        pairs = {(checked(one), checked(other)) for one, other in self.exclude or ()}
        if self.classes is None:
            return None, pairs
        return set(map(checked, _listed(self.classes))), pairs

    def summary(self) -> dict[str, Any]:
        """What was asked, as a summary's options have it."""
        return {
            "classes": self.classes,
            "exclude": self.exclude,
            "threshold": self.threshold,
            "num_ignored": None if self.ignore is None else len(list(self.ignore)),
            "top": self.top,
        }

    def shown(self, count: int) -> int:
        if self.top is None:
            return count
        if self.top < 0:
            raise ValueError(f"top must not be negative, as {self.top} is")
        return min(int(self.top), count)


def class_number(name: Any, names: list[str] | None, num_classes: int) -> int:
    """The class of a name, or of a number that is no name."""
    if names is not None and str(name) in names:
        return names.index(str(name))
    if isinstance(name, (int, np.integer)) and 0 <= name < num_classes:
        return int(name)
    there_are = f"0 to {num_classes - 1}" if names is None else ", ".join(names[:20])
    raise ValueError(f"no class is named {name!r}; there are {there_are}")


def ignored_indices(ignore: Any, ids: Any) -> np.ndarray:
    """What was checked, as indices: ids where any of them is one, else indices."""
    ignored = ignore.tolist() if hasattr(ignore, "tolist") else list(ignore)
    if ids is not None:
        wanted = set(map(str, ignored))
        all_ids = ids.tolist() if hasattr(ids, "tolist") else list(ids)
        found = [row for row, name in enumerate(all_ids) if str(name) in wanted]
        if found:
            return np.asarray(found, dtype=np.int64)
    try:
        return np.asarray([int(entry) for entry in ignored], dtype=np.int64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"ignore must have ids or indices of examples: {error}") from error


def _listed(classes: Any) -> list[Any]:
    return [classes] if isinstance(classes, (str, int)) else list(classes)
