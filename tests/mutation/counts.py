"""Counts of mutants by operator and outcome, and their output."""

from __future__ import annotations

from collections.abc import Iterator

NAME = "mutants"
"""The test property that holds the counts."""

Counts = dict[str, dict[str, int]]
"""Numbers of mutants by operator and outcome."""


def count(counts: Counts, operator: str, outcome: str) -> None:
    """Counts one mutant."""
    outcomes = counts.setdefault(operator, {})
    outcomes[outcome] = outcomes.get(outcome, 0) + 1


def format_counts(where: str, counts: Counts) -> Iterator[str]:
    """A line with the sums, and a line for each operator."""
    total: dict[str, int] = {}
    for outcomes in counts.values():
        for outcome, number in outcomes.items():
            total[outcome] = total.get(outcome, 0) + number
    yield f"{where}: {_format_outcomes(total)}"
    for operator, outcomes in sorted(counts.items()):
        yield f"    {operator}: {_format_outcomes(outcomes)}"


def _format_outcomes(outcomes: dict[str, int]) -> str:
    parts = [f"{sum(outcomes.values())} mutants", *(f"{number} {name}" for name, number in sorted(outcomes.items()))]
    return ", ".join(parts)
