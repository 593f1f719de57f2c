"""The prior of true labels and the two noise matrices. The functions are public in count."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelsieve import _core
from labelsieve._checks import as_joint, count_labels
from labelsieve._class_names import numbered_labels

__all__ = [
    "compute_inv_noise_matrix",
    "compute_noise_matrix_from_inverse",
    "compute_py",
    "estimate_latent",
]

_PY_METHODS = ("cnt", "eqn", "marginal", "marginal_ps")


def estimate_latent(
    confident_joint: Any,
    labels: Any,
    *,
    py_method: str = "cnt",
    converge_latent_estimates: bool = False,
    class_names: Any = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(prior of true labels, noise matrix P(given|true), inverse noise matrix P(true|given)).

    ``py_method`` is how the prior is computed: cnt, eqn, marginal or marginal_ps.
    ``converge_latent_estimates`` makes the three agree.
    """
    _check_method(py_method)
    joint = as_joint(confident_joint)
    counts = count_labels(numbered_labels(labels, class_names), len(joint))
    try:
        return _core.estimate_latent(joint, counts, py_method, bool(converge_latent_estimates))
    except ValueError as error:
        raise _as_raised_by_numpy(error, py_method) from error


def compute_py(
    ps: Any,
    noise_matrix: Any,
    inverse_noise_matrix: Any,
    *,
    py_method: str = "cnt",
    true_labels_class_counts: Any = None,
) -> np.ndarray:
    """The prior of true labels from that of given labels, ``ps``, and both noise matrices."""
    _check_method(py_method)
    if py_method == "marginal" and true_labels_class_counts is None:
        raise ValueError(
            'py_method == "marginal" requires true_labels_class_counts, but '
            "true_labels_class_counts is None. Provide them, or choose another method"
        )
    counts = None if true_labels_class_counts is None else _vector(true_labels_class_counts)
    try:
        return _core.compute_prior(
            _vector(ps),
            as_joint(noise_matrix, "noise_matrix"),
            as_joint(inverse_noise_matrix, "inverse_noise_matrix"),
            py_method,
            counts,
        )
    except ValueError as error:
        raise _as_raised_by_numpy(error, py_method) from error


def compute_inv_noise_matrix(py: Any, noise_matrix: Any, *, ps: Any = None) -> np.ndarray:
    """P(true|given) from P(given|true), the prior of true labels and that of given ones (by
    default what the other two say)."""
    noise_matrix = as_joint(noise_matrix, "noise_matrix")
    prior = _vector(py)
    given = (noise_matrix * prior).sum(axis=1) if ps is None else _vector(ps)
    return _core.compute_inverse_noise_matrix(noise_matrix, prior, given)


def compute_noise_matrix_from_inverse(
    ps: Any, inverse_noise_matrix: Any, *, py: Any = None
) -> np.ndarray:
    """P(given|true) from P(true|given), the prior of given labels and that of true ones (by
    default what the other two say)."""
    inverse_noise_matrix = as_joint(inverse_noise_matrix, "inverse_noise_matrix")
    given = _vector(ps)
    prior = (inverse_noise_matrix * given).sum(axis=1) if py is None else _vector(py)
    return _core.compute_noise_matrix(inverse_noise_matrix, prior, given)


def _vector(values: Any) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=np.float64).reshape(-1)


def _check_method(py_method: str) -> None:
    if py_method not in _PY_METHODS:
        raise ValueError(f"py_method {py_method} should be in [{', '.join(_PY_METHODS)}]")


def _as_raised_by_numpy(error: ValueError, py_method: str) -> ValueError:
    """A matrix that cannot be inverted is NumPy's LinAlgError to those who catch it."""
    if py_method == "eqn" and "inverted" in str(error):
        return np.linalg.LinAlgError(str(error))
    return error
