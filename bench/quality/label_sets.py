"""Sets of labels: would the automatic method, class by class, be better than the default? As Markdown.

Clean sets from scikit-learn's generator are broken in known ways, and each class is given to the
command as a problem with two classes. "Weak" and "good" models differ in how many words the
examples have. About six minutes; LABELSIEVE_BIN names another command than build/labelsieve.
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
METHODS = {"auto": ([], []),
           "noise rate": (["--filter-by", "prune_by_noise_rate"], ["--method", "self_confidence"])}


def broken(truth, noise, rng):
    """The labels after noise of that kind."""
    hit = rng.random(truth.shape)
    if noise == "clean":
        return truth.copy()
    kind, rate = noise.split()
    hit = hit < float(rate[:-1]) / 100
    side = {"missing": truth == 1, "spurious": truth == 0, "flipped": True}[kind]
    return np.where(hit & side, 1 - truth, truth)


def run(subcommand, labels, present, options):
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data.npz", Path(folder) / "out.npy"
        np.savez(data, labels=labels, pred_probs=np.stack([1 - present, present], 1))
        subprocess.run([COMMAND, subcommand, data, "-q", "-o", out, *options], check=True)
        return np.load(out)


def measure(examples, truth, labels):
    """For each method mean F1, mean AP and number of flags, over the classes."""
    found = {name: [] for name in METHODS}
    for k in range(CLASSES):
        model = LogisticRegression(max_iter=300)
        present = cross_val_predict(model, examples, labels[:, k], method="predict_proba")[:, 1]
        wrong = labels[:, k] != truth[:, k]
        for name, (filters, scores) in METHODS.items():
            mask = run("find", labels[:, k], present, filters)
            quality = run("score", labels[:, k], present, scores)
            found[name].append((2 * (mask & wrong).sum() / max(mask.sum() + wrong.sum(), 1),
                                average_precision_score(wrong, -quality) if wrong.any() else 0,
                                mask.sum()))
    return {name: np.array(rows) for name, rows in found.items()}


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
