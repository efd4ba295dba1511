"""Plain JSON values: strings without lone surrogates, one-line strings, and deep copies."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from math import isfinite
from typing import Any

from tests.benchmarks.by_hand.errors import NotCoveredError, RefusedError

_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("[\0\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_DEEPEST = 100
_LARGEST = 10**4300


def is_text(value: Any) -> bool:
    """Whether it is a string that UTF-8 can encode."""
    return type(value) is str and (value.isascii() or _SURROGATE.search(value) is None)


def is_line(value: Any) -> bool:
    """Whether it is such a string without line breaks."""
    if type(value) is str and "=?" in value:  # an encoded word may hide a line break
        raise NotCoveredError
    return type(value) is str and (value.isprintable() or (_BREAK.search(value) is None and is_text(value)))


def deep_copy(value: Any, depth: int, *, nulls: bool) -> Any:
    """A deep copy of a value at this depth."""
    kind = type(value)
    if kind is str:
        if not value.isascii() and _SURROGATE.search(value):
            raise RefusedError
        return value
    if kind is dict:
        return deep_copy_object(value, depth, nulls=nulls)
    if kind is list:
        if depth >= _DEEPEST:
            raise RefusedError
        return [deep_copy(each, depth + 1, nulls=nulls) for each in value]
    if kind is bool or (value is None and nulls):
        return value
    if (kind is int and -_LARGEST < value < _LARGEST) or (kind is float and isfinite(value)):
        return value
    raise RefusedError


def deep_copy_object(value: Any, depth: int, *, nulls: bool) -> dict[str, Any]:
    """A deep copy of an object at this depth."""
    if type(value) is not dict or depth >= _DEEPEST:
        raise RefusedError
    result = {}
    for key, each in value.items():
        if not is_text(key):
            raise RefusedError
        if type(each) is str and each.isascii():  # the most common case
            result[key] = each
        else:
            result[key] = deep_copy(each, depth + 1, nulls=nulls)
    return result


def json_text(value: dict[str, Any]) -> str:
    """Compact JSON, the keys sorted; integral floats become integers."""
    return json.dumps(_integral_floats_as_ints(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def number_text(value: float) -> str:
    """A number as text."""
    return str(_integral_floats_as_ints(value))


def _integral_floats_as_ints(value: Any) -> Any:
    kind = type(value)
    if kind is float:
        return int(Decimal(repr(value))) if value.is_integer() else value
    if kind is dict:
        return {key: _integral_floats_as_ints(each) for key, each in value.items()}
    if kind is list:
        return [_integral_floats_as_ints(each) for each in value]
    return value
