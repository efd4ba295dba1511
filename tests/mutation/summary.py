"""Prints, after the tests, how many mutants there were and what became of them."""

from __future__ import annotations

import pytest

from tests.mutation.counts import NAME, Counts, lines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # From the reports, which come back from whatever process ran the test.
    reports = [report for key in ("passed", "failed") for report in terminalreporter.stats.get(key, ())]
    told: dict[str, Counts] = {}
    for report in reports:
        told |= {where: counts for name, (where, counts) in getattr(report, "user_properties", ()) if name == NAME}
    if told:
        terminalreporter.section("mutation")
        for where, counts in sorted(told.items()):
            for line in lines(where, counts):
                terminalreporter.write_line(line)
