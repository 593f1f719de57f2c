"""Scores of all tokens, sentences or spans, and the health of token labels, as the command's
tables have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arguments import call_with
from labelsieve._class_names import label_cells
from labelsieve._issue_options import Selection
from labelsieve._issue_table import IssueTable, counted
from labelsieve._issues import Health, class_tables, expected_text, without_skipped
from labelsieve._token_choice import TokenChoice, choose_tokens
from labelsieve._token_data import TokenData
from labelsieve._token_issues import num_issues_of, sentence_columns, token_columns

__all__ = ["TokenHealth", "score_token_labels", "token_health"]


def score_token_labels(
    labels: Any,
    pred_probs: Any = None,
    *,
    by: str = "token",
    words: Any = None,
    class_names: Any = None,
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
    sentence_method: str | None = None,
    temperature: float = 0.05,
    bad_score: float = 0.1,
    below: float | None = None,
    n_jobs: int | None = None,
    **form: Any,
) -> IssueTable:
    """Every token, sentence or given span in its order with its label quality, as ``labelsieve
    score`` lists them.

    ``by`` is token (columns sentence, token, text, given_label, suggested_label, label_quality,
    is_label_issue), sentence (sentence, num_tokens, num_issues, label_quality, sentence_text) or
    span (sentence, start, end, type, label_quality, text; ``class_names`` are the tags). Texts are
    there where ``words`` are; of a token that is left out, label and scores are not. ``mask`` is of
    the tokens that the filter flags. The options are those of find_token_issues and
    find_sentence_issues.
    """
    if by not in ("token", "sentence", "span"):
        raise ValueError(f"by must be token, sentence or span, not {by!r}")
    if by == "span" and class_names is None:
        raise ValueError("spans are formed of tags: class_names must be those, such as B-PER and O")
    arguments = locals()
    choice = choose_tokens(arguments, below=below)
    data, options = choice.data, choice.options
    if by == "token":
        columns = token_columns(without_skipped(choice.all_tokens()), data)
        columns["is_label_issue"] = choice.mask
        number, one, many = data.num_examples(choice.findings), "token", "tokens"
    elif by == "sentence":
        scores = choice.sentence_scores(sentence_method, temperature, bad_score)
        counts = num_issues_of(choice.mask, data.sentences)
        columns = sentence_columns(np.arange(len(scores)), scores, counts, data)
        number, one, many = len(scores), "sentence", "sentences"
    else:
        columns = _span_columns(choice, sentence_method or "min", temperature, bad_score)
        number, one, many = len(columns["sentence"]), "given span", "given spans"
    num_issues = int(np.count_nonzero(choice.mask))
    summary = {
        "options": {
            **options.summary(),
            "by": by,
            "sentence_method": sentence_method,
            "below": below,
        },
        **data.sizes(choice.findings),
        "scheme": choice.scheme,
        "num_issues": num_issues,
        **choice.expected,
    }
    line = (
        f"{counted(number, one, many)} scored, "
        f"{counted(num_issues, 'label issue', 'label issues')} among the tokens"
        f"{expected_text(summary)}."
    )
    return IssueTable(columns, summary, line, choice.mask)


class TokenHealth(Health):
    """The classes from the lowest label quality, pairs of them, and what is wrong most often."""

    #: Words with issues, those with most first: text, num_issues, num_tokens, rate. None without
    #: words.
    common_words: IssueTable | None

    #: Words with their labels: text, given_label, suggested_label, num_issues. None without words.
    common_word_pairs: IssueTable | None

    #: Labels in the place of others: given_label, suggested_label, num_issues, num_given, rate.
    common_pairs: IssueTable


def token_health(
    labels: Any,
    pred_probs: Any = None,
    *,
    words: Any = None,
    class_names: Any = None,
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
    below: float | None = None,
    classes: Any = None,
    exclude: Any = None,
    word: Any = None,
    threshold: float | None = None,
    ignore: Any = None,
    n_jobs: int | None = None,
    **form: Any,
) -> TokenHealth:
    """What health says, of tokens, and which words and labels are wrong most often, as
    ``labelsieve health`` says of token data.

    The columns are those of health; the options are those of find_token_issues.
    """
    arguments = locals()
    choice = choose_tokens(arguments, below=below)
    data, options = choice.data, choice.options
    selection = call_with(Selection, arguments)
    found = choice.select(selection, word)
    sizes, num_issues = data.sizes(choice.findings), len(found[0])
    summary = {
        "options": {**options.summary(), "below": below, **selection.summary(), "word": word},
        **sizes,
        "scheme": choice.scheme,
        "num_flagged": choice.num_flagged,
        "num_issues": num_issues,
        **choice.expected,
        "overall_label_health_score": 1 - num_issues / sizes["num_examples"],
    }
    result = class_tables(
        choice.findings, confident_joint, found[1], summary, "tokens", choice.mask, TokenHealth
    )
    _add_common(result, found, data, choice.findings.label_counts)
    return result


def _add_common(
    result: TokenHealth, found: tuple[np.ndarray, ...], data: TokenData, counts: np.ndarray
) -> None:
    words = data.sentences.words
    index, given, suggested = (column.astype(np.int64) for column in found[:3])
    by_word, by_both, by_labels = _core.common_issues(index, given, suggested, words, counts)
    result.common_words = result.common_word_pairs = None
    if words is not None:
        text, number, of, rate = _columns(by_word, 4)
        cells = {"text": text, "num_issues": number, "num_tokens": of, "rate": rate}
        result.common_words = _table(cells, "word with issues", "words with issues")
        text, one, other, number = _columns(by_both, 4)
        cells = {"text": text, **_pair(one, other, data), "num_issues": number}
        result.common_word_pairs = _table(cells, "word with labels", "words with labels")
    one, other, number, of, rate = _columns(by_labels, 5)
    cells = {**_pair(one, other, data), "num_issues": number, "num_given": of, "rate": rate}
    result.common_pairs = _table(cells, "pair of labels", "pairs of labels")


def _columns(rows: list[Any], count: int) -> list[Any]:
    columns = list(map(list, zip(*rows))) if rows else [[] for _ in range(count)]
    return [
        column if column and isinstance(column[0], str) else np.asarray(column)
        for column in columns
    ]


def _pair(one: Any, other: Any, data: TokenData) -> dict[str, Any]:
    return {
        "given_label": label_cells(one, data.names),
        "suggested_label": label_cells(other, data.names),
    }


def _table(columns: dict[str, Any], one: str, many: str) -> IssueTable:
    number = len(next(iter(columns.values())))
    return IssueTable(columns, {"num_rows": number}, f"{counted(number, one, many)}.")


def _span_columns(
    choice: TokenChoice, method: str, temperature: float, bad_score: float
) -> dict[str, Any]:
    data = choice.data
    rows, choice.scheme = _core.score_spans(
        data.tokens,
        data.tags,
        choice.scheme,
        choice.scores(),
        method,
        float(temperature),
        float(bad_score),
        choice.threads,
    )
    columns: dict[str, Any] = {
        name: np.asarray([row[place] for row in rows], dtype=np.int64)
        for place, name in enumerate(("sentence", "start", "end"))
    }
    columns["type"] = [row[3] for row in rows]
    columns["label_quality"] = np.asarray([row[4] for row in rows], dtype=np.float64)
    if data.sentences.words is not None:
        columns["text"] = [data.sentences.text(*row[:3]) for row in rows]
    return columns
