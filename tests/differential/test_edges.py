"""One class, one example, and input forms that cleanlab has no word for."""

import subprocess

import numpy as np
import pytest

from conftest import Case, command_path, make

FILTERS = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning",
           "predicted_neq_given", "low_self_confidence", "low_normalized_margin"]


@pytest.mark.parametrize("filter_by", FILTERS)
def test_one_class(tmp_path, filter_by):
    """K = 1 is our extension (§1). One column of probabilities is the binary problem [1-p, p]
    (§10), so that a single class only comes about through a class that is alone in a table."""
    table = tmp_path / "one.csv"
    table.write_text("label,p_only\nonly,1\nonly,1\nonly,1\n", encoding="utf-8")
    out = tmp_path / "mask.npy"
    done = subprocess.run([command_path(), "find", str(table), "--filter-by", filter_by, "-q",
                           "-o", str(out)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert np.load(out).tolist() == [False] * 3


def test_a_single_column_is_the_binary_problem(tmp_path):
    """§10."""
    labels, rows = make("two")
    two = Case(tmp_path, labels, rows)
    mask, scores = two.mask(), two.scores()
    one = Case(tmp_path, labels, rows[:, 1])
    np.testing.assert_array_equal(one.mask(), mask)
    np.testing.assert_allclose(one.scores(), scores, atol=1e-12)


@pytest.mark.parametrize("filter_by", FILTERS)
def test_one_example(tmp_path, filter_by):
    case = Case(tmp_path, [0], np.array([[0.2, 0.8]]))
    assert case.mask("--filter-by", filter_by).shape == (1,)


def test_no_answer_depends_on_threads_or_memory_order(tmp_path):
    labels, rows = make("fair")
    plain = Case(tmp_path, labels, rows)
    mask, scores = plain.mask("--threads", 1), plain.scores("--method", "normalized_margin")
    for form in (np.asfortranarray(rows), rows.astype(">f8")):
        for label_type in ("i1", "<u2", ">i4", "i8", "<f8"):
            other = Case(tmp_path, labels.astype(label_type), form)
            np.testing.assert_array_equal(other.mask("--threads", 3), mask)
            np.testing.assert_array_equal(other.scores("--method", "normalized_margin"), scores)
