"""The other side of bench/run: cleanlab, NumPy and pandas, as a process that answers requests.

The protocol is in serve.py.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import cleanlab
import numpy as np
import pandas
from cleanlab import multilabel_classification
from cleanlab.experimental import span_classification
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from cleanlab.token_classification.filter import find_label_issues as find_token_issues
from cleanlab.token_classification.rank import get_label_quality_scores as score_tokens
from serve import serve, timed


class Session:
    def __init__(self, num_threads):
        self.pool = ThreadPoolExecutor(num_threads)
        self.num_threads = num_threads
        self.labels = self.probs = None

    def load(self, labels, pred_probs):
        self.labels = np.load(labels)
        self.probs = np.load(pred_probs)
        self.rows = np.arange(len(self.labels))
        return {"rows": self.probs.shape[0], "columns": self.probs.shape[1]}

    def load_tokens(self, labels, pred_probs, lengths):
        """The same as nested lists, which is what cleanlab takes."""
        answer = self.load(labels, pred_probs)
        self.ends = np.cumsum(lengths)
        cut = self.ends[:-1]
        self.nested_labels = [part.tolist() for part in np.split(self.labels, cut)]
        self.nested_probs = np.split(self.probs, cut)
        self.inside_labels = [part.tolist() for part in np.split((self.labels != 0) * 1, cut)]
        self.inside_probs = np.split(np.float32(1) - self.probs[:, 0], cut)
        return answer

    def save_pairs(self, pairs, save):
        """(sentence, token) pairs as a mask over all tokens."""
        if save is not None:
            mask = np.zeros(len(self.labels), dtype=bool)
            starts = np.concatenate([[0], self.ends])
            mask[[starts[sentence] + token for sentence, token in pairs]] = True
            np.save(save, mask)

    def find_tokens(self, n_jobs=None, save=None):
        seconds, pairs = timed(lambda: find_token_issues(
            self.nested_labels, self.nested_probs, n_jobs=n_jobs))
        self.save_pairs(pairs, save)
        return {"seconds": seconds, "num_issues": len(pairs)}

    def find_span_tokens(self, save=None):
        seconds, pairs = timed(lambda: span_classification.find_label_issues(
            self.inside_labels, self.inside_probs))
        self.save_pairs(pairs, save)
        return {"seconds": seconds, "num_issues": len(pairs)}

    def score_sentences(self, save=None):
        seconds, (scores, _) = timed(lambda: score_tokens(
            self.nested_labels, self.nested_probs, sentence_score_method="softmin"))
        if save is not None:
            np.save(save, scores)
        return {"seconds": seconds}

    def read_tokens(self, file, save=None):
        """Words and tags with a loop over the lines, as scripts for CoNLL files have it."""
        def read():
            sentences, words, tags = [], [], []
            with open(file, encoding="utf-8") as lines:
                for line in lines:
                    cells = line.split()
                    if cells:
                        words.append(cells[0])
                        tags.append(cells[-1])
                    elif words:
                        sentences.append((words, tags))
                        words, tags = [], []
            if words:
                sentences.append((words, tags))
            return sentences
        seconds, sentences = timed(read)
        if save is not None:
            codes = {}
            np.save(save, np.array([codes.setdefault(tag, len(codes))
                                    for _, tags in sentences for tag in tags], dtype=np.float64))
        return {"seconds": seconds, "sentences": len(sentences)}

    def find(self, n_jobs=None, save=None, joint=None):
        """The default find. `joint` makes cleanlab prune by that joint instead of its own."""
        given = None
        if joint is not None:
            k = self.probs.shape[1]
            given = np.load(joint).reshape(k, k).astype(np.int64)
        seconds, mask = timed(lambda: find_label_issues(
            self.labels, self.probs, n_jobs=n_jobs, confident_joint=given))
        if save is not None:
            np.save(save, mask)
        return {"seconds": seconds, "num_issues": int(mask.sum())}

    def score(self, method, save=None):
        seconds, scores = timed(
            lambda: get_label_quality_scores(self.labels, self.probs, method=method))
        if save is not None:
            np.save(save, scores)
        return {"seconds": seconds}

    def fancy_index(self, save=None):
        """self_confidence as a line of NumPy, the row numbers ready made."""
        seconds, scores = timed(lambda: self.probs[self.rows, self.labels])
        if save is not None:
            np.save(save, scores)
        return {"seconds": seconds}

    def sum(self):
        """NumPy's sum, on as many threads as the summing pass (it lets go of the interpreter)."""
        parts = np.array_split(self.probs.reshape(-1), self.num_threads * 8)
        seconds, totals = timed(lambda: list(self.pool.map(np.sum, parts)))
        return {"seconds": seconds, "sum": float(np.sum(totals, dtype=np.float64))}

    def read(self, file, save=None):
        seconds, frame = timed(lambda: pandas.read_csv(file, engine="c"))
        if save is not None:
            np.save(save, frame.iloc[:, 1:].to_numpy(dtype=np.float64).reshape(-1))
        return {"seconds": seconds, "rows": frame.shape[0], "columns": frame.shape[1] - 1}

    def load_sets(self, labels, pred_probs):
        self.sets = [np.flatnonzero(row).tolist() for row in np.load(labels)]
        self.probs = np.load(pred_probs)
        return {"rows": self.probs.shape[0], "columns": self.probs.shape[1]}

    def find_sets(self, save=None):
        """One process: the default starts as many as there are processors for every class."""
        seconds, mask = timed(lambda: multilabel_classification.filter.find_label_issues(
            self.sets, self.probs, n_jobs=1))
        if save is not None:
            np.save(save, mask)
        return {"seconds": seconds, "num_issues": int(mask.sum())}

    def score_sets(self, save=None):
        seconds, scores = timed(
            lambda: multilabel_classification.get_label_quality_scores(self.sets, self.probs))
        if save is not None:
            np.save(save, scores)
        return {"seconds": seconds}

    def versions(self):
        return {
            "cleanlab": cleanlab.__version__,
            "NumPy": np.__version__,
            "pandas": pandas.__version__,
            "Python": sys.version.split()[0],
        }


if __name__ == "__main__":
    serve(Session(int(sys.argv[1])))
