"""Tokens, sentences and spans of files: the command against cleanlab's functions for them."""

import json
import subprocess
import zlib

import numpy as np
import pytest
from cleanlab.count import compute_confident_joint
from cleanlab.experimental import span_classification
from cleanlab.token_classification import filter as token_filter
from cleanlab.token_classification import rank as token_rank
from cleanlab.token_classification import summary as token_summary

from conftest import REAL_NOISE, command_path, fair_rows, flipped, tied_rows

FILTERS = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning",
           "predicted_neq_given", "low_self_confidence", "low_normalized_margin"]
METHODS = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]


class TokenCase:
    """Sentences in a file of two columns, probabilities beside it, and the command run on both."""

    def __init__(self, folder, words, labels, pred_probs, lengths, names):
        self.folder, self.words, self.names = folder, words, list(names)
        self.labels, self.pred_probs = np.asarray(labels), pred_probs
        self.offsets = np.concatenate([[0], np.cumsum(lengths)])
        lines = []
        for start, end in zip(self.offsets, self.offsets[1:]):
            lines += [f"{words[i]} {self.names[self.labels[i]]}\n" for i in range(start, end)]
            lines.append("\n")
        self.file = folder / "sentences.conll"
        self.file.write_text("".join(lines), encoding="utf-8")
        np.save(folder / "pred_probs.npy", pred_probs)
        (folder / "names.txt").write_text("\n".join(self.names) + "\n", encoding="utf-8")

    def run(self, subcommand, *options):
        """With the reference's filter and method, where the options name no other."""
        filters = [] if {"--filter-by", "--below"} & set(options) else ["--filter-by", FILTERS[0]]
        methods = [] if "--method" in options else ["--method", METHODS[0]]
        return self.run_as_it_is(subcommand, *filters, *methods, *options)

    def run_as_it_is(self, subcommand, *options):
        line = [command_path(), subcommand, str(self.file), "--pred-probs",
                str(self.folder / "pred_probs.npy"), "--class-names",
                str(self.folder / "names.txt"), "--quiet", *map(str, options)]
        if "-o" not in options:
            line += ["--format", "json"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(line)}\n{done.stderr}"
        return json.loads(done.stdout) if "-o" not in options else None

    def array(self, subcommand, *options):
        self.run(subcommand, *options, "-o", self.folder / "out.npy")
        return np.load(self.folder / "out.npy")

    def found(self, *options):
        return [(row["sentence"], row["token"]) for row in self.run("find", *options)["issues"]]

    def nested(self, flat):
        return [flat[start:end] for start, end in zip(self.offsets, self.offsets[1:])]

    @property
    def nested_labels(self):
        return [list(map(int, part)) for part in self.nested(self.labels)]

    @property
    def nested_words(self):
        return [list(part) for part in self.nested(self.words)]


def make(kind):
    rng = np.random.default_rng(zlib.crc32(kind.encode()))
    k = 2 if kind == "two" else 5
    lengths = rng.integers(1, 30, 60)
    if kind == "single_tokens":
        lengths = np.ones(300, dtype=int)
    n = int(lengths.sum())
    truth = np.minimum((rng.random(n) ** 3 * k).astype(int), k - 1)
    labels = flipped(rng, truth, k) if k > 2 else np.where(rng.random(n) < .1, 1 - truth, truth)
    labels[:k] = np.arange(k)
    if kind == "absent":
        labels = np.where(labels == 3, 0, labels)
    rows = tied_rows(rng, truth, k) if kind == "tied" else fair_rows(rng, truth, k)
    rows = rows * 0.99 + 0.01 / k  # §1: saturated rows are where cleanlab clips
    words = [f"w{i}" for i in rng.integers(0, 40, n)]
    return words, labels, rows, lengths, [f"t{c}" for c in range(k)]


@pytest.fixture(params=["fair", "tied", "absent", "two", "single_tokens"])
def case(request, tmp_path):
    return TokenCase(tmp_path, *make(request.param))


def in_order(case, pairs, method):
    """cleanlab's pairs ranked by our scores: its ties fall as its sort likes."""
    scores = case.nested(case.array("score", "--method", method))
    return sorted(((int(i), int(j)) for i, j in pairs), key=lambda p: (scores[p[0]][p[1]], p))


@pytest.mark.parametrize("filter_by", FILTERS)
def test_found_tokens(case, filter_by):
    theirs = token_filter.find_label_issues(case.nested_labels, case.nested(case.pred_probs),
                                            filter_by=filter_by, n_jobs=1)
    assert case.found("--filter-by", filter_by) == in_order(case, theirs, "self_confidence")


@pytest.mark.parametrize("method", METHODS)
def test_rankings(case, method):
    theirs = token_filter.find_label_issues(case.nested_labels, case.nested(case.pred_probs),
                                            return_indices_ranked_by=method, n_jobs=1)
    assert case.found("--method", method) == in_order(case, theirs, method)


