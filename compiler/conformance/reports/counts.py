"""Counts of cases by status, which every report shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compiler.conformance.judge import Status, Verdict
from compiler.conformance.runner import Run

COLUMNS: Mapping[Status, str] = {
    "passed": "passed",
    "failed": "failed",
    "expected_failure": "expected failures",
    "unsupported": "unsupported",
    "not_run": "not run",
}
"""Each status with the name of its column."""


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """The number of verdicts of each status."""

    passed: int = 0
    failed: int = 0
    expected_failure: int = 0
    unsupported: int = 0
    not_run: int = 0

    @property
    def total(self) -> int:
        """The number of all verdicts."""
        return sum(self.row())

    def row(self) -> tuple[int, ...]:
        """The counts in the order of the columns."""
        return tuple(getattr(self, status) for status in COLUMNS)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for count, name in zip(self.row(), COLUMNS.values(), strict=True))
        return f"{counts}, of {self.total}"


def count_verdicts(verdicts: Iterable[Verdict]) -> StatusCounts:
    """Counts verdicts by status."""
    counter = Counter(verdict.status for verdict in verdicts)
    return StatusCounts(*(counter[status] for status in COLUMNS))


def counts_by_area(run: Run) -> dict[str, StatusCounts]:
    """The counts of each area (ruleset and name), ordered by case id."""
    areas: dict[str, list[Verdict]] = {}
    for verdict in run.verdicts:
        areas.setdefault(f"{verdict.case.ruleset}/{verdict.case.area}", []).append(verdict)
    return {area: count_verdicts(verdicts) for area, verdicts in areas.items()}


def failures_by_outcome(run: Run) -> dict[str, int]:
    """The number of failures (expected ones included) by outcome."""
    return dict(sorted(Counter(verdict.outcome for verdict in run.verdicts if "fail" in verdict.status).items()))
