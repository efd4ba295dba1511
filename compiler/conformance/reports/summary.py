"""The summary of a run for people: a table by area, and the totals."""

from __future__ import annotations

from compiler.conformance.reports.counts import COLUMNS, count_verdicts, counts_by_area, failures_by_outcome
from compiler.conformance.runner import Run
from compiler.json_io.control_characters import escape_control_characters


def format_summary(run: Run) -> str:
    """Formats the table and the totals as lines."""
    rows = [("area", *COLUMNS.values(), "all")]
    for area, counts in counts_by_area(run).items():
        rows.append((area, *map(str, counts.row()), str(counts.total)))
    counts = count_verdicts(run.verdicts)
    rows.append(("total", *map(str, counts.row()), str(counts.total)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(pairs))
        for pairs in ([*zip(row, widths, strict=True)] for row in rows)
    ]
    return "\n".join([*lines, "", *describe_run(run)])


def describe_run(run: Run) -> list[str]:
    """Describes the run: the harness, the selection, the comparison mode, and notes."""
    outcomes = failures_by_outcome(run)
    lines = [
        f"{_describe_harness(run)}: {count_verdicts(run.verdicts)}",
        f"suite {run.suite}, {run.selection}; {run.mode}; {run.seconds:.1f} s",
    ]
    if outcomes:
        lines.append("failures: " + ", ".join(f"{number} {outcome}" for outcome, number in outcomes.items()))
    lines += [f"note: {escape_control_characters(note)}" for note in run.notes]
    if not run.is_complete:
        lines.append("run incomplete")
    elif not run.judged:
        lines.append("no cases judged")
    return lines


def _describe_harness(run: Run) -> str:
    hello = run.hello
    return escape_control_characters(
        f"{hello.name} {hello.version}" + (f" ({hello.language})" if hello.language else "")
    )
