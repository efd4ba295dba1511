"""The summary of a run for people: a table by area, and the sums."""

from __future__ import annotations

from compiler.conformance.reports.counts import COLUMNS, count_verdicts, counts_by_area, failures_by_outcome
from compiler.conformance.runner import Run
from compiler.json_io.control_characters import visible


def format_summary(run: Run) -> str:
    """The table and the sums, as lines."""
    rows = [("area", *COLUMNS.values(), "all")]
    for area, counts in counts_by_area(run).items():
        rows.append((area, *map(str, counts.row()), str(counts.total)))
    counts = count_verdicts(run.verdicts)
    rows.append(("together", *map(str, counts.row()), str(counts.total)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(pairs))
        for pairs in ([*zip(row, widths, strict=True)] for row in rows)
    ]
    return "\n".join([*lines, "", *describe_run(run)])


def describe_run(run: Run) -> list[str]:
    """What was run, how it was compared, and what else was seen."""
    outcomes = failures_by_outcome(run)
    told = [
        f"{_described(run)}: {count_verdicts(run.verdicts)}",
        f"suite {run.suite}, {run.selection}; {run.mode}; {run.seconds:.1f} s",
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
