"""The tables of figures, as Markdown, which is as readable on a terminal; the growth tables stand in `growth`."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence

from tests.benchmarks.aims import aim_of, is_met
from tests.benchmarks.comparison import Comparison

_HEADINGS = ("case", "beside", "time", "aim", "memory", "aim", "met")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """A Markdown table with columns of equal width; the first columns are set to the left, the others to the right."""
    cells = [tuple(headings), *map(tuple, rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    rule = [f"{'-' * (width - 1)}{'-' if index < left else ':'}" for index, width in enumerate(widths)]
    return "\n".join(
        "| "
        + " | ".join(
            _set(cell, width, index < left) for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in (cells[0], rule, *cells[1:])
    )


def _set(cell: str, width: int, to_the_left: bool) -> str:
    return cell.ljust(width) if to_the_left else cell.rjust(width)


def comparisons_table(comparisons: Sequence[Comparison]) -> str:
    """All comparisons, with aims and whether they are met; a case's title stands once."""
    rows = []
    before = ""
    for each in comparisons:
        aim, met = aim_of(each), is_met(each)
        rows.append(
            (
                "" if each.title == before else each.title,
                each.beside,
                ratio(each.time),
                ratio(aim.time),
                ratio(each.memory),
                ratio(aim.memory),
                "" if met is None else "yes" if met else "no",
            )
        )
        before = each.title
    return table(_HEADINGS, rows, left=2)


def ratio(number: float | None) -> str:
    """A ratio with the digits that say something, so that it is seen beside an aim: 0.012, 1.31, 130."""
    if number is None:
        return ""
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.{2 if number >= 0.1 else 3}f}"


def heading() -> str:
    """With what was measured."""
    return f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"
