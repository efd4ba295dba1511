"""The tables of figures, as Markdown, which is also readable on a terminal. See `growth` for its table."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence

from tests.benchmarks.aims import aim_of, is_met
from tests.benchmarks.comparison import Comparison

_HEADINGS = ("case", "beside", "time", "aim", "memory", "aim", "met")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """A Markdown table with padded cells; the first `left` columns are left-aligned, the others right-aligned."""
    cells = [tuple(headings), *map(tuple, rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    rule = [f"{'-' * (width - 1)}{'-' if index < left else ':'}" for index, width in enumerate(widths)]
    return "\n".join(
        "| "
        + " | ".join(
            _align(cell, width, index < left) for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in (cells[0], rule, *cells[1:])
    )


def _align(cell: str, width: int, to_the_left: bool) -> str:
    return cell.ljust(width) if to_the_left else cell.rjust(width)


def comparisons_table(comparisons: Sequence[Comparison]) -> str:
    """All comparisons with their aims and whether they are met; each title is shown once."""
    rows = []
    previous_title = ""
    for comparison in comparisons:
        aim, met = aim_of(comparison), is_met(comparison)
        rows.append(
            (
                "" if comparison.title == previous_title else comparison.title,
                comparison.beside,
                ratio(comparison.time),
                ratio(aim.time),
                ratio(comparison.memory),
                ratio(aim.memory),
                "" if met is None else "yes" if met else "no",
            )
        )
        previous_title = comparison.title
    return table(_HEADINGS, rows, left=2)


def ratio(number: float | None) -> str:
    """A ratio with its significant digits: 0.012, 1.31, 130."""
    if number is None:
        return ""
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.{2 if number >= 0.1 else 3}f}"


def heading() -> str:
    """The Python version and platform."""
    return f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"
