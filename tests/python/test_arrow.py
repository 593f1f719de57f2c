"""Arrow columns, by pyarrow, polars and pandas."""

import numpy as np
import pytest
from cases import make
from labelsieve._arrays import as_labels, as_pred_probs
from labelsieve.filter import find_label_issues

pa = pytest.importorskip("pyarrow")

LABELS, PRED_PROBS = make(1, 120, 4, dtype=np.float32)
EXPECTED = find_label_issues(LABELS, PRED_PROBS)
FLAT = pa.array(PRED_PROBS.ravel())
FIXED = pa.FixedSizeListArray.from_arrays(FLAT, 4)
LISTS = pa.ListArray.from_arrays(pa.array(range(0, 481, 4), pa.int32()), FLAT)
LARGE = pa.LargeListArray.from_arrays(pa.array(range(0, 481, 4), pa.int64()), FLAT)


def check(labels, pred_probs):
    np.testing.assert_array_equal(find_label_issues(labels, pred_probs), EXPECTED)


@pytest.mark.parametrize("column", [FIXED, LISTS, LARGE], ids=["fixed", "list", "large"])
def test_vectors(column):
    array = as_pred_probs(column)
    assert array.dtype == np.float32 and array.shape == (120, 4)
    assert np.shares_memory(array, FLAT.to_numpy())
    check(pa.array(LABELS), column)
    part = as_pred_probs(column[7:30])
    assert np.shares_memory(part, FLAT.to_numpy())
    np.testing.assert_array_equal(part, PRED_PROBS[7:30])
    chunked = pa.chunked_array([column[:50], column[50:50], column[50:]])
    np.testing.assert_array_equal(as_pred_probs(chunked), PRED_PROBS)


def test_offset_in_parent_and_child():
    child = pa.array(np.concatenate([np.zeros(8, np.float32), PRED_PROBS.ravel()]))[8:]
    column = pa.FixedSizeListArray.from_arrays(child, 4)[3:]
    np.testing.assert_array_equal(as_pred_probs(column), PRED_PROBS[3:])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_widths(dtype):
    column = pa.FixedSizeListArray.from_arrays(pa.array(PRED_PROBS.astype(dtype).ravel()), 4)
    assert as_pred_probs(column).dtype == dtype


def test_array_outlives_its_column():
    array = as_pred_probs(pa.FixedSizeListArray.from_arrays(pa.array(PRED_PROBS.ravel()), 4))
    pa.array(np.zeros(480, np.float32))
    np.testing.assert_array_equal(array, PRED_PROBS)


def test_tables():
    table = pa.table({f"p_{k}": PRED_PROBS[:, k] for k in range(4)})
    check(LABELS, table)
    check(pa.table({"label": LABELS}), pa.table({"p": FIXED}))
    check(pa.chunked_array([LABELS[:9], LABELS[9:]]), table.to_batches()[0])


@pytest.mark.parametrize("letter", "bhilBHIL")
def test_labels(letter):
    check(pa.array(LABELS.astype(letter)), FIXED)


def test_dictionary_codes():
    names = pa.DictionaryArray.from_arrays(pa.array(LABELS.astype("i1")), list("abcd"))
    check(names, FIXED)


def test_what_cannot_be_read():
    for labels in (pa.array(["a"] * 120), pa.array([None] + LABELS.tolist()[1:])):
        with pytest.raises(ValueError):
            find_label_issues(labels, FIXED)
    with pytest.raises(ValueError, match="row 5"):
        as_labels(pa.array([0, 1, 2, 3, 0, None, 1]))
    with pytest.raises(ValueError, match="row 2"):
        as_pred_probs(pa.array([[0.5, 0.5], [0.1, 0.9], [1.0]]))
    with pytest.raises(ValueError, match="row 1"):
        as_pred_probs(pa.array([[0.5, 0.5], None]))
    with pytest.raises(ValueError, match="empty"):
        as_pred_probs(pa.chunked_array([], pa.list_(pa.float32(), 4)))


def test_polars():
    pl = pytest.importorskip("polars")
    check(pl.Series(LABELS), pl.Series(FIXED))
    check(pl.Series(LABELS), pl.Series(PRED_PROBS.tolist(), dtype=pl.List(pl.Float32)))
    check(pl.Series(LABELS), pl.DataFrame({f"p_{k}": PRED_PROBS[:, k] for k in range(4)}))
    column = pl.Series(PRED_PROBS)
    assert np.shares_memory(as_pred_probs(column), column.to_arrow().values.to_numpy())
    names = pl.Series(np.array(list("abcd"))[LABELS], dtype=pl.Enum(list("abcd")))
    check(names, PRED_PROBS)


def test_pandas():
    pd = pytest.importorskip("pandas")
    column = pd.Series(FIXED, dtype=pd.ArrowDtype(FIXED.type))
    assert np.shares_memory(as_pred_probs(column), FLAT.to_numpy())
    check(pd.Series(LABELS, dtype="int64[pyarrow]"), column)
