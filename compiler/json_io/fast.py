"""JSON text read by Python's own parser alone, if that can be trusted; otherwise `parse` reads it.

What the parser lets pass is found here without hooks for each object: NaN by its own hook, numbers too large by theirs,
and repeated keys by counting. A quotation mark begins or ends a string, and of a repeated key one string at least is
missing from the value.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from compiler.json_io.plain import FIRST_INEXACT_FLOAT, MAXIMUM_CONTAINERS, MAXIMUM_DIGITS, has_no_lone_surrogate

NOT_PARSED = object()
"""The result for a text that `parse` has to read."""

_CONTAINERS = frozenset({dict, list})
_DEEPEST = 60  # nested containers; deeper ones are left to `parse`
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def _refused(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refused(text)


def _exact(text: str) -> float:
    number = float(text)
    return number if -FIRST_INEXACT_FLOAT < number < FIRST_INEXACT_FLOAT else _refused(text)


_WITH_FINITE_NUMBERS = json.JSONDecoder(parse_constant=_refused, parse_float=_finite).decode
_WITH_EXACT_NUMBERS = json.JSONDecoder(parse_constant=_refused, parse_float=_exact).decode


def parse_message_fast(text: str | bytes) -> Any:
    """The value of the text of a message, or NOT_PARSED. Raises nothing.

    Lone surrogates are left to the validator of the value.
    """
    try:
        return _parsed(text.decode("utf-8") if isinstance(text, bytes) else text, _WITH_FINITE_NUMBERS)
    except (ValueError, RecursionError):
        return NOT_PARSED


def parse_body_fast(text: str) -> Any:
    """The value of the text of a body, if it has no lone surrogates and no inexact numbers; else NOT_PARSED."""
    if not has_no_lone_surrogate(text) or _SURROGATE_ESCAPE.search(text) is not None:
        return NOT_PARSED
    try:
        return _parsed(text, _WITH_EXACT_NUMBERS)
    except (ValueError, RecursionError):
        return NOT_PARSED


def _parsed(text: str, decode: Callable[[str], Any]) -> Any:
    if not 0 < sys.get_int_max_str_digits() <= MAXIMUM_DIGITS:
        return NOT_PARSED  # this process has another limit for numbers
    value = decode(text)
    marks = text.count('"')
    if "\\" in text:
        if "\\\\" in text:  # which makes it hard to tell which marks are escaped
            return NOT_PARSED
        marks -= text.count('\\"')
    return value if marks == 2 * _strings(value) else NOT_PARSED


def _strings(value: Any) -> int:
    """The number of strings in a value, including keys; -1 if it is nested too deeply or has too many containers."""
    count = int(type(value) is str)
    seen = 1
    containers = [value] if type(value) in _CONTAINERS else []
    for _ in range(_DEEPEST):
        if not containers:
            return count
        inner: list[Any] = []
        for container in containers:
            if type(container) is dict:
                count += len(container)
                inner += container.values()
            else:
                inner += container
        kinds = list(map(type, inner))
        count += kinds.count(str)
        has_containers = dict in kinds or list in kinds
        containers = [container for container in inner if type(container) in _CONTAINERS] if has_containers else []
        seen += len(containers)
        if seen > MAXIMUM_CONTAINERS:
            break
    return -1
