"""The wheel's command on Parquet, Arrow and saved datasets: what it says of the same rows in text."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet
import pytest
from tables import COMMAND, EXAMPLES, command, digits, photos, sentences

import labelsieve

EXPLICIT = ["--filter-by", "prune_by_noise_rate", "--method", "self_confidence"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A folder with the package as a wheel has it: the command in bin/."""
    folder = tmp_path_factory.mktemp("wheel")
    package = folder / "labelsieve"
    package.mkdir()
    for entry in Path(labelsieve.__file__).parent.iterdir():
        if entry.name not in ("bin", "__pycache__"):
            (package / entry.name).symlink_to(entry)
    (package / "bin").mkdir()
    (package / "bin/labelsieve").symlink_to(Path(COMMAND).resolve())
    return folder


@pytest.fixture
def run(wheel, tmp_path):
    def call(*arguments, code=0, without=None):
        block = f"sys.modules[{without!r}] = None; " if without else ""
        script = f"import sys; {block}from labelsieve._command import main; sys.exit(main())"
        environment = dict(os.environ, PYTHONPATH=str(wheel), TMPDIR=str(tmp_path / "tmp"))
        (tmp_path / "tmp").mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, arguments)],
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert list((tmp_path / "tmp").iterdir()) == []
        return done.stdout if code != 2 else done.stderr

    return call


def digit_table():
    labels, pred_probs, ids = digits()
    columns = {f"p_{digit}": pred_probs[:, digit] for digit in range(10)}
    return pa.table({"id": ids, "label": labels, **columns})


def save(table, file):
    if file.suffix == ".parquet":
        parquet.write_table(table, file, row_group_size=500)
    elif file.suffix == ".feather":
        feather.write_feather(table, file, chunksize=300)
    else:
        with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=400)


@pytest.mark.parametrize("name", ["digits.parquet", "digits.feather", "digits.arrow"])
def test_columns_of_probabilities(run, tmp_path, name):
    save(digit_table(), tmp_path / name)
    wanted = command("find", EXAMPLES / "digits.csv")
    assert run("find", tmp_path / name, "--format", "csv", "-q") == wanted
    assert run("find", "--fail-on", "5", tmp_path / name, "-q", code=1)
    score = run("score", tmp_path / name, "--format", "csv", "-q")
    assert score == command("score", EXAMPLES / "digits.csv")


@pytest.mark.parametrize("kind", [pa.list_(pa.float32()), pa.list_(pa.float32(), 10)])
@pytest.mark.parametrize("batch", [100, 8192])
def test_vectors(run, tmp_path, monkeypatch, kind, batch):
    labels, pred_probs, ids = digits()
    probs = pred_probs.astype(np.float32)
    names = [str(digit) for digit in range(10)]
    column = pa.DictionaryArray.from_arrays(
        pa.array([int(label) for label in labels], pa.int32()), pa.array(names)
    )
    table = pa.table({"id": ids, "label": column, "probs": pa.array(probs.tolist(), kind)})
    parquet.write_table(table, tmp_path / "digits.parquet", row_group_size=batch)
    np.save(tmp_path / "probs.npy", probs)
    (tmp_path / "labels.csv").write_text(
        "id,label\n" + "".join(f"{a},{b}\n" for a, b in zip(ids, labels))
    )
    wanted = command("find", tmp_path / "labels.csv", "--pred-probs", tmp_path / "probs.npy")
    assert run("find", tmp_path / "digits.parquet", "--format", "csv", "-q") == wanted


def save_dataset(folder, table, features, **state):
    """A folder as datasets.Dataset.save_to_disk writes it."""
    folder.mkdir()
    half = table.num_rows // 2
    save(table.slice(half), folder / "data-00001-of-00002.arrow")
    save(table.slice(0, half), folder / "data-00000-of-00002.arrow")
    files = [{"filename": f"data-0000{part}-of-00002.arrow"} for part in (0, 1)]
    (folder / "state.json").write_text(json.dumps({"_data_files": files, **state}))
    (folder / "dataset_info.json").write_text(json.dumps({"features": features}))


