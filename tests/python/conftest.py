"""The Python package beside cleanlab 2.9.0, in one process.

The sorts of the oracle are made stable, so that its ties fall as ours do: by the environment before
NumPy is imported, and in `argsort` itself. LABELSIEVE_PYTHON is the folder with the built package.
"""

import os
import signal
import sys
from pathlib import Path

# Without these instruction sets NumPy sorts small arrays stably; it has to be told before import.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V4 AVX512_ICL AVX512_SPR X86_V3")

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, os.environ.get("LABELSIEVE_PYTHON", str(ROOT / "build/python")))

# A shell that runs the tests in the background has Ctrl-C ignored, here and in children.
signal.signal(signal.SIGINT, signal.default_int_handler)

import hypothesis
import numpy as np
import pytest

hypothesis.settings.register_profile(
    "quick",
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    suppress_health_check=[
        hypothesis.HealthCheck.function_scoped_fixture,
        hypothesis.HealthCheck.too_slow,
    ],
)
hypothesis.settings.load_profile("quick")


@pytest.fixture(autouse=True)
def stable_sorts(monkeypatch):
    """The oracle breaks ties by the lower index, as docs/definitions.md does everywhere."""
    unstable = np.argsort
    monkeypatch.setattr(
        np,
        "argsort",
        lambda a, axis=-1, kind=None, order=None, **kwargs: unstable(
            a, axis=axis, kind="stable", order=order, **kwargs
        ),
    )
