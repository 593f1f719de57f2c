"""Estimates from features and a classifier: out-of-sample probabilities by cross-validation.

The functions are public in count. They take any classifier that scikit-learn can clone, with
``fit`` and ``predict_proba``; the folds are those of ``StratifiedKFold(shuffle=True)`` with the
seed as its random state.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from labelsieve._checks import check_labels
from labelsieve._class_names import numbered_labels
from labelsieve._latent import estimate_latent

__all__ = [
    "check_features",
    "estimate_confident_joint_and_cv_pred_proba",
    "estimate_cv_predicted_probabilities",
    "estimate_noise_matrices",
    "estimate_py_noise_matrices_and_cv_pred_proba",
    "rows",
]


class _DefaultClassifier:
    """Stands for ``LogisticRegression(solver="lbfgs")`` until scikit-learn is needed."""

    def __repr__(self) -> str:
        return "LogisticRegression()"


_LOGISTIC_REGRESSION: Any = _DefaultClassifier()


def estimate_confident_joint_and_cv_pred_proba(
    X: Any,
    labels: Any,
    clf: Any = _LOGISTIC_REGRESSION,
    *,
    cv_n_folds: int = 5,
    thresholds: Any = None,
    seed: int | None = None,
    calibrate: bool = True,
    clf_kwargs: dict[str, Any] = {},
    validation_func: Callable[[Any, Any], dict[str, Any]] | None = None,
    class_names: Any = None,
) -> tuple[np.ndarray, np.ndarray]:
    """(confident joint, out-of-sample probabilities).

    ``clf_kwargs`` go to the classifier's ``fit``, and so does what
    ``validation_func(X_holdout, labels_holdout)`` returns for each fold.
    """
    from labelsieve.count import compute_confident_joint

    if X is None:
        raise ValueError("Data features X cannot be None. Currently X is None.")
    labels = numbered_labels(labels, class_names)
    check_labels(labels)
    check_features(X, len(labels))
    if validation_func is not None and not callable(validation_func):
        raise TypeError("validation_func must be callable function with args: X_val, y_val")
    pred_probs = _cross_validate(X, labels, clf, cv_n_folds, seed, clf_kwargs, validation_func)
    joint = compute_confident_joint(
        labels, pred_probs, thresholds=thresholds, calibrate=calibrate
    )
    return joint, pred_probs


def estimate_py_noise_matrices_and_cv_pred_proba(
    X: Any,
    labels: Any,
    clf: Any = _LOGISTIC_REGRESSION,
    *,
    cv_n_folds: int = 5,
    thresholds: Any = None,
    converge_latent_estimates: bool = False,
    py_method: str = "cnt",
    seed: int | None = None,
    clf_kwargs: dict[str, Any] = {},
    validation_func: Callable[[Any, Any], dict[str, Any]] | None = None,
    class_names: Any = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(prior of true labels, noise matrix, inverse noise matrix, confident joint, out-of-sample
    probabilities)."""
    labels = numbered_labels(labels, class_names)
    joint, pred_probs = estimate_confident_joint_and_cv_pred_proba(
        X,
        labels,
        clf,
        cv_n_folds=cv_n_folds,
        thresholds=thresholds,
        seed=seed,
        clf_kwargs=clf_kwargs,
        validation_func=validation_func,
    )
    prior, noise_matrix, inverse_noise_matrix = estimate_latent(
        joint,
        labels,
        py_method=py_method,
        converge_latent_estimates=converge_latent_estimates,
    )
    return prior, noise_matrix, inverse_noise_matrix, joint, pred_probs


def estimate_cv_predicted_probabilities(
    X: Any,
    labels: Any,
    clf: Any = _LOGISTIC_REGRESSION,
    *,
    cv_n_folds: int = 5,
    seed: int | None = None,
    clf_kwargs: dict[str, Any] = {},
    validation_func: Callable[[Any, Any], dict[str, Any]] | None = None,
    class_names: Any = None,
) -> np.ndarray:
    """Out-of-sample probabilities, one row per example."""
    return estimate_confident_joint_and_cv_pred_proba(
        X,
        labels,
        clf,
        cv_n_folds=cv_n_folds,
        seed=seed,
        clf_kwargs=clf_kwargs,
        validation_func=validation_func,
        class_names=class_names,
    )[1]


def estimate_noise_matrices(
    X: Any,
    labels: Any,
    clf: Any = _LOGISTIC_REGRESSION,
    *,
    cv_n_folds: int = 5,
    thresholds: Any = None,
    converge_latent_estimates: bool = True,
    seed: int | None = None,
    clf_kwargs: dict[str, Any] = {},
    validation_func: Callable[[Any, Any], dict[str, Any]] | None = None,
    class_names: Any = None,
) -> tuple[np.ndarray, np.ndarray]:
    """(noise matrix, inverse noise matrix)."""
    found = estimate_py_noise_matrices_and_cv_pred_proba(
        X,
        labels,
        clf,
        cv_n_folds=cv_n_folds,
        thresholds=thresholds,
        converge_latent_estimates=converge_latent_estimates,
        seed=seed,
        clf_kwargs=clf_kwargs,
        validation_func=validation_func,
        class_names=class_names,
    )
    return found[1], found[2]


