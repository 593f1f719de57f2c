"""Multi-label data: the forms of input, the task, the selection, and what is refused."""

import gzip
import io
import json

import numpy as np
import pytest

ROWS = [  # labels, probabilities of a, b, c; the last but one lacks b, the last should not have c
    (["a"], [0.9, 0.1, 0.2]), ([], [0.1, 0.2, 0.1]), (["a", "b"], [0.8, 0.9, 0.1]),
    (["b"], [0.2, 0.8, 0.1]), (["c"], [0.1, 0.2, 0.9]), (["b", "c"], [0.1, 0.9, 0.8]),
    (["a", "c"], [0.9, 0.2, 0.9]), (["a"], [0.9, 0.99, 0.1]), (["c"], [0.1, 0.1, 0.02]),
] * 4
NAMES = "abc"


def jsonl(rows=None, key=lambda labels: labels):
    return "".join(json.dumps({"labels": key(labels), "probs": dict(zip(NAMES, probs))}) + "\n"
                   for labels, probs in rows or ROWS)


def table(cell, header="labels"):
    lines = [f"{header},p_a,p_b,p_c"]
    lines += [f"{cell(labels)},{','.join(map(str, probs))}" for labels, probs in ROWS]
    return "\n".join(lines) + "\n"


def matrix():
    return np.array([[name in labels for name in NAMES] for labels, _ in ROWS])


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def write(folder, files):
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


PROBS = np.array([probs for _, probs in ROWS])
FORMS = {
    "lists": ({"x.jsonl": jsonl()}, "x.jsonl"),
    "indices": ({"x.jsonl": jsonl(key=lambda labels: [NAMES.index(name) for name in labels])},
                "x.jsonl"),
    "gzip": ({"x.jsonl.gz": gzip.compress(jsonl().encode())}, "x.jsonl.gz"),
    "cells": ({"x.csv": table("|".join)}, "x.csv --task multilabel"),
    "separator": ({"x.csv": table(";".join)}, "x.csv --label-separator ;"),
    "tsv": ({"x.tsv": table(" + ".join).replace(",", "\t")}, "x.tsv --label-separator +"),
    "one_hot": ({"x.csv": table(lambda labels: ",".join(str(int(n in labels)) for n in NAMES),
                                "label_a,label_b,label_c")}, "x.csv"),
    "named_one_hot": ({"x.csv": table(lambda labels: ",".join(str(n in labels) for n in NAMES),
                                      "has_a,has_b,has_c")},
                      "x.csv --label-columns has_a,has_b,has_c"),
    "matrix": ({"y.npy": npy(matrix().astype(int)), "p.npy": npy(PROBS)},
               "--labels y.npy --pred-probs p.npy --class-names a,b,c"),
    "truth_values": ({"y.npy": npy(matrix()), "p.npy": npy(np.asfortranarray(PROBS))},
                     "y.npy --pred-probs p.npy --class-names a,b,c"),
    "lists_beside_array": ({"y.jsonl": jsonl(), "p.npy": npy(PROBS)},
                           "y.jsonl --pred-probs p.npy"),
}


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_say_the_same(run, tmp_path, form):
    files, words = FORMS[form]
    write(tmp_path, {"reference.jsonl": jsonl(), **files})
    expected = run("find", "reference.jsonl", "--format", "jsonl")
    found = run("find", *words.split(), "--format", "jsonl")
    assert expected.returncode == 0 and expected.stderr == ""
    assert found.returncode == 0, found.stderr
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert {(tuple(r["given_labels"]), tuple(r["add"]), tuple(r["remove"])) for r in rows} == {
        (("a",), ("b",), ()), (("c",), (), ("c",))}
    separator = "|"
    assert found.stdout.replace(separator, "|") == expected.stdout


def test_separator_of_the_output_is_that_of_the_input(run, tmp_path):
    write(tmp_path, {"x.csv": table(";".join)})
    lines = run("find", "x.csv", "--label-separator", ";", "--format", "csv").stdout.splitlines()
    assert lines[0] == "rank,index,given_labels,suggested_labels,add,remove,label_quality"
    assert any(",a,a;b,b,," in line for line in lines)


