"""labelsieve.token_classification against cleanlab.token_classification."""

import warnings

import cleanlab.token_classification.filter as reference_filter
import cleanlab.token_classification.rank as reference_rank
import numpy as np
import pandas as pd
import pytest
from cases import FILTERS, METHODS
from hypothesis import given
from hypothesis import strategies as st
from token_cases import flat, make_tokens, padded, token_data

import labelsieve
from labelsieve.token_classification import filter as our_filter
from labelsieve.token_classification import rank as our_rank

pytestmark = [
    pytest.mark.filterwarnings("ignore:May not flag"),
    pytest.mark.filterwarnings("ignore:invalid value"),
    pytest.mark.filterwarnings("ignore:divide by zero"),
]


def test_modules_are_attributes():
    assert labelsieve.token_classification.filter is our_filter
    assert set(dir(labelsieve.token_classification)) >= {"filter", "rank", "summary"}


@pytest.mark.parametrize("filter_by", FILTERS)
@given(data=token_data([np.float64]), rank_by=st.sampled_from(METHODS[:2]))
def test_issues(filter_by, data, rank_by):
    options = {"filter_by": filter_by, "return_indices_ranked_by": rank_by}
    mine = our_filter.find_label_issues(*data, **options)
    theirs = reference_filter.find_label_issues(*data, n_jobs=1, **options)
    assert mine == [tuple(map(int, pair)) for pair in theirs]
    assert all(type(i) is int and type(pair) is tuple for pair in mine for i in pair)


@given(data=token_data([np.float64], empty=True))
def test_sentences_without_tokens(data):
    mine = our_filter.find_label_issues(*data)
    assert mine == reference_filter.find_label_issues(*data, n_jobs=1)


@given(
    data=token_data([np.float64, np.float32]),
    frac_noise=st.sampled_from([0.4, 1.0]),
    min_examples=st.integers(0, 9),
    adjust=st.booleans(),
)
def test_filter_options(data, frac_noise, min_examples, adjust):
    labels, pred_probs, _ = flat(*data)
    from cleanlab.count import compute_confident_joint

    options = {
        "frac_noise": frac_noise,
        "min_examples_per_class": min_examples,
        "confident_joint": compute_confident_joint(labels, pred_probs),
        "rank_by_kwargs": {"adjust_pred_probs": adjust},
    }
    mine = our_filter.find_label_issues(*data, **options)
    theirs = reference_filter.find_label_issues(*data, n_jobs=1, **options)
    assert set(mine) == set(theirs)
    if not adjust:
        assert mine == theirs


@pytest.mark.parametrize("kind", ["lists", "arrays", "tuples", "floats", "rows", "series", "mixed"])
def test_containers(kind):
    labels, pred_probs = make_tokens(3, 60, 5)
    expected = our_filter.find_label_issues(labels, pred_probs)
    assert expected
    if kind == "lists":
        pred_probs = [rows.tolist() for rows in pred_probs]
    elif kind == "arrays":
        labels = [np.array(row, dtype=np.int16) for row in labels]
        pred_probs = [np.asfortranarray(rows) for rows in pred_probs]
    elif kind == "tuples":
        labels, pred_probs = tuple(map(tuple, labels)), tuple(pred_probs)
    elif kind == "floats":
        labels = [np.array(row, dtype=np.float64) for row in labels]
    elif kind == "rows":  # as a list of arrays with one row each
        pred_probs = [list(rows) for rows in pred_probs]
        labels = [[np.int64(label) for label in row] for row in labels]
    elif kind == "series":
        labels, pred_probs = pd.Series(labels), pd.Series(pred_probs)
        labels[0] = pd.Series(labels[0])
    elif kind == "mixed":
        pred_probs[1] = pred_probs[1].astype(">f8")
        labels[2] = np.array(labels[2], dtype=">i4")
        pred_probs[3] = pred_probs[3].tolist()
    before = repr(labels), repr(pred_probs)
    assert our_filter.find_label_issues(labels, pred_probs) == expected
    assert (repr(labels), repr(pred_probs)) == before


def test_arrays_of_two_and_three_dimensions():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, (40, 6))
    pred_probs = rng.dirichlet(np.ones(3), (40, 6))
    mine = our_filter.find_label_issues(labels, pred_probs)
    assert mine == reference_filter.find_label_issues(labels, pred_probs, n_jobs=1)


