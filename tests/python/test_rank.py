"""labelsieve.rank against cleanlab.rank."""

import cleanlab.rank as reference
import numpy as np
import pytest
from cases import METHODS, datasets, make, wide
from hypothesis import given
from hypothesis import strategies as st
from labelsieve import rank

# Half precision: one step of the type that the scores are rounded to.
TOLERANCE = {np.float64: 1e-12, np.float32: 2e-7, np.float16: 1e-3}


@pytest.mark.parametrize("method", METHODS)
@given(data=datasets())
def test_scores(method, data):
    labels, pred_probs = data
    ours = rank.get_label_quality_scores(labels, pred_probs, method=method)
    theirs = reference.get_label_quality_scores(labels, wide(pred_probs), method=method)
    if method == "confidence_weighted_entropy":
        # cleanlab clips both numbers at 1e-6, which reverses the order of saturated rows; ours is
        # the limit (docs/definitions.md §1).
        exact = wide(pred_probs)
        clipped = (exact[np.arange(len(labels)), labels] < 1e-5) | (
            exact.max(axis=1) > 1 - 1e-5
        )
        ours, theirs = ours[~clipped], theirs[~clipped]
        assert ours.dtype == np.float64
    else:
        assert ours.dtype == pred_probs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE[pred_probs.dtype.type])


@pytest.mark.parametrize("method", METHODS[:2])
@given(data=datasets())
def test_adjusted_scores(method, data):
    labels, pred_probs = data
    ours = rank.get_label_quality_scores(
        labels, pred_probs, method=method, adjust_pred_probs=True
    )
    theirs = reference.get_label_quality_scores(
        labels, wide(pred_probs), method=method, adjust_pred_probs=True
    )
    assert ours.dtype == pred_probs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE[pred_probs.dtype.type])


def test_each_function_is_its_method():
    labels, pred_probs = make(1, 50, 4)
    for method in METHODS:
        ours = getattr(rank, f"get_{method}_for_each_label")(labels, pred_probs)
        theirs = getattr(reference, f"get_{method}_for_each_label")(labels, pred_probs)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@given(
    data=datasets([np.float64]),
    weigh_by=st.sampled_from(["uniform", "accuracy", "custom"]),
    method=st.sampled_from(METHODS[:2]),
    adjust=st.booleans(),
)
def test_ensemble(data, weigh_by, method, adjust):
    labels, pred_probs = data
    squared = pred_probs**2 / (pred_probs**2).sum(axis=1, keepdims=True)
    options = dict(
        method=method,
        adjust_pred_probs=adjust,
        weight_ensemble_members_by=weigh_by,
        custom_weights=np.array([0.25, 0.9]) if weigh_by == "custom" else None,
        verbose=False,
    )
    if weigh_by == "accuracy" and not (pred_probs.argmax(axis=1) == labels).any():
        return  # the oracle divides zero by zero
    ours = rank.get_label_quality_ensemble_scores(labels, [pred_probs, squared], **options)
    theirs = reference.get_label_quality_ensemble_scores(labels, [pred_probs, squared], **options)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_log_loss_search():
    labels, pred_probs = make(4, 300, 5)
    squared = pred_probs**2 / (pred_probs**2).sum(axis=1, keepdims=True)
    options = dict(weight_ensemble_members_by="log_loss_search", verbose=False)
    for searched in ({}, {"log_loss_search_T_values": [0.5, 3]}):
        np.testing.assert_allclose(
            rank.get_label_quality_ensemble_scores(
                labels, [pred_probs, squared], **options, **searched
            ),
            reference.get_label_quality_ensemble_scores(
                labels, [pred_probs, squared], **options, **searched
            ),
            rtol=0,
            atol=1e-12,
        )


def test_ensemble_is_printed(capsys):
    labels, pred_probs = make(2, 40, 3)
    rank.get_label_quality_ensemble_scores(labels, [pred_probs, pred_probs])
    accuracy = np.mean(pred_probs.argmax(axis=1) == labels)
    printed = capsys.readouterr().out
    assert "Weighting scheme for ensemble: accuracy" in printed
    assert f"Model 1 accuracy : {accuracy}" in printed


@given(
    scores=st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=30),
    top=st.one_of(st.none(), st.integers(-3, 40)),
)
def test_find_top_issues(scores, top):
    scores = np.array(scores)
    ours = rank.find_top_issues(scores, top=top)
    if top is not None and top < -len(scores):
        return
    order = np.argsort(scores, kind="stable")
    np.testing.assert_array_equal(ours, order[:top] if top is not None else order)


@given(
    data=datasets([np.float64]),
    rank_by=st.sampled_from(METHODS),
    share=st.sampled_from([0.0, 0.3, 1.0]),
    adjust=st.booleans(),
)
def test_order_label_issues(data, rank_by, share, adjust):
    labels, pred_probs = data
    adjust = adjust and rank_by != "confidence_weighted_entropy"
    mask = np.random.default_rng(0).random(len(labels)) < share
    options = dict(rank_by=rank_by, rank_by_kwargs={"adjust_pred_probs": adjust})
    ours = rank.order_label_issues(mask, labels, pred_probs, **options)
    assert ours.dtype.kind == "i"
    labels[ours]  # an index, also when empty
    scores = rank.get_label_quality_scores(
        labels, pred_probs, method=rank_by, adjust_pred_probs=adjust
    )
    np.testing.assert_array_equal(
        ours, np.flatnonzero(mask)[np.argsort(scores[mask], kind="stable")]
    )
    if rank_by == "self_confidence" and not adjust:
        theirs = reference.order_label_issues(mask, labels, pred_probs, **options)
        np.testing.assert_array_equal(ours, theirs)


def test_mistakes():
    labels, pred_probs = make(3, 30, 3)
    both = [pred_probs, pred_probs]
    scores, ensemble = rank.get_label_quality_scores, rank.get_label_quality_ensemble_scores
    with pytest.raises(ValueError, match="not a valid scoring method"):
        scores(labels, pred_probs, method="magic")
    with pytest.raises(ValueError, match="adjust_pred_probs"):
        scores(labels, pred_probs, method=METHODS[2], adjust_pred_probs=True)
    with pytest.raises(ValueError, match="not a valid weighting"):
        ensemble(labels, both, weight_ensemble_members_by="magic")
    with pytest.raises(ValueError, match="custom_weights provided"):
        ensemble(labels, both, custom_weights=np.ones(2))
    with pytest.raises(AssertionError):
        ensemble(labels, pred_probs)
    with pytest.raises(AssertionError):
        ensemble(labels, [])
    for weights in (None, np.ones(3)):
        with pytest.raises(AssertionError):
            ensemble(labels, both, weight_ensemble_members_by="custom", custom_weights=weights)
    with pytest.warns(UserWarning, match="only has one element"):
        ensemble(labels, [pred_probs], verbose=False)
    with pytest.raises(ValueError, match="row 4"):
        scores(np.where(np.arange(30) == 4, 3, labels), pred_probs)
