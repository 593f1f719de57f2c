"""The committed sentences are what the script makes, and the demo's claim about them holds."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
COMMAND = os.environ.get("LABELSIEVE_BIN", str(ROOT / "build/labelsieve"))


def mistakes():
    with open(EXAMPLES / "sentences_mistakes.tsv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def find(*options):
    done = subprocess.run(
        [COMMAND, "find", str(EXAMPLES / "sentences.conll"), "--pred-probs",
         str(EXAMPLES / "sentences_probs.npy"), "--format", "json", "-q", *options],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["issues"]


def test_script_makes_the_committed_files(tmp_path):
    subprocess.run([sys.executable, str(EXAMPLES / "make_sentences.py"), str(tmp_path)], check=True)
    for name in ("sentences.conll", "sentences_mistakes.tsv"):
        assert (EXAMPLES / name).read_bytes() == (tmp_path / name).read_bytes()
    # Another processor may fit the model a little differently.
    np.testing.assert_allclose(np.load(EXAMPLES / "sentences_probs.npy"),
                               np.load(tmp_path / "sentences_probs.npy"), atol=5e-3)


def test_six_to_eight_in_a_hundred_sentences_have_a_mistake():
    sentences = (EXAMPLES / "sentences.conll").read_text(encoding="utf-8").count("\n\n")
    wrong = len({row["sentence"] for row in mistakes()})
    assert 0.06 <= wrong / sentences <= 0.08


def test_most_of_the_first_twenty_tokens_are_mistakes():
    known = {(int(row["sentence"]), int(row["token"])): row for row in mistakes()}
    found = [(issue["sentence"], issue["token"]) for issue in find("--top", "20")]
    assert len(found) == 20
    assert sum(token in known for token in found) >= 17


def test_spans_show_every_kind_of_mistake():
    kinds = {issue["issue_type"] for issue in find("--by", "span")}
    assert kinds == {"missing", "spurious", "wrong_type", "wrong_boundary"}


def test_demo_counts_the_mistakes():
    """Only when the command is the one that the demo runs."""
    if not (ROOT / "build/labelsieve").exists():
        import pytest
        pytest.skip("the demo's own build is not there")
    done = subprocess.run([str(ROOT / "demo")], capture_output=True, text=True, check=False,
                          env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"})
    assert done.returncode == 0, done.stderr
    counts = re.search(r"Of the first 20 words, (\d+) are among", done.stdout)
    assert counts and int(counts[1]) >= 17
    assert "{Peter Novak}" in done.stdout
