#!/usr/bin/env python3
"""Makes sentences.conll, sentences_probs.npy and sentences_mistakes.tsv out of sentences.txt.

The sentences were written for labelsieve, with persons, places and organisations, and with the
mistakes that annotators make: a name not seen, a wrong type, a wrong boundary, a name where there is
none. The labels are in IOB2. Every row of probabilities comes from a model that has not seen that
sentence: logistic regression on the words, their shapes and their neighbours, trained on the labels
as given, mistakes and all, of the other four of five folds. Columns are the labels, sorted.

    python examples/make_sentences.py [FOLDER]        (default: the folder of this script)
"""

import re
import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

HERE = Path(__file__).parent
CHUNK = re.compile(r"\[(?P<name>[^|\]]+)\|(?P<type>[A-Z]+)\]|(?P<word>\S+)")


def parse(line):
    """The words and IOB2 labels of a line with brackets."""
    words, labels = [], []
    for chunk in CHUNK.finditer(line):
        if chunk["word"]:
            words.append(chunk["word"])
            labels.append("O")
            continue
        for position, word in enumerate(chunk["name"].split()):
            words.append(word)
            labels.append(("I-" if position else "B-") + chunk["type"])
    return words, labels


def read_sentences(path):
    """Words, given labels and right labels of every sentence."""
    sentences = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("!"):
            words, _, right = sentences[-1]
            given_words, given = parse(line[1:])
            if given_words != words:
                raise ValueError(f"not the words of the sentence before it: {line}")
            sentences[-1] = (words, given, right)
        elif line and not line.startswith("#"):
            words, right = parse(line)
            sentences.append((words, right, right))
    return sentences


def shape(word):
    """Xxxx becomes Xx, 1921 becomes 9."""
    return re.sub(r"(.)\1+", r"\1", re.sub(r"\d", "9", re.sub(r"[a-z]", "x", re.sub(
        r"[A-Z]", "X", word))))


def features(words, i):
    """What the model sees of a word."""
    found = {"bias": 1, "first": i == 0}
    for offset in range(-2, 3):
        at = i + offset
        word = words[at] if 0 <= at < len(words) else "<none>"
        found[f"word{offset}={word.lower()}"] = 1
        if abs(offset) < 2:
            found[f"shape{offset}={shape(word)}"] = 1
    found[f"ending={words[i][-3:].lower()}"] = 1
    return found


def out_of_sample_probabilities(sentences):
    """One row per word, from a model that was trained without its sentence."""
    rows = [[features(words, i) for i in range(len(words))] for words, _, _ in sentences]
    probs = [None] * len(sentences)
    for train, test in KFold(5, shuffle=True, random_state=0).split(sentences):
        model = make_pipeline(DictVectorizer(), LogisticRegression(C=3, tol=1e-6, max_iter=1000))
        model.fit([row for s in train for row in rows[s]],
                  [label for s in train for label in sentences[s][1]])
        for s in test:
            probs[s] = model.predict_proba(rows[s])
    return np.concatenate(probs).astype(np.float32)


def write_conll(path, sentences):
    with open(path, "w", newline="\n", encoding="utf-8") as out:
        for words, given, _ in sentences:
            for word, label in zip(words, given):
                print(word, label, file=out)
            print(file=out)


def write_mistakes(path, sentences):
    """A line for every word whose given label is not the right one; all numbers from 0."""
    with open(path, "w", newline="\n", encoding="utf-8") as out:
        print("sentence", "token", "text", "given_label", "right_label", sep="\t", file=out)
        for s, (words, given, right) in enumerate(sentences):
            for t, word in enumerate(words):
                if given[t] != right[t]:
                    print(s, t, word, given[t], right[t], sep="\t", file=out)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    sentences = read_sentences(HERE / "sentences.txt")
    write_conll(folder / "sentences.conll", sentences)
    write_mistakes(folder / "sentences_mistakes.tsv", sentences)
    with threadpool_limits(1):  # small matrices: threads would only wait for each other
        np.save(folder / "sentences_probs.npy", out_of_sample_probabilities(sentences))


if __name__ == "__main__":
    main()
