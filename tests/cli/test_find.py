"""What the options of find, score, health and joint do, compared with one another."""

import csv
import io
import json

import numpy as np
import pytest
from conftest import ARRAYS


def rows_of(result):
    assert result.returncode == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def json_of(result):
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


# What these tests know by heart; the default, auto, has its own.
REFERENCE = {"--filter-by": "prune_by_noise_rate", "--method": "self_confidence"}


@pytest.fixture(name="run")
def run_with_reference(run):
    def call(subcommand, *arguments, **options):
        given = [item for pair in REFERENCE.items() if pair[0] not in arguments for item in pair]
        known = subcommand in ("find", "score", "health")
        return run(subcommand, *arguments, *(given if known else ()), **options)

    return call


def find(run, *arguments):
    return rows_of(run("find", *arguments, "--format", "csv"))


def indices(rows):
    return [int(row["index"]) for row in rows]


def test_issues_are_the_flipped_labels(run, animals):
    assert sorted(indices(find(run, animals))) == [4, 11, 23, 37, 52]


def test_ranks_ascend_with_label_quality(run, arrays):
    rows = find(run, *ARRAYS)
    assert [int(row["rank"]) for row in rows] == list(range(1, len(rows) + 1))
    quality = [float(row["label_quality"]) for row in rows]
    assert quality == sorted(quality)


def test_values_are_those_of_the_matrix(run, arrays):
    labels, pred_probs = arrays
    for row in find(run, *ARRAYS):
        i = int(row["index"])
        assert int(row["given_label"]) == labels[i]
        assert int(row["suggested_label"]) == pred_probs[i].argmax()
        assert float(row["self_confidence"]) == pred_probs[i, labels[i]]
        assert float(row["suggested_prob"]) == pred_probs[i].max()


def test_top_lists_the_first(run, animals):
    assert find(run, animals, "--top", 2) == find(run, animals)[:2]
    assert find(run, animals, "--top", 0) == []
    summary = json_of(run("find", animals, "--top", 2, "--format", "json"))["summary"]
    assert (summary["num_issues"], summary["num_listed"]) == (5, 2)


def test_class_keeps_given_labels(run, animals):
    rows = find(run, animals, "--class", "bird", "--class", "dog")
    assert indices(rows) == [23, 4, 37]
    assert find(run, animals, "--class", 2, "--class", 1) == rows


def test_exclude_leaves_pairs_out(run, animals):
    rows = find(run, animals, "--exclude", "bird:dog", "--exclude", "dog:cat")
    assert indices(rows) == [52, 11]


def test_exclude_understands_colons_in_names(run, tmp_path):
    (tmp_path / "x.csv").write_text(
        "label,p_a:b,p_c\n" + "a:b,0.9,0.1\n" * 9 + "c,0.1,0.9\n" * 9 + "c,0.99,0.01\n")
    assert indices(find(run, "x.csv")) == [18]
    assert find(run, "x.csv", "--exclude", "c:a:b") == []


def test_threshold_is_strict(run, animals):
    assert indices(find(run, animals, "--threshold", 0.1301)) == [23, 4, 37]


def test_ignore_by_id(run, animals, tmp_path):
    (tmp_path / "checked.txt").write_text(
        "# looked at on Monday\n\nimg_023\nimg_004   # fine\r\nimg_999\n")
    result = run("find", animals, "--ignore", "checked.txt", "--format", "csv")
    assert indices(rows_of(result)) == [37, 52, 11]
    assert result.stderr == ('labelsieve: note: checked.txt: 1 of 3 entries name no example, '
                             'first line 5 ("img_999")\n')


def test_ignore_by_index(run, arrays, tmp_path):
    everything = indices(find(run, *ARRAYS))
    (tmp_path / "checked.txt").write_text(f"{everything[0]}\n{everything[2]}\n")
    rows = find(run, *ARRAYS, "--ignore", "checked.txt")
    assert indices(rows) == everything[1:2] + everything[3:]


@pytest.mark.parametrize("limit, code", [
    ("4", 1), ("5", 0), ("0.08", 1), ("0.09", 0), ("8%", 1), ("8.4%", 0), ("1.0", 0), ("0", 1),
])
def test_fail_on(run, animals, limit, code):
    for arguments in (("find", animals), ("find", animals, "--top", 1), ("health", animals)):
        result = run(*arguments, "--fail-on", limit)
        assert result.returncode == code
        assert bool(result.stderr) == bool(code)


@pytest.mark.parametrize("limit, code", [("6%", 0), ("0.06", 0), ("0.0599", 1), ("5.99%", 1)])
def test_fail_on_at_the_rate_itself(run, arrays, limit, code):
    assert len(find(run, *ARRAYS)) == 12  # of 200
    assert run("find", *ARRAYS, "--fail-on", limit).returncode == code


