"""Real labels, real models, known errors: the flags are cleanlab's, and they find the errors.

The data are not part of the project; LABELSIEVE_REAL_NOISE names their folder.
"""

import numpy as np
import pytest
from cleanlab.count import compute_confident_joint
from cleanlab.filter import find_label_issues

from conftest import REAL_NOISE, Case

SETS = ["cifar10-synthetic-noise2-sparsity0-resnet50", "cifar10n-aggregate-resnet18",
        "cifar10s-resnet18", "roman-numeral-resnet18", "roman-numeral-twins", "mnist-test",
        "imdb-test", "noisebench-crowd", "conll2003-dev-vs-cleanconll"]
FILTERS = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning",
           "predicted_neq_given", "low_self_confidence", "low_normalized_margin"]


@pytest.fixture(scope="module", params=SETS)
def real(request, tmp_path_factory):
    folder = REAL_NOISE / request.param
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}; set LABELSIEVE_REAL_NOISE to where the sets are")
    case = Case(tmp_path_factory.mktemp("real"), np.load(folder / "labels.npy"),
                np.load(folder / "pred_probs.npy"))
    case.source = folder
    return case


@pytest.mark.parametrize("filter_by", FILTERS)
def test_flags(real, filter_by):
    """Given the same joint; half-precision input widened for cleanlab (definitions.md)."""
    options = {}
    if filter_by in FILTERS[:3]:
        joint = compute_confident_joint(real.labels, real.wide)
        options = {"confident_joint": joint}
        ours = real.mask("--filter-by", filter_by, "--joint", real.save("joint.npy", joint))
    else:
        ours = real.mask("--filter-by", filter_by)
    theirs = find_label_issues(real.labels, real.wide, filter_by=filter_by, n_jobs=1, **options)
    differ = np.flatnonzero(ours != theirs)
    assert len(differ) == 0, f"{len(differ)} rows differ, the first {differ[:10]}"


def test_joint(real):
    ours = np.array(real.run("joint")["confident_joint"])
    theirs = compute_confident_joint(real.labels, real.wide, calibrate=False)
    np.testing.assert_array_equal(ours, theirs)


def test_known_errors_are_found(real):
    """Among the flagged, errors are far more frequent than elsewhere."""
    if not (real.source / "true_labels.npy").exists():
        pytest.skip("the truth is known for some examples only")
    wrong = np.load(real.source / "true_labels.npy") != real.labels
    flagged = real.mask()
    assert wrong[flagged].mean() > 3 * wrong[~flagged].mean()


def test_published_flags(real):
    """The masks that the paper's own code gave: nearly ours (it ranked with unstable sorts)."""
    published = real.source / "published_prune_by_noise_rate.npy"
    if not published.exists():
        pytest.skip("no published masks for this set")
    theirs = np.unpackbits(np.load(published))[:len(real.labels)].astype(bool)
    ours = real.mask()
    assert (ours & theirs).sum() / (ours | theirs).sum() > 0.95
