"""Sentences: whole outputs, selection, columns, and what is refused."""

import csv
import io
import json
import os
import shutil

import numpy as np
import pytest
from conftest import DATA, HERE
from test_golden import without_version
from test_output import on_terminal

GOLDEN = HERE / "golden_tokens"
FILES = ("sentences.conll", "--pred-probs", "sentences.csv")
NOTE = ("labelsieve: note: 1 tag is not legal in iob2, the first in sentences.conll, line 108: I-LOC "
        "continues a span that is not there; labelsieve find --by transition lists them\n")

# What the command did before the automatic method, and what cleanlab does.
REFERENCE = ("--filter-by", "prune_by_noise_rate", "--method", "self_confidence")

RUNS = {
    "find_table": "find",
    "find_reference": f"find {' '.join(REFERENCE)} --format csv",
    "find_csv": "find --format csv",
    "find_jsonl": "find --format jsonl",
    "find_json": "find --format json --top 2",
    "find_none": "find --threshold 0.0001",
    "find_below": "find --below 0.04",
    "sentence_table": "find --by sentence --sentence-method softmin",
    "sentence_csv": "find --by sentence --sentence-method expected_errors --format csv",
    "sentence_json": "find --by sentence --below 0.02 --format json",
    "span_table": "find --by span",
    "span_reference": f"find --by span {' '.join(REFERENCE)} --format csv",
    "span_mean": "find --by span --sentence-method mean --format csv",
    "span_csv": "find --by span --format csv",
    "span_json": "find --by span --format json",
    "transition_table": "find --by transition",
    "transition_csv": "find --by transition --format csv",
    "score_csv": "score --format csv",
    "score_sentence": "score --by sentence --sentence-method bad_token_fraction --format csv",
    "score_sentence_csv": "score --by sentence --format csv",
    "score_span": "score --by span",
    "health_table": "health",
    "health_json": "health --format json",
    "joint_csv": "joint --format csv",
    "inspect_table": "inspect",
    "inspect_json": "inspect --format json",
}


@pytest.fixture
def sentences(run, tmp_path):
    """21 invented sentences, 142 tokens, 8 wrong tags, one of them illegal; run(…) on them."""
    for name in ("sentences.conll", "sentences.csv"):
        shutil.copy(DATA / name, tmp_path / name)

    def call(subcommand, *options, **keywords):
        return run(subcommand, *FILES, *options, **keywords)

    return call


def compare(name, output):
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(output, encoding="utf-8", newline="")
    with golden.open(encoding="utf-8", newline="") as stream:
        assert output == stream.read()


@pytest.mark.parametrize("name", RUNS)
def test_output_is_the_golden_one(name, sentences):
    result = sentences(*RUNS[name].split())
    assert result.returncode == 0, result.stderr
    quiet = "inspect" in name or "transition" in name
    assert result.stderr == ("" if quiet else NOTE)
    compare(name, without_version(result.stdout))


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("unit", ["token", "sentence", "span", "transition"])
def test_terminal(sentences, tmp_path, unit, columns):
    code, output = on_terminal(["find", *FILES, "--by", unit], tmp_path, columns)
    assert code == 0
    compare(f"terminal_{unit}_{columns}", output)


def test_tags_alone(run, sentences):
    compare("tags_inspect", run("inspect", "sentences.conll").stdout)
    assert (run("find", "sentences.conll", "--by", "transition").stdout ==
            sentences("find", "--by", "transition").stdout)
    result = run("find", "sentences.conll")
    assert result.returncode == 2
    assert "--pred-probs" in result.stderr and "142 tokens" in result.stderr


def test_every_golden_file_has_its_run():
    terminals = {f"terminal_{unit}_{columns}" for columns in (80, 120)
                 for unit in ("token", "sentence", "span", "transition")}
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*RUNS, *terminals, "tags_inspect"}


@pytest.mark.parametrize("name", ["find_json", "sentence_json", "span_json", "health_json"])
@pytest.mark.parametrize("threads", [1, 3])
def test_threads_change_no_byte(name, threads, sentences):
    once = sentences(*RUNS[name].split())
    assert sentences(*RUNS[name].split(), "--threads", threads).stdout == once.stdout


def rows_of(result):
    return list(csv.DictReader(io.StringIO(result.stdout)))


