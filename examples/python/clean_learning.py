"""Training a classifier on labels of which a known share is wrong, with and without CleanLearning.

    python examples/python/clean_learning.py
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from labelsieve.benchmarking.noise_generation import (
    generate_noise_matrix_from_trace,
    generate_noisy_labels,
)
from labelsieve.classification import CleanLearning

X, y = load_digits(return_X_y=True)
X_train, X_test, true_labels, y_test = train_test_split(X, y, random_state=0, stratify=y)

prior = np.bincount(true_labels) / len(true_labels)
noise_matrix = generate_noise_matrix_from_trace(
    10, trace=8.0, py=prior, frac_zero_noise_rates=0.5, seed=0
)
assert noise_matrix is not None, "no valid matrix was drawn: allow more iterations"
labels = generate_noisy_labels(true_labels, noise_matrix)
wrong = labels != true_labels


def classifier():
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))


plain = classifier().fit(X_train, labels).score(X_test, y_test)
cleaner = CleanLearning(classifier(), seed=0).fit(X_train, labels)
clean = cleaner.score(X_test, y_test)

found = cleaner.get_label_issues()["is_label_issue"].to_numpy()
print(f"{wrong.mean():.1%} of the labels are wrong")
print(f"found {(found & wrong).sum()} of {wrong.sum()}, and {(found & ~wrong).sum()} others")
print(f"accuracy on clean data: {plain:.3f} trained on all labels, {clean:.3f} with CleanLearning")
