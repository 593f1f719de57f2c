"""Which tokens have label issues."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import num_threads
from labelsieve._checks import (
    OTHER_FILTERS,
    PRUNE_FILTERS,
    as_joint,
    check_prune_options,
    warn_of_small_classes,
)
from labelsieve._ragged import FORM_OPTIONS, read_tokens
from labelsieve._token_words import Sentences, auto_errors, flat_words, numbered_tags
from labelsieve.rank import check_method

__all__ = ["find_label_issues"]


def find_label_issues(
    labels: Any,
    pred_probs: Any,
    *,
    return_indices_ranked_by: str = "self_confidence",
    low_memory: bool = False,
    **kwargs: Any,
) -> list[tuple[int, int]]:
    """The tokens with label issues as pairs (sentence, token), the likeliest first.

    ``labels[i]`` are the labels of sentence i, ``pred_probs[i]`` its probabilities, tokens x
    classes. ``kwargs`` are those of labelsieve.filter.find_label_issues: rank_by_kwargs, filter_by,
    frac_noise, num_to_remove_per_class, min_examples_per_class, confident_joint, n_jobs, verbose;
    and those of the forms of token data (see labelsieve.token_classification): offsets, lengths,
    mask, word_ids, subword_pooling, ignore_label.

    With ``class_names`` in ``kwargs``, the names of the columns, labels may be names. With
    ``filter_by="auto"``, ``tokens`` (the words of each sentence) and ``class_names`` that are tags
    of spans (B-PER, I-PER, O), issues are chosen by the automatic method for such tags, and
    ``return_indices_ranked_by="auto"`` ranks by it; see labelsieve.find_token_issues.

    Unlike cleanlab's, ``low_memory`` never changes the answer. Sentences whose labels and
    probabilities differ in number are an error that names the sentence.
    """
    form = {name: kwargs.pop(name) for name in FORM_OPTIONS if name in kwargs}
    words, class_names = kwargs.pop("tokens", None), kwargs.pop("class_names", None)
    data = read_tokens(numbered_tags(labels, class_names), pred_probs, **form)
    if kwargs.get("filter_by") == "auto" and words is not None and class_names is not None:
        found = _find_by_words(data, words, class_names, return_indices_ranked_by, **kwargs)
        if found is not None:
            return found
    return find_issues(data, return_indices_ranked_by, **kwargs)


def _find_by_words(
    tokens: _core.Tokens,
    words: Any,
    class_names: Any,
    rank_by: str,
    *,
    rank_by_kwargs: dict[str, Any] | None = None,
    n_jobs: int | None = None,
    verbose: bool = False,
    **_: Any,
) -> list[tuple[int, int]] | None:
    """The issues of the automatic method for tags with words; None where the tags have no spans."""
    adjust_pred_probs = _adjusted(**(rank_by_kwargs or {}))
    check_method(rank_by, adjust_pred_probs)
    threads = num_threads(n_jobs)
    sentences = Sentences(tokens.offsets, None)
    flat = flat_words(words, int(sentences.offsets[-1]))
    errors = auto_errors(tokens, flat, [str(name) for name in class_names], threads=threads)
    if errors is None:
        return None
    indices = errors[1][0]
    if rank_by != "auto":
        indices = np.sort(indices)
        scores = _core.token_scores(tokens, rank_by, adjust_pred_probs, threads)[indices]
        indices = indices[np.argsort(scores, kind="stable")]
    if verbose:
        print(f"Number of label issues found: {len(indices)}")
    sentence, token = sentences.places(indices)
    return list(zip(sentence.tolist(), token.tolist()))


def find_issues(
    tokens: _core.Tokens,
    rank_by: str,
    *,
    rank_by_kwargs: dict[str, Any] | None = None,
    filter_by: str = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    n_jobs: int | None = None,
    verbose: bool = False,
    multi_label: bool = False,
) -> list[tuple[int, int]]:
    """``find_label_issues`` for tokens that were read."""
    assert filter_by in PRUNE_FILTERS + OTHER_FILTERS, f"filter_by: unknown filter {filter_by!r}"
    if multi_label:
        raise ValueError("tokens have one label each: multi_label is not supported here")
    adjust_pred_probs = _adjusted(**(rank_by_kwargs or {}))
    check_method(rank_by, adjust_pred_probs)
    to_remove = check_prune_options(filter_by, frac_noise, num_to_remove_per_class)
    if filter_by == "confident_learning" and confident_joint is not None:
        warnings.warn(
            "The supplied `confident_joint` is ignored when `filter_by = 'confident_learning'`: it "
            "is counted from the labels and pred_probs. Other filters use a supplied one.",
            stacklevel=3,
        )
        confident_joint = None
    issues, label_counts = _core.find_token_issues(
        tokens,
        rank_by,
        adjust_pred_probs,
        filter_by,
        float(frac_noise),
        to_remove,
        int(min_examples_per_class),
        None if confident_joint is None else as_joint(confident_joint),
        num_threads(n_jobs),
    )
    if np.count_nonzero(label_counts) < 2 and label_counts[0] == 0:
        raise ValueError("Labels must contain at least 2 classes.")
    if filter_by in PRUNE_FILTERS:
        warn_of_small_classes(label_counts, min_examples_per_class)
    if verbose:
        print(f"Number of label issues found: {len(issues)}")
    return issues


def _adjusted(*, adjust_pred_probs: bool = False) -> bool:
    return bool(adjust_pred_probs)
