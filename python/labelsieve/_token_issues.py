"""Wrong labels of tokens, sentences and spans, as the command's tables have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import num_threads
from labelsieve._class_names import label_cells
from labelsieve._issue_options import Options, Selection
from labelsieve._issue_table import IssueTable, counted
from labelsieve._issues import expectation, line_of
from labelsieve._token_words import Sentences, auto_errors, flat_words, read_named_tokens

__all__ = ["find_span_issues", "find_token_issues"]


def find_token_issues(
    labels: Any,
    pred_probs: Any,
    *,
    words: Any = None,
    class_names: Any = None,
    documents: Any = None,
    scheme: str | None = None,
    filter_by: str = "auto",
    method: str = "auto",
    adjust_pred_probs: bool = False,
    frac_noise: float = 1.0,
    num_to_remove_per_class: Any = None,
    min_examples_per_class: int = 1,
    confident_joint: Any = None,
    collision: str = "row_argmax",
    classes: Any = None,
    exclude: Any = None,
    threshold: float | None = None,
    top: int | None = None,
    n_jobs: int | None = None,
    **form: Any,
) -> IssueTable:
    """The tokens whose labels are wrong, worst first, as ``labelsieve find --by token`` lists them.

    Columns: rank (from 1), sentence, token (both from 0), text where ``words`` give it,
    given_label, suggested_label, label_quality, and with ``words`` sentence_text. ``mask`` is of
    the flattened tokens.

    ``labels[i]`` are those of sentence i, as numbers of columns or, with ``class_names``, as names;
    ``pred_probs[i]`` are tokens x classes. ``form`` are the options of other forms of token data
    (see labelsieve.token_classification): offsets, lengths, mask, word_ids, subword_pooling,
    ignore_label. ``words`` are a list for each sentence, or one of all tokens.

    With ``words`` and ``class_names`` that are tags of spans (B-PER, I-PER, O), ``filter_by`` and
    ``method`` both ``auto`` are the automatic method for such tags: it also asks how the same word
    is labelled elsewhere. ``documents`` has the number of each sentence's document (without it
    every 20 sentences are one), ``scheme`` iob1, iob2, iobes, bilou or plain, else it is detected.
    All other options are those of find_issues, on the tokens.
    """
    options = Options(
        filter_by,
        method,
        adjust_pred_probs,
        frac_noise,
        num_to_remove_per_class,
        min_examples_per_class,
        confident_joint,
        collision,
    ).resolved()
    tokens, names = read_named_tokens(labels, pred_probs, class_names, **form)
    sentences = _sentences(tokens, words)
    threads = num_threads(n_jobs)
    errors = None
    if _takes_words(options) and sentences.words is not None and names is not None:
        errors = auto_errors(tokens, sentences.words, names, scheme, documents, threads=threads)
    if errors is not None:
        mask, found, expected = errors[0], errors[1], {"expected_errors": errors[5]}
    else:
        mask, found, three = _core.find_tokens(tokens, options.engine(), False, threads)
        expected = expectation(three)
    num_flagged = len(found[0])
    selection = Selection(classes, exclude, threshold, None, top)
    num_classes = len(names) if names is not None else np.iinfo(np.int32).max
    keep = selection.kept(found, names, num_classes, None)
    mask[found[0][~keep]] = False
    shown = selection.shown(int(keep.sum()))
    found = tuple(column[keep][:shown] for column in found)
    summary = {
        "options": {**options.summary(), "threshold": threshold, "top": top},
        "num_sentences": len(sentences),
        "num_tokens": len(mask),
        "class_names": names,
        "scheme": errors[6] if errors is not None else scheme,
        "num_flagged": num_flagged,
        "num_issues": int(keep.sum()),
        **expected,
        "num_listed": shown,
    }
    of = counted(len(sentences), "sentence", "sentences")
    line = line_of(summary, len(mask), "tokens", of)
    return IssueTable(_token_columns(found, names, sentences), summary, line, mask)


def find_span_issues(
    labels: Any,
    pred_probs: Any,
    *,
    class_names: Any,
    words: Any = None,
    documents: Any = None,
    scheme: str | None = None,
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
    threshold: float | None = None,
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

    ``class_names`` are the tags. The other arguments are those of find_token_issues;
    ``sentence_method`` (min, softmin, mean, bad_token_fraction, with ``temperature`` and
    ``bad_score``) makes the scores of a span's tokens one. The automatic method takes the lowest.
    """
    options = Options(
        filter_by,
        method,
        adjust_pred_probs,
        frac_noise,
        num_to_remove_per_class,
        min_examples_per_class,
        confident_joint,
        collision,
    ).resolved()
    if class_names is None:
        raise ValueError("spans are formed of tags: class_names must be those, such as B-PER and O")
    tokens, names = read_named_tokens(labels, pred_probs, class_names, **form)
    assert names is not None
    sentences = _sentences(tokens, words)
    threads = num_threads(n_jobs)
    errors = None
    if _takes_words(options) and sentences.words is not None and sentence_method == "min":
        errors = auto_errors(tokens, sentences.words, names, scheme, documents, threads=threads)
    expected: dict[str, float] = {}
    if errors is not None:
        rows, scheme, expected = errors[2], errors[6], {"expected_errors": errors[5]}
    else:
        rows, _, scheme = _core.find_span_issues(
            tokens,
            names,
            scheme,
            options.engine(),
            sentence_method,
            float(temperature),
            float(bad_score),
            threads,
        )
    num_flagged = len(rows)
    if threshold is not None:
        rows = [row for row in rows if row[4] < threshold]
    num_issues = len(rows)
    mask = np.zeros(int(sentences.offsets[-1]), dtype=bool)
    for row in rows:
        first = int(sentences.offsets[row[0]])
        mask[first + row[5] : first + row[6]] = True
    rows = rows[: Selection(top=top).shown(num_issues)]
    summary = {
        "options": {**options.summary(), "threshold": threshold, "top": top},
        "num_sentences": len(sentences),
        "num_tokens": len(mask),
        "class_names": names,
        "scheme": scheme,
        "num_flagged": num_flagged,
        "num_issues": num_issues,
        **expected,
        "num_listed": len(rows),
    }
    line = (
        f"{counted(num_issues, 'span issue', 'span issues')} in "
        f"{counted(len(sentences), 'sentence', 'sentences')}, tags in {scheme}"
    )
    line += f"; the worst {len(rows)} listed." if len(rows) < num_issues else "."
    return IssueTable(_span_columns(rows, sentences), summary, line, mask)