def test_saved_dataset(run, tmp_path):
    labels, pred_probs, ids = digits()
    words = [f"digit {digit}" for digit in range(10)]
    numbers = [int(label) for label in labels]
    image = pa.array([b"\xff\x00"] * len(ids))
    table = pa.table({"id": ids, "label": numbers, "image": image, "probs": pred_probs.tolist()})
    features = {"label": {"names": words, "_type": "ClassLabel"}}
    save_dataset(tmp_path / "saved", table, features)
    written = run("find", tmp_path / "saved", "--format", "csv", "-q")
    named = labelsieve.find_issues(numbers, pred_probs, class_names=words, ids=ids)
    file = tmp_path / "wanted.csv"
    named.to_csv(file)
    assert written == file.read_text()
    save_dataset(tmp_path / "mapped", table, features, _indices_data_files=[{"filename": "x"}])
    assert "flatten_indices()" in run("find", tmp_path / "mapped", code=2)
    (tmp_path / "splits").mkdir()
    (tmp_path / "splits/dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    assert "splits/train" in run("find", tmp_path / "splits", code=2)


def test_a_batch_of_many_rows(run, tmp_path):
    count = 20_000  # more than are converted at once
    labels = np.arange(count) % 2
    probs = np.where(labels == 1, 0.9, 0.2)
    table = pa.table({"label": labels, "p_0": 1 - probs, "p_1": probs})
    feather.write_feather(table, tmp_path / "one.feather", chunksize=count)
    file = tmp_path / "scores.npy"
    options = ["--method", "self_confidence", "-o", file]
    run("score", tmp_path / "one.feather", *options)
    assert np.array_equal(np.load(file), np.where(labels == 1, probs, 1 - probs))


def test_label_sets(run, tmp_path):
    labels, pred_probs, names, ids, texts = photos()
    columns = {f"p_{name}": pred_probs[:, k] for k, name in enumerate(names)}
    table = pa.table({"id": ids, "text": texts, "labels": labels, **columns})
    save(table, tmp_path / "photos.parquet")
    wanted = command("find", EXAMPLES / "photos.jsonl", *EXPLICIT)
    assert run("find", tmp_path / "photos.parquet", *EXPLICIT, "--format", "csv", "-q") == wanted


def test_tokens(run, tmp_path):
    tags, pred_probs, words, names = sentences()
    numbers = [[names.index(tag) for tag in sentence] for sentence in tags]
    probs = [part.tolist() for part in pred_probs]
    table = pa.table({"tokens": words, "ner_tags": numbers, "pred_probs": probs})
    feature = {"feature": {"names": names, "_type": "ClassLabel"}, "_type": "List"}
    save_dataset(tmp_path / "saved", table, {"ner_tags": feature})
    with open(tmp_path / "same.jsonl", "w") as file:
        for row in table.to_pylist():
            file.write(json.dumps(row) + "\n")
    options = [*EXPLICIT, "--class-names", ",".join(names)]
    wanted = command("find", tmp_path / "same.jsonl", *options)
    assert run("find", tmp_path / "saved", *EXPLICIT, "--format", "csv", "-q") == wanted


def test_labels_alone(run, tmp_path):
    labels, pred_probs, ids = digits()
    save(digit_table(), tmp_path / "digits.parquet")
    np.save(tmp_path / "probs.npy", pred_probs)
    files = ["--labels", tmp_path / "digits.parquet", "--pred-probs", tmp_path / "probs.npy"]
    written = pd.read_csv(io.StringIO(run("find", *files, "--format", "csv", "-q")))
    assert written["index"].tolist() == labelsieve.find_issues(labels, pred_probs)["index"].tolist()


def test_mistakes(run, tmp_path):
    table = digit_table()
    save(table, tmp_path / "digits.parquet")
    message = run("find", tmp_path / "digits.parquet", code=2, without="pyarrow")
    assert "pip install pyarrow" in message
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no more")
    message = run("find", tmp_path / "broken.parquet", code=2)
    assert message.startswith("labelsieve: error: ") and "broken.parquet" in message
    (tmp_path / "old.feather").write_bytes(b"FEA1" + bytes(40))
    assert "version 1" in run("find", tmp_path / "old.feather", code=2)
    probs = [None if row == 7 else [0.5, 0.5] for row in range(20)]
    save(pa.table({"label": [0, 1] * 10, "probs": probs}), tmp_path / "gap.parquet")
    message = run("find", tmp_path / "gap.parquet", code=2)
    assert "row 7" in message and f"the rows of {tmp_path / 'gap.parquet'}" in message
    assert run("find", tmp_path / "gap.parquet", "--skip-invalid")


def test_the_program_says_how_to_read_them(tmp_path):
    save(digit_table(), tmp_path / "digits.parquet")
    done = subprocess.run(
        [COMMAND, "find", str(tmp_path / "digits.parquet")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "pip install labelsieve pyarrow" in done.stderr
