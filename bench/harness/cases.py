"""What is measured: one function for each group of rows that share their data.

Every function yields Row objects. A row says what labelsieve and its opponent took, how long the
pass took that only sums the matrix, and whether both sides found the same.
"""

import os
from dataclasses import dataclass, field

import numpy as np

from data import Shape, conll_of, csv_of, files_of, sentence_lengths, sets_of
from processes import peak_anonymous_bytes, seconds_of
from timing import alternate

FAST_RUNS = 5  # runs a round of what takes milliseconds

SAME_GIVEN_JOINT = (
    "cleanlab rounds its joint with sorts whose order of ties depends on the processor, and its "
    "thresholds to float32; given the same joint both must flag the same examples.")

CLIPPED_ENTROPY = (
    "cleanlab raises probabilities of the given label below 1e-6 to 1e-6 before it divides by "
    "them; labelsieve takes the limit (docs/definitions.md §1).")

SCORE_TOLERANCE = 1e-5  # cleanlab computes in float32 here


@dataclass
class Row:
    case: str
    shape: str
    seconds: float
    target: str
    reached: bool
    outcome: str  # in the unit of the target
    opponent: str = ""
    opponent_seconds: float | None = None
    sum_seconds: float | None = None
    matrix_bytes: int | None = None
    compared: bool = True  # the opponent does the same work: "times faster" makes sense
    same: str = ""
    agrees: bool = True  # both sides found the same, up to what a rule explains
    samples: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