def _takes_words(options: Options) -> bool:
    return options.filter_by == "auto" and options.method == "auto"


def _sentences(tokens: _core.Tokens, words: Any) -> Sentences:
    offsets = tokens.offsets
    return Sentences(offsets, None if words is None else flat_words(words, int(offsets[-1])))


def _token_columns(
    found: tuple[np.ndarray, ...], names: list[str] | None, sentences: Sentences
) -> dict[str, Any]:
    index, given, suggested, quality = found[:4]
    sentence, token = sentences.places(index)
    columns: dict[str, Any] = {
        "rank": np.arange(1, len(index) + 1),
        "sentence": sentence,
        "token": token,
    }
    if sentences.words is not None:
        columns["text"] = [sentences.words[place] for place in index.tolist()]
    columns["given_label"] = label_cells(given, names)
    columns["suggested_label"] = label_cells(suggested, names)
    columns["label_quality"] = quality
    if sentences.words is not None:
        columns["sentence_text"] = [sentences.text(number) for number in sentence.tolist()]
    return columns


def _span_columns(rows: list[Any], sentences: Sentences) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "rank": np.arange(1, len(rows) + 1),
        "sentence": np.asarray([row[0] for row in rows], dtype=np.int64),
        "issue_type": [row[1] for row in rows],
    }
    for place, which in ((2, "given"), (3, "suggested")):
        for part, name in enumerate(("start", "end", "type")):
            columns[f"{which}_{name}"] = [row[place][part] for row in rows]
    columns["label_quality"] = np.asarray([row[4] for row in rows], dtype=np.float64)
    if sentences.words is not None:
        columns["text"] = [sentences.text(row[0], *_extent(row)) for row in rows]
    return columns


def _extent(row: Any) -> tuple[int, int]:
    """The tokens of the given and the suggested span and those between them."""
    spans = [span for span in row[2:4] if span[0] is not None]
    return min(span[0] for span in spans), max(span[1] for span in spans)
