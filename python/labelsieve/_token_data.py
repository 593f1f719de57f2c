"""What the functions for tables of tokens are given: any form, several models, batches, words."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._batches import Batches, converted
from labelsieve._class_names import as_names
from labelsieve._examples import SKIPPED, as_weights, check_any_left, prepared
from labelsieve._flat_tokens import FlatTokens, flat_tokens
from labelsieve._ragged import FORM_OPTIONS, flat_rows
from labelsieve._token_words import Sentences, flat_words, read_named_tokens

__all__ = ["TokenData", "read_token_data"]


@dataclass(frozen=True)
class TokenData:
    """Tokens as the engine reads them, and what is known beside."""

    tokens: _core.Tokens
    names: list[str] | None
    sentences: Sentences
    num_skipped: int = 0
    weights: list[float] | None = None

    @property
    def tags(self) -> list[str]:
        """The names of the classes, where there must be some."""
        assert self.names is not None
        return self.names

    def num_examples(self, findings: _core.Findings) -> int:
        """The tokens that were not left out."""
        return int(findings.label_counts.sum())

    def sizes(self, findings: _core.Findings) -> dict[str, Any]:
        """The first part of a summary."""
        sizes: dict[str, Any] = {
            "num_examples": self.num_examples(findings),
            "num_skipped": self.num_skipped,
            "num_classes": len(findings.label_counts),
            "num_sentences": len(self.sentences),
            "num_tokens": int(self.sentences.offsets[-1]),
            "class_names": self.names,
        }
        return sizes if self.weights is None else {**sizes, "ensemble_weights": self.weights}


def read_token_data(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any,
    words: Any,
    logits: bool,
    skip_invalid: bool,
    ensemble_weights: Any,
    form: dict[str, Any],
    threads: int,
) -> TokenData:
    """One model's tokens are read where they are, except for ``skip_invalid``; all else is copied
    into flat arrays."""
    unknown = [name for name in form if name not in FORM_OPTIONS]
    if unknown:
        raise TypeError(
            f"unknown argument {unknown[0]!r}; a form of tokens has {', '.join(FORM_OPTIONS)}"
        )
    names = None if class_names is None else as_names(class_names, len(list(class_names)))
    weights, num_skipped = None, 0
    if isinstance(labels, Batches):
        if pred_probs is not None or form or ensemble_weights is not None:
            raise TypeError(
                "Batches have the probabilities, of one model, and each its form: pred_probs, "
                "ensemble_weights and the options of a form must be left out"
            )
        tokens, num_skipped = _of_batches(labels, names, logits, skip_invalid)
    elif pred_probs is None:
        raise TypeError("pred_probs are missing")
    elif ensemble_weights is not None:
        tokens, num_skipped, weights = _of_models(
            labels, pred_probs, names, logits, skip_invalid, ensemble_weights, form, threads
        )
    elif skip_invalid or (logits and "word_ids" not in form):
        flat = flat_tokens(
            labels, pred_probs, names=names, logits=logits, skip_invalid=skip_invalid, **form
        )
        tokens, num_skipped = _engine_tokens(flat, [flat.pred_probs], []), flat.num_skipped
    else:
        if logits:
            (pred_probs,), _ = prepared(
                [flat_rows(pred_probs)], logits=True, skip_invalid=False, threads=threads
            )
        tokens, names = read_named_tokens(labels, pred_probs, class_names, **form)
    offsets = tokens.offsets
    flat_text = None if words is None else flat_words(words, int(offsets[-1]))
    return TokenData(tokens, names, Sentences(offsets, flat_text), num_skipped, weights)


def _engine_tokens(
    flat: FlatTokens, matrices: list[np.ndarray], weights: list[float]
) -> _core.Tokens:
    check_any_left(flat.labels, "token")
    examples = _core.array_examples(flat.labels, list[Any](matrices), SKIPPED, weights)
    return _core.example_tokens(examples, flat.offsets)


def _of_models(
    labels: Any,
    models: Any,
    names: list[str] | None,
    logits: bool,
    skip_invalid: bool,
    weights: Any,
    form: dict[str, Any],
    threads: int,
) -> tuple[_core.Tokens, int, list[float] | None]:
    if not isinstance(models, (list, tuple)) or not models:
        raise TypeError("with ensemble_weights, pred_probs must be a list with each model's")
    parts = [
        flat_tokens(labels, model, names=names, logits=logits, skip_invalid=skip_invalid, **form)
        for model in models
    ]
    matrices = [part.pred_probs for part in parts]
    kept = np.all([part.labels != SKIPPED for part in parts], axis=0)
    first = parts[0]
    # What every model ignores is not skipped; what one of them skips is.
    num_ignored = int(np.count_nonzero(first.labels == SKIPPED)) - first.num_skipped
    num_skipped = int(np.count_nonzero(~kept)) - num_ignored
    given = FlatTokens(np.where(kept, first.labels, SKIPPED), matrices[0], first.offsets, 0)
    if len(matrices) == 1:
        return _engine_tokens(given, matrices, []), num_skipped, None
    found = as_weights(given.labels, matrices, weights, SKIPPED, threads)
    return _engine_tokens(given, matrices, found), num_skipped, found


def _of_batches(
    batches: Batches, names: list[str] | None, logits: bool, skip_invalid: bool
) -> tuple[_core.Tokens, int]:
    """Reads all once, for the sentences."""
    flat = functools.partial(
        flat_tokens, names=names, logits=logits, skip_invalid=skip_invalid
    )

    def parts() -> Iterator[FlatTokens]:
        return converted(batches, flat, takes_form=True)

    def start() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        return ((part.labels, part.pred_probs) for part in parts() if len(part.labels) > 0)

    lengths, num_classes, num_skipped = [np.zeros(1, dtype=np.int64)], 0, 0
    for part in parts():
        lengths.append(np.diff(part.offsets))
        num_skipped += part.num_skipped
        num_classes = num_classes or part.pred_probs.shape[1]
    if num_classes == 0:
        raise ValueError("there are no batches with tokens")
    offsets = np.cumsum(np.concatenate(lengths), dtype=np.int64)
    examples = _core.batch_examples(start, num_classes, SKIPPED, int(offsets[-1]))
    return _core.example_tokens(examples, offsets), num_skipped
