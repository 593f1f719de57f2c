"""inspect and its diagnoses, and the warnings that the other subcommands give on the way."""

import json

import numpy as np
import pytest
from conftest import ARRAYS


def save(folder, labels, pred_probs):
    np.save(folder / "labels.npy", labels)
    np.save(folder / "pred_probs.npy", pred_probs)


def model_of(run, *arguments):
    result = run("inspect", *arguments, "--format", "json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["models"][0]


def kinds(run, *arguments):
    return [diagnosis["kind"] for diagnosis in model_of(run, *arguments)["diagnoses"]]


def message(run, kind, *arguments):
    found = {d["kind"]: d["message"] for d in model_of(run, *arguments)["diagnoses"]}
    return found[kind]


def test_healthy_data(run, arrays):
    labels, pred_probs = arrays
    model = model_of(run, *ARRAYS)
    assert model["diagnoses"] == []
    assert model["dtype"] == "float64"
    assert model["argmax_accuracy"] == (pred_probs.argmax(axis=1) == labels).mean()
    assert model["argmax_counts"] == np.bincount(pred_probs.argmax(axis=1)).tolist()
    assert model["most_common_prediction"] == [0, 1, 2, 3]
    assert model["row_sums"]["mean"] == pytest.approx(1)
    document = json.loads(run("inspect", *ARRAYS, "--format", "json").stdout)
    assert document["label_counts"] == np.bincount(labels).tolist()
    assert "Nothing looks wrong" in run("inspect", *ARRAYS).stdout


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtype_is_told(run, arrays, tmp_path, dtype):
    save(tmp_path, arrays[0], arrays[1].astype(dtype))
    assert model_of(run, *ARRAYS)["dtype"] == dtype


def test_logits(run, arrays, tmp_path):
    save(tmp_path, arrays[0], np.log(arrays[1] + 1e-3))
    assert kinds(run, *ARRAYS) == ["logits"]
    assert "--logits" in message(run, "logits", *ARRAYS)
    assert kinds(run, *ARRAYS, "--logits") == []


def test_logits_in_text(run, tmp_path):
    (tmp_path / "x.csv").write_text("label,p_a,p_b\n" + "a,2.5,-1\nb,-3,4\na,1,2\n" * 9)
    assert "logits" in kinds(run, "x.csv")
    (tmp_path / "x.jsonl").write_text('{"label":"a","probs":{"a":2.5,"b":-1}}\n' * 9)
    assert "logits" in kinds(run, "x.jsonl")


def test_not_normalized(run, arrays, tmp_path):
    save(tmp_path, arrays[0], arrays[1] * 0.5)
    assert kinds(run, *ARRAYS) == ["not_normalized"]
    assert "200 of 200 rows" in message(run, "not_normalized", *ARRAYS)


def test_not_finite(run, arrays, tmp_path):
    arrays[1][3, 2] = np.nan
    save(tmp_path, *arrays)
    assert kinds(run, *ARRAYS) == ["not_finite"]


def test_permuted_classes(run, arrays, tmp_path):
    save(tmp_path, arrays[0], arrays[1][:, [1, 2, 3, 0]])
    assert kinds(run, *ARRAYS) == ["permuted_classes"]
    text = message(run, "permuted_classes", *ARRAYS, "--class-names", "ant,bee,cow,dog")
    assert "ant -> dog" in text and "bee -> ant" in text


def test_rows_in_another_order(run, arrays, tmp_path):
    order = np.random.default_rng(3).permutation(200)
    save(tmp_path, arrays[0], arrays[1][order])
    assert "in the same order" in run("inspect", *ARRAYS).stdout


def test_in_sample(run, arrays, tmp_path):
    save(tmp_path, arrays[1].argmax(axis=1), arrays[1])
    assert kinds(run, *ARRAYS) == ["in_sample"]
    for subcommand in ("find", "score", "health", "joint"):
        result = run(subcommand, *ARRAYS)
        assert result.returncode == 0
        assert "look in-sample" in result.stderr and result.stderr.count("\n") == 1
        assert run(subcommand, *ARRAYS, "--quiet").stderr == ""


def test_rows_off_one_are_a_warning_once(run, arrays, tmp_path):
    arrays[1][:7] *= 0.9
    save(tmp_path, *arrays)
    for subcommand in ("find", "score", "health", "joint"):
        result = run(subcommand, *ARRAYS)
        assert result.returncode == 0
        assert result.stderr == ("labelsieve: warning: the probabilities of 7 of 200 examples do "
                                 "not add up to 1; see labelsieve inspect\n")


def test_missing_classes(run, arrays, tmp_path):
    labels = np.where(arrays[0] == 2, 3, arrays[0])
    save(tmp_path, labels, arrays[1])
    assert "missing_classes" in kinds(run, *ARRAYS)
    assert "bird" in message(run, "missing_classes", *ARRAYS, "--class-names", "cat,dog,bird,fish")


def test_unpredicted_classes(run, arrays, tmp_path):
    probs = arrays[1].copy()
    probs[:, 2] = 0
    save(tmp_path, arrays[0], probs / probs.sum(axis=1, keepdims=True))
    assert "unpredicted_classes" in kinds(run, *ARRAYS)


def test_many_classes_are_cut_in_the_table_only(run, tmp_path):
    rng = np.random.default_rng(2)
    labels = np.arange(600) % 200
    probs = rng.random((600, 200))
    probs[np.arange(600), np.where(rng.random(600) < 0.9, labels, 0)] += 100
    save(tmp_path, labels, probs / probs.sum(axis=1, keepdims=True))
    assert "and 150 more classes with --format json" in run("inspect", *ARRAYS).stdout
    assert len(model_of(run, *ARRAYS)["argmax_counts"]) == 200
    assert "entries off the diagonal" in run("joint", *ARRAYS).stdout


def test_guessed_class_order_is_said(run, tmp_path):
    (tmp_path / "labels.csv").write_text("label\n" + "dog\ncat\n" * 10)
    np.save(tmp_path / "p.npy", np.tile([[0.2, 0.8], [0.7, 0.3]], (10, 1)))
    result = run("find", "labels.csv", "--pred-probs", "p.npy")
    assert result.returncode == 0
    assert result.stderr.startswith("labelsieve: note: ")
    assert "cat, dog" in result.stderr
