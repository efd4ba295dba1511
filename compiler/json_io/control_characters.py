"""Escapes characters that control a terminal, in text from untrusted sources."""

from __future__ import annotations


def escape_control_characters(text: str) -> str:
    """Returns the text on one line, with line breaks, escape sequences and other unprintable characters escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
