"""Token scores of many sentences as pandas Series, which cost more to make than the scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["TokenScores"]


class TokenScores(list[Any]):
    """A list with a Series for every sentence, each made when it is first looked at.

    Until then its place holds the plain array. Whatever changes the list, or looks at all of it,
    makes them all first.
    """

    def __init__(self, parts: list[np.ndarray], words: list[Any] | None) -> None:
        super().__init__(parts)
        self._words = words
        self._indices: dict[int, Any] = {}  # shared by sentences of the same length

    def _look_at(self, place: int) -> Any:
        element = list.__getitem__(self, place)
        if type(element) is not np.ndarray:
            return element
        from pandas import RangeIndex, Series

        if self._words is not None:
            index = self._words[place]
        else:
            length = len(element)
            index = self._indices.get(length)
            if index is None:
                index = self._indices[length] = RangeIndex(length)
        series = Series(element, index=index)
        list.__setitem__(self, place, series)
        return series

    def _make_all(self) -> None:
        for place in range(len(self)):
            self._look_at(place)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self._look_at(i) for i in range(*place.indices(len(self)))]
        number = place.__index__()
        return self._look_at(number + len(self) if -len(self) <= number < 0 else number)

    def __iter__(self) -> Iterator[Any]:
        return map(self._look_at, range(len(self)))

    def __reduce__(self) -> Any:  # a plain list when copied or stored
        return list, (list(self),)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.__reduce__()


def _after_making_all(name: str) -> Callable[..., Any]:
    method = getattr(list, name)

    def call(self: TokenScores, *arguments: Any, **options: Any) -> Any:
        self._make_all()
        return method(self, *arguments, **options)

    call.__name__ = name
    call.__doc__ = method.__doc__
    return call


for _name in (
    *("__add__", "__iadd__", "__mul__", "__rmul__", "__imul__", "__eq__", "__ne__", "__lt__"),
    *("__le__", "__gt__", "__ge__", "__contains__", "__reversed__", "__repr__", "__setitem__"),
    *("__delitem__", "append", "clear", "copy", "count", "extend", "index", "insert", "pop"),
    *("remove", "reverse", "sort"),
):
    setattr(TokenScores, _name, _after_making_all(_name))
