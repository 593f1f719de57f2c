"""Scores of tokens and sentences, between 0 and 1: the lower, the likelier a label is wrong."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._ragged import flatten, read_tokens, split
from labelsieve._token_scores import TokenScores
from labelsieve._token_words import auto_errors, flat_words, numbered_tags
from labelsieve.rank import check_method

__all__ = ["get_label_quality_scores", "issues_from_scores"]

_FORMS = ("offsets", "lengths", "mask", "word_ids")
_SENTENCE_METHODS = ("min", "softmin", "mean", "bad_token_fraction")


def get_label_quality_scores(
    labels: Any,
    pred_probs: Any,
    *,
    tokens: list[Any] | None = None,
    token_score_method: str = "self_confidence",
    sentence_score_method: str = "min",
    sentence_score_kwargs: dict[str, Any] = {},
    offsets: Any = None,
    lengths: Any = None,
    mask: Any = None,
    word_ids: Any = None,
    subword_pooling: str = "first",
    ignore_label: int | None = -100,
    class_names: Any = None,
) -> tuple[np.ndarray, Any]:
    """(one score per sentence, a list with the scores of each sentence's tokens as a Series).

    The list makes each Series when it is first looked at; ``tokens`` become its index.
    ``token_score_method`` is self_confidence, normalized_margin, confidence_weighted_entropy or auto;
    ``sentence_score_method`` is min, softmin (``sentence_score_kwargs={"temperature": 0.05}``; 0 is
    the minimum, infinity the mean), mean or bad_token_fraction (``{"threshold": 0.1}``). A sentence
    without tokens scores 1.

    With ``class_names``, the names of the columns, labels may be names. With
    ``token_score_method="auto"``, ``tokens`` and ``class_names`` that are tags of spans (B-PER,
    I-PER, O) the scores are those of the automatic method for such tags; then
    ``sentence_score_method`` may be auto too: how probable it is that nothing in the sentence is
    wrong. See labelsieve.find_token_issues.

    Token data may have other forms (see labelsieve.token_classification). Then the token scores are
    one array in the order of the flattened tokens with ``offsets`` and ``lengths``, a list of
    arrays with ``mask`` and ``word_ids``. Tokens labelled ``ignore_label`` are left out and score NaN.
    """
    return get_scores(
        labels,
        pred_probs,
        tokens=tokens,
        token_score_method=token_score_method,
        sentence_score_method=sentence_score_method,
        sentence_score_kwargs=sentence_score_kwargs,
        offsets=offsets,
        lengths=lengths,
        mask=mask,
        word_ids=word_ids,
        subword_pooling=subword_pooling,
        ignore_label=ignore_label,
        class_names=class_names,
    )


def issues_from_scores(
    sentence_scores: Any,
    *,
    token_scores: Any = None,
    threshold: float = 0.1,
    offsets: Any = None,
    lengths: Any = None,
) -> Any:
    """What scores below ``threshold``, the lowest first; ties go to the lower index.

    With ``token_scores`` a list of pairs (sentence, token), else an array of sentence indices.
    ``token_scores`` are a list with the scores of each sentence, or one array of all with
    ``offsets`` or ``lengths``.
    """
    if token_scores is None or len(token_scores) == 0:
        scores = np.ascontiguousarray(sentence_scores, dtype=np.float64)
        return _core.sentences_below(scores, float(threshold))
    if lengths is not None:
        offsets = np.concatenate([[0], np.cumsum(lengths)])
    if offsets is None:
        scores, bounds = flatten(token_scores)
    else:
        scores = np.ascontiguousarray(token_scores, dtype=np.float64)
        bounds = np.ascontiguousarray(offsets, dtype=np.int64)
    return _core.tokens_below(scores, bounds, float(threshold))


def get_scores(
    labels: Any,
    pred_probs: Any,
    *,
    tokens: list[Any] | None = None,
    token_score_method: str = "self_confidence",
    sentence_score_method: str = "min",
    sentence_score_kwargs: dict[str, Any] = {},
    one_column: bool = False,
    class_names: Any = None,
    **form: Any,
) -> tuple[np.ndarray, Any]:
    """``get_label_quality_scores``; ``form`` and ``one_column`` are those of read_tokens."""
    check_method(token_score_method, False)
    given = numbered_tags(labels, class_names)
    data = read_tokens(given, pred_probs, one_column=one_column, **form)
    bounds = data.offsets
    errors = None
    if token_score_method == "auto" and class_names is not None and tokens is not None:
        words = flat_words(tokens, int(bounds[-1]))
        errors = auto_errors(data, words, [str(name) for name in class_names])
    allowed = _SENTENCE_METHODS if errors is None else (*_SENTENCE_METHODS, "auto")
    assert sentence_score_method in allowed, "Select from the following methods:\n" + "\n".join(
        allowed
    )
    scores = _core.token_scores(data, token_score_method) if errors is None else errors[3]
    if errors is not None and sentence_score_method == "auto":
        return errors[4], _by_sentence(scores, bounds, tokens, labels, form)
    sentence_scores = _core.sentence_scores(
        scores,
        bounds,
        sentence_score_method,
        float(sentence_score_kwargs.get("temperature", 0.05)),
        float(sentence_score_kwargs.get("threshold", 0.1)),
    )
    if data.type != "d" and token_score_method != "auto":  # the type of the probabilities
        scores = scores.astype(data.type)
        sentence_scores = sentence_scores.astype(data.type)
    return sentence_scores, _by_sentence(scores, bounds, tokens, labels, form)


def _by_sentence(
    scores: np.ndarray, bounds: np.ndarray, tokens: Any, labels: Any, form: dict[str, Any]
) -> Any:
    """Token scores in the form that goes with that of the labels."""
    given = {name for name in _FORMS if form.get(name) is not None}
    if not given:
        return _series(scores, bounds, tokens)
    is_flat = given == {"offsets"} or (given == {"lengths"} and getattr(labels, "ndim", 1) == 1)
    return scores if is_flat else split(scores, bounds)


def _series(scores: np.ndarray, bounds: np.ndarray, tokens: list[Any] | None) -> list[Any]:
    """A list with a pandas Series for every sentence."""
    if importlib.util.find_spec("pandas") is None:
        raise ImportError(
            "token scores of lists are pandas Series: pip install pandas; or give the tokens flat, "
            "with offsets or lengths"
        )
    parts = split(scores, bounds)
    if tokens is None or len(tokens) == 0:
        return TokenScores(parts, None)
    words = list(tokens)
    for place, (part, of_sentence) in enumerate(zip(parts, words)):
        if len(part) != len(of_sentence):
            raise ValueError(
                f"sentence {place} has {len(of_sentence)} tokens, but {len(part)} scores"
            )
    return TokenScores(parts[: len(words)], words)