def _cross_validate(
    X: Any,
    labels: np.ndarray,
    clf: Any,
    cv_n_folds: int,
    seed: int | None,
    clf_kwargs: dict[str, Any],
    validation_func: Callable[[Any, Any], dict[str, Any]] | None,
) -> np.ndarray:
    base, linear_model, model_selection = _scikit_learn()
    if clf is _LOGISTIC_REGRESSION:
        clf = linear_model.LogisticRegression(solver="lbfgs")
    num_classes = len(np.unique(labels))
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(
            f"the labels are of {num_classes} classes, but go from {labels.min()} to "
            f"{labels.max()}: number the classes that have examples from 0 to {num_classes - 1}"
        )
    folds = model_selection.StratifiedKFold(n_splits=cv_n_folds, shuffle=True, random_state=seed)
    pred_probs = np.zeros((len(labels), num_classes))
    for train, holdout in folds.split(X=labels, y=labels):
        try:
            model = base.clone(clf)
        except Exception as error:
            raise ValueError(
                "`clf` must be clonable via: sklearn.base.clone(clf). Give it a method "
                "get_params(), or pass `pred_probs` that were cross-validated elsewhere"
            ) from error
        X_holdout, labels_holdout = rows(X, holdout), labels[holdout]
        X_train, labels_train = rows(X, train), labels[train]
        borrowed: dict[int, int] = {}
        if not _is_torch_dataset(X):
            X_train, labels_train, borrowed = _complete_classes(
                X_train, labels_train, X_holdout, labels_holdout, num_classes
            )
        extra = {} if validation_func is None else validation_func(X_holdout, labels_holdout)
        model.fit(X_train, labels_train, **clf_kwargs, **extra)
        predicted = model.predict_proba(X_holdout)
        # The model has seen these: the label itself is the only prediction that says nothing.
        for label, row in borrowed.items():
            predicted[row] = 0.0
            predicted[row][label] = 1.0
        pred_probs[holdout] = predicted
    return pred_probs


def _complete_classes(
    X_train: Any,
    labels_train: np.ndarray,
    X_holdout: Any,
    labels_holdout: np.ndarray,
    num_classes: int,
) -> tuple[Any, np.ndarray, dict[int, int]]:
    """Training data with an example of every class. Those of classes that have none are borrowed
    from the holdout: {class: row of the holdout}."""
    missing = set(range(num_classes)).difference(labels_train.tolist())
    borrowed: dict[int, int] = {}
    if not missing:
        return X_train, labels_train, borrowed
    warnings.warn(
        "Duplicated some data across multiple folds to ensure training does not fail because "
        f"these classes do not have enough data for proper cross-validation: {missing}.",
        stacklevel=4,
    )
    for label in missing:
        row = int(np.flatnonzero(labels_holdout == label)[0])
        labels_train = np.append(labels_train, label)
        X_train = _append_row(X_train, X_holdout, row)
        borrowed[label] = row
    return X_train, labels_train, borrowed


def _scikit_learn() -> tuple[Any, Any, Any]:
    try:
        from sklearn import base, linear_model, model_selection
    except ImportError as error:
        raise ImportError(
            "functions that take a classifier use scikit-learn: pip install scikit-learn"
        ) from error
    return base, linear_model, model_selection


def _is_torch_dataset(X: Any) -> bool:
    """Whether it is a dataset of PyTorch, which is not imported to find out."""
    data = sys.modules.get("torch.utils.data")
    return data is not None and isinstance(X, data.Dataset)


def check_features(X: Any, num_examples: int) -> None:
    """Raises ValueError when there are not that many examples, TypeError when X has no length or
    takes no list of indices."""
    try:
        length = X.shape[0] if hasattr(X, "shape") else len(X)
    except TypeError as error:
        raise TypeError("Data features X must support either: len(X) or X.shape[0]") from error
    if length != num_examples:
        raise ValueError(
            f"X and labels must be same length, but X is length {length} and labels is length "
            f"{num_examples}."
        )
    try:
        rows(X, np.array([0, num_examples - 1]))
    except Exception as error:
        raise TypeError(
            "Data features X must support list-based indexing: X[index_list], or "
            "X.iloc[index_list] if X is a frame of pandas"
        ) from error


def rows(X: Any, indices: np.ndarray) -> Any:
    """The features of some examples, in the type of X."""
    if hasattr(X, "iloc"):
        return X.iloc[indices]
    if _is_torch_dataset(X):
        return sys.modules["torch.utils.data"].Subset(X, indices)
    return X[indices]


def _append_row(X: Any, other: Any, row: int) -> Any:
    """X with one row of another block of features of the same type at its end."""
    if isinstance(X, np.ndarray):
        return np.concatenate([X, other[row : row + 1]])
    if hasattr(X, "iloc"):
        import pandas

        return pandas.concat([X, other.iloc[[row]]]).reset_index(drop=True)
    if hasattr(X, "tocsr"):
        from scipy import sparse

        return sparse.vstack([X, other[[row]]], format="csr")
    raise TypeError(f"cannot add a row to features of type {type(X).__name__}")
