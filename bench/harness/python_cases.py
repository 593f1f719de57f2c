"""The group `python`: the package beside cleanlab, both called from Python in the same way."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from cases import (
    FAST_RUNS,
    SAME_GIVEN_JOINT,
    SCORE_TOLERANCE,
    Row,
    judge_by_ratio,
    judge_by_sum,
)
from data import files_of, sentence_lengths, sets_of
from session import Session

SESSION = str(Path(__file__).with_name("python_session.py"))
IMPORT_MS = 5  # "at most a few milliseconds over import numpy"

TOKENS_ROUNDED = 2 * 9 * 9  # what the rounding of cleanlab's joint moves: a few of each pair


class Pair:
    """Both packages, each in a process of its own, with the same arrays."""

    def __init__(self, bench):
        self.bench = bench
        self.ours, self.theirs = (
            Session([sys.executable, "-W", "ignore", SESSION, name, str(bench.threads)])
            for name in ("labelsieve", "cleanlab"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ours.close()
        self.theirs.close()

    def load(self, shape, what="load", files=files_of, **more):
        self.bench.say(f"python, {shape.name}: data")
        made = files(shape, self.bench.data)
        for side in (self.ours, self.theirs):
            side.ask(what, labels=made.labels, pred_probs=made.pred_probs, **more)
        return made

    def results(self, what, ours=None, theirs=None):
        """Both sides' results of a request with these options."""
        paths = [str(self.bench.scratch / f"python_{side}.npy") for side in ("ours", "theirs")]
        self.ours.ask(what, save=paths[0], **(ours or {}))
        self.theirs.ask(what, save=paths[1], **(theirs or {}))
        return [np.load(path) for path in paths]

    def our_run(self, what, **request):
        return (lambda: self.ours.seconds(what, **request)), FAST_RUNS

    def their_run(self, what, runs=1, **request):
        return (lambda: self.theirs.seconds(what, **request)), runs


def row_of(case, shape, times, opponent, **more):
    return Row(f"Python: {case}", shape.name, times.median("labelsieve"), "", False, "",
               opponent=opponent, opponent_seconds=times.median(opponent),
               samples=times.samples, **more)


def same_masks(pair):
    """Whether cleanlab flags the same; if not, whether it does when given our joint."""
    ours, theirs = pair.results("find", theirs={"n_jobs": 1})
    differ = int((ours != theirs).sum())
    if differ == 0:
        return {"same": f"same {int(ours.sum()):,} issues"}
    joint = str(pair.bench.scratch / "python_joint.npy")
    pair.ours.ask("joint", save=joint)
    ours, theirs = pair.results("find", theirs={"n_jobs": 1, "joint": joint})
    given = int((ours != theirs).sum())
    return {"same": f"{differ:,} of {int(ours.sum()):,} differ; {given:,} given the same joint",
            "agrees": given == 0, "notes": [SAME_GIVEN_JOINT]}


def measure_find(pair, shape, least, most_sums=None):
    """The default find beside cleanlab's default, its batches for little memory, and a pass that
    sums the matrix."""
    bench = pair.bench
    files = pair.load(shape)
    bench.engine.ask("load", labels=files.labels, pred_probs=files.pred_probs)
    bench.say(f"python, {shape.name}: find")
    defaults = {"cleanlab, n_jobs=1": {"n_jobs": 1}, "cleanlab, n_jobs default": {}}
    low_memory = "cleanlab, find_label_issues_batched"
    contestants = {"labelsieve": pair.our_run("find"), "sum": bench.engine_run("sum")}
    contestants |= {name: pair.their_run("find", **options) for name, options in defaults.items()}
    contestants[low_memory] = pair.their_run("find_batched")
    times = bench.alternate(contestants)
    facts = {"sum_seconds": times.median("sum"), "matrix_bytes": shape.matrix_bytes}
    same = same_masks(pair)
    yield judge_by_ratio(
        row_of("find", shape, times, times.fastest(defaults), **facts, **same), least)
    beside = row_of("find", shape, times, low_memory, **facts,
                    same="another method")
    yield judge_by_ratio(beside, 1)
    if most_sums is not None:
        yield judge_by_sum(
            row_of("find", shape, times, times.fastest(defaults), **facts, **same), most_sums)


def measure_score(pair, shape, method, least):
    pair.bench.say(f"python, {shape.name}: {method}")
    times = pair.bench.alternate({"labelsieve": pair.our_run("score", method=method),
                                  "cleanlab": pair.their_run("score", method=method)})
    ours, theirs = pair.results("score", {"method": method}, {"method": method})
    most = float(np.abs(ours - theirs).max())
    agrees, same = most <= SCORE_TOLERANCE, f"scores within {most:.0e}"
    if method == "confidence_weighted_entropy":  # rows that cleanlab clips differ: `few` has them
        clipped = np.abs(ours - theirs) > SCORE_TOLERANCE
        agrees, same = bool(clipped.mean() < 0.01), f"{int(clipped.sum()):,} clipped there, others same"
    return judge_by_ratio(row_of(method, shape, times, "cleanlab", same=same, agrees=agrees), least)