@given(data=token_data([np.float64, np.float32, np.float16]))
def test_other_forms(data):
    labels, pred_probs = data
    find, score = our_filter.find_label_issues, our_rank.get_label_quality_scores
    expected = find(labels, pred_probs)
    sentence_scores, token_scores = score(labels, pred_probs)
    flat_labels, flat_probs, lengths = flat(labels, pred_probs)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    padded_labels, padded_probs, mask = padded(labels, pred_probs)
    forms = [
        ((flat_labels, flat_probs), {"lengths": lengths}),
        ((flat_labels, flat_probs), {"offsets": offsets}),
        ((padded_labels, padded_probs), {"mask": mask}),
        ((padded_labels, padded_probs), {"mask": mask.astype(bool)}),
        ((padded_labels, padded_probs), {"lengths": np.array(lengths)}),
    ]
    for arguments, form in forms:
        assert find(*arguments, **form) == expected
        sentences, tokens = score(*arguments, **form)
        np.testing.assert_array_equal(sentences, sentence_scores)
        assert sentences.dtype == sentence_scores.dtype == pred_probs[0].dtype
        tokens = tokens if isinstance(tokens, np.ndarray) else np.concatenate(tokens)
        np.testing.assert_array_equal(tokens, np.concatenate(token_scores))


def test_masked_places_keep_their_position():
    labels, pred_probs = make_tokens(8, 80, 4)
    padded_labels, padded_probs, mask = padded(labels, pred_probs)
    ignored = [[-100, *row] for row in labels]
    rows = [np.concatenate([np.full((1, 4), np.nan), matrix]) for matrix in pred_probs]
    shifted = [(i, j + 1) for i, j in our_filter.find_label_issues(labels, pred_probs)]
    assert our_filter.find_label_issues(ignored, rows) == shifted
    moved = [np.roll(array, 1, axis=1) for array in (padded_labels, padded_probs, mask)]
    assert our_filter.find_label_issues(*moved[:2], mask=moved[2]) == shifted
    assert our_filter.find_label_issues(
        [[7, *row] for row in labels], rows, ignore_label=7
    ) == shifted
    with pytest.raises(ValueError, match="-100"):
        our_filter.find_label_issues(ignored, rows, ignore_label=None)
    _, scores = our_rank.get_label_quality_scores(ignored, rows)
    assert np.isnan(scores[5][0]) and not np.isnan(scores[5][1:]).any()


@pytest.mark.parametrize("pooling", ["first", "mean", "max"])
def test_sub_words(pooling):
    labels, pred_probs = make_tokens(9, 50, 4)
    rng = np.random.default_rng(9)
    word_ids, rows, sub_labels = [], [], []
    for given, matrix in zip(labels, pred_probs):
        repeats = rng.integers(1, 4, len(given))
        ids = np.repeat(np.arange(len(given)), repeats)
        rows.append(np.concatenate([np.full((1, 4), np.nan), matrix[ids], np.full((1, 4), np.nan)]))
        word_ids.append([None, *ids.tolist(), None])
        first = np.diff(ids, prepend=-1) > 0
        sub_labels.append([-100, *np.where(first, np.array(given)[ids], -100).tolist(), -100])
    expected = our_filter.find_label_issues(labels, pred_probs)
    options = {"word_ids": word_ids, "subword_pooling": pooling}
    assert our_filter.find_label_issues(labels, rows, **options) == expected
    assert our_filter.find_label_issues(sub_labels, rows, **options) == expected
    size = max(map(len, word_ids))
    array = np.full((len(rows), size, 4), np.nan)
    for i, matrix in enumerate(rows):
        array[i, : len(matrix)] = matrix
    options["word_ids"] = [ids + [None] * (size - len(ids)) for ids in word_ids]
    assert our_filter.find_label_issues(labels, array, **options) == expected
    sentence_scores, _ = our_rank.get_label_quality_scores(labels, array, **options)
    np.testing.assert_allclose(
        sentence_scores, our_rank.get_label_quality_scores(labels, pred_probs)[0], rtol=1e-12
    )
    cut = [ids[:3] for ids in word_ids]  # a text that was too long for the model
    cut_issues = our_filter.find_label_issues(labels, [r[:3] for r in rows], word_ids=cut)
    assert {j for _, j in cut_issues} <= {0, 1}


@pytest.mark.parametrize("token_method", METHODS[:2])
@pytest.mark.parametrize("sentence_method", ["min", "softmin"])
@given(data=token_data(), temperature=st.sampled_from([0, 0.01, 0.05, 1.0, np.inf]))
def test_scores(token_method, sentence_method, data, temperature):
    options = {
        "token_score_method": token_method,
        "sentence_score_method": sentence_method,
        "sentence_score_kwargs": {"temperature": temperature},
    }
    mine, my_tokens = our_rank.get_label_quality_scores(*data, **options)
    theirs, their_tokens = reference_rank.get_label_quality_scores(*data, **options)
    double = data[1][0].dtype == np.float64
    tolerance = 1e-12 if double else 2e-6
    np.testing.assert_allclose(mine, theirs, atol=tolerance)
    assert mine.dtype == theirs.dtype
    assert isinstance(my_tokens, list)
    for one, other in zip(my_tokens, their_tokens, strict=True):
        pd.testing.assert_series_equal(one, other, rtol=0, atol=tolerance)


