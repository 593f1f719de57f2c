"""Tables of label sets beside the command's: scores, health, selections, logits, rows left out."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from cases import Parts, make_multilabel
from tables import EXAMPLES, command, csv_of, json_of, photos

import labelsieve

FUNCTIONS = {
    "find": labelsieve.find_multilabel_issues,
    "score": labelsieve.score_multilabel_labels,
    "health": labelsieve.multilabel_health,
}
OPTIONS = [
    ({}, []),
    ({"per_class": True}, ["--per-class"]),
    ({"method": "normalized_margin", "filter_by": "both"},
     ["--method", "normalized_margin", "--filter-by", "both"]),
    ({"adjust_pred_probs": True}, ["--adjust-pred-probs"]),
    ({"aggregator": "mean"}, ["--aggregator", "mean"]),
    ({"filter_by": "low_self_confidence"}, ["--filter-by", "low_self_confidence"]),
]  # fmt: skip


def called(subcommand, labels, pred_probs, ids=None, text=None, **options):
    """The function of a subcommand, with the arguments that it has."""
    if subcommand != "health":
        options["text"] = text
    return FUNCTIONS[subcommand](labels, pred_probs, ids=ids, **options)


@pytest.mark.parametrize("subcommand", FUNCTIONS)
@pytest.mark.parametrize(("options", "flags"), OPTIONS)
def test_tables_are_the_commands(subcommand, options, flags):
    if subcommand == "health" and "per_class" in options:
        return
    labels, pred_probs, names, ids, texts = photos()
    table = called(subcommand, labels, pred_probs, ids, texts, class_names=names, **options)
    assert csv_of(table) == command(subcommand, EXAMPLES / "photos.jsonl", *flags)


@pytest.mark.parametrize("subcommand", ["find", "health"])
@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({"classes": ["water", "animal"]}, ["--class", "water", "--class", "animal"]),
        ({"threshold": 0.1}, ["--threshold", "0.1"]),
        ({"classes": "water", "threshold": 0.3}, ["--class", "water", "--threshold", "0.3"]),
    ],
)
def test_selections_are_the_commands(subcommand, options, flags, tmp_path):
    labels, pred_probs, names, ids, texts = photos()
    found = labelsieve.find_multilabel_issues(labels, pred_probs, class_names=names, ids=ids)
    (tmp_path / "ignore").write_text("\n".join(map(str, found["id"][:3])))
    table = called(
        subcommand, labels, pred_probs, ids, texts, class_names=names, ignore=found["id"][:3],
        **options,
    )  # fmt: skip
    arguments = [EXAMPLES / "photos.jsonl", *flags, "--ignore", tmp_path / "ignore"]
    assert csv_of(table) == command(subcommand, *arguments)
    if subcommand == "health":
        done = json_of("health", *arguments)
        assert table.overall_label_health_score == done["overall_label_health_score"]
        assert list(table.common_issues) == done["common_issues"]
        assert table.summary["num_issues"] == done["summary"]["num_issues"]
        assert int(table.mask.sum()) == table.num_issues


def test_masks_have_all_issues():
    labels, pred_probs = make_multilabel(4, 120, 5)
    for options in ({}, {"threshold": 0.3}, {"classes": [1, 2], "top": 2}):
        table = labelsieve.find_multilabel_issues(labels, pred_probs, per_class=True, **options)
        assert table.mask.shape == (120, 5)
        assert table.mask.sum() == table.num_issues
        assert table.mask[table["index"], table["class"]].all()
        examples = labelsieve.find_multilabel_issues(labels, pred_probs, **options)
        assert examples.mask.sum() == examples.num_issues and examples.mask.shape == (120,)


@pytest.mark.parametrize("subcommand", FUNCTIONS)
def test_logits_are_the_commands(subcommand, tmp_path):
    labels, pred_probs = make_multilabel(6, 150, 4)
    logits = np.log(pred_probs / (1 - pred_probs))
    np.save(tmp_path / "probs.npy", logits)
    matrix = np.zeros(pred_probs.shape, dtype=np.int64)
    for row, one in enumerate(labels):
        matrix[row, one] = 1
    np.save(tmp_path / "labels.npy", matrix)
    files = [tmp_path / "labels.npy", "--pred-probs", tmp_path / "probs.npy"]
    wanted = command(subcommand, *files, "--task", "multilabel", "--logits")
    for given in (labels, matrix):
        assert csv_of(called(subcommand, given, logits, logits=True)) == wanted


@pytest.mark.parametrize("per_class", [False, True])
@pytest.mark.parametrize("subcommand", FUNCTIONS)
def test_examples_that_cannot_be_used_are_left_out(subcommand, per_class, tmp_path):
    labels, pred_probs = make_multilabel(7, 90, 3)
    names = ["a", "b", "c"]
    sets = [[names[k] for k in one] for one in labels]
    sets[2], sets[5], sets[8] = None, ["a", "nonsense"], []
    pred_probs[11, 1] = np.nan
    pred_probs[12, 0] = 1.5
    file = tmp_path / "data.jsonl"
    with open(file, "w") as lines:
        for one, row in zip(sets, pred_probs.tolist()):
            row = [None if value != value else value for value in row]
            lines.write(json.dumps({"labels": one, "probs": row}) + "\n")
    options, flags = {}, []
    if per_class and subcommand != "health":
        options, flags = {"per_class": True}, ["--per-class"]
    flags += ["--task", "multilabel", "--class-names", "a,b,c", "--skip-invalid"]
    wanted = command(subcommand, file, *flags)
    for given in (sets, pa.array(sets, type=pa.list_(pa.string())), pd.Series(sets)):
        table = called(
            subcommand, given, pred_probs, class_names=names, skip_invalid=True, **options
        )
        assert csv_of(table) == wanted
        assert table.summary["num_skipped"] == 4
    with pytest.raises((TypeError, ValueError)):
        called(subcommand, sets, pred_probs, class_names=names)


def test_matrices_with_other_values_are_left_out():
    labels, pred_probs = make_multilabel(8, 60, 3)
    matrix = np.zeros(pred_probs.shape, dtype=np.int64)
    for row, one in enumerate(labels):
        matrix[row, one] = 1
    wanted = labelsieve.score_multilabel_labels(matrix[1:], pred_probs[1:])
    spoilt = matrix.copy()
    spoilt[0, 0] = -1
    table = labelsieve.score_multilabel_labels(spoilt, pred_probs, skip_invalid=True)
    assert table["label_quality"][1:].tolist() == wanted["label_quality"].tolist()
    assert table["given_labels"][0] is None and not table.mask[0]
    with pytest.raises(ValueError, match="zeros and ones"):
        labelsieve.score_multilabel_labels(spoilt, pred_probs)
    with pytest.raises(ValueError, match="nothing is left"):
        labelsieve.find_multilabel_issues([None] * 60, pred_probs, skip_invalid=True)


@pytest.mark.parametrize("subcommand", FUNCTIONS)
@pytest.mark.parametrize("size", [1, 37, 1000])
@pytest.mark.parametrize(
    "options", [options for options, _ in OPTIONS] + [{"filter_by": "auto", "method": "auto"}]
)
def test_batches_are_the_whole(subcommand, size, options):
    if subcommand == "health" and "per_class" in options:
        return
    labels, pred_probs = make_multilabel(21, 300, 5)
    names = ["ant", "bee", "cow", "dog", "eel"]
    sets = [[names[label] for label in one] for one in labels]
    options = {**options, "class_names": names}
    parts = Parts(sets, pred_probs, size)
    table = FUNCTIONS[subcommand](labelsieve.Batches(parts), **options)
    whole = FUNCTIONS[subcommand](sets, pred_probs, **options)
    assert csv_of(table) == csv_of(whole)
    assert table.summary == whole.summary
    assert np.array_equal(table.mask, whole.mask)
    assert 3 <= parts.times <= 9


def test_batches_of_matrices_logits_and_faults():
    labels, pred_probs = make_multilabel(22, 90, 4)
    matrix = np.zeros((90, 4), dtype=np.int8)
    for row, one in enumerate(labels):
        matrix[row, one] = 1
    logits = np.log(pred_probs / (1 - pred_probs) + 1e-9)
    find = labelsieve.find_multilabel_issues
    batches = labelsieve.Batches([(matrix[:50], logits[:50]), (labels[50:], logits[50:])])
    assert csv_of(find(batches, logits=True)) == csv_of(find(labels, logits, logits=True))

    spoilt = pred_probs.copy()
    spoilt[77, 1] = np.nan
    wrong = list(labels)
    wrong[12] = [4]
    batches = labelsieve.Batches([(wrong[:50], spoilt[:50]), (wrong[50:], spoilt[50:])])
    with pytest.raises(ValueError, match="12"):
        find(batches)
    for function in FUNCTIONS.values():
        table = function(batches, skip_invalid=True)
        whole = function(wrong, spoilt, skip_invalid=True)
        assert csv_of(table) == csv_of(whole)
        assert table.summary == whole.summary
    with pytest.raises(TypeError, match="pred_probs must be left out"):
        find(batches, pred_probs)
    with pytest.raises(TypeError, match="pred_probs are missing"):
        find(labels)
    with pytest.raises(ValueError, match="no batches"):
        find(labelsieve.Batches([]))
    with pytest.raises(ValueError, match="batch 1: .*same length"):
        find(labelsieve.Batches([(labels[:50], pred_probs[:50]), (labels[50:], pred_probs[51:])]))
    with pytest.raises(ValueError, match="3 columns"):
        parts = [(labels[:50], pred_probs[:50]), ([[0]] * 40, pred_probs[50:, :3])]
        find(labelsieve.Batches(parts))


@pytest.mark.parametrize("change", ["fewer", "more", "other classes"])
def test_batches_that_change_are_refused(change):
    labels, pred_probs = make_multilabel(23, 80, 4)

    class Changing(Parts):
        def __iter__(self):
            parts = list(super().__iter__())
            if self.times > 2:
                if change == "fewer":
                    parts.pop()
                elif change == "more":
                    parts.append(parts[0])
                else:
                    parts[1] = ([[9]] * 20, parts[1][1])
            return iter(parts)

    match = "not among the classes" if change == "other classes" else "same every time"
    with pytest.raises(ValueError, match=match):
        labelsieve.find_multilabel_issues(labelsieve.Batches(Changing(labels, pred_probs, 20)))
