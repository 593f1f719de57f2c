"""Multi-label classification: every example has any number of the classes, or none.

Classes are looked at one by one; rows of ``pred_probs`` need not add up to 1.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelsieve.multilabel_classification import dataset, filter, rank
    from labelsieve.multilabel_classification.rank import get_label_quality_scores

__all__ = ["dataset", "filter", "get_label_quality_scores", "rank"]


def __getattr__(name: str) -> Any:
    if name == "get_label_quality_scores":
        return importlib.import_module("labelsieve.multilabel_classification.rank").__dict__[name]
    if name in __all__:
        return importlib.import_module(f"labelsieve.multilabel_classification.{name}")
    raise AttributeError(f"module 'labelsieve.multilabel_classification' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
