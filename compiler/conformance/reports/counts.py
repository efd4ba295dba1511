"""How many cases came to what: the denominators that every report gives."""

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
"""Each status, and what its column is called."""


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many verdicts there are of each status."""

    passed: int = 0
    failed: int = 0
    expected_failure: int = 0
    unsupported: int = 0
    not_run: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.row())

    def row(self) -> tuple[int, ...]:
        """The counts in the order of the columns."""
        return tuple(getattr(self, status) for status in COLUMNS)

    def __str__(self) -> str:
        told = ", ".join(f"{count} {name}" for count, name in zip(self.row(), COLUMNS.values(), strict=True))
        return f"{told}, of {self.total}"


def count_verdicts(verdicts: Iterable[Verdict]) -> StatusCounts:
    """The counts of these verdicts."""
    found = Counter(verdict.status for verdict in verdicts)
    return StatusCounts(*(found[status] for status in COLUMNS))


def counts_by_area(run: Run) -> dict[str, StatusCounts]:
    """The counts of each area, by its ruleset and name, in the order of the ids."""
    areas = dict.fromkeys(f"{verdict.case.ruleset}/{verdict.case.area}" for verdict in run.verdicts)
    return {
        area: count_verdicts(each for each in run.verdicts if f"{each.case.ruleset}/{each.case.area}" == area)
        for area in areas
    }


def failures_by_outcome(run: Run) -> dict[str, int]:
    """How many failures, expected ones too, are of each outcome."""
    return dict(sorted(Counter(each.outcome for each in run.verdicts if "fail" in each.status).items()))
