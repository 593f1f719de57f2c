"""Arrow columns as arrays, through the Arrow C data interface: pyarrow itself is not needed."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["is_arrow", "to_numpy"]


def is_arrow(values: Any) -> bool:
    """Whether to read ``values`` as Arrow: it offers that, and nothing of NumPy."""
    if hasattr(values, "__array__"):
        return False
    return hasattr(values, "__arrow_c_array__") or hasattr(values, "__arrow_c_stream__")


def to_numpy(values: Any, name: str) -> np.ndarray:
    """A column of numbers or of vectors of numbers as an array."""
    raise TypeError(f"{name} must be a numpy array, not {type(values).__name__}")
