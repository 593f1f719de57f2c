"""find_issues and its forms: the tables of the command, from arrays and names."""

import csv
import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from cases import make
from tables import EXAMPLES, command, csv_of, digits, photos, sentences, without

import labelsieve
from labelsieve import filter, rank
from labelsieve.token_classification import filter as token_filter
from labelsieve.token_classification import rank as token_rank

EXPLICIT = {"filter_by": "prune_by_noise_rate", "method": "self_confidence"}
EXPLICIT_FLAGS = ["--filter-by", "prune_by_noise_rate", "--method", "self_confidence"]


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({}, []),
        (EXPLICIT, EXPLICIT_FLAGS),
        ({"frac_noise": 0.5}, ["--frac-noise", "0.5"]),
        ({"adjust_pred_probs": True}, ["--adjust-pred-probs"]),
        ({"collision": "confident_argmax"}, ["--collision", "confident_argmax"]),
        ({"num_to_remove_per_class": 3}, ["--num-to-remove-per-class", "3"]),
        ({"filter_by": "both", "min_examples_per_class": 180},
         ["--filter-by", "both", "--min-examples-per-class", "180"]),
        ({"classes": ["9", "3"]}, ["--class", "9", "--class", "3"]),
        ({"exclude": [("9", "5"), ("4", "8")]}, ["--exclude", "9:5", "--exclude", "4:8"]),
        ({"threshold": 0.001, "top": 3}, ["--threshold", "0.001", "--top", "3"]),
    ],
)  # fmt: skip
def test_find_is_the_commands(options, flags):
    labels, pred_probs, ids = digits()
    table = labelsieve.find_issues(labels, pred_probs, ids=ids, **options)
    assert csv_of(table) == command("find", EXAMPLES / "digits.csv", *flags)


def test_score_and_health_are_the_commands():
    labels, pred_probs, ids = digits()
    scores = labelsieve.score_labels(labels, pred_probs, ids=ids)
    assert csv_of(scores) == command("score", EXAMPLES / "digits.csv")
    health = labelsieve.health(labels, pred_probs)
    assert csv_of(health) == command("health", EXAMPLES / "digits.csv")
    assert health.overall_label_health_score == 1 - health.num_issues / len(labels)
    assert health.overlapping_classes["class_a"][0] == "5"


def test_ignored_examples_are_left_out():
    labels, pred_probs, ids = digits()
    everything = labelsieve.find_issues(labels, pred_probs, ids=ids)
    worst = everything["index"][:2]
    for ignore in (worst, [ids[i] for i in worst]):
        rest = labelsieve.find_issues(labels, pred_probs, ids=ids, ignore=ignore)
        assert rest["index"].tolist() == everything["index"][2:].tolist()
        assert rest.num_issues == everything.num_issues - 2
        assert not rest.mask[worst].any()


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({}, []),
        ({"per_class": True}, ["--per-class"]),
        ({"classes": "water"}, ["--class", "water"]),
        ({"per_class": True, "threshold": 0.05}, ["--per-class", "--threshold", "0.05"]),
        ({"aggregator": "softmin"}, ["--aggregator", "softmin"]),
        ({"alpha": None}, ["--alpha", "auto"]),
        ({"filter_by": "auto", "method": "auto"}, ["--filter-by", "auto", "--method", "auto"]),
    ],
)
def test_label_sets_are_the_commands(options, flags):
    labels, pred_probs, names, ids, texts = photos()
    table = labelsieve.find_multilabel_issues(
        labels, pred_probs, class_names=names, ids=ids, text=texts, **options
    )
    written = command("find", EXAMPLES / "photos.jsonl", *flags)
    assert csv_of(table) == written
    matrix = [[int(name in one) for name in names] for one in labels]
    same = labelsieve.find_multilabel_issues(
        np.array(matrix), pd.DataFrame(pred_probs, columns=names), ids=ids, text=texts, **options
    )
    assert csv_of(same) == written


@pytest.mark.parametrize("find", ["token", "span"])
@pytest.mark.parametrize("filter_by", ["auto", "prune_by_noise_rate", "confident_learning"])
def test_tokens_and_spans_are_the_commands(find, filter_by):
    tags, pred_probs, words, names = sentences()
    function = {"token": labelsieve.find_token_issues, "span": labelsieve.find_span_issues}[find]
    method = "auto" if filter_by == "auto" else "self_confidence"
    options = {"filter_by": filter_by, "method": method}
    table = function(tags, pred_probs, class_names=names, words=words, **options)
    files = [EXAMPLES / "sentences.conll", "--pred-probs", EXAMPLES / "sentences_probs.npy"]
    flags = ["--by", find, "--filter-by", filter_by, "--method", method]
    # Lines are of files.
    written = without(command("find", *files, *flags), "source_line")
    assert list(csv.reader(io.StringIO(csv_of(table)))) == written


