"""Labels that are names, beside class_names: the same answers as from numbers, in every function."""

import inspect

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from cases import make, make_multilabel
from sklearn.linear_model import LogisticRegression

import labelsieve
from labelsieve import count, dataset, filter, rank
from labelsieve.experimental.label_issues_batched import find_label_issues_batched
from labelsieve.multilabel_classification import dataset as sets_dataset
from labelsieve.multilabel_classification import filter as sets_filter
from labelsieve.multilabel_classification import rank as sets_rank
from labelsieve.token_classification import filter as token_filter
from labelsieve.token_classification import rank as token_rank
from labelsieve.token_classification import summary

NAMES = ["dog", "cat", "eel", "ant"]
LABELS, PRED_PROBS = make(5, 120, 4)
TEXTS = [NAMES[label] for label in LABELS]
CONTAINERS = {
    "list": TEXTS,
    "tuple": tuple(TEXTS),
    "array": np.array(TEXTS),
    "objects": np.array(TEXTS, dtype=object),
    "series": pd.Series(TEXTS),
    "categorical": pd.Series(pd.Categorical(TEXTS)),  # its own order is another
    "arrow": pa.array(TEXTS),
    "dictionary": pa.array(TEXTS).dictionary_encode(),
    "chunked": pa.chunked_array([TEXTS[:50], TEXTS[50:]]),
}
FEATURES = np.random.default_rng(0).normal(size=(120, 3)) + LABELS[:, None]
JOINT = count.compute_confident_joint(LABELS, PRED_PROBS)
QUIET = {"verbose": False}

CALLS = {
    "scores": lambda y, **o: rank.get_label_quality_scores(y, PRED_PROBS, **o),
    "ensemble": lambda y, **o: rank.get_label_quality_ensemble_scores(
        y, [PRED_PROBS, PRED_PROBS**2 / (PRED_PROBS**2).sum(1, keepdims=True)], **QUIET, **o
    ),
    "order": lambda y, **o: rank.order_label_issues(
        filter.find_label_issues(LABELS, PRED_PROBS), y, PRED_PROBS, **o
    ),
    "self_confidence": lambda y, **o: rank.get_self_confidence_for_each_label(y, PRED_PROBS, **o),
    "margin": lambda y, **o: rank.get_normalized_margin_for_each_label(y, PRED_PROBS, **o),
    "entropy": lambda y, **o: rank.get_confidence_weighted_entropy_for_each_label(
        y, PRED_PROBS, **o
    ),
    "find": lambda y, **o: filter.find_label_issues(
        y, PRED_PROBS, return_indices_ranked_by="self_confidence", **o
    ),
    "neq": lambda y, **o: filter.find_predicted_neq_given(y, PRED_PROBS, **o),
    "argmax": lambda y, **o: filter.find_label_issues_using_argmax_confusion_matrix(
        y, PRED_PROBS, **o
    ),
    "num": lambda y, **o: count.num_label_issues(y, PRED_PROBS, **o),
    "calibrate": lambda y, **o: count.calibrate_confident_joint(JOINT, y, **o),
    "joint": lambda y, **o: count.estimate_joint(y, PRED_PROBS, **o),
    "confident_joint": lambda y, **o: count.compute_confident_joint(y, PRED_PROBS, **o),
    "latent": lambda y, **o: count.estimate_latent(JOINT, y, **o),
    "matrices": lambda y, **o: count.estimate_py_and_noise_matrices_from_probabilities(
        y, PRED_PROBS, **o
    ),
    "thresholds": lambda y, **o: count.get_confident_thresholds(y, PRED_PROBS, **o),
    "cv_joint": lambda y, **o: count.estimate_confident_joint_and_cv_pred_proba(
        FEATURES, y, LogisticRegression(), seed=1, **o
    ),
    "cv_all": lambda y, **o: count.estimate_py_noise_matrices_and_cv_pred_proba(
        FEATURES, y, LogisticRegression(), seed=1, **o
    ),
    "cv": lambda y, **o: count.estimate_cv_predicted_probabilities(
        FEATURES, y, LogisticRegression(), seed=1, **o
    ),
    "cv_noise": lambda y, **o: count.estimate_noise_matrices(
        FEATURES, y, LogisticRegression(), seed=1, **o
    ),
    "overall": lambda y, **o: dataset.overall_label_health_score(y, PRED_PROBS, **QUIET, **o),
    "batched": lambda y, **o: find_label_issues_batched(
        y, PRED_PROBS, batch_size=40, **QUIET, **o
    ),
}


def same(one, other):
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return np.array_equal(one, other)


