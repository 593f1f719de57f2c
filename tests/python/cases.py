"""Data for the tests: datasets as hypothesis draws them."""

import numpy as np
from hypothesis import strategies as st

DTYPES = (np.float64, np.float32, np.float16)
FILTERS = (
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_normalized_margin",
    "low_self_confidence",
)
METHODS = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")


def make(seed, num_examples, num_classes, *, tied=False, missing=False, dtype=np.float64):
    """(labels, pred_probs) of a model that is mostly right about noisy labels.

    `tied` probabilities are multiples of 1/16; with `missing` some classes have no example. Classes
    0 and 1 always have one, for cleanlab wants two.
    """
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, num_classes, num_examples)
    move = rng.random(num_examples) < 0.15
    labels = np.where(move, (truth + 1 + rng.integers(0, 2, num_examples)) % num_classes, truth)
    if missing:
        labels = np.where(labels % 3 == 2, 0, labels)
    labels[:2] = [0, 1]
    rows = rng.random((num_examples, num_classes)) ** 3
    strength = rng.random(num_examples) * num_classes**0.5 * 4
    rows[np.arange(num_examples), truth] += strength
    rows /= rows.sum(axis=1, keepdims=True)
    if tied:
        steps = np.floor(rows * 16)
        steps[np.arange(num_examples), rows.argmax(axis=1)] += 16 - steps.sum(axis=1)
        rows = steps / 16
    return labels, rows.astype(dtype)


def datasets(dtypes=DTYPES, max_classes=16, tied=st.booleans()):
    """Shapes, ties, missing classes and types. Up to 16 classes, for the oracle's rounding sorts
    rows of up to 16 stably."""
    return st.builds(
        make,
        st.integers(0, 2**32 - 1),
        st.integers(4, 300),
        st.integers(2, max_classes),
        tied=tied,
        missing=st.booleans(),
        dtype=st.sampled_from(dtypes),
    )


def wide(pred_probs):
    """Half precision as the oracle gets it: docs/definitions.md says why."""
    return pred_probs.astype(np.float64) if pred_probs.dtype == np.float16 else pred_probs


def make_multilabel(seed, num_examples, num_classes, dtype=np.float64):
    """(list of lists, pred_probs) in which every class is given and not given at least once."""
    rng = np.random.default_rng(seed)
    pred_probs = rng.random((num_examples, num_classes))
    given = rng.random((num_examples, num_classes)) < 0.2 + 0.6 * pred_probs
    given[0], given[1] = True, False
    return [np.flatnonzero(row).tolist() for row in given], pred_probs.astype(dtype)


def multilabel_datasets(dtypes=(np.float64,)):
    return st.builds(
        make_multilabel,
        st.integers(0, 2**32 - 1),
        st.integers(6, 150),
        st.integers(2, 6),
        dtype=st.sampled_from(dtypes),
    )


class Parts:
    """Batches that count how often they are read."""

    def __init__(self, labels, pred_probs, size):
        self.labels, self.pred_probs, self.size, self.times = labels, pred_probs, size, 0

    def __iter__(self):
        self.times += 1
        for start in range(0, len(self.labels), self.size):
            part = slice(start, start + self.size)
            yield self.labels[part], self.pred_probs[part]
