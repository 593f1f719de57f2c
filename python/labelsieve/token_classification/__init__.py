"""Token classification: texts in which every token has a label of its own.

Labels and probabilities are sequences with an element for each sentence, as cleanlab has them:
lists, arrays, or columns of lists of pyarrow and polars. The functions for tokens and spans read
other forms too, where one of these keywords says so. Nothing is copied where not said.

``offsets`` or ``lengths``
    The tokens of all sentences one after another: ``labels`` of the shape (N,), ``pred_probs``
    (N, K). Sentence i has the tokens from offsets[i] up to offsets[i + 1] (one offset more than
    sentences, the first 0), or the next lengths[i] ones.
``lengths`` with labels of two dimensions
    Padded arrays: ``labels`` (S, T), ``pred_probs`` (S, T, K), of which the first lengths[i] tokens
    count.
``mask``
    Padded arrays of which those tokens count whose place in ``mask`` (S, T) is not 0, such as an
    attention mask. The labels are copied.
``word_ids``
    Sub-words of a tokenizer: ``word_ids[i]`` is what ``BatchEncoding.word_ids(i)`` of Hugging Face
    returns, a word's place for each sub-word, None for special tokens. ``pred_probs`` is (S, T, K)
    or a list of arrays; ``labels[i]`` are those of the words or, where there are as many as
    sub-words, theirs. ``subword_pooling`` makes one row of a word's: "first", "mean" or "max".
    Makes a copy with a row for each word; the positions of issues are words.

For spans, ``pred_probs`` has no last dimension. With any form, tokens labelled ``ignore_label``
(-100, as is usual) keep their place and are left out.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelsieve.token_classification import filter, rank, summary

__all__ = ["filter", "rank", "summary"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"labelsieve.token_classification.{name}")
    raise AttributeError(f"module 'labelsieve.token_classification' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
