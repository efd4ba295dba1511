"""Values that know where they came from.

The interpreter works on traced values, not on bare JSON. A traced value holds a piece of JSON, the pointer of the input
value it came from (its origin), and the values it was computed from (its sources). So rules need not name paths in
diagnostics, and the inputs of an output value are found by walking its sources.

Two marks stand for values that are not JSON. ABSENT is the value of a pointer to nothing; its origin is the pointer
that was read. POISON is a value already reported as invalid; `poisoned` is true for every value that contains one. For
their semantics see `compiler.engine`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, Final, Literal, NamedTuple

from compiler.json_io.pointer import ROOT, Origin, PointerTree


class Mark(Enum):
    """The data of a traced value that is not JSON."""

    ABSENT = "absent"
    POISON = "poison"


_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")  # RFC 6901: no leading zeros; longer lists cannot exist

ABSENT: Final = Mark.ABSENT
POISON: Final = Mark.POISON

Scalar = str | int | float | bool | None
Data = Scalar | tuple["TracedValue", ...] | dict[str, "TracedValue"] | Mark


class TracedValue(NamedTuple):
    """A value with its origin. Objects are dicts and arrays tuples of traced values; neither is ever changed."""

    data: Data
    origin: Origin | None = None
    sources: tuple[TracedValue, ...] = ()
    poisoned: bool = False

    @property
    def absent(self) -> bool:
        """Whether there is no value."""
        return self.data is ABSENT

    @property
    def invalid(self) -> bool:
        """Whether the value itself is invalid, not only a part of it."""
        return self.data is POISON

    @property
    def empty(self) -> bool:
        """Whether this is an empty list or an empty object."""
        return isinstance(self.data, tuple | dict) and not self.data


def absent(origin: Origin | None = None) -> TracedValue:
    """An absent value; `origin` is the pointer that was read."""
    return TracedValue(ABSENT, origin)


def poison(origin: Origin | None = None, sources: tuple[TracedValue, ...] = ()) -> TracedValue:
    """An invalid value that was already reported."""
    return TracedValue(POISON, origin, sources, poisoned=True)


def array(
    items: Iterable[TracedValue], origin: Origin | None = None, sources: tuple[TracedValue, ...] = ()
) -> TracedValue:
    """A list of these values."""
    data = tuple(items)
    return TracedValue(data, origin, sources, any(item.poisoned for item in data))


def record(
    members: dict[str, TracedValue], origin: Origin | None = None, sources: tuple[TracedValue, ...] = ()
) -> TracedValue:
    """An object with these members."""
    return TracedValue(members, origin, sources, any(member.poisoned for member in members.values()))


class PartiallyKnownObject(dict[str, TracedValue]):
    """An object of which only some members are known."""

    def get(self, key: str, default: Any = None) -> Any:
        """The member; an invalid value if it is unknown."""
        return super().get(key) or poison()


def trace_document(document: Any, invalid: PointerTree | None = None, origin: Origin = ROOT) -> TracedValue:
    """A document as traced values, each with its own origin; those at the `invalid` pointers are poisoned."""
    if invalid is not None and invalid.is_marked:
        return poison(origin)
    if isinstance(document, dict):
        return record({key: _trace_part(value, invalid, origin, key) for key, value in document.items()}, origin)
    if isinstance(document, list):
        return array((_trace_part(item, invalid, origin, index) for index, item in enumerate(document)), origin)
    return TracedValue(document, origin)


def _trace_part(value: Any, invalid: PointerTree | None, parent: Origin, token: str | int) -> TracedValue:
    return trace_document(value, None if invalid is None else invalid.below(token), Origin(parent, token))


def constant_value(document: Any, origin: Origin | None = None, sources: tuple[TracedValue, ...] = ()) -> TracedValue:
    """A computed or constant document as traced values that share one origin."""
    if isinstance(document, dict):
        return record({key: constant_value(value, origin, sources) for key, value in document.items()}, origin, sources)
    if isinstance(document, list | tuple):
        return array((constant_value(item, origin, sources) for item in document), origin, sources)
    return TracedValue(document, origin, sources)


def child(parent: TracedValue, token: str) -> TracedValue:
    """The member or item that the token names; absent, with its pointer, if there is none."""
    data = parent.data
    if isinstance(data, dict):
        member: TracedValue | None = data.get(token)
        if member is not None:
            return member
    elif isinstance(data, tuple):
        if _INDEX.fullmatch(token) and int(token) < len(data):
            item: TracedValue = data[int(token)]
            return item
    elif data is POISON:
        return parent
    return absent(None if parent.origin is None else Origin(parent.origin, token))


def to_json(value: TracedValue) -> Any:
    """The JSON of a value, in new containers, without its absent and poisoned parts."""
    data = value.data
    if isinstance(data, dict):
        return {key: to_json(member) for key, member in data.items() if not isinstance(member.data, Mark)}
    if isinstance(data, tuple):
        return [to_json(item) for item in data if not isinstance(item.data, Mark)]
    if isinstance(data, Mark):
        raise ValueError(f"not a JSON value: {data}")
    return data


def with_value_at(container: TracedValue, tokens: tuple[str, ...], value: TracedValue) -> TracedValue:
    """A copy of a container with `value` at a pointer; missing objects on the way are created.

    An invalid value on the way stays invalid, because its other members are unknown.
    """
    if not tokens:
        return value
    if container.data is POISON or isinstance(container.data, PartiallyKnownObject):
        return container
    members = dict(container.data) if isinstance(container.data, dict) else {}
    inner = members.get(tokens[0], TracedValue({}))
    members[tokens[0]] = with_value_at(inner, tokens[1:], value)
    return record(members, container.origin, container.sources)


Kind = Literal["null", "boolean", "number", "string", "array", "object"]


def json_type(data: Data) -> Kind:
    """The JSON type of data; a boolean is not a number."""
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "boolean"
    if isinstance(data, int | float):
        return "number"
    if isinstance(data, str):
        return "string"
    return "array" if isinstance(data, tuple) else "object"


def identity(value: TracedValue) -> Any:
    """A hashable key that is equal for two values if and only if they are the same JSON."""
    data = value.data
    if isinstance(data, dict):
        return "object", frozenset((key, identity(member)) for key, member in data.items())
    if isinstance(data, tuple):
        return "array", tuple(identity(item) for item in data)
    return json_type(data), data
