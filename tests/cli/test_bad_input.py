"""Bad input and bad options: exit 2, one clear line, nothing left behind and nothing lost."""

import gzip
import io
import os

import numpy as np
import pytest
from conftest import ARRAYS

GOOD_CSV = "id,label,p_a,p_b\n" + "".join(
    f"{i},{'ab'[i % 2]},{0.9 - 0.8 * (i % 2):.1f},{0.1 + 0.8 * (i % 2):.1f}\n" for i in range(20))


def npy(array, **changes):
    """The bytes of a .npy file; `changes` lie in its header."""
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    data = stream.getvalue()
    for key, (old, new) in changes.items():
        old, new = f"'{key}': {old}".encode(), f"'{key}': {new}".encode()
        assert old in data
        start, length = data.index(old), len(old)
        header_end = data.index(b"\n")
        padding = len(new) - length
        header = data[:start] + new + data[start + length:header_end]
        assert header.endswith(b" " * max(padding, 0))
        header = header[:len(header) - padding] if padding > 0 else header + b" " * -padding
        data = header + data[header_end:]
    return data


LABELS = np.arange(8) % 2
PROBS = np.tile([0.25, 0.75], (8, 1))


def probs_with(row, column, value):
    changed = PROBS.copy()
    changed[row, column] = value
    return changed


def with_line(number, text):
    lines = GOOD_CSV.splitlines()
    lines[number - 1] = text
    return "\n".join(lines) + "\n"