@dataclass
class Bench:
    engine: object
    peer: object
    command: str  # path of the labelsieve command
    data: object  # folder of generated files
    scratch: object  # folder of results
    threads: int
    rounds: int
    scale: int  # rows are divided by this: 1 in a real run
    say: object
    sums: dict = field(default_factory=dict)  # shape → (engine's, NumPy's) seconds

    def shape(self, rows, classes, **more):
        return Shape(rows // self.scale, classes, **more)

    def load(self, shape, lengths=None):
        """The same arrays on both sides, as sentences of these lengths where they are given."""
        self.say(f"{shape.name} {shape.dtype}: data")
        files = files_of(shape, self.data)
        what, more = ("load", {}) if lengths is None else ("load_tokens", {"lengths": lengths})
        for side in (self.engine, self.peer):
            side.ask(what, labels=files.labels, pred_probs=files.pred_probs, **more)
        return files

    def alternate(self, contestants):
        return alternate(self.rounds, contestants)

    def engine_run(self, what, **request):
        return (lambda: self.engine.seconds(what, **request)), FAST_RUNS

    def peer_run(self, what, runs=1, **request):
        return (lambda: self.peer.seconds(what, **request)), runs

    def results_of(self, what, **request):
        """Both sides' results of the same request."""
        ours, theirs = (str(self.scratch / f"{side}.npy") for side in ("labelsieve", "peer"))
        self.engine.ask(what, save=ours, **request)
        self.peer.ask(what, save=theirs, **request)
        return np.load(ours), np.load(theirs)


def compare_masks(bench):
    """Whether cleanlab flags the same; if not, whether it does when given our joint."""
    ours, theirs = bench.results_of("find")
    differ = int((ours != theirs).sum())
    if differ == 0:
        return {"same": f"same {int(ours.sum()):,} issues"}
    joint, mask = str(bench.scratch / "joint.npy"), str(bench.scratch / "given_joint.npy")
    bench.engine.ask("find", save_joint=joint)
    bench.peer.ask("find", joint=joint, save=mask, n_jobs=1)
    differ_given = int((ours != np.load(mask)).sum())
    return {"same": f"{differ:,} of {int(ours.sum()):,} differ; {differ_given:,} given the same joint",
            "agrees": differ_given == 0, "notes": [SAME_GIVEN_JOINT]}


def compare_scores(bench, files, method):
    """Rows where the opponent clips by a rule of its own are counted, the others must agree."""
    ours, theirs = bench.results_of("score", method=method)
    differences = np.abs(ours - theirs)
    differ = np.flatnonzero(differences > SCORE_TOLERANCE)
    if method != "confidence_weighted_entropy" or differ.size == 0:
        return {"same": f"scores within {differences.max():.0e}", "agrees": differ.size == 0}
    labels = np.load(files.labels)
    given = np.load(files.pred_probs, mmap_mode="r")[differ, labels[differ]]
    unexplained = int((given >= 1e-6).sum())
    rest = np.delete(differences, differ).max()
    return {"same": f"{differ.size:,} differ, {unexplained:,} of them unclipped; "
                    f"others within {rest:.0e}",
            "agrees": unexplained == 0, "notes": [CLIPPED_ENTROPY]}


def measure_find(bench, shape):
    """The default find, in memory; cleanlab with either setting of n_jobs, the faster counts."""
    bench.say(f"{shape.name}: find")
    names = {"cleanlab, n_jobs=1": 1, "cleanlab, n_jobs default": None}
    contestants = {"labelsieve": bench.engine_run("find"), "sum": bench.engine_run("sum"),
                   "NumPy sum": bench.peer_run("sum", FAST_RUNS)}
    contestants |= {name: bench.peer_run("find", n_jobs=jobs) for name, jobs in names.items()}
    times = bench.alternate(contestants)
    opponent = times.fastest(names)
    bench.sums[shape] = (times.median("sum"), times.median("NumPy sum"))
    return Row(
        "default find", shape.name, times.median("labelsieve"), "", False, "",
        opponent=opponent, opponent_seconds=times.median(opponent),
        sum_seconds=times.median("sum"), matrix_bytes=shape.matrix_bytes,
        samples=times.samples, **compare_masks(bench))


def judge_by_ratio(row, least):
    ratio = row.opponent_seconds / row.seconds
    row.target, row.outcome = f"≥ {least}× cleanlab", f"{ratio:.0f}×"
    row.reached = ratio >= least
    return row


def judge_by_sum(row, most):
    ratio = row.seconds / row.sum_seconds
    row.target, row.outcome = f"≤ {most:g}× the summing pass", f"{ratio:.2f}×"
    row.reached = ratio <= most
    return row


def measure_automatic_find(bench, shape):
    """The automatic filter beside the default one."""
    bench.say(f"{shape.name}: find, auto")
    times = bench.alternate({"auto": bench.engine_run("find", filter_by="auto"),
                             "default": bench.engine_run("find"),
                             "sum": bench.engine_run("sum")})
    ours, default = times.median("auto"), times.median("default")
    return Row(
        "find, `filter_by=auto`", shape.name, ours, "≤ 4× the default find", ours <= 4 * default,
        f"{ours / default:.2f}×", opponent="default find", opponent_seconds=default,
        sum_seconds=times.median("sum"), matrix_bytes=shape.matrix_bytes, compared=False,
        samples=times.samples)


def measure_score(bench, files, method):
    shape = files.shape
    bench.say(f"{shape.name}: {method}")
    times = bench.alternate({
        "labelsieve": bench.engine_run("score", method=method),
        "sum": bench.engine_run("sum"),
        "cleanlab": bench.peer_run("score", method=method),
    })
    return Row(
        method, shape.name, times.median("labelsieve"), "", False, "",
        opponent="cleanlab", opponent_seconds=times.median("cleanlab"),
        sum_seconds=times.median("sum"), matrix_bytes=shape.matrix_bytes,
        samples=times.samples, **compare_scores(bench, files, method))


def measure_self_confidence(bench, files):
    shape = files.shape
    bench.say(f"{shape.name}: self_confidence")
    times = bench.alternate({
        "labelsieve": bench.engine_run("score", method="self_confidence"),
        "NumPy": bench.peer_run("fancy_index", FAST_RUNS),
    })
    ours, theirs = times.median("labelsieve"), times.median("NumPy")
    return Row(
        "self_confidence", shape.name, ours, "never slower than NumPy's fancy indexing",
        ours <= theirs, f"{theirs / ours:.2f}×", opponent="NumPy", opponent_seconds=theirs,
        samples=times.samples, **compare_scores(bench, files, "self_confidence"))


def few_classes(bench):
    """1,000,000×10: find, the scores, and the command on the same files."""
    shape = bench.shape(1_000_000, 10)
    files = bench.load(shape)
    yield judge_by_ratio(measure_find(bench, shape), 150)
    yield measure_automatic_find(bench, shape)
    yield judge_by_sum(measure_score(bench, files, "normalized_margin"), 3)
    yield measure_self_confidence(bench, files)
    yield from measure_command(bench, files)
    yield measure_memory(bench, files, strict=True)
    yield measure_csv(bench, files)
    small = bench.shape(100_000, 10)
    yield measure_self_confidence(bench, bench.load(small))


def hundred_classes(bench):
    shape = bench.shape(1_000_000, 100)
    files = bench.load(shape)
    yield judge_by_sum(measure_score(bench, files, "normalized_margin"), 1.5)


def thousand_classes(bench):
    shape = bench.shape(100_000, 1000)
    files = bench.load(shape)
    yield judge_by_sum(measure_find(bench, shape), 2)
    yield measure_automatic_find(bench, shape)
    yield judge_by_sum(measure_score(bench, files, "normalized_margin"), 1.5)
    yield measure_self_confidence(bench, files)
    yield judge_by_ratio(measure_score(bench, files, "confidence_weighted_entropy"), 20)


def thousand_classes_twice_the_rows(bench):
    shape = bench.shape(200_000, 1000)
    files = bench.load(shape)
    yield judge_by_sum(measure_find(bench, shape), 2)
    yield measure_memory(bench, files, strict=False)


def find_command(bench, files):
    """With the filter that the engine's find has; the command's own default is another."""
    return [bench.command, "find", "--labels", files.labels, "--pred-probs", files.pred_probs,
            "--filter-by", "prune_by_noise_rate",
            "--threads", str(bench.threads), "--quiet", "-o", str(bench.scratch / "mask.npy")]


def measure_command(bench, files):
    """A whole run of the command, beside the same work in memory and beside its bare start."""
    bench.say(f"{files.shape.name}: command")
    find, start = find_command(bench, files), [bench.command, "--version"]
    times = bench.alternate({
        "command": ((lambda: seconds_of(find)), FAST_RUNS),
        "in memory": bench.engine_run("find"),
        "start": ((lambda: seconds_of(start)), FAST_RUNS),
        "/bin/true": ((lambda: seconds_of(["/bin/true"])), FAST_RUNS),
    })
    whole, memory, begin = (times.median(name) for name in ("command", "in memory", "start"))
    masks = str(bench.scratch / "labelsieve.npy")
    bench.engine.ask("find", save=masks)
    same = np.array_equal(np.load(masks), np.load(bench.scratch / "mask.npy"))
    limit = 2 * memory + begin
    yield Row(
        "command, .npy files, `-o mask.npy`", files.shape.name, whole,
        "≤ 2× the in-memory time + its start", whole <= limit,
        f"{whole * 1e3:.1f} ms of {limit * 1e3:.1f}", opponent="find in memory",
        opponent_seconds=memory, compared=False, matrix_bytes=files.shape.matrix_bytes,
        same="same mask as in memory" if same else "MASKS DIFFER", agrees=same,
        samples=times.samples)
    yield Row(
        "start: `labelsieve --version`", "", begin, "≤ 15 ms", begin <= 0.015,
        f"{begin * 1e3:.1f} ms", opponent="/bin/true",
        opponent_seconds=times.median("/bin/true"), compared=False, samples=times.samples)


def measure_memory(bench, files, strict):
    """Anonymous memory of the command at its peak: the mapped input is not part of it."""
    bench.say(f"{files.shape.name}: memory of the command")
    find = find_command(bench, files)
    seconds = seconds_of(find)
    peak = peak_anonymous_bytes(find, runs=20 if strict else 5)
    rows, k = files.shape.rows, files.shape.classes
    # The joint may take a few words for each pair it can hold; a fixed part belongs to the program.
    pairs = 0 if strict else 32 * min(k * k, rows)
    fixed = 2**20
    limit = 32 * rows + pairs + fixed
    target = "≤ 32 bytes a row + 1 MiB" if strict else "≤ 32 bytes a row + 32 · min(K², N) + 1 MiB"
    return Row(
        "command, memory beyond the mapped input", f"{files.shape.name}", seconds, target,
        peak <= limit, f"{peak / rows:.1f} bytes a row, {peak / 2**20:.1f} MiB")


def very_many_classes(bench):
    """50,000 classes in half precision; cleanlab's joint alone would take 20 GB."""
    shape = bench.shape(20_000, 50_000, dtype="float16", zipf=True)
    bench.say(f"{shape.name} float16: data")
    files = files_of(shape, bench.data)
    find = find_command(bench, files)
    bench.say(f"{shape.name} float16: command")
    times = bench.alternate({"command": ((lambda: seconds_of(find)), 1)})
    peak = peak_anonymous_bytes(find, runs=3)
    issues = int(np.load(bench.scratch / "mask.npy").sum())
    # A dense joint of bytes would be 2.5 GB: a tenth of that cannot hide one.
    reached = peak < shape.classes**2 / 10
    return [Row(
        "command, very many classes, float16", shape.name, times.median("command"),
        "works, no K×K array", reached, f"{peak / 2**20:.1f} MiB beyond the input",
        matrix_bytes=shape.matrix_bytes, same=f"{issues:,} issues; cleanlab would need 20 GB",
        samples=times.samples)]


def load_sets(bench, shape):
    bench.say(f"{shape.name} sets: data")
    files = sets_of(shape, bench.data)
    for side in (bench.engine, bench.peer):
        side.ask("load_sets", labels=files.labels, pred_probs=files.pred_probs)
    return files


def measure_sets(bench, shape, what, name, least):
    """Multi-label find or scores; cleanlab with one process, which is its fastest here."""
    bench.say(f"{shape.name}: {name}")
    times = bench.alternate({"labelsieve": bench.engine_run(what), "cleanlab": bench.peer_run(what)})
    ours, theirs = bench.results_of(what)
    differ = int((np.abs(ours.astype(float) - theirs) > SCORE_TOLERANCE).sum())
    same = f"same {int(ours.sum()):,} issues" if ours.dtype == bool else (
        f"scores within {np.abs(ours - theirs).max():.0e}")
    return judge_by_ratio(Row(
        name, shape.name, times.median("labelsieve"), "", False, "",
        opponent="cleanlab", opponent_seconds=times.median("cleanlab"),
        matrix_bytes=shape.matrix_bytes, samples=times.samples,
        same=same if differ == 0 else f"{differ:,} DIFFER", agrees=differ == 0), least)


def multilabel(bench):
    """Sets of labels: 100,000×20 and 10,000×500."""
    shape = bench.shape(100_000, 20)
    load_sets(bench, shape)
    yield measure_sets(bench, shape, "find_sets", "multi-label find", 80)
    yield measure_sets(bench, shape, "score_sets", "multi-label scores", 50)
    shape = bench.shape(10_000, 500)
    load_sets(bench, shape)
    yield measure_sets(bench, shape, "find_sets", "multi-label find", 200)


def measure_csv(bench, files):
    bench.say(f"{files.shape.name}: CSV")
    file = csv_of(files, bench.data)
    times = bench.alternate({
        "labelsieve": bench.engine_run("read", file=file),
        "pandas": bench.peer_run("read", file=file),
    })
    ours, theirs = times.median("labelsieve"), times.median("pandas")
    original = np.load(files.pred_probs).reshape(-1)
    read = bench.results_of("read", file=file)
    wrong = [int((side.astype(np.float32) != original).sum()) for side in read]
    return Row(
        "read CSV", files.shape.name, ours, "≥ 4× pandas.read_csv (C engine)",
        theirs / ours >= 4, f"{theirs / ours:.1f}×", opponent="pandas", opponent_seconds=theirs,
        same=f"within {np.abs(read[0] - read[1]).max():.0e}; not the float32 that was written: "
             f"{wrong[0]:,} here, {wrong[1]:,} pandas",
        agrees=wrong[0] == 0, samples=times.samples)


def compare_token_masks(bench, what):
    ours, theirs = bench.results_of(what)
    differ = int((ours != theirs).sum())
    same = f"same {int(ours.sum()):,} tokens" if differ == 0 else \
        f"{differ:,} of {int(ours.sum()):,} differ"
    # The rounding of cleanlab's joint moves a few of each pair of classes.
    most = 2 * 9 * 9
    return {"same": same, "agrees": differ <= most, "notes": [SAME_GIVEN_JOINT] if differ else []}


def measure_token_call(bench, files, case, what, least, peers, compare):
    """One call of both sides on the sentences they hold; the fastest of the peer's ways counts."""
    shape = files.shape
    bench.say(f"{shape.name} tokens: {case}")
    contestants = {"labelsieve": bench.engine_run(what)}
    contestants |= {name: bench.peer_run(what, **options) for name, options in peers.items()}
    times = bench.alternate(contestants)
    opponent = times.fastest(peers)
    return judge_by_ratio(Row(
        case, shape.name, times.median("labelsieve"), "", False, "", opponent=opponent,
        opponent_seconds=times.median(opponent), matrix_bytes=shape.matrix_bytes,
        samples=times.samples, **compare(bench, what)), least)


def compare_sentence_scores(bench, what):
    ours, theirs = bench.results_of(what)
    most = np.abs(ours - theirs).max()
    return {"same": f"scores within {most:.0e}", "agrees": bool(most <= SCORE_TOLERANCE)}


def measure_conll(bench, files, lengths):
    bench.say(f"{files.shape.name} tokens: CoNLL")
    file = conll_of(files, lengths, bench.data)
    megabytes = os.path.getsize(file) / 1e6
    times = bench.alternate({
        "labelsieve": bench.engine_run("read_tokens", file=file),
        "Python": bench.peer_run("read_tokens", file=file),
    })
    ours = times.median("labelsieve")
    read = bench.results_of("read_tokens", file=file)
    same = np.array_equal(*read)
    return Row(
        "read CoNLL, four columns", f"{files.shape.rows:,} tokens, {megabytes:.0f} MB", ours,
        "≥ 200 MB/s", megabytes / ours >= 200, f"{megabytes / ours:.0f} MB/s",
        opponent="a loop over lines in Python", opponent_seconds=times.median("Python"),
        same="same tags" if same else "TAGS DIFFER", agrees=same, samples=times.samples)


def tokens(bench):
    """1,100,000 tokens in 50,000 sentences, 9 classes."""
    shape = bench.shape(1_100_000, 9)
    lengths = sentence_lengths(shape.rows, 50_000 // bench.scale)
    files = bench.load(shape, lengths=lengths)
    jobs = {"cleanlab, n_jobs=1": {"n_jobs": 1}, "cleanlab, n_jobs default": {}}
    yield measure_token_call(bench, files, "token find", "find_tokens", 100, jobs,
                             compare_token_masks)
    yield measure_token_call(bench, files, "token scores, sentences by softmin",
                             "score_sentences", 100, {"cleanlab": {}}, compare_sentence_scores)
    yield measure_token_call(bench, files, "span find, one class", "find_span_tokens", 100,
                             {"cleanlab": {}}, compare_token_masks)
    yield measure_conll(bench, files, lengths)


GROUPS = {
    "few": few_classes,
    "hundred": hundred_classes,
    "thousand": thousand_classes,
    "thousand-200k": thousand_classes_twice_the_rows,
    "very-many": very_many_classes,
    "tokens": tokens,
    "multilabel": multilabel,
}