BAD = {
    "missing_list": ({"x.jsonl": jsonl() + '{"labels":null,"probs":{"a":1,"b":0,"c":0}}\n'},
                     "x.jsonl", ["x.jsonl", "line 37", "column labels", "missing", "empty set"]),
    "no_key": ({"x.jsonl": jsonl() + '{"probs":{"a":1,"b":0,"c":0}}\n'}, "x.jsonl",
               ["x.jsonl", "line 37", "missing"]),
    "na_cell": ({"x.csv": table("|".join) + "NA,0,0,1\n"}, "x.csv --task multilabel",
                ["x.csv", "line 38", "column labels", "missing"]),
    "unknown": ({"x.csv": table("|".join) + "a|d,0,0,1\n"}, "x.csv --task multilabel",
                ["x.csv", "line 38", '"d"', "a, b, c"]),
    "unknown_because_of_the_task": ({"x.csv": table("|".join)}, "x.csv",
                                    ["x.csv", '"a|b"']),
    "empty_name": ({"x.csv": table("|".join) + "a||b,0,0,1\n"}, "x.csv --task multilabel",
                   ["x.csv", "line 38", "column labels", "empty"]),
    "not_zero_or_one": ({"y.npy": npy(matrix() * 2), "p.npy": npy(PROBS)},
                        "y.npy --pred-probs p.npy", ["y.npy", "row 0", "column 0", "2"]),
    "wrong_width": ({"y.npy": npy(matrix()[:, :2]), "p.npy": npy(PROBS)},
                    "y.npy --pred-probs p.npy", ["y.npy", "2 columns", "3"]),
    "wrong_length": ({"y.npy": npy(matrix()[1:]), "p.npy": npy(PROBS)},
                     "y.npy --pred-probs p.npy", ["35 rows", "36"]),
    "nan": ({"y.npy": npy(matrix()), "p.npy": npy(np.where(PROBS == 0.02, np.nan, PROBS))},
            "y.npy --pred-probs p.npy", ["p.npy", "row 8", "column 2", "--skip-invalid"]),
    "logits": ({"y.npy": npy(matrix()), "p.npy": npy(PROBS * 9)}, "y.npy --pred-probs p.npy",
               ["p.npy", "row 0", "--logits"]),
    "two_models": ({"y.npy": npy(matrix()), "p.npy": npy(PROBS)},
                   "y.npy --pred-probs p.npy --pred-probs p.npy", ["one model", "average"]),
    "collision": ({"x.jsonl": jsonl()}, "x.jsonl --collision row_argmax",
                  ["--collision", "multi-label"]),
    "exclude": ({"x.jsonl": jsonl()}, "x.jsonl --exclude a:b", ["--exclude", "multi-label"]),
    "per_class_for_classification": ({"x.csv": table("|".join)},
                                     "x.csv --task classification --per-class",
                                     ["--per-class", "multi-label data", "classification"]),
    "aggregator": ({"x.jsonl": jsonl()}, "x.jsonl --aggregator max",
                   ["--aggregator", "softmin", "mean"]),
    "alpha_range": ({"x.jsonl": jsonl()}, "x.jsonl --alpha 1.5", ["--alpha", "1.5"]),
    "alpha_elsewhere": ({"x.jsonl": jsonl()}, "x.jsonl --alpha 0.5 --aggregator min",
                        ["--alpha", "exponential_moving_average"]),
    "temperature_elsewhere": ({"x.jsonl": jsonl()}, "x.jsonl --softmin-temperature 1",
                              ["--softmin-temperature", "softmin"]),
    "unknown_class": ({"x.jsonl": jsonl()}, "x.jsonl --class d", ["--class", '"d"']),
    "joint_shape": ({"x.jsonl": jsonl(), "j.npy": npy(np.ones((3, 3)))}, "x.jsonl --joint j.npy",
                    ["j.npy", "(3, 2, 2)"]),
    "joint_negative": ({"x.jsonl": jsonl(), "j.npy": npy(-np.ones((3, 2, 2)))},
                       "x.jsonl --joint j.npy", ["j.npy", "row 0", "column 0,0"]),
    "remove_counts": ({"x.jsonl": jsonl()}, "x.jsonl --num-to-remove-per-class 1,2", ["3"]),
    "auto_filter": ({"x.jsonl": jsonl()}, "x.jsonl --filter-by auto --frac-noise 0.5",
                    ["--frac-noise", "auto"]),
    "auto_method": ({"x.jsonl": jsonl()}, "x.jsonl --method auto --adjust-pred-probs",
                    ["--adjust-pred-probs", "auto"]),
    "columns_in_json": ({"x.jsonl": jsonl()}, "x.jsonl --label-columns a,b", ["tables"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(run, tmp_path, name):
    files, words, parts = BAD[name]
    write(tmp_path, files)
    (tmp_path / "out.csv").write_text("before")
    result = run("find", *words.split(), "-o", "out.csv")
    assert result.returncode == 2, result.stdout + result.stderr
    assert result.stdout == ""
    errors = [line for line in result.stderr.splitlines() if not line.startswith("note: ")]
    assert len(errors) == 1 and errors[0].startswith("labelsieve: error: ")
    for part in parts:
        assert part in errors[0]
    assert (tmp_path / "out.csv").read_text() == "before"


def test_skipped_rows_keep_their_index(run, tmp_path):
    broken = [([None], ROWS[0][1])] + ROWS[1:] + [(["zebra"], ROWS[0][1])]
    write(tmp_path, {"x.jsonl": jsonl(broken)})
    result = run("score", "x.jsonl", "--skip-invalid", "--format", "json")
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert data["summary"]["num_skipped"] == 2 and data["summary"]["num_examples"] == 35
    for row in (data["examples"][0], data["examples"][36]):
        assert row["given_labels"] is None and row["label_quality"] is None
        assert row["is_label_issue"] is False
    run("find", "x.jsonl", "--skip-invalid", "--per-class", "-o", "mask.npy")
    mask = np.load(tmp_path / "mask.npy")
    assert mask.shape == (37, 3) and not mask[[0, 36]].any()
    run("score", "x.jsonl", "--skip-invalid", "--per-class", "-o", "scores.npy")
    scores = np.load(tmp_path / "scores.npy")
    assert np.isnan(scores[[0, 36]]).all() and not np.isnan(scores[1:36]).any()


def find(run, *words):
    result = run("find", "photos.jsonl", "--format", "json", *words)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_selection(run, photos, tmp_path):
    every = find(run)
    assert every["summary"]["num_issues"] == len(every["issues"]) > 5
    water = find(run, "--class", "water")["issues"]
    assert [r["index"] for r in water] == [r["index"] for r in every["issues"]
                                           if "water" in r["add"] + r["remove"]]
    low = find(run, "--threshold", "0.3")["issues"]
    assert [r["id"] for r in low] == [r["id"] for r in every["issues"] if r["label_quality"] < 0.3]
    (tmp_path / "ok.txt").write_text(every["issues"][0]["id"] + "\n")
    rest = find(run, "--ignore", "ok.txt")
    assert [r["id"] for r in rest["issues"]] == [r["id"] for r in every["issues"][1:]]
    assert rest["summary"]["num_flagged"] == rest["summary"]["num_issues"] + 1
    run("find", photos, "--class", "water", "-o", "m.npy")
    assert np.flatnonzero(np.load(tmp_path / "m.npy")).tolist() == sorted(
        r["index"] for r in water)


def test_selection_per_class(run, photos, tmp_path):
    every = find(run, "--per-class")["issues"]
    examples = find(run)["issues"]
    assert {(r["id"], r["class"], r["action"]) for r in every} == {
        (r["id"], name, action) for r in examples for action in ("add", "remove")
        for name in r[action]}
    chosen = find(run, "--per-class", "--class", "water", "--threshold", "0.4")["issues"]
    assert [r["id"] for r in chosen] == [
        r["id"] for r in every if r["class"] == "water" and r["label_quality"] < 0.4]
    run("find", photos, "--per-class", "--class", "water", "--threshold", "0.4", "-o", "m.npy")
    assert np.load(tmp_path / "m.npy").sum() == len(chosen)
    (tmp_path / "ok.txt").write_text(every[0]["id"] + "\n")
    rest = find(run, "--per-class", "--ignore", "ok.txt")["issues"]
    assert [r["id"] for r in rest] == [r["id"] for r in every if r["id"] != every[0]["id"]]


@pytest.mark.parametrize("per_class", [[], ["--per-class"]])
def test_fail_on(run, photos, per_class):
    count = find(run, *per_class)["summary"]["num_issues"]
    total = 300 * (5 if per_class else 1)
    for limit, code in ((count, 0), (count - 1, 1), (f"{count / total + 0.001:.4f}", 0),
                        (f"{count / total - 0.001:.4f}", 1)):
        result = run("find", photos, "--fail-on", str(limit), *per_class)
        assert result.returncode == code, result.stderr
        assert ("--fail-on" in result.stderr) == (code == 1)


def test_health_counts_what_find_says(run, photos):
    for words in ([], ["--class", "food"], ["--threshold", "0.3"], ["--filter-by", "both"]):
        health = json.loads(run("health", photos, "--format", "json", *words).stdout)
        found = find(run, *words)
        assert health["summary"]["num_issues"] == found["summary"]["num_issues"]
        assert health["overall_label_health_score"] == pytest.approx(
            1 - found["summary"]["num_issues"] / 300)
        for row in health["classes"]:
            for action in ("add", "remove"):
                assert row[f"num_to_{action}"] == sum(
                    row["class"] in r[action] for r in found["issues"])


def test_most_planted_mistakes_are_found(run, photos):
    from conftest import ROOT
    planted = {tuple(line.split(",")) for line in
               (ROOT / "examples/photos_mistakes.csv").read_text().splitlines()[1:]}
    found = [(r["id"], r["action"], r["class"]) for r in find(run, "--per-class")["issues"]]
    assert len(planted & set(found)) >= 20
    assert len(planted & set(found[:20])) >= 17


def test_the_automatic_method_by_name(run, photos, tmp_path):
    found = find(run, "--filter-by", "auto", "--method", "auto", "--per-class")
    summary = found["summary"]
    assert summary["options"]["filter_by"] == summary["options"]["method"] == "auto"
    low, middle, high = (summary["expected_errors" + end] for end in ("_low", "", "_high"))
    assert 0 < low < middle < high
    # The ranking goes on where the cut is: no label flagged is better than one of its class kept.
    run("find", photos, "--filter-by", "auto", "--per-class", "-o", "wrong.npy")
    run("score", photos, "--method", "auto", "--per-class", "-o", "quality.npy")
    wrong, quality = np.load(tmp_path / "wrong.npy"), np.load(tmp_path / "quality.npy")
    assert wrong.sum() == len(found["issues"]) > 0
    for mask, scores in zip(wrong.T, quality.T):
        assert not mask.any() or scores[mask].max() < min(scores[~mask].min(), 0.5)
    text = run("find", photos, "--filter-by", "auto").stdout
    assert f"{middle:.0f} wrong labels expected by the automatic method" in text


@pytest.mark.parametrize("changes, kind", [
    (lambda p: p * 8 - 4, "logits"),
    (lambda p: p / p.sum(1, keepdims=True), "softmax"),
    (lambda p: np.where(p > 0.6, np.nan, p), "not_finite"),
    (lambda p: 1 - p, "unrelated_classes"),
    (lambda p: np.where(matrix(), 0.99, 0.01), "in_sample"),
])
def test_inspect_diagnoses(run, tmp_path, changes, kind):
    write(tmp_path, {"y.npy": npy(matrix()), "p.npy": npy(changes(PROBS))})
    result = run("inspect", "y.npy", "--pred-probs", "p.npy", "--format", "json")
    assert result.returncode == 0, result.stderr
    assert kind in [d["kind"] for d in json.loads(result.stdout)["diagnoses"]]


def test_inspect_names_classes_that_all_or_none_have(run, tmp_path):
    labels = matrix()
    labels[:, 0], labels[:, 1] = True, False
    write(tmp_path, {"y.npy": npy(labels), "p.npy": npy(PROBS)})
    result = run("inspect", "y.npy", "--pred-probs", "p.npy")
    assert "missing_classes: no example has 1" in result.stdout
    assert "universal_classes: every example has 0" in result.stdout


def test_a_table_of_single_labels_stays_classification(run, tmp_path):
    write(tmp_path, {"y.npy": npy(matrix()[:, 0].astype(int)), "p.npy": npy(PROBS)})
    result = run("find", "y.npy", "--pred-probs", "p.npy", "--format", "csv")
    assert result.stdout.startswith("rank,index,given_label,")
