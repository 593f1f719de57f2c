"""Every cut and every ranking: of the command, and of cleanlab."""

import json
import subprocess

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

FILTERS = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning",
           "predicted_neq_given", "low_normalized_margin", "low_self_confidence"]
RANKINGS = [("self_confidence", False), ("normalized_margin", False),
            ("confidence_weighted_entropy", False), ("self_confidence", True),
            ("normalized_margin", True)]


class Command:
    """The command on one dataset, in files below `folder`."""

    def __init__(self, program, folder, labels, pred_probs):
        self.program, self.folder = program, folder
        np.save(folder / "labels.npy", labels)
        np.save(folder / "pred_probs.npy", pred_probs)

    def run(self, subcommand, *options):
        line = [self.program, subcommand, "--labels", self.folder / "labels.npy", "--pred-probs",
                self.folder / "pred_probs.npy", "--quiet", *options]
        return subprocess.run(line, check=True, capture_output=True, text=True).stdout

    def array(self, subcommand, *options):
        self.run(subcommand, *options, "-o", self.folder / "out.npy")
        return np.load(self.folder / "out.npy")

    def mask(self, filter_by):
        return self.array("find", "--filter-by", filter_by)

    def scores(self, method, adjust=False):
        return self.array("score", "--method", method, *(["--adjust-pred-probs"] if adjust else []))

    def expected_errors(self):
        summary = json.loads(self.run("find", "--format", "json", "--top", "0"))["summary"]
        return tuple(summary[f"expected_errors{end}"] for end in ("_low", "", "_high"))


def peer_mask(labels, pred_probs, filter_by):
    """None where cleanlab refuses the data."""
    try:
        return find_label_issues(labels, pred_probs, filter_by=filter_by, n_jobs=1)
    except (ValueError, ZeroDivisionError, IndexError):
        return None


def peer_scores(labels, pred_probs, method, adjust):
    try:
        return get_label_quality_scores(labels, pred_probs, method=method,
                                        adjust_pred_probs=adjust)
    except (ValueError, ZeroDivisionError, IndexError):
        return None
