"""What is known of a piece of generated code: an expression, and what it can give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compiler.engine.schema import Schema, allowed_types

SCALARS = frozenset({"null", "boolean", "number", "string"})
ALL_KINDS = SCALARS | {"array", "object"}


@dataclass(frozen=True, slots=True)
class Code:
    """An expression that costs next to nothing, so that it may be written several times.

    `kinds`: what JSON types it can give. `absent`: how it says that there is nothing: not at all, as ABSENT, or as None
    (which it then means nothing else by). `is_fresh`: nothing else holds the containers in it. `schema`: what it
    surely fits.
    """

    text: str
    kinds: frozenset[str] = ALL_KINDS
    absent: str | None = "ABSENT"
    is_fresh: bool = False
    schema: Schema | None = None

    @property
    def is_present(self) -> str:
        """An expression that says whether there is a value."""
        if not self.kinds:
            return "False"
        return "True" if self.absent is None else f"{self.text} is not {self.absent}"

    @property
    def is_scalar(self) -> bool:
        """Whether it gives no list and no object."""
        return not self.kinds & {"array", "object"}


def expression_of_schema(text: str, schema: Schema, absent: str | None = None) -> Code:
    """An expression for what fits a schema."""
    kinds = frozenset("number" if kind == "integer" else kind for kind in allowed_types(schema))
    return Code(text, kinds, absent, schema=schema)


NOTHING = Code("ABSENT", frozenset())
"""What there is where nothing is."""

Locate = Callable[[], str | None]
"""Writes an expression for an origin; gives None where it cannot be told."""


def no_origin(index: str) -> str | None:
    """The origin of an item, where nobody asks for it."""
    return None


def no_value_origin() -> str | None:
    """Likewise, of a value."""
    return None


@dataclass(frozen=True, slots=True)
class Item:
    """The current item of a loop: a name for it, its value, and how to say where it came from.

    `container` is what it is an item of, where that came from one place. Where that is an object, its items are
    `{key, value}`, and both came from where the member stands.
    """

    name: str
    origin: Locate
    code: Code = NOTHING
    container: Code | None = None
