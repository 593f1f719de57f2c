"""A classifier that learns from noisy labels: it leaves the label issues out of its training."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from labelsieve._arrays import as_labels, as_pred_probs
from labelsieve._checks import check_labels
from labelsieve._cross_validation import (
    check_features,
    estimate_cv_predicted_probabilities,
    rows,
)
from labelsieve._label_issues import as_label_issues, pandas, small_integers
from labelsieve._noise_estimates import (
    NoiseEstimates,
    OptionsWithJoint,
    as_noise_matrix,
    given_options,
    given_prior,
)
from labelsieve.filter import find_label_issues
from labelsieve.rank import get_label_quality_scores

try:
    from sklearn.base import BaseEstimator
except ImportError as error:
    raise ImportError("CleanLearning uses scikit-learn: pip install scikit-learn") from error

__all__ = ["CleanLearning"]

# A class this small keeps its examples unless the options say otherwise.
_MIN_EXAMPLES_PER_CLASS = 10
_UNSUPPORTED_OPTIONS = ("return_indices_ranked_by", "multi_label")


class CleanLearning(BaseEstimator):  # type: ignore[misc]
    """Any classifier with fit, predict and predict_proba, trained without the label issues.

    ``fit`` estimates out-of-sample probabilities by cross-validation, finds the label issues with
    them (confident learning, Northcutt et al. 2021), and trains the classifier on the other
    examples, weighted to make up for what each class has lost. It is an estimator of scikit-learn
    itself: it can be cloned, tuned and put into pipelines.

    ``clf`` is the classifier, by default logistic regression, for which features of more than two
    dimensions are flattened. ``seed`` seeds the folds, and NumPy's global RandomState when the
    object is made. ``cv_n_folds`` is the number of folds. ``converge_latent_estimates`` makes prior
    and noise matrices agree. ``pulearning`` (0 or 1, for two classes) names the class
    whose label is never given by mistake. ``find_label_issues_kwargs`` are options of
    filter.find_label_issues, ``label_quality_scores_kwargs`` of rank.get_label_quality_scores.
    ``verbose`` prints what is being done. ``low_memory`` finds the issues as
    experimental.label_issues_batched does, without noise matrices.

    After ``fit`` or ``find_label_issues`` the attributes label_issues_df, label_issues_mask,
    confident_joint, py (prior of true labels), ps (of given ones), noise_matrix,
    inverse_noise_matrix (K×K each) and num_classes hold what was found; sample_weight the weights
    of the examples in training. All are None before. Unlike cleanlab's, a second call never uses
    the estimates of the first.
    """

    label_issues_df: Any
    label_issues_mask: Any
    sample_weight: Any
    confident_joint: np.ndarray | None
    noise_matrix: np.ndarray | None
    inverse_noise_matrix: np.ndarray | None
    py: np.ndarray | None
    ps: np.ndarray | None
    num_classes: int | None
    clf_kwargs: dict[str, Any] | None
    clf_final_kwargs: dict[str, Any] | None

    def __init__(
        self,
        clf: Any = None,
        *,
        seed: int | None = None,
        cv_n_folds: int = 5,
        converge_latent_estimates: bool = False,
        pulearning: int | None = None,
        find_label_issues_kwargs: dict[str, Any] = {},
        label_quality_scores_kwargs: dict[str, Any] = {},
        verbose: bool = False,
        low_memory: bool = False,
    ) -> None:
        self._default_clf = clf is None
        if clf is None:
            from sklearn.linear_model import LogisticRegression

            clf = LogisticRegression()
        for method in ("fit", "predict_proba", "predict"):
            if not hasattr(clf, method):
                raise ValueError(f"The classifier (clf) must define a .{method}() method.")
        if seed is not None:
            np.random.seed(seed)
        self.clf = clf
        self.seed = seed
        self.cv_n_folds = cv_n_folds
        self.converge_latent_estimates = converge_latent_estimates
        self.pulearning = pulearning
        self.find_label_issues_kwargs = find_label_issues_kwargs
        self.label_quality_scores_kwargs = label_quality_scores_kwargs
        self.verbose = verbose
        self.low_memory = low_memory
        self._forget()

    def fit(
        self,
        X: Any,
        labels: Any = None,
        *,
        pred_probs: Any = None,
        thresholds: Any = None,
        noise_matrix: Any = None,
        inverse_noise_matrix: Any = None,
        label_issues: Any = None,
        sample_weight: Any = None,
        clf_kwargs: dict[str, Any] = {},
        clf_final_kwargs: dict[str, Any] = {},
        validation_func: Callable[[Any, Any], dict[str, Any]] | None = None,
        y: Any = None,
    ) -> CleanLearning:
        """Finds the label issues, unless given, and trains on the other examples.

        ``X`` are features of N examples: an array, sparse matrix, frame, series or anything with
        a length that takes a list of indices. ``labels`` are N integers 0..K-1; ``y`` is another
        name for them. ``pred_probs``, ``thresholds``, the noise matrices, ``clf_kwargs`` and
        ``validation_func`` are those of find_label_issues.

        ``label_issues`` is a table as find_label_issues returns it (only is_label_issue is needed),
        a mask of type bool or an array of indices. ``sample_weight`` has a weight for each of the N
        examples; without it they get 1 / noise_matrix[k, k], so that each class weighs as before,
        where the classifier takes weights and the noise matrix is known. ``clf_final_kwargs`` go
        to the last ``fit`` of the classifier besides ``clf_kwargs``.

        Raises ValueError for missing or doubled labels, features and labels of different length,
        weights that the classifier does not take, and label issues that do not fit the labels;
        IndexError for another number of weights; TypeError for features that cannot be subsetted.
        """
        if labels is not None and y is not None:
            raise ValueError("You must specify either `labels` or `y`, but not both.")
        labels = y if labels is None else labels
        if labels is None:
            raise ValueError("You must specify `labels`.")
        X = self._flat(X)
        takes_weights = "sample_weight" in inspect.signature(self.clf.fit).parameters
        _check_weights(takes_weights, sample_weight, clf_kwargs)
        if label_issues is None:
            if self.verbose and self.label_issues_df is not None:
                print("To train without finding the label issues anew, pass label_issues to fit().")
            table = self.find_label_issues(
                X,
                labels,
                pred_probs=pred_probs,
                thresholds=thresholds,
                noise_matrix=noise_matrix,
                inverse_noise_matrix=inverse_noise_matrix,
                clf_kwargs=clf_kwargs,
                validation_func=validation_func,
            )
            labels = as_labels(labels)
        else:
            labels = _checked_input(X, labels, pred_probs)
            table = self._given_label_issues(label_issues, labels, pred_probs)
        check_features(X, len(labels))
        if sample_weight is not None and len(sample_weight) != len(labels):
            raise IndexError(
                f"sample_weight has {len(sample_weight)} weights for {len(labels)} labels"
            )
        self.label_issues_df = table
        self.label_issues_mask = table["is_label_issue"].to_numpy(dtype=bool)
        self.clf_kwargs = clf_kwargs
        self.clf_final_kwargs = {**clf_kwargs, **clf_final_kwargs}
        self._train(X, labels, sample_weight, takes_weights)
        return self

    def predict(self, *args: Any, **kwargs: Any) -> np.ndarray:
        """What the trained classifier's ``predict`` says; it gets all arguments."""
        args, kwargs = self._flat_arguments(args, kwargs)
        return self.clf.predict(*args, **kwargs)  # type: ignore[no-any-return]

    def predict_proba(self, *args: Any, **kwargs: Any) -> np.ndarray:
        """What the trained classifier's ``predict_proba`` says; it gets all arguments."""
        args, kwargs = self._flat_arguments(args, kwargs)
        return self.clf.predict_proba(*args, **kwargs)  # type: ignore[no-any-return]

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The classifier's own ``score``, or its accuracy if it has none."""
        X = self._flat(X)
        if not hasattr(self.clf, "score"):
            from sklearn.metrics import accuracy_score

            predicted = self.clf.predict(X)
            return float(accuracy_score(y, predicted, sample_weight=sample_weight))
        if "sample_weight" in inspect.signature(self.clf.score).parameters:
            return self.clf.score(X, y, sample_weight=sample_weight)  # type: ignore[no-any-return]
        return self.clf.score(X, y)  # type: ignore[no-any-return]

    def find_label_issues(
        self,
        X: Any = None,
        labels: Any = None,
        *,
        pred_probs: Any = None,
        thresholds: Any = None,
        noise_matrix: Any = None,
        inverse_noise_matrix: Any = None,
        save_space: bool = False,
        clf_kwargs: dict[str, Any] = {},
        validation_func: Callable[[Any, Any], dict[str, Any]] | None = None,
    ) -> Any:
        """A table with a row per example: is_label_issue, label_quality (0 to 1, low is
        suspicious), given_label, predicted_label.

        ``pred_probs`` (N×K, out of sample) come from cross-validation on ``X`` unless given.
        ``thresholds`` (K), ``noise_matrix`` and ``inverse_noise_matrix`` (K×K) replace estimates.
        ``clf_kwargs`` go to the classifier's ``fit``, and so does what
        ``validation_func(X_holdout, labels_holdout)`` returns for each fold. ``save_space`` keeps
        the table out of the object.

        Raises ValueError for arguments whose lengths differ, labels that are no class numbers, a
        noise matrix with a trace of at most 1, and options that make no sense here; TypeError for
        labels or probabilities that are no arrays. Warns where an argument is not used.
        """
        X = self._flat(X)
        noise_matrix, inverse_noise_matrix = self._checked_options(
            thresholds, noise_matrix, inverse_noise_matrix
        )
        labels = _checked_input(X, labels, pred_probs)
        pred_probs = self._pred_probs(X, labels, pred_probs, clf_kwargs, validation_func)
        self.num_classes = pred_probs.shape[1]
        self.ps = given_prior(labels)
        self.clf_kwargs = clf_kwargs
        self._say("Finding label issues with the predicted probabilities.")
        if self.low_memory:
            mask = self._find_in_batches(labels, pred_probs)
        else:
            self._estimate_noise(
                labels, pred_probs, thresholds, noise_matrix, inverse_noise_matrix
            )
            mask = find_label_issues(labels, pred_probs, **self.find_label_issues_kwargs)
        table = self._label_issues(labels, pred_probs, mask)
        self._say(f"Found {int(np.count_nonzero(mask))} label issues.")
        if save_space:
            self._say("They are not kept in the object (save_space).")
            return table
        if self.label_issues_df is not None:
            self._say("They replace those found before; get_label_issues() returns the new ones.")
        self.label_issues_df = table
        self.label_issues_mask = table["is_label_issue"]
        return table

    def get_label_issues(self) -> Any:
        """The table of the last ``fit`` (with its column sample_weight, if it used weights of its
        own) or ``find_label_issues``; None with a warning when there is none."""
        if self.label_issues_df is None:
            warnings.warn(
                "Label issues have not yet been computed. "
                "Run `self.find_label_issues()` or `self.fit()` first.",
                stacklevel=2,
            )
        return self.label_issues_df

    def save_space(self) -> None:
        """Forgets everything but the options and the trained classifier."""
        if self.label_issues_df is None:
            self._say("There are no label issues in the object.")
        self._forget()
        self.find_label_issues_kwargs = given_options(self.find_label_issues_kwargs)
        self._say("Only the options and the classifier are left in the object.")

    def _forget(self) -> None:
        self.label_issues_df = self.label_issues_mask = self.sample_weight = None
        self.confident_joint = self.noise_matrix = self.inverse_noise_matrix = None
        self.py = self.ps = self.num_classes = None
        self.clf_kwargs = self.clf_final_kwargs = None

    def _say(self, text: str) -> None:
        if self.verbose:
            print(text)

    def _flat(self, X: Any) -> Any:
        """Features of the default classifier in two dimensions."""
        if self._default_clf and len(getattr(X, "shape", ())) > 2:
            return X.reshape((len(X), -1))
        return X

    def _flat_arguments(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if args:
            return (self._flat(args[0]), *args[1:]), kwargs
        if "X" in kwargs:
            return args, {**kwargs, "X": self._flat(kwargs["X"])}
        return args, kwargs

    def _checked_options(
        self, thresholds: Any, noise_matrix: Any, inverse_noise_matrix: Any
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        """The two noise matrices, where they are used; warns or raises about what is not."""
        options = given_options(self.find_label_issues_kwargs)
        if self.low_memory:
            unused = {
                "noise_matrix": noise_matrix,
                "inverse_noise_matrix": inverse_noise_matrix,
                "thresholds": thresholds,
                "find_label_issues_kwargs": options or None,
            }
            _warn_of_unused(unused)
            return None, None
        if any(name in options for name in _UNSUPPORTED_OPTIONS):
            raise ValueError(
                "These kwargs of `find_label_issues()` are not supported for `CleanLearning`: "
                + ", ".join(_UNSUPPORTED_OPTIONS)
            )
        return (
            as_noise_matrix(noise_matrix, "Trace(noise_matrix) is {}, but must exceed 1."),
            as_noise_matrix(
                inverse_noise_matrix, "Trace(inverse_noise_matrix) is {}, but must exceed 1."
            ),
        )

    def _pred_probs(
        self,
        X: Any,
        labels: np.ndarray,
        pred_probs: Any,
        clf_kwargs: dict[str, Any],
        validation_func: Callable[[Any, Any], dict[str, Any]] | None,
    ) -> np.ndarray:
        if pred_probs is not None:
            return as_pred_probs(pred_probs)
        self._say(f"Estimating probabilities by cross-validation in {self.cv_n_folds} folds.")
        return estimate_cv_predicted_probabilities(
            X,
            labels,
            self.clf,
            cv_n_folds=self.cv_n_folds,
            seed=self.seed,
            clf_kwargs=clf_kwargs,
            validation_func=validation_func,
        )

    def _estimate_noise(
        self,
        labels: np.ndarray,
        pred_probs: np.ndarray,
        thresholds: Any,
        noise_matrix: np.ndarray | None,
        inverse_noise_matrix: np.ndarray | None,
    ) -> None:
        """Fills in joint, prior and noise matrices, and the options that find the issues."""
        options = given_options(self.find_label_issues_kwargs)
        noise = NoiseEstimates.of(
            labels,
            pred_probs,
            thresholds=thresholds,
            noise_matrix=noise_matrix,
            inverse_noise_matrix=inverse_noise_matrix,
            confident_joint=options.get("confident_joint"),
            converge_latent_estimates=self.converge_latent_estimates,
        )
        if self.pulearning is not None and len(noise.noise_matrix) == 2:
            noise.without_noise_in(self.pulearning)
        self.confident_joint = noise.confident_joint
        self.py = noise.py
        self.noise_matrix = noise.noise_matrix
        self.inverse_noise_matrix = noise.inverse_noise_matrix
        given = {"min_examples_per_class": _MIN_EXAMPLES_PER_CLASS, **options}
        if given.get("filter_by") == "confident_learning":  # it counts a joint of its own
            self.find_label_issues_kwargs = given
        elif options.get("confident_joint") is None:
            given.pop("confident_joint", None)
            self.find_label_issues_kwargs = OptionsWithJoint(given, noise.confident_joint)
        else:
            self.find_label_issues_kwargs = {**given, "confident_joint": noise.confident_joint}

    def _find_in_batches(self, labels: np.ndarray, pred_probs: np.ndarray) -> np.ndarray:
        from labelsieve.experimental.label_issues_batched import find_label_issues_batched

        self.confident_joint = self.py = self.noise_matrix = self.inverse_noise_matrix = None
        mask: np.ndarray = find_label_issues_batched(
            labels,
            pred_probs,
            return_mask=True,
            verbose=self.verbose,
        )
        return mask

    def _label_issues(self, labels: np.ndarray, pred_probs: np.ndarray, mask: np.ndarray) -> Any:
        return pandas().DataFrame(
            {
                "is_label_issue": mask,
                "label_quality": self._label_quality(labels, pred_probs),
                "given_label": small_integers(labels),
                "predicted_label": small_integers(np.asarray(pred_probs.argmax(axis=1))),
            }
        )

    def _label_quality(self, labels: np.ndarray, pred_probs: Any) -> np.ndarray:
        return get_label_quality_scores(
            labels, pred_probs, **(self.label_quality_scores_kwargs or {})
        )

    def _given_label_issues(self, label_issues: Any, labels: np.ndarray, pred_probs: Any) -> Any:
        self._say("Using the given label issues.")
        table = as_label_issues(label_issues, labels)
        self.num_classes = len(np.unique(labels))
        if pred_probs is not None and "label_quality" not in table.columns:
            table["label_quality"] = self._label_quality(labels, pred_probs)
        return table

    def _train(
        self, X: Any, labels: np.ndarray, sample_weight: Any, takes_weights: bool
    ) -> None:
        """The last fit, on the examples without issues."""
        clean = np.flatnonzero(~self.label_issues_mask)
        assert self.clf_final_kwargs is not None
        self._say(
            f"Training on the {len(clean)} examples that are left without the "
            f"{len(labels) - len(clean)} label issues."
        )
        if sample_weight is not None:
            self.clf_final_kwargs["sample_weight"] = rows(sample_weight, clean)
        elif takes_weights and "sample_weight" not in self.clf_final_kwargs:
            if self.noise_matrix is not None:
                self._weigh(labels, clean)
            else:
                self._say("Without a noise matrix the examples have no weights.")
        self.clf.fit(rows(X, clean), labels[clean], **self.clf_final_kwargs)

    def _weigh(self, labels: np.ndarray, clean: np.ndarray) -> None:
        """Each class weighs what it would without the loss of its label issues."""
        assert self.noise_matrix is not None and self.clf_final_kwargs is not None
        self._say("Weighting the examples by the noise of their classes.")
        kept = self.noise_matrix.diagonal()
        weights = np.zeros(len(labels))
        weights[clean] = 1.0 / kept[labels[clean]]
        self.label_issues_df = self.label_issues_df.assign(sample_weight=weights)
        self.sample_weight = self.label_issues_df["sample_weight"]
        self.clf_final_kwargs["sample_weight"] = weights[clean]


def _checked_input(X: Any, labels: Any, pred_probs: Any) -> np.ndarray:
    """The labels as an array, after checks of everything that comes with them."""
    if labels is None:
        raise TypeError("labels should be a numpy array or pandas Series; none were given")
    labels = as_labels(labels)
    _check_classes(labels, pred_probs)
    if X is not None and pred_probs is not None:
        warnings.warn(
            "When X and pred_probs are both provided, the former may be ignored.", stacklevel=3
        )
    return labels  # type: ignore[no-any-return]


def _check_classes(labels: np.ndarray, pred_probs: Any) -> None:
    check_labels(labels)
    if labels.min() < 0:
        row = int(labels.argmin())
        raise ValueError(f"Labels must be positive integers or 0; row {row} has {labels[row]}")
    if pred_probs is None:
        return
    num_rows, num_classes = as_pred_probs(pred_probs).shape
    if num_rows != len(labels):
        raise ValueError(
            f"pred_probs and labels must have same length; they have {num_rows} and {len(labels)}"
        )
    if num_classes <= labels.max():
        row = int(labels.argmax())
        raise ValueError(
            f"pred_probs must have at least {labels[row] + 1} columns, because row {row} has the "
            f"label {labels[row]}"
        )


def _check_weights(takes_weights: bool, sample_weight: Any, clf_kwargs: dict[str, Any]) -> None:
    if "sample_weight" in clf_kwargs:
        raise ValueError(
            "sample_weight should be provided directly in fit() or in clf_final_kwargs rather "
            "than in clf_kwargs"
        )
    if sample_weight is not None and not takes_weights:
        raise ValueError(
            "sample_weight must be a supported fit() argument for your model in order to be "
            "specified here"
        )


def _warn_of_unused(arguments: dict[str, Any]) -> None:
    for name, value in arguments.items():
        if value is not None:
            warnings.warn(f"`{name}` is not used when `low_memory=True`.", stacklevel=3)
