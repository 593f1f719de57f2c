"""The wheel as it is published: built from the sdist, repaired, installed into an empty environment
and used there.

This builds the whole project once more, so it runs where LABELSIEVE_WHEEL_TEST is set. With ccache it
is short: options are those of the release preset, and .ci/wheel takes care of the paths.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile

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
    """The folder with the sdist and the repaired wheel that was made from it."""
    for needed in ("build", "nanobind", "scikit_build_core", "auditwheel"):
        pytest.importorskip(needed)
    folder = tmp_path_factory.mktemp("dist")
    run(ROOT / ".ci/wheel", folder, cwd=folder, PYTHON=sys.executable)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The bin folder of an environment with the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return programs


def test_sdist_has_all_that_building_takes(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        there = {name.partition("/")[2] for name in archive.getnames()}
    tracked = run("git", "ls-files", "CMakeLists.txt", "pyproject.toml", "LICENSE", "README.md",
                  "src", "include", "cli", "cmake", "python", cwd=ROOT).split()  # fmt: skip
    assert len(tracked) > 100 and not set(tracked) - there
    assert not any(name.startswith(("build", "dist")) for name in there)


def test_tag_and_libraries(wheel):
    """Its name promises no more than g++ 12 on Debian 12 can keep; what readers need is inside."""
    tag = re.search(r"-manylinux_2_(\d+)_\w+\.whl$", wheel.name)
    assert tag and 17 <= int(tag.group(1)) <= 36, wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    for library in ("libsimdjson", "libfmt"):
        assert any(name.startswith(f"labelsieve.libs/{library}") for name in names), names
    assert not any(name.endswith((".cpp", ".h", ".a")) for name in names)


def test_import_and_find(installed, tmp_path):
    assert run(installed / "python", "-c", USE, cwd=tmp_path) == "[4]\n[4]\n"


def test_the_carried_libraries_are_those_in_use(installed, tmp_path):
    (program,) = installed.parent.glob("lib/python*/site-packages/labelsieve/bin/labelsieve")
    linked = run("ldd", program, cwd=tmp_path)
    assert "not found" not in linked
    assert re.search(r"libsimdjson\S* => \S*labelsieve\.libs/", linked), linked


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


def test_examples(installed, tmp_path):
    """The tests of the examples, with the installed package; pandas and scikit-learn are those of
    this environment, which the package is not installed in."""
    (packages,) = installed.parent.glob("lib/python*/site-packages")
    tests = ROOT / "tests/examples/test_python_examples.py"
    said = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests,
               cwd=tmp_path, LABELSIEVE_PYTHON=str(packages))  # fmt: skip
    assert re.search(r"[1-9]\d* passed", said) and "skipped" not in said, said
