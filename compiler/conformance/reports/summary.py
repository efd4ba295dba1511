"""The summary of a run for people: a table by area, and the sums."""

from __future__ import annotations

from compiler.conformance.reports.counts import COLUMNS, by_area, by_outcome, count
from compiler.conformance.runner import Run
from compiler.json_io.control_characters import visible


def summary(run: Run) -> str:
    """The table and the sums, as lines."""
    rows = [("area", *COLUMNS.values(), "all")]
    for area, counts in by_area(run).items():
        rows.append((area, *map(str, counts.row()), str(counts.total)))
    counts = count(run.verdicts)
    rows.append(("together", *map(str, counts.row()), str(counts.total)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(pairs))
        for pairs in ([*zip(row, widths, strict=True)] for row in rows)
    ]
    return "\n".join([*lines, "", *about(run)])


def about(run: Run) -> list[str]:
    """What was run, how it was compared, and what else was seen."""
    outcomes = by_outcome(run)
    told = [
        f"{_described(run)}: {count(run.verdicts)}",
        f"suite {run.suite}, {run.selection}; {run.strictness}; {run.seconds:.1f} s",
    ]
    if outcomes:
        told.append("failures: " + ", ".join(f"{number} {outcome}" for outcome, number in outcomes.items()))
    told += [f"note: {visible(note)}" for note in run.notes]
    if not run.is_complete:
        told.append("the run is not complete")
    elif not run.judged:
        told.append("nothing was judged")
    return told


def _described(run: Run) -> str:
    about = run.hello
    return visible(f"{about.name} {about.version}" + (f" ({about.language})" if about.language else ""))
