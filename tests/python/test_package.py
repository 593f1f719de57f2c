"""The package as a whole: what importing costs, types, the command."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "python/labelsieve"


def python(code):
    """What a fresh interpreter prints, with the package on its path."""
    path = [p for p in sys.path if p.endswith("python") or "site-packages" in p]
    lines = f"import sys; sys.path[:0] = {path!r}\n" + textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_loads_only_what_is_used():
    printed = python("""
        import labelsieve as cleanlab
        loaded = {name for name in sys.modules if name.split(".")[0] in ("labelsieve", "pandas",
                  "sklearn", "scipy", "pyarrow", "polars", "torch", "tqdm", "inspect")}
        print(sorted(loaded))
        cleanlab.filter.find_label_issues, cleanlab.count.num_label_issues
        cleanlab.experimental.label_issues_batched.LabelInspector
        labels, probs = [0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]]
        import numpy
        cleanlab.find_issues(labels, numpy.array(probs))
        print({"pandas", "sklearn", "scipy", "pyarrow", "polars", "torch"} & set(sys.modules))
        print(dir(cleanlab))
    """)
    loaded, heavy, names = printed.splitlines()
    assert loaded == "['labelsieve', 'labelsieve._core']"
    assert heavy == "set()"
    assert "filter" in names and "rank" in names


def test_unknown_names():
    import labelsieve
    import labelsieve.experimental

    for module in (labelsieve, labelsieve.experimental):
        with pytest.raises(AttributeError, match="magic"):
            module.magic


def test_version():
    import labelsieve

    assert f"VERSION {labelsieve.__version__} " in (ROOT / "CMakeLists.txt").read_text()
    assert f'version = "{labelsieve.__version__}"' in (ROOT / "pyproject.toml").read_text()


def test_stub_is_the_one_the_build_makes():
    made = ROOT / "build/python/_core.pyi"
    if not made.exists():
        pytest.skip("the build made no stub")
    assert (PACKAGE / "_core.pyi").read_text() == made.read_text(), (
        "the bindings changed: copy build/python/_core.pyi to python/labelsieve/"
    )


def test_types():
    pytest.importorskip("mypy")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-incremental"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_command_without_a_program(tmp_path):
    """The console script says what is missing; with the program beside it, it becomes it."""
    script = tmp_path / "_command.py"
    script.write_bytes((PACKAGE / "_command.py").read_bytes())
    run = [sys.executable, str(script), "find", "--top", "3"]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "cannot run" in done.stderr
    program = tmp_path / "bin/labelsieve"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@"\nexit 5\n')
    program.chmod(0o755)
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 5 and done.stdout == "find --top 3\n"


def test_every_source_is_small():
    for path in Path(PACKAGE).rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 500, path
