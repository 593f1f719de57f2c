"""Datasets with real noise whose errors are known. They are not part of the project."""

import numpy as np


def find(folder):
    """Paths of the datasets below `folder`; none if there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(path.parent for path in folder.glob("*/labels.npy"))


def load(path):
    """(labels, pred_probs, checked examples, which of these are errors)."""
    labels = np.load(path / "labels.npy")
    pred_probs = np.clip(np.load(path / "pred_probs.npy"), 0, 1)  # off by rounding in places
    everyone = np.arange(len(labels))
    if (path / "true_labels.npy").exists():
        return labels, pred_probs, everyone, np.load(path / "true_labels.npy") != labels
    if (path / "is_error.npy").exists():
        return labels, pred_probs, everyone, np.load(path / "is_error.npy").astype(bool)
    return (labels, pred_probs, np.load(path / "checked_indices.npy"),
            np.load(path / "checked_is_error.npy").astype(bool))
