"""Tags that their scheme does not allow, as the command's table has them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._class_names import as_names, label_cells
from labelsieve._issue_options import Selection
from labelsieve._issue_table import IssueTable, counted
from labelsieve._issues import shares
from labelsieve._token_choice import ignored_tokens, of_words
from labelsieve._token_words import Sentences, flat_words, numbered_tags

__all__ = ["find_transition_issues"]


def find_transition_issues(
    labels: Any,
    *,
    class_names: Any,
    words: Any = None,
    scheme: str | None = None,
    classes: Any = None,
    exclude: Any = None,
    word: Any = None,
    ignore: Any = None,
    top: int | None = None,
    ignore_label: int | None = -100,
) -> IssueTable:
    """The tags that are not legal where they stand, in their order, as ``labelsieve find --by
    transition`` lists them. Takes no probabilities.

    Columns: rank, sentence, token, text where ``words`` give it, issue_type, given_label,
    suggested_label (a tag of the same type that is legal there, or None), and with ``words``
    sentence_text. ``mask`` is of the flattened tokens.

    ``labels`` are a list for each sentence, of names or numbers of ``class_names``, the tags.
    ``scheme`` is iob1, iob2, iobes, bilou or plain, else it is detected. The other arguments are
    those of find_token_issues.
    """
    names = as_names(class_names, len(list(class_names)))
    if names is None:
        raise ValueError("class_names must be the tags, such as B-PER and O")
    parts = [np.asarray(part, dtype=np.int64) for part in numbered_tags(labels, names)]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts], dtype=np.int64)])
    flat = np.concatenate([np.empty(0, dtype=np.int64), *parts])
    if ignore_label is not None:
        flat = np.where(flat == ignore_label, -1, flat)
    sentences = Sentences(offsets, None if words is None else flat_words(words, len(flat)))
    rows, scheme = _core.find_illegal_tags(flat, offsets, names, scheme)
    places = offsets[[row[0] for row in rows]] + np.asarray([row[1] for row in rows], np.int64)
    given = np.asarray([row[3] for row in rows], dtype=np.int64)
    suggested = np.asarray([row[4] for row in rows], dtype=np.int64)
    selection = Selection(classes, exclude, None, ignore, top)
    keep = selection.kept(
        (places, given, suggested, given), names, len(names), None, skip_ignore=True
    )
    wanted = of_words(word, sentences.words)
    if wanted is not None:
        keep &= wanted[places]
    if ignore is not None:
        keep &= ~ignored_tokens(ignore, offsets)[0][places]
    mask = np.zeros(len(flat), dtype=bool)
    mask[places[keep]] = True
    num_examples, num_issues = int(np.count_nonzero(flat >= 0)), int(keep.sum())
    chosen = np.flatnonzero(keep)[: selection.shown(num_issues)]
    columns: dict[str, Any] = {
        "rank": np.arange(1, len(chosen) + 1),
        "sentence": np.asarray([rows[row][0] for row in chosen], dtype=np.int64),
        "token": np.asarray([rows[row][1] for row in chosen], dtype=np.int64),
    }
    if sentences.words is not None:
        columns["text"] = [sentences.words[place] for place in places[chosen].tolist()]
    columns["issue_type"] = [rows[row][2] for row in chosen]
    columns["given_label"] = label_cells(given[chosen], names)
    columns["suggested_label"] = label_cells(suggested[chosen], names)
    if sentences.words is not None:
        columns["sentence_text"] = list(map(sentences.text, columns["sentence"].tolist()))
    summary = {
        "options": {**selection.summary(), "word": word},
        "num_examples": num_examples,
        "num_classes": len(names),
        "num_sentences": len(sentences),
        "num_tokens": len(flat),
        "class_names": names,
        "scheme": scheme,
        "num_flagged": len(rows),
        "num_issues": num_issues,
        "num_listed": len(chosen),
    }
    line = (
        f"{counted(num_issues, 'illegal transition', 'illegal transitions')} in "
        f"{counted(num_examples, 'token', 'tokens')} "
        f"({100 * num_issues / max(num_examples, 1):.2f} %) of "
        f"{counted(len(sentences), 'sentence', 'sentences')}, tags in {scheme}{shares(summary)}"
    )
    return IssueTable(columns, summary, line, mask)