def test_fail_on_counts_what_is_left(run, animals, tmp_path):
    (tmp_path / "checked.txt").write_text("img_023\n")
    left = ("--ignore", "checked.txt", "--exclude", "bird:dog", "--fail-on", 2)
    assert run("find", animals, *left).returncode == 0
    assert run("health", animals, *left).returncode == 0
    assert run("find", animals, *left[:-1], 1).returncode == 1


def test_mask_holds_every_issue(run, arrays, tmp_path):
    rows = find(run, *ARRAYS, "--class", 1)
    result = run("find", *ARRAYS, "--class", 1, "--top", 1, "-o", "mask.npy")
    assert result.returncode == 0
    mask = np.load(tmp_path / "mask.npy")
    assert mask.dtype == bool and mask.shape == (200,)
    assert sorted(indices(rows)) == np.flatnonzero(mask).tolist()


def test_scores_agree_in_every_format(run, arrays, tmp_path):
    options = (*ARRAYS, "--method", "normalized_margin")
    rows = rows_of(run("score", *options, "--format", "csv"))
    assert indices(rows) == list(range(200))
    run("score", *options, "-o", "scores.npy")
    scores = np.load(tmp_path / "scores.npy")
    assert scores.dtype == np.float64
    assert [float(row["label_quality"]) for row in rows] == scores.tolist()
    flagged = [int(row["index"]) for row in rows if row["is_label_issue"] == "true"]
    assert flagged == sorted(indices(find(run, *options)))
    lines = run("score", *options, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["label_quality"] for line in lines] == scores.tolist()


def test_skipped_rows_keep_their_index(run, tmp_path):
    (tmp_path / "x.csv").write_text(
        "label,p_a,p_b\n" + "a,0.9,0.1\n" * 9 + "a,nan,0.5\n" + "b,0.1,0.9\n" * 9 + "b,0.99,0.01\n")
    assert indices(find(run, "x.csv", "--skip-invalid")) == [19]
    rows = rows_of(run("score", "x.csv", "--skip-invalid", "--format", "csv"))
    assert rows[9] == {"index": "9", "given_label": "", "suggested_label": "", "label_quality": "",
                       "is_label_issue": "false", "self_confidence": "", "suggested_prob": ""}
    document = json_of(run("score", "x.csv", "--skip-invalid", "--format", "json"))
    assert document["examples"][9]["label_quality"] is None
    assert (document["summary"]["num_examples"], document["summary"]["num_skipped"]) == (19, 1)
    run("score", "x.csv", "--skip-invalid", "-o", "s.npy")
    assert np.isnan(np.load(tmp_path / "s.npy")).tolist() == [i == 9 for i in range(20)]
    run("find", "x.csv", "--skip-invalid", "-o", "m.npy")
    assert np.flatnonzero(np.load(tmp_path / "m.npy")).tolist() == [19]


def test_health_says_what_find_says(run, arrays):
    options = (*ARRAYS, "--filter-by", "both", "--frac-noise", 0.8)
    issues = find(run, *options)
    health = json_of(run("health", *options, "--format", "json"))
    assert health["summary"]["num_issues"] == len(issues)
    assert health["overall_label_health_score"] == 1 - len(issues) / 200
    for entry in health["classes"]:
        given = [row for row in issues if int(row["given_label"]) == entry["class"]]
        assert entry["num_issues"] == len(given)


def test_joint_in_json_and_csv(run, arrays):
    document = json_of(run("joint", *ARRAYS, "--format", "json"))
    assert np.sum(document["calibrated_confident_joint"]) == 200
    labels, _ = arrays
    assert np.sum(document["calibrated_confident_joint"], axis=1).tolist() == \
        np.bincount(labels).tolist()
    for row in rows_of(run("joint", *ARRAYS, "--format", "csv")):
        given, true = int(row["given_label"]), int(row["true_label"])
        for name in ("confident_joint", "calibrated_confident_joint", "estimated_joint",
                     "noise_matrix"):
            assert float(row[name]) == document[name][given][true]
        assert float(row["inverse_noise_matrix"]) == document["inverse_noise_matrix"][true][given]


