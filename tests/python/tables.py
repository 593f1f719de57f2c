"""The examples of the repository as a script would read them, and the command's tables of them."""

import csv
import io
import json
import os
import subprocess

import numpy as np
from conftest import ROOT

COMMAND = os.environ.get("LABELSIEVE_BIN", str(ROOT / "build/labelsieve"))
EXAMPLES = ROOT / "examples"


def command(*arguments, format="csv"):
    """What the command writes, as CSV."""
    done = subprocess.run(
        [COMMAND, *map(str, arguments), "--format", format, "--quiet"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def json_of(*arguments):
    """The same from JSON."""
    return json.loads(command(*arguments, format="json"))


def without(text, column):
    """The rows of a table in CSV without one of its columns."""
    rows = list(csv.reader(io.StringIO(text)))
    place = rows[0].index(column)
    return [row[:place] + row[place + 1 :] for row in rows]


def csv_of(table):
    file = io.StringIO()
    table.to_csv(file)
    return file.getvalue()


def digits():
    """(labels as names, pred_probs, ids)."""
    with open(EXAMPLES / "digits.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    probs = np.array([[float(row[f"p_{digit}"]) for digit in range(10)] for row in rows])
    return [row["label"] for row in rows], probs, [row["id"] for row in rows]


def photos():
    """(label sets as names, pred_probs, class names, ids, texts)."""
    with open(EXAMPLES / "photos.jsonl") as file:
        rows = [json.loads(line) for line in file]
    names = list(rows[0]["probs"])
    probs = np.array([[row["probs"][name] for name in names] for row in rows])
    ids, texts = [row["id"] for row in rows], [row["text"] for row in rows]
    return [row["labels"] for row in rows], probs, names, ids, texts


def sentences():
    """(tags, probabilities, words of each sentence, class names)."""
    blocks = (EXAMPLES / "sentences.conll").read_text().strip().split("\n\n")
    lines = [[line.split(" ") for line in block.split("\n")] for block in blocks]
    words = [[word for word, _ in sentence] for sentence in lines]
    tags = [[tag for _, tag in sentence] for sentence in lines]
    probs = np.load(EXAMPLES / "sentences_probs.npy")
    ends = np.cumsum([len(sentence) for sentence in tags])
    names = sorted({tag for sentence in tags for tag in sentence})
    return tags, np.split(probs, ends[:-1]), words, names
