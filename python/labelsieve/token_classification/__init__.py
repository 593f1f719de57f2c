"""Token classification: texts in which every token has a label of its own."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelsieve.token_classification import filter, rank, summary

__all__ = ["filter", "rank", "summary"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"labelsieve.token_classification.{name}")
    raise AttributeError(f"module 'labelsieve.token_classification' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
