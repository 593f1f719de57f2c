"""Which task a run is: by --task, by the format, by the options."""

import pytest


@pytest.mark.parametrize("words, message", [
    (("--task", "sentences"), ["--task", "sentences", "auto", "classification", "token"]),
    (("--task", "classification", "--input-format", "conll"), ["conll", "--task token"]),
    (("--task", "classification", "--by", "sentence"), ["--by", "tokens", "classification"]),
])
def test_contradictions_are_refused(run, animals, words, message):
    result = run("find", animals, *words)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("labelsieve: error: ")
    for part in message:
        assert part in result.stderr


@pytest.mark.parametrize("task", ["auto", "classification"])
def test_tables_are_classification(run, animals, task):
    assert run("find", animals, "--task", task).stdout == run("find", animals).stdout
