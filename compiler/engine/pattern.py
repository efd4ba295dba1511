"""The regular expressions that `matches` allows: a subset that cannot backtrack catastrophically.

A pattern is a sequence of characters and character classes, each with at most one quantifier, of which at most one may
match a varying number of times. It always matches the whole string, so matching takes time linear in the string.
Groups, alternatives, anchors, look-around and back references are not allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compiler.json_io.pointer import Tokens

_ANCHORED = re.compile(r"(?P<start>\^?)(?P<body>.*?)(?:\$|\\Z|\(\?!\[\\s\\S\]\))?", re.DOTALL)
_ELEMENT = re.compile(
    r"""(?P<element> \\[^A-Za-z0-9] | \[\^?(?:\\.|[^\]\\])+\] | [^\\\[\](){}*+?|^$] )
        (?P<quantifier> [*+?] | \{\d{1,4}(?:,\d{0,4})?\} )?""",
    re.VERBOSE,
)
_FIXED = re.compile(r"\{\d{1,4}\}")


def check_schema_patterns(schema: Any) -> Iterator[tuple[Tokens, str]]:
    """The place and the problem of each pattern in a JSON Schema whose search could take more than linear time.

    Without an anchor at the beginning, no part of a pattern may match a varying number of times.
    """
    pending: list[tuple[Tokens, Any]] = [((), schema)]
    while pending:
        tokens, part = pending.pop()
        if isinstance(part, list):
            pending.extend(((*tokens, str(index)), item) for index, item in enumerate(part))
        elif isinstance(part, dict):
            pending.extend(((*tokens, key), value) for key, value in part.items())
            by_pattern = part.get("patternProperties")
            patterns = [((*tokens, "patternProperties", key), key) for key in by_pattern or ()]
            if isinstance(part.get("pattern"), str):
                patterns.append(((*tokens, "pattern"), part["pattern"]))
            for place, pattern in patterns:
                problem = _check_search(pattern)
                if problem is not None:
                    yield place, problem


def _check_search(pattern: str) -> str | None:
    anchored = _ANCHORED.fullmatch(pattern)
    assert anchored is not None  # noqa: S101 - it matches any text
    try:
        compile_pattern(anchored["body"])
    except ValueError as error:
        return str(error)
    return None if anchored["start"] or not _count_varying(anchored["body"]) else "it must begin with ^"


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compiles a pattern. Raises ValueError with the reason if it is not in the subset above."""
    if _count_varying(text) > 1:
        raise ValueError("only one part may match a varying number of times")
    try:
        return re.compile(text, re.DOTALL | re.ASCII)
    except re.error as error:
        raise ValueError(str(error)) from error


def _count_varying(text: str) -> int:
    """The number of parts of a pattern that match a varying number of times. Raises ValueError for other patterns."""
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
    return varying
