"""Prints the number of mutants by outcome after the tests."""

from __future__ import annotations

import pytest

from tests.mutation.counts import NAME, Counts, format_counts


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # Reports are collected from all worker processes.
    reports = [report for key in ("passed", "failed") for report in terminalreporter.stats.get(key, ())]
    counts_by_suite: dict[str, Counts] = {}
    for report in reports:
        counts_by_suite |= {
            suite: counts for name, (suite, counts) in getattr(report, "user_properties", ()) if name == NAME
        }
    if counts_by_suite:
        terminalreporter.section("mutation")
        for suite, counts in sorted(counts_by_suite.items()):
            for line in format_counts(suite, counts):
                terminalreporter.write_line(line)
