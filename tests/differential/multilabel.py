"""Multi-label data for the differential tests, and the command run on it."""

import json
import subprocess
import zlib

import numpy as np

from conftest import command_path


def make_sets(kind, seed=0):
    """(labels as N×K zeros and ones, pred_probs) of one of the kinds below."""
    rng = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    n, k = {"one": (300, 1), "two": (300, 2), "wide": (250, 60)}.get(kind, (600, 7))
    truth = (rng.random((n, k)) < rng.uniform(0.1, 0.6, k)).astype(int)
    flip = rng.random((n, k)) < 0.08
    labels = np.where(flip, 1 - truth, truth)
    noise = rng.beta(1.2, 4, (n, k))
    probs = np.where(truth == 1, 1 - noise, noise)
    if kind == "random":
        probs = rng.random((n, k))
    if kind == "tied":
        probs = np.round(probs * 8) / 8
    if kind == "saturated":
        probs = np.clip(np.round(probs * 1.6 - 0.3, 2), 0, 1)
    if kind == "lopsided":  # all have class 0, nobody class 1, one class 2; many sets are empty
        labels[rng.random(n) < 0.3] = 0
        labels[:, 0], labels[:, 1], labels[:, 2] = 1, 0, 0
        labels[17, 2] = 1
    if kind == "empty":
        labels[rng.random(n) < 0.5] = 0
    if kind != "lopsided":
        labels[0], labels[1] = 1, 0  # cleanlab wants to see both sides of every class
    return labels, probs.astype({"float32": np.float32, "half": np.float16}.get(kind, np.float64))


KINDS = ["fair", "random", "tied", "saturated", "empty", "two", "wide", "float32"]


class SetCase:
    """A multi-label dataset in files, and the command run on it."""

    def __init__(self, folder, labels, pred_probs):
        self.folder = folder
        self.labels = labels
        self.pred_probs = pred_probs
        np.save(folder / "labels.npy", labels)
        np.save(folder / "pred_probs.npy", pred_probs)

    @property
    def lists(self):
        return [np.flatnonzero(row).tolist() for row in self.labels]

    def line(self, subcommand, *options):
        return [command_path(), subcommand, "--task", "multilabel", "--labels",
                str(self.folder / "labels.npy"), "--pred-probs",
                str(self.folder / "pred_probs.npy"), "--quiet", *map(str, options)]

    def run(self, subcommand, *options):
        line = self.line(subcommand, *options) + ["--format", "json"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(line)}\n{done.stderr}"
        return json.loads(done.stdout)

    def array(self, subcommand, *options):
        out = self.folder / "out.npy"
        line = self.line(subcommand, *options, "-o", out)
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(line)}\n{done.stderr}"
        return np.load(out)

    def save(self, name, array):
        np.save(self.folder / name, array)
        return self.folder / name
