"""Whether Python values are plain JSON, told fast and without saying what is wrong: `json_values` says that.

What passes here, `json_values.plain_copy` copies without a fault, into something equal.
"""

from __future__ import annotations

import math
from typing import Any

from compiler.message.json_values import INTEGER_BOUND, MAXIMUM_CONTAINERS, MAXIMUM_DEPTH, has_surrogate

_SCALARS = frozenset({str, int, float, bool, type(None)})
_CONTAINERS = frozenset({dict, list})
_TEXT = frozenset({str})


def is_clean(text: str) -> bool:
    """Whether no lone surrogate stands in a text."""
    return not has_surrogate(text)


def is_number(value: float) -> bool:
    """Whether a number is finite, and has no more digits than JSON is read with."""
    return -INTEGER_BOUND < value < INTEGER_BOUND if type(value) is int else math.isfinite(value)


def are_plain(values: list[Any]) -> bool:
    """Whether these values and all that they hold are exact built-in JSON types that can be written.

    They are told level by level, many at a time. The values stand two levels deep in a document at least, and what
    nears the greatest depth or number is refused: who reads more exactly decides about that.
    """
    seen = 0
    for _ in range(MAXIMUM_DEPTH - 3):
        kinds = set(map(type, values))
        if kinds <= _TEXT:
            return is_clean("".join(values))
        if not kinds <= _SCALARS | _CONTAINERS:
            return False
        if not is_clean("".join([value for value in values if type(value) is str])):
            return False
        if (int in kinds or float in kinds) and not all(
            is_number(value) for value in values if type(value) is int or type(value) is float
        ):
            return False
        if not kinds & _CONTAINERS:
            return True
        inner: list[Any] = []
        for value in values:
            if type(value) is dict:
                inner += value.values()
                if not (set(map(type, value)) <= _TEXT and is_clean("".join(value))):
                    return False
            elif type(value) is list:
                inner += value
        seen += len(inner)
        if seen > MAXIMUM_CONTAINERS:
            return False
        values = inner
    return False
