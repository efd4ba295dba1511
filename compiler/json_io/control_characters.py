"""Text from elsewhere, made harmless for a terminal: what does something there is shown instead."""

from __future__ import annotations


def escape_control_characters(text: str) -> str:
    """The text on one line: a line break or an escape sequence in it is shown, not done."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)
