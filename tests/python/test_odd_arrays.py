"""Every public function that takes a matrix, with arrays that are not plain ones: the same answers,
nothing written to, and errors where there is nothing to read."""

import numpy as np
import pytest
from cases import make, make_multilabel
from comparison import same
from labelsieve import count, dataset, filter, multilabel_classification, rank
from labelsieve.experimental.label_issues_batched import find_label_issues_batched
from labelsieve.multilabel_classification import dataset as multilabel_dataset

LABELS, PRED_PROBS = make(5, 300, 5)
SETS, SET_PROBS = make_multilabel(6, 120, 4)


def strided(array):
    """Every other row and column of a larger array, from its end."""
    larger = np.repeat(np.repeat(array[::-1, ::-1], 2, axis=0), 2, axis=1)
    return larger[::-2, ::-2]


def read_only(array):
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def unaligned(array):
    """One byte behind where an element may begin."""
    raw = np.zeros(array.nbytes + 1, dtype=np.uint8)
    view = raw[1:].view(array.dtype).reshape(array.shape)
    view[:] = array
    return view


FORMS = {
    "read only": read_only,
    "strided": strided,
    "column-major": np.asfortranarray,
    "other byte order": lambda array: array.astype(array.dtype.newbyteorder()),
    "unaligned": unaligned,
    "masked, nothing masked": np.ma.masked_array,
    "object": lambda array: array.astype(object),
}

CALLS = {
    "find": filter.find_label_issues,
    "ranked": lambda y, p: filter.find_label_issues(
        y, p, return_indices_ranked_by="normalized_margin"
    ),
    "argmax": filter.find_predicted_neq_given,
    "confusion": filter.find_label_issues_using_argmax_confusion_matrix,
    "margin": rank.get_normalized_margin_for_each_label,
    "entropy": rank.get_confidence_weighted_entropy_for_each_label,
    "adjusted": lambda y, p: rank.get_label_quality_scores(y, p, adjust_pred_probs=True),
    "auto": lambda y, p: rank.get_label_quality_scores(y, p, method="auto"),
    "ensemble": lambda y, p: rank.get_label_quality_ensemble_scores(y, [p, p], verbose=False),
    "joint": count.compute_confident_joint,
    "thresholds": count.get_confident_thresholds,
    "latent": lambda y, p: count.estimate_py_and_noise_matrices_from_probabilities(y, p)[:2],
    "health": lambda y, p: dataset.overall_label_health_score(y, p, verbose=False),
    "batched": lambda y, p: find_label_issues_batched(y, p, batch_size=70, verbose=False),
}
SET_CALLS = {
    "find": multilabel_classification.filter.find_label_issues,
    "per class": multilabel_classification.filter.find_multilabel_issues_per_class,
    "scores": multilabel_classification.get_label_quality_scores,
    "scores per class": multilabel_classification.rank.get_label_quality_scores_per_class,
    "health": multilabel_dataset.overall_multilabel_health_score,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("call", CALLS)
def test_examples(call, form):
    labels, pred_probs = read_only(LABELS), FORMS[form](PRED_PROBS)
    same(CALLS[call](labels, pred_probs), CALLS[call](LABELS, PRED_PROBS))
    np.testing.assert_array_equal(np.asarray(pred_probs, dtype=float), PRED_PROBS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("call", SET_CALLS)
def test_label_sets(call, form):
    same(SET_CALLS[call](SETS, FORMS[form](SET_PROBS)), SET_CALLS[call](SETS, SET_PROBS))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "wrong",
    [
        PRED_PROBS[:0],
        PRED_PROBS.astype(complex),
        PRED_PROBS.astype(str),
        np.ma.masked_array(PRED_PROBS, PRED_PROBS > 0.9),
        np.where(PRED_PROBS > 0.9, np.nan, PRED_PROBS),
    ],
    ids=["no rows", "complex", "text", "masked", "nan"],
)
def test_what_cannot_be_read(call, wrong):
    labels = LABELS[: len(wrong)]
    with pytest.raises((TypeError, ValueError)):
        CALLS[call](labels, wrong)
