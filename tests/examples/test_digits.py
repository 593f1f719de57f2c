"""The committed digits are what the script makes, and the demo's claim holds."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
COMMAND = os.environ.get("LABELSIEVE_BIN", str(ROOT / "build/labelsieve"))


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


def run(*options):
    done = subprocess.run([COMMAND, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_script_makes_the_committed_files(tmp_path):
    subprocess.run([sys.executable, str(EXAMPLES / "make_digits.py"), str(tmp_path)], check=True)
    header, rows = read(EXAMPLES / "digits.csv")
    made_header, made = read(tmp_path / "digits.csv")
    assert header == made_header
    assert [row[:2] for row in rows] == [row[:2] for row in made]
    ours = np.array([row[2:] for row in rows], dtype=float)
    theirs = np.array([row[2:] for row in made], dtype=float)
    # Another processor may fit the model a little differently.
    np.testing.assert_allclose(ours, theirs, atol=5e-3)
    images = (EXAMPLES / "digits_images.txt").read_text(encoding="ascii")
    assert images == (tmp_path / "digits_images.txt").read_text(encoding="ascii")


def test_the_worst_digits_are_odd_ones():
    found = json.loads(run("find", str(EXAMPLES / "digits.csv"), "--format", "json", "-q"))
    issues = found["issues"]
    assert 10 <= len(issues) <= 30
    assert {issue["id"] for issue in issues[:2]} == {"digit_0005", "digit_1662"}
    third = next(issue for issue in issues[:6] if issue["id"] == "digit_1729")
    assert str(third["given_label"]) == "3" and str(third["suggested_label"]) == "5"


def test_health_agrees_with_find():
    digits = str(EXAMPLES / "digits.csv")
    found = json.loads(run("find", digits, "--format", "json", "-q"))
    health = json.loads(run("health", digits, "--format", "json", "-q"))
    assert health["overall_label_health_score"] == 1 - len(found["issues"]) / 1797


def test_demo_draws_the_digits(tmp_path):
    """Only when the command is the one that the demo runs."""
    if not (ROOT / "build/labelsieve").exists():
        import pytest
        pytest.skip("the demo's own build is not there")
    done = subprocess.run([str(ROOT / "demo")], capture_output=True, text=True, check=False,
                          env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"})
    assert done.returncode == 0, done.stderr
    assert "digit_1729" in done.stdout
    assert "looks like 5" in done.stdout
    assert "Overall label health score" in done.stdout
