"""Fills the generated regions of Markdown pages: what is between `<!-- name -->` and `<!-- /name -->`, on own lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_REGION = re.compile(r"(?P<begin>^<!-- (?P<name>[a-z-]+) -->\n)[\s\S]*?(?P<end>^<!-- /(?P=name) -->$)", re.MULTILINE)


def fill_regions(page: str, texts: Mapping[str, str]) -> str:
    """The page with each region's text. Each text ends with a line break and needs a region, and each region a text."""
    names = [match["name"] for match in _REGION.finditer(page)]
    if sorted(names) != sorted(texts):
        raise ValueError(f"the regions of the page must be {sorted(texts)}, got {sorted(names)}")
    return _REGION.sub(lambda match: match["begin"] + texts[match["name"]] + match["end"], page)


def format_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table, with a `|` in a cell escaped."""
    head = tuple(head)
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
