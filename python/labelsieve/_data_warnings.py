"""What looks wrong with data that can be used, as the command warns of it."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

from labelsieve import _core
from labelsieve._issue_table import counted

__all__ = ["warn_about_data"]

_PACKAGE = str(Path(__file__).parent)

# Above this share of agreement with the given labels, a model has usually seen them; so few
# examples may well agree by chance.
_IN_SAMPLE_ACCURACY = 0.995
_FEW = 20


def warn_about_data(findings: _core.Findings, units: str) -> None:
    """UserWarning for rows that do not add up to 1, and for a model that has seen the labels."""
    counts = findings.label_counts
    num_examples = int(counts.sum())
    among = counted(num_examples, units[:-1], units)
    if findings.num_unnormalized_rows > 0:
        _warn(
            f"the probabilities of {findings.num_unnormalized_rows} of {among} do not add up to 1; "
            "if they are logits, say logits=True"
        )
    if len(counts) > 1 and num_examples >= _FEW:
        accuracy = 1 - findings.num_disagreeing / num_examples
        if accuracy > _IN_SAMPLE_ACCURACY:
            _warn(
                f"the model agrees with {accuracy:.2%} of the given labels: these probabilities "
                "look in-sample; use out-of-sample ones, for example from cross-validation"
            )


def _warn(message: str) -> None:
    """A warning that points at whoever called the package."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, UserWarning, stacklevel=level)
