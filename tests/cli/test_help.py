"""Help, completions and the manual page: they work, and they know every option."""

import re
import shlex
import shutil
import subprocess

import pytest
from conftest import ROOT, binary, environment

SUBCOMMANDS = ["find", "score", "health", "joint", "inspect"]


def options_of(run, subcommand):
    return set(re.findall(r"--[a-z-]+", run(subcommand, "--help").stdout.split("Examples")[0]))


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_examples_of_the_help_work(run, subcommand):
    text = run(subcommand, "--help").stdout
    examples = re.findall(r"^  (labelsieve .*)$", text.split("\nExample")[1], re.MULTILINE)
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert words[1] == subcommand
        result = run(*words[1:], cwd=ROOT)
        assert result.returncode == 0, result.stderr
        assert result.stdout


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_help_in_its_three_forms(run, subcommand):
    long = run(subcommand, "--help")
    assert long.returncode == 0
    assert run(subcommand, "-h").stdout == long.stdout == run("help", subcommand).stdout
    assert max(map(len, long.stdout.splitlines())) <= 80


def test_version(run):
    assert re.fullmatch(r"labelsieve \d+\.\d+\.\d+\n", run("--version").stdout)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_name_every_option(run, shell):
    script = run("completion", shell).stdout
    for subcommand in SUBCOMMANDS:
        assert subcommand in script
        for option in options_of(run, subcommand):
            assert (option if shell != "fish" else f"-l {option[2:]} ") in script


@pytest.mark.parametrize("shell, arguments", [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["-n"])])
def test_completions_parse(run, tmp_path, shell, arguments):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(run("completion", shell).stdout, encoding="utf-8")
    subprocess.run([shell, *arguments, script], check=True, env=environment())


@pytest.mark.parametrize("words, expected", [
    (["labelsieve", "jo"], ["joint"]),
    (["labelsieve", "find", "--min"], ["--min-examples-per-class"]),
    (["labelsieve", "find", "--collision", "row"], ["row_argmax"]),
    (["labelsieve", "completion", "f"], ["fish"]),
    (["labelsieve", "inspect", "--fil"], []),
])
def test_bash_completes(run, words, expected):
    script = run("completion", "bash").stdout + f"""
COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}
_labelsieve
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True,
                          env=environment())
    assert done.stdout.split() == expected


def test_manual_page_names_every_option(run):
    page = run("man").stdout.replace("\\-", "-")
    for subcommand in SUBCOMMANDS:
        assert f".B {subcommand}\n" in page
        for option in options_of(run, subcommand):
            assert option in page


def test_manual_page_formats_without_warnings(run):
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=run("man").stdout,
                          capture_output=True, text=True, check=True, env=environment())
    assert done.stderr == ""
    assert "EXIT STATUS" in re.sub(".\b", "", done.stdout)


def test_start_is_quick():
    """Not a timing test: a start that does real work would show as a large multiple."""
    done = subprocess.run([binary(), "--version"], capture_output=True, timeout=5, check=True)
    assert done.stderr == b""
