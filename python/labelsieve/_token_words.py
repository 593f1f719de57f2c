"""Words and tags of token data: flat lists, whatever their form."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._class_names import as_names, codes_of
from labelsieve._ragged import read_tokens

__all__ = ["Sentences", "auto_errors", "flat_words", "numbered_tags", "read_named_tokens"]


def read_named_tokens(
    labels: Any, pred_probs: Any, class_names: Any, **form: Any
) -> tuple[_core.Tokens, list[str] | None]:
    """(tokens, names of the classes): labels may be names beside ``class_names``."""
    names = None if class_names is None else as_names(class_names, len(list(class_names)))
    labels = numbered_tags(labels, names)
    return read_tokens(labels, pred_probs, **form), names


def flat_words(words: Any, num_tokens: int) -> list[str]:
    """The words of all sentences one after another, from a flat list or one for each sentence."""
    parts = words.to_pylist() if hasattr(words, "to_pylist") else words
    parts = parts.tolist() if isinstance(parts, np.ndarray) else list(parts)
    flat = parts if all(isinstance(part, str) for part in parts) else list(chain(*parts))
    for place, word in enumerate(flat):
        if not isinstance(word, str):
            raise ValueError(f"words: token {place} is {word!r}, not a str")
    if len(flat) != num_tokens:
        raise ValueError(f"there are {len(flat)} words, and {num_tokens} labels")
    return flat


def auto_errors(
    tokens: _core.Tokens,
    words: list[str],
    class_names: list[str],
    scheme: str | None = None,
    documents: Any = None,
    base_rate_exponent: float | None = None,
    list_issues: bool = True,
    threads: int = 0,
) -> Any:
    """The automatic method for tags with words; None where the tags have no spans."""
    if documents is not None:
        documents = np.ascontiguousarray(documents, dtype=np.int64)
    return _core.find_token_errors(
        tokens, words, class_names, scheme, documents, base_rate_exponent, list_issues, threads
    )


class Sentences:
    """Where sentences begin, and what they say."""

    def __init__(self, offsets: np.ndarray, words: list[str] | None) -> None:
        self.offsets = offsets
        self.words = words

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def places(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(sentence, token) of flattened tokens."""
        sentences = np.searchsorted(self.offsets, indices, side="right") - 1
        return sentences, indices - self.offsets[sentences]

    def text(self, sentence: int, start: int = 0, end: int | None = None) -> str:
        assert self.words is not None
        first, last = self.offsets[sentence : sentence + 2].tolist()
        return " ".join(self.words[first + start : last if end is None else first + end])


def numbered_tags(labels: Any, class_names: Any) -> Any:
    """Tags that are some of the names as numbers of columns; numbers as they are."""
    if class_names is None:
        return labels
    names = [str(name) for name in class_names]
    parts = labels.to_pylist() if hasattr(labels, "to_pylist") else labels
    if isinstance(parts, np.ndarray) and parts.dtype.kind in "iu":
        return labels
    if isinstance(parts, np.ndarray) and parts.dtype.kind in "US":
        return codes_of(parts.ravel().tolist(), names).reshape(parts.shape)
    if any(isinstance(part, str) for part in parts):
        return codes_of(list(parts), names)
    if not any(_has_names(part) for part in parts):
        return labels
    numbered = []
    for sentence, part in enumerate(parts):
        try:
            numbered.append(codes_of(list(part), names))
        except ValueError as error:
            raise ValueError(str(error).replace("row", f"sentence {sentence}, token", 1)) from None
    return numbered


def _has_names(part: Any) -> bool:
    return hasattr(part, "__len__") and len(part) > 0 and isinstance(part[0], str)
