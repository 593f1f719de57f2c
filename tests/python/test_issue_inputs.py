"""Models, logits, rows that are left out, and batches: find_issues and its family beside the
command."""

import warnings

import numpy as np
import pandas as pd
import pytest
from cases import Parts, make
from tables import command, csv_of

import labelsieve


def models(seed=3, count=3, num_examples=400):
    """(labels, matrices of several models that agree more or less)."""
    labels, first = make(seed, num_examples, 5)
    rng = np.random.default_rng(seed)
    matrices = [first]
    for _ in range(count - 1):
        noisy = first + rng.random(first.shape) * 0.3
        matrices.append(noisy / noisy.sum(axis=1, keepdims=True))
    return labels, matrices


def saved(tmp_path, labels, matrices):
    """The command's arguments for these arrays."""
    np.save(tmp_path / "labels.npy", labels)
    arguments = [tmp_path / "labels.npy"]
    for number, matrix in enumerate(matrices):
        np.save(tmp_path / f"{number}.npy", matrix)
        arguments += ["--pred-probs", tmp_path / f"{number}.npy"]
    return arguments


FUNCTIONS = {
    "find": labelsieve.find_issues,
    "score": labelsieve.score_labels,
    "health": labelsieve.health,
}


@pytest.mark.parametrize("subcommand", FUNCTIONS)
@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ({}, []),
        ({"ensemble_weights": "uniform"}, ["--ensemble-weights", "uniform"]),
        ({"ensemble_weights": "log_loss_search"}, ["--ensemble-weights", "log_loss_search"]),
        ({"ensemble_weights": [0.5, 2, 1]}, ["--ensemble-weights", "0.5,2,1"]),
        ({"filter_by": "both", "method": "normalized_margin"},
         ["--filter-by", "both", "--method", "normalized_margin"]),
        ({"adjust_pred_probs": True}, ["--adjust-pred-probs"]),
    ],
)  # fmt: skip
def test_ensembles_are_the_commands(subcommand, options, flags, tmp_path):
    labels, matrices = models()
    table = FUNCTIONS[subcommand](labels, matrices, **options)
    assert csv_of(table) == command(subcommand, *saved(tmp_path, labels, matrices), *flags)
    assert len(table.summary["ensemble_weights"]) == 3


def test_ensembles_of_one_and_wrong_ones():
    labels, matrices = models()
    alone = labelsieve.find_issues(labels, matrices[:1])
    assert csv_of(alone) == csv_of(labelsieve.find_issues(labels, matrices[0]))
    assert "ensemble_weights" not in alone.summary
    with pytest.raises(ValueError, match="number for each of the 3 models"):
        labelsieve.find_issues(labels, matrices, ensemble_weights=[1, 2])
    with pytest.raises(ValueError, match="empty list"):
        labelsieve.find_issues(labels, [])
    with pytest.raises(ValueError, match="shape|classes|columns"):
        labelsieve.find_issues(labels, [matrices[0], matrices[1][:, :4]])


@pytest.mark.parametrize("subcommand", FUNCTIONS)
def test_logits_are_the_commands(subcommand, tmp_path):
    labels, (pred_probs, *_) = models()
    logits = (np.log(pred_probs + 1e-9) * 1.5).astype(np.float32)
    given = logits.copy()
    table = FUNCTIONS[subcommand](labels, given, logits=True)
    assert csv_of(table) == command(subcommand, *saved(tmp_path, labels, [logits]), "--logits")
    assert np.array_equal(given, logits)  # what was given is never written to
    with pytest.raises(ValueError, match="logits"):
        FUNCTIONS[subcommand](labels, logits)


def test_two_classes_from_one_column(tmp_path):
    labels, pred_probs = make(9, 200, 2)
    column = pred_probs[:, 1]
    wanted = command("find", *saved(tmp_path, labels, [column]))
    for given in (column, column.reshape(-1, 1), pd.Series(column)):
        assert csv_of(labelsieve.find_issues(labels, given)) == wanted
    logits = np.log(column / (1 - column))
    table = labelsieve.find_issues(labels, logits, logits=True)
    assert csv_of(table) == command("find", *saved(tmp_path, labels, [logits]), "--logits")