COLUMNS = {
    "token": "rank sentence token text given_label suggested_label label_quality source_line "
             "sentence_text",
    "sentence": "rank sentence num_tokens num_issues label_quality source_line sentence_text",
    "span": "rank sentence issue_type given_start given_end given_type suggested_start "
            "suggested_end suggested_type label_quality text source_line",
    "transition": "rank sentence token text issue_type given_label suggested_label source_file "
                  "source_line sentence_text",
}


@pytest.mark.parametrize("unit", COLUMNS)
def test_columns(sentences, unit):
    header = sentences("find", "--by", unit, "--format", "csv").stdout.splitlines()[0]
    assert header.split(",") == COLUMNS[unit].split()


def test_source_lines_hold_the_words(sentences, tmp_path):
    lines = (tmp_path / "sentences.conll").read_text(encoding="utf-8").split("\n")
    for row in rows_of(sentences("score", "--format", "csv")):
        assert lines[int(row["source_line"]) - 1] == f"{row['text']} {row['given_label']}"


@pytest.mark.parametrize("unit, size", [("token", 142), ("sentence", 21), ("span", 142),
                                        ("transition", 142)])
def test_masks(sentences, tmp_path, unit, size):
    issues = rows_of(sentences("find", "--by", unit, "--format", "csv"))
    assert sentences("find", "--by", unit, "--top", "1", "-o", "m.npy").returncode == 0
    mask = np.load(tmp_path / "m.npy")
    assert (mask.dtype, mask.shape) == (bool, (size,))
    if unit == "span":
        def edges(row, edge):
            texts = (row[f"given_{edge}"], row[f"suggested_{edge}"])
            return [int(text) for text in texts if text]

        assert mask.sum() == sum(max(edges(row, "end")) - min(edges(row, "start"))
                                 for row in issues)
    else:
        assert mask.sum() == len(issues)


@pytest.mark.parametrize("unit, size", [("token", 142), ("sentence", 21), ("span", 35)])
def test_score_arrays(sentences, tmp_path, unit, size):
    assert sentences("score", "--by", unit, "-o", "s.npy").returncode == 0
    scores = np.load(tmp_path / "s.npy")
    rows = rows_of(sentences("score", "--by", unit, "--format", "csv"))
    assert scores.tolist() == [float(row["label_quality"]) for row in rows]
    assert len(scores) == size


def test_selection(sentences, tmp_path):
    def words(*options):
        result = sentences("find", *REFERENCE, "--format", "csv", *options)
        assert result.returncode == 0, result.stderr
        return [row["text"] for row in rows_of(result)]

    assert words() == ["Northwind", "Sand", "Paul", "Cape", "Lima"]
    assert words("--class", "B-PER") == ["Sand", "Lima"]
    assert words("--exclude", "B-PER:B-LOC", "--exclude", "O:B-PER") == ["Northwind", "Sand", "Cape"]
    assert words("--threshold", "0.01") == ["Northwind", "Sand", "Paul"]
    assert words("--word", "LIMA", "--word", "cape") == ["Cape", "Lima"]
    (tmp_path / "checked.txt").write_text("5:0  # a place\n10\n99\n13:77\n")
    assert words("--ignore", "checked.txt") == ["Cape", "Lima"]
    note = sentences("find", "--ignore", "checked.txt").stderr
    assert "2 of 4 entries name no sentence or token" in note and 'line 3 ("99")' in note


def test_selection_of_spans(sentences, tmp_path):
    def spans(*options):
        result = sentences("find", "--by", "span", *REFERENCE, "--format", "csv", *options)
        assert result.returncode == 0, result.stderr
        return [row["text"] for row in rows_of(result)]

    assert spans() == ["Northwind Airlines", "Paul Sand", "Cape Verde", "Lima"]
    assert spans("--class", "LOC") == ["Northwind Airlines", "Cape Verde"]
    assert spans("--exclude", "PER:LOC") == ["Northwind Airlines", "Paul Sand", "Cape Verde"]
    assert spans("--exclude", "O:PER") == spans()
    assert spans("--word", "verde") == ["Cape Verde"]
    assert spans("--threshold", "0.012") == ["Northwind Airlines", "Paul Sand"]
    (tmp_path / "checked.txt").write_text("5\n10:1\n")
    assert spans("--ignore", "checked.txt") == ["Cape Verde", "Lima"]