# Name: (files, arguments, what the message must hold). Text files end in .csv and the like.
TWO = ("--labels", "y.npy", "--pred-probs", "p.npy")
CASES = {
    # docs/definitions.md §8
    "nan_in_npy": ({"p.npy": npy(probs_with(3, 1, np.nan)), "y.npy": npy(LABELS)}, TWO,
                   ["p.npy", "row 3", "column 1", "NaN", "--skip-invalid"]),
    "infinity_in_npy": ({"p.npy": npy(probs_with(3, 0, np.inf)), "y.npy": npy(LABELS)}, TWO,
                        ["p.npy", "row 3", "column 0", "inf"]),
    "logits_in_npy": ({"p.npy": npy(PROBS * 10), "y.npy": npy(LABELS)}, TWO,
                      ["p.npy", "row 0", "--logits"]),
    "negative_in_npy": ({"p.npy": npy(probs_with(7, 0, -0.01)), "y.npy": npy(LABELS)}, TWO,
                        ["p.npy", "row 7", "column 0"]),
    "logits_in_csv": ({"x.csv": with_line(5, "3,b,-1.5,2.5")}, ("x.csv",),
                      ["x.csv", "line 5", "p_a", "--logits"]),
    "nan_in_csv": ({"x.csv": with_line(5, "3,b,0.5,nan")}, ("x.csv",),
                   ["x.csv", "line 5", "p_b", "--skip-invalid"]),
    "label_too_large": ({"p.npy": npy(PROBS), "y.npy": npy(LABELS * 7)}, TWO,
                        ["y.npy", "row 1", "4 labels", "7"]),
    "label_minus_one": ({"p.npy": npy(PROBS), "y.npy": npy(LABELS - 1)}, TWO, ["y.npy", "-1"]),
    "empty_label": ({"x.csv": with_line(5, "3,,0.1,0.9")}, ("x.csv",),
                    ["x.csv", "line 5", "label", "--skip-invalid"]),
    "no_columns": ({"p.npy": npy(np.zeros((8, 0))), "y.npy": npy(LABELS)}, TWO, ["p.npy"]),
    "no_rows": ({"p.npy": npy(np.zeros((0, 2))), "y.npy": npy(LABELS[:0])}, TWO, ["npy"]),
    "header_only": ({"x.csv": "id,label,p_a,p_b\n"}, ("x.csv",), ["x.csv"]),
    # The list of the issue.
    "empty_npy": ({"p.npy": b"", "y.npy": npy(LABELS)}, TWO, ["p.npy", "empty"]),
    "empty_csv": ({"x.csv": ""}, ("x.csv",), ["x.csv", "empty"]),
    "empty_jsonl": ({"x.jsonl": ""}, ("x.jsonl",), ["x.jsonl", "empty"]),
    "empty_npz": ({"x.npz": b""}, ("x.npz",), ["x.npz"]),
    "directory": ({"d.csv/inside": ""}, ("d.csv",), ["d.csv", "directory"]),
    "directory_as_npy": ({"p.npy/inside": "", "y.npy": npy(LABELS)}, TWO, ["p.npy", "directory"]),
    "no_such_file": ({}, ("nowhere.csv",), ["nowhere.csv", "No such file"]),
    "missing_column": ({"x.csv": GOOD_CSV}, ("x.csv", "--label-column", "truth"),
                       ["x.csv", "truth", "label", "p_a"]),
    "missing_probability_column": ({"x.csv": GOOD_CSV}, ("x.csv", "--prob-columns", "p_a,p_z"),
                                   ["x.csv", "p_z", "p_b"]),
    "no_probability_columns": ({"x.csv": "label,text\na,hello\n"}, ("x.csv",), ["x.csv"]),
    "ragged_row": ({"x.csv": with_line(5, "3,b,0.1")}, ("x.csv",),
                   ["x.csv", "line 5", "3", "4"]),
    "ragged_long_row": ({"x.csv": with_line(5, "3,b,0.1,0.9,7")}, ("x.csv",), ["line 5", "5"]),
    "ragged_vector": ({"x.jsonl": '{"label":0,"probs":[0.5,0.5]}\n{"label":1,"probs":[1]}\n'},
                      ("x.jsonl",), ["x.jsonl", "line 2", "probs"]),
    "class_name_twice": ({"x.csv": GOOD_CSV.replace("p_b", "p_a", 1)}, ("x.csv",),
                         ["x.csv", "a"]),
    "class_name_twice_in_list": ({"p.npy": npy(PROBS), "y.npy": npy(LABELS)},
                                 (*TWO, "--class-names", "cat,cat"), ["cat", "twice"]),
    "label_not_among_classes": ({"x.csv": GOOD_CSV.replace("3,b", "3,zebra")}, ("x.csv",),
                                ["x.csv", "line 5", "zebra"]),
    "pickled": ({"p.npy": npy(PROBS.astype(object)), "y.npy": npy(LABELS)}, TWO,
                ["p.npy", "object"]),
    "lying_header": ({"p.npy": npy(PROBS, shape=("(8, 2)", "(80, 2)")), "y.npy": npy(LABELS)},
                     TWO, ["p.npy"]),
    "overflowing_header": ({"p.npy": npy(PROBS, shape=("(8, 2)", f"({1 << 62}, 8)")),
                            "y.npy": npy(LABELS)}, TWO, ["p.npy"]),
    "no_npy_at_all": ({"p.npy": b"hello, world, this is no array", "y.npy": npy(LABELS)}, TWO,
                      ["p.npy"]),
    "truncated_npy": ({"p.npy": npy(PROBS)[:-5], "y.npy": npy(LABELS)}, TWO, ["p.npy"]),
    "truncated_npz": ({"x.npz": b"PK\x03\x04" + b"\0" * 40}, ("x.npz",), ["x.npz"]),
    "truncated_gzip": ({"x.csv.gz": gzip.compress(GOOD_CSV.encode())[:-20]}, ("x.csv.gz",),
                       ["x.csv.gz"]),
    "truncated_jsonl": ({"x.jsonl": '{"label":0,"probs":[0.5,0.5]}\n{"label":1,"pro'},
                        ("x.jsonl",), ["x.jsonl", "line 2"]),
    "open_quote": ({"x.csv": with_line(5, '"3,b,0.1,0.9')}, ("x.csv",), ["x.csv", "line 5"]),
    "fractional_labels": ({"p.npy": npy(PROBS), "y.npy": npy(LABELS + 0.5)}, TWO,
                          ["y.npy", "row 0", "0.5"]),
    "different_lengths": ({"p.npy": npy(PROBS), "y.npy": npy(LABELS[:7])}, TWO,
                          ["y.npy", "p.npy", "7", "8"]),
    "ids_that_do_not_match": ({"y.csv": "id,label\n1,a\n2,b\n", "p.csv": "id,p_a,p_b\n1,1,0\n3,0,1\n"},
                              ("y.csv", "--pred-probs", "p.csv"), ["csv", "2", "3"]),
    "different_shapes": ({"p.npy": npy(PROBS), "q.npy": npy(np.full((8, 3), 1 / 3)),
                          "y.npy": npy(LABELS)}, (*TWO, "--pred-probs", "q.npy"), ["q.npy"]),
    "nan_in_second_model": ({"p.npy": npy(PROBS), "q.npy": npy(probs_with(2, 0, np.nan)),
                             "y.npy": npy(LABELS)}, (*TWO, "--pred-probs", "q.npy"),
                            ["q.npy", "row 2", "column 0"]),
    "joint_of_another_size": ({"p.npy": npy(PROBS), "j.npy": npy(np.ones((3, 3))),
                               "y.npy": npy(LABELS)}, (*TWO, "--joint", "j.npy"), ["j.npy", "2"]),
    "no_ignore_file": ({"x.csv": GOOD_CSV}, ("x.csv", "--ignore", "nowhere.txt"),
                       ["nowhere.txt", "No such file"]),
    "ignore_is_a_directory": ({"x.csv": GOOD_CSV, "d/inside": ""}, ("x.csv", "--ignore", "d"),
                              ["d:", "directory"]),
    # Options.
    "unknown_option": ({"x.csv": GOOD_CSV}, ("x.csv", "--filter", "both"), ["--filter-by"]),
    "unknown_choice": ({"x.csv": GOOD_CSV}, ("x.csv", "--filter-by", "noise"),
                       ["noise", "prune_by_noise_rate", "both"]),
    "missing_value": ({"x.csv": GOOD_CSV}, ("x.csv", "--top"), ["--top", "N"]),
    "value_of_a_switch": ({"x.csv": GOOD_CSV}, ("x.csv", "--quiet=yes"), ["--quiet"]),
    "option_twice": ({"x.csv": GOOD_CSV}, ("x.csv", "--top", 1, "--top", 2), ["--top"]),
    "two_inputs": ({"x.csv": GOOD_CSV}, ("x.csv", "x.csv"), ["one INPUT"]),
    "no_input": ({}, (), ["no input"]),
    "no_probabilities": ({"y.npy": npy(LABELS)}, ("--labels", "y.npy"), ["--pred-probs"]),
    "no_labels": ({"p.npy": npy(PROBS)}, ("--pred-probs", "p.npy"), ["--labels"]),
    "labels_twice": ({"x.csv": GOOD_CSV}, ("x.csv", "--labels", "x.csv"), ["--labels"]),
    "negative_top": ({"x.csv": GOOD_CSV}, ("x.csv", "--top", "-1"), ["--top", "-1"]),
    "frac_noise_above_one": ({"x.csv": GOOD_CSV}, ("x.csv", "--frac-noise", "1.5"), ["1.5"]),
    "threshold_is_no_number": ({"x.csv": GOOD_CSV}, ("x.csv", "--threshold", "low"), ["low"]),
    "threads_is_no_number": ({"x.csv": GOOD_CSV}, ("x.csv", "--threads", "two"), ["two"]),
    "fail_on_rate_above_one": ({"x.csv": GOOD_CSV}, ("x.csv", "--fail-on", "120%"), ["120%"]),
    "fail_on_is_no_number": ({"x.csv": GOOD_CSV}, ("x.csv", "--fail-on", "few"), ["few"]),
    "unknown_class": ({"x.csv": GOOD_CSV}, ("x.csv", "--class", "zebra"),
                      ["zebra", "classes are a, b"]),
    "unknown_pair": ({"x.csv": GOOD_CSV}, ("x.csv", "--exclude", "a-b"), ["a-b", "given:suggested"]),
    "one_number_short": ({"x.csv": GOOD_CSV}, ("x.csv", "--num-to-remove-per-class", "1,2,3"),
                         ["3", "2"]),
    "weights_of_one_model": ({"x.csv": GOOD_CSV}, ("x.csv", "--ensemble-weights", "uniform"),
                             ["--ensemble-weights", "one model"]),
    "too_few_weights": ({"p.npy": npy(PROBS), "y.npy": npy(LABELS)},
                        (*TWO, "--pred-probs", "p.npy", "--ensemble-weights", "0.5"), ["2 models"]),
    "adjusted_entropy": ({"x.csv": GOOD_CSV},
                         ("x.csv", "--method", "confidence_weighted_entropy",
                          "--adjust-pred-probs"), ["--adjust-pred-probs"]),
    "no_class_names_file": ({"x.csv": GOOD_CSV}, ("x.csv", "--class-names", "names.txt"),
                            ["names.txt"]),
    "unknown_format_of_input": ({"x.dat": GOOD_CSV}, ("x.dat",), ["x.dat", "--input-format"]),
    "standard_input_without_format": ({}, ("-",), ["--input-format"]),
}