def spoilt():
    """(labels, matrices) with eight examples that cannot be used."""
    labels, matrices = models()
    labels = labels.astype(np.float64)
    labels[[3, 50]] = np.nan
    labels[51], labels[52] = 5, -1
    matrices[0] = matrices[0].copy()
    matrices[0][7, 2] = np.nan
    matrices[0][8, 0], matrices[0][9, 0] = np.inf, -0.5
    matrices[1] = matrices[1].copy()
    matrices[1][10, 4] = 1.5
    return labels, matrices


@pytest.mark.parametrize("subcommand", FUNCTIONS)
@pytest.mark.parametrize("count", [1, 3])
def test_invalid_rows_are_left_out_as_the_command_does(subcommand, count, tmp_path):
    labels, matrices = spoilt()
    given = matrices[0] if count == 1 else matrices
    table = FUNCTIONS[subcommand](labels, given, skip_invalid=True)
    files = saved(tmp_path, labels, matrices[:count])
    assert csv_of(table) == command(subcommand, *files, "--skip-invalid")
    assert table.summary["num_skipped"] == (7 if count == 1 else 8)
    assert table.summary["num_examples"] == len(labels) - table.summary["num_skipped"]
    with pytest.raises(ValueError):
        FUNCTIONS[subcommand](labels, given)


def test_invalid_names_and_missing_labels_are_left_out():
    labels, pred_probs = make(4, 60, 3)
    texts = ["abc"[label] for label in labels]
    whole = labelsieve.score_labels(texts[3:], pred_probs[3:], class_names="a b c".split())
    mixed = ["x", None, float("nan"), *texts[3:]]
    for given in (mixed, pd.Series(mixed)):
        table = labelsieve.score_labels(
            given, pred_probs, class_names="a b c".split(), skip_invalid=True
        )
        rows = list(table)
        assert rows[0]["given_label"] is None and rows[0]["suggested_label"] is None
        assert rows[0]["label_quality"] != rows[0]["label_quality"]
        assert not table.mask[:3].any() and np.array_equal(table.mask[3:], whole.mask)
        assert table["label_quality"][3:].tolist() == whole["label_quality"].tolist()
        assert str(table.to_pandas()["given_label"][4]) == texts[4]
    with pytest.raises(ValueError, match="nothing is left"):
        labelsieve.find_issues([-1] * 60, pred_probs, skip_invalid=True)


@pytest.mark.parametrize("size", [1, 37, 1000])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"filter_by": "prune_by_noise_rate", "method": "self_confidence"},
        {"filter_by": "low_normalized_margin", "method": "confidence_weighted_entropy"},
        {"adjust_pred_probs": True, "frac_noise": 0.5},
    ],
)
def test_batches_are_the_whole(size, options):
    labels, pred_probs = make(12, 300, 4)
    for function in FUNCTIONS.values():
        parts = Parts(labels, pred_probs, size)
        table = function(labelsieve.Batches(parts), **options)
        whole = function(labels, pred_probs, **options)
        assert csv_of(table) == csv_of(whole)
        assert np.array_equal(table.mask, whole.mask)
        assert table.summary == whole.summary
        assert 3 <= parts.times <= 7


