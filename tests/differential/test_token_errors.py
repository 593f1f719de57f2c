"""The automatic method for tokens against the prototype in NumPy that it was worked out in.

The prototype is not part of the project; LABELSIEVE_REFERENCE names its folder. It corrects for
missing spans in full, which here is a base rate exponent of 1.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from conftest import REAL_NOISE, ROOT

REFERENCE = Path(os.environ.get("LABELSIEVE_REFERENCE", ROOT.parent / "shared/reference"))
PROGRAM = Path(os.environ.get("LABELSIEVE_TOKEN_ERRORS", ROOT / "build/tests/token_errors"))
KINDS = ["missing", "spurious", "type", "boundary"]

pytestmark = pytest.mark.skipif(not (REFERENCE / "ner_auto.py").exists(),
                                reason=f"no prototype in {REFERENCE}; set LABELSIEVE_REFERENCE")


@pytest.fixture(scope="module")
def prototype():
    sys.path.insert(0, str(REFERENCE))
    import ner_auto
    return ner_auto


class Found:
    """What the program printed."""

    def __init__(self, text):
        rows = [line.split() for line in text.splitlines()]
        tokens = [row for row in rows if row[0] == "token"]
        self.quality = np.array([float(row[1]) for row in tokens])
        self.mask = np.array([row[2] == "1" for row in tokens])
        self.sentences = np.array([float(row[1]) for row in rows if row[0] == "sentence"])
        self.issues = [self.issue(row) for row in rows if row[0] == "issue"]
        self.expected = float(rows[0][1])

    @staticmethod
    def issue(row):
        def span(start, end, name):
            return None if start == "-" else (int(start), int(end), name)
        return int(row[1]), KINDS[int(row[2])], span(*row[3:6]), span(*row[6:9])


def run(folder, y, p, lengths, words, classes, exponent, documents=()):
    ends = np.cumsum(lengths)
    with open(folder / "tokens.tsv", "w", encoding="utf-8") as file:
        for start, end in zip(ends - lengths, ends):
            for t in range(start, end):
                file.write(f"{words[t]}\t{classes[y[t]]}\n")
            file.write("\n")
    np.save(folder / "p.npy", p)
    done = subprocess.run([str(PROGRAM), folder / "tokens.tsv", folder / "p.npy", ",".join(classes),
                           str(exponent), *map(str, documents)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Found(done.stdout)


def made_up(seed, types=3, tokens=4000):
    """Sentences of invented words; a fair model; missing, spurious, wrong and cut names."""
    rng = np.random.default_rng(seed)
    classes = ["O"] + [f"{side}-T{k}" for k in range(types) for side in "BI"]
    y, words, lengths = [], [], []
    while len(y) < tokens:
        before = len(y)
        for _ in range(rng.integers(1, 6)):
            for _ in range(rng.integers(0, 4)):
                y.append(0)
                words.append(f"word{chr(97 + rng.integers(26))}")
            k, size = rng.integers(types), rng.integers(1, 4)
            y += [1 + 2 * k] + [2 + 2 * k] * (size - 1)
            words += [f"Name{k}{chr(97 + rng.integers(9))}" for _ in range(size)]
        lengths.append(len(y) - before)
    truth, lengths = np.array(y), np.array(lengths)
    p = rng.random((len(truth), len(classes))) ** 3
    p[np.arange(len(truth)), truth] += 5 * rng.random(len(truth))
    p /= p.sum(1, keepdims=True)
    given = np.where(rng.random(len(truth)) < .06, rng.integers(0, len(classes), len(truth)), truth)
    given[(rng.random(len(truth)) < .1) & (truth > 0)] = 0
    return given, p, lengths, words, classes


def agree(prototype, folder, data, document=None, documents=()):
    y, p, lengths, words, classes = data
    expected = prototype.find_issues(y, p.astype(float), lengths, words, classes, document)
    found = run(folder, y, p, lengths, words, classes, 1, documents)
    own = p[np.arange(len(y)), y].astype(float)
    quality = np.clip(1 - (2 * expected.token_score + 1 - own) / 3, 0, 1)
    np.testing.assert_allclose(found.quality, quality, atol=1e-6, rtol=0)
    np.testing.assert_allclose(found.sentences, np.exp(-expected.sentence_score), atol=1e-6, rtol=0)
    assert abs(found.expected - expected.token_score.sum()) < 1e-4
    # Rows that disagree by less than 1e-6 are not counted here, and ties may fall otherwise.
    assert abs(found.mask.sum() - expected.flagged.sum()) <= 2
    assert (found.mask != expected.flagged).sum() <= 4
    return expected, found


def in_sentences(issue, lengths):
    """An issue of the prototype as one of the program's; given entities by what they overlap."""
    ends = np.cumsum(lengths)
    sentence = int(np.searchsorted(ends, issue.start, side="right"))
    start = ends[sentence] - lengths[sentence]
    suggested = issue.suggestion and (int(issue.suggestion[0] - start),
                                      int(issue.suggestion[1] - start), issue.suggestion[2])
    return sentence, issue.kind, issue.given, suggested


def same_issues(expected, found, lengths):
    """Nearly all: those without a flagged token are left out here."""
    theirs = {in_sentences(issue, lengths) for issue in expected.issues}
    ours = {(s, kind, given and given[2], suggested) for s, kind, given, suggested in found.issues}
    assert len(theirs) > 0
    assert len(ours & theirs) >= .98 * max(len(ours), len(theirs)), (ours ^ theirs)


@pytest.mark.parametrize("seed", range(6))
def test_invented_text(prototype, tmp_path, seed):
    data = made_up(seed, types=1 + seed % 4)
    expected, found = agree(prototype, tmp_path, data)
    same_issues(expected, found, data[2])


def test_documents(prototype, tmp_path):
    data = made_up(99)
    documents = np.arange(len(data[2])) % 11
    agree(prototype, tmp_path, data, np.repeat(documents, data[2]), documents)


@pytest.mark.parametrize("name", ["noisebench-expert", "noisebench-crowd", "noisebench-distant",
                                  "conll2003-dev-vs-cleanconll"])
def test_real_text(prototype, tmp_path, name):
    folder = REAL_NOISE / name
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}; set LABELSIEVE_REAL_NOISE to where the sets are")
    y = np.load(folder / "labels.npy").astype(np.int64)
    p = np.clip(np.load(folder / "pred_probs.npy"), 0, 1)
    lengths = np.load(folder / "sentence_lengths.npy").astype(np.int64)
    lengths = lengths[lengths > 0]
    words = (folder / "tokens.txt").read_text(encoding="utf-8").split("\n")[:len(y)]
    classes = (folder / "classes.txt").read_text().split()
    document, documents = None, ()
    if (folder / "document.npy").exists():
        document = np.load(folder / "document.npy")
        documents = document[np.cumsum(lengths) - lengths]
    expected, found = agree(prototype, tmp_path, (y, p, lengths, words, classes), document,
                            documents)
    same_issues(expected, found, lengths)
