"""No copy of the matrix: calls on a file that is mapped, by a process that may not allocate it.

The limit is on what the process may write to (RLIMIT_DATA): pages of a mapped file are free, and
everything else is counted to the byte, whether it is touched or not.
"""

import subprocess
import sys

import numpy as np
import pytest
from cases import make

ROWS, CLASSES = 400_000, 60
PER_ROW = 32  # bytes
FIXED = 2**20  # joints, tiles, the interpreter


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """y.npy and p.npy: a matrix of seven times the allowance."""
    path = tmp_path_factory.mktemp("mapped")
    labels, pred_probs = make(4, 20_000, CLASSES, dtype=np.float32)
    mapped = np.lib.format.open_memmap(
        path / "p.npy", mode="w+", dtype=np.float32, shape=(ROWS, CLASSES)
    )
    for start in range(0, ROWS, len(labels)):
        mapped[start : start + len(labels)] = pred_probs
    assert mapped.nbytes > 7 * PER_ROW * ROWS
    del mapped
    np.save(path / "y.npy", np.tile(labels, ROWS // len(labels)))
    return path


CODE = """
import resource
import sys

sys.path[:0] = {path!r}
import numpy as np
from labelsieve import count, filter, rank

def call(y, p):
    return {call}

def allocated():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData"))

y = np.load("y.npy")
p = np.load("p.npy", mmap_mode="r")
call(y[:1000], p[:1000])  # what is loaded once
limit = {per_row} * len(y) + {fixed}
resource.setrlimit(resource.RLIMIT_DATA, (allocated() + limit, resource.RLIM_INFINITY))
try:
    np.ones(limit + 2**22, dtype=np.uint8)
    sys.exit("the limit does not hold")
except MemoryError:
    pass
print(float(np.sum(call(y, p))))
"""

CALLS = [
    "filter.find_label_issues(y, p, n_jobs=1)",
    "filter.find_label_issues(y, p, n_jobs=1, filter_by='both')",
    "filter.find_label_issues(y, p, n_jobs=1, filter_by='auto')",
    "filter.find_label_issues(y, p, n_jobs=1, return_indices_ranked_by='self_confidence')",
    "rank.get_label_quality_scores(y, p)",
    "rank.get_label_quality_scores(y, p, method='confidence_weighted_entropy')",
    "count.compute_confident_joint(y, p)",
    "count.num_label_issues(y, p)",
]


def run(folder, call, per_row=PER_ROW):
    code = CODE.format(path=sys.path, call=call, per_row=per_row, fixed=FIXED)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False,
        env={"OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_few_bytes_a_row(folder, call):
    done = run(folder, call)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 0


def test_a_copy_would_be_seen(folder):
    for copy in ("np.sort(p, axis=1)[:, 0]", "p.astype(np.float16)[:, 0]"):
        done = run(folder, copy)
        assert "MemoryError" in done.stderr, copy
