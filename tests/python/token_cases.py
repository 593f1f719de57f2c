"""Token data for the tests, and its other forms."""

import numpy as np
from cases import make
from hypothesis import strategies as st


def make_tokens(seed, num_sentences, num_classes, *, dtype=np.float64, tied=False, empty=False):
    """(labels, pred_probs) as lists of lists and lists of arrays. With `empty` some sentences have
    no token."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0 if empty else 1, 12, num_sentences)
    lengths[0] = 4
    labels, rows = make(seed, int(lengths.sum()), num_classes, tied=tied, dtype=dtype)
    ends = np.cumsum(lengths)[:-1]
    return [part.tolist() for part in np.split(labels, ends)], np.split(rows, ends)


def token_data(dtypes=(np.float64, np.float32), *, empty=False):
    return st.builds(
        make_tokens,
        st.integers(0, 2**32 - 1),
        st.integers(2, 40),
        st.integers(2, 9),
        dtype=st.sampled_from(dtypes),
        tied=st.booleans(),
        empty=st.just(empty),
    )


def make_spans(seed, num_sentences, dtype=np.float64):
    """Labels 0/1, and one probability for each token."""
    labels, pred_probs = make_tokens(seed, num_sentences, 2, dtype=dtype)
    return labels, [np.ascontiguousarray(rows[:, 1]) for rows in pred_probs]


def words_of(labels, seed=0):
    """A word for each token."""
    rng = np.random.default_rng(seed)
    vocabulary = np.array(["Rome", "the", "U.S.", "-", "(", "a", "Jones", "'s", "?", "rome", "1"])
    return [vocabulary[rng.integers(0, len(vocabulary), len(row))].tolist() for row in labels]


def flat(labels, pred_probs):
    """(labels, pred_probs, lengths), all tokens one after another."""
    lengths = [len(row) for row in labels]
    flat_labels = np.concatenate([np.asarray(row, int) for row in labels])
    return flat_labels, np.concatenate(pred_probs), lengths


def padded(labels, pred_probs):
    """(labels, pred_probs, mask): what is not a token is nonsense."""
    size = max(len(row) for row in labels) + 2
    mask = np.zeros((len(labels), size), dtype=np.int64)
    out_labels = np.full(mask.shape, 10**6)
    out = np.full((*mask.shape, pred_probs[0].shape[1]), np.nan, dtype=pred_probs[0].dtype)
    for i, (row, matrix) in enumerate(zip(labels, pred_probs)):
        mask[i, : len(row)] = 1
        out_labels[i, : len(row)] = row
        out[i, : len(row)] = matrix
    return out_labels, out, mask
