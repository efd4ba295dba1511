"""Writes the figures into a page, between two markers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.comparison import Comparison
from tests.benchmarks.growth import Growth, growth_table
from tests.benchmarks.report import comparisons_table, heading

_BEGIN, _END = "<!-- benchmarks -->\n", "<!-- /benchmarks -->"


class NoSectionError(Exception):
    """The file has no section for the figures."""


def section(comparisons: Sequence[Comparison], growths: Sequence[Growth], plot: str | None) -> str:
    """The figures as Markdown; `plot` is the path of the picture relative to the page."""
    parts = [f"Measured with {heading()}.", comparisons_table(comparisons)]
    if growths:
        parts += ["How cost grows:", growth_table(growths)]
    if plot is not None:
        parts.append(f"![How time grows with recipients, with an attachment's size, and with messages]({plot})")
    return "\n\n".join(parts) + "\n"


def split_at_section(page: Path) -> tuple[str, str]:
    """The text before and after the figures. Raises NoSectionError unless each marker occurs once."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end or _BEGIN in after or _END in after:
        raise NoSectionError(f"{page}: the markers {_BEGIN.strip()} and {_END} must occur once each")
    return before + begin, end + after


def rewrite(page: Path, comparisons: Sequence[Comparison], growths: Sequence[Growth], plot: Path | None) -> None:
    """Replaces the text between the markers. Raises NoSectionError."""
    before, after = split_at_section(page)
    link = None if plot is None else Path(os.path.relpath(plot.resolve(), page.resolve().parent)).as_posix()
    page.write_text(f"{before}\n{section(comparisons, growths, link)}\n{after}", encoding="utf-8")
