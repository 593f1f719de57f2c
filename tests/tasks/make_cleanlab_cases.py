#!/usr/bin/env python3
"""Writes tests/tasks/cleanlab_cases.inc: what cleanlab 2.9.0 says of a small corpus.

    python make_cleanlab_cases.py > cleanlab_cases.inc

The corpus comes from a generator of random numbers that cleanlab_test.cpp has too, so that the file
holds answers only.
"""

import warnings

import numpy as np
from cleanlab.experimental import span_classification
from cleanlab.token_classification.filter import find_label_issues
from cleanlab.token_classification.rank import get_label_quality_scores

warnings.filterwarnings("ignore")

FILTERS = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning",
           "predicted_neq_given", "low_normalized_margin", "low_self_confidence"]
SENTENCES, CLASSES = 40, 4


class Random:
    """Numerical Recipes' linear congruential generator; the upper bits of 64."""

    state = 1

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % bound


def make_corpus():
    random, labels, pred_probs = Random(), [], []
    for _ in range(SENTENCES):
        y, p = [], []
        for _ in range(1 + random.below(9)):
            truth = random.below(CLASSES)
            weights = [1 + random.below(1000) for _ in range(CLASSES)]
            weights[truth] += 500 + random.below(2000)
            total = float(sum(weights))
            p.append([w / total for w in weights])
            y.append(random.below(CLASSES) if random.below(6) == 0 else truth)
        labels.append(y)
        pred_probs.append(np.array(p))
    return labels, pred_probs


def write_issues(name, issues):
    pairs = ", ".join(f"{{{i}, {j}}}" for i, j in issues)
    print(f'{{"{name}", {{{pairs}}}}},')


def main():
    labels, pred_probs = make_corpus()
    print("// Made by make_cleanlab_cases.py.\n// clang-format off")
    print("const std::vector<std::pair<std::string, Issues>> kTokenIssues = {")
    for name in FILTERS:
        write_issues(name, find_label_issues(labels, pred_probs, filter_by=name))
    print("};\nconst Issues kSpanIssues =")
    binary = [[int(y != 0) for y in sentence] for sentence in labels]
    inside = [1 - p[:, 0] for p in pred_probs]
    pairs = ", ".join(f"{{{i}, {j}}}" for i, j in span_classification.find_label_issues(binary, inside))
    print(f"{{{pairs}}};")
    print("const std::vector<std::tuple<std::string, std::string, std::vector<double>>> kScores = {")
    for method in ["self_confidence", "normalized_margin"]:
        for pooling in ["min", "softmin"]:
            scores, _ = get_label_quality_scores(
                labels, pred_probs, token_score_method=method, sentence_score_method=pooling)
            print(f'{{"{method}", "{pooling}", {{{", ".join(repr(float(s)) for s in scores)}}}}},')
    print("};\n// clang-format on")


if __name__ == "__main__":
    main()
