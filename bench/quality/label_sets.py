"""Sets of labels: is the automatic method better than the default? As Markdown.

Clean sets from scikit-learn's generator are broken in known ways. "Weak" and "good" models differ
in how many words the examples have. About two minutes; LABELSIEVE_BIN names another command than
build/labelsieve.
"""

import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import make_multilabel_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_predict

COMMAND = os.environ.get("LABELSIEVE_BIN",
                         Path(__file__).resolve().parents[2] / "build/labelsieve")
CLASSES = 8
MODELS = {"weak": 60, "good": 300}  # words of an example
FREQUENCIES = {"rare": 1, "frequent": 2}  # labels of an example
NOISE = ["clean", "missing 10%", "missing 40%", "spurious 2%", "flipped 5%"]
METHODS = {"auto": ("auto", "auto"), "noise rate": ("prune_by_noise_rate", "self_confidence")}


def broken(truth, noise, rng):
    """The labels after noise of that kind."""
    hit = rng.random(truth.shape)
    if noise == "clean":
        return truth.copy()
    kind, rate = noise.split()
    hit = hit < float(rate[:-1]) / 100
    side = {"missing": truth == 1, "spurious": truth == 0, "flipped": True}[kind]
    return np.where(hit & side, 1 - truth, truth)


def run(subcommand, data, options):
    """N x K numbers: what is wrong, or how good the labels are."""
    out = data.with_name("out.npy")
    subprocess.run([COMMAND, subcommand, data, "--task", "multilabel", "--per-class", "-q",
                    "-o", out, *options], check=True)
    return np.load(out)


def measure(examples, truth, labels):
    """For each method mean F1, mean AP and number of flags, over the classes."""
    pred_probs = np.stack([
        cross_val_predict(LogisticRegression(max_iter=300), examples, given,
                          method="predict_proba")[:, 1] for given in labels.T], 1)
    wrong = labels != truth
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.npz"
        np.savez(data, labels=labels, pred_probs=pred_probs)
        for name, (filter_by, method) in METHODS.items():
            mask = run("find", data, ["--filter-by", filter_by])
            quality = run("score", data, ["--method", method])
            found[name] = np.array([
                (2 * (mask[:, k] & wrong[:, k]).sum() / max((mask[:, k] + 0 + wrong[:, k]).sum(), 1),
                 average_precision_score(wrong[:, k], -quality[:, k]) if wrong[:, k].any() else 0,
                 mask[:, k].sum()) for k in range(CLASSES)])
    return found


def main():
    print("| model | classes | noise | errors | F1: auto | noise rate | AP: auto | self_confidence | "
          "flagged: auto | noise rate |\n|---|---|---|" + "---:|" * 7)
    for model, length in MODELS.items():
        for frequency, num_labels in FREQUENCIES.items():
            examples, truth = make_multilabel_classification(
                3000, 30, n_classes=CLASSES, n_labels=num_labels, length=length, random_state=0)
            for noise in NOISE:
                labels = broken(truth, noise, np.random.default_rng(0))
                rows = measure(examples, truth, labels)
                errors = (labels != truth).sum()
                means = [f"{rows[name][:, what].mean():.3f}" if errors else "–"
                         for what in (0, 1) for name in METHODS]
                flags = [f"{rows[name][:, 2].sum():.0f}" for name in METHODS]
                print("|", " | ".join([model, frequency, noise, str(errors), *means, *flags]), "|",
                      flush=True)


if __name__ == "__main__":
    main()
