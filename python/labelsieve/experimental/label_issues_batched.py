"""Label issues of data that do not fit in memory, batch by batch.

The rule is the reference's own for batches: the issues are counted by the most probable class
against running thresholds, and that many of the lowest scores are flagged. filter.find_label_issues
reads memory-mapped files in place and needs no batches; it follows the other rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._arrays import as_labels, as_pred_probs, num_threads
from labelsieve._class_names import numbered_labels
from labelsieve.rank import find_top_issues

__all__ = ["LabelInspector", "find_label_issues_batched"]

_LOWEST_THRESHOLD = 2e-6
_FEW = 1 << 20  # probabilities of a batch: starting threads takes longer than one needs for so few


def find_label_issues_batched(
    labels: Any = None,
    pred_probs: Any = None,
    *,
    labels_file: str | None = None,
    pred_probs_file: str | None = None,
    batch_size: int = 10000,
    n_jobs: int | None = 1,
    verbose: bool = True,
    quality_score_kwargs: dict[str, Any] | None = None,
    num_issue_kwargs: dict[str, Any] | None = None,
    return_mask: bool = False,
    class_names: Any = None,
) -> np.ndarray:
    """Indices of the label issues in ascending order, or a mask of them.

    ``labels`` and ``pred_probs`` are anything that can be sliced, such as arrays of Zarr or HDF5;
    or the two files are .npy, which are mapped. Two passes over the batches.
    """
    labels = _given_or_mapped(labels, labels_file, "labels")
    pred_probs = _given_or_mapped(pred_probs, pred_probs_file, "pred_probs")
    if len(labels) != len(pred_probs):
        raise ValueError(
            f"len(labels)={len(labels)} does not match len(pred_probs)={len(pred_probs)}"
        )
    if pred_probs_file is not None and verbose:
        print(f"mapped {len(pred_probs)} examples with {pred_probs.shape[1]} classes")
    inspector = LabelInspector(
        num_class=pred_probs.shape[1],
        verbose=verbose,
        n_jobs=n_jobs,
        quality_score_kwargs=quality_score_kwargs,
        num_issue_kwargs=num_issue_kwargs,
    )
    batches = [slice(i, i + batch_size) for i in range(0, len(labels), batch_size)]
    for batch in batches:
        labels_batch = numbered_labels(labels[batch], class_names)
        inspector.update_confident_thresholds(labels_batch, pred_probs[batch])
    # An example whose label is the most probable one is never an issue.
    disagrees = np.zeros(len(labels), dtype=bool)
    for batch in batches:
        labels_batch = numbered_labels(labels[batch], class_names)
        pred_probs_batch = as_pred_probs(pred_probs[batch])
        inspector.score_label_quality(labels_batch, pred_probs_batch)
        disagrees[batch], _ = _core.find_label_issues(
            labels_batch, pred_probs_batch, "predicted_neq_given"
        )
    mask = np.zeros(len(labels), dtype=bool)
    mask[inspector.get_label_issues()] = True
    mask &= disagrees
    return mask if return_mask else np.flatnonzero(mask)


class LabelInspector:
    """Counts and scores batches: first every batch through ``update_confident_thresholds``, then
    every batch through ``score_label_quality``, then ask.

    ``quality_score_kwargs`` are options of rank.get_label_quality_scores; ``num_issue_kwargs`` may
    hold ``estimation_method="off_diagonal_calibrated"``. Without ``store_results`` the scores of a
    batch are only returned.
    """

    def __init__(
        self,
        *,
        num_class: int,
        store_results: bool = True,
        verbose: bool = True,
        quality_score_kwargs: dict[str, Any] | None = None,
        num_issue_kwargs: dict[str, Any] | None = None,
        n_jobs: int | None = 1,
    ) -> None:
        self.num_class = num_class
        self.store_results = store_results
        self.verbose = verbose
        self.quality_score_kwargs = quality_score_kwargs or {}
        self.num_issue_kwargs = num_issue_kwargs or {}
        self.n_jobs = n_jobs
        self.off_diagonal_calibrated = (
            self.num_issue_kwargs.get("estimation_method") == "off_diagonal_calibrated"
        )
        self.confident_thresholds = np.zeros(num_class)
        self.examples_per_class = np.zeros(num_class)
        self.examples_processed_thresh = 0
        self.examples_processed_quality = 0
        self.class_counts = np.zeros(num_class)
        self.normalization = np.zeros(num_class)
        self.prune_counts = np.zeros(num_class)
        self._scores = _Scores()

    @property
    def prune_count(self) -> int:
        """How many examples are confidently of another class than their label."""
        return int(self.prune_counts.sum())

    @property
    def label_quality_scores(self) -> list[float]:
        """The stored scores as a list; get_quality_scores() is faster."""
        return list(self.get_quality_scores())

    def get_confident_thresholds(self, silent: bool = False) -> np.ndarray:
        """The thresholds of the batches so far, one per class."""
        if self.examples_processed_thresh < 1:
            raise ValueError(
                "Have not computed any confident_thresholds yet. Call "
                "`update_confident_thresholds()` first."
            )
        if self.verbose and not silent:
            print(
                "Total number of examples used to estimate confident thresholds: "
                f"{self.examples_processed_thresh}"
            )
        return self.confident_thresholds

    def get_num_issues(self, silent: bool = False) -> int:
        """How many labels of the batches so far are wrong."""
        self._check_scored()
        if self.verbose and not silent:
            self._print_scored()
        if not self.off_diagonal_calibrated:
            return self.prune_count
        calibrated = self.prune_counts * self.class_counts / np.clip(self.normalization, 1e-6, None)
        return int(np.rint(calibrated.sum()))

    def get_quality_scores(self) -> np.ndarray:
        """The scores of all batches, in the order they came."""
        self._check_stored()
        return self._scores.all()

    def get_label_issues(self) -> np.ndarray:
        """Indices of the examples with the lowest scores, as many as there are wrong labels, the
        worst first."""
        self._check_stored()
        self._check_scored()
        if self.verbose:
            self._print_scored()
        return find_top_issues(self.get_quality_scores(), top=self.get_num_issues(silent=True))

    def update_confident_thresholds(self, labels: Any, pred_probs: Any) -> None:
        """Adds a batch to the means behind the thresholds."""
        labels, pred_probs = self._check_batch(labels, pred_probs)
        thresholds, counts = _core.confident_thresholds(
            labels, pred_probs, self._threads(pred_probs)
        )
        total = self.examples_per_class + counts
        sums = self.examples_per_class * self.confident_thresholds + counts * thresholds
        means = sums / np.maximum(total, 1)
        self.confident_thresholds = np.maximum(means, _LOWEST_THRESHOLD)
        self.examples_per_class = total
        self.examples_processed_thresh += len(labels)

    def score_label_quality(
        self, labels: Any, pred_probs: Any, *, update_num_issues: bool = True
    ) -> np.ndarray:
        """The scores of a batch; counts its issues unless told otherwise."""
        labels, pred_probs = self._check_batch(labels, pred_probs)
        thresholds = self.get_confident_thresholds(silent=True)
        size = len(labels)
        scores = self._scores.room(size) if self.store_results else np.empty(size)
        examples, confident, disagreeing = _score_and_count(
            labels, pred_probs, thresholds, scores, self._threads(pred_probs),
            **self.quality_score_kwargs,
        )
        if self.store_results:
            self._scores.keep(size)
        if update_num_issues:
            self.class_counts += examples
            self.normalization += confident
            self.prune_counts += disagreeing
        self.examples_processed_quality += size
        return scores

    def _threads(self, pred_probs: np.ndarray) -> int:
        """As many as asked for; where that is not said, one for a small batch."""
        if self.n_jobs is None and pred_probs.size < _FEW:
            return 1
        return num_threads(self.n_jobs)

    def _check_batch(self, labels: Any, pred_probs: Any) -> tuple[np.ndarray, np.ndarray]:
        labels, pred_probs = as_labels(labels), as_pred_probs(pred_probs)
        if len(labels) != len(pred_probs):
            raise ValueError(
                f"labels and pred_probs must have same length, not {len(labels)} and "
                f"{len(pred_probs)}"
            )
        if pred_probs.shape[1] != self.num_class:
            raise ValueError(
                f"num_class must equal pred_probs.shape[1]: {self.num_class} is not "
                f"{pred_probs.shape[1]}"
            )
        return labels, pred_probs

    def _check_stored(self) -> None:
        if not self.store_results:
            raise ValueError(
                "Must initialize the LabelInspector with `store_results` == True; otherwise put "
                "together what `score_label_quality()` returns for each batch"
            )

    def _check_scored(self) -> None:
        if self.examples_processed_quality < 1:
            raise ValueError(
                "Have not evaluated any labels yet. Call `score_label_quality()` first."
            )

    def _print_scored(self) -> None:
        print(
            "Total number of examples whose labels have been evaluated: "
            f"{self.examples_processed_quality}"
        )


class _Scores:
    """Scores of batches, in few large arrays: memory of many small ones costs more than they do."""

    _LARGE = 1 << 20

    def __init__(self) -> None:
        self._full: list[np.ndarray] = []
        self._last = np.empty(0)
        self._used = 0

    def room(self, size: int) -> np.ndarray:
        """Memory for so many more; theirs once they are kept."""
        if size > len(self._last) - self._used:
            self._full.append(self._last[: self._used])
            self._last, self._used = np.empty(max(size, self._LARGE)), 0
        return self._last[self._used : self._used + size]

    def keep(self, size: int) -> None:
        self._used += size

    def all(self) -> np.ndarray:
        """All of them, one after the other."""
        last = self._last[: self._used]
        full = [part for part in self._full if len(part) > 0]
        if not full:
            return last
        if len(full) > 1 or len(last) > 0:
            full = [np.concatenate([*full, last])]
            self._last, self._used = np.empty(0), 0
        self._full = full
        return full[0]


def _score_and_count(
    labels: np.ndarray,
    pred_probs: np.ndarray,
    thresholds: np.ndarray,
    scores: np.ndarray,
    threads: int,
    *,
    method: str = "self_confidence",
    adjust_pred_probs: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return _core.score_and_count(
        labels, pred_probs, thresholds, scores, method, bool(adjust_pred_probs), threads
    )


def _given_or_mapped(given: Any, file: str | None, name: str) -> Any:
    """The array itself, or the one mapped from a file."""
    if file is None:
        if given is None:
            raise ValueError(f"must provide one of: `{name}` or `{name}_file`")
        return given
    if given is not None:
        raise ValueError(f"only specify one of: `{name}` or `{name}_file`")
    if not isinstance(file, str):
        raise ValueError(f"{name}_file must be str: the path of a .npy file")
    return np.load(file, mmap_mode="r")