@pytest.mark.parametrize("name", CALLS)
def test_names_are_the_numbers(name):
    call = CALLS[name]
    wanted = call(LABELS)
    given = ["array", "series"] if name == "batched" else CONTAINERS
    if name.startswith("cv"):  # these take long
        given = ["list"]
    for container in given:
        assert same(call(CONTAINERS[container], class_names=NAMES), wanted), container
    if not name.startswith("cv"):
        assert same(call(LABELS, class_names=NAMES), wanted)
    with pytest.raises(ValueError, match="'dog' is none of"):
        call(np.array(TEXTS), class_names=["x", "cat", "eel", "ant"])


def test_every_function_with_labels_takes_names():
    for module in (rank, filter, count, dataset, sets_filter, sets_rank, sets_dataset):
        for name in module.__all__:
            parameters = inspect.signature(getattr(module, name)).parameters
            if "labels" in parameters:
                assert "class_names" in parameters, name


@pytest.mark.parametrize(
    "name", ["rank_classes_by_label_quality", "find_overlapping_classes", "health_summary"]
)
def test_tables_of_names(name):
    options = QUIET if name == "health_summary" else {}
    function = getattr(dataset, name)
    wanted = function(LABELS, PRED_PROBS, class_names=NAMES, **options)
    found = function(TEXTS, PRED_PROBS, class_names=NAMES, **options)
    by_number = dict(enumerate(NAMES))
    again = function(TEXTS, PRED_PROBS, class_names=by_number, **options)
    for table in (found, again):
        assert str(table) == str(wanted)


def test_sets_of_names():
    sets, pred_probs = make_multilabel(3, 80, 4)
    texts = [[NAMES[k] for k in one] for one in sets]
    calls = {
        "find": lambda y, **o: sets_filter.find_label_issues(y, pred_probs, **o),
        "class": lambda y, **o: sets_filter.find_multilabel_issues_per_class(y, pred_probs, **o),
        "scores": lambda y, **o: sets_rank.get_label_quality_scores(y, pred_probs, **o),
        "each": lambda y, **o: sets_rank.get_label_quality_scores_per_class(y, pred_probs, **o),
        "overall": lambda y, **o: sets_dataset.overall_multilabel_health_score(
            y, pred_probs, **o
        ),
        "common": lambda y, **o: np.asarray(
            sets_dataset.common_multilabel_issues(y, pred_probs, class_names=NAMES), dtype=str
        ),
        "num": lambda y, **o: count.num_label_issues(y, pred_probs, multi_label=True, **o),
        "joint": lambda y, **o: count.estimate_joint(y, pred_probs, multi_label=True, **o),
        "limits": lambda y, **o: count.get_confident_thresholds(
            y, pred_probs, multi_label=True, **o
        ),
        "neq": lambda y, **o: filter.find_predicted_neq_given(
            y, pred_probs, multi_label=True, **o
        ),
    }
    for name, call in calls.items():
        assert same(call(texts, class_names=NAMES), call(sets)), name
        if name in ("find", "scores"):
            column = pa.array(texts, type=pa.list_(pa.string()))
            assert same(call(column, class_names=NAMES), call(sets)), name
    with pytest.raises(ValueError, match="row 7: label 'x'"):
        sets_filter.find_label_issues([*texts[:7], ["x"], *texts[8:]], pred_probs, class_names=NAMES)


def test_tags_that_are_names(capsys):
    rng = np.random.default_rng(4)
    lengths = rng.integers(1, 9, 30)
    ends = np.cumsum(lengths)[:-1]
    labels, pred_probs = make(4, int(lengths.sum()), 4)
    numbers = [part.tolist() for part in np.split(labels, ends)]
    tags = [[NAMES[label] for label in sentence] for sentence in numbers]
    parts = np.split(pred_probs, ends)
    words = [[f"w{place}" for place in range(length)] for length in lengths]
    issues = token_filter.find_label_issues(numbers, parts)
    assert token_filter.find_label_issues(tags, parts, class_names=NAMES) == issues
    sentences, _ = token_rank.get_label_quality_scores(numbers, parts)
    named, _ = token_rank.get_label_quality_scores(tags, parts, class_names=NAMES)
    assert np.array_equal(sentences, named)
    printed = []
    for given in (numbers, tags):
        options = {"labels": given, "pred_probs": parts, "class_names": NAMES}
        summary.display_issues(issues, words, **options)
        frame = summary.common_label_issues(issues, words, **options)
        printed.append((capsys.readouterr().out, frame.to_string()))
    assert printed[0] == printed[1]


def test_without_names_the_error_says_what_to_do():
    with pytest.raises(ValueError, match="class_names"):
        rank.get_label_quality_scores(TEXTS, PRED_PROBS)
    assert labelsieve.find_issues(TEXTS, PRED_PROBS).num_issues > 0
