"""How good the automatic method for tokens is, as Markdown; with --docs in docs/quality-tokens.md.

Runs the program `token_errors` of the tests (another one: LABELSIEVE_TOKEN_ERRORS) and cleanlab on the
data of token_data.py: the sets with real noise below LABELSIEVE_REAL_NOISE, and noise of the kinds of
token_noise.py in clean labels of those and of LABELSIEVE_CORPORA. Needs cleanlab 2.9.0 and
scikit-learn; about ten minutes.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from sklearn.metrics import average_precision_score

import token_data
from token_noise import entities

ROOT = Path(__file__).resolve().parents[2]
TYPES = ["missing", "spurious", "type", "boundary"]
FILTERS = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning",
           "predicted_neq_given", "low_normalized_margin", "low_self_confidence"]
SCORES = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]


def run(program, data):
    """What the method says: token and sentence qualities, mask, issues, expected errors."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with open(path / "tokens.tsv", "w", encoding="utf-8") as file:
            t = 0
            for length in data.lengths:
                for _ in range(length):
                    file.write(f"{data.words[t]}\t{data.classes[data.labels[t]]}\n")
                    t += 1
                file.write("\n")
        np.save(path / "p.npy", data.pred_probs)
        done = subprocess.run([program, path / "tokens.tsv", path / "p.npy",
                               ",".join(data.classes), "auto", *map(str, data.documents)],
                              capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{data.name}: {done.stderr}")
    rows = [line.split() for line in done.stdout.splitlines()]
    starts = np.cumsum(data.lengths) - data.lengths
    issues = []
    for row in rows:
        if row[0] != "issue":
            continue
        at = starts[int(row[1])]
        spans = [None if s == "-" else (int(s) + at, int(e) + at, kind)
                 for s, e, kind in (row[3:6], row[6:9])]
        issues.append((float(row[9]), TYPES[int(row[2])], *spans))
    tokens = [row for row in rows if row[0] == "token"]
    return (np.array([float(row[1]) for row in tokens]),
            np.array([row[2] == "1" for row in tokens]),
            np.array([float(row[1]) for row in rows if row[0] == "sentence"]), issues,
            float(rows[0][1]))


def f1(mask, is_error):
    return 2 * (mask & is_error).sum() / max(mask.sum() + is_error.sum(), 1)


def align(given, other):
    """(type, given entity or None, counterpart or None) of every discrepancy."""
    covers = {}
    for entity in other:
        for t in range(entity[0], entity[1]):
            covers[t] = entity
    touched, found = set(), []
    for own in given:
        hits = sorted({covers[t] for t in range(own[0], own[1]) if t in covers})
        touched.update(hits)
        if not hits:
            found.append(("spurious", own, None))
        elif hits != [own]:
            best = max(hits, key=lambda h: (min(h[1], own[1]) - max(h[0], own[0]), h[2] == own[2]))
            found.append(("type" if best[:2] == own[:2] else "boundary", own, best))
    return found + [("missing", None, entity) for entity in other if entity not in touched]


def listed_precision(issues, true, kind):
    """Average precision of a ranked list for the true issues of one type (None: of any): an issue
    is right if its type is, and its given span; of a missing one, what it covers."""
    wanted = [issue for issue in true if kind in (None, issue[0])]
    given = {issue[1]: issue[0] for issue in wanted if issue[1]}
    missing = {t: issue[2] for issue in wanted if not issue[1] for t in range(*issue[2][:2])}
    seen, hits, rank, total = set(), 0, 0, 0.
    for _, found_kind, own, suggested in sorted(issues, key=lambda issue: issue[0]):
        if kind not in (None, found_kind):
            continue
        rank += 1
        if own:
            key = own if given.get(own) and kind in (None, given[own]) else None
        else:
            key = next((missing[t] for t in range(*suggested[:2]) if t in missing), None)
        if key is not None and key not in seen:
            seen.add(key)
            hits += 1
            total += hits / rank
    return total / len(wanted) if wanted else None


def argmax_issues(data, self_confidence):
    """The baseline: spans of the most probable classes, ranked by the lowest self-confidence."""
    found = align(entities(data.labels, data.classes, data.lengths),
                  entities(data.pred_probs.argmax(1), data.classes, data.lengths))
    result = []
    for kind, own, other in found:
        spans = [span for span in (own, other) if span]
        start, end = min(s[0] for s in spans), max(s[1] for s in spans)
        result.append((self_confidence[start:end].min(), kind, own, other))
    return result


def measure(program, data):
    print(data.name, file=sys.stderr, flush=True)
    is_error = data.labels != data.truth
    wide = data.pred_probs.astype(np.float64)
    wide /= np.maximum(wide.sum(1, keepdims=True), 1e-12)
    quality, mask, sentence_quality, issues, expected = run(program, data)
    row = {"name": data.name, "tokens": len(data.labels), "errors": int(is_error.sum()),
           "flags": int(mask.sum()), "expected": expected}
    masks = {name: find_label_issues(data.labels, wide, filter_by=name, n_jobs=1)
             for name in FILTERS}
    row["peer_flags"] = {name: int(masks[name].sum()) for name in FILTERS}
    if not is_error.any():
        return row
    row["f1"] = f1(mask, is_error)
    row["peer_f1"] = {name: f1(masks[name], is_error) for name in FILTERS}
    row["ap"] = average_precision_score(is_error, -quality)
    row["peer_ap"] = {name: average_precision_score(
        is_error, -get_label_quality_scores(data.labels, wide, method=name)) for name in SCORES}
    own = wide[np.arange(len(data.labels)), data.labels]
    starts = np.cumsum(data.lengths) - data.lengths
    wrong = np.add.reduceat(is_error, starts) > 0
    row["sentence_ap"] = average_precision_score(wrong, -sentence_quality)
    row["peer_sentence_ap"] = average_precision_score(wrong, -np.minimum.reduceat(own, starts))
    true = align(entities(data.labels, data.classes, data.lengths),
                 entities(data.truth, data.classes, data.lengths))
    baseline = argmax_issues(data, own)
    row["span"] = {kind: (listed_precision(issues, true, kind),
                          listed_precision(baseline, true, kind)) for kind in [*TYPES, None]}
    return row


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def pair(values):
    ours, theirs = values
    return "–" if ours is None else f"{ours:.3f} / {theirs:.3f}"


def tables(rows):
    """Markdown."""
    measured = [row for row in rows if row["errors"]]
    ranking = [[row["name"], str(row["errors"]), *(f"{row['peer_ap'][s]:.3f}" for s in SCORES),
                f"{row['ap']:.3f}", f"{row['peer_sentence_ap']:.3f}", f"{row['sentence_ap']:.3f}"]
               for row in measured]
    cuts = [[row["name"], f"{row['peer_f1'][FILTERS[0]]:.3f}",
             f"{row['peer_f1']['predicted_neq_given']:.3f}", f"{max(row['peer_f1'].values()):.3f}",
             f"{row['f1']:.3f}", str(row["errors"]), f"{row['expected']:.0f}", str(row["flags"])]
            for row in measured]
    spans = [[row["name"], *(pair(row["span"][kind]) for kind in [*TYPES, None])]
             for row in measured]
    clean = [[row["name"], str(row["tokens"]), str(row["peer_flags"][FILTERS[0]]),
              str(row["peer_flags"]["predicted_neq_given"]), str(row["flags"]),
              f"{row['expected']:.0f}"] for row in rows if not row["errors"]]
    return "\n".join([
        "Average precision of rankings: of tokens, then of sentences (`min` of self_confidence).\n",
        table(["set", "errors", "self_confidence", "normalized_margin", "cwe", "auto",
               "sentences: min", "sentences: auto"], ranking),
        "F1 of the flagged tokens, and how many errors there are, are expected, are flagged.\n",
        table(["set", "noise rate", "≠ given", "best of seven", "auto", "errors", "expected",
               "flagged"], cuts),
        "Average precision of the lists of span issues, by type: auto / spans of the most probable "
        "classes.\n",
        table(["set", *TYPES, "any"], spans),
        "Clean labels: all flags are false alarms.\n",
        table(["set", "tokens", "noise rate", "≠ given", "auto", "expected"], clean)])


def put_into_docs(text):
    path = ROOT / "docs/quality-tokens.md"
    page = path.read_text(encoding="utf-8")
    begin, end = "<!-- tokens -->", "<!-- end of tokens -->"
    if begin not in page:
        sys.exit(f"{path} has no {begin}")
    path.write_text(re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n\n{text}\n{end}", page,
                           flags=re.DOTALL), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true", help="put the tables into docs/quality-tokens.md")
    arguments = parser.parse_args()
    shared = ROOT.parent / "shared/data"
    real = Path(os.environ.get("LABELSIEVE_REAL_NOISE", shared / "real_noise"))
    corpora = Path(os.environ.get("LABELSIEVE_CORPORA", shared / "corpora"))
    program = os.environ.get("LABELSIEVE_TOKEN_ERRORS", str(ROOT / "build/tests/token_errors"))
    rows = [measure(program, data) for data in token_data.find(real, corpora)]
    if not rows:
        sys.exit(f"no token data in {real} and {corpora}; set LABELSIEVE_REAL_NOISE and "
                 "LABELSIEVE_CORPORA to where they are")
    text = tables(rows)
    print(text)
    if arguments.docs:
        put_into_docs(text)


if __name__ == "__main__":
    main()
