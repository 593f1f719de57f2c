"""The forms of token data that the functions for tokens and spans read beside lists of lists.

token_classification.filter.find_label_issues, token_classification.rank.get_label_quality_scores
and their counterparts for spans take one of these keywords. Nothing is copied where not said.

``offsets`` or ``lengths``
    The tokens of all sentences one after another: ``labels`` of the shape (N,), ``pred_probs``
    (N, K). Sentence i has the tokens from offsets[i] up to offsets[i + 1] (one offset more than
    sentences, the first 0), or the next lengths[i] ones. ``arrow_lists`` has this form of columns of
    lists.
``lengths`` with labels of two dimensions
    Padded arrays: ``labels`` (S, T), ``pred_probs`` (S, T, K), of which the first lengths[i] tokens
    count.
``mask``
    Padded arrays of which those tokens count whose place in ``mask`` (S, T) is not 0, such as an
    attention mask. The labels are copied.
``word_ids``
    Sub-words of a tokenizer: ``word_ids[i]`` are what ``BatchEncoding.word_ids(i)`` of Hugging Face
    returns, a word's place for each sub-word, None for special tokens. ``pred_probs`` is (S, T, K)
    or a list of arrays; ``labels[i]`` are those of the words or, where there are as many as
    sub-words, theirs. ``subword_pooling`` makes one row of a word's: "first", "mean" or "max". Makes
    a copy with a row for each word; the positions of issues are words.

For spans, ``pred_probs`` has no last dimension. With any form, tokens labelled ``ignore_label``
(-100, as is usual) keep their place and are left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["arrow_lists"]
