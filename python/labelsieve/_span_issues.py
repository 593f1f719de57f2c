"""Wrong spans, as the command's tables have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arguments import call_with
from labelsieve._issue_options import Selection
from labelsieve._issue_table import IssueTable, counted
from labelsieve._issues import expected_text, shares
from labelsieve._token_choice import TokenChoice, choose_tokens, ignored_tokens, of_words
from labelsieve._token_words import Sentences

__all__ = ["find_span_issues"]

# Of a row of the engine.
_SENTENCE, _GIVEN, _SUGGESTED, _QUALITY, _START, _END = 0, 2, 3, 4, 5, 6


def find_span_issues(
    labels: Any,
    pred_probs: Any = None,
    *,
    class_names: Any,
    words: Any = None,
    documents: Any = None,
    scheme: str | None = None,
    logits: bool = False,
    skip_invalid: bool = False,
    ensemble_weights: Any = None,
    filter_by: str = "auto",
    method: str = "auto",
    adjust_pred_probs: bool = False,
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    collision: str = "row_argmax",
    sentence_method: str = "min",
    temperature: float = 0.05,
    bad_score: float = 0.1,
    classes: Any = None,
    exclude: Any = None,
    word: Any = None,
    threshold: float | None = None,
    ignore: Any = None,
    top: int | None = None,
    n_jobs: int | None = None,
    **form: Any,
) -> IssueTable:
    """The spans that are missing, spurious, or of another type or place, worst first, as
    ``labelsieve find --by span`` lists them.

    Columns: rank, sentence, issue_type (missing, spurious, wrong_type, wrong_boundary),
    given_start, given_end, given_type, suggested_start, suggested_end, suggested_type,
    label_quality, and text where ``words`` give it. Ends are the token behind the span; None stands
    where there is no span. ``mask`` has the tokens of all issues.

    ``class_names`` are the tags. ``sentence_method`` (min, softmin, mean, bad_token_fraction,
    expected_errors, with ``temperature`` and ``bad_score``) makes the scores of a span's tokens
    one. ``classes`` keeps types of given spans and ``exclude`` leaves out pairs of given and
    suggested types, such as ("PER", "ORG"), where O is no span; ``word`` and ``ignore`` go by the
    tokens of the spans. The other arguments are those of find_token_issues.
    """
    if class_names is None:
        raise ValueError("spans are formed of tags: class_names must be those, such as B-PER and O")
    arguments = locals()
    choice = choose_tokens(arguments)
    data, options = choice.data, choice.options
    pooling = (sentence_method, float(temperature), float(bad_score))
    rows, scheme = _found(choice, pooling)
    num_flagged = len(rows)
    selection = call_with(Selection, arguments)
    rows = _selected(rows, scheme, choice, selection, word)
    num_issues = len(rows)
    sentences = data.sentences
    mask = np.zeros(int(sentences.offsets[-1]), dtype=bool)
    for row in rows:
        first = int(sentences.offsets[row[_SENTENCE]])
        mask[first + row[_START] : first + row[_END]] = True
    rows = rows[: selection.shown(num_issues)]
    no_scores = np.zeros(len(mask))
    given, _ = _core.score_spans(
        data.tokens, data.tags, scheme, no_scores, "min", 0.0, 0.0, choice.threads
    )
    summary = {
        "options": {
            **options.summary(),
            "sentence_method": sentence_method,
            **selection.summary(),
            "word": word,
        },
        **data.sizes(choice.findings),
        "scheme": scheme,
        "num_flagged": num_flagged,
        "num_issues": num_issues,
        **choice.expected,
        "num_listed": len(rows),
        "num_given_spans": len(given),
    }
    return IssueTable(_columns(rows, sentences), summary, _line(summary), mask)


def _found(choice: TokenChoice, pooling: tuple[str, float, float]) -> tuple[list[Any], str]:
    """(rows of the engine, scheme), most suspicious first."""
    data = choice.data
    if choice.flags_by_words:
        rows, scheme = choice.judged[2], choice.judged[6]
    else:
        rows, _, scheme = _core.find_span_issues(
            data.tokens,
            data.tags,
            choice.scheme,
            choice.span_options(),
            *pooling,
            choice.threads,
        )
    if choice.judged is None and data.weights is None:
        return rows, scheme
    # Scores that the engine's search for spans does not know.
    first = data.sentences.offsets[np.asarray([row[_SENTENCE] for row in rows], dtype=np.int64)]
    starts = first + np.asarray([row[_START] for row in rows], dtype=np.int64)
    ends = first + np.asarray([row[_END] for row in rows], dtype=np.int64)
    scores = _core.pooled_ranges(choice.scores(), starts, ends, *pooling)
    rows = [(*row[:_QUALITY], score, *row[_START:]) for row, score in zip(rows, scores.tolist())]
    sign = -1 if pooling[0] == "expected_errors" else 1
    return sorted(rows, key=lambda row: (sign * row[_QUALITY], row[_SENTENCE], row[_START])), scheme


def _selected(
    rows: list[Any], scheme: str, choice: TokenChoice, selection: Selection, word: Any
) -> list[Any]:
    sentences = choice.data.sentences
    types = _core.tag_types(choice.data.tags, scheme)
    wanted_types, pairs = selection.span_types({*types, "O"})
    wanted = of_words(word, sentences.words)
    ignored = None
    if selection.ignore is not None:
        ignored = ignored_tokens(selection.ignore, sentences.offsets)[0]

    def is_kept(row: Any) -> bool:
        given, suggested = row[_GIVEN][2] or "O", row[_SUGGESTED][2] or "O"
        if wanted_types is not None and given not in wanted_types:
            return False
        if (given, suggested) in pairs:
            return False
        if selection.threshold is not None and not row[_QUALITY] < selection.threshold:
            return False
        first = int(sentences.offsets[row[_SENTENCE]])
        tokens = slice(first + row[_START], first + row[_END])
        if wanted is not None and not wanted[tokens].any():
            return False
        return ignored is None or not ignored[tokens].any()

    return [row for row in rows if is_kept(row)]


def _line(summary: dict[str, Any]) -> str:
    number, among = summary["num_issues"], summary["num_given_spans"]
    line = (
        f"{counted(number, 'span issue', 'span issues')} in "
        f"{counted(among, 'given span', 'given spans')} ({100 * number / max(among, 1):.2f} %) of "
        f"{counted(summary['num_sentences'], 'sentence', 'sentences')}, tags in {summary['scheme']}"
    )
    return line + expected_text(summary, " wrong labels") + shares(summary)


def _columns(rows: list[Any], sentences: Sentences) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "rank": np.arange(1, len(rows) + 1),
        "sentence": np.asarray([row[_SENTENCE] for row in rows], dtype=np.int64),
        "issue_type": [row[1] for row in rows],
    }
    for place, which in ((_GIVEN, "given"), (_SUGGESTED, "suggested")):
        for part, name in enumerate(("start", "end", "type")):
            columns[f"{which}_{name}"] = [row[place][part] for row in rows]
    columns["label_quality"] = np.asarray([row[_QUALITY] for row in rows], dtype=np.float64)
    if sentences.words is not None:
        columns["text"] = [sentences.text(row[_SENTENCE], *_extent(row)) for row in rows]
    return columns


def _extent(row: Any) -> tuple[int, int]:
    """The tokens of the given and the suggested span and those between them."""
    spans = [span for span in (row[_GIVEN], row[_SUGGESTED]) if span[0] is not None]
    return min(span[0] for span in spans), max(span[1] for span in spans)
