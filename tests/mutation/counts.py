"""What became of the mutants, counted by operator and outcome, and how that is printed."""

from __future__ import annotations

from collections.abc import Iterator

NAME = "mutants"
"""The property of a test under which it tells its counts."""

Counts = dict[str, dict[str, int]]
"""By operator and outcome."""


def count(counts: Counts, operator: str, outcome: str) -> None:
    """Counts one mutant."""
    of_operator = counts.setdefault(operator, {})
    of_operator[outcome] = of_operator.get(outcome, 0) + 1


def lines(where: str, counts: Counts) -> Iterator[str]:
    """The sums of a place, and a line for each operator."""
    total: dict[str, int] = {}
    for of_operator in counts.values():
        for outcome, number in of_operator.items():
            total[outcome] = total.get(outcome, 0) + number
    yield f"{where}: {_told(total)}"
    for operator, of_operator in sorted(counts.items()):
        yield f"    {operator}: {_told(of_operator)}"


def _told(outcomes: dict[str, int]) -> str:
    parts = [f"{sum(outcomes.values())} made", *(f"{number} {name}" for name, number in sorted(outcomes.items()))]
    return ", ".join(parts)
