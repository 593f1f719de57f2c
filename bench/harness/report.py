"""The table, as Markdown."""

COLUMNS = ["case", "N×K", "labelsieve", "opponent", "times faster", "summing pass",
           "GB/s (sum)", "same result?", "target", "measured", "reached"]


def duration(seconds):
    if seconds is None:
        return ""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.2f} s"


def cells(row, judged):
    opponent = ratio = bandwidth = ""
    if row.opponent_seconds is not None:
        opponent = f"{duration(row.opponent_seconds)} ({row.opponent})"
    if row.opponent_seconds is not None and row.compared:
        factor = row.opponent_seconds / row.seconds
        ratio = f"{factor:.0f}" if factor >= 10 else f"{factor:.2g}"
    if row.matrix_bytes is not None:
        bandwidth = f"{row.matrix_bytes / row.seconds / 1e9:.1f}"
        if row.sum_seconds is not None:
            bandwidth += f" ({row.matrix_bytes / row.sum_seconds / 1e9:.1f})"
    return [row.case, row.shape, duration(row.seconds), opponent, ratio,
            duration(row.sum_seconds), bandwidth, row.same, row.target, row.outcome,
            ("yes" if row.reached else "**no**") if judged else "not judged"]


def line(values):
    return "| " + " | ".join(values) + " |"


def facts_lines(facts):
    return [f"- {name}: {value}" for name, value in facts.items()]


def bandwidth_lines(sums):
    """The summing pass beside NumPy's: a yardstick slower than that would flatter us."""
    lines = []
    for shape, (ours, numpy) in sums.items():
        rates = [shape.matrix_bytes / seconds / 1e9 for seconds in (ours, numpy)]
        remark = "" if ours <= 1.1 * numpy else ": THE YARDSTICK IS TOO SHORT"
        lines.append(f"- Summing {shape.name}: {rates[0]:.1f} GB/s by the summing pass, "
                     f"{rates[1]:.1f} GB/s by NumPy on as many threads{remark}.")
    return lines


def markdown(facts, rows, sums, judged):
    """The whole report: facts of the run, the table, notes below it."""
    notes = list(dict.fromkeys(note for row in rows for note in row.notes))
    parts = facts_lines(facts)
    parts += ["", line(COLUMNS), line(["---"] * len(COLUMNS))]
    parts += [line(cells(row, judged)) for row in rows]
    parts += [""] + bandwidth_lines(sums) + [f"- {note}" for note in notes]
    return "\n".join(parts) + "\n"
