"""Sentences in JSON lines: tokens with tags, and texts with spans."""

import csv
import io
import json

import numpy as np
import pytest
from test_tokens import rows_of, sentences  # the second is a fixture

assert sentences


def blocks(tmp_path):
    """The words and tags of every sentence of sentences.conll."""
    text = (tmp_path / "sentences.conll").read_text(encoding="utf-8")
    return [[line.split(" ") for line in block.split("\n")]
            for block in text.strip().split("\n\n")]


def probabilities(tmp_path):
    names = (tmp_path / "sentences.csv").read_text().split("\n")[0].replace("p_", "").split(",")
    return names, np.loadtxt(tmp_path / "sentences.csv", delimiter=",", skiprows=1)


def write(path, objects):
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects),
                    encoding="utf-8")


@pytest.fixture
def jsonl(tmp_path, sentences):
    names, probs = probabilities(tmp_path)
    objects, at = [], 0
    for block in blocks(tmp_path):
        rows = probs[at:at + len(block)]
        at += len(block)
        objects.append({"tokens": [word for word, _ in block], "ner_tags": [tag for _, tag in block],
                        "pred_probs": rows.tolist()})
    write(tmp_path / "x.jsonl", objects)
    return objects, names


def without_lines(result):
    assert result.returncode == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    return [{key: value for key, value in row.items() if key != "source_line"} for row in rows]


@pytest.mark.parametrize("unit", ["token", "sentence", "span"])
def test_tokens_as_in_conll(run, sentences, jsonl, unit):
    _, names = jsonl
    ours = run("find", "x.jsonl", "--class-names", ",".join(names), "--by", unit, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ours.stdout)))
    assert all(int(row["source_line"]) == int(row["sentence"]) + 1 for row in rows)
    assert without_lines(ours) == without_lines(sentences("find", "--by", unit, "--format", "csv"))


def test_keys_by_name(run, sentences, jsonl, tmp_path):
    objects, names = jsonl
    write(tmp_path / "other.jsonl", [{"w": one["tokens"], "t": one["ner_tags"],
                                      "p": one["pred_probs"]} for one in objects])
    ours = run("find", "other.jsonl", "--task", "token", "--token-column", "w", "--label-column",
               "t", "--prob-columns", "p", "--class-names", ",".join(names), "--format", "csv")
    assert without_lines(ours) == without_lines(sentences("find", "--format", "csv"))


def test_key_of_spans(run, tmp_path):
    """Those under the key that is named, though there are others, and tags too."""
    model = {"pred_probs": [[.9, .1, 0], [.1, .8, .1], [.2, .1, .7]]}
    texts = {"text": "by Ada Ray", "tokens": ["by", "Ada", "Ray"]}
    other = {"spans": [], "ner_tags": ["O", "O", "O"]}
    write(tmp_path / "x.jsonl", [texts | model | other | {"named": [[3, 10, "PER"]]}])
    write(tmp_path / "y.jsonl", [texts | model | {"spans": [{"start": 3, "end": 10,
                                                             "label": "PER"}]}])
    options = ("--class-names", "O,B-PER,I-PER", "--by", "span", "--format", "csv")
    named = run("score", "x.jsonl", "--span-key", "named", *options)
    assert named.returncode == 0, named.stderr
    assert named.stdout == run("score", "y.jsonl", *options).stdout
    assert [row["text"] for row in rows_of(named)] == ["Ada Ray"]
    missing = run("score", "x.jsonl", "--span-key", "nothing", *options)
    assert missing.returncode == 2 and "nothing" in missing.stderr
    conll = run("find", "x.conll", "--span-key", "named")
    assert conll.returncode == 2


@pytest.mark.parametrize("unit", ["code_points", "utf8", "utf16"])
def test_texts_with_spans(run, sentences, tmp_path, unit):
    """The tokens are given too, so that every one has its probabilities; tags become spans and
    back, but for the one that is illegal."""
    names, probs = probabilities(tmp_path)
    measure = {"code_points": len, "utf8": lambda text: len(text.encode()),
               "utf16": lambda text: len(text.encode("utf-16-le")) // 2}[unit]
    objects = []
    for block in blocks(tmp_path):
        words, tags = zip(*block)
        spans, at = [], 0
        for word, tag in block:
            start, end = at, at + measure(word)
            at = end + 1
            if tag == "O":
                continue
            if tag.startswith("I-") and spans and spans[-1]["end"] == start - 1:
                spans[-1]["end"] = end
            else:
                spans.append({"start": start, "end": end, "label": tag[2:]})
        objects.append({"text": " ".join(words), "tokens": words, "spans": spans})
    write(tmp_path / "spans.jsonl", objects)
    np.save(tmp_path / "p.npy", probs)
    result = run("find", "spans.jsonl", "--pred-probs", "p.npy", "--class-names", ",".join(names),
                 "--by", "span", "--offset-unit", unit, "--format", "csv")
    text = (tmp_path / "sentences.conll").read_text(encoding="utf-8")
    (tmp_path / "sentences.conll").write_text(text.replace("Cape O\nVerde I-LOC",
                                                           "Cape O\nVerde B-LOC"), encoding="utf-8")
    theirs = sentences("find", "--by", "span", "--format", "csv")
    assert without_lines(result) == without_lines(theirs)


def test_ignored_tokens_are_no_tokens(run, tmp_path):
    write(tmp_path / "x.jsonl", [
        {"tokens": ["a", "b", "c"], "ner_tags": [0, -100, 1],
         "pred_probs": [[.9, .1], [.5, .5], [.2, .8]]},
        {"tokens": [], "ner_tags": [], "pred_probs": []},
        {"tokens": ["d"], "ner_tags": [1], "pred_probs": [[.9, .1]]}])
    by_model = ("--method", "self_confidence")
    assert run("score", "x.jsonl", *by_model, "-o", "s.npy").returncode == 0
    scores = np.load(tmp_path / "s.npy")
    assert scores[[0, 2, 3]].tolist() == [.9, .8, .1] and np.isnan(scores[1])
    summary = json.loads(run("find", "x.jsonl", "--format", "json").stdout)["summary"]
    assert (summary["num_examples"], summary["num_tokens"], summary["num_sentences"]) == (3, 4, 3)
    assert run("score", "x.jsonl", *by_model, "--by", "sentence", "-o", "s.npy").returncode == 0
    assert np.load(tmp_path / "s.npy").tolist() == [.8, 1, .1]


def test_lengths_that_differ_name_the_line(run, tmp_path):
    write(tmp_path / "x.jsonl", [
        {"tokens": ["a"], "ner_tags": [0], "pred_probs": [[.9, .1]]},
        {"tokens": ["b", "c"], "ner_tags": [1], "pred_probs": [[.9, .1], [.1, .9]]}])
    result = run("find", "x.jsonl")
    assert (result.returncode, result.stdout) == (2, "")
    assert "x.jsonl, line 2" in result.stderr
