"""Whole outputs, byte for byte. UPDATE_GOLDEN=1 writes them anew: look at the difference."""

import os
import re

import pytest
from conftest import HERE

GOLDEN = HERE / "golden"

RUNS = {
    "find_table": "find animals.csv",
    "find_top": "find animals.csv --top 2",
    "find_csv": "find animals.csv --format csv",
    "find_tsv": "find animals.csv --format tsv",
    "find_jsonl": "find animals.csv --format jsonl",
    "find_json": "find animals.csv --format json",
    "find_margin": "find animals.csv --method normalized_margin --adjust-pred-probs --format csv",
    "find_entropy": "find animals.csv --method confidence_weighted_entropy --filter-by both",
    "find_none": "find animals.csv --class cat --threshold 0.01",
    "find_none_json": "find animals.csv --class cat --threshold 0.01 --format json",
    "find_selected": "find animals.csv --class bird --class dog --exclude dog:cat --threshold 0.09",
    "find_quiet": "find animals.csv --quiet",
    "score_csv": "score animals.csv --format csv",
    "score_table": "score animals.csv",
    "score_json": "score animals.csv --format json --filter-by confident_learning",
    "health_table": "health animals.csv",
    "health_json": "health animals.csv --format json",
    "health_csv": "health animals.csv --format csv",
    "joint_table": "joint animals.csv",
    "joint_json": "joint animals.csv --format json",
    "joint_csv": "joint animals.csv --format csv",
    "joint_paper": "joint animals.csv --collision confident_argmax --format json",
    "inspect_table": "inspect animals.csv",
    "inspect_json": "inspect animals.csv --format json",
    "multilabel_find_table": "find photos.jsonl --top 12",
    "multilabel_find_csv": "find photos.jsonl --format csv",
    "multilabel_find_json": "find photos.jsonl --format json --aggregator softmin --top 3",
    "multilabel_find_class": "find photos.jsonl --class water --threshold 0.2 --format jsonl",
    "multilabel_find_per_class": "find photos.jsonl --per-class --top 8",
    "multilabel_find_per_class_json": "find photos.jsonl --per-class --top 3 --format json",
    "multilabel_score_csv": "score photos.jsonl --format csv",
    "multilabel_score_per_class": "score photos.jsonl --per-class --format tsv",
    "multilabel_health_table": "health photos.jsonl",
    "multilabel_health_json": "health photos.jsonl --format json",
    "multilabel_joint_table": "joint photos.jsonl",
    "multilabel_joint_json": "joint photos.jsonl --format json",
    "multilabel_joint_csv": "joint photos.jsonl --format csv",
    "multilabel_inspect_table": "inspect photos.jsonl",
    "multilabel_inspect_json": "inspect photos.jsonl --format json",
    "help": "--help",
    "help_find": "find --help",
    "help_score": "score --help",
    "help_health": "health --help",
    "help_joint": "joint --help",
    "help_inspect": "inspect --help",
    "completion_bash": "completion bash",
    "completion_zsh": "completion zsh",
    "completion_fish": "completion fish",
    "man": "man",
}


def without_version(text):
    return re.sub(r"\b\d+\.\d+\.\d+\b(?=\W)", "VERSION", text)


@pytest.mark.parametrize("name", RUNS)
def test_output_is_the_golden_one(name, run, animals, photos):
    result = run(*RUNS[name].split())
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    output = without_version(result.stdout)
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(output, encoding="utf-8", newline="")
    with golden.open(encoding="utf-8", newline="") as stream:
        assert output == stream.read()


def test_every_golden_file_has_its_run():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(RUNS)


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("name", ["find_json", "score_json", "health_json", "joint_json"])
def test_threads_change_no_byte(name, threads, run, animals):
    once = run(*RUNS[name].split())
    again = run(*RUNS[name].split(), "--threads", threads)
    assert again.stdout == once.stdout