@pytest.mark.parametrize("options, names", [
    (["--frac-noise", 0.5], {"frac_noise": 0.5}),
    (["--min-examples-per-class", 30], {"min_examples_per_class": 30}),
])
def test_options(case, options, names):
    theirs = token_filter.find_label_issues(case.nested_labels, case.nested(case.pred_probs),
                                            n_jobs=1, **names)
    assert case.found(*options) == in_order(case, theirs, "self_confidence")


def test_given_joint_and_numbers(case):
    joint = compute_confident_joint(case.labels, case.pred_probs)
    np.save(case.folder / "joint.npy", joint)
    remove = [2] * len(case.names)
    for options, names in (
            (["--joint", case.folder / "joint.npy"], {"confident_joint": joint}),
            (["--num-to-remove-per-class", ",".join(map(str, remove))],
             {"num_to_remove_per_class": remove})):
        theirs = token_filter.find_label_issues(case.nested_labels, case.nested(case.pred_probs),
                                                n_jobs=1, **names)
        assert case.found(*options) == in_order(case, theirs, "self_confidence")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sentence_method, flags, names", [
    ("min", [], {}),
    ("softmin", [], {}),
    ("softmin", ["--temperature", 0.5], {"temperature": 0.5}),
])
def test_scores(case, method, sentence_method, flags, names):
    sentences, tokens = token_rank.get_label_quality_scores(
        case.nested_labels, case.nested(case.pred_probs), token_score_method=method,
        sentence_score_method=sentence_method, sentence_score_kwargs=names)
    np.testing.assert_allclose(case.array("score", "--method", method),
                               np.concatenate([np.asarray(part) for part in tokens]),
                               rtol=0, atol=1e-12)
    ours = case.array("score", "--by", "sentence", "--method", method, "--sentence-method",
                      sentence_method, *flags)
    np.testing.assert_allclose(ours, sentences, rtol=0, atol=1e-11)


