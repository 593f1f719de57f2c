"""The command against cleanlab 2.9.0: running both, and the data both run on.

docs/definitions.md says what labelsieve computes; where it differs from cleanlab on purpose the
test names the rule. The sorts of the oracle are made stable here, so that its ties fall as ours do.
"""

import json
import os
import subprocess
import zlib
from pathlib import Path

# Without these instruction sets NumPy sorts small arrays stably; it has to be told before import.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V4 AVX512_ICL AVX512_SPR X86_V3")

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL_NOISE = Path(os.environ.get("LABELSIEVE_REAL_NOISE", ROOT.parent / "shared/data/real_noise"))


def command_path():
    path = os.environ.get("LABELSIEVE_BIN", str(ROOT / "build/labelsieve"))
    assert os.access(path, os.X_OK), f"{path} is no program; build it or set LABELSIEVE_BIN"
    return path


@pytest.fixture(autouse=True)
def stable_sorts(monkeypatch):
    """The oracle breaks ties by the lower index, as definitions.md does everywhere."""
    unstable = np.argsort
    monkeypatch.setattr(np, "argsort",
                        lambda a, axis=-1, kind=None, order=None, **kwargs: unstable(
                            a, axis=axis, kind="stable", order=order, **kwargs))


class Case:
    """A dataset in files, and the command run on it."""

    def __init__(self, folder, labels, *models):
        self.folder = folder
        self.labels = np.asarray(labels)
        self.models = models
        self.pred_probs = models[0]
        self.files = []
        np.save(folder / "labels.npy", self.labels)
        for m, model in enumerate(models):
            path = folder / f"pred_probs_{m}.npy"
            np.save(path, model)
            self.files += ["--pred-probs", str(path)]

    def run(self, subcommand, *options):
        """The .json result, or the array when the options name one with -o."""
        line = [command_path(), subcommand, "--labels", str(self.folder / "labels.npy"),
                *self.files, "--quiet", *map(str, options)]
        if "-o" not in options:
            line += ["--format", "json"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(line)}\n{done.stderr}"
        return json.loads(done.stdout) if "-o" not in options else None

    def array(self, subcommand, *options):
        out = self.folder / "out.npy"
        self.run(subcommand, *options, "-o", out)
        return np.load(out)

    def mask(self, *options):
        return self.array("find", *options)

    def scores(self, *options):
        return self.array("score", *options)

    def save(self, name, array):
        path = self.folder / name
        np.save(path, array)
        return path

    @property
    def num_classes(self):
        return self.pred_probs.shape[1]

    @property
    def wide(self):
        """The probabilities as the oracle gets them: half precision is widened."""
        wide = self.pred_probs.astype(np.float64) if self.pred_probs.dtype == np.float16 \
            else self.pred_probs
        return np.clip(wide, 0, 1)


def fair_rows(rng, labels, num_classes, sharpness=6.0):
    """Rows of a model that is mostly right about `labels`."""
    rows = rng.random((len(labels), num_classes)) ** 3
    rows[np.arange(len(labels)), labels] += sharpness * rng.random(len(labels)) * num_classes ** .5
    return rows / rows.sum(axis=1, keepdims=True)


def flipped(rng, labels, num_classes, rate=0.12):
    """Labels of which some are moved to one of two neighbouring classes."""
    move = rng.random(len(labels)) < rate
    return np.where(move, (labels + rng.integers(1, 3, len(labels))) % num_classes, labels)


def tied_rows(rng, labels, num_classes):
    rows = fair_rows(rng, labels, num_classes)
    steps = np.floor(rows * 16)
    steps[np.arange(len(rows)), rows.argmax(axis=1)] += 16 - steps.sum(axis=1)
    return steps / 16


def make(kind, seed=0):
    """(labels, pred_probs) of one of the kinds below."""
    rng = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    n, k = {"two": (700, 2), "thousand": (4000, 1000)}.get(kind, (900, 7))
    truth = rng.integers(0, k, n)
    if kind == "imbalanced":
        truth = np.minimum((rng.random(n) ** 4 * k).astype(int), k - 1)
    labels = flipped(rng, truth, k)
    if kind == "missing":  # no label is a multiple of 3; the model knows those classes all the same
        labels = np.where(labels % 3 == 0, (labels + 1) % k, labels)
        labels = np.where(labels % 3 == 0, 1, labels)
    else:
        labels[:k] = np.arange(k)  # cleanlab wants to see every class
    if kind == "random":
        return labels, fair_rows(rng, rng.integers(0, k, n), k)
    if kind == "tied":
        return labels, tied_rows(rng, truth, k)
    rows = fair_rows(rng, truth, k)
    return labels, rows.astype({"float32": np.float32, "half": np.float16}.get(kind, np.float64))


KINDS = ["fair", "random", "tied", "imbalanced", "missing", "two", "thousand", "float32", "half"]


@pytest.fixture(params=KINDS)
def case(request, tmp_path):
    return Case(tmp_path, *make(request.param))


@pytest.fixture(params=[kind for kind in KINDS if kind != "thousand"])
def small_case(request, tmp_path):
    return Case(tmp_path, *make(request.param))