def lay_out(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def check_error(result, parts):
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("labelsieve: error: ")
    assert result.stderr.endswith("\n") and result.stderr.count("\n") == 1
    for part in parts:
        assert part in result.stderr


@pytest.mark.parametrize("out", ["out.csv", "out.npy", "old.csv", "old.npy"])
@pytest.mark.parametrize("name", CASES)
def test_find_refuses(run, tmp_path, name, out):
    files, arguments, parts = CASES[name]
    lay_out(tmp_path, files)
    if out.startswith("old"):
        (tmp_path / out).write_text("what was there")
    before = sorted(os.listdir(tmp_path))
    check_error(run("find", *arguments, "-o", out), parts)
    assert sorted(os.listdir(tmp_path)) == before
    if out.startswith("old"):
        assert (tmp_path / out).read_text() == "what was there"


INPUT_CASES = [name for name in CASES if list(CASES).index(name) <
               list(CASES).index("joint_of_another_size")]


@pytest.mark.parametrize("subcommand", ["score", "health", "joint"])
@pytest.mark.parametrize("name", INPUT_CASES)
def test_the_others_refuse_it_too(run, tmp_path, name, subcommand):
    files, arguments, parts = CASES[name]
    lay_out(tmp_path, files)
    check_error(run(subcommand, *arguments, "-o", "out.json"), parts)
    assert not (tmp_path / "out.json").exists()


def test_good_input_of_these_tests_is_good(run, tmp_path):
    lay_out(tmp_path, {"x.csv": GOOD_CSV, "y.npy": npy(LABELS), "p.npy": npy(PROBS)})
    for arguments in (("x.csv",), TWO):
        assert run("find", *arguments, "-o", "out.csv").returncode == 0


@pytest.mark.parametrize("arguments, parts", [
    ((), ["no subcommand", "--help"]),
    (("fnd",), ["fnd", "did you mean find"]),
    (("--top", "3", "find"), ["subcommand comes before"]),
    (("completion",), ["bash"]),
    (("completion", "tcsh"), ["tcsh", "fish"]),
    (("joint", "x.csv", "--top", "3"), ["--top", "joint"]),
    (("inspect", "x.csv", "--format", "csv"), ["json"]),
    (("health", "x.csv", "-o", "x.npy"), [".npy"]),
    (("find", "x.csv", "-o", "x.parquet"), ["x.parquet", "--format"]),
    (("find", "x.csv", "-o", "x.csv", "--format", "json"), ["json", "x.csv"]),
])
def test_usage_errors(run, arguments, parts):
    check_error(run(*arguments), parts)


OUTPUTS = [
    ("/dev/full", ("--format", "csv")),
    ("/proc/self/x.csv", ()),
    ("/proc/x.npy", ()),
    ("animals.csv/x.csv", ()),
    ("animals.csv/x.npy", ()),
    ("no/such/folder/x.json", ()),
    (".", ("--format", "json")),
    ("folder.csv", ()),
]


@pytest.mark.parametrize("out, options", OUTPUTS)
@pytest.mark.parametrize("subcommand", ["find", "score"])
def test_output_that_cannot_be_written(run, animals, tmp_path, subcommand, out, options):
    (tmp_path / "folder.csv").mkdir()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    check_error(run(subcommand, animals, "-o", out, *options), [out])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("arguments", [
    ("find",), ("score", "--format", "csv"), ("health", "--format", "json"), ("joint",),
    ("inspect",),
])
def test_full_standard_output(animals, tmp_path, arguments):
    import subprocess

    from conftest import binary, environment
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([binary(), arguments[0], animals, *arguments[1:]], cwd=tmp_path,
                              stdout=full, stderr=subprocess.PIPE, text=True, env=environment(),
                              check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "No space left" in done.stderr


def test_arrays_of_the_fixture_are_good(run, arrays):
    assert run("find", *ARRAYS).returncode == 0
