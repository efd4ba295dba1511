"""Patterns that cannot run away: the small regular expressions that `matches` allows.

A pattern is a sequence of characters and character classes, each with at most one quantifier, and only one of them
may match a varying number of times; it always describes the whole string. With at most one choice of length to try,
matching takes time linear in the string, whatever the string holds. Groups, alternatives, anchors, look-around and
references are not in the language.
"""

from __future__ import annotations

import re

_ELEMENT = re.compile(
    r"""(?P<what> \\[^A-Za-z0-9] | \[\^?(?:\\.|[^\]\\])+\] | [^\\\[\](){}*+?|^$] )
        (?P<times> [*+?] | \{\d{1,4}(?:,\d{0,4})?\} )?""",
    re.VERBOSE,
)
_FIXED = re.compile(r"\{\d{1,4}\}")


def compile_pattern(text: str) -> re.Pattern[str]:
    """The compiled pattern. Raises ValueError, saying why, where the text is not in the language above."""
    position, varying = 0, 0
    while position < len(text):
        element = _ELEMENT.match(text, position)
        if element is None:
            raise ValueError(f"only characters, classes and one quantifier each are allowed; see {text[position:]!r}")
        times = element["times"]
        varying += times is not None and _FIXED.fullmatch(times) is None
        position = element.end()
    if varying > 1:
        raise ValueError("only one part may match a varying number of times")
    try:
        return re.compile(text, re.DOTALL | re.ASCII)
    except re.error as error:
        raise ValueError(str(error)) from error