def test_selection_of_sentences(sentences, tmp_path):
    def found(*options):
        result = sentences("find", "--by", "sentence", *REFERENCE, "--format", "csv", *options)
        assert result.returncode == 0, result.stderr
        return [int(row["sentence"]) for row in rows_of(result)]

    assert found() == [5, 10, 12, 13]
    assert found("--class", "O") == [10, 12]
    assert found("--threshold", "0.012") == [5, 10]
    (tmp_path / "checked.txt").write_text("5\n10:0\n10:1\n")
    assert found("--ignore", "checked.txt") == [12, 13]


def test_fail_on_counts_what_is_listed(sentences):
    assert sentences("find", *REFERENCE, "--fail-on", "5").returncode == 0
    assert sentences("find", *REFERENCE, "--fail-on", "4").returncode == 1
    assert sentences("find", "--by", "transition", "--fail-on", "0").returncode == 1
    result = sentences("find", "--by", "sentence", *REFERENCE, "--fail-on", "10%")
    assert result.returncode == 1
    assert "4 sentences with issues in 21 sentences, more than --fail-on 10% allows" in result.stderr
    assert sentences("find", "--by", "span", *REFERENCE, "--fail-on", "12%").returncode == 0


def test_schemes(sentences):
    summary = json.loads(sentences("find", "--format", "json").stdout)["summary"]
    assert (summary["scheme"], summary["scheme_detected"]) == ("iob2", True)
    shown = sentences("find", "--by", "transition", "--scheme", "iob1")
    assert "needless_begin" in shown.stdout and "tags in iob1." in shown.stdout
    plain = sentences("find", "--by", "transition", "--scheme", "plain")
    assert plain.stdout.startswith("0 illegal transitions")


