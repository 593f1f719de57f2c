"""Noise matrices and noisy labels at random.

A noise matrix has the shape (K, K) and holds P(given label | true label): rows given, columns
true, every column adds up to 1. Its trace says how much noise there is: K means none, and from 1
downwards the given labels say nothing about the true ones.

All draws come from NumPy's global RandomState, in the same order as cleanlab's: the same seed gives
the same noise.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "generate_n_rand_probabilities_that_sum_to_m",
    "generate_noise_matrix_from_trace",
    "generate_noisy_labels",
    "noise_matrix_is_valid",
    "randomly_distribute_N_balls_into_K_bins",
]

# How far a sum or a bound may be missed.
_TOLERANCE = 1e-6


def noise_matrix_is_valid(noise_matrix: Any, py: Any, *, verbose: bool = False) -> bool:
    """Whether the true labels can be learned from labels with this noise.

    For every class, the share of examples that were given it and are of it has to exceed what
    chance alone gives: P(given = k, true = k) > P(given = k) · P(true = k) (Northcutt et al. 2017,
    "Learning with confident examples", the condition on the joint). False too when ``py`` or the
    joint do not add up to 1 within 1e-6.

    ``noise_matrix`` is (K, K), ``py`` the K prior probabilities of the true labels. ``verbose``
    prints both sides for each class.
    """
    prior = np.asarray(py, dtype=np.float64)
    joint = np.asarray(noise_matrix, dtype=np.float64) * prior
    if abs(prior.sum() - 1) > _TOLERANCE or abs(joint.sum() - 1) > _TOLERANCE:
        return False
    agreement = joint.diagonal()
    chance = joint.sum(axis=1) * joint.sum(axis=0)
    learnable = agreement > chance
    if verbose:
        for label, holds in enumerate(learnable):
            print(
                f"class {label}: given and true {agreement[label]:.4f}, by chance "
                f"{chance[label]:.4f}: {'learnable' if holds else 'not learnable'}"
            )
    return bool(learnable.all())


def generate_noisy_labels(true_labels: Any, noise_matrix: Any) -> np.ndarray:
    """Labels with exactly the noise of the matrix, up to whole examples.

    Of the examples of class j, ⌊N · P(j) · noise_matrix[k, j]⌋ get the label k, for every k ≠ j.
    Which ones is drawn from NumPy's global RandomState.

    ``true_labels`` are N integers 0..K-1, each class at least once, ``noise_matrix`` is (K, K).
    Raises ValueError when the matrix is not K×K, or when a column off the diagonal asks for more
    examples than the class has.
    """
    true_labels = np.asarray(true_labels)
    matrix = np.asarray(noise_matrix, dtype=np.float64)
    classes, class_counts = np.unique(true_labels, return_counts=True)
    num_classes = len(classes)
    if matrix.shape != (num_classes, num_classes):
        raise ValueError(
            f"noise_matrix has the shape {matrix.shape}, but the labels have {num_classes} "
            f"classes: it must be {num_classes} x {num_classes}"
        )
    size = len(true_labels)
    # In this order of operations, since a count is cut off to a whole number.
    counts = (matrix * (class_counts / float(size)) * size).astype(np.int64)
    np.fill_diagonal(counts, 0)
    noisy: np.ndarray = true_labels.copy()
    for label in range(num_classes):
        flips = counts[:, label]
        if not flips.any():
            continue
        members = np.flatnonzero(true_labels == label)
        if flips.sum() > len(members):
            raise ValueError(
                f"column {label} of noise_matrix flips {flips.sum()} examples, but only "
                f"{len(members)} are of that class"
            )
        chosen = np.random.choice(members, int(flips.sum()), replace=False)
        noisy[chosen] = np.repeat(np.arange(num_classes), flips)
    return noisy


def generate_noise_matrix_from_trace(
    K: int,
    trace: float,
    *,
    max_trace_prob: float = 1.0,
    min_trace_prob: float = 0.00001,
    max_noise_rate: float = 0.99999,
    min_noise_rate: float = 0.0,
    valid_noise_matrix: bool = True,
    py: Any = None,
    frac_zero_noise_rates: float = 0.0,
    seed: int | None = 0,
    max_iter: int = 10000,
) -> np.ndarray | None:
    """A random noise matrix of K classes, (K, K), with this trace.

    The diagonal lies in [``min_trace_prob``, ``max_trace_prob``], the noise rates off it in
    [``min_noise_rate``, ``max_noise_rate``], save the share ``frac_zero_noise_rates`` of them that
    is zero (at most K-2 a column); for K = 2 the trace and the draw decide everything. With
    ``valid_noise_matrix`` matrices are drawn until noise_matrix_is_valid for the prior ``py`` of
    true labels, at most ``max_iter`` times; None when none was.

    Seeds NumPy's global RandomState with ``seed``; None seeds it afresh. Raises ValueError for a
    valid matrix with a trace of at most 1 or without ``py`` (K > 2), for K < 2, and for bounds that
    no matrix meets.
    """
    if valid_noise_matrix and trace <= 1:
        raise ValueError(
            f"trace = {trace}, but trace > 1 is necessary for a valid noise matrix "
            "(valid_noise_matrix=True)"
        )
    if valid_noise_matrix and py is None and K > 2:
        raise ValueError(
            "py must be provided (not None) for a valid noise matrix (valid_noise_matrix=True): "
            "the prior probabilities of the true labels"
        )
    if K <= 1:
        raise ValueError(f"K must be >= 2, but K = {K}.")
    if max_iter < 1:
        return None
    np.random.seed(seed)
    if K == 2:
        first, second = _two_class_diagonal(trace, frac_zero_noise_rates)
        return np.array([[first, 1 - second], [1 - first, second]])
    for _ in range(max_iter):
        diagonal = generate_n_rand_probabilities_that_sum_to_m(
            K, trace, max_prob=max_trace_prob, min_prob=min_trace_prob
        )
        zeros = int(K * (K - 1) * frac_zero_noise_rates)
        matrix = _noise_around(diagonal, zeros, max_noise_rate, min_noise_rate)
        if not valid_noise_matrix or noise_matrix_is_valid(matrix, py):
            return matrix
    return None


def _noise_around(
    diagonal: np.ndarray, zeros: int, max_noise_rate: float, min_noise_rate: float
) -> np.ndarray:
    """A matrix with this diagonal and random noise rates, some of them zero, in each column."""
    K = len(diagonal)
    zeros_per_column = randomly_distribute_N_balls_into_K_bins(
        zeros, K, max_balls_per_bin=K - 2, min_balls_per_bin=0
    )
    matrix = np.diag(diagonal)
    for label in range(K):
        rates = generate_n_rand_probabilities_that_sum_to_m(
            K - 1 - zeros_per_column[label],
            1 - diagonal[label],
            max_prob=max_noise_rate,
            min_prob=min_noise_rate,
        )
        others = [other for other in range(K) if other != label]
        given = np.random.choice(others, len(rates), replace=False)
        matrix[given, label] = rates[::-1]
    return matrix


def _two_class_diagonal(trace: float, frac_zero_noise_rates: float) -> tuple[float, float]:
    if frac_zero_noise_rates < 0.5:
        first, second = generate_n_rand_probabilities_that_sum_to_m(2, trace)
        return float(first), float(second)
    if trace < 1:
        raise ValueError(
            f"trace = {trace}, but with a noise rate of zero (frac_zero_noise_rates >= 0.5) the "
            "trace of two classes is at least 1"
        )
    return (1.0, trace - 1) if np.random.rand() > 0.5 else (trace - 1, 1.0)


def generate_n_rand_probabilities_that_sum_to_m(
    n: int, m: float, *, max_prob: float = 1.0, min_prob: float = 0.0
) -> np.ndarray:
    """n random numbers in [``min_prob``, ``max_prob``], within 1e-6, that add up to m.

    A draw from the flat Dirichlet distribution, scaled; while its extremes are out of bounds, the
    highest and the lowest share what they have together anew. Raises ValueError when no such
    numbers exist.
    """
    if n == 0:
        return np.array([])
    if max_prob + _TOLERANCE < m / float(n):
        raise ValueError(
            "max_prob must be greater or equal to m / n, but "
            f"max_prob = {max_prob}, m = {m}, n = {n}, m / n = {m / float(n)}"
        )
    if min_prob > (m + _TOLERANCE) / float(n):
        raise ValueError(
            "min_prob must be less or equal to m / n, but "
            f"min_prob = {min_prob}, m = {m}, n = {n}, m / n = {m / float(n)}"
        )
    values: np.ndarray = np.random.dirichlet(np.ones(n)) * m
    low, high = int(values.argmin()), int(values.argmax())
    while values[high] > max_prob + _TOLERANCE or values[low] < min_prob - _TOLERANCE:
        # The widest that the two can be apart within the bound that is missed; the draw says by how
        # much they come closer.
        if values[high] > max_prob + _TOLERANCE:
            least, most = values[low] + (values[high] - max_prob), max_prob
        else:
            least, most = min_prob, values[high] - (min_prob - values[low])
        moved = (most - least) * np.random.rand()
        values[low], values[high] = least + moved, most - moved
        low, high = int(values.argmin()), int(values.argmax())
    return values


def randomly_distribute_N_balls_into_K_bins(
    N: int,
    K: int,
    *,
    max_balls_per_bin: float | None = None,
    min_balls_per_bin: float | None = None,
) -> np.ndarray:
    """K random whole numbers between the two bounds that add up to N.

    N is lowered to what K full bins hold, the lower bound to N / K. Raises ValueError when they
    exclude each other.
    """
    if N == 0:
        return np.zeros(K, dtype=int)
    most = N if max_balls_per_bin is None else min(max_balls_per_bin, N)
    least = 0 if min_balls_per_bin is None else min(min_balls_per_bin, N / K)
    total = int(min(N, most * K))
    shares = generate_n_rand_probabilities_that_sum_to_m(
        K, 1, max_prob=most / float(total), min_prob=least / float(total)
    )
    balls = np.round(shares * total).astype(int)
    # Rounding has changed the sum.
    while balls.sum() > total:
        balls[balls.argmax()] -= 1
    while balls.sum() < total:
        balls[balls.argmin()] += 1
    return balls
