"""Datasets with known errors, made from the data that scikit-learn brings along.

Handwritten digits, one to three of them side by side, give 2 to 200 classes; breast cancer, wine and
iris are small tables. A model sees the noisy labels only and predicts out of sample.
"""

import zlib
from dataclasses import dataclass

import numpy as np
from sklearn import datasets
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MODELS = {
    "lr": lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300)),
    "rf": lambda: RandomForestClassifier(60, min_samples_leaf=2, random_state=0),
    "nb": lambda: make_pipeline(StandardScaler(), GaussianNB(var_smoothing=0.05)),
}
FOLDS = 3


@dataclass(frozen=True)
class Recipe:
    base: str
    model: str
    noise: str = "clean"
    rate: float = 0.0

    @property
    def name(self):
        noise = "" if self.noise == "clean" else f" {self.noise} {self.rate:.0%}"
        return f"{self.base} {self.model}{noise}"


def digit_groups(count, num_classes, size, rng):
    """`count` digits side by side; classes are the first so many numbers that they spell."""
    digits = datasets.load_digits()
    truth = rng.integers(0, num_classes, size)
    by_digit = [np.flatnonzero(digits.target == d) for d in range(10)]
    parts = []
    for place in range(count):
        wanted = truth // 10**place % 10
        parts.append(np.array([rng.choice(by_digit[d]) for d in wanted]))
    features = np.concatenate([digits.data[part] for part in parts], axis=1)
    return features + rng.normal(0, 2, features.shape), truth


def rare_digit(ratio, size, rng):
    """Is it a 3? One in `ratio` is."""
    digits = datasets.load_digits()
    truth = (np.arange(size) % (ratio + 1) == 0).astype(int)
    pools = [np.flatnonzero(digits.target != 3), np.flatnonzero(digits.target == 3)]
    rows = np.array([rng.choice(pools[t]) for t in truth])
    return digits.data[rows] + rng.normal(0, 2, (size, 64)), truth


def load(base, rng):
    if base == "digits":
        return datasets.load_digits(return_X_y=True)
    if base in ("breast_cancer", "wine", "iris"):
        return getattr(datasets, f"load_{base}")(return_X_y=True)
    if base == "rare 600:1":
        return rare_digit(600, 9000, rng)
    if base == "rare 20:1":
        return rare_digit(20, 5000, rng)
    classes = int(base.removeprefix("K="))
    return digit_groups(2 if classes <= 100 else 3, classes, 6000 if classes <= 100 else 8000, rng)


def noisy(truth, features, num_classes, recipe, rng):
    size = len(truth)
    move = rng.random(size) < recipe.rate
    if recipe.noise == "uniform":
        return np.where(move, (truth + rng.integers(1, num_classes, size)) % num_classes, truth)
    if recipe.noise == "pairwise":
        return np.where(move, (truth + 1) % num_classes, truth)
    if recipe.noise == "sparse":  # a third of the classes lose three times as many, to one other
        move = (truth % 3 == 0) & (rng.random(size) < 3 * recipe.rate)
        return np.where(move, (truth + num_classes // 2) % num_classes, truth)
    if recipe.noise == "one-sided":  # positives that were missed
        return np.where((truth == 1) & move, 0, truth)
    if recipe.noise == "missing-class":  # no label is 0 any more
        other = rng.integers(1, num_classes, size)
        return np.where(truth == 0, other, truth)
    if recipe.noise == "instance":  # the examples nearest to another class are mislabelled as it
        clean = MODELS["lr"]().fit(features, truth).predict_proba(features)
        clean[np.arange(size), truth] = 0
        chosen = np.argsort(-clean.max(1), kind="stable")[:int(recipe.rate * size)]
        labels = truth.copy()
        labels[chosen] = clean[chosen].argmax(1)
        return labels
    return truth


def out_of_sample(features, labels, num_classes, model):
    pred_probs = np.zeros((len(labels), num_classes))
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(features):
        fitted = MODELS[model]().fit(features[train], labels[train])
        pred_probs[test[:, None], fitted.classes_] = fitted.predict_proba(features[test])
    return pred_probs


def make(recipe):
    """(labels, pred_probs, is_error)."""
    rng = np.random.default_rng([20240601, zlib.crc32(recipe.name.encode())])
    features, truth = load(recipe.base, np.random.default_rng(7))
    num_classes = int(truth.max()) + 1
    labels = noisy(truth, features, num_classes, recipe, rng)
    return labels, out_of_sample(features, labels, num_classes, recipe.model), labels != truth


def recipes():
    found = []
    for model, noise, rate in [
            ("lr", "uniform", .1), ("lr", "uniform", .4), ("lr", "uniform", .7),
            ("rf", "uniform", .2), ("nb", "uniform", .2), ("lr", "pairwise", .2),
            ("rf", "pairwise", .4), ("lr", "sparse", .1), ("rf", "sparse", .2),
            ("lr", "instance", .1), ("rf", "instance", .1), ("lr", "missing-class", .1)]:
        found.append(Recipe("digits", model, noise, rate))
    for base, model, noise, rate in [
            ("breast_cancer", "lr", "uniform", .1), ("breast_cancer", "rf", "uniform", .2),
            ("breast_cancer", "lr", "one-sided", .3), ("wine", "lr", "uniform", .1),
            ("wine", "rf", "uniform", .3), ("iris", "lr", "uniform", .1),
            ("iris", "nb", "pairwise", .2), ("rare 20:1", "lr", "uniform", .05),
            ("rare 20:1", "rf", "one-sided", .4), ("rare 600:1", "lr", "uniform", .01),
            ("rare 600:1", "rf", "one-sided", .3), ("K=50", "lr", "uniform", .2),
            ("K=50", "nb", "pairwise", .3), ("K=50", "lr", "instance", .1),
            ("K=200", "nb", "uniform", .2), ("K=200", "nb", "sparse", .1)]:
        found.append(Recipe(base, model, noise, rate))
    for base, model in [("digits", "lr"), ("digits", "rf"), ("breast_cancer", "lr"),
                        ("wine", "lr"), ("iris", "rf"), ("rare 20:1", "lr"),
                        ("rare 600:1", "lr"), ("K=50", "lr"), ("K=200", "nb")]:
        found.append(Recipe(base, model))
    return found
