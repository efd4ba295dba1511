"""The regular expressions that `matches` allows: a subset that cannot backtrack catastrophically.

A pattern is a sequence of characters and character classes, each with at most one quantifier, of which at most one may
match a varying number of times. It always matches the whole string, so matching takes time linear in the string.
Groups, alternatives, anchors, look-around and back references are not allowed.
"""

from __future__ import annotations

import re

_ANCHORED = re.compile(r"(?P<start>\^?)(?P<body>.*?)(?:(?<!\\)\$|\\Z|\(\?!\[\\s\\S\]\))?", re.DOTALL)
_TOKEN = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\?.", re.DOTALL)
_NAMED_CLASSES = tuple("dDsSwW")
_CHOICE = re.compile(r"\((?:\?:)?(?P<texts>[^()*+?{}]*)\)")
_MOST_OPTIONAL = 4  # each can double the time
_ELEMENT = re.compile(
    r"""(?P<element> \\[^A-Za-z0-9] | \[\^?(?:\\.|[^\]\\])+\] | [^\\\[\](){}*+?|^$] )
        (?P<quantifier> [*+?] | \{\d{1,4}(?:,\d{0,4})?\} )?""",
    re.VERBOSE,
)
_FIXED = re.compile(r"\{\d{1,4}\}")


def check_search(pattern: str) -> str | None:
    """Why searching for a pattern of a JSON Schema could take more than linear time; None if it cannot.

    Such a pattern can also have anchors, named classes (a backslash and d, s or w) and a few optional parts, or be a
    choice between texts. Only with an anchor at the beginning may a part match a varying number of times.
    """
    anchored = _ANCHORED.fullmatch(pattern)
    assert anchored is not None  # noqa: S101 - it matches any text
    choice = _CHOICE.fullmatch(anchored["body"])
    parts = [anchored["body"]] if choice is None else choice["texts"].split("|")
    try:
        counts = [_count_quantifiers(_TOKEN.sub(_as_class, part)) for part in parts]
    except ValueError as error:
        return str(error)
    if any(varying > 1 for varying, _ in counts):
        return "only one part may match a varying number of times"
    if any(optional > _MOST_OPTIONAL for _, optional in counts):
        return f"at most {_MOST_OPTIONAL} parts may be optional"
    return None if anchored["start"] or not any(varying for varying, _ in counts) else "it must begin with ^"


def _as_class(token: re.Match[str]) -> str:
    return f"[{token[0]}]" if token[0][0] == "\\" and token[0][1:] in _NAMED_CLASSES else token[0]


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compiles a pattern. Raises ValueError with the reason if it is not in the subset above."""
    if sum(_count_quantifiers(text)) > 1:
        raise ValueError("only one part may match a varying number of times")
    try:
        return re.compile(text, re.DOTALL | re.ASCII)
    except re.error as error:
        raise ValueError(str(error)) from error


def _count_quantifiers(text: str) -> tuple[int, int]:
    """The numbers of parts of a pattern that match a varying number of times, and of parts that are optional (`?`).

    Raises ValueError for other patterns.
    """
    position = varying = optional = 0
    while position < len(text):
        element = _ELEMENT.match(text, position)
        if element is None:
            raise ValueError(
                f"only characters and classes with one quantifier each are allowed, got {text[position:]!r}"
            )
        quantifier = element["quantifier"]
        optional += quantifier == "?"
        varying += quantifier not in (None, "?") and _FIXED.fullmatch(quantifier) is None
        position = element.end()
    return varying, optional
