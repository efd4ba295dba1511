"""The regular expressions that `matches` allows: a subset that cannot backtrack catastrophically.

A pattern is a sequence of characters and character classes, each with at most one quantifier, of which at most one may
match a varying number of times. It always matches the whole string, so matching takes time linear in the string.
Groups, alternatives, anchors, look-around and back references are not allowed.
"""

from __future__ import annotations

import re

_ELEMENT = re.compile(
    r"""(?P<element> \\[^A-Za-z0-9] | \[\^?(?:\\.|[^\]\\])+\] | [^\\\[\](){}*+?|^$] )
        (?P<quantifier> [*+?] | \{\d{1,4}(?:,\d{0,4})?\} )?""",
    re.VERBOSE,
)
_FIXED = re.compile(r"\{\d{1,4}\}")


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compiles a pattern. Raises ValueError with the reason if it is not in the subset above."""
    position, varying = 0, 0
    while position < len(text):
        element = _ELEMENT.match(text, position)
        if element is None:
            raise ValueError(
                f"only characters and classes with one quantifier each are allowed, got {text[position:]!r}"
            )
        quantifier = element["quantifier"]
        varying += quantifier is not None and _FIXED.fullmatch(quantifier) is None
        position = element.end()
    if varying > 1:
        raise ValueError("only one part may match a varying number of times")
    try:
        return re.compile(text, re.DOTALL | re.ASCII)
    except re.error as error:
        raise ValueError(str(error)) from error
