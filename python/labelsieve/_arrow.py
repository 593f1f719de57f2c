"""Arrow columns as arrays, through the Arrow C data interface: pyarrow itself is not needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core

__all__ = ["is_arrow", "to_numpy"]


def is_arrow(values: Any) -> bool:
    """Whether to read ``values`` as Arrow: NumPy has no better view of them.

    That is so for what has no arrays of its own, for pyarrow, and for columns of vectors in polars
    and pandas, of which NumPy would make an array of objects.
    """
    if not (hasattr(values, "__arrow_c_array__") or hasattr(values, "__arrow_c_stream__")):
        return False
    if not hasattr(values, "__array__") or type(values).__module__.startswith("pyarrow"):
        return True
    dtype = getattr(values, "dtype", None)
    return hasattr(dtype, "inner") or "list" in str(dtype)


def to_numpy(values: Any, name: str) -> np.ndarray:
    """A column of numbers or of vectors of numbers as an array over the same memory.

    Several chunks, and the columns of a table, are put together in a copy. The codes of a
    dictionary are its labels.
    """
    chunks = [
        np.column_stack(chunk) if isinstance(chunk, list) else np.asarray(chunk)
        for chunk in _core.arrow_chunks(values)
    ]
    if not chunks:
        raise ValueError(f"{name} are empty")
    return chunks[0] if len(chunks) == 1 else np.concatenate(chunks)
