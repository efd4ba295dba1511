"""Checks fast whether Python values are plain JSON, without issues; and copies plain values.

A value that passes here is copied by `sanitize` without an issue into an equal one; `sanitize` also reports issues.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from itertools import chain
from typing import Any

# Nested containers in one document. jsonschema, json.dumps, copy.deepcopy and repr all recurse, with several frames a
# level, and Python's stack ends near 1000 frames, some of which the caller has used already.
MAXIMUM_DEPTH = 100

# Lists and objects in one document. No message comes near it; a Python value that contains one list many times, each
# of which contains another many times, grows without limit when it is serialized.
MAXIMUM_CONTAINERS = 1_000_000

# Python's default limit for converting between text and integers. Fixed here, so that a process that has changed its
# limit still accepts the same documents.
MAXIMUM_DIGITS = 4300
INTEGER_BOUND = 10**MAXIMUM_DIGITS

FIRST_INEXACT_FLOAT = 2.0**53  # from here on a float may also stand for other integers

SURROGATE = re.compile("[\ud800-\udfff]")

_SMALL = 20  # up to this many values are checked one by one

_TEXT = frozenset({str})
_OBJECT = frozenset({dict})
_PLAIN = frozenset({str, int, float, bool, type(None), dict, list})


def has_no_lone_surrogate(text: str) -> bool:
    """Whether a text contains no lone surrogate, which UTF-8 cannot encode."""
    return text.isascii() or SURROGATE.search(text) is None


def have_no_lone_surrogates(texts: Collection[Any]) -> bool:
    """Whether these are all exact strings without lone surrogates."""
    if len(texts) < _SMALL:
        for text in texts:  # noqa: SIM110 - a generator costs more than the few
            if type(text) is not str or not (text.isascii() or has_no_lone_surrogate(text)):
                return False
        return True
    return set(map(type, texts)) <= _TEXT and has_no_lone_surrogate("".join(texts))


def is_number(value: float) -> bool:
    """Whether a number is finite, and has no more than MAXIMUM_DIGITS digits."""
    return -INTEGER_BOUND < value < INTEGER_BOUND if type(value) is int else math.isfinite(value)


def are_plain(values: list[Any]) -> bool:
    """Whether these values and everything in them are exact built-in JSON types that can be serialized.

    The values are at least two levels deep in a document. What comes near the maximum depth or number is refused: the
    caller checks it exactly. The list is modified.
    """
    if len(values) > _SMALL:
        return _are_plain(values)
    for value in values:  # the list grows by the members of its items, so its end is the end of everything
        kind = type(value)
        if kind is str:
            if not (value.isascii() or has_no_lone_surrogate(value)):
                return False
        elif kind is dict:
            if not have_no_lone_surrogates(value):
                return False
            values += value.values()
        elif kind is list:
            values += value
        elif kind is int or kind is float:
            if not is_number(value):
                return False
        elif kind is not bool and value is not None:
            return False
        if len(values) > _SMALL:  # and so no deeper than this
            return _are_plain(values)
    return True


def _are_plain(values: list[Any]) -> bool:
    """The same for many values, checked level by level."""
    seen = 0
    for _ in range(MAXIMUM_DEPTH - _SMALL - 3):
        kinds = set(map(type, values))
        if kinds <= _TEXT:
            return has_no_lone_surrogate("".join(values))
        if not kinds <= _PLAIN:
            return False
        if str in kinds and not has_no_lone_surrogate("".join([value for value in values if type(value) is str])):
            return False
        if (int in kinds or float in kinds) and not all(
            is_number(value) for value in values if type(value) is int or type(value) is float
        ):
            return False
        objects = values if kinds == _OBJECT else [value for value in values if type(value) is dict]
        lists = [value for value in values if type(value) is list] if list in kinds else []
        if not objects and not lists:
            return True
        seen += sum(map(len, objects)) + sum(map(len, lists))
        if seen > MAXIMUM_CONTAINERS or not have_no_lone_surrogates(list(chain.from_iterable(objects))):
            return False
        values = list(chain(chain.from_iterable(map(dict.values, objects)), chain.from_iterable(lists)))
    return False


def deep_copy(value: Any) -> Any:
    """A deep copy of plain JSON."""
    if type(value) is dict:
        copy = value.copy()
        for key, member in value.items():
            if type(member) is dict or type(member) is list:
                copy[key] = deep_copy(member)
        return copy
    if type(value) is list:
        return [deep_copy(item) if type(item) is dict or type(item) is list else item for item in value]
    return value


def no_copy(value: Any) -> Any:
    """The value itself: for values that are owned."""
    return value
