"""The noise that CleanLearning works with: joint, prior and noise matrices, given or estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labelsieve._latent import (
    compute_inv_noise_matrix,
    compute_noise_matrix_from_inverse,
    compute_py,
    estimate_latent,
)
from labelsieve.count import compute_confident_joint

__all__ = ["NoiseEstimates", "OptionsWithJoint", "as_noise_matrix", "given_options"]


class OptionsWithJoint(dict[str, Any]):
    """Options of find_label_issues together with the joint that was estimated for one dataset.

    The next dataset gets an estimate of its own: `given_options` leaves this one out, also in a
    copy, unless somebody has put another in its place.
    """

    def __init__(self, options: dict[str, Any], confident_joint: np.ndarray) -> None:
        super().__init__(options, confident_joint=confident_joint)
        self._estimated = confident_joint

    def without_estimate(self) -> dict[str, Any]:
        options = dict(self)
        if options.get("confident_joint") is self._estimated:
            options.pop("confident_joint")
        return options


def given_options(options: dict[str, Any] | None) -> dict[str, Any]:
    """What the user gave, without an estimated joint."""
    if isinstance(options, OptionsWithJoint):
        return options.without_estimate()
    return dict(options or {})


@dataclass
class NoiseEstimates:
    """What is known of the noise in labels of K classes: joint and matrices are (K, K), the rows
    given labels, the columns true ones (the other way around in the inverse). ``py`` is None when
    the inverse matrix was given."""

    confident_joint: np.ndarray
    py: np.ndarray | None
    noise_matrix: np.ndarray
    inverse_noise_matrix: np.ndarray

    @classmethod
    def of(
        cls,
        labels: np.ndarray,
        pred_probs: np.ndarray,
        *,
        thresholds: Any = None,
        noise_matrix: np.ndarray | None = None,
        inverse_noise_matrix: np.ndarray | None = None,
        confident_joint: Any = None,
        converge_latent_estimates: bool = False,
    ) -> NoiseEstimates:
        """The joint is counted unless given. From a given one comes the noise matrix too, whatever
        was given; the others follow from that matrix."""
        ps = given_prior(labels)
        py = None
        if confident_joint is not None:
            py, noise_matrix, _ = estimate_latent(confident_joint, labels)
        else:
            confident_joint = compute_confident_joint(labels, pred_probs, thresholds=thresholds)
        if noise_matrix is None and inverse_noise_matrix is None:
            py, noise_matrix, inverse_noise_matrix = estimate_latent(
                confident_joint, labels, converge_latent_estimates=converge_latent_estimates
            )
        elif noise_matrix is None:
            noise_matrix = compute_noise_matrix_from_inverse(ps, inverse_noise_matrix)
        elif inverse_noise_matrix is None:
            py = compute_py(ps, noise_matrix, noise_matrix, py_method="eqn")
            inverse_noise_matrix = compute_inv_noise_matrix(py, noise_matrix, ps=ps)
        assert noise_matrix is not None and inverse_noise_matrix is not None
        return cls(np.asarray(confident_joint), py, noise_matrix, inverse_noise_matrix)

    def without_noise_in(self, clean_class: int) -> None:
        """PU learning with the classes 0 and 1: the label of the one is never given to examples of
        the other. Changes all but the prior, as the reference does."""
        if clean_class not in (0, 1):
            raise ValueError(f"pulearning must be 0, 1 or None, not {clean_class!r}")
        other = 1 - clean_class
        for matrix, certain in (
            ("confident_joint", other),
            ("noise_matrix", other),
            ("inverse_noise_matrix", clean_class),
        ):
            changed = getattr(self, matrix).copy()
            changed[1 - certain, certain] = 0
            changed[certain, certain] = 1
            setattr(self, matrix, changed)


def given_prior(labels: np.ndarray) -> np.ndarray:
    """The share of each class among the labels, without classes that have no example."""
    _, counts = np.unique(labels, return_counts=True)
    return np.asarray(counts / float(len(labels)))


def as_noise_matrix(matrix: Any, message: str) -> np.ndarray | None:
    """A given matrix as an array. Raises ValueError with the message, which has a place for the
    trace, when that says that labels tell nothing."""
    if matrix is None:
        return None
    array: np.ndarray = np.asarray(matrix, dtype=np.float64)
    if np.trace(array) <= 1:
        raise ValueError(message.format(round(float(np.trace(array)), 2)))
    return array
