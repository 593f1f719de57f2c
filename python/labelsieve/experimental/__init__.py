"""Label issues in batches, spans, and more that may still change."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelsieve.experimental import label_issues_batched, span_classification

__all__ = ["label_issues_batched", "span_classification"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"labelsieve.experimental.{name}")
    raise AttributeError(f"module 'labelsieve.experimental' has no attribute {name!r}")
