"""Excerpts of answers: small values and texts are kept complete, of large ones the beginning and the size.

So the memory of a run does not grow with the size of the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from compiler.conformance.compare import Difference, is_diagnostic
from compiler.conformance.exact_json import dump_json

MAX_DIFFERENCES = 100  # per answer
_MAX_CHARACTERS = 4000  # of the JSON text of a value, of a path, and of a detail


@dataclass(frozen=True, slots=True, repr=False)
class Excerpt:
    """The beginning of a value's JSON text; `length` is the number of characters of the complete text."""

    text: str
    length: int

    def __repr__(self) -> str:
        return clip_text(self.text, len(self.text), self.length)


def clip_text(text: str, limit: int = _MAX_CHARACTERS, length: int | None = None) -> str:
    """Truncates a text and appends its length. `length` is the original length if the text is already an excerpt."""
    length = len(text) if length is None else length
    return text if length <= limit else f"{text[:limit]}… ({length:,} characters)"


def clip_difference(difference: Difference) -> Difference:
    """Replaces large values of a difference by excerpts; the members of a diagnostic are clipped one by one."""
    clip = _clip_diagnostic if is_diagnostic(difference) else _clip_value
    return replace(
        difference,
        path=clip_text(difference.path),
        expected=clip(difference.expected),
        actual=clip(difference.actual),
    )


def _clip_value(value: Any) -> Any:
    text = dump_json(value)
    return value if len(text) <= _MAX_CHARACTERS else Excerpt(text[:_MAX_CHARACTERS], len(text))


def _clip_diagnostic(value: Any) -> Any:
    members = ("code", "document", "path", "params")
    if isinstance(value, Mapping) and value.keys() <= set(members):
        return {name: _clip_value(item) for name, item in value.items()}
    return _clip_value(value)
