"""A piece of generated code: an expression and what is known about its value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compiler.engine.schema import Schema, allowed_types

SCALARS = frozenset({"null", "boolean", "number", "string"})
ALL_KINDS = SCALARS | {"array", "object"}


@dataclass(frozen=True, slots=True)
class Code:
    """A cheap expression, which may be emitted several times.

    `kinds`: the JSON types it can have. `absent`: its sentinel for a missing value: "ABSENT", "None" (which then is not
    null), or None if it is always present. `is_fresh`: it yields freshly created containers. `schema`: a schema that
    its value conforms to.
    """

    text: str
    kinds: frozenset[str] = ALL_KINDS
    absent: str | None = "ABSENT"
    is_fresh: bool = False
    schema: Schema | None = None

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


def no_origin(index: str) -> str | None:
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
