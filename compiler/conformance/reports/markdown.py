"""Markdown for a page or a pull request: a table by area, and the failures."""

from __future__ import annotations

from compiler.conformance.mismatch import format_verdict
from compiler.conformance.reports.counts import COLUMNS, count_verdicts, counts_by_area
from compiler.conformance.reports.summary import describe_run
from compiler.conformance.runner import Run


def format_markdown(run: Run) -> str:
    """Formats a run as Markdown."""
    counts = count_verdicts(run.verdicts)
    lines = ["# Conformance", "", *(f"- {_escape(line)}" for line in describe_run(run)), ""]
    lines += [_row("area", *COLUMNS.values(), "all"), _row("---", *("---:" for _ in range(len(COLUMNS) + 1)))]
    lines += [_row(area, *area_counts.row(), area_counts.total) for area, area_counts in counts_by_area(run).items()]
    lines.append(_row("**total**", *counts.row(), counts.total))
    for status, title in (("failed", "Failed"), ("expected_failure", "Expected failures")):
        verdicts = [verdict for verdict in run.verdicts if verdict.status == status]
        if verdicts:
            lines += ["", f"## {title}"]
        for verdict in verdicts:
            lines += ["", f"### `{verdict.case.id}`", "", *_format_fenced(format_verdict(verdict))]
    return "\n".join(lines) + "\n"


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _format_fenced(text: str) -> list[str]:
    """A code block whose fence is longer than any fence in the text."""
    fence = "```"
    while fence in text:
        fence += "`"
    return [f"{fence}text", text, fence]


def _escape(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_[]<>|" else character for character in text)