def test_batches_of_frames_with_names_and_faults():
    labels, pred_probs = make(5, 90, 3)
    names = ["cat", "dog", "eel"]
    texts = [names[label] for label in labels]
    frame = pd.DataFrame(pred_probs, columns=[f"p_{name}" for name in names])

    def read(step=25):
        for start in range(0, 90, step):
            yield texts[start : start + step], frame.iloc[start : start + step]
        yield [], frame.iloc[:0]

    ids = [f"row {i}" for i in range(90)]
    options = {"ids": ids, "ignore": ids[:40], "top": 5}
    table = labelsieve.find_issues(labelsieve.Batches(read), **options)
    assert csv_of(table) == csv_of(labelsieve.find_issues(texts, frame, **options))
    spoilt = pred_probs.copy()
    spoilt[77, 1] = np.nan
    batches = labelsieve.Batches([(labels[:50], pred_probs[:50]), (labels[50:], spoilt[50:])])
    with pytest.raises(ValueError, match="77"):
        labelsieve.find_issues(batches)
    table = labelsieve.find_issues(batches, skip_invalid=True)
    assert csv_of(table) == csv_of(labelsieve.find_issues(labels, spoilt, skip_invalid=True))
    logits = labelsieve.Batches([(labels, np.log(pred_probs + 1e-9))])
    whole = labelsieve.find_issues(labels, np.log(pred_probs + 1e-9), logits=True)
    assert csv_of(labelsieve.find_issues(logits, logits=True)) == csv_of(whole)


def test_batches_that_do_not_fit_are_refused():
    labels, pred_probs = make(6, 80, 3)
    parts = Parts(labels, pred_probs, 20)
    with pytest.raises(TypeError, match="read again"):
        labelsieve.Batches(iter(parts))
    with pytest.raises(TypeError, match="walked"):
        labelsieve.Batches(3)
    with pytest.raises(TypeError, match="pred_probs must be left out"):
        labelsieve.find_issues(labelsieve.Batches(parts), pred_probs)
    with pytest.raises(TypeError, match="pred_probs are missing"):
        labelsieve.find_issues(labels)
    with pytest.raises(ValueError, match="no batches"):
        labelsieve.find_issues(labelsieve.Batches([]))
    with pytest.raises(ValueError, match="19 labels and 20 rows"):
        labelsieve.find_issues(labelsieve.Batches([(labels[:19], pred_probs[:20])]))
    with pytest.raises(ValueError, match="2 columns"):
        batches = [(labels[:20], pred_probs[:20]), (labels[20:], pred_probs[20:, :2])]
        labelsieve.find_issues(labelsieve.Batches(batches))
    with pytest.raises(ValueError, match="batch 1: row 3: label 9"):
        wrong = labels[20:].copy()
        wrong[3] = 9
        batches = [(labels[:20], pred_probs[:20]), (wrong, pred_probs[20:])]
        labelsieve.find_issues(labelsieve.Batches(batches))

    class Broken(Parts):
        def __iter__(self):
            for place, part in enumerate(super().__iter__()):
                if place == 2:
                    raise RuntimeError("the disk is gone")
                yield part

    with pytest.raises(RuntimeError, match="the disk is gone"):
        labelsieve.find_issues(labelsieve.Batches(Broken(labels, pred_probs, 20)))


@pytest.mark.parametrize("change", [-1, 1])
def test_batches_that_change_are_refused(change):
    labels, pred_probs = make(6, 80, 3)

    class Changing(Parts):
        def __iter__(self):
            parts = list(super().__iter__())
            if self.times <= 2:
                return iter(parts)
            return iter(parts[:-1] if change < 0 else [*parts, parts[0]])

    with pytest.raises(ValueError, match="same every time"):
        labelsieve.find_issues(labelsieve.Batches(Changing(labels, pred_probs, 20)))


@pytest.mark.parametrize("function", FUNCTIONS.values())
def test_data_that_look_wrong_are_warned_of(function):
    labels, pred_probs = make(7, 120, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        function(labels, pred_probs)
    halves = pred_probs.copy()
    halves[:7] /= 2
    with pytest.warns(UserWarning, match="of 7 of 120 examples do not add up to 1") as found:
        function(labels, halves)
    assert found[0].filename == __file__
    with pytest.warns(UserWarning, match="100.00% of the given labels.*in-sample"):
        function(pred_probs.argmax(axis=1), pred_probs)


def test_tokens_that_look_wrong_are_warned_of():
    labels, pred_probs = make(7, 120, 3)
    pred_probs[5] /= 2
    with pytest.warns(UserWarning, match="of 1 of 120 tokens do not add up to 1") as found:
        labelsieve.find_token_issues(labels, pred_probs, lengths=[40, 80])
    assert found[0].filename == __file__
