"""Wrong labels in a CSV file with a label and a probability for each class.

    python examples/python/classification_csv.py examples/digits.csv
"""

import sys

import numpy as np
import pandas as pd

from labelsieve.dataset import overall_label_health_score
from labelsieve.filter import find_label_issues
from labelsieve.rank import get_label_quality_scores

table = pd.read_csv(sys.argv[1], dtype={"label": str})
probability_columns = [name for name in table.columns if name.startswith("p_")]
class_names = [name.removeprefix("p_") for name in probability_columns]
labels = pd.Categorical(table["label"], categories=class_names).codes.astype(int)
pred_probs = table[probability_columns].to_numpy()

issues = find_label_issues(labels, pred_probs, return_indices_ranked_by="self_confidence")
scores = get_label_quality_scores(labels, pred_probs)

print(f"{len(issues)} label issues in {len(table)} examples; the worst 5:")
for index in issues[:5]:
    suggested = class_names[int(np.argmax(pred_probs[index]))]
    print(
        f"  {table['id'][index]}: labelled {table['label'][index]}, looks like {suggested} "
        f"(label quality {scores[index]:.4f})"
    )
health = overall_label_health_score(labels, pred_probs, verbose=False)
print(f"Overall label health score: {health:.4f}")
