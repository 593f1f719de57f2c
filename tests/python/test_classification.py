"""CleanLearning beside cleanlab's: what it finds, what it trains on, what it refuses."""

import inspect
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from cleanlab.classification import CleanLearning as Reference
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier

from labelsieve.classification import CleanLearning

SIZE, NUM_CLASSES = 150, 3
ARRAYS = ("confident_joint", "py", "ps", "noise_matrix", "inverse_noise_matrix")
NOISE = np.array([[0.9, 0.2, 0.1], [0.1, 0.7, 0.1], [0.0, 0.1, 0.8]])
FLAT = np.array([[0.2, 0.4, 0.4], [0.4, 0.2, 0.4], [0.4, 0.4, 0.2]])


@pytest.fixture(scope="module")
def data():
    """(features, labels with noise, probabilities)."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(SIZE, 2))
    truth = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.3)
    labels = np.where(rng.random(SIZE) < 0.12, (truth + 1) % NUM_CLASSES, truth)
    pred_probs = LogisticRegression().fit(X, truth).predict_proba(X)
    return X, labels, pred_probs


class Recorder(LogisticRegression):
    """Remembers what it was trained on, in all copies."""

    calls = []

    def fit(self, X, y, sample_weight=None, **options):
        self.calls.append((X, y, sample_weight, options))
        return super().fit(X, y, sample_weight)


def close(ours, theirs, name):
    if theirs is None:
        assert ours is None, name
    else:
        np.testing.assert_allclose(
            np.asarray(ours, float), np.asarray(theirs, float), atol=1e-10, err_msg=name
        )


def compare(mine, theirs):
    """Everything that users read off the object."""
    for name in (*ARRAYS, "sample_weight", "num_classes"):
        close(getattr(mine, name), getattr(theirs, name), name)
    assert set(mine.find_label_issues_kwargs) == set(theirs.find_label_issues_kwargs)
    same_table(mine.label_issues_df, theirs.label_issues_df)
    assert np.array_equal(mine.label_issues_mask, theirs.label_issues_mask)
    assert isinstance(mine.label_issues_mask, type(theirs.label_issues_mask))
    assert set(mine.clf_final_kwargs or {}) == set(theirs.clf_final_kwargs or {})


def same_table(mine, theirs):
    pd.testing.assert_frame_equal(mine, theirs, rtol=0, atol=1e-10)


def both(options=None):
    options = options or {}
    return CleanLearning(seed=1, **options), Reference(seed=1, **options)


OPTIONS = [
    {},
    {"converge_latent_estimates": True},
    {"cv_n_folds": 3},
    {"find_label_issues_kwargs": {"filter_by": "both"}},
    {"find_label_issues_kwargs": {"filter_by": "confident_learning"}},
    {"find_label_issues_kwargs": {"filter_by": "low_self_confidence"}},
    {"find_label_issues_kwargs": {"frac_noise": 0.5, "min_examples_per_class": 1}},
    {"find_label_issues_kwargs": {"num_to_remove_per_class": [2, 1, 3]}},
    {"find_label_issues_kwargs": {"confident_joint": [[40, 3, 1], [2, 30, 5], [4, 1, 20]]}},
    {"label_quality_scores_kwargs": {"method": "normalized_margin", "adjust_pred_probs": True}},
    {"low_memory": True},
    {"low_memory": True, "label_quality_scores_kwargs": {"method": "normalized_margin"}},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_fit(data, options):
    X, labels, _ = data
    mine, theirs = both(options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mine.fit(X, labels)
        if "confident_joint" in options.get("find_label_issues_kwargs", {}):
            joint = np.array(options["find_label_issues_kwargs"]["confident_joint"])
            theirs = Reference(seed=1, find_label_issues_kwargs={"confident_joint": joint})
        theirs.fit(X, labels)
    compare(mine, theirs)
    np.testing.assert_allclose(mine.predict_proba(X), theirs.predict_proba(X), atol=1e-9)
    assert np.array_equal(mine.predict(X), theirs.predict(X))
    assert mine.score(X, labels) == theirs.score(X, labels)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"thresholds": [0.4, 0.5, 0.3]},
        {"noise_matrix": NOISE},
        {"inverse_noise_matrix": NOISE},
        {"noise_matrix": NOISE, "inverse_noise_matrix": NOISE},
        {"noise_matrix": np.diag([1, 1, 0.01])},
    ],
    ids=lambda arguments: "+".join(arguments),
)
@pytest.mark.parametrize("with_probabilities", [False, True])
def test_given_noise(data, arguments, with_probabilities):
    X, labels, pred_probs = data
    if with_probabilities:
        arguments = {**arguments, "pred_probs": pred_probs}
    mine, theirs = both()
    for object_ in (mine, theirs):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            object_.fit(X, labels, **arguments)
        said = [str(warning.message) for warning in caught]
        assert with_probabilities == any("both provided" in text for text in said)
    compare(mine, theirs)


@pytest.mark.parametrize("pulearning", [0, 1])
@pytest.mark.parametrize("noise", [None, "noise_matrix", "inverse_noise_matrix"])
def test_pu_learning(data, pulearning, noise):
    X, labels, _ = data
    labels = (labels > 0).astype(int)
    given = {} if noise is None else {noise: np.array([[0.8, 0.3], [0.2, 0.7]])}
    mine, theirs = both({"pulearning": pulearning})
    mine.fit(X, labels, **given)
    compare(mine, theirs.fit(X, labels, **{name: value.copy() for name, value in given.items()}))
    assert not mine.label_issues_mask[labels == pulearning].any()
    if noise is not None:  # the reference writes into what it was given
        assert np.array_equal(given[noise], [[0.8, 0.3], [0.2, 0.7]])


def test_pulearning_is_one_of_two_classes(data):
    X, labels, _ = data
    with pytest.raises(ValueError, match="0, 1 or None"):
        CleanLearning(pulearning=2).fit(X, labels > 0)


@pytest.mark.parametrize("low_memory", [False, True])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_find_label_issues(data, low_memory, dtype):
    _, labels, pred_probs = data
    pred_probs = pred_probs.astype(dtype)
    mine, theirs = both({"low_memory": low_memory})
    ours = mine.find_label_issues(labels=labels, pred_probs=pred_probs)
    same_table(ours, theirs.find_label_issues(labels=labels, pred_probs=pred_probs))
    compare(mine, theirs)
    columns = ["is_label_issue", "label_quality", "given_label", "predicted_label"]
    assert list(ours.columns) == columns
    assert mine.get_label_issues() is ours
    if not low_memory:
        joint = mine.find_label_issues_kwargs["confident_joint"]
        assert np.array_equal(joint, mine.confident_joint)


def test_fit_with_what_was_found(data):
    X, labels, pred_probs = data
    mine, theirs = both()
    for object_ in (mine, theirs):
        found = object_.find_label_issues(X, labels)
        object_.fit(X, labels, label_issues=found)
        if object_ is mine:  # the reference writes into what it was given
            assert "sample_weight" not in found.columns
    compare(mine, theirs)
    assert list(mine.get_label_issues().columns)[-1] == "sample_weight"


@pytest.mark.parametrize(
    "kind", ["table", "only", "reversed", "mask", "indices", "none", "weights"]
)
def test_given_label_issues(data, kind):
    X, labels, pred_probs = data
    found = Reference(seed=1).find_label_issues(labels=labels, pred_probs=pred_probs)
    mask = found["is_label_issue"].to_numpy()
    given = {
        "table": found,
        "only": found[["is_label_issue"]],
        "reversed": found.set_index(np.arange(SIZE)[::-1]),
        "mask": mask,
        "indices": np.flatnonzero(mask)[::-1],
        "none": np.array([], dtype=int),
        "weights": found.assign(sample_weight=3.0),
    }[kind]
    mine, theirs = both()
    compare(mine.fit(X, labels, label_issues=given), theirs.fit(X, labels, label_issues=given))
    np.testing.assert_allclose(mine.predict_proba(X), theirs.predict_proba(X), atol=1e-9)
    with pytest.warns(UserWarning, match="both provided"):
        mine.fit(X, labels, label_issues=given, pred_probs=pred_probs)
    assert "label_quality" in mine.label_issues_df.columns


@pytest.mark.parametrize(
    "wrong",
    [
        [True, False],
        np.zeros(SIZE - 1, bool),
        np.zeros((SIZE, 1), bool),
        np.array([1, 1, 2]),
        np.array([1.0, 2.0]),
        pd.DataFrame({"label_quality": np.zeros(SIZE)}),
        pd.DataFrame({"is_label_issue": np.zeros(SIZE - 1, bool)}),
        pd.DataFrame({"is_label_issue": np.zeros(SIZE, bool), "given_label": np.full(SIZE, 7)}),
    ],
    ids=range(8),
)
def test_wrong_label_issues(data, wrong):
    X, labels, _ = data
    for kind in (CleanLearning, Reference):
        with pytest.raises(ValueError):
            kind(seed=1).fit(X, labels, label_issues=wrong)


@pytest.mark.parametrize(
    "convert",
    [
        scipy.sparse.csr_matrix,
        scipy.sparse.csc_matrix,
        lambda X: pd.DataFrame(X, index=np.arange(SIZE) + 500),
        lambda X: X.reshape(SIZE, 1, 2),
    ],
    ids=["csr", "csc", "frame", "3-d"],
)
def test_features(data, convert):
    X, labels, _ = data
    X = convert(X)
    labels = pd.Series(labels, index=np.arange(SIZE) + 500)
    mine, theirs = both()
    compare(mine.fit(X, labels), theirs.fit(X, labels))
    assert np.array_equal(mine.predict(X), theirs.predict(X))
    assert mine.predict_proba(X=X).shape == (SIZE, NUM_CLASSES)
    assert mine.score(X, labels) == theirs.score(X, labels)


def test_a_series_of_texts(data):
    _, labels, pred_probs = data

    class Lengths(KNeighborsClassifier):
        def fit(self, X, y):
            return super().fit(np.array([[len(text)] for text in X]), y)

        def predict_proba(self, X):
            return super().predict_proba(np.array([[len(text)] for text in X]))

    texts = pd.Series(["a" * (1 + 3 * label) for label in labels], index=np.arange(SIZE) + 9)
    mine, theirs = (kind(Lengths(), seed=1) for kind in (CleanLearning, Reference))
    compare(mine.fit(texts, labels), theirs.fit(texts, labels))


def calls_of(kind, *args, **kwargs):
    Recorder.calls.clear()
    kind(Recorder(), seed=1).fit(*args, **kwargs)
    return list(Recorder.calls)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"sample_weight": np.linspace(1, 2, SIZE)},
        {"clf_kwargs": {"a": 1, "b": 2}, "clf_final_kwargs": {"b": 3}},
        {"validation_func": lambda X, y: {"X_val": X, "y_val": y}},
    ],
    ids=lambda arguments: "+".join(arguments),
)
def test_what_the_classifier_gets(data, arguments):
    X, labels, _ = data
    mine = calls_of(CleanLearning, X, labels, **arguments)
    theirs = calls_of(Reference, X, labels, **arguments)
    assert len(mine) == len(theirs) == 6
    for ours, reference in zip(mine, theirs, strict=True):
        assert np.array_equal(ours[0], reference[0]) and np.array_equal(ours[1], reference[1])
        close(ours[2], reference[2], "weights")
        assert list(ours[3]) == list(reference[3])
        for name, value in ours[3].items():
            assert np.array_equal(value, reference[3][name])


def test_classifier_without_weights(data):
    X, labels, _ = data
    mine, theirs = (kind(KNeighborsClassifier(), seed=1) for kind in (CleanLearning, Reference))
    compare(mine.fit(X, labels), theirs.fit(X, labels))
    assert mine.sample_weight is None
    with pytest.raises(ValueError, match="sample_weight must be a supported"):
        mine.fit(X, labels, sample_weight=np.ones(SIZE))


@pytest.mark.parametrize("method", ["fit", "predict", "predict_proba"])
def test_classifier_without_a_method(method):
    members = {name: None for name in ("fit", "predict", "predict_proba") if name != method}
    with pytest.raises(ValueError, match=f"\\.{method}\\(\\)"):
        CleanLearning(type("Classifier", (), members)())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"y": "labels"}, ValueError, "not both"),
        ({"labels": None}, ValueError, "must specify"),
        ({"noise_matrix": FLAT}, ValueError, r"Trace\(noise_matrix\)"),
        ({"inverse_noise_matrix": FLAT}, ValueError, r"Trace\(inverse_noise_matrix\)"),
        ({"clf_kwargs": {"sample_weight": 1}}, ValueError, "clf_final_kwargs"),
        ({"validation_func": 3}, TypeError, "validation_func"),
        ({"pred_probs": np.ones((3, 3)) / 3}, ValueError, "same length"),
        ({"pred_probs": np.ones((SIZE, 2)) / 2}, ValueError, "at least 3 columns"),
        ({"labels": np.zeros(SIZE, int)}, ValueError, "2 classes"),
        ({"labels": np.arange(SIZE) % 2 - 1}, ValueError, "positive"),
        ({"labels": np.arange(SIZE) % 2 * 2}, ValueError, "pred_probs must|number the classes"),
        ({"labels": np.array(["a", "b"] * (SIZE // 2))}, ValueError, "strings"),
        ({"X": np.ones((3, 2))}, ValueError, "same length"),
        ({"X": [[1, 2]] * SIZE}, (TypeError, AttributeError), "list"),
        ({"sample_weight": np.ones(3)}, IndexError, "3"),
    ],
    ids=lambda value: "" if not isinstance(value, dict) else "+".join(value),
)
def test_errors(data, arguments, error, message):
    X, labels, _ = data
    given = {"X": X, "labels": labels, **arguments}
    if given.get("y") is not None:
        given["y"] = labels
    for kind in (CleanLearning, Reference):
        with pytest.raises(error, match=message), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kind(seed=1).fit(**given)


def test_no_input():
    for kind in (CleanLearning, Reference):
        with pytest.raises(TypeError, match="labels"):
            kind().find_label_issues()
        with pytest.raises(ValueError, match="X cannot be None"):
            kind().find_label_issues(labels=np.array([0, 1, 0, 1]))


@pytest.mark.parametrize("name", ["return_indices_ranked_by", "multi_label"])
def test_options_that_make_no_sense(data, name):
    X, labels, _ = data
    for kind in (CleanLearning, Reference):
        with pytest.raises(ValueError, match="not supported"):
            kind(find_label_issues_kwargs={name: None}).fit(X, labels)


@pytest.mark.parametrize("name", ["noise_matrix", "inverse_noise_matrix", "thresholds"])
def test_low_memory_warns_of_what_it_ignores(data, name):
    _, labels, pred_probs = data
    for kind in (CleanLearning, Reference):
        with pytest.warns(UserWarning, match="not used"):
            kind(low_memory=True).find_label_issues(
                labels=labels, pred_probs=pred_probs, **{name: NOISE}
            )


def test_y_is_another_name(data):
    X, labels, _ = data
    mine = CleanLearning(seed=1).fit(X, y=labels)
    same_table(mine.label_issues_df, CleanLearning(seed=1).fit(X, labels).label_issues_df)


def test_save_space(data):
    X, labels, _ = data
    cleaner = CleanLearning(seed=1, find_label_issues_kwargs={"filter_by": "both"}).fit(X, labels)
    predicted = cleaner.predict(X)
    cleaner.save_space()
    for name in (*ARRAYS, "label_issues_df", "label_issues_mask", "sample_weight", "num_classes"):
        assert getattr(cleaner, name) is None, name
    assert np.array_equal(cleaner.predict(X), predicted)
    options = cleaner.find_label_issues_kwargs
    assert options["filter_by"] == "both" and "confident_joint" not in options
    with pytest.warns(UserWarning, match="not yet been computed"):
        assert cleaner.get_label_issues() is None
    found = cleaner.find_label_issues(X, labels, save_space=True)
    assert len(found) == SIZE and cleaner.label_issues_df is None


def test_every_call_estimates_anew(data):
    """Unlike the reference, whose second call takes the joint of the first."""
    X, labels, _ = data
    options = {"find_label_issues_kwargs": {"filter_by": "both"}}
    fresh = CleanLearning(seed=1, **options).fit(X[:90], labels[:90])
    for used in (
        CleanLearning(seed=1, **options).fit(X, labels),
        clone(CleanLearning(seed=1, **options).fit(X, labels)),
    ):
        used.fit(X[:90], labels[:90])
        same_table(used.label_issues_df, fresh.label_issues_df)
    assert options == {"find_label_issues_kwargs": {"filter_by": "both"}}
    used.find_label_issues_kwargs["confident_joint"] = np.eye(3)  # this one is the user's
    assert not used.fit(X, labels).label_issues_mask.any()


def test_in_a_grid_search(data):
    X, labels, _ = data
    grid = {
        "clf": [LogisticRegression(C=0.1), LogisticRegression()],
        "find_label_issues_kwargs": [{}, {"filter_by": "both"}],
    }
    results = []
    for kind in (CleanLearning, Reference):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            search = GridSearchCV(kind(seed=1), grid, cv=2, error_score="raise").fit(X, labels)
        results.append(search.cv_results_["mean_test_score"])
    np.testing.assert_allclose(*results)


def test_verbose(data, capsys):
    X, labels, _ = data
    cleaner = CleanLearning(seed=1, verbose=True).fit(X, labels)
    said = capsys.readouterr().out
    issues = int(cleaner.label_issues_mask.sum())
    assert f"Found {issues} label issues" in said and "cross-validation in 5 folds" in said
    CleanLearning(seed=1).fit(X, labels)
    assert capsys.readouterr().out == ""


def test_methods_have_the_same_parameters():
    for name in ["__init__"] + [name for name in vars(Reference) if not name.startswith("_")]:
        if not inspect.isfunction(getattr(Reference, name)):
            continue
        mine, theirs = (
            [(p.name, p.kind, repr(p.default)) for p in inspect.signature(f).parameters.values()]
            for f in (getattr(CleanLearning, name), getattr(Reference, name))
        )
        assert mine == theirs, name
    assert set(vars(Reference())) <= set(vars(CleanLearning()))