REFUSED = {
    "column": (["find", *FILES, "--label-column", "ner"], ["key"]),
    "far_column": (["find", *FILES, "--label-column", "7"], ["sentences.conll", "line 1", "7"]),
    "format": (["find", *FILES, "--task", "token", "--input-format", "csv"],
               ["--input-format", "conll"]),
    "scheme": (["find", *FILES, "--scheme", "bio"], ["--scheme", "iob2"]),
    "word": (["find", *FILES, "--word", "Zurich"], ["--word", "Zurich"]),
    "class": (["find", *FILES, "--class", "PER"], ["--class", "PER", "B-PER"]),
    "type": (["find", *FILES, "--by", "span", "--class", "B-PER"], ["B-PER", "PER", "LOC", "O"]),
    "below_span": (["find", *FILES, "--by", "span", "--below", "0.1"], ["--below", "--threshold"]),
    "below_filter": (["find", *FILES, "--below", "0.1", "--filter-by", "both"],
                     ["--below", "--filter-by"]),
    "below_class": (["find", *FILES, "--by", "sentence", "--below", "0.1", "--class", "O"],
                    ["--class", "--below"]),
    "count": (["find", *FILES, "--by", "sentence", "--sentence-method", "expected_errors",
               "--threshold", "0.1"], ["--threshold", "expected_errors"]),
    "temperature": (["score", *FILES, "--by", "sentence", "--temperature", "1"],
                    ["--temperature", "softmin"]),
    "negative": (["score", *FILES, "--sentence-method", "softmin", "--temperature", "-1"],
                 ["--temperature", "-1"]),
    "transition_score": (["score", *FILES, "--by", "transition"], ["--by", "find"]),
    "transition_threshold": (["find", *FILES, "--by", "transition", "--threshold", "0.1"],
                             ["--threshold"]),
    "missing_file": (["find", "none.conll", "--pred-probs", "sentences.csv"], ["none.conll"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(run, sentences, name):
    arguments, parts = REFUSED[name]
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    error = result.stderr.removeprefix(NOTE)
    assert error.startswith("labelsieve: error: ")
    assert len(error.splitlines()) == 1
    for part in parts:
        assert part in error


@pytest.mark.parametrize("change, parts", [
    ("short", ["142 tokens", "141 rows"]),
    ("nan", ["probs.npy", "row 5", "token 5 of sentence 0", "sentences.conll, line 6", "NaN"]),
    ("logits", ["--logits"]),
])
def test_probabilities_that_do_not_fit(run, sentences, tmp_path, change, parts):
    names = (tmp_path / "sentences.csv").read_text().split("\n")[0].replace("p_", "")
    probs = np.loadtxt(tmp_path / "sentences.csv", delimiter=",", skiprows=1)
    if change == "short":
        probs = probs[:-1]
    if change == "nan":
        probs[5, 2] = np.nan
    if change == "logits":
        probs = np.log(probs + 1e-9)
    np.save(tmp_path / "probs.npy", probs)
    result = run("find", "sentences.conll", "--pred-probs", "probs.npy", "--class-names", names)
    assert (result.returncode, result.stdout) == (2, "")
    for part in parts:
        assert part in result.stderr


def test_invalid_numbers_name_their_token_once(run, tmp_path):
    (tmp_path / "x.conll").write_text("a O\n\nb B-P\nc O\n")
    np.save(tmp_path / "p.npy", np.array([[.9, .1], [.2, .8], [np.nan, .5]]))
    result = run("find", "x.conll", "--pred-probs", "p.npy", "--class-names", "O,B-P")
    assert result.stderr == (
        "labelsieve: error: p.npy, row 2, column 0: the probability is NaN; correct it or leave such "
        "rows out (--skip-invalid); the row is that of token 1 of sentence 1 (x.conll, line 4)\n")


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
@pytest.mark.parametrize("names, tags", [("O,X", "OXXO"), ("0,1", "0110"), ("X,O", "XOOX")])
def test_one_column_is_the_second_class(run, tmp_path, shape, names, tags):
    """One probability a token; the outside may be either class, and is of no span."""
    (tmp_path / "x.conll").write_text("".join(f"w{i} {tag}\n" for i, tag in enumerate(tags)))
    column = np.array([.1, .9, .2, .7])
    np.save(tmp_path / "one.npy", column.reshape(shape))
    np.save(tmp_path / "two.npy", np.stack([1 - column, column], axis=1))

    def rows(file, *options):
        result = run(*options, "x.conll", "--pred-probs", file, "--class-names", names, "--format",
                     "csv", "--filter-by", "predicted_neq_given", "--method", "self_confidence")
        assert result.returncode == 0, result.stderr
        return rows_of(result)

    for options in (["find"], ["find", "--by", "sentence"], ["find", "--by", "span"], ["score"],
                    ["score", "--by", "span"]):
        assert rows("one.npy", *options) == rows("two.npy", *options)
    assert [row["token"] for row in rows("one.npy", "find")] == ["2", "3"]
    types = {name for name in names.split(",") if name not in ("O", "0")}
    assert {row["type"] for row in rows("one.npy", "score", "--by", "span")} <= types


def test_a_class_that_all_tokens_have(run, tmp_path):
    """No span is given: a share of them would be of nothing."""
    (tmp_path / "x.conll").write_text("a O\nb O\n\nc O\n")
    np.save(tmp_path / "p.npy", np.array([[.2], [.9], [.4]]))
    arguments = ("x.conll", "--pred-probs", "p.npy", "--class-names", "O,X")
    for subcommand in ("find", "score", "health", "joint", "inspect"):
        assert run(subcommand, *arguments).returncode == 0
    shown = run("find", *arguments, "--by", "span").stdout.splitlines()[-2]
    assert shown == ("1 span issue in 0 given spans of 2 sentences, tags without a scheme (detected); "
                     "1 wrong label expected by the automatic method.")
    for unit in ("token", "sentence", "span"):
        nothing = run("find", *arguments, "--by", unit, "--threshold", "0").stdout.splitlines()
        assert len(nothing) == 2 and "labelsieve health" in nothing[1]


def test_unknown_tag_names_its_line(run, sentences, tmp_path):
    text = (tmp_path / "sentences.conll").read_text(encoding="utf-8")
    (tmp_path / "sentences.conll").write_text(text.replace("Oslo B-LOC", "Oslo B-GPE", 1),
                                              encoding="utf-8")
    result = run("find", *FILES)
    assert result.returncode == 2
    assert "sentences.conll, line 5" in result.stderr and "B-GPE" in result.stderr


def test_missing_tags_are_left_out(run, tmp_path):
    (tmp_path / "x.conllu").write_text(
        "# text = a b\n1\ta\ta\tX\tX\t_\t_\t_\t_\tNER=B-P\n2\tb\tb\tX\tX\t_\t_\t_\t_\t_\n\n")
    np.save(tmp_path / "p.npy", np.array([[.1, .9], [.5, .5]]))
    arguments = ("score", "x.conllu", "--pred-probs", "p.npy", "--misc-key", "NER",
                 "--class-names", "O,B-P", "--method", "self_confidence", "--format", "csv")
    assert run(*arguments).returncode == 2
    rows = rows_of(run(*arguments, "--skip-invalid"))
    assert [row["label_quality"] for row in rows] == ["0.9", ""]


def test_columns_by_number_and_comments(run, sentences, tmp_path):
    """The same sentences in four columns, the words in the second, the tags in the third."""
    text = (tmp_path / "sentences.conll").read_text(encoding="utf-8").split("\n")
    wide = ["% a comment"] + [line and "x {} {} y".format(*line.split(" ")) for line in text]
    (tmp_path / "wide.conll").write_text("\n".join(wide), encoding="utf-8")
    result = run("find", "wide.conll", "--pred-probs", "sentences.csv", "--token-column", "2",
                 "--label-column", "3", "--comment-prefix", "%", "--format", "csv")
    assert result.returncode == 0, result.stderr
    kept = [{**row, "source_line": int(row["source_line"]) - 1} for row in rows_of(result)]
    assert kept == [{**row, "source_line": int(row["source_line"])}
                    for row in rows_of(sentences("find", "--format", "csv"))]


def test_tables_of_tokens_by_task(run, sentences, tmp_path):
    text = (tmp_path / "sentences.conll").read_text(encoding="utf-8")
    (tmp_path / "sentences.tsv").write_text(text.replace(" ", "\t"), encoding="utf-8")
    shown = run("find", "sentences.tsv", "--pred-probs", "sentences.csv", "--task", "token")
    assert shown.stdout == sentences("find").stdout
    by_flag = run("find", "sentences.tsv", "--pred-probs", "sentences.csv", "--by", "token")
    assert by_flag.stdout == shown.stdout


@pytest.mark.parametrize("name", ["eng.train", "train.txt", "emerging.test.annotated"])
def test_names_that_say_nothing(run, sentences, tmp_path, name):
    """The tags in the last column do."""
    shutil.copy(tmp_path / "sentences.conll", tmp_path / name)
    shown = run("find", name, "--pred-probs", "sentences.csv")
    assert (shown.returncode, shown.stdout) == (0, sentences("find").stdout)
    alone = run("inspect", name)
    assert alone.stdout == run("inspect", "sentences.conll").stdout.replace("sentences.conll", name)


def test_tables_with_blank_lines_are_of_tokens(run, sentences, tmp_path):
    text = (tmp_path / "sentences.conll").read_text(encoding="utf-8").replace(" ", "\t")
    (tmp_path / "sentences.tsv").write_text("token\ttag\n" + text, encoding="utf-8")
    shown = run("score", "sentences.tsv", "--pred-probs", "sentences.csv", "-o", "table.npy")
    assert shown.returncode == 0, shown.stderr
    assert sentences("score", "-o", "conll.npy").returncode == 0
    np.testing.assert_array_equal(np.load(tmp_path / "table.npy"), np.load(tmp_path / "conll.npy"))


def test_parts_of_speech_need_the_task(run, tmp_path):
    (tmp_path / "pos.train").write_text("a DET\nsong NOUN\n", encoding="utf-8")
    refused = run("inspect", "pos.train")
    assert refused.returncode == 2 and "--task token" in refused.stderr
    assert run("inspect", "pos.train", "--task", "token").returncode == 0
    refused = run("inspect", "-", stdin="a DET\n")
    assert refused.returncode == 2 and "conll" in refused.stderr


def test_standard_input(run, sentences, tmp_path):
    text = (tmp_path / "sentences.conll").read_text(encoding="utf-8")
    shown = run("find", "-", "--input-format", "conll", "--pred-probs", "sentences.csv", stdin=text)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == sentences("find").stdout


def test_ensembles(sentences):
    """Twice the same model is that model."""
    twice = sentences("find", "--pred-probs", "sentences.csv", "--format", "csv")
    assert twice.stdout == sentences("find", "--format", "csv").stdout
    for unit in ("sentence", "span"):
        assert (sentences("find", "--by", unit, "--pred-probs", "sentences.csv").stdout ==
                sentences("find", "--by", unit).stdout)
