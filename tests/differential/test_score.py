"""score: every method, adjusted or not, of one model and of ensembles."""

import numpy as np
import pytest
from cleanlab.rank import get_label_quality_ensemble_scores, get_label_quality_scores

from conftest import Case, fair_rows, make

METHODS = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]


def tolerance(case):
    """Narrow input: our arithmetic is in single precision, cleanlab's in the input's type."""
    return 1e-12 if case.pred_probs.dtype == np.float64 else 1e-6


def comparable(case, method):
    """§1: cleanlab clips P and x at 1e-6 in confidence_weighted_entropy, which inverts saturated
    rows; away from them both agree."""
    if method != "confidence_weighted_entropy":
        return np.ones(len(case.labels), dtype=bool)
    p = case.wide[np.arange(len(case.labels)), case.labels]
    return (p > 1e-5) & (case.wide.max(axis=1) < 1 - 1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_methods(case, method):
    ours = case.scores("--method", method)
    theirs = get_label_quality_scores(case.labels, case.wide, method=method)
    rows = comparable(case, method)
    assert rows.sum() > len(rows) / 2
    np.testing.assert_allclose(ours[rows], theirs[rows], rtol=0, atol=tolerance(case))


@pytest.mark.parametrize("method", ["self_confidence", "normalized_margin"])
def test_adjusted(case, method):
    ours = case.scores("--method", method, "--adjust-pred-probs")
    theirs = get_label_quality_scores(case.labels, case.wide, method=method,
                                      adjust_pred_probs=True)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance(case))


def test_saturated_rows(tmp_path):
    """§1: a label the model is sure of scores 1, one it excludes 0. cleanlab scores them 0 and 1."""
    case = Case(tmp_path, [0, 1, 0, 1], np.array([[1, 0], [1, 0], [.5, .5], [0, 1.0]]))
    assert case.scores("--method", "confidence_weighted_entropy")[[0, 1, 3]].tolist() == [1, 0, 1]
    theirs = get_label_quality_scores(case.labels, case.pred_probs,
                                      method="confidence_weighted_entropy")
    assert theirs[0] == 0


def test_score_says_what_find_says(case):
    rows = case.run("score")["examples"]
    assert [row["is_label_issue"] for row in rows] == case.mask().tolist()
    assert [row["index"] for row in rows] == list(range(len(rows)))


def three_models(kind):
    labels, good = make(kind)
    rng = np.random.default_rng(3)
    k = good.shape[1]
    guess = fair_rows(rng, rng.integers(0, k, len(labels)), k)
    return labels, good, guess, (good.astype(float) + guess) / 2


@pytest.fixture(params=["fair", "tied", "imbalanced", "two"])
def ensemble(request, tmp_path):
    return Case(tmp_path, *three_models(request.param))


@pytest.mark.parametrize("scheme", ["uniform", "accuracy", "log_loss_search"])
@pytest.mark.parametrize("method", METHODS)
def test_ensembles(ensemble, scheme, method):
    ours = ensemble.scores("--method", method, "--ensemble-weights", scheme)
    theirs = get_label_quality_ensemble_scores(
        ensemble.labels, list(ensemble.models), method=method,
        weight_ensemble_members_by=scheme, verbose=False)
    rows = np.ones(len(ours), dtype=bool)
    for model in ensemble.models:
        rows &= comparable(Case(ensemble.folder, ensemble.labels, model), method)
    np.testing.assert_allclose(ours[rows], theirs[rows], rtol=0, atol=1e-9)


def test_custom_weights(ensemble):
    weights = [0.5, 0.2, 1.5]
    ours = ensemble.scores("--method", "self_confidence", "--ensemble-weights",
                           ",".join(map(str, weights)))
    theirs = get_label_quality_ensemble_scores(
        ensemble.labels, list(ensemble.models), weight_ensemble_members_by="custom",
        custom_weights=np.array(weights), verbose=False)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_accuracy_weights_of_models_that_are_always_wrong(tmp_path):
    """§1: cleanlab divides 0 by 0 here, ours are uniform."""
    labels = np.array([0, 1, 0, 1])
    wrong = np.array([[.1, .9], [.9, .1]] * 2)
    case = Case(tmp_path, labels, wrong, 0.5 * wrong + 0.25)
    np.testing.assert_allclose(case.scores("--method", "self_confidence"), (0.1 + 0.3) / 2, atol=1e-12)


def test_find_on_an_ensemble_filters_the_weighted_mean(ensemble, tmp_path_factory):
    mean = sum(ensemble.models) / 3
    alone = Case(tmp_path_factory.mktemp("mean"), ensemble.labels, mean)
    np.testing.assert_array_equal(ensemble.mask("--ensemble-weights", "uniform"), alone.mask())
