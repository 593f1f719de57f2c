"""Every public function has cleanlab's parameters: names, kinds, defaults, order."""

import importlib
import inspect

import pytest

MODULES = [
    "rank",
    "filter",
    "count",
    "dataset",
    "experimental.label_issues_batched",
    "benchmarking.noise_generation",
    "experimental.span_classification",
    "multilabel_classification",
    "multilabel_classification.dataset",
    "multilabel_classification.filter",
    "multilabel_classification.rank",
    "token_classification.filter",
    "token_classification.rank",
    "token_classification.summary",
]

# What the issue of each module of cleanlab promises its users; a new name of ours is no harm.
FUNCTIONS = {
    "rank": [
        "get_label_quality_scores",
        "get_label_quality_ensemble_scores",
        "find_top_issues",
        "order_label_issues",
        "get_self_confidence_for_each_label",
        "get_normalized_margin_for_each_label",
        "get_confidence_weighted_entropy_for_each_label",
    ],
    "filter": [
        "find_label_issues",
        "find_predicted_neq_given",
        "find_label_issues_using_argmax_confusion_matrix",
    ],
    "count": [
        "num_label_issues",
        "calibrate_confident_joint",
        "estimate_joint",
        "compute_confident_joint",
        "estimate_latent",
        "estimate_py_and_noise_matrices_from_probabilities",
        "estimate_confident_joint_and_cv_pred_proba",
        "estimate_py_noise_matrices_and_cv_pred_proba",
        "estimate_cv_predicted_probabilities",
        "estimate_noise_matrices",
        "get_confident_thresholds",
        "compute_py",
        "compute_inv_noise_matrix",
        "compute_noise_matrix_from_inverse",
    ],
    "dataset": [
        "rank_classes_by_label_quality",
        "find_overlapping_classes",
        "overall_label_health_score",
        "health_summary",
    ],
    "experimental.label_issues_batched": ["find_label_issues_batched"],
    "benchmarking.noise_generation": [
        "generate_noise_matrix_from_trace",
        "generate_noisy_labels",
        "noise_matrix_is_valid",
        "generate_n_rand_probabilities_that_sum_to_m",
        "randomly_distribute_N_balls_into_K_bins",
    ],
    "experimental.span_classification": [
        "find_label_issues",
        "get_label_quality_scores",
        "display_issues",
    ],
    "multilabel_classification": ["get_label_quality_scores"],
    "multilabel_classification.dataset": [
        "common_multilabel_issues",
        "rank_classes_by_multilabel_quality",
        "overall_multilabel_health_score",
        "multilabel_health_summary",
    ],
    "multilabel_classification.filter": ["find_label_issues", "find_multilabel_issues_per_class"],
    "multilabel_classification.rank": [
        "get_label_quality_scores",
        "get_label_quality_scores_per_class",
    ],
    "token_classification.filter": ["find_label_issues"],
    "token_classification.rank": ["get_label_quality_scores", "issues_from_scores"],
    "token_classification.summary": [
        "display_issues",
        "common_label_issues",
        "filter_by_token",
    ],
}


def parameters(function):
    """Defaults by their text: a classifier has no equality."""
    signature = inspect.signature(function)
    return [(p.name, p.kind, repr(p.default)) for p in signature.parameters.values()]


def same(ours, theirs):
    """Ours may have keyword-only parameters of its own after cleanlab's."""
    mine, reference = parameters(ours), parameters(theirs)
    extra = mine[len(reference) :]
    return mine[: len(reference)] == reference and all(
        kind is inspect.Parameter.KEYWORD_ONLY for _, kind, _ in extra
    )


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module in MODULES for name in FUNCTIONS[module]]
)
def test_function(module, name):
    ours = importlib.import_module(f"labelsieve.{module}")
    theirs = importlib.import_module(f"cleanlab.{module}")
    assert same(getattr(ours, name), getattr(theirs, name)), parameters(getattr(ours, name))


@pytest.mark.parametrize("module", MODULES)
def test_public_names_have_a_docstring(module):
    ours = importlib.import_module(f"labelsieve.{module}")
    for name in ours.__all__:
        assert inspect.getdoc(getattr(ours, name)), name


def test_label_inspector():
    from cleanlab.experimental.label_issues_batched import LabelInspector as Theirs
    from labelsieve.experimental.label_issues_batched import LabelInspector as Ours

    methods = [name for name in vars(Theirs) if not name.startswith("_")] + ["__init__"]
    for name in methods:
        assert same(getattr(Ours, name), getattr(Theirs, name)), name
    made = Ours(num_class=3), Theirs(num_class=3)
    assert set(vars(made[1])) - {"label_quality_scores", "prune_count"} <= set(vars(made[0]))
