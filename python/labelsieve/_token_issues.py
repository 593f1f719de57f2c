"""Wrong labels of tokens, and sentences with such, as the command's tables have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve._arguments import call_with
from labelsieve._class_names import label_cells
from labelsieve._issue_options import Selection
from labelsieve._issue_table import IssueTable, counted
from labelsieve._issues import expected_text, line_of, shares
from labelsieve._token_choice import choose_tokens, ignored_tokens
from labelsieve._token_data import TokenData
from labelsieve._token_words import Sentences

__all__ = ["find_sentence_issues", "find_token_issues", "sentence_columns", "token_columns"]


def find_token_issues(
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
    ignore_label. ``words`` are a list for each sentence, or one of all tokens. With
    ``ensemble_weights`` (accuracy, uniform, log_loss_search or numbers) ``pred_probs`` is a list
    with those of each model. What does not fit into memory comes as labelsieve.Batches, in the
    place of ``labels``. ``logits`` and ``skip_invalid`` are those of find_issues.

    With ``words`` and ``class_names`` that are tags of spans (B-PER, I-PER, O), ``filter_by`` and
    ``method`` ``auto`` are the automatic method for such tags: it also asks how the same word
    is labelled elsewhere. ``documents`` has the number of each sentence's document (without it
    every 20 sentences are one), ``scheme`` iob1, iob2, iobes, bilou or plain, else it is detected.

    ``below`` flags all tokens with a label quality below it, in the place of the filter. ``word``
    keeps the issues of one word or some, ``ignore`` leaves out what was checked: pairs (sentence,
    token), texts such as "12:3", or whole sentences by their number. All other options are those of
    find_issues, on the tokens.
    """
    arguments = locals()
    choice = choose_tokens(arguments, below=below)
    data, options = choice.data, choice.options
    selection = call_with(Selection, arguments)
    found = choice.select(selection, word)
    num_issues = len(found[0])
    shown = selection.shown(num_issues)
    found = tuple(column[:shown] for column in found)
    summary = {
        "options": {**options.summary(), "below": below, **selection.summary(), "word": word},
        **data.sizes(choice.findings),
        "scheme": choice.scheme,
        "num_flagged": choice.num_flagged,
        "num_issues": num_issues,
        **choice.expected,
        "num_listed": shown,
    }
    columns = {"rank": np.arange(1, shown + 1), **token_columns(found, data)}
    if data.sentences.words is not None:
        columns["sentence_text"] = list(map(data.sentences.text, columns["sentence"].tolist()))
    line = line_of(summary, summary["num_examples"], "tokens", of_sentences(summary))
    return IssueTable(columns, summary, line, choice.mask)


def find_sentence_issues(
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
    sentence_method: str | None = None,
    temperature: float = 0.05,
    bad_score: float = 0.1,
    below: float | None = None,
    classes: Any = None,
    exclude: Any = None,
    word: Any = None,
    threshold: float | None = None,
    ignore: Any = None,
    top: int | None = None,
    n_jobs: int | None = None,
    **form: Any,
) -> IssueTable:
    """The sentences with wrong labels, worst first, as ``labelsieve find --by sentence`` lists
    them.

    Columns: rank (from 1), sentence (from 0), num_tokens, num_issues (tokens), label_quality, and
    with ``words`` sentence_text. ``mask`` is of the sentences.

    ``sentence_method`` (min, softmin with ``temperature``, mean, bad_token_fraction with
    ``bad_score``, expected_errors, which is high where others are low) makes the scores of a
    sentence's tokens one. Without it the automatic method for tags with words takes its own score,
    all else min. ``threshold`` and ``below`` are of this score: ``below`` lists all sentences under
    it, whatever the filter says of their tokens. The other arguments are those of
    find_token_issues.
    """
    if below is not None and not (classes is None and exclude is None and word is None):
        raise ValueError(
            "below takes whole sentences, and classes, exclude and word choose tokens: leave one "
            "of them out"
        )
    arguments = locals()
    choice = choose_tokens(arguments)
    data, options = choice.data, choice.options
    choice.select(Selection(classes, exclude, None, ignore), word)
    selection = Selection(threshold=threshold, ignore=ignore, top=top)
    scores = choice.sentence_scores(sentence_method, temperature, bad_score)
    counts = num_issues_of(choice.mask, data.sentences)
    is_issue = counts > 0 if below is None else scores < below
    num_flagged = int(np.count_nonzero(is_issue))
    if ignore is not None:
        is_issue &= ~ignored_tokens(ignore, data.sentences.offsets)[1]
    if threshold is not None:
        is_issue &= scores < threshold
    places = np.flatnonzero(is_issue)
    is_count = sentence_method == "expected_errors"
    places = places[np.argsort(-scores[places] if is_count else scores[places], kind="stable")]
    shown = selection.shown(len(places))
    expected = choice.expected if below is None else {}
    summary = {
        "options": {
            **options.summary(),
            "sentence_method": sentence_method,
            "below": below,
            **call_with(Selection, arguments).summary(),
            "word": word,
        },
        **data.sizes(choice.findings),
        "scheme": choice.scheme,
        "num_flagged": num_flagged,
        "num_issues": len(places),
        **expected,
        "num_listed": shown,
    }
    columns = {
        "rank": np.arange(1, shown + 1),
        **sentence_columns(places[:shown], scores, counts, data),
    }
    line = _sentence_line(summary)
    return IssueTable(columns, summary, line, is_issue)


def token_columns(found: tuple[np.ndarray, ...], data: TokenData) -> dict[str, Any]:
    """What every table of tokens begins with."""
    index, given, suggested, quality = found[:4]
    sentence, token = data.sentences.places(index)
    columns: dict[str, Any] = {"sentence": sentence, "token": token}
    words = data.sentences.words
    if words is not None:
        columns["text"] = [words[place] for place in index.tolist()]
    columns["given_label"] = label_cells(given, data.names)
    columns["suggested_label"] = label_cells(suggested, data.names)
    columns["label_quality"] = quality
    return columns


def sentence_columns(
    places: np.ndarray, scores: np.ndarray, counts: np.ndarray, data: TokenData
) -> dict[str, Any]:
    """What every table of sentences has."""
    columns: dict[str, Any] = {
        "sentence": places,
        "num_tokens": np.diff(data.sentences.offsets)[places],
        "num_issues": counts[places],
        "label_quality": scores[places],
    }
    if data.sentences.words is not None:
        columns["sentence_text"] = list(map(data.sentences.text, places.tolist()))
    return columns


def num_issues_of(mask: np.ndarray, sentences: Sentences) -> np.ndarray:
    """How many tokens of each sentence are in the mask."""
    before = np.concatenate([[0], np.cumsum(mask, dtype=np.int64)])
    return np.diff(before[sentences.offsets])


def of_sentences(summary: dict[str, Any]) -> str:
    sentences = counted(summary["num_sentences"], "sentence", "sentences")
    return f"{sentences} and {counted(summary['num_classes'], 'class', 'classes')}"


def _sentence_line(summary: dict[str, Any]) -> str:
    number, among = summary["num_issues"], summary["num_sentences"]
    found = counted(number, "sentence with issues", "sentences with issues")
    tokens = counted(summary["num_examples"], "token", "tokens")
    line = (
        f"{found} in {counted(among, 'sentence', 'sentences')} "
        f"({100 * number / max(among, 1):.2f} %) of {tokens} and "
        f"{counted(summary['num_classes'], 'class', 'classes')}"
    )
    return line + expected_text(summary, " wrong labels") + shares(summary)
