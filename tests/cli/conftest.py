"""Runs of the command: the binary is named by LABELSIEVE_BIN."""

import os
import pathlib
import shutil
import signal
import subprocess

import numpy as np
import pytest

# Started in the background by a shell, this process ignores interrupts, and what it starts would too.
signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = HERE / "data"


def binary():
    named = os.environ.get("LABELSIEVE_BIN")
    if not named:
        pytest.exit("set LABELSIEVE_BIN to the labelsieve binary", returncode=2)
    return str(pathlib.Path(named).resolve())


def environment(**changes):
    """A small, fixed environment: no terminal settings of the caller leak into the runs."""
    names = ("PATH", "HOME", "LABELSIEVE_ISA")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "TERM": "xterm", **changes}


@pytest.fixture
def run(tmp_path):
    """run("find", "x.csv"): stdout, stderr as text and returncode; run in a folder of its own."""

    def call(*arguments, cwd=tmp_path, stdin="", env=None, text=True):
        return subprocess.run(
            [binary(), *map(str, arguments)],
            cwd=cwd,
            input=stdin if text else None,
            capture_output=True,
            text=text,
            env=environment(**(env or {})),
            timeout=60,
            check=False,
        )

    return call


@pytest.fixture
def animals(tmp_path):
    """A table of 60 examples with ids, texts in several scripts, and 5 labels that are wrong."""
    shutil.copy(DATA / "animals.csv", tmp_path / "animals.csv")
    return "animals.csv"


@pytest.fixture
def photos(tmp_path):
    """JSON lines of 300 examples with ids, texts and any number of 5 labels."""
    shutil.copy(ROOT / "examples/photos.jsonl", tmp_path / "photos.jsonl")
    return "photos.jsonl"


@pytest.fixture
def arrays(tmp_path):
    """labels.npy and pred_probs.npy of 200 examples in 4 classes; returns both as arrays."""
    rng = np.random.default_rng(0)
    pred_probs = rng.dirichlet(np.full(4, 0.3), 200)
    labels = pred_probs.argmax(axis=1)
    labels[::17] = (labels[::17] + 1) % 4
    np.save(tmp_path / "labels.npy", labels)
    np.save(tmp_path / "pred_probs.npy", pred_probs)
    return labels, pred_probs


ARRAYS = ("--labels", "labels.npy", "--pred-probs", "pred_probs.npy")
