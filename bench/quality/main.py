"""How good each way of finding label errors is, as Markdown. See README.md here."""

import argparse
import os
import re
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

import methods
import real
import simulated

ROOT = Path(__file__).resolve().parents[2]
AUTO = "auto"
SHORT = {"prune_by_noise_rate": "noise rate", "prune_by_class": "by class", "both": "both",
         "confident_learning": "conf. l.", "predicted_neq_given": "≠ given",
         "low_normalized_margin": "low nm", "low_self_confidence": "low sc",
         "self_confidence": "sc", "normalized_margin": "nm", "confidence_weighted_entropy": "cwe"}


def f1(mask, is_error):
    hits = (mask & is_error).sum()
    return 2 * hits / max(mask.sum() + is_error.sum(), 1)


def best_f1(scores, is_error):
    """With the cut that the truth would choose."""
    hits = np.cumsum(is_error[np.argsort(scores, kind="stable")])
    return (2 * hits / (np.arange(1, len(hits) + 1) + is_error.sum())).max()


def measure(program, labels, pred_probs, checked, is_error):
    """All that is said of one dataset. Only checked examples count."""
    wide = pred_probs.astype(np.float64)
    result = {"examples": len(labels), "classes": pred_probs.shape[1],
              "errors": int(is_error.sum()), "f1": {}, "peer_f1": {}, "flags": {}, "ap": {},
              "peer_ap": {}}
    with tempfile.TemporaryDirectory() as folder:
        command = methods.Command(program, Path(folder), labels, pred_probs)
        for name in [AUTO, *methods.FILTERS]:
            mask = command.mask(name)[checked]
            result["f1"][name] = f1(mask, is_error)
            result["flags"][name] = int(mask.sum())
        for name in methods.FILTERS:
            mask = methods.peer_mask(labels, wide, name)
            result["peer_f1"][name] = None if mask is None else f1(mask[checked], is_error)
        result["expected"] = command.expected_errors()
        if not is_error.any():
            return result
        auto = command.scores(AUTO)[checked]
        result["best_f1"] = best_f1(auto, is_error)
        result["ap"][AUTO] = average_precision_score(is_error, -auto)
        for method, adjust in methods.RANKINGS:
            name = SHORT[method] + (" adj." if adjust else "")
            scores = command.scores(method, adjust)[checked]
            result["ap"][name] = average_precision_score(is_error, -scores)
            peer = methods.peer_scores(labels, wide, method, adjust)
            result["peer_ap"][name] = None if peer is None or np.isnan(peer).any() else (
                average_precision_score(is_error, -peer[checked]))
    return result


def cell(ours, theirs):
    """One number where both agree, else ours / cleanlab's."""
    if theirs is None:
        return f"{ours:.3f} / –"
    return f"{ours:.3f}" if abs(ours - theirs) < .0015 else f"{ours:.3f} / {theirs:.3f}"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def bold_best(values, texts):
    best = max(values)
    return [f"**{text}**" if value >= best - 5e-4 else text for value, text in zip(values, texts)]


def f1_table(results):
    rows, all_values = [], []
    for name, result in results.items():
        filters = methods.FILTERS
        values = [result["f1"][AUTO], *(result["f1"][f] for f in filters)]
        texts = [f"{values[0]:.3f}", *(cell(result["f1"][f], result["peer_f1"][f])
                                       for f in filters)]
        all_values.append([*values, result["best_f1"]])
        rows.append([name, *bold_best(values, texts), f"{result['best_f1']:.3f}"])
    means = np.mean(all_values, axis=0)
    rows.append(["**mean**", *bold_best(means[:-1], [f"{m:.3f}" for m in means[:-1]]),
                 f"{means[-1]:.3f}"])
    return table(["set", AUTO, *(SHORT[f] for f in methods.FILTERS), "auto, best cut"], rows)


