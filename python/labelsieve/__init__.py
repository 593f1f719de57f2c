"""Finds the wrong labels in a dataset.

The modules, functions and parameters are those of cleanlab 2.9, so that
``import labelsieve as cleanlab`` is the only change a script needs. They are imported when first
used: importing the package costs hardly more than importing NumPy.

Beside them there are find_issues, score_labels and health, and their forms for tokens, sentences,
spans and label sets: the tables of the command, with names of classes, ids and texts.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from labelsieve._core import version as __version__

if TYPE_CHECKING:
    from labelsieve import (
        benchmarking,
        classification,
        count,
        dataset,
        experimental,
        filter,
        multilabel_classification,
        rank,
        token_classification,
    )
    from labelsieve._batches import Batches
    from labelsieve._issue_table import IssueTable
    from labelsieve._issues import find_issues, health, score_labels
    from labelsieve._multilabel_issues import (
        find_multilabel_issues,
        multilabel_health,
        score_multilabel_labels,
    )
    from labelsieve._span_issues import find_span_issues
    from labelsieve._token_issues import find_sentence_issues, find_token_issues
    from labelsieve._token_tables import score_token_labels, token_health
    from labelsieve._transitions import find_transition_issues

__all__ = [
    "Batches",
    "IssueTable",
    "__version__",
    "benchmarking",
    "classification",
    "count",
    "dataset",
    "experimental",
    "filter",
    "find_issues",
    "find_multilabel_issues",
    "find_sentence_issues",
    "find_span_issues",
    "find_token_issues",
    "find_transition_issues",
    "health",
    "multilabel_classification",
    "multilabel_health",
    "rank",
    "score_labels",
    "score_multilabel_labels",
    "score_token_labels",
    "token_classification",
    "token_health",
]


# The functions of the package itself, and where each is.
_FUNCTIONS = {
    "Batches": "_batches",
    "IssueTable": "_issue_table",
    "find_issues": "_issues",
    "find_multilabel_issues": "_multilabel_issues",
    "find_sentence_issues": "_token_issues",
    "find_span_issues": "_span_issues",
    "find_token_issues": "_token_issues",
    "find_transition_issues": "_transitions",
    "health": "_issues",
    "multilabel_health": "_multilabel_issues",
    "score_labels": "_issues",
    "score_multilabel_labels": "_multilabel_issues",
    "score_token_labels": "_token_tables",
    "token_health": "_token_tables",
}


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:
        value = getattr(importlib.import_module(f"labelsieve.{_FUNCTIONS[name]}"), name)
        globals()[name] = value
        return value
    if name in __all__:
        return importlib.import_module(f"labelsieve.{name}")
    raise AttributeError(f"module 'labelsieve' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