def test_entropy_agrees_where_nothing_is_saturated():
    data = make_tokens(2, 30, 3)
    options = {"token_score_method": "confidence_weighted_entropy"}
    mine, _ = our_rank.get_label_quality_scores(*data, **options)
    theirs, _ = reference_rank.get_label_quality_scores(*data, **options)
    np.testing.assert_allclose(mine, theirs, atol=1e-9)


def test_scores_have_the_words_as_index():
    labels, pred_probs = make_tokens(4, 10, 3)
    words = [[f"w{j}" for j in range(len(row))] for row in labels]
    _, mine = our_rank.get_label_quality_scores(labels, pred_probs, tokens=words)
    _, theirs = reference_rank.get_label_quality_scores(labels, pred_probs, tokens=words)
    for one, other in zip(mine, theirs, strict=True):
        pd.testing.assert_series_equal(one, other)


def test_our_sentence_methods():
    labels, pred_probs = make_tokens(5, 20, 3)
    _, tokens = our_rank.get_label_quality_scores(labels, pred_probs)
    mean, _ = our_rank.get_label_quality_scores(labels, pred_probs, sentence_score_method="mean")
    np.testing.assert_allclose(mean, [scores.mean() for scores in tokens])
    options = {
        "sentence_score_method": "bad_token_fraction",
        "sentence_score_kwargs": {"threshold": 0.5},
    }
    good, _ = our_rank.get_label_quality_scores(labels, pred_probs, **options)
    np.testing.assert_allclose(good, [1 - (scores < 0.5).mean() for scores in tokens])
    empty, _ = our_rank.get_label_quality_scores([*labels, []], [*pred_probs, np.empty((0, 3))])
    assert empty[-1] == 1


@given(data=token_data([np.float64]), threshold=st.sampled_from([0.05, 0.1, 0.5, 0.9]))
def test_issues_from_scores(data, threshold):
    sentences, tokens = our_rank.get_label_quality_scores(*data)
    options = {"token_scores": tokens, "threshold": threshold}
    mine = our_rank.issues_from_scores(sentences, **options)
    assert mine == reference_rank.issues_from_scores(sentences, **options)
    for form in (list, np.asarray):
        options["token_scores"] = [form(scores) for scores in tokens]
        assert our_rank.issues_from_scores(sentences, **options) == mine
    lengths = [len(scores) for scores in tokens]
    options["token_scores"] = np.concatenate(tokens)
    assert our_rank.issues_from_scores(sentences, lengths=lengths, **options) == mine
    indices = our_rank.issues_from_scores(sentences, threshold=threshold)
    order = np.argsort(sentences)
    np.testing.assert_array_equal(indices, order[sentences[order] < threshold])
    assert indices.dtype == np.int64


def test_issues_from_scores_of_all_and_none():
    assert our_rank.issues_from_scores(np.array([0.3, 0.2]), threshold=1).tolist() == [1, 0]
    assert our_rank.issues_from_scores(np.array([])).tolist() == []
    assert our_rank.issues_from_scores([0.3, 0.01], token_scores=[]).tolist() == [1]