def measure_self_confidence(pair, shape):
    pair.bench.say(f"python, {shape.name}: self_confidence")
    times = pair.bench.alternate({
        "labelsieve": pair.our_run("score", method="self_confidence"),
        "NumPy": ((lambda: pair.ours.seconds("fancy_index")), FAST_RUNS)})
    row = row_of("self_confidence", shape, times, "NumPy")
    ours, theirs = pair.results("score", {"method": "self_confidence"},
                                {"method": "self_confidence"})
    row.agrees = bool(np.array_equal(ours, theirs))
    row.same = "same scores" if row.agrees else "SCORES DIFFER"
    row.target = "never slower than NumPy's fancy indexing"
    row.reached = row.seconds <= row.opponent_seconds
    row.outcome = f"{row.opponent_seconds / row.seconds:.2f}×"
    return row


def measure_call(pair, shape, case, what, least, compare, ours=None, theirs=None):
    pair.bench.say(f"python, {shape.name}: {case}")
    ours, theirs = ours or {}, theirs or {}
    times = pair.bench.alternate({"labelsieve": pair.our_run(what, **ours),
                                  "cleanlab": pair.their_run(what, **theirs)})
    same, agrees = compare(*pair.results(what, ours, theirs))
    return judge_by_ratio(row_of(case, shape, times, "cleanlab", same=same, agrees=agrees), least)


def compare_masks(allowed):
    def compare(ours, theirs):
        differ = int((ours != theirs).sum())
        same = f"same {int(ours.sum()):,} issues"
        return (same if differ == 0 else f"{differ:,} of {int(ours.sum()):,} differ"), \
            differ <= allowed
    return compare


def compare_numbers(ours, theirs):
    """Health: numbers of issues may differ by the rounding of cleanlab's joint."""
    most = float((np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))).max())
    return f"tables within {most:.0e}", most < 0.01


def measure_memory(pair, shape):
    pair.bench.say(f"python, {shape.name}: memory")
    ours, theirs = (side.ask("extra_memory")["bytes"] for side in (pair.ours, pair.theirs))
    rows = shape.rows
    seconds = pair.ours.seconds("find", n_jobs=1)
    return Row("Python: memory of find beyond its arguments", shape.name, seconds,
               "≤ 32 bytes a row + 1 MiB", ours <= 32 * rows + 2**20,
               f"{ours / rows:.1f} bytes a row; cleanlab {theirs / rows:.0f}")


def measure_small(pair):
    pair.bench.say("python: small calls")
    times = pair.bench.alternate({"labelsieve": pair.our_run("small"),
                                  "cleanlab": pair.their_run("small")})
    took = times.median("labelsieve")
    return Row("Python: a call of get_label_quality_scores", "10×3", took, "≤ 10 µs",
               took <= 10e-6, f"{took * 1e6:.1f} µs", opponent="cleanlab",
               opponent_seconds=times.median("cleanlab"), samples=times.samples)


IMPORT = """
import sys, time, numpy
start = time.perf_counter()
__import__(sys.argv[1])
print(time.perf_counter() - start)
"""


def import_seconds(name):
    """What importing the package adds to NumPy's import, in a process of its own."""
    return float(subprocess.run([sys.executable, "-c", IMPORT, name], check=True, text=True,
                                capture_output=True).stdout)


def measure_import(bench):
    bench.say("python: import")
    times = bench.alternate({"labelsieve": ((lambda: import_seconds("labelsieve")), FAST_RUNS),
                             "cleanlab": ((lambda: import_seconds("cleanlab")), 1)})
    ours = times.median("labelsieve")
    return Row("Python: import, beyond NumPy's", "", ours, f"≤ {IMPORT_MS} ms",
               ours * 1e3 <= IMPORT_MS, f"{ours * 1e3:.1f} ms", opponent="cleanlab",
               opponent_seconds=times.median("cleanlab"), samples=times.samples)


def python(bench):
    """The speeds that the package promises, of calls from Python."""
    with Pair(bench) as pair:
        yield measure_import(bench)
        yield measure_small(pair)
        small = bench.shape(100_000, 10)
        pair.load(small)
        yield measure_self_confidence(pair, small)
        few = bench.shape(1_000_000, 10)
        yield from measure_find(pair, few, 150)
        yield measure_memory(pair, few)
        yield measure_self_confidence(pair, few)
        for method in ("normalized_margin", "confidence_weighted_entropy"):
            yield measure_score(pair, few, method, 10)
        yield measure_call(pair, few, "health_summary", "health", 100, compare_numbers)
        yield measure_call(pair, few, "LabelInspector, batches of 10,000", "inspect", 20,
                           compare_masks(0))
        yield from measure_tokens(pair)
        sets = bench.shape(100_000, 20)
        pair.load(sets, "load_sets", sets_of)
        yield measure_call(pair, sets, "multi-label find, lists of lists", "find_sets", 40,
                           compare_masks(0), theirs={"n_jobs": 1})
        yield from measure_find(pair, bench.shape(100_000, 1000), 25, most_sums=2)
        yield from measure_find(pair, bench.shape(200_000, 1000), 25, most_sums=2)


def measure_tokens(pair):
    """Our form of the data beside the faster of cleanlab's two."""
    shape = pair.bench.shape(1_100_000, 9)
    lengths = sentence_lengths(shape.rows, 50_000 // pair.bench.scale)
    pair.load(shape, "load_tokens", lengths=lengths)
    compare = compare_masks(TOKENS_ROUNDED)
    for name, form, least in (("flat with lengths", "flat", 100),
                              ("lists of lists", "lists", 15), ("lists of arrays", "arrays", 15)):
        their_form = "arrays" if form == "flat" else form
        yield measure_call(pair, shape, f"token find, {name}", "find_tokens", least, compare,
                           ours={"form": form}, theirs={"form": their_form})
