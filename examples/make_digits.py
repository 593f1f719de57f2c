#!/usr/bin/env python3
"""Makes digits.csv and digits_images.txt: real labels and out-of-sample probabilities.

The data are the 1797 handwritten digits that ship inside scikit-learn (8x8 grey images from the
UCI "Optical Recognition of Handwritten Digits" collection). The labels are those the collection
gives: nothing is flipped. Every probability comes from a model that has not seen that digit: a
support vector machine with calibrated probabilities, trained on the other four of five folds.

    python examples/make_digits.py [FOLDER]        (default: the folder of this script)
"""

import sys
from pathlib import Path

from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import SVC

# One character per pixel: how dark it is, from 0 to 16.
SHADES = "0123456789abcdefg"


def out_of_sample_probabilities(pixels, labels):
    """One row per digit, from a model that was trained without it."""
    model = CalibratedClassifierCV(SVC(), method="temperature", ensemble=False)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return cross_val_predict(model, pixels, labels, cv=folds, method="predict_proba")


def short(probability):
    return f"{probability:.5f}".rstrip("0").rstrip(".")


def write_csv(path, labels, pred_probs):
    classes = range(pred_probs.shape[1])
    with open(path, "w", newline="\n", encoding="utf-8") as out:
        print("id", "label", *(f"p_{k}" for k in classes), sep=",", file=out)
        for i, (label, row) in enumerate(zip(labels, pred_probs)):
            print(f"digit_{i:04d}", label, *map(short, row), sep=",", file=out)


def write_images(path, images):
    """A line per digit, in the order of the CSV: 64 shades, row by row."""
    with open(path, "w", newline="\n", encoding="ascii") as out:
        for image in images.astype(int):
            print("".join(SHADES[shade] for shade in image.ravel()), file=out)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    digits = load_digits()
    pred_probs = out_of_sample_probabilities(digits.data / 16, digits.target)
    write_csv(folder / "digits.csv", digits.target, pred_probs)
    write_images(folder / "digits_images.txt", digits.images)


if __name__ == "__main__":
    main()