def ap_table(results):
    names = list(next(iter(results.values()))["ap"])
    rows, all_values = [], []
    for name, result in results.items():
        values = [result["ap"][n] for n in names]
        texts = [f"{values[0]:.3f}", *(cell(result["ap"][n], result["peer_ap"][n])
                                       for n in names[1:])]
        all_values.append(values)
        rows.append([name, *bold_best(values, texts)])
    means = np.mean(all_values, axis=0)
    rows.append(["**mean**", *bold_best(means, [f"{m:.3f}" for m in means])])
    return table(["set", *names], rows)


def count_table(results):
    rows = []
    for name, result in results.items():
        low, middle, high = result["expected"]
        rows.append([name, str(result["examples"]), str(result["classes"]), str(result["errors"]),
                     f"{middle:.0f}", f"{low:.0f}–{high:.0f}", str(result["flags"][AUTO]),
                     str(result["flags"]["prune_by_noise_rate"])])
    return table(["set", "examples", "classes", "errors", "expected", "low–high", "auto flags",
                  "noise rate flags"], rows)


def clean_table(results):
    rows = [[name, str(result["examples"]), f"{result['expected'][1]:.0f}",
             *(str(result["flags"][f]) for f in [AUTO, *methods.FILTERS])]
            for name, result in results.items()]
    return table(["set", "examples", "expected", AUTO, *(SHORT[f] for f in methods.FILTERS)], rows)


def wins(results):
    """How often auto is at least as good as others."""
    default = sum(r["f1"][AUTO] >= r["f1"]["prune_by_noise_rate"] - 5e-4 for r in results.values())
    best = sum(r["f1"][AUTO] >= max(r["f1"][f] for f in methods.FILTERS) - 5e-4
               for r in results.values())
    below = [name for name, r in results.items()
             if r["f1"][AUTO] < r["f1"]["prune_by_noise_rate"] - 5e-4]
    text = (f"auto is at least as good as prune_by_noise_rate on {default} of {len(results)} sets, "
            f"and as the best of the seven other filters, chosen with the truth, on {best}.")
    return text + (f" Below prune_by_noise_rate: {', '.join(below)}." if below else "") + "\n"


def section(title, results):
    if not results:
        return ""
    return "\n".join([f"### {title}: F1 of the cuts\n", f1_table(results), wins(results),
                      f"### {title}: average precision of the rankings\n", ap_table(results),
                      f"### {title}: how many errors\n", count_table(results)])


def run(program, real_folder):
    real_results, noisy, clean = {}, {}, {}
    paths = real.find(real_folder)
    if not paths:
        print(f"no datasets in {real_folder}: set LABELSIEVE_REAL_NOISE to where they are; "
              "going on without", file=sys.stderr)
    for path in paths:
        print(path.name, file=sys.stderr, flush=True)
        real_results[path.name] = measure(program, *real.load(path))
    for recipe in simulated.recipes():
        print(recipe.name, file=sys.stderr, flush=True)
        labels, pred_probs, is_error = simulated.make(recipe)
        result = measure(program, labels, pred_probs, np.arange(len(labels)), is_error)
        (noisy if is_error.any() else clean)[recipe.name] = result
    parts = [section("Real noise", real_results), section("Simulated noise", noisy),
             "### False alarms on clean labels\n", clean_table(clean)]
    return "\n".join(part for part in parts if part)


def write_between_markers(path, text):
    page = path.read_text(encoding="utf-8")
    page = re.sub(r"(<!-- tables begin -->\n).*(<!-- tables end -->)",
                  lambda m: f"{m[1]}\n{text}\n{m[2]}", page, flags=re.DOTALL)
    path.write_text(page, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true", help="put the tables into docs/quality.md")
    parser.add_argument("--program",
                        default=os.environ.get("LABELSIEVE_BIN", ROOT / "build/labelsieve"))
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    folder = Path(os.environ.get("LABELSIEVE_REAL_NOISE", ROOT.parent / "shared/data/real_noise"))
    text = run(arguments.program, folder)
    if arguments.docs:
        write_between_markers(ROOT / "docs/quality.md", text)
    else:
        print(text)


if __name__ == "__main__":
    main()
