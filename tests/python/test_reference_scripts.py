"""Scripts as the reference's documentation has them for these modules, written anew: each runs as it
is with cleanlab, and with labelsieve after its imports are changed. Both leave and print the same."""

import contextlib
import io

import pytest
from comparison import same

FEATURES = """
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

rng = np.random.default_rng(4)
true_labels = rng.integers(0, 3, 240)
data = rng.normal(size=(240, 2)) + 2.5 * np.array([[0, 0], [1, 0], [0, 1]])[true_labels]
labels = np.where(rng.random(240) < 0.1, (true_labels + 1) % 3, true_labels)
model = LogisticRegression()
pred_probs = cross_val_predict(model, data, labels, cv=3, method="predict_proba")
"""

SENTENCES = """
import numpy as np

tokens = [["Visit", "Rome", "today"], ["no", "Rome"], ["An", "apple", "in", "May"]]
labels = [[0, 0, 0], [0, 1], [1, 0, 0, 1]]
pred_probs = [
    np.array([[0.9, 0.1], [0.15, 0.85], [0.95, 0.05]]),
    np.array([[0.8, 0.2], [0.1, 0.9]]),
    np.array([[0.85, 0.15], [0.7, 0.3], [0.99, 0.01], [0.25, 0.75]]),
]
issues = [(0, 1), (2, 0)]
"""

SETS = """
import numpy as np

labels = [[0], [0, 2], [], [1, 2], [1], [0, 1, 2], [2], [0]]
pred_probs = np.array([
    [0.9, 0.1, 0.2], [0.8, 0.1, 0.7], [0.1, 0.2, 0.9], [0.3, 0.8, 0.1],
    [0.1, 0.9, 0.3], [0.7, 0.9, 0.6], [0.2, 0.1, 0.9], [0.1, 0.2, 0.1],
])
"""