def test_words_find_more_mistakes():
    tags, pred_probs, words, names = sentences()
    lines = (EXAMPLES / "sentences_mistakes.tsv").read_text().splitlines()[1:]
    mistakes = {tuple(map(int, line.split("\t")[:2])) for line in lines}
    found = {}
    for name, given in (("without", None), ("with", words)):
        table = labelsieve.find_token_issues(tags, pred_probs, class_names=names, words=given)
        assert table.expected_errors > 0
        assert table.mask.sum() == len(table) == table.num_issues
        found[name] = len(mistakes & set(zip(table["sentence"].tolist(), table["token"].tolist())))
    assert found["without"] <= found["with"]
    flat = [word for sentence in words for word in sentence]
    again = labelsieve.find_token_issues(tags, pred_probs, class_names=names, words=flat)
    assert csv_of(again) == csv_of(table)
    spans = labelsieve.find_span_issues(tags, pred_probs, class_names=names, words=words)
    assert spans.summary["scheme"] == "iob2"
    assert spans.expected_errors == table.expected_errors
    assert set(spans["issue_type"]) == {"missing", "spurious", "wrong_type", "wrong_boundary"}


def test_the_automatic_names_are_taken_everywhere():
    labels, pred_probs = make(3, 400, 5)
    table = labelsieve.find_issues(labels, pred_probs)
    mask = filter.find_label_issues(labels, pred_probs, filter_by="auto")
    assert np.array_equal(mask, table.mask) and mask.any()
    order = filter.find_label_issues(
        labels, pred_probs, filter_by="auto", return_indices_ranked_by="auto"
    )
    scores = rank.get_label_quality_scores(labels, pred_probs, method="auto")
    ranked = np.flatnonzero(mask)
    assert np.array_equal(order, ranked[np.argsort(scores[ranked], kind="stable")])
    assert np.array_equal(table["label_quality"], scores[table["index"]])
    with pytest.raises(ValueError, match="adjust_pred_probs"):
        rank.get_label_quality_scores(labels, pred_probs, method="auto", adjust_pred_probs=True)


def test_automatic_tokens_with_words():
    tags, pred_probs, words, names = sentences()
    table = labelsieve.find_token_issues(tags, pred_probs, class_names=names, words=words)
    numbers = [[names.index(tag) for tag in sentence] for sentence in tags]
    options = {"tokens": words, "class_names": names}
    ranked = token_filter.find_label_issues(
        numbers, pred_probs, filter_by="auto", return_indices_ranked_by="auto", **options
    )
    assert ranked == list(zip(table["sentence"].tolist(), table["token"].tolist()))
    other = token_filter.find_label_issues(numbers, pred_probs, filter_by="auto", **options)
    assert set(other) == set(ranked) and other != ranked
    flat = token_filter.find_label_issues(numbers, pred_probs, filter_by="auto")
    plain = labelsieve.find_token_issues(tags, pred_probs, class_names=names)
    assert set(flat) == set(zip(plain["sentence"].tolist(), plain["token"].tolist()))
    assert set(flat) != set(ranked)
    of_sentences, of_tokens = token_rank.get_label_quality_scores(
        numbers, pred_probs, token_score_method="auto", sentence_score_method="auto", **options
    )
    sentence, token = ranked[0]
    assert of_tokens[sentence].iloc[token] == table["label_quality"][0]
    assert of_sentences.shape == (len(tags),) and 0 <= of_sentences.min() < of_sentences.max() <= 1
    lowest, _ = token_rank.get_label_quality_scores(
        numbers, pred_probs, token_score_method="auto", **options
    )
    assert lowest[sentence] == min(of_tokens[sentence])


