"""The Python examples run and say what their texts promise."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(os.environ.get("LABELSIEVE_PYTHON", str(ROOT / "build/python")))

if not list(PACKAGE.glob("labelsieve/_core*")):
    pytest.skip("the Python package is not built", allow_module_level=True)


def run(name, *arguments):
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples/python" / name), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def numbers(text):
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


def test_csv_says_what_the_command_says():
    said = run("classification_csv.py", str(ROOT / "examples/digits.csv"))
    assert said.startswith("15 label issues in 1797 examples")
    assert "digit_1729: labelled 3, looks like 5" in said
    assert f"{1 - 15 / 1797:.4f}" in said


def test_clean_learning_helps():
    share, found, accuracy = run("clean_learning.py").splitlines()
    assert 10 < numbers(share)[0] < 25
    right, wrong, others = numbers(found)
    assert right > 0.7 * wrong and others < 0.3 * right
    plain, clean = numbers(accuracy)
    assert clean > plain


def test_in_sample_probabilities_hide_the_issues():
    hidden, shown = map(numbers, run("out_of_sample.py").splitlines())
    assert hidden[0] < 5
    assert shown[0] > 60


def test_every_example_has_a_test():
    tested = Path(__file__).read_text(encoding="utf-8")
    for script in (ROOT / "examples/python").glob("*.py"):
        assert f'run("{script.name}"' in tested, script.name
