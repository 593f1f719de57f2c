"""The automatic method on real noise: what the project claims for it. Skipped without the data."""

import numpy as np
import pytest

from conftest import REAL_NOISE, Case
from test_real_noise import known_errors

# Fully labelled, or with the examples that people checked.
FOLDERS = sorted(path.parent for path in REAL_NOISE.glob("*/labels.npy"))


def f1(mask, wrong):
    return 2 * (mask & wrong).sum() / (mask.sum() + wrong.sum())


@pytest.mark.skipif(not FOLDERS, reason=f"no folder {REAL_NOISE}; set LABELSIEVE_REAL_NOISE")
def test_the_default_beats_the_reference_default_on_every_set(tmp_path):
    scores = []
    for folder in FOLDERS:
        target = tmp_path / folder.name
        target.mkdir()
        case = Case(target, np.load(folder / "labels.npy"),
                    np.clip(np.load(folder / "pred_probs.npy"), 0, 1))
        case.source = folder
        examples, wrong = known_errors(case)
        ours = f1(case.mask()[examples], wrong)
        reference = f1(case.mask("--filter-by", "prune_by_noise_rate")[examples], wrong)
        scores.append(ours)
        assert ours > reference - .0015, folder.name
    assert np.mean(scores) >= .606
