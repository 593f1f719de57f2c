"""Which tokens are issues and how all are scored: by a filter, or by the automatic method that
reads words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arguments import call_with
from labelsieve._arrays import num_threads
from labelsieve._data_warnings import warn_about_data
from labelsieve._issue_options import Options, Selection
from labelsieve._issues import expectation
from labelsieve._token_data import TokenData, read_token_data
from labelsieve._token_words import auto_errors

__all__ = ["TokenChoice", "choose_tokens", "ignored_tokens", "of_words"]

Columns = tuple[np.ndarray, ...]


class TokenChoice:
    """The tokens that are flagged, before any selection.

    With words, tags of spans and ``auto`` for the filter or the method, that half is the automatic
    method for such tags. ``below`` flags all tokens that score less, in the place of the filter.
    """

    def __init__(
        self,
        data: TokenData,
        options: Options,
        threads: int,
        *,
        scheme: str | None = None,
        documents: Any = None,
        below: float | None = None,
    ) -> None:
        self.data = data
        self.options = options
        self.threads = threads
        self.scheme = scheme
        flags, scores = options.filter_by == "auto" and below is None, options.method == "auto"
        self.judged: Any = None
        if (flags or scores) and data.sentences.words is not None and data.names is not None:
            self.judged = auto_errors(
                data.tokens,
                data.sentences.words,
                data.names,
                scheme,
                documents,
                list_issues=flags,
                threads=threads,
            )
        self.flags_by_words = flags and self.judged is not None
        self.scores_by_words = scores and self.judged is not None
        self._engine = options.engine()
        if self.judged is not None:
            self.scheme = self.judged[6]
        if self.flags_by_words or (below is not None and self.judged is not None):
            self.findings = self.judged[0]
        else:
            self.findings = _core.find_issues(data.tokens, self._engine, threads)
        warn_about_data(self.findings, "tokens")
        self.mask = self.findings.mask
        self.expected = expectation(self.findings.expectation)
        if self.flags_by_words:
            self.expected = {"expected_errors": self.judged[5]}
        if below is not None:
            with np.errstate(invalid="ignore"):
                self.mask = self.scores() < below
            self.expected = {}
        self.num_flagged = int(np.count_nonzero(self.mask))

    def scores(self) -> np.ndarray:
        """The label quality of every token."""
        if self.scores_by_words:
            return np.asarray(self.judged[3])
        return _core.score_examples(self.data.tokens, self.findings, self._engine, self.threads)

    def ranked(self) -> Columns:
        """The flagged tokens, worst first."""
        if self.judged is None:
            return _core.list_examples(
                self.data.tokens, self.findings, self.mask, self._engine, self.threads
            )
        scores = self.scores()
        indices = np.flatnonzero(self.mask)
        indices = indices[np.argsort(scores[indices], kind="stable")]
        return self._described(indices, scores)

    def all_tokens(self) -> Columns:
        """Every token in order."""
        if self.judged is None:
            return _core.list_examples(
                self.data.tokens, self.findings, None, self._engine, self.threads
            )
        return self._described(None, self.scores())

    def sentence_scores(
        self, method: str | None, temperature: float, bad_score: float
    ) -> np.ndarray:
        """One score for every sentence: the method's own, or pooled from the tokens'."""
        if method is None and self.scores_by_words:
            return np.asarray(self.judged[4])
        return _core.sentence_scores(
            self.scores(),
            self.data.sentences.offsets,
            method or "min",
            float(temperature),
            float(bad_score),
            self.threads,
        )

    def span_options(self) -> _core.IssueOptions:
        """Of a search for spans, whose scores follow where words or models make them."""
        own = self.scores_by_words or self.data.weights is not None
        options = replace(self.options, method="self_confidence", adjust_pred_probs=False)
        return options.engine() if own else self._engine

    def select(self, selection: Selection, word: Any = None) -> Columns:
        """The issues that are left, worst first; the mask follows."""
        wanted = of_words(word, self.data.sentences.words)
        if wanted is not None:
            self.mask &= wanted
        if selection.ignore is not None:
            self.mask &= ~ignored_tokens(selection.ignore, self.data.sentences.offsets)[0]
        found = self.ranked()
        num_classes = len(self.findings.label_counts)
        keep = selection.kept(found, self.data.names, num_classes, None, skip_ignore=True)
        self.mask[found[0][~keep]] = False
        return tuple(column[keep] for column in found)

    def _described(self, indices: np.ndarray | None, scores: np.ndarray) -> Columns:
        """Tokens with these scores, and the automatic method's own suggestions for those it
        flagged, for they make spans."""
        index, given, suggested, _, confidence, probability = _core.describe_examples(
            self.data.tokens, indices, self.threads
        )
        own = self.judged[1]
        if len(own[0]) > 0:
            order = np.argsort(own[0])
            places = np.searchsorted(own[0], index, sorter=order).clip(max=len(order) - 1)
            rows = order[places]
            is_own = own[0][rows] == index
            suggested = np.where(is_own, own[2][rows], suggested)
            probability = np.where(is_own, own[5][rows], probability)
        return index, given, suggested, scores[index], confidence, probability


def choose_tokens(arguments: Mapping[str, Any], below: float | None = None) -> TokenChoice:
    """The tokens that are flagged, of the arguments of a function, its ``locals()``; ``below`` is
    that of tokens."""
    options = call_with(Options, arguments).resolved()
    threads = num_threads(arguments["n_jobs"])
    data = call_with(read_token_data, arguments, threads=threads)
    return TokenChoice(
        data,
        options,
        threads,
        scheme=arguments["scheme"],
        documents=arguments["documents"],
        below=below,
    )


def of_words(word: Any, words: list[str] | None) -> np.ndarray | None:
    """Which tokens are one of the words, whose letters A-Z may be small or large."""
    if word is None:
        return None
    if words is None:
        raise ValueError("word chooses among words: give words, too")
    wanted = np.zeros(len(words), dtype=bool)
    small = [_small(one) for one in words]
    for one in [word] if isinstance(word, str) else word:
        places = [place for place, other in enumerate(small) if other == _small(one)]
        if not places:
            raise ValueError(f"no token is {one!r}")
        wanted[places] = True
    return wanted


_SMALL = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}


def _small(word: str) -> str:
    return word.translate(_SMALL)


def ignored_tokens(ignore: Any, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(tokens, sentences) that were checked: pairs (sentence, token), texts such as "12:3", or
    whole sentences by their numbers. Raises ValueError for what is none of the data."""
    tokens = np.zeros(int(offsets[-1]), dtype=bool)
    sentences = np.zeros(len(offsets) - 1, dtype=bool)
    for entry in ignore.tolist() if hasattr(ignore, "tolist") else ignore:
        sentence, token = _position(entry)
        if not 0 <= sentence < len(sentences):
            raise ValueError(f"ignore: there is no sentence {sentence}")
        start, end = offsets[sentence : sentence + 2].tolist()
        if token is None:
            sentences[sentence] = True
            tokens[start:end] = True
        elif 0 <= token < end - start:
            tokens[start + token] = True
        else:
            raise ValueError(f"ignore: sentence {sentence} has no token {token}")
    return tokens, sentences


def _position(entry: Any) -> tuple[int, int | None]:
    parts = entry.split(":") if isinstance(entry, str) else entry
    try:
        if isinstance(parts, (list, tuple)):
            sentence, *token = map(int, parts)
            if len(token) < 2:
                return sentence, token[0] if token else None
        else:
            return int(parts), None
    except (TypeError, ValueError):
        pass
    raise ValueError(f"ignore: {entry!r} is no sentence and no pair (sentence, token), from 0")
