"""What a function was given, passed on to those that do its parts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

__all__ = ["call_with"]

T = TypeVar("T")


def call_with(function: Callable[..., T], arguments: Mapping[str, Any], **more: Any) -> T:
    """The function of those among ``arguments``, a caller's ``locals()``, that it has parameters
    for, and of ``more``. So what a dozen functions have in common is named where it is read, and
    not in each of them once more."""
    names = _parameters(function)
    return function(**{name: arguments[name] for name in names if name in arguments} | more)


@cache
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)