SCRIPTS = {
    "filter": FEATURES + """
from cleanlab.filter import find_label_issues

result = find_label_issues(labels, pred_probs, return_indices_ranked_by="self_confidence")
""",
    "rank": FEATURES + """
import cleanlab.filter
from cleanlab.rank import find_top_issues, get_label_quality_scores, order_label_issues

scores = get_label_quality_scores(labels, pred_probs, method="normalized_margin")
mask = cleanlab.filter.find_label_issues(labels, pred_probs)
result = [scores, find_top_issues(scores, top=5), order_label_issues(mask, labels, pred_probs)]
""",
    "ensemble": FEATURES + """
from cleanlab.rank import get_label_quality_ensemble_scores
from sklearn.tree import DecisionTreeClassifier

tree = DecisionTreeClassifier(max_depth=3, random_state=0)
others = cross_val_predict(tree, data, labels, cv=3, method="predict_proba")
result = get_label_quality_ensemble_scores(labels, [pred_probs, others], verbose=False)
""",
    "count": FEATURES + """
from cleanlab import count

joint = count.compute_confident_joint(labels, pred_probs)
prior, noise, inverse = count.estimate_latent(joint, labels)
result = [
    joint, count.estimate_joint(labels, pred_probs), prior, noise, inverse,
    count.num_label_issues(labels, pred_probs), count.get_confident_thresholds(labels, pred_probs),
    count.estimate_cv_predicted_probabilities(data, labels, model, cv_n_folds=3, seed=1),
]
""",
    "dataset": FEATURES + """
from cleanlab.dataset import find_overlapping_classes, health_summary, rank_classes_by_label_quality

names = ["ant", "bee", "fly"]
summary = health_summary(labels, pred_probs, class_names=names, verbose=False)
result = [
    rank_classes_by_label_quality(labels=labels, pred_probs=pred_probs),
    find_overlapping_classes(labels=labels, pred_probs=pred_probs, class_names=names),
    summary["overall_label_health_score"], summary["joint"],
]
""",
    "CleanLearning": FEATURES + """
from cleanlab.classification import CleanLearning

cl = CleanLearning(clf=LogisticRegression(), seed=3, cv_n_folds=3)
cl.fit(data, labels)
result = [cl.predict(data), cl.predict_proba(data), cl.score(data, true_labels)]
result += [cl.get_label_issues(), cl.noise_matrix, cl.confident_joint]
again = CleanLearning(LogisticRegression(), seed=3)
table = again.find_label_issues(data, labels)
result += [table.copy(), again.fit(data, labels, label_issues=table).predict(data)]
""",
    "in batches": FEATURES + """
import os
import tempfile
from cleanlab.experimental.label_issues_batched import LabelInspector, find_label_issues_batched

with tempfile.TemporaryDirectory() as folder:
    labels_file, probs_file = os.path.join(folder, "y.npy"), os.path.join(folder, "p.npy")
    np.save(labels_file, labels)
    np.save(probs_file, pred_probs)
    from_files = find_label_issues_batched(
        labels_file=labels_file, pred_probs_file=probs_file, batch_size=50, verbose=False
    )
lab = LabelInspector(num_class=pred_probs.shape[1], verbose=False)
for i in range(0, len(labels), 50):
    lab.update_confident_thresholds(labels[i : i + 50], pred_probs[i : i + 50, :])
scores = [
    lab.score_label_quality(labels[i : i + 50], pred_probs[i : i + 50, :])
    for i in range(0, len(labels), 50)
]
result = [from_files, lab.get_confident_thresholds(), *scores, lab.get_label_issues()]
""",
    "tokens": SENTENCES + """
from cleanlab.token_classification.filter import find_label_issues
from cleanlab.token_classification.rank import get_label_quality_scores, issues_from_scores

sentence_scores, token_scores = get_label_quality_scores(labels, pred_probs, tokens=tokens)
result = [
    find_label_issues(labels, pred_probs), sentence_scores, token_scores,
    issues_from_scores(sentence_scores, threshold=0.5),
    issues_from_scores(sentence_scores, token_scores=token_scores, threshold=0.5),
    get_label_quality_scores(labels, pred_probs, sentence_score_method="softmin")[0],
]
""",
    "tokens, shown": SENTENCES + """
from cleanlab.token_classification.summary import (
    common_label_issues, display_issues, filter_by_token
)

display_issues(issues, tokens)
display_issues(issues, tokens, labels=labels, pred_probs=pred_probs, class_names=["O", "NAME"])
result = [
    common_label_issues(issues, tokens),
    common_label_issues(
        issues, tokens, labels=labels, pred_probs=pred_probs, class_names=["O", "NAME"]
    ),
    filter_by_token("rome", issues, tokens),
]
""",
    "spans": """
import numpy as np
from cleanlab.experimental.span_classification import (
    display_issues, find_label_issues, get_label_quality_scores
)

labels = [[0, 1, 1, 0], [1, 0, 0]]
pred_probs = [np.array([0.1, 0.9, 0.2, 0.1]), np.array([0.9, 0.1, 0.9])]
display_issues([(1, 2)], [["a", "b", "c", "d"], ["e", "f", "g"]])
result = [find_label_issues(labels, pred_probs), get_label_quality_scores(labels, pred_probs)[0]]
""",
    "label sets": SETS + """
from cleanlab.multilabel_classification import get_label_quality_scores
from cleanlab.multilabel_classification.dataset import (
    common_multilabel_issues, overall_multilabel_health_score, rank_classes_by_multilabel_quality
)
from cleanlab.multilabel_classification.filter import find_label_issues
from cleanlab.multilabel_classification.rank import get_label_quality_scores_per_class

names = ["cat", "dog", "sky"]
result = [
    get_label_quality_scores(labels, pred_probs),
    get_label_quality_scores_per_class(labels, pred_probs),
    find_label_issues(labels, pred_probs, return_indices_ranked_by="self_confidence"),
    common_multilabel_issues(labels, pred_probs, class_names=names),
    rank_classes_by_multilabel_quality(labels, pred_probs, class_names=names),
    overall_multilabel_health_score(labels, pred_probs),
]
""",
    "noise": """
import numpy as np
from cleanlab.benchmarking.noise_generation import (
    generate_noise_matrix_from_trace, generate_noisy_labels
)

true_labels = np.arange(90) % 3
matrix = generate_noise_matrix_from_trace(3, trace=2.4, py=[1 / 3] * 3, seed=2)
np.random.seed(5)
result = [matrix, generate_noisy_labels(true_labels, matrix)]
""",
}


def outcome(script):
    """What the script leaves in `result`, and what it prints."""
    names, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(script, "script", "exec"), names)
    return names["result"], printed.getvalue()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SCRIPTS)
def test_only_the_import_changes(name):
    script = SCRIPTS[name]
    changed = script.replace("from cleanlab", "from labelsieve")
    changed = changed.replace("import cleanlab.filter", "import labelsieve as cleanlab")
    assert changed != script
    ours, printed = outcome(changed)
    theirs, expected = outcome(script)
    same(ours, theirs)
    assert bool(printed) == bool(expected)
