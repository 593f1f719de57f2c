"""benchmarking.noise_generation beside cleanlab: the same draws from NumPy's global RandomState."""

import numpy as np
import pytest
from cleanlab.benchmarking import noise_generation as reference
from hypothesis import given
from hypothesis import strategies as st

from labelsieve.benchmarking import noise_generation as ours

SEEDS = st.integers(0, 2**31)


def outcome(module, name, state, /, *args, **kwargs):
    """(result or type of the error, state of the generator afterwards)."""
    np.random.seed(state)
    try:
        result = getattr(module, name)(*args, **kwargs)
    except (ValueError, ZeroDivisionError) as error:
        result = type(error)
    return result, np.random.get_state()


def assert_same(name, state, /, *args, **kwargs):
    mine, my_state = outcome(ours, name, state, *args, **kwargs)
    theirs, their_state = outcome(reference, name, state, *args, **kwargs)
    assert np.array_equal(mine, theirs), (mine, theirs)
    if isinstance(theirs, np.ndarray):
        assert mine.dtype == theirs.dtype
    assert np.array_equal(my_state[1], their_state[1]) and my_state[2:] == their_state[2:]
    return mine


@given(SEEDS, st.integers(0, 7), st.sampled_from([0, 0.5, 1, 1.5, 2, 3]), st.data())
def test_probabilities_that_sum_to_m(seed, n, m, data):
    """Bounds leave room, for the reference may try for ever where they hardly do."""
    mean = m / max(n, 1)
    low = data.draw(st.sampled_from([0.0, mean * 0.3, mean * 0.7, mean * 1.2 + 0.01]))
    high = data.draw(st.sampled_from([1.0, mean * 1.2, mean * 2, mean * 0.9]))
    name = "generate_n_rand_probabilities_that_sum_to_m"
    values = assert_same(name, seed, n, m, max_prob=high, min_prob=low)
    if isinstance(values, np.ndarray) and n > 0:
        assert values.sum() == pytest.approx(m)
        assert values.max() <= high + 1e-6 and values.min() >= low - 1e-6


@given(
    SEEDS,
    st.integers(0, 60),
    st.integers(1, 8),
    st.none() | st.integers(1, 20),
    st.none() | st.integers(0, 3),
)
def test_balls(seed, balls, bins, most, least):
    name = "randomly_distribute_N_balls_into_K_bins"
    options = {"max_balls_per_bin": most, "min_balls_per_bin": least}
    counts = assert_same(name, seed, balls, bins, **options)
    if isinstance(counts, np.ndarray):
        assert counts.sum() == min(balls, bins * (balls if most is None else most))


@given(
    SEEDS,
    st.integers(1, 7),
    st.floats(0.05, 0.95),
    st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.1]),
    st.booleans(),
    st.sampled_from([0, 1, 30]),
)
def test_matrix_from_trace(seed, num_classes, position, zeros, valid, max_iter):
    trace = 1 + position * (num_classes - 1)
    prior = np.random.default_rng(seed).dirichlet(np.full(num_classes, 5.0))
    options = {
        "py": prior,
        "frac_zero_noise_rates": zeros,
        "valid_noise_matrix": valid,
        "max_iter": max_iter,
        "seed": seed,
    }
    matrix = assert_same("generate_noise_matrix_from_trace", 0, num_classes, trace, **options)
    if isinstance(matrix, np.ndarray):
        assert np.trace(matrix) == pytest.approx(trace)
        assert np.allclose(matrix.sum(axis=0), 1)
        if valid:
            assert ours.noise_matrix_is_valid(matrix, prior)


@pytest.mark.parametrize(
    "bounds",
    [
        {"max_noise_rate": 0.4},
        {"min_noise_rate": 0.02},
        {"min_trace_prob": 0.4},
        {"max_trace_prob": 0.8},
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_bounds_of_the_matrix(bounds, seed):
    options = {"py": [0.2, 0.3, 0.5], "seed": seed, **bounds}
    matrix = assert_same("generate_noise_matrix_from_trace", 0, 3, 1.9, **options)
    if isinstance(matrix, np.ndarray):
        noise = matrix[~np.eye(3, dtype=bool)]
        assert noise.max() <= bounds.get("max_noise_rate", 1) + 1e-6
        assert noise.min() >= bounds.get("min_noise_rate", 0) - 1e-6
        assert matrix.diagonal().min() >= bounds.get("min_trace_prob", 0) - 1e-6
        assert matrix.diagonal().max() <= bounds.get("max_trace_prob", 1) + 1e-6


@given(SEEDS, st.integers(2, 6), st.integers(0, 300), st.sampled_from([np.int64, np.uint8]))
def test_noisy_labels(seed, num_classes, size, dtype):
    rng = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(num_classes), rng.integers(0, num_classes, size)])
    labels = rng.permutation(labels).astype(dtype)
    given_labels = labels.copy()
    matrix = rng.dirichlet(np.ones(num_classes), num_classes).T
    # Multiples of 1/20 meet the rounding of whole counts.
    matrix[:] = np.floor(matrix * 20) / 20
    np.fill_diagonal(matrix, 0)
    np.fill_diagonal(matrix, 1 - matrix.sum(axis=0))
    noisy = assert_same("generate_noisy_labels", seed, labels, matrix)
    assert noisy.dtype == dtype and np.array_equal(labels, given_labels)
    assert set(noisy.tolist()) <= set(range(num_classes))


@given(SEEDS, st.integers(2, 6), st.sampled_from([0.0, 0.4, 2.0]), st.sampled_from([0, 1e-7, 0.1]))
def test_validity(seed, num_classes, diagonal, off):
    rng = np.random.default_rng(seed)
    prior = rng.dirichlet(np.ones(num_classes))
    matrix = rng.dirichlet(np.ones(num_classes), num_classes).T + diagonal * np.eye(num_classes)
    matrix = matrix / matrix.sum(axis=0) + off
    assert_same("noise_matrix_is_valid", 0, matrix, prior)


def test_validity_says_why(capsys):
    assert not ours.noise_matrix_is_valid([[0.2, 0.7], [0.8, 0.3]], [0.5, 0.5], verbose=True)
    assert "class 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "message"),
    [
        ("generate_noise_matrix_from_trace", (3, 1), {"py": [1 / 3] * 3}, "trace > 1"),
        ("generate_noise_matrix_from_trace", (3, 2), {}, "py must be"),
        ("generate_noise_matrix_from_trace", (1, 2), {}, "must be >= 2"),
        (
            "generate_n_rand_probabilities_that_sum_to_m",
            (5, 1),
            {"max_prob": 0.1},
            "max_prob must be greater",
        ),
        (
            "generate_n_rand_probabilities_that_sum_to_m",
            (5, 1),
            {"min_prob": 0.3},
            "min_prob must be less",
        ),
    ],
)
def test_errors(name, args, kwargs, message):
    for module in (ours, reference):
        with pytest.raises(ValueError, match=message):
            getattr(module, name)(*args, **kwargs)


def test_no_iterations_are_no_matrix():
    state = np.random.get_state()[1].copy()
    for num_classes in (2, 3):
        made = ours.generate_noise_matrix_from_trace(num_classes, 1.5, py=[0.5] * 3, max_iter=0)
        assert made is None
    assert np.array_equal(np.random.get_state()[1], state)


def test_matrix_of_another_size():
    with pytest.raises(ValueError, match="3 x 3"):
        ours.generate_noisy_labels([0, 1, 2], np.eye(2))
    with pytest.raises(ValueError, match="only 2"):
        ours.generate_noisy_labels([0, 0, 1], [[0, 0], [3, 1]])
