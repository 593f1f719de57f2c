"""What is taken as labels and probabilities, without a copy where there can be one."""

import numpy as np
import pandas as pd
import pytest
from cases import make
from labelsieve import rank
from labelsieve._arrays import as_labels, as_pred_probs
from labelsieve.filter import find_label_issues

LABELS, PRED_PROBS = make(1, 200, 4)
EXPECTED = find_label_issues(LABELS, PRED_PROBS)


def check(labels, pred_probs):
    np.testing.assert_array_equal(find_label_issues(labels, pred_probs), EXPECTED)


@pytest.mark.parametrize("letter", "bhilqBHILQ")
def test_integer_labels(letter):
    labels = LABELS.astype(letter)
    assert as_labels(labels) is labels
    check(labels, PRED_PROBS)


@pytest.mark.parametrize(
    "labels",
    [
        LABELS.tolist(),
        tuple(LABELS.tolist()),
        LABELS.astype(float),
        LABELS.astype(object),
        LABELS.astype(">i4"),
        np.repeat(LABELS, 2)[::2],
        LABELS[::-1].copy()[::-1],
        np.ma.masked_array(LABELS),
        pd.Series(LABELS, index=range(200, 0, -1)),
        pd.Series(LABELS, dtype="Int64"),
        pd.DataFrame({"label": LABELS}),
        pd.Series(LABELS).astype("category"),
        pd.Categorical.from_codes(LABELS, ["a", "b", "c", "d"]),
        pd.Series(pd.Categorical.from_codes(LABELS, ["d", "b", "c", "a"])),
    ],
    ids=lambda labels: type(labels).__name__,
)
def test_labels(labels):
    check(labels, PRED_PROBS)


def read_only(array):
    copy = array.copy()
    copy.flags.writeable = False
    return copy


@pytest.mark.parametrize(
    "pred_probs",
    [
        read_only(PRED_PROBS),
        np.asfortranarray(PRED_PROBS),
        PRED_PROBS.astype(">f8"),
        np.repeat(np.repeat(PRED_PROBS, 2, axis=0), 3, axis=1)[::2, ::3],
        PRED_PROBS[::-1].copy()[::-1],
        np.ma.masked_array(PRED_PROBS),
    ],
    ids=["read only", "column-major", "big-endian", "strided", "reversed", "masked"],
)
def test_matrices(pred_probs):
    array = as_pred_probs(pred_probs)
    assert np.shares_memory(array, pred_probs)
    check(LABELS, pred_probs)


def test_other_containers():
    check(LABELS, pd.DataFrame(PRED_PROBS, columns=list("abcd")))
    check(LABELS, PRED_PROBS.astype(object))
    check(LABELS, PRED_PROBS.astype(np.longdouble))

    class Tensor:
        """As JAX's, or PyTorch's within a graph."""

        def __init__(self, array):
            self.array = array

        def detach(self):
            return Tensor(self.array)

        def __array__(self, dtype=None, copy=None):
            return self.array

    class Exporter:
        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **options):
            return self.array.__dlpack__(**options)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    for container in (Tensor, Exporter):
        assert np.shares_memory(as_pred_probs(container(PRED_PROBS)), PRED_PROBS)
        check(container(LABELS), container(PRED_PROBS))


def test_one_hot_integers():
    one_hot = np.eye(4, dtype=int)[LABELS]
    assert not find_label_issues(LABELS, one_hot).any()


def test_memory_map(tmp_path):
    np.save(tmp_path / "p.npy", PRED_PROBS)
    mapped = np.load(tmp_path / "p.npy", mmap_mode="r")
    assert np.shares_memory(as_pred_probs(mapped), mapped)
    check(LABELS, mapped)


def test_inputs_are_not_altered():
    labels, pred_probs = LABELS.copy(), PRED_PROBS.copy()
    find_label_issues(labels, pred_probs, return_indices_ranked_by="normalized_margin")
    rank.get_label_quality_scores(labels, pred_probs, adjust_pred_probs=True)
    np.testing.assert_array_equal(labels, LABELS)
    np.testing.assert_array_equal(pred_probs, PRED_PROBS)


@pytest.mark.parametrize("labels", [None, 3, "text", {0: 1}, {0, 1}, object()])
def test_labels_of_wrong_type(labels):
    with pytest.raises(TypeError):
        find_label_issues(labels, PRED_PROBS)


@pytest.mark.parametrize(
    "labels",
    [
        [],
        [[0, 1], [1]],
        ["a", "b"] * 100,
        LABELS.astype(str),
        LABELS.astype(str).astype(object),
        LABELS + 0.5,
        np.where(LABELS == 1, np.nan, LABELS),
        LABELS - 1,
        LABELS + 1,
        LABELS[:-1],
        LABELS.reshape(2, 100),
        np.ma.masked_array(LABELS, LABELS == 1),
        pd.Series([0, None] * 100, dtype="Int64"),
    ],
)
def test_labels_of_wrong_value(labels):
    with pytest.raises(ValueError):
        find_label_issues(labels, PRED_PROBS)


@pytest.mark.parametrize("pred_probs", [None, PRED_PROBS.tolist(), "text", object()])
def test_matrix_of_wrong_type(pred_probs):
    with pytest.raises(TypeError):
        find_label_issues(LABELS, pred_probs)


@pytest.mark.parametrize(
    "pred_probs",
    [
        PRED_PROBS[:, 0],
        PRED_PROBS[None],
        PRED_PROBS * 3,
        -PRED_PROBS,
        np.where(PRED_PROBS == PRED_PROBS[7, 2], np.nan, PRED_PROBS),
        PRED_PROBS[:, :2],
        PRED_PROBS[:0],
        PRED_PROBS[:, :0],
        np.ma.masked_array(PRED_PROBS, PRED_PROBS < 0.1),
    ],
)
def test_matrix_of_wrong_value(pred_probs):
    with pytest.raises(ValueError):
        find_label_issues(LABELS, pred_probs)


def test_strings_in_a_matrix():
    with pytest.raises(TypeError):
        find_label_issues(LABELS, np.full((200, 4), "a"))
    with pytest.raises(TypeError):
        find_label_issues(LABELS, np.full((200, 4), "a", dtype=object))


def test_errors_name_the_row():
    wrong = PRED_PROBS.copy()
    wrong[7, 2] = 1.5
    with pytest.raises(ValueError, match="row 7, column 2"):
        find_label_issues(LABELS, wrong)
    with pytest.raises(ValueError, match="row 9"):
        find_label_issues(np.where(np.arange(200) == 9, 4, LABELS), PRED_PROBS)
