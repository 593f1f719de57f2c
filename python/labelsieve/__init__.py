"""Finds the wrong labels in a dataset.

The modules, functions and parameters are those of cleanlab 2.9, so that
``import labelsieve as cleanlab`` is the only change a script needs. They are imported when first
used: importing the package costs hardly more than importing NumPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from labelsieve._core import version as __version__

if TYPE_CHECKING:
    from labelsieve import (
        benchmarking,
        classification,
        count,
        dataset,
        experimental,
        filter,
        multilabel_classification,
        rank,
        token_classification,
    )

__all__ = [
    "__version__",
    "benchmarking",
    "classification",
    "count",
    "dataset",
    "experimental",
    "filter",
    "multilabel_classification",
    "rank",
    "token_classification",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"labelsieve.{name}")
    raise AttributeError(f"module 'labelsieve' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
