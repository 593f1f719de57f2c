"""The Python in README.md and docs/: every block runs, from top to bottom of its page.

A page begins with the names that its text takes as given. The last check of a page looks at what
its blocks left.
"""

import importlib.util
import re

import labelsieve
import numpy as np
import pytest
from cases import make
from conftest import ROOT

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks_of(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    return [(text[: found.start()].count("\n") + 2, found[1]) for found in BLOCK.finditer(text)]


def run(page, names, skip=None):
    """Runs the blocks of a page in one namespace; an error names the page and its line."""
    blocks = blocks_of(page)
    assert blocks, f"{page} has no Python"
    for line, text in blocks:
        code = compile("\n" * (line - 1) + text, page, "exec")
        if skip is None or not skip(text):
            exec(code, names)
    return names


def test_readme(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    labels, pred_probs = make(3, 100, 2)
    texts = [f"text {i}" for i in range(100)]
    names = run("README.md", {
        "labels": labels, "pred_probs": pred_probs, "texts": texts, "labelsieve": labelsieve,
    })  # fmt: skip
    issues = names["issues"]
    assert len(issues) == issues.num_issues > 0
    assert "issues.csv" in (ROOT / "README.md").read_text()


def test_python_page(monkeypatch):
    monkeypatch.chdir(ROOT)
    labels, pred_probs = make(3, 100, 2)
    names = run("docs/python.md", {"labels": labels, "pred_probs": pred_probs})
    assert names["cleanlab"] is labelsieve
    assert len(names["indices"]) > 0
    assert len(names["issues"]) == 21


def test_python_page_shows_what_is_printed(monkeypatch):
    monkeypatch.chdir(ROOT)
    labels, pred_probs = make(3, 100, 2)
    shown = repr(run("docs/python.md", {"labels": labels, "pred_probs": pred_probs})["issues"])
    page = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    quoted = page.partition(">>> issues\n")[2].partition("\n\n")[0].splitlines()
    assert len(quoted) == 5
    for line in quoted:
        assert line.strip() in ("…", *map(str.strip, shown.splitlines())), line


class Rows:
    """A dataset of Hugging Face, as far as the page uses it: rows by their numbers."""

    def __init__(self, rows):
        self.rows = np.asarray(rows)

    def select(self, rows):
        return Rows(self.rows[rows])


class Trainer:
    """Stands in for that of Hugging Face; fails where a model is asked about what it has seen."""

    def __init__(self, model_init, args, train_dataset):
        self.to_learn, self.seen = train_dataset.rows, None

    def train(self):
        self.seen = self.to_learn

    def predict(self, data):
        assert self.seen is not None and not np.isin(data.rows, self.seen).any()

        class Output:
            predictions = np.stack([data.rows, -data.rows, np.ones(len(data.rows))], axis=1) / 50

        return Output


def torch_names(torch, X, labels):
    """What the PyTorch block takes as given."""
    data = torch.utils.data.TensorDataset(
        torch.tensor(X, dtype=torch.float32), torch.tensor(labels)
    )

    def train(model, rows):
        optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
        for _ in range(30):
            for inputs, targets in torch.utils.data.DataLoader(rows, batch_size=32):
                loss = torch.nn.functional.cross_entropy(model(inputs), targets)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

    return {"train_data": data, "plain_data": data, "train": train, "num_classes": 3,
            "make_model": lambda: torch.nn.Linear(X.shape[1], 3)}  # fmt: skip


def examples():
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def check_probabilities(pred_probs, labels, least):
    assert pred_probs.shape == (150, 3)
    np.testing.assert_allclose(pred_probs.sum(axis=1), 1, atol=1e-5)
    assert np.mean(pred_probs.argmax(axis=1) == labels) > least


def takes_folds(text):
    return "folds" in text


def test_probabilities_of_scikit_learn_and_boosting():
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    X, labels = examples()
    given = {"X": X, "labels": labels, "model": LogisticRegression(max_iter=500)}
    with threadpool_limits(1):  # threads that wait for each other take longer than so few rows
        names = run("docs/probabilities.md", given, skip=takes_folds)
    assert type(names["model"]).__name__ == "HistGradientBoostingClassifier"
    check_probabilities(names["pred_probs"], labels, 0.9)


def test_probabilities_of_pytorch():
    torch = pytest.importorskip("torch", reason="PyTorch is large: not a requirement of the tests")
    X, labels = examples()
    names = run("docs/probabilities.md", {"labels": labels, **torch_names(torch, X, labels)},
                skip=lambda text: "import torch" not in text)  # fmt: skip
    check_probabilities(names["pred_probs"], labels, 0.8)


def test_probabilities_of_hugging_face():
    from sklearn.model_selection import StratifiedKFold

    _, labels = examples()
    page = "docs/probabilities.md"
    names = run(page, {
        "np": np, "labels": labels, "data": Rows(np.arange(150)), "Trainer": Trainer,
        "make_model": None, "args": None, "pred_probs": np.zeros((150, 3)),
        "folds": StratifiedKFold(5, shuffle=True, random_state=0),
    }, skip=lambda text: "Trainer" not in text)  # fmt: skip
    check_probabilities(names["pred_probs"], labels, 0)
    # Each row is where it belongs: the logits say which row it was.
    odds = np.log(names["pred_probs"][:, 0] / names["pred_probs"][:, 1])
    np.testing.assert_allclose(odds, np.arange(150) / 25, atol=1e-6)


def test_every_block_of_probabilities_is_run_by_one_of_these():
    for _, text in blocks_of("docs/probabilities.md"):
        kinds = ["Trainer" in text, "import torch" in text, not takes_folds(text)]
        assert sum(kinds) == 1, text
    if importlib.util.find_spec("torch") is None:  # then it is at least compiled
        run("docs/probabilities.md", {}, skip=lambda text: True)
