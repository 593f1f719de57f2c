"""Noise of known size, for measuring how well label issues are found."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelsieve.benchmarking import noise_generation

__all__ = ["noise_generation"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"labelsieve.benchmarking.{name}")
    raise AttributeError(f"module 'labelsieve.benchmarking' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
