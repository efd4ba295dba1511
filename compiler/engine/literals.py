"""Parses the arguments of operators that are not expressions: pointers, patterns, constants, tables and choices.

Each function takes the JSON of a rule file, and raises ValueError with the problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from compiler.engine.pattern import compile_pattern
from compiler.json_io.pointer import Tokens, parse_pointer

KINDS = ("null", "boolean", "number", "string", "array", "object")
MAXIMUM_NESTING = 100
"""The number of levels of a constant, and of expressions and rules."""


def parse_text(raw: Any) -> str:
    """A string."""
    if not isinstance(raw, str):
        raise ValueError("expected a string")
    return raw


def parse_pointer_text(raw: Any) -> Tokens:
    """The tokens of a JSON pointer."""
    return parse_pointer(parse_text(raw))


def parse_regular_expression(raw: Any) -> re.Pattern[str]:
    """A pattern."""
    return compile_pattern(parse_text(raw))


def parse_constant(raw: Any) -> Any:
    """Any JSON value, if it is not nested too deeply to be written as code, or compared."""
    level, depth = [raw], 0
    while containers := [value for value in level if isinstance(value, list | dict)]:
        level = [item for container in containers for item in _members(container)]
        depth += 1
        if depth > MAXIMUM_NESTING:
            raise ValueError(f"a constant can be nested at most {MAXIMUM_NESTING} levels deep")
    return raw


def _members(value: list[Any] | dict[str, Any]) -> Iterable[Any]:
    return value if isinstance(value, list) else value.values()


def parse_row(raw: Any) -> tuple[Any, Any]:
    """A row of a table: two constants."""
    if not isinstance(parse_constant(raw), list) or len(raw) != 2:
        raise ValueError("a row must be a list of two")
    return raw[0], raw[1]


def parse_choice(choices: tuple[str, ...], raw: Any) -> str:
    """One of the choices."""
    if raw not in choices:
        raise ValueError(f"must be one of: {', '.join(choices)}")
    return str(raw)


def parse_count(raw: Any) -> int:
    """A number of things."""
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
        raise ValueError("expected a non-negative integer")
    return raw


def parse_flag(raw: Any) -> bool:
    """True or false."""
    if not isinstance(raw, bool):
        raise ValueError("expected true or false")
    return raw


LITERALS: Mapping[str, Callable[[Any], Any]] = {
    "text": parse_text,
    "pointer": parse_pointer_text,
    "pattern": parse_regular_expression,
    "literal": parse_constant,
    "kind": partial(parse_choice, KINDS),
    "count": parse_count,
    "flag": parse_flag,
}
"""The functions for the kinds of arguments."""
