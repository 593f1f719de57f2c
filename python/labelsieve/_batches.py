"""A corpus that does not fit into memory, read batch by batch as often as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

__all__ = ["Batches"]

Part = TypeVar("Part")


class Batches:
    """Labels and probabilities in batches, in the place of ``labels`` and ``pred_probs``.

    ``batches`` is a function without arguments that returns an iterator, or something that can be
    walked through again and again (a list, an object whose ``__iter__`` starts anew): the engine
    reads it three to seven times, and it has to be the same every time. Each batch is a pair
    (labels, pred_probs); one is in memory at a time, and the answers are those of the whole.

    For tokens, a batch holds whole sentences, and may have a third element: a dict with the options
    of its form (offsets, lengths, mask, word_ids, …).

        def read():
            for path in paths:
                with np.load(path) as part:
                    yield part["labels"], part["pred_probs"]

        labelsieve.find_issues(labelsieve.Batches(read))
    """

    def __init__(self, batches: Callable[[], Iterable[Any]] | Iterable[Any]) -> None:
        if not callable(batches):
            if not hasattr(batches, "__iter__"):
                raise TypeError(
                    f"batches must be walked through, and {type(batches).__name__} cannot be"
                )
            if hasattr(batches, "__next__"):
                raise TypeError(
                    f"a {type(batches).__name__} can be walked through once, and batches are read "
                    "again: give the function that makes it"
                )
        self._batches = batches

    def __iter__(self) -> Iterator[Any]:
        return iter(self._batches() if callable(self._batches) else self._batches)


def first_pred_probs(batches: Batches) -> Any:
    """The probabilities of the first batch, which say how many classes there are."""
    for batch in batches:
        return _parts_of(batch, 0)[1]
    raise ValueError("there are no batches")


def converted(
    batches: Batches, convert: Callable[..., Part], takes_form: bool = False
) -> Iterator[Part]:
    """``convert(labels, pred_probs)`` of each batch, with the options of its form where it takes
    them; errors say which batch it was."""
    for place, batch in enumerate(batches):
        labels, pred_probs, form = _parts_of(batch, place)
        if form and not takes_form:
            raise TypeError(f"batch {place} must be a pair (labels, pred_probs)")
        try:
            part = convert(labels, pred_probs, **form)
        except ValueError as error:
            raise ValueError(f"batch {place}: {error}") from error
        yield part


def _parts_of(batch: Any, place: int) -> tuple[Any, Any, dict[str, Any]]:
    """(labels, pred_probs, options of the form) of a batch."""
    if not isinstance(batch, (list, tuple)) or len(batch) not in (2, 3):
        raise TypeError(f"batch {place} must be a pair (labels, pred_probs)")
    return batch[0], batch[1], dict(batch[2]) if len(batch) == 3 else {}
