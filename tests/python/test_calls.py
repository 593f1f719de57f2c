"""Threads, forks, signals."""

import _thread
import multiprocessing
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from cases import make
from labelsieve.count import compute_confident_joint
from labelsieve.filter import find_label_issues
from labelsieve.rank import get_label_quality_scores


def test_threads_at_once():
    data = [make(seed, 3000, 5) for seed in range(4)]
    expected = [find_label_issues(*one) for one in data]
    found = [[] for _ in data]

    def work(i):
        for _ in range(20):
            found[i].append(find_label_issues(*data[i]))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for masks, mask in zip(found, expected):
        assert len(masks) == 20
        assert all(np.array_equal(one, mask) for one in masks)


def _num_issues(data):
    return int(find_label_issues(*data).sum())


def test_fork_after_use():
    data = make(1, 20000, 5)
    expected = _num_issues(data)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(_num_issues, [data] * 4) == [expected] * 4


@pytest.fixture(scope="module")
def large():
    """Some tenths of a second of work: rows of one vector each, mapped many times over."""
    labels, pred_probs = make(2, 20000, 100, dtype=np.float32)
    return np.tile(labels, 60), np.tile(pred_probs, (60, 1))


def test_other_threads_go_on(large):
    ticks = []
    done = threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    start = time.perf_counter()
    compute_confident_joint(*large)
    end = time.perf_counter()
    done.set()
    ticker.join()
    during = [t for t in ticks if start < t < end]
    assert len(during) > 3, f"{len(during)} ticks in {end - start} s"


def test_interrupt(large):
    """Ctrl-C ends a call that would take longer; the next call works."""
    timer = threading.Timer(0.1, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        for _ in range(500):
            find_label_issues(*large, filter_by="both")
    timer.join()
    assert find_label_issues(*make(3, 100, 3)).dtype == np.bool_


def test_interrupt_within_one_call():
    """The engine itself asks: a child whose only call runs for long ends at once."""
    code = f"""
import sys
sys.path[:0] = {sys.path!r}
import numpy as np
from labelsieve import rank
p = np.lib.stride_tricks.as_strided(np.full(100, 0.01), (40_000_000, 100), (0, 8))
y = np.lib.stride_tricks.as_strided(np.zeros(1, dtype=int), (40_000_000,), (0,))
print("ready", flush=True)
rank.get_label_quality_scores(y, p, method="confidence_weighted_entropy")
"""
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.5)
    child.send_signal(2)
    _, errors = child.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert child.returncode != 0