def test_labels_may_be_names_in_any_container():
    labels, pred_probs = make(5, 60, 3)
    names = ["cat", "dog", "a,b"]
    texts = [names[label] for label in labels]
    wanted = csv_of(labelsieve.find_issues(labels, pred_probs, class_names=names))
    assert '"a,b"' in wanted
    categories = pd.Categorical(texts, categories=names)
    for given in (texts, np.array(texts), pd.Series(texts), pa.array(texts), pd.Series(categories)):
        assert csv_of(labelsieve.find_issues(given, pred_probs, class_names=names)) == wanted
    frame = pd.DataFrame(pred_probs, columns=[f"p_{name}" for name in names])
    assert csv_of(labelsieve.find_issues(texts, frame)) == wanted
    assert labelsieve.find_issues(texts, pred_probs).summary["class_names"] == sorted(names)


def test_numbers_that_are_names_are_names():
    labels, pred_probs = make(6, 60, 3)
    wanted = labelsieve.find_issues(labels, pred_probs)["index"]
    numbers = np.array([30, 10, 20])
    table = labelsieve.find_issues(numbers[labels], pred_probs, class_names=numbers)
    assert table["index"].tolist() == wanted.tolist()
    with pytest.raises(ValueError, match="name them all"):
        mixed = [10, *numbers[labels][1:-1], 1]
        labelsieve.find_issues(mixed, pred_probs, class_names=numbers)


def test_mistakes_are_named():
    labels, pred_probs = make(7, 30, 3)
    texts = ["abc"[label] for label in labels]
    with pytest.raises(ValueError, match="row 4: label 'x' is none of"):
        labelsieve.find_issues([*texts[:4], "x", *texts[5:]], pred_probs, class_names=list("abc"))
    with pytest.raises(ValueError, match="which column is which"):
        labelsieve.find_issues([*texts[:4], "x", *texts[5:]], pred_probs)
    with pytest.raises(ValueError, match="2 class_names, and 3 columns"):
        labelsieve.find_issues(labels, pred_probs, class_names=["a", "b"])
    with pytest.raises(ValueError, match="'a' twice"):
        labelsieve.find_issues(labels, pred_probs, class_names=["a", "b", "a"])
    with pytest.raises(ValueError, match="ids must have one element"):
        labelsieve.find_issues(labels, pred_probs, ids=[1, 2])
    with pytest.raises(ValueError, match="no class is named 'z'"):
        labelsieve.find_issues(labels, pred_probs, classes="z")
    with pytest.raises(ValueError, match="not a valid filter"):
        labelsieve.find_issues(labels, pred_probs, filter_by="none")


def test_table_in_other_libraries(tmp_path):
    polars = pytest.importorskip("polars")
    labels, pred_probs, names, ids, texts = photos()
    table = labelsieve.find_multilabel_issues(labels, pred_probs, class_names=names, ids=ids)
    frame, other, arrow = table.to_pandas(), table.to_polars(), table.to_arrow()
    assert isinstance(other, polars.DataFrame)
    for result in (list(frame.columns), other.columns, arrow.column_names):
        assert result == list(table.columns)
    rows = list(table)
    assert other.to_dicts() == rows == arrow.to_pylist()
    assert frame.to_dict("records") == rows
    file = tmp_path / "issues.csv"
    table.to_csv(file)
    assert file.read_text() == csv_of(table)
    assert [path.name for path in tmp_path.iterdir()] == ["issues.csv"]


def test_gaps_survive_in_spans():
    tags, pred_probs, words, names = sentences()
    table = labelsieve.find_span_issues(tags, pred_probs, class_names=names, words=words)
    assert None in table["given_start"]
    assert str(table.to_pandas()["given_start"].dtype) == "Int64"
    assert table.to_polars()["given_start"].null_count() == table["given_start"].count(None)
    assert table.to_arrow()["given_start"].null_count == table["given_start"].count(None)


def test_table_for_people():
    labels, pred_probs, ids = digits()
    table = labelsieve.find_issues(labels, pred_probs, text=["<b>&"] * len(labels))
    lines = repr(table).splitlines()
    assert lines[0].split()[:3] == ["rank", "index", "given_label"]
    assert lines[-1] == str(table)
    assert str(table).startswith("21 label issues in 1797 examples (1.17 %) of 10 classes; 19 ")
    assert "… and 11 more rows" in repr(table)
    assert "&lt;b&gt;&amp;" in table._repr_html_()
    assert json.dumps(table.summary)
    clean = labelsieve.find_issues(labels, pred_probs, threshold=0)
    assert len(clean) == 0 and str(clean) in repr(clean)
    assert csv_of(clean).count("\n") == 1
