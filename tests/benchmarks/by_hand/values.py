"""Plain JSON values: strings that UTF-8 can carry, one-line strings, and copies of values of any kind."""

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
    """Whether it is a string that UTF-8 can carry."""
    return type(value) is str and (value.isascii() or _SURROGATE.search(value) is None)


def is_line(value: Any) -> bool:
    """Whether it is such a string of one line."""
    if type(value) is str and "=?" in value:  # an encoded word may hide a line break
        raise NotCoveredError
    return type(value) is str and (value.isprintable() or (_BREAK.search(value) is None and is_text(value)))


def copied(value: Any, depth: int, *, nulls: bool) -> Any:
    """A deep copy of a value that stands inside so many containers."""
    kind = type(value)
    if kind is str:
        if not value.isascii() and _SURROGATE.search(value):
            raise RefusedError
        return value
    if kind is dict:
        return copied_object(value, depth, nulls=nulls)
    if kind is list:
        if depth >= _DEEPEST:
            raise RefusedError
        return [copied(each, depth + 1, nulls=nulls) for each in value]
    if kind is bool or (value is None and nulls):
        return value
    if (kind is int and -_LARGEST < value < _LARGEST) or (kind is float and isfinite(value)):
        return value
    raise RefusedError


def copied_object(value: Any, depth: int, *, nulls: bool) -> dict[str, Any]:
    """A deep copy of an object that stands inside so many containers."""
    if type(value) is not dict or depth >= _DEEPEST:
        raise RefusedError
    made = {}
    for key, each in value.items():
        if not is_text(key):
            raise RefusedError
        if type(each) is str and each.isascii():  # the commonest
            made[key] = each
        else:
            made[key] = copied(each, depth + 1, nulls=nulls)
    return made


def json_text(value: dict[str, Any]) -> str:
    """Compact JSON, the keys sorted; a float that is a whole number reads as one."""
    return json.dumps(_whole(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def number_text(value: float) -> str:
    """A number as text."""
    return str(_whole(value))


def _whole(value: Any) -> Any:
    kind = type(value)
    if kind is float:
        return int(Decimal(repr(value))) if value.is_integer() else value
    if kind is dict:
        return {key: _whole(each) for key, each in value.items()}
    if kind is list:
        return [_whole(each) for each in value]
    return value
