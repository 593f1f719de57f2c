"""What the functions of this package that cleanlab has not give back: a table with its summary."""

from __future__ import annotations

import contextlib
import html
import importlib
import os
import tempfile
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from labelsieve import _core

__all__ = ["IssueTable", "chosen_cells", "counted"]

_SHOWN_ROWS = 10
_SHOWN_WIDTH = 60


class IssueTable:
    """A table, one row an issue (or an example, a class), worst first, with a summary.

    The columns have the names and the order of the command's table. ``table["index"]`` is a column:
    an array, or a list where there are texts, sets or gaps. ``len(table)`` is the number of rows;
    ``for row in table`` gives each as a dict.
    """

    def __init__(
        self,
        columns: dict[str, Any],
        summary: dict[str, Any],
        line: str,
        mask: np.ndarray | None = None,
    ) -> None:
        self._columns = columns
        #: What was asked and what was found, with the names that the command's JSON has.
        self.summary = summary
        #: One bool for each example or token, True for every issue, whatever ``top`` says.
        self.mask = mask
        self._line = line

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._columns)

    @property
    def num_issues(self) -> int:
        """How many there are, also when ``top`` leaves some out."""
        return int(self.summary["num_issues"])

    @property
    def expected_errors(self) -> float | None:
        """How many labels are wrong, flagged or not, as the automatic method expects; else None."""
        return self.summary.get("expected_errors")

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __getitem__(self, name: str) -> Any:
        try:
            return self._columns[name]
        except KeyError:
            raise KeyError(f"no column {name!r}; there are {', '.join(self._columns)}") from None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = list(self._columns)
        for cells in zip(*map(_plain, self._columns.values())):
            yield dict(zip(names, cells))

    def to_pandas(self) -> Any:
        """A DataFrame of pandas."""
        pandas = _module("pandas")
        frame = {}
        for name, values in self._columns.items():
            has_gaps = isinstance(values, list) and {type(v) for v in values} <= {int, type(None)}
            frame[name] = pandas.array(values, dtype="Int64") if has_gaps and values else values
        return pandas.DataFrame(frame)

    def to_polars(self) -> Any:
        """A DataFrame of polars."""
        polars = _module("polars")
        return polars.DataFrame([polars.Series(n, v) for n, v in self._columns.items()])

    def to_arrow(self) -> Any:
        """A Table of pyarrow."""
        pyarrow = _module("pyarrow")
        return pyarrow.table({name: pyarrow.array(v) for name, v in self._columns.items()})

    def to_csv(self, path: str | os.PathLike[str] | IO[str]) -> None:
        """Writes what the command writes with ``-o FILE.csv``: a file that appears whole or not at
        all, or text into something that has ``write``."""
        if hasattr(path, "write"):
            path.write(self._csv())
            return
        path = os.fspath(path)
        folder, name = os.path.split(path)
        handle, unfinished = tempfile.mkstemp(prefix=f".{name}.", dir=folder or ".")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(self._csv())
            mode = os.umask(0)
            os.umask(mode)
            os.chmod(unfinished, 0o666 & ~mode)
            os.replace(unfinished, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(unfinished)
            raise

    def _csv(self) -> str:
        columns = [_csv_cells(values) for values in self._columns.values()]
        lines = [",".join(map(_quoted, self._columns)), *map(",".join, zip(*columns))]
        return "\n".join(lines) + "\n"

    def __str__(self) -> str:
        return self._line

    def __repr__(self) -> str:
        shown = self._shown_cells()
        if not shown[0]:
            return self._line
        texts = [[name, *cells] for name, cells in zip(self._columns, shown)]
        widths = [max(map(len, column)) for column in texts]
        rows = [
            "  ".join(
                cell.rjust(width) if self._is_number(name) else cell.ljust(width)
                for name, cell, width in zip(self._columns, row, widths)
            ).rstrip()
            for row in zip(*texts)
        ]
        if len(self) > _SHOWN_ROWS:
            rows.append(f"… and {len(self) - _SHOWN_ROWS} more rows")
        return "\n".join([*rows, "", self._line])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self._columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in zip(*self._shown_cells())
        )
        more = len(self) - _SHOWN_ROWS
        rest = f"<p>… and {more} more rows</p>" if more > 0 else ""
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"{table}{rest}<p>{html.escape(self._line)}</p>"

    def _is_number(self, name: str) -> bool:
        return isinstance(self._columns[name], np.ndarray)

    def _shown_cells(self) -> list[list[str]]:
        return [
            [_shown(cell) for cell in _plain(values[:_SHOWN_ROWS])]
            for values in self._columns.values()
        ]


def chosen_cells(values: Any, indices: np.ndarray, count: int, name: str) -> Any:
    """What ``ids`` or ``text`` say of some examples."""
    cells = values.tolist() if hasattr(values, "tolist") else list(values)
    if len(cells) != count:
        raise ValueError(f"{name} must have one element an example: {len(cells)} for {count}")
    return [cells[index] for index in indices.tolist()]


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        function = f"to_{name.removeprefix('py')}"
        raise ImportError(f"{function} uses {name}: pip install {name}") from error


def _plain(values: Any) -> list[Any]:
    return list(values.tolist() if isinstance(values, np.ndarray) else values)


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4f}"
    text = "|".join(map(str, cell)) if isinstance(cell, list) else str(cell)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN_WIDTH else text[: _SHOWN_WIDTH - 1] + "…"


def _csv_cells(values: Any) -> list[str]:
    if isinstance(values, np.ndarray):
        if values.dtype.kind == "f":
            return _core.shortest_numbers(np.ascontiguousarray(values, dtype=np.float64))
        if values.dtype.kind == "b":
            return ["true" if value else "false" for value in values.tolist()]
        return list(map(str, values.tolist()))
    return [_csv_cell(value) for value in values]


def _csv_cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, list):
        return _quoted("|".join(map(str, value)))
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    if any(special in text for special in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