def test_joint_of_many_classes_is_triplets(run, tmp_path):
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 1000, 3000)  # class 1000 has no example
    pred_probs = rng.random((3000, 1001)).astype(np.float32)
    pred_probs[np.arange(3000), labels] += 300
    pred_probs /= pred_probs.sum(axis=1, keepdims=True)
    labels[0] = (labels[0] + 1) % 1000
    np.save(tmp_path / "labels.npy", labels)
    np.save(tmp_path / "pred_probs.npy", pred_probs)
    document = json_of(run("joint", *ARRAYS, "--format", "json"))
    assert document["thresholds"][1000] is None
    triplets = document["calibrated_confident_joint"]
    assert sum(value for _, _, value in triplets) == 3000
    given = np.bincount([g for g, _, _ in triplets], [v for _, _, v in triplets], 1001)
    assert given.tolist() == np.bincount(labels, minlength=1001).tolist()
    noise = np.bincount([t for _, t, _ in document["noise_matrix"]],
                        [v for _, _, v in document["noise_matrix"]])
    assert np.allclose(noise[:1000][noise[:1000] > 0], 1)
    inverse = np.bincount([g for g, _, _ in document["inverse_noise_matrix"]],
                          [v for _, _, v in document["inverse_noise_matrix"]])
    assert np.allclose(inverse[:1000][inverse[:1000] > 0], 1)


def test_given_joint_is_used(run, arrays, tmp_path):
    np.save(tmp_path / "joint.npy", np.diag(np.full(4, 50)))
    assert find(run, *ARRAYS, "--joint", "joint.npy") == []
    health = json_of(run("health", *ARRAYS, "--joint", "joint.npy", "--format", "json"))
    assert health["overlapping_classes"] == []
    assert {entry["estimated_label_noise"] for entry in health["classes"]} == {0.0}


def test_num_to_remove_per_class(run, arrays):
    one = find(run, *ARRAYS, "--filter-by", "prune_by_class", "--num-to-remove-per-class", 2)
    each = find(run, *ARRAYS, "--filter-by", "prune_by_class",
                "--num-to-remove-per-class", "2,2,2,2")
    assert one == each
    counts = np.bincount([int(row["given_label"]) for row in one], minlength=4)
    assert (counts <= 2).all() and counts.sum() > 0


class TestEnsemble:
    FILES = (*ARRAYS, "--pred-probs", "second.npy")

    @pytest.fixture(autouse=True)
    def second_model(self, arrays, tmp_path):
        labels, first = arrays
        second = 0.5 * first + 0.5 * np.random.default_rng(5).dirichlet(np.ones(4), 200)
        np.save(tmp_path / "second.npy", second)
        self.labels, self.models = labels, (first, second)

    def test_label_quality_is_the_mean_of_the_scores(self, run):
        rows = rows_of(run("score", *self.FILES, "--ensemble-weights", "0.25,0.75",
                           "--method", "self_confidence", "--format", "csv"))
        own = [model[np.arange(200), self.labels] for model in self.models]
        expected = 0.25 * own[0] + 0.75 * own[1]
        assert np.allclose([float(row["label_quality"]) for row in rows], expected, atol=1e-15)

    def test_default_weights_are_the_accuracies(self, run):
        summary = json_of(run("find", *self.FILES, "--format", "json"))["summary"]
        accuracy = np.array([(m.argmax(axis=1) == self.labels).mean() for m in self.models])
        assert np.allclose(summary["ensemble_weights"], accuracy / accuracy.sum())
        assert len(summary["inputs"]["pred_probs"]) == 2

    def test_filter_sees_the_mean_of_the_probabilities(self, run, tmp_path):
        np.save(tmp_path / "mean.npy", (self.models[0] + self.models[1]) / 2)
        rows = find(run, *self.FILES, "--ensemble-weights", "uniform")
        of_mean = find(run, "labels.npy", "--pred-probs", "mean.npy")
        assert indices(rows) == indices(of_mean)

    def test_inspect_shows_each_model(self, run):
        document = json_of(run("inspect", *self.FILES, "--format", "json"))
        assert [model["pred_probs"] for model in document["models"]] == \
            ["pred_probs.npy", "second.npy"]


def test_labels_table_as_input_with_probabilities_beside(run, arrays, tmp_path):
    labels, _ = arrays
    (tmp_path / "labels.csv").write_text(
        "id,label\n" + "".join(f"r{i},{label}\n" for i, label in enumerate(labels)))
    rows = find(run, "labels.csv", "--pred-probs", "pred_probs.npy")
    assert [{k: v for k, v in row.items() if k != "id"} for row in rows] == find(run, *ARRAYS)
    assert [row["id"] for row in rows] == [f"r{row['index']}" for row in rows]


def test_class_names_from_a_list_and_a_file(run, arrays, tmp_path):
    (tmp_path / "names.txt").write_text("ant\nbee\ncow\nd,d\n")
    by_file = find(run, *ARRAYS, "--class-names", "names.txt")
    by_list = find(run, *ARRAYS, "--class-names", 'ant,bee,cow,"d,d"')
    assert by_file == by_list
    assert {row["given_label"] for row in by_file} <= {"ant", "bee", "cow", "d,d"}


def test_standard_input(run, animals, tmp_path):
    text = (tmp_path / animals).read_text(encoding="utf-8")
    assert find(run, animals) == rows_of(
        run("find", "-", "--input-format", "csv", "--format", "csv", stdin=text))
