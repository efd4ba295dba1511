"""JSON text read by Python's own parser alone, where that can be trusted; else nothing, and `json_values` reads it.

What the parser lets pass is found here without hooks for each object: NaN by its own hook, numbers too large by theirs,
and repeated keys by counting. A quotation mark begins or ends a string, and of a repeated key one string at least is
missing from the value. Lone surrogates and too deep a nesting are left to whoever holds the value against a guard.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

UNUSUAL = object()
"""What stands for a text that has to be read more closely."""

_CONTAINERS = frozenset({dict, list})


def _refused(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refused(text)


_DECODE = json.JSONDecoder(parse_constant=_refused, parse_float=_finite).decode


def quickly_parsed(text: str | bytes) -> Any:
    """The value that a text holds, or UNUSUAL. Raises nothing."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value = _DECODE(text)
    except (ValueError, RecursionError):
        return UNUSUAL
    marks = text.count('"')
    if "\\" in text:
        if "\\\\" in text:  # which makes it hard to tell which marks are escaped
            return UNUSUAL
        marks -= text.count('\\"')
    return value if marks == 2 * _strings(value) else UNUSUAL


def _strings(value: Any) -> int:
    """How many strings stand in a value, keys among them."""
    found = int(type(value) is str)
    containers = [value] if type(value) in _CONTAINERS else []
    while containers:
        inner: list[Any] = []
        for each in containers:
            if type(each) is dict:
                found += len(each)
                inner += each.values()
            else:
                inner += each
        kinds = list(map(type, inner))
        found += kinds.count(str)
        has_containers = dict in kinds or list in kinds
        containers = [each for each in inner if type(each) in _CONTAINERS] if has_containers else []
    return found
