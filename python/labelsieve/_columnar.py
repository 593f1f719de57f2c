"""Parquet files, Arrow files and folders of Hugging Face datasets for the command, by pyarrow.

The program reads JSON lines and .npy. What it does not read is written into such files, batch by
batch: never more than one batch is in memory.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["ColumnarError", "convert", "is_columnar"]

_PARQUET = (".parquet", ".pq")
_ARROW = (".arrow", ".feather", ".ipc")
_BATCH_ROWS = 8192
_HEADER_BYTES = 128  # of a .npy file, a multiple of 64
_VECTOR_COLUMNS = ("probs", "pred_probs")
_LABEL_COLUMNS = ("label", "labels", "ner_tags", "tags")


class ColumnarError(Exception):
    """What is wrong with a file, and what to do."""


def is_columnar(path: str) -> bool:
    """Whether ``path`` is there and has to be converted."""
    if os.path.isdir(path):
        saved = ("state.json", "dataset_dict.json")
        return any(os.path.exists(os.path.join(path, name)) for name in saved)
    return path.lower().endswith(_PARQUET + _ARROW) and os.path.isfile(path)


def convert(path: str, folder: str, *, splits: bool) -> tuple[str, str | None, list[str] | None]:
    """(file with the columns as JSON lines, .npy file with the probabilities, names of classes).

    The probabilities are in a file of their own where ``splits`` allows it and the columns are
    p_<class>, prob_<class> or one list named probs or pred_probs of a table of examples; else they
    are in the JSON lines and there is None. The names are None where the file has none.
    """
    try:
        return _convert(path, folder, splits)
    except (OSError, ValueError, KeyError) as error:  # those of pyarrow are of these kinds
        raise ColumnarError(f"{path}: {' '.join(str(error).split())}") from error


def _convert(path: str, folder: str, splits: bool) -> tuple[str, str | None, list[str] | None]:
    name = os.path.join(folder, os.path.basename(os.path.normpath(path)))
    columns = name + ".jsonl"
    matrix: _MatrixFile | None = None
    names: list[str] | None = None
    batches = _batches(path)
    with open(columns, "w", encoding="utf-8") as file:
        for number, batch in enumerate(batches):
            if number == 0:
                names = _class_names(path, batch)
                prob_columns = _prob_columns(batch.schema) if splits else []
                if prob_columns:
                    names = _names_of(prob_columns) or names
                    matrix = _MatrixFile(name + ".npy")
                kept = [n for n in batch.schema.names if n not in prob_columns]
                kept = [n for n in kept if _is_plain(batch.schema.field(n).type)]
            if matrix is not None:
                matrix.write(_rows_of(batch, prob_columns))
            for row in batch.select(kept).to_pylist():
                file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    if matrix is not None:
        matrix.close()
    return columns, None if matrix is None else matrix.path, names


def _batches(path: str) -> Iterator[Any]:
    """The rows of all files, in pieces; at least one, which may be empty."""
    pyarrow = _pyarrow(path)
    if os.path.isdir(path):
        for file in _dataset_files(path):
            yield from _pieces(pyarrow.ipc.open_stream(pyarrow.memory_map(file)))
    elif path.lower().endswith(_PARQUET):
        parquet = importlib.import_module("pyarrow.parquet")
        with parquet.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=_BATCH_ROWS)
    else:
        source = pyarrow.memory_map(path)
        if source.read(4) == b"FEA1":
            raise ValueError("this is version 1 of Feather; write it anew as version 2 or Parquet")
        source.seek(0)
        try:
            reader = pyarrow.ipc.open_file(source)
        except pyarrow.ArrowInvalid:
            source.seek(0)
            yield from _pieces(pyarrow.ipc.open_stream(source))
            return
        yield from _pieces(reader.get_batch(i) for i in range(reader.num_record_batches))


def _pieces(batches: Any) -> Iterator[Any]:
    for batch in batches:
        for start in range(0, batch.num_rows, _BATCH_ROWS):
            yield batch.slice(start, _BATCH_ROWS)


def _dataset_files(folder: str) -> list[str]:
    """The files of a folder that save_to_disk wrote, in order."""
    if not os.path.exists(os.path.join(folder, "state.json")):
        with open(os.path.join(folder, "dataset_dict.json"), encoding="utf-8") as file:
            splits = ", ".join(os.path.join(folder, split) for split in json.load(file)["splits"])
        raise ValueError(f"these are several splits; give the folder of one: {splits}")
    with open(os.path.join(folder, "state.json"), encoding="utf-8") as file:
        state = json.load(file)
    if state.get("_indices_data_files") or state.get("_indices_files"):
        raise ValueError(
            "the rows are chosen by an indices mapping; call flatten_indices() on the dataset and "
            "save it again"
        )
    return [os.path.join(folder, entry["filename"]) for entry in state["_data_files"]]


def _prob_columns(schema: Any) -> list[str]:
    """The columns of probabilities in a table of examples; none where it is one of sentences."""
    if "tokens" in schema.names or "spans" in schema.names:
        return []
    for prefix in ("p_", "prob_"):
        columns = [name for name in schema.names if name.startswith(prefix)]
        if columns:
            return columns
    for name in _VECTOR_COLUMNS:
        if name in schema.names and _is_vector(schema.field(name).type):
            return [name]
    return []


def _is_vector(kind: Any) -> bool:
    types = importlib.import_module("pyarrow").types
    is_list = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    return bool(is_list and types.is_floating(kind.value_type))


def _is_plain(kind: Any) -> bool:
    """Whether a column can be of use: no images, no sounds."""
    return not any(word in str(kind) for word in ("binary", "extension"))


def _names_of(columns: list[str]) -> list[str] | None:
    prefix = next((p for p in ("p_", "prob_") if columns[0].startswith(p)), None)
    return None if prefix is None else [name.removeprefix(prefix) for name in columns]


def _rows_of(batch: Any, columns: list[str]) -> np.ndarray:
    if len(columns) > 1 or not _is_vector(batch.schema.field(columns[0]).type):
        parts = [np.asarray(batch.column(n).to_numpy(zero_copy_only=False)) for n in columns]
        return np.column_stack(parts)
    column = batch.column(columns[0])
    if column.null_count == 0:
        lengths = np.asarray(column.value_lengths()) if hasattr(column, "value_lengths") else None
        if lengths is None or (lengths == lengths[0]).all():
            elements = column.flatten().to_numpy(zero_copy_only=False)
            return np.asarray(elements).reshape(len(column), -1)
    rows = column.to_pylist()
    width = max((len(row) for row in rows if row is not None), default=1)
    for place, row in enumerate(rows):
        if row is not None and len(row) != width:
            raise ValueError(
                f"column {columns[0]}: a row has {len(row)} probabilities, others {width}"
            )
    missing = [float("nan")] * width  # as other missing values: an error, or left out
    return np.asarray([missing if row is None else row for row in rows], dtype=np.float64)


def _class_names(path: str, batch: Any) -> list[str] | None:
    """The names that the file itself has: ClassLabel of Hugging Face, or a dictionary."""
    features = _features(path, batch.schema)
    for name in _LABEL_COLUMNS:
        feature = features.get(name)
        while isinstance(feature, dict) and isinstance(feature.get("feature"), dict):
            feature = feature["feature"]
        if isinstance(feature, list) and len(feature) == 1:
            feature = feature[0]
        if isinstance(feature, dict) and isinstance(feature.get("names"), list):
            return [str(label) for label in feature["names"]]
    if "label" in batch.schema.names:
        column = batch.column("label")
        if hasattr(column, "dictionary") and column.dictionary.null_count == 0:
            return [str(label) for label in column.dictionary.to_pylist()]
    return None


def _features(path: str, schema: Any) -> dict[str, Any]:
    file = os.path.join(path, "dataset_info.json")
    if os.path.exists(file):
        with open(file, encoding="utf-8") as stream:
            features = json.load(stream).get("features")
    else:
        stored = (schema.metadata or {}).get(b"huggingface", b"{}")
        features = json.loads(stored).get("info", {}).get("features")
    return features if isinstance(features, dict) else {}


class _MatrixFile:
    """A .npy file that grows; its header is written last."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = open(path, "wb")
        self._file.write(bytes(_HEADER_BYTES))
        self._rows = 0
        self._width = -1
        self._dtype = np.dtype(np.float64)

    def write(self, rows: np.ndarray) -> None:
        if self._width < 0:
            self._width = rows.shape[1]
            self._dtype = rows.dtype if rows.dtype.char in "efd" else np.dtype(np.float64)
        if rows.shape[1] != self._width:
            raise ValueError(f"a row has {rows.shape[1]} probabilities, the first {self._width}")
        self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).data)
        self._rows += len(rows)

    def close(self) -> None:
        shape = (self._rows, self._width)
        text = str({"descr": self._dtype.str, "fortran_order": False, "shape": shape})
        header = text.encode("ascii").ljust(_HEADER_BYTES - 11) + b"\n"
        size = len(header).to_bytes(2, "little")
        self._file.seek(0)
        self._file.write(b"\x93NUMPY\x01\x00" + size + header)
        self._file.close()


def _pyarrow(path: str) -> Any:
    try:
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise ColumnarError(
            f"{path}: Parquet, Arrow and saved datasets are read by pyarrow: pip install pyarrow"
        ) from error
