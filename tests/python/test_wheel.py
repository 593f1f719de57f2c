"""The wheel, built, installed into an empty environment and used there; what is in the sdist.

This builds the whole project once more, so it runs where LABELSIEVE_WHEEL_TEST is set. With ccache it
is short: options and paths are those of the release preset.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import venv

import pytest
from conftest import ROOT

pytestmark = pytest.mark.skipif(
    not os.environ.get("LABELSIEVE_WHEEL_TEST"), reason="LABELSIEVE_WHEEL_TEST is not set"
)

USE = """
import numpy, sys
import labelsieve as cleanlab
assert "pandas" not in sys.modules and "sklearn" not in sys.modules
labels = [0, 0, 1, 1, 0, 1]
probs = numpy.array([[.9, .1], [.8, .2], [.1, .9], [.2, .8], [.05, .95], [.3, .7]])
print(cleanlab.filter.find_label_issues(labels, probs).nonzero()[0].tolist())
print(cleanlab.find_issues(labels, probs)["index"].tolist())
"""


def run(*arguments, cwd=None, **environment):
    """A command outside of the repository, which must not be what is imported."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd,
        env=dict(clean, **environment),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel."""
    pytest.importorskip("scikit_build_core")
    pytest.importorskip("build")
    folder = tmp_path_factory.mktemp("dist")
    options = ["-Cbuild-dir=build-wheel", "-Ccmake.define.LABELSIEVE_WERROR=ON"]
    compilers = {"CXX": os.environ.get("CXX", "c++"), "CC": os.environ.get("CC", "cc")}
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder]
    run(*build, *options, "--wheel", ROOT, cwd=folder, **compilers)
    return next(folder.glob("*.whl"))


def test_sdist_has_all_that_building_takes(tmp_path):
    pytest.importorskip("scikit_build_core")
    pytest.importorskip("build")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, "--sdist", ROOT)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        there = {name.partition("/")[2] for name in archive.getnames()}
    tracked = run("git", "ls-files", "CMakeLists.txt", "pyproject.toml", "LICENSE", "README.md",
                  "src", "include", "cli", "cmake", "python", cwd=ROOT).split()  # fmt: skip
    assert len(tracked) > 100 and not set(tracked) - there
    assert not any(name.startswith("build") for name in there)


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The bin folder of an environment with the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    run(programs / "python", "-m", "pip", "install", "--quiet", built, cwd=folder)
    return programs


def test_import_and_find(installed, tmp_path):
    assert run(installed / "python", "-c", USE, cwd=tmp_path) == "[4]\n[4]\n"


def test_only_numpy_is_taken(installed, tmp_path):
    listed = run(installed / "python", "-m", "pip", "list", "--format", "freeze", cwd=tmp_path)
    names = {line.partition("==")[0].lower() for line in listed.splitlines()}
    assert names <= {"labelsieve", "numpy", "pip", "setuptools", "wheel"}


def test_command(installed, tmp_path):
    digits = ROOT / "examples/digits.csv"
    written = run(installed / "labelsieve", "find", digits, "--format", "csv", "-q", cwd=tmp_path)
    assert written.startswith("rank,index,given_label,") and written.count("\n") == 22
    shutil.copy(digits, tmp_path / "digits.parquet")  # its content does not matter
    done = subprocess.run(
        [str(installed / "labelsieve"), "find", "digits.parquet"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "pip install pyarrow" in done.stderr
