"""A Python package as a process that answers requests: labelsieve or cleanlab, by its name.

Both sides of the group `python` are this program; the import is all that differs, which is what the
package promises. The protocol is in serve.py.
"""

import ctypes
import importlib
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from serve import serve, timed

NAME = sys.argv[1]
MODULES = ("filter", "rank", "count", "dataset", "experimental.label_issues_batched",
           "token_classification.filter", "multilabel_classification.filter")
filters, rank, count, dataset, batched, token_filter, set_filter = (
    importlib.import_module(f"{NAME}.{module}") for module in MODULES)

SMALL_CALLS = 1000
BATCH = 10_000  # the default of find_label_issues_batched


def status_bytes(field):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


class Session:
    def __init__(self, num_threads):
        self.num_threads = num_threads
        self.pool = ThreadPoolExecutor(num_threads)

    def load(self, labels, pred_probs):
        self.labels = np.load(labels)
        self.probs = np.load(pred_probs)
        self.rows = np.arange(len(self.labels))
        return {"rows": len(self.labels)}

    def find(self, save=None, joint=None, **options):
        """find_label_issues; `joint` is a file with a joint to prune by."""
        if joint is not None:
            options["confident_joint"] = np.load(joint)
        seconds, mask = timed(lambda: filters.find_label_issues(self.labels, self.probs, **options))
        if save is not None:
            np.save(save, mask)
        return {"seconds": seconds}

    def find_batched(self):
        """What cleanlab calls low_memory elsewhere."""
        seconds, _ = timed(lambda: batched.find_label_issues_batched(
            self.labels, self.probs, n_jobs=1, verbose=False))
        return {"seconds": seconds}

    def joint(self, save):
        np.save(save, count.compute_confident_joint(self.labels, self.probs))
        return {}

    def score(self, method, save=None):
        seconds, scores = timed(
            lambda: rank.get_label_quality_scores(self.labels, self.probs, method=method))
        if save is not None:
            np.save(save, scores)
        return {"seconds": seconds}

    def fancy_index(self, save=None):
        seconds, scores = timed(lambda: self.probs[self.rows, self.labels])
        if save is not None:
            np.save(save, scores)
        return {"seconds": seconds}

    def sum(self):
        """NumPy's sum on as many threads, in blocks that fit into the cache."""
        parts = np.array_split(self.probs.reshape(-1), self.num_threads * 8)
        seconds, _ = timed(lambda: list(self.pool.map(np.sum, parts)))
        return {"seconds": seconds}

    def health(self, save=None):
        seconds, summary = timed(
            lambda: dataset.health_summary(self.labels, self.probs, verbose=False))
        if save is not None:
            quality = summary["classes_by_label_quality"].sort_values("Class Index")
            np.save(save, np.concatenate([
                [summary["overall_label_health_score"]], quality["Label Quality Score"].to_numpy(),
                quality["Label Issues"].to_numpy(), summary["joint"].reshape(-1)]))
        return {"seconds": seconds}

    def inspect(self, save=None):
        """LabelInspector over batches: thresholds, then scores, then the issues. In one process:
        for batches of this size the reference is slower with more."""
        def run():
            inspector = batched.LabelInspector(
                num_class=self.probs.shape[1], verbose=False, n_jobs=1)
            starts = range(0, len(self.labels), BATCH)
            for start in starts:
                inspector.update_confident_thresholds(
                    self.labels[start : start + BATCH], self.probs[start : start + BATCH])
            for start in starts:
                inspector.score_label_quality(
                    self.labels[start : start + BATCH], self.probs[start : start + BATCH])
            return inspector.get_label_issues()
        seconds, indices = timed(run)
        if save is not None:
            mask = np.zeros(len(self.labels), dtype=bool)
            mask[indices] = True
            np.save(save, mask)
        return {"seconds": seconds}

    def small(self):
        """The mean time of a call on 10×3, from a loop of them."""
        labels = np.arange(10) % 3
        probs = np.full((10, 3), 0.2) + 0.4 * np.eye(3)[labels]
        score = rank.get_label_quality_scores
        seconds, _ = timed(lambda: [score(labels, probs) for _ in range(SMALL_CALLS)])
        return {"seconds": seconds / SMALL_CALLS}

    def extra_memory(self):
        """Bytes that find_label_issues holds at its peak beyond its arguments, which lie in memory.

        The kernel's high-water mark is set back first; the peak counts what the call keeps, too.
        """
        filters.find_label_issues(self.labels[:1000], self.probs[:1000], n_jobs=1)
        ctypes.CDLL(None).malloc_trim(0)
        with open("/proc/self/clear_refs", "w", encoding="ascii") as refs:
            refs.write("5")
        before = status_bytes("VmRSS:")
        mask = filters.find_label_issues(self.labels, self.probs, n_jobs=1)
        return {"bytes": status_bytes("VmHWM:") - before, "issues": int(mask.sum())}

    def load_tokens(self, labels, pred_probs, lengths):
        self.load(labels, pred_probs)
        self.lengths = np.asarray(lengths)
        self.ends = np.cumsum(lengths)
        cut = self.ends[:-1]
        self.label_lists = [part.tolist() for part in np.split(self.labels, cut)]
        self.prob_arrays = np.split(self.probs, cut)
        self.prob_lists = None
        return {}

    def find_tokens(self, form, save=None):
        if form == "lists" and self.prob_lists is None:
            self.prob_lists = [part.tolist() for part in self.prob_arrays]
        if form == "flat":
            arguments, options = (self.labels, self.probs), {"lengths": self.lengths}
        else:
            probs = self.prob_lists if form == "lists" else self.prob_arrays
            arguments, options = (self.label_lists, probs), {}
        seconds, pairs = timed(lambda: token_filter.find_label_issues(*arguments, **options))
        if save is not None:
            mask = np.zeros(len(self.labels), dtype=bool)
            starts = np.concatenate([[0], self.ends])
            mask[[starts[sentence] + token for sentence, token in pairs]] = True
            np.save(save, mask)
        return {"seconds": seconds}

    def load_sets(self, labels, pred_probs):
        self.sets = [np.flatnonzero(row).tolist() for row in np.load(labels)]
        self.probs = np.load(pred_probs)
        return {}

    def find_sets(self, save=None, **options):
        seconds, mask = timed(
            lambda: set_filter.find_label_issues(self.sets, self.probs, **options))
        if save is not None:
            np.save(save, mask)
        return {"seconds": seconds}


if __name__ == "__main__":
    serve(Session(int(sys.argv[2])))
