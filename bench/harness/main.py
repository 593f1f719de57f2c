"""The driver of bench/run: starts both sides, lets them take turns, writes the table."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import machine
import python_cases
import report
from cases import Bench
from cases import GROUPS as ENGINE_GROUPS
from session import Session

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "performance.md"
TABLE_BEGINS, TABLE_ENDS = "<!-- table begins -->", "<!-- table ends -->"
PEER = str(Path(__file__).with_name("peer_session.py"))
QUICK_SCALE = 20
GROUPS = {**ENGINE_GROUPS, "python": python_cases.python}


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/run", description="Measures labelsieve; prints the table as Markdown.")
    parser.add_argument("--quick", action="store_true",
                        help="small data and few runs: checks the harness, judges no speed")
    parser.add_argument("--only", choices=GROUPS, action="append",
                        help="only this group of rows; repeatable")
    parser.add_argument("--threads", type=int, default=2, help="threads of labelsieve (default 2)")
    parser.add_argument("--rounds", type=int, help="alternating rounds (default 5; quick: 2)")
    parser.add_argument("--docs", action="store_true",
                        help="put the table into docs/performance.md as well")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench",
                        help=argparse.SUPPRESS)
    parser.add_argument("--command", default="bench/run", help=argparse.SUPPRESS)
    return parser.parse_args()


def say(text):
    print(f"bench/run: {text}", file=sys.stderr, flush=True)


def facts_of(options, engine, peer, load_before):
    ours, theirs = engine.ask("versions"), peer.ask("versions")
    facts = {"Command": f"`{options.command.strip()}`"}
    facts |= machine.describe(options.build)
    facts["Load average before and after"] = f"{load_before:.2f}, {machine.load():.2f}"
    facts["labelsieve"] = (f"{ours['labelsieve']}, {ours['threads']} threads, instruction set "
                           f"{ours['instruction_set']}")
    facts["Opponents"] = ", ".join(f"{name} {version}" for name, version in theirs.items())
    facts["Data"] = "float32 unless said; 10 % of the labels flipped to three confusable classes each"
    facts["Times"] = f"medians of at least {options.rounds} alternating runs"
    return facts


def put_into_docs(table):
    """Replaces the table between the two markers."""
    text = DOCS.read_text(encoding="utf-8")
    before, found_begin, rest = text.partition(TABLE_BEGINS)
    _, found_end, after = rest.partition(TABLE_ENDS)
    if not (found_begin and found_end):
        raise RuntimeError(f"{DOCS} has lost its markers {TABLE_BEGINS} and {TABLE_ENDS}")
    DOCS.write_text(f"{before}{TABLE_BEGINS}\n\n{table}\n{TABLE_ENDS}{after}", encoding="utf-8")


def measure(options, folder):
    """All rows, and the facts that belong above them."""
    load_before = machine.load()
    if load_before > 0.75 * (os.cpu_count() or 1):
        say(f"the load average is {load_before:.1f}: others are using this machine")
    threads = str(options.threads)
    with Session([str(options.build / "labelsieve_bench"), threads]) as engine, \
         Session([sys.executable, "-W", "ignore", PEER, threads]) as peer:
        bench = Bench(engine, peer, str(options.build / "labelsieve"), folder / "data",
                      folder / "results", options.threads, options.rounds,
                      QUICK_SCALE if options.quick else 1, say)
        rows = []
        for name in options.only or GROUPS:
            rows.extend(GROUPS[name](bench))
        return rows, facts_of(options, engine, peer, load_before), bench.sums


def main():
    options = arguments()
    os.environ["PYTHONPATH"] = str(options.build / "python")  # the package, for its sessions
    options.rounds = options.rounds or (2 if options.quick else 5)
    folder = options.build / ("quick" if options.quick else "full")
    (folder / "results").mkdir(parents=True, exist_ok=True)
    rows, facts, sums = measure(options, folder)
    table = report.markdown(facts, rows, sums, judged=not options.quick)
    (folder / "table.md").write_text(table, encoding="utf-8")
    if options.docs and not (options.quick or options.only):
        put_into_docs(table)
    everything = {"facts": facts, "rows": [asdict(row) for row in rows]}
    (folder / "results.json").write_text(json.dumps(everything, indent=1), encoding="utf-8")
    if options.quick:
        print("A quick run: it shows that everything runs; its numbers mean nothing.\n")
    print(table, end="")
    if not all(row.agrees for row in rows):
        say("the two sides found different things: see the column \"same result?\"")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
