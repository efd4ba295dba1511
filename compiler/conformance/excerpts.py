"""What is kept of an answer: values and texts of ordinary size whole, of larger ones the beginning and their size.

So the memory of a run is that of the answer at hand, however many there are. What is shown of it is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from compiler.conformance.compare import Difference, is_diagnostic
from compiler.conformance.exact_json import dump_json

MAX_DIFFERENCES = 100  # of one answer
_LONGEST = 4000  # characters of a value's JSON text, of a place, and of a detail


@dataclass(frozen=True, slots=True, repr=False)
class Excerpt:
    """The beginning of a value's JSON text; `length` is that of the whole text, in characters."""

    text: str
    length: int

    def __repr__(self) -> str:
        return clip_text(self.text, len(self.text), self.length)


def clip_text(text: str, most: int = _LONGEST, length: int | None = None) -> str:
    """At most so many characters of a text, and how many there are in all; `length` where the text is an excerpt."""
    length = len(text) if length is None else length
    return text if length <= most else f"{text[:most]}… ({length:,} characters)"


def clip_difference(difference: Difference) -> Difference:
    """A difference with excerpts in place of large values; of a diagnostic each member is clipped by itself."""
    clip = _clip_diagnostic if is_diagnostic(difference) else _clip_value
    return replace(
        difference,
        path=clip_text(difference.path),
        expected=clip(difference.expected),
        actual=clip(difference.actual),
    )


def _clip_value(value: Any) -> Any:
    text = dump_json(value)
    return value if len(text) <= _LONGEST else Excerpt(text[:_LONGEST], len(text))


def _clip_diagnostic(value: Any) -> Any:
    members = ("code", "document", "path", "params")
    if isinstance(value, Mapping) and value.keys() <= set(members):
        return {name: _clip_value(item) for name, item in value.items()}
    return _clip_value(value)
