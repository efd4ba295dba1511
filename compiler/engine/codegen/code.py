"""A piece of generated code: an expression and what is known about its value.

The functions give expressions about such a value. What emits lines is in the writers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from compiler.engine.codegen.emitter import Emitter
from compiler.engine.schema import Schema, allowed_types, guaranteed_items

PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "number": (int, float),
    "integer": (int,),
    "string": (str,),
    "array": (list,),
    "object": (dict,),
}

SCALARS = frozenset({"null", "boolean", "number", "string"})
CONTAINERS = frozenset({"array", "object"})
ALL_KINDS = SCALARS | CONTAINERS


@dataclass(frozen=True, slots=True)
class Code:
    """A cheap expression, which may be emitted several times.

    `kinds`: the JSON types it can have. `absent`: its sentinel for a missing value: "ABSENT", "None" (which then is not
    null), or None if it is always present. `is_fresh`: it yields freshly created containers. `schema`: a schema that
    its value conforms to. `is_nonempty`: it is never an empty container.
    """

    text: str
    kinds: frozenset[str] = ALL_KINDS
    absent: str | None = "ABSENT"
    is_fresh: bool = False
    schema: Schema | None = None
    is_nonempty: bool = False

    @property
    def is_present(self) -> str:
        """An expression for whether the value is present."""
        if not self.kinds:
            return "False"
        return "True" if self.absent is None else f"{self.text} is not {self.absent}"

    @property
    def is_scalar(self) -> bool:
        """Whether it is never a list or an object."""
        return not self.kinds & {"array", "object"}


def expression_of_schema(text: str, schema: Schema, absent: str | None = None) -> Code:
    """An expression whose value conforms to a schema."""
    kinds = frozenset("number" if kind == "integer" else kind for kind in allowed_types(schema))
    return Code(text, kinds, absent, schema=schema)


NOTHING = Code("ABSENT", frozenset())
"""An expression that is always absent."""

Locate = Callable[[], str | None]
"""Emits an expression for an origin; None if it cannot be expressed."""


class Position:
    """Where a loop is: variables for the index and, if the items are the members of an object, for the key.

    The index is counted only if it is read.
    """

    def __init__(self, index: str, key: str | None = None) -> None:
        self._index = index
        self.key = key
        self.is_counted = False

    def read_index(self) -> str:
        """The variable for the index."""
        self.is_counted = True
        return self._index


def no_origin(position: Position) -> str | None:
    """An item without an origin."""
    return None


def no_value_origin() -> str | None:
    """A value without an origin."""
    return None


@dataclass(frozen=True, slots=True)
class Item:
    """The current item of a loop: its variable, how to emit its origin, and its value.

    `container` is the value it is an item of, if that has a single origin. If that is an object, its items are
    `{key, value}`, and both have the origin of the member.
    """

    name: str
    origin: Locate
    code: Code = NOTHING
    container: Code | None = None


Items = tuple[Item, ...]


def tuples_to_lists(value: Any) -> Any:
    """A literal as JSON, with lists instead of tuples."""
    if isinstance(value, list | tuple):
        return [tuples_to_lists(item) for item in value]
    return {key: tuples_to_lists(member) for key, member in value.items()} if isinstance(value, dict) else value


def kind_of_literal(literal: Any) -> str:
    """The JSON type of a literal."""
    return next(kind for kind, types in PYTHON_TYPES.items() if type(literal) in types and kind != "integer")


def item_of(source: Code, name: str) -> Code:
    """The items of a value, as a variable of this name."""
    if source.schema is not None and source.kinds == {"array"}:
        return expression_of_schema(name, guaranteed_items(source.schema))
    return Code(name, absent=None)


def is_index(name: str) -> bool:
    """Whether a pointer token is a list index."""
    return name == "0" or (name.isascii() and name.isdigit() and not name.startswith("0") and len(name) <= 18)


def items_text(code: Code) -> str:
    """An expression for the items of a value."""
    if code.kinds == {"array"}:
        return f"({code.text} or [])" if code.absent == "None" else code.text
    return f"({code.text} if type({code.text}) is list else items_of({code.text}))"


def has_type(emitter: Emitter, code: Code, types: frozenset[str]) -> str:
    """An expression for whether a value is present and has one of these JSON types."""
    required = types - {"integer"} if "number" in types else types
    if required >= ALL_KINDS or code.kinds <= required:
        return code.is_present
    if not code.kinds & {"number" if kind == "integer" else kind for kind in required}:
        return "False"
    python = [python_type for kind in sorted(required) for python_type in PYTHON_TYPES[kind]]
    if python == [type(None)]:
        return "False" if code.absent == "None" else f"{code.text} is None"
    if len(python) == 1:
        return f"type({code.text}) is {python[0].__name__}"
    # If None is the sentinel for absent, it is not null.
    none = f"{code.text} is not None and " if code.absent == "None" and type(None) in python else ""
    return f"{none}type({code.text}) in {emitter.constant(frozenset(python))}"


def equal_to_constant(emitter: Emitter, code: Code, literal: Any) -> str:
    """An expression for whether a value equals a literal as JSON."""
    if kind_of_literal(literal) not in code.kinds or (literal is None and code.absent == "None"):
        return "False"
    if literal is None or isinstance(literal, bool):
        return f"{code.text} is {literal}"
    if isinstance(literal, str):
        return f"{code.text} == {emitter.literal(literal)}"
    if isinstance(literal, int | float):
        return f"({code.text} == {emitter.literal(literal)} and type({code.text}) is not bool)"
    return f"same({code.text}, {emitter.constant(tuples_to_lists(literal))})"
