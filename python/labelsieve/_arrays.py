"""Arguments as arrays that the engine reads in place.

A matrix of probabilities is never copied when it is one of NumPy's float16, float32 or float64, in
whatever strides, byte order and memory: read-only, mapped from a file, row- or column-major. Other
containers give their own memory where they can.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _arrow

__all__ = ["as_floats", "as_labels", "as_pred_probs", "num_threads"]

# What the engine reads: NumPy's letters of signed and unsigned integers, bool, and floats.
_INTEGERS = "iu"
_FLOATS = frozenset("efd")


def as_pred_probs(pred_probs: Any) -> np.ndarray:
    """Probabilities as an array of two dimensions.

    Raises TypeError for what is no array of numbers, ValueError for another number of dimensions.
    """
    array = pred_probs if type(pred_probs) is np.ndarray else _matrix_of(pred_probs)
    if array.ndim != 2:
        raise ValueError(
            "pred_probs array must have shape: num_examples x num_classes; "
            f"this one has shape {array.shape}"
        )
    if array.dtype.char not in _FLOATS:
        array = _as_floats(array)
    return array


def as_floats(values: Any) -> np.ndarray:
    """Probabilities as an array of any number of dimensions; lists are copied.

    Raises TypeError for what is no array of numbers.
    """
    if isinstance(values, (list, tuple)):
        try:
            array = np.asarray(values)
        except ValueError as error:
            raise ValueError("pred_probs: the rows are not of the same length") from error
    else:
        array = values if type(values) is np.ndarray else _array_of(values, "pred_probs")
    return array if array.dtype.char in _FLOATS else _as_floats(array)


def as_labels(labels: Any) -> np.ndarray:
    """Labels as an array of integers of one dimension.

    Raises TypeError for what is no sequence, ValueError for elements that are no whole numbers.
    """
    array = labels if type(labels) is np.ndarray else _vector_of(labels)
    if array.ndim != 1:
        raise ValueError(f"labels must be one-dimensional; these have shape {array.shape}")
    if array.dtype.kind not in _INTEGERS:
        array = _as_integers(array)
    return array


def num_threads(n_jobs: int | None) -> int:
    """``n_jobs`` of the interface as the engine's number of threads: None means all."""
    if n_jobs is None:
        return 0
    assert n_jobs >= 1, "n_jobs must be at least 1"
    return int(n_jobs)


def _matrix_of(values: Any) -> np.ndarray:
    if values is None or isinstance(values, (list, tuple, dict, set, str, bytes)):
        raise TypeError(
            f"pred_probs must be a numpy array, or something that gives one, not "
            f"{type(values).__name__}"
        )
    return _array_of(values, "pred_probs")


def _vector_of(values: Any) -> np.ndarray:
    if isinstance(values, (list, tuple)):
        if not values:
            raise ValueError("labels are empty")
        try:
            return np.asarray(values)
        except ValueError as error:
            raise ValueError("labels must be a flat list of integers") from error
    if values is None or isinstance(values, (dict, set, str, bytes, int, float)):
        raise TypeError(
            f"labels must be a list, a numpy array or a pandas Series, not {type(values).__name__}"
        )
    array = _category_codes(values)
    if array is None:
        array = _array_of(values, "labels")
    if array.ndim == 2 and array.shape[1] == 1:  # a frame with one column
        array = array[:, 0]
    return array


def _array_of(values: Any, name: str) -> np.ndarray:
    """The array behind a container; shares its memory where the container can."""
    if isinstance(values, np.ma.MaskedArray):
        if np.ma.is_masked(values):
            raise ValueError(f"{name} holds masked values; leave those examples out first")
        return np.asarray(values.data)
    if isinstance(values, (np.ndarray, np.generic)):
        return np.asarray(values)
    if _arrow.is_arrow(values):
        return _arrow.to_numpy(values, name)
    if hasattr(values, "detach"):  # a tensor of PyTorch, which may still be part of a graph
        values = values.detach()
    convert = getattr(values, "to_numpy", None)
    try:
        if convert is not None:
            return np.asarray(convert())
        if hasattr(values, "__array__"):
            return np.asarray(values)
        if hasattr(values, "__dlpack__"):
            return np.from_dlpack(values)
    except (TypeError, RuntimeError, BufferError) as error:
        raise TypeError(f"{name}: {error}; move it to the processor's memory first") from error
    raise TypeError(f"{name} must be a numpy array, not {type(values).__name__}")


def _category_codes(values: Any) -> np.ndarray | None:
    """The codes of a categorical whose categories are names: their order is that of the classes.

    None for everything else. Integer categories are the labels themselves.
    """
    dtype = getattr(values, "dtype", None)
    categories = getattr(dtype, "categories", None)
    if categories is None:
        return None
    if hasattr(values, "to_physical"):  # polars
        return np.asarray(values.to_physical().to_numpy())
    if np.asarray(categories).dtype.kind in _INTEGERS:
        return None
    codes = values.cat.codes if hasattr(values, "cat") else values.codes
    return np.asarray(codes)


def _as_floats(array: np.ndarray) -> np.ndarray:
    """A copy in float64 of probabilities in a type that the engine does not read."""
    if array.dtype.kind in "biuf":
        return array.astype(np.float64)
    if array.dtype.kind == "O":
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise TypeError(f"pred_probs must hold numbers: {error}") from error
    raise TypeError(
        f"pred_probs must be float16, float32 or float64, not {array.dtype}; convert it first"
    )


def _as_integers(array: np.ndarray) -> np.ndarray:
    """A copy of labels that are whole numbers in another type."""
    if array.dtype.kind == "b":
        return array.view(np.uint8)
    if array.dtype.kind in "US" or (
        array.dtype.kind in "OT" and any(isinstance(label, str) for label in array)
    ):
        raise ValueError(
            "Labels cannot be strings, they must be zero-indexed integers: the positions of the "
            "classes among the columns of pred_probs, or names beside class_names"
        )
    try:
        numbers = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"Labels must be integers: {error}") from error
    wrong = np.flatnonzero(~(np.mod(numbers, 1) == 0))
    if len(wrong) > 0:
        row = int(wrong[0])
        raise ValueError(f"Labels must be integers; row {row} has {array[row]!r}")
    return numbers.astype(np.int64)