def test_our_own_sentence_methods(case):
    tokens = case.nested(case.array("score"))
    for method, value in (("mean", np.mean), ("expected_errors", lambda s: np.sum(1 - s)),
                          ("bad_token_fraction", lambda s: 1 - np.mean(s < 0.3))):
        flags = ["--bad-score", 0.3] if method == "bad_token_fraction" else []
        ours = case.array("score", "--by", "sentence", "--sentence-method", method, *flags)
        np.testing.assert_allclose(ours, [value(part) for part in tokens], rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("threshold", [0.05, 0.1, 0.6])
def test_issues_below(case, threshold):
    sentences, tokens = token_rank.get_label_quality_scores(case.nested_labels,
                                                            case.nested(case.pred_probs))
    theirs = token_rank.issues_from_scores(sentences, token_scores=tokens, threshold=threshold)
    assert case.found("--below", threshold) == in_order(case, theirs, "self_confidence")
    theirs = token_rank.issues_from_scores(sentences, threshold=threshold)
    ours = case.run("find", "--by", "sentence", "--below", threshold)["issues"]
    assert [row["sentence"] for row in ours] == sorted(map(int, theirs),
                                                       key=lambda s: (sentences[s], s))


def test_common_issues(case):
    found = case.found()
    if not found:
        pytest.skip("no issues to count")
    table = token_summary.common_label_issues(
        found, case.nested_words, labels=case.nested_labels,
        pred_probs=case.nested(case.pred_probs), class_names=case.names, top=10 ** 6,
        verbose=False)
    theirs = {(row.token, row.given_label, row.predicted_label): row.num_label_issues
              for row in table.itertuples()}
    health = case.run("health")
    assert {(row["text"], row["given_label"], row["suggested_label"]): row["num_issues"]
            for row in health["common_word_pairs"]} == theirs
    assert sum(row["num_issues"] for row in health["common_words"]) == len(found)
    assert sum(row["num_issues"] for row in health["common_pairs"]) == len(found)


def test_issues_of_a_word(case):
    theirs = token_summary.filter_by_token("W7", case.found(), case.nested_words)
    assert case.found("--word", "W7") == [tuple(map(int, pair)) for pair in theirs]


def test_excluded_pairs(case):
    rows = case.run("find")["issues"]
    kept = [row for row in rows if (row["given_label"], row["suggested_label"]) != ("t0", "t1")]
    assert case.found("--exclude", "t0:t1") == [(row["sentence"], row["token"]) for row in kept]


@pytest.fixture(params=["wide", "flat", "half"])
def binary_case(request, tmp_path):
    """One kind of span: a 0/1 label and one probability a token."""
    rng = np.random.default_rng(5)
    lengths = rng.integers(1, 25, 80)
    n = int(lengths.sum())
    truth = (rng.random(n) < 0.3).astype(int)
    inside = np.clip(np.where(truth == 1, 0.75, 0.2) + rng.normal(0, 0.15, n), 0, 1)
    labels = np.where(rng.random(n) < 0.08, 1 - truth, truth)
    column = {"wide": inside[:, None], "flat": inside,
              "half": inside.astype(np.float16)}[request.param]
    words = [f"w{i}" for i in rng.integers(0, 40, n)]
    return TokenCase(tmp_path, words, labels, column, lengths, ["0", "1"])


def test_one_kind_of_span(binary_case):
    case = binary_case
    inside = np.ravel(case.pred_probs).astype(np.float64)
    if case.pred_probs.dtype == np.float16:  # 1 - p is taken in single precision
        inside = np.ravel(case.pred_probs).astype(np.float32)
    nested = case.nested(inside)
    theirs = span_classification.find_label_issues(case.nested_labels, nested)
    assert case.found() == in_order(case, theirs, "self_confidence")
    for method in ("min", "softmin"):
        sentences, tokens = span_classification.get_label_quality_scores(
            case.nested_labels, nested, sentence_score_method=method)
        np.testing.assert_allclose(case.array("score"), np.concatenate(tokens), rtol=0, atol=1e-7)
        np.testing.assert_allclose(
            case.array("score", "--by", "sentence", "--sentence-method", method), sentences,
            rtol=0, atol=1e-6)


def test_runs_of_ones_are_spans(binary_case):
    case = binary_case
    spans = [(row["sentence"], row["start"], row["end"], row["type"])
             for row in case.run("score", "--by", "span")["spans"]]
    theirs = []
    for s, labels in enumerate(case.nested_labels):
        edges = np.flatnonzero(np.diff([0, *labels, 0]))
        theirs += [(s, int(a), int(b), "1") for a, b in zip(edges[::2], edges[1::2])]
    assert spans == theirs


def split(case, parts, folder):
    """Files that hold some of the sentences each, in the order given."""
    cases = []
    for number, part in enumerate(parts):
        rows = np.concatenate([np.arange(case.offsets[s], case.offsets[s + 1]) for s in part])
        target = folder / f"part{number}"
        target.mkdir()
        cases.append(TokenCase(target, [case.words[r] for r in rows], case.labels[rows],
                               case.pred_probs[rows],
                               [case.offsets[s + 1] - case.offsets[s] for s in part], case.names))
    return cases


def test_scores_of_two_files_are_those_of_one(case, tmp_path):
    """Whatever does not depend on the whole corpus: scores, and the filter by argmax."""
    half = (len(case.offsets) - 1) // 2
    parts = split(case, [range(half), range(half, len(case.offsets) - 1)], tmp_path)
    for options in ([], ["--by", "sentence"], ["--by", "span"]):
        np.testing.assert_array_equal(
            np.concatenate([part.array("score", *options) for part in parts]),
            case.array("score", *options))
    for options in (["--filter-by", "predicted_neq_given"], ["--below", 0.2]):
        np.testing.assert_array_equal(
            np.concatenate([part.array("find", *options) for part in parts]),
            case.array("find", *options))


@pytest.mark.parametrize("unit", ["token", "sentence", "span"])
def test_order_of_sentences_changes_only_numbers(tmp_path, unit):
    case = TokenCase(tmp_path, *make("fair"))
    order = np.random.default_rng(1).permutation(len(case.offsets) - 1)
    shuffled, = split(case, [order], tmp_path)

    def issues(of, back):
        rows = of.run("find", "--by", unit)["issues"]
        for row in rows:
            row["sentence"] = int(back[row["sentence"]])
            del row["rank"], row["source_line"]
        return sorted(json.dumps(row, sort_keys=True) for row in rows)

    assert issues(shuffled, order) == issues(case, np.arange(len(order)))


REAL = ["noisebench-expert", "noisebench-crowd", "noisebench-distant", "conll2003-dev-vs-cleanconll"]


@pytest.fixture(scope="module", params=REAL)
def real(request, tmp_path_factory):
    folder = REAL_NOISE / request.param
    if not (folder / "tokens.txt").is_file():
        pytest.skip(f"no folder {folder}; set LABELSIEVE_REAL_NOISE to where the sets are")
    words = (folder / "tokens.txt").read_text(encoding="utf-8").split("\n")
    labels = np.load(folder / "labels.npy")
    words = [word.replace(" ", "_") or "_" for word in words[:len(labels)]]
    names = (folder / "classes.txt").read_text(encoding="utf-8").split()
    return TokenCase(tmp_path_factory.mktemp("real"), words, labels,
                     np.clip(np.load(folder / "pred_probs.npy"), 0, 1),
                     np.load(folder / "sentence_lengths.npy"), names)


@pytest.mark.parametrize("filter_by", FILTERS)
def test_real_flags(real, filter_by):
    joint = compute_confident_joint(real.labels, real.pred_probs)
    np.save(real.folder / "joint.npy", joint)
    prunes = filter_by in FILTERS[:3]
    theirs = token_filter.find_label_issues(
        real.nested_labels, real.nested(real.pred_probs), filter_by=filter_by, n_jobs=1,
        **({"confident_joint": joint} if prunes else {}))
    ours = real.found("--filter-by", filter_by,
                      *(["--joint", real.folder / "joint.npy"] if prunes else []))
    assert sorted(ours) == sorted((int(i), int(j)) for i, j in theirs)


def test_real_sentence_scores(real):
    for method in ("min", "softmin"):
        theirs, _ = token_rank.get_label_quality_scores(
            real.nested_labels, real.nested(real.pred_probs), sentence_score_method=method)
        ours = real.array("score", "--by", "sentence", "--sentence-method", method)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)
