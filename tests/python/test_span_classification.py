"""labelsieve.experimental.span_classification against cleanlab's."""

import cleanlab.experimental.span_classification as reference
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from token_cases import make_spans, words_of

from labelsieve.experimental import span_classification as ours

pytestmark = pytest.mark.filterwarnings("ignore:May not flag")

SPANS = st.builds(make_spans, st.integers(0, 2**32 - 1), st.integers(2, 60))


@given(data=SPANS)
def test_issues(data):
    assert ours.find_label_issues(*data) == reference.find_label_issues(*data)


@given(
    data=SPANS,
    dtype=st.sampled_from([np.float64, np.float32]),
    method=st.sampled_from(["min", "softmin"]),
)
def test_scores(data, dtype, method):
    labels, pred_probs = data
    pred_probs = [row.astype(dtype) for row in pred_probs]
    mine, my_tokens = ours.get_label_quality_scores(
        labels, pred_probs, sentence_score_method=method, token_score_method="normalized_margin"
    )
    theirs, their_tokens = reference.get_label_quality_scores(
        labels, pred_probs, sentence_score_method=method, token_score_method="normalized_margin"
    )
    tolerance = 1e-12 if dtype == np.float64 else 1e-6
    np.testing.assert_allclose(mine, theirs, atol=tolerance)
    for one, other in zip(my_tokens, their_tokens, strict=True):
        pd.testing.assert_series_equal(one, other, rtol=0, atol=tolerance)


def test_forms():
    labels, pred_probs = make_spans(1, 50)
    expected = ours.find_label_issues(labels, pred_probs)
    assert expected
    assert ours.find_label_issues(labels, [row.tolist() for row in pred_probs]) == expected
    assert ours.find_label_issues(labels, [row[:, None] for row in pred_probs]) == expected
    lengths = [len(row) for row in labels]
    flat = np.concatenate(labels), np.concatenate(pred_probs)
    assert ours.find_label_issues(*flat, lengths=lengths) == expected
    sentences, tokens = ours.get_label_quality_scores(*flat, lengths=lengths)
    assert len(sentences) == len(labels) and len(tokens) == len(flat[0])
    mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
    padded_labels, padded = np.full(mask.shape, -7), np.full(mask.shape, np.nan)
    padded_labels[mask], padded[mask] = flat
    assert ours.find_label_issues(padded_labels, padded, mask=mask) == expected
    word_ids = [list(range(length)) for length in lengths]
    assert ours.find_label_issues(
        labels, [row[:, None] for row in pred_probs], word_ids=word_ids
    ) == expected


def test_display(capsys):
    labels, pred_probs = make_spans(2, 30)
    words = words_of(labels)
    issues = ours.find_label_issues(labels, pred_probs)
    ours.display_issues(issues, words, labels=labels, pred_probs=pred_probs, top=3)
    text = capsys.readouterr().out
    assert text.count("Token: ") == 3
    i, j = issues[0]
    assert f"Given label: {labels[i][j]}, predicted label" in text
    columns = [np.stack([1 - row, row], axis=1) for row in pred_probs]
    ours.display_issues(issues, words, labels=labels, pred_probs=columns, top=3)
    assert capsys.readouterr().out == text
    reference.display_issues(issues, words, top=3)
    theirs = capsys.readouterr().out
    ours.display_issues(issues, words, top=3)
    assert capsys.readouterr().out.rstrip() == theirs.rstrip()


def test_mistakes():
    labels, pred_probs = make_spans(3, 20)
    with pytest.raises(ValueError, match="sentence 0"):
        ours.find_label_issues([[2] * len(labels[0]), *labels[1:]], pred_probs)
    with pytest.raises(ValueError, match="column"):
        ours.find_label_issues(labels, [np.stack([1 - row, row], axis=1) for row in pred_probs])
    with pytest.raises(TypeError):
        ours.get_label_quality_scores(labels, pred_probs, unknown=1)
