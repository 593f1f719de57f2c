"""Span classification with one kind of span: every token is inside (label 1) or outside (0)."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve._ragged import read_tokens
from labelsieve.token_classification import filter as token_filter
from labelsieve.token_classification import rank as token_rank
from labelsieve.token_classification import summary

__all__ = ["display_issues", "find_label_issues", "get_label_quality_scores"]


def find_label_issues(
    labels: Any,
    pred_probs: Any,
    *,
    offsets: Any = None,
    lengths: Any = None,
    mask: Any = None,
    word_ids: Any = None,
    subword_pooling: str = "first",
    ignore_label: int | None = -100,
) -> list[tuple[int, int]]:
    """The tokens with label issues as pairs (sentence, token), the likeliest first.

    ``labels[i]`` are the labels 0 or 1 of sentence i, ``pred_probs[i]`` one probability for each
    token, that of being inside a span. Other forms as in token_classification.filter.
    """
    tokens = read_tokens(
        labels,
        pred_probs,
        offsets=offsets,
        lengths=lengths,
        mask=mask,
        word_ids=word_ids,
        subword_pooling=subword_pooling,
        ignore_label=ignore_label,
        one_column=True,
    )
    return token_filter.find_issues(tokens, "self_confidence")


def display_issues(
    issues: list[Any],
    tokens: list[list[str]],
    *,
    labels: Any = None,
    pred_probs: Any = None,
    exclude: list[tuple[int, int]] = [],
    class_names: list[str] | None = None,
    top: int = 20,
) -> None:
    """Prints the first ``top`` issues in their sentences: token_classification.summary's
    display_issues. ``pred_probs`` may have one probability for each token."""
    if pred_probs is not None:
        pred_probs = [_two_columns(sentence) for sentence in pred_probs]
    summary.display_issues(
        issues,
        tokens,
        labels=labels,
        pred_probs=pred_probs,
        exclude=exclude,
        class_names=class_names,
        top=top,
    )


def get_label_quality_scores(
    labels: Any, pred_probs: Any, **kwargs: Any
) -> tuple[np.ndarray, Any]:
    """Scores of sentences and tokens; ``kwargs`` as in token_classification.rank."""
    return token_rank.get_scores(labels, pred_probs, one_column=True, **kwargs)


def _two_columns(pred_probs: Any) -> np.ndarray:
    array = np.asarray(pred_probs)
    return array if array.ndim == 2 else np.stack([1 - array, array], axis=1)
