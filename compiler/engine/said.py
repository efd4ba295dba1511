"""What a run says of its input. Values only: who says it, and how it is shown, is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Said(NamedTuple):
    """One thing a ruleset says of its input.

    `at` and `related` are pointers into the input document; `missing` says that at `at` there should be something.
    """

    severity: str
    code: str
    at: str
    params: Mapping[str, Any]
    message: str
    hint: str | None
    rule: str
    related: tuple[str, ...] = ()
    missing: bool = False


def repeated(earlier: Said, said: Said) -> Said:
    """What was said already, told again: what else it is about is worth knowing."""
    return earlier._replace(related=tuple(dict.fromkeys((*earlier.related, *said.related))))