def test_low_memory_and_jobs_change_nothing(capsys):
    data = make_tokens(6, 300, 5)
    expected = our_filter.find_label_issues(*data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert our_filter.find_label_issues(*data, low_memory=True) == expected
        for n_jobs in (1, 2, 5):
            assert our_filter.find_label_issues(*data, n_jobs=n_jobs) == expected
        our_filter.find_label_issues(*data, verbose=True)
    assert str(len(expected)) in capsys.readouterr().out


def test_mistakes():
    labels, pred_probs = make_tokens(7, 20, 3)
    find, score = our_filter.find_label_issues, our_rank.get_label_quality_scores
    with pytest.raises(AssertionError, match="Select from the following methods:"):
        score(labels, pred_probs, sentence_score_method="median")
    with pytest.raises(ValueError, match="scoring method"):
        score(labels, pred_probs, token_score_method="magic")
    with pytest.raises(ValueError, match="scoring method"):
        find(labels, pred_probs, return_indices_ranked_by="magic")
    with pytest.raises(AssertionError):
        find(labels, pred_probs, filter_by="magic")
    with pytest.raises(TypeError, match="unknown"):
        find(labels, pred_probs, unknown=1)
    with pytest.raises(ValueError, match="not supported"), pytest.warns(UserWarning):
        find(labels, pred_probs, filter_by="predicted_neq_given", num_to_remove_per_class=1)
    with pytest.raises(ValueError, match="at least 2 classes"):
        find([[1, 1], [1]], [np.full((2, 2), 0.5), np.full((1, 2), 0.5)])
    assert find([[0, 0], [0]], [np.full((2, 2), 0.5), np.full((1, 2), 0.5)]) == []
    with pytest.raises(ValueError, match="sentence 4 "):
        find([*labels[:4], labels[4] + [0], *labels[5:]], pred_probs)
    with pytest.raises(ValueError, match="19 sentences"):
        find(labels[:-1], pred_probs)
    with pytest.raises(ValueError, match="sentence 2:"):
        find([*labels[:2], ["B-PER"] * len(labels[2]), *labels[3:]], pred_probs)
    with pytest.raises(ValueError, match="sentence 1:"):
        find(labels, [pred_probs[0], pred_probs[1][:, 0], *pred_probs[2:]])
    with pytest.raises(ValueError, match="sentence 3"):
        wrong = [rows.copy() for rows in pred_probs]
        wrong[3][0, 1] = np.nan
        find(labels, wrong)
    with pytest.raises(ValueError, match="both"):
        find(labels, pred_probs, offsets=[0], lengths=[1])
    with pytest.raises(TypeError):
        find(labels, None)
    with pytest.raises(ValueError, match="no tokens"):
        find([[], []], [np.empty((0, 3))] * 2)
    flat_labels, flat_probs, lengths = flat(labels, pred_probs)
    with pytest.raises(ValueError, match="tokens together"):
        find(flat_labels, flat_probs, lengths=lengths[:-1])
    with pytest.raises(ValueError, match="whole numbers"):
        find(flat_labels, flat_probs, lengths=[0.5] * 20)


@pytest.mark.parametrize("library", ["pyarrow", "polars", "chunks", "fixed"])
def test_columns_of_lists(library):
    labels, pred_probs = make_tokens(12, 60, 4, empty=True)
    rows = [matrix.tolist() for matrix in pred_probs]
    if library == "polars":
        polars = pytest.importorskip("polars")
        pytest.importorskip("pyarrow")
        columns = polars.Series(labels), polars.Series(rows)
    else:
        pyarrow = pytest.importorskip("pyarrow")
        of_token = pyarrow.list_(pyarrow.float64(), 4 if library == "fixed" else -1)
        columns = pyarrow.array(labels), pyarrow.array(rows, pyarrow.list_(of_token))
        if library == "chunks":
            cut = [(0, 20), (20, 40)]
            columns = [
                pyarrow.chunked_array([column.slice(*part) for part in cut]) for column in columns
            ]
    assert our_filter.find_label_issues(*columns) == our_filter.find_label_issues(
        labels, pred_probs
    )
    mine, _ = our_rank.get_label_quality_scores(*columns)
    theirs, _ = our_rank.get_label_quality_scores(labels, pred_probs)
    np.testing.assert_array_equal(mine, theirs)
    if library == "pyarrow":
        with pytest.raises(ValueError, match="sentence 1 "):
            longer = pyarrow.array([labels[0], labels[1] + [0]])
            our_filter.find_label_issues(longer, columns[1][:2])
        with pytest.raises(ValueError, match="missing"):
            our_filter.find_label_issues(pyarrow.array([labels[0], None]), columns[1][:2])


def test_token_scores_are_a_list_like_any_other():
    import copy
    import pickle

    labels, pred_probs = make_tokens(13, 6, 3)
    words = [[f"w{i}.{j}" for j in range(len(row))] for i, row in enumerate(labels)]

    def made():
        return our_rank.get_label_quality_scores(labels, pred_probs, tokens=words)[1]

    _, theirs = reference_rank.get_label_quality_scores(labels, pred_probs, tokens=words)
    scores = made()
    assert isinstance(scores, list) and scores[2] is scores[2] and scores[-1] is scores[5]
    for form in (
        list, tuple, lambda s: [*s], lambda s: s[:], lambda s: s + [], copy.copy, copy.deepcopy,
        lambda s: pickle.loads(pickle.dumps(s)), lambda s: list(reversed(s))[::-1],
        lambda s: [s.pop(0) for _ in range(6)], lambda s: [part for part, _ in zip(s, range(9))],
        lambda s: sorted(s, key=lambda part: part.index[0]), lambda s: s.copy(),
    ):
        for one, other in zip(form(made()), theirs, strict=True):
            pd.testing.assert_series_equal(one, other)
    pd.testing.assert_series_equal(pd.concat(made()), pd.concat(theirs))
    with pytest.raises(IndexError):
        scores[6]
    scores = made()
    del scores[0]
    pd.testing.assert_series_equal(scores[0], theirs[1])
    with pytest.raises(ValueError, match="sentence 1 has"):
        our_rank.get_label_quality_scores(labels, pred_probs, tokens=[words[0], ["one"] * 99])


def test_calls_from_several_threads():
    from concurrent.futures import ThreadPoolExecutor

    data = make_tokens(14, 2000, 6)
    expected = our_filter.find_label_issues(*data)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: our_filter.find_label_issues(*data), range(12)):
            assert found == expected
