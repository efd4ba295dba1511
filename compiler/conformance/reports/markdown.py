"""Markdown, for a page or a pull request: the table by area, and each failure."""

from __future__ import annotations

from compiler.conformance.mismatch import format_verdict
from compiler.conformance.reports.counts import COLUMNS, count_verdicts, counts_by_area
from compiler.conformance.reports.summary import describe_run
from compiler.conformance.runner import Run


def format_markdown(run: Run) -> str:
    """The run as Markdown."""
    counts = count_verdicts(run.verdicts)
    lines = ["# Conformance", "", *(f"- {_escaped(line)}" for line in describe_run(run)), ""]
    lines += [_row("area", *COLUMNS.values(), "all"), _row("---", *("---:" for _ in range(len(COLUMNS) + 1)))]
    lines += [_row(area, *each.row(), each.total) for area, each in counts_by_area(run).items()]
    lines.append(_row("**together**", *counts.row(), counts.total))
    for status, title in (("failed", "Failed"), ("expected_failure", "ExpectedFailures failures")):
        those = [verdict for verdict in run.verdicts if verdict.status == status]
        if those:
            lines += ["", f"## {title}"]
        for verdict in those:
            lines += ["", f"### `{verdict.case.id}`", "", *_fenced(format_verdict(verdict))]
    return "\n".join(lines) + "\n"


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _fenced(text: str) -> list[str]:
    """A block in a fence that is longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return [f"{fence}text", text, fence]


def _escaped(text: str) -> str:
    return "".join(f"\\{each}" if each in "\\`*_[]<>|" else each for each in text)
