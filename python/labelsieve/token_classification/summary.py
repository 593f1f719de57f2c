"""Issues among their words: shown, counted, picked."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator
from typing import Any

__all__ = ["common_label_issues", "display_issues", "filter_by_token"]

_RED, _PLAIN = "\x1b[31m", "\x1b[0m"


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
    """Prints the first ``top`` issues in their sentences, the word in red.

    ``issues`` are pairs (sentence, token), or sentence indices, whose sentences are then printed.
    Given and predicted labels are shown where ``labels`` and ``pred_probs`` are there; pairs
    (given, predicted) in ``exclude`` are passed over.
    """
    has_labels, has_pred_probs = _is_given(labels), _is_given(pred_probs)
    names = _class_names(class_names, has_labels or has_pred_probs)
    shown = 0
    for issue in issues:
        if shown == top:
            break
        if not isinstance(issue, tuple):
            text = f"Sentence issue: {_sentence(tokens[issue])}"
        else:
            i, j = issue
            given = _number(labels[i][j], names) if has_labels else None
            predicted = _argmax(pred_probs[i][j]) if has_pred_probs else None
            if (given, predicted) in exclude:
                continue
            text = _description(issue, tokens[i], given, predicted, names)
        print(("\n\n" if shown > 0 else "") + text)
        shown += 1


def common_label_issues(
    issues: list[tuple[int, int]],
    tokens: list[list[str]],
    *,
    labels: Any = None,
    pred_probs: Any = None,
    class_names: list[str] | None = None,
    top: int = 10,
    exclude: list[tuple[int, int]] = [],
    verbose: bool = True,
) -> Any:
    """A frame of the words with the most issues, most first: token and num_label_issues.

    With ``labels`` and ``pred_probs`` a row for each word, given_label and predicted_label
    (names, with ``class_names``), without the pairs in ``exclude``. Prints the ``top`` words, with
    ``verbose`` their labels too. An issue that is listed twice counts twice.
    """
    words: Counter[str] = Counter()
    if not (_is_given(labels) and _is_given(pred_probs)):
        words.update(tokens[i][j] for i, j in issues)
        for word, count in words.most_common(top):
            print(f"Token {word!r}: {count} potential label issues\n")
        return _frame(words.most_common(), ["token", "num_label_issues"])
    names = _class_names(class_names, needed=True)
    excluded = set(exclude)
    counts: dict[str, Counter[tuple[int, int]]] = {}
    for i, j in issues:
        of_word = counts.setdefault(tokens[i][j], Counter())
        pair = _number(labels[i][j], names), _argmax(pred_probs[i][j])
        if pair not in excluded:
            of_word[pair] += 1
    words.update({word: of_word.total() for word, of_word in counts.items()})
    for word, count in words.most_common(top):
        print(f"Token {word!r}: {count} potential label issues")
        if verbose:
            print("-" * 40)
            for (given, predicted), number in counts[word].most_common():
                print(f"given {names[given]}, predicted {names[predicted]}: {number} times")
        print()
    rows = sorted(_rows(counts, names), key=lambda row: -row[3])
    return _frame(rows, ["token", "given_label", "predicted_label", "num_label_issues"])


def filter_by_token(
    token: str, issues: list[tuple[int, int]], tokens: list[list[str]]
) -> list[tuple[int, int]]:
    """The issues of one word, upper and lower case alike, in their order."""
    wanted = token.lower()
    return [(i, j) for i, j in issues if tokens[i][j].lower() == wanted]


class _Indices:
    """Class names where there are none: the indices."""

    def __getitem__(self, label: int) -> int:
        return label


def _class_names(class_names: Any, needed: bool) -> Any:
    if class_names is not None and len(class_names) > 0:
        return class_names
    if needed:
        print("Classes are shown by their index; give class_names to see their names.\n")
    return _Indices()


def _description(
    issue: tuple[int, int], words: list[str], given: Any, predicted: Any, names: Any
) -> str:
    lines = [f"Sentence index: {issue[0]}, Token index: {issue[1]}", f"Token: {words[issue[1]]}"]
    labels = []
    if given is not None:
        labels.append(f"Given label: {names[given]}")
    if predicted is not None:
        label = "predicted label" if labels else "Predicted label"
        labels.append(f"{label} according to provided pred_probs: {names[predicted]}")
    if labels:
        lines.append(", ".join(labels))
    return "\n".join([*lines, "----", _in_red(_sentence(words), words[issue[1]])])


def _sentence(words: list[str]) -> str:
    """Words as one writes them: no space before punctuation nor after an opening bracket."""
    text = ""
    for word in words:
        stands_alone = word not in string.punctuation or word in ("-", "(")
        text += " " + word if stands_alone else word
    return text.replace(" '", "'").replace("( ", "(").strip()


def _in_red(sentence: str, word: str) -> str:
    """Every occurrence of the word, whole words only if there is one."""
    red = f"{_RED}{word}{_PLAIN}"
    marked, count = re.subn(rf"\b{re.escape(word)}\b", lambda _: red, sentence)
    return marked if count > 0 else sentence.replace(word, red)


def _rows(counts: dict[str, Counter[tuple[int, int]]], names: Any) -> Iterator[list[Any]]:
    for word, of_word in counts.items():
        for (given, predicted), number in sorted(of_word.items()):
            yield [word, names[given], names[predicted], number]


def _number(label: Any, names: Any) -> int:
    """A label as a number, also where it is one of the names."""
    return list(names).index(label) if isinstance(label, str) else int(label)


def _argmax(row: Any) -> int:
    argmax = getattr(row, "argmax", None)
    if argmax is not None:
        return int(argmax())
    return max(range(len(row)), key=lambda k: row[k])


def _is_given(sequence: Any) -> bool:
    return sequence is not None and len(sequence) > 0


def _frame(rows: list[Any], columns: list[str]) -> Any:
    try:
        import pandas
    except ImportError as error:
        raise ImportError("tables of issues use pandas: pip install pandas") from error
    return pandas.DataFrame(rows, columns=columns)
