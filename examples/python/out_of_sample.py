"""What in-sample probabilities hide: the same model, asked about what it learned and about what it
did not.

    python examples/python/out_of_sample.py
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_predict

from labelsieve.filter import find_label_issues

X, true_labels = load_digits(return_X_y=True)
rng = np.random.default_rng(0)
labels = true_labels.copy()
flipped = rng.choice(len(labels), 90, replace=False)
labels[flipped] = (labels[flipped] + rng.integers(1, 10, len(flipped))) % 10

model = RandomForestClassifier(100, random_state=0)
in_sample = model.fit(X, labels).predict_proba(X)
out_of_sample = cross_val_predict(model, X, labels, cv=5, method="predict_proba")

for name, pred_probs in (("in-sample", in_sample), ("out-of-sample", out_of_sample)):
    found = np.flatnonzero(find_label_issues(labels, pred_probs))
    right = np.isin(found, flipped).sum()
    print(f"{name} probabilities: {right} of {len(flipped)} wrong labels, {len(found)} flagged")
