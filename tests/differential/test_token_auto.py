"""The automatic method of the command on tokens with words, against the library's own answers.

`token_errors` prints them (test_token_errors.py compares those with the prototype)."""

import csv
import json
import subprocess

import numpy as np
import pytest

from conftest import ROOT, command_path
from test_token_errors import PROGRAM, Found

CORPUS = ROOT / "examples/sentences.conll"
PROBS = ROOT / "examples/sentences_probs.npy"
CLASSES = "B-LOC,B-ORG,B-PER,I-LOC,I-ORG,I-PER,O"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


@pytest.fixture(scope="module")
def library():
    done = subprocess.run([str(PROGRAM), str(CORPUS), str(PROBS), CLASSES, "auto"],
                          capture_output=True, text=True, check=True)
    return Found(done.stdout)


@pytest.fixture
def command(tmp_path):
    def call(subcommand, *options):
        line = [command_path(), subcommand, CORPUS, "--pred-probs", PROBS, "--quiet", *options]
        if "-o" not in options:
            line += ["--format", "json"]
        done = subprocess.run(list(map(str, line)), capture_output=True, text=True, cwd=tmp_path,
                              check=False)
        assert done.returncode == 0, done.stderr
        return np.load(tmp_path / "o.npy") if "-o" in options else json.loads(done.stdout)

    return call


@pytest.mark.parametrize("subcommand, unit", [("find", "token"), ("find", "sentence"),
                                              ("find", "span"), ("score", "token"),
                                              ("score", "sentence"), ("score", "span")])
def test_expected_errors(command, library, subcommand, unit):
    summary = command(subcommand, "--by", unit)["summary"]
    assert summary["expected_errors"] == pytest.approx(library.expected, rel=1e-12)
    assert (summary["options"]["filter_by"], summary["options"]["method"]) == ("auto", "auto")


def test_flags_and_scores(command, library):
    np.testing.assert_array_equal(command("find", "-o", "o.npy"), library.mask)
    np.testing.assert_array_equal(command("score", "-o", "o.npy"), library.quality)
    np.testing.assert_array_equal(command("score", "--by", "sentence", "-o", "o.npy"),
                                  library.sentences)
    qualities = [row["label_quality"] for row in command("find")["issues"]]
    assert qualities == sorted(library.quality[library.mask])


def test_spans(command, library):
    def span(row, side):
        keys = (f"{side}_start", f"{side}_end", f"{side}_type")
        return None if row[keys[0]] is None else tuple(row[key] for key in keys)

    rows = command("find", "--by", "span")["issues"]
    assert library.issues == [(row["sentence"], row["issue_type"].removeprefix("wrong_"),
                               span(row, "given"), span(row, "suggested")) for row in rows]


def test_score_and_find_suggest_the_same(command):
    scored = {(row["sentence"], row["token"]): row for row in command("score")["tokens"]}
    found = command("find")["issues"]
    assert sum(row["is_label_issue"] for row in scored.values()) == len(found)
    for row in found:
        other = scored[row["sentence"], row["token"]]
        for key in ("given_label", "suggested_label", "label_quality"):
            assert row[key] == other[key]
        assert row["given_label"] != row["suggested_label"]


def test_most_that_is_flagged_was_put_there(command):
    with open(ROOT / "examples/sentences_mistakes.tsv", encoding="utf-8") as file:
        wrong = {(int(row["sentence"]), int(row["token"]))
                 for row in csv.DictReader(file, delimiter="\t")}
    first = [(row["sentence"], row["token"]) for row in command("find", "--top", 20)["issues"]]
    assert len(wrong & set(first)) >= 16


def test_each_option_keeps_its_meaning(command, library):
    """A filter flags, a method scores, and a sentence method pools, whatever else is automatic."""
    plain = ("--method", "self_confidence")
    quality = command("score", *plain, "-o", "o.npy")
    np.testing.assert_array_equal(command("find", *plain, "-o", "o.npy"), library.mask)
    rows = command("find", *plain)["issues"]
    assert [row["label_quality"] for row in rows] == sorted(quality[library.mask])

    by_filter = ("--filter-by", "predicted_neq_given")
    mask = command("find", *by_filter, "-o", "o.npy")
    assert mask.sum() > library.mask.sum()
    found = command("find", *by_filter)
    assert [row["label_quality"] for row in found["issues"]] == sorted(library.quality[mask])
    assert "expected_errors" not in found["summary"]

    np.testing.assert_array_equal(command("find", "--below", "0.3", "-o", "o.npy"),
                                  library.quality < 0.3)
    pooled = command("score", "--by", "sentence", "--sentence-method", "min", "-o", "o.npy")
    rows = command("score")["tokens"]
    for sentence, score in enumerate(pooled):
        assert score == min(row["label_quality"] for row in rows if row["sentence"] == sentence)


@pytest.mark.parametrize("options", [("--method", "self_confidence"), ("--sentence-method", "mean"),
                                     ("--filter-by", "both")])
def test_spans_are_scored_as_asked(command, options):
    quality = command("score", *options[:2], "-o", "o.npy") \
        if options[0] == "--method" else command("score", "-o", "o.npy")
    starts = {}
    for index, row in enumerate(command("score")["tokens"]):
        starts.setdefault(row["sentence"], index)
    pool = np.mean if "mean" in options else np.min
    rows = command("find", "--by", "span", *options)["issues"]
    assert rows
    for row in rows:
        edges = [row[key] for key in ("given_start", "suggested_start", "given_end",
                                      "suggested_end") if row[key] is not None]
        first = starts[row["sentence"]]
        expected = pool(quality[first + min(edges):first + max(edges)])
        assert row["label_quality"] == pytest.approx(expected, rel=1e-12)
    qualities = [row["label_quality"] for row in rows]
    assert qualities == sorted(qualities)


def test_tags_without_an_outside_are_examples(command, tmp_path):
    """Parts of speech: no tag is O, so the automatic method for examples flags."""
    text = CORPUS.read_text(encoding="utf-8")
    lines = [line[:-2] + " X" if line.endswith(" O") else line for line in text.split("\n")]
    (tmp_path / "x.conll").write_text("\n".join(lines), encoding="utf-8")
    summary, mask = {}, {}
    for name in ("x.conll", "x.npz"):
        if name == "x.npz":
            names = sorted({line.split(" ")[1] for line in lines if line})
            labels = np.array([names.index(line.split(" ")[1]) for line in lines if line])
            np.savez(tmp_path / name, labels=labels, pred_probs=np.load(PROBS))
            files = [name]
        else:
            files = [name, "--pred-probs", str(PROBS)]
        done = subprocess.run([command_path(), "find", *files, "--format", "json", "--quiet"],
                              capture_output=True, text=True, cwd=tmp_path, check=True)
        summary[name] = json.loads(done.stdout)["summary"]
        subprocess.run([command_path(), "find", *files, "-o", "m.npy", "--quiet"], cwd=tmp_path,
                       check=True)
        mask[name] = np.load(tmp_path / "m.npy")
    np.testing.assert_array_equal(mask["x.conll"], mask["x.npz"])
    assert mask["x.conll"].any()
    assert summary["x.conll"]["expected_errors"] == summary["x.npz"]["expected_errors"]
    assert summary["x.conll"]["expected_errors_low"] <= summary["x.conll"]["expected_errors_high"]
