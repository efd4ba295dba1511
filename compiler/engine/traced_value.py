"""Values that know where they came from.

The interpreter never handles bare JSON: it handles nodes. A node holds a piece of JSON, the pointer of the input value
it came from (its origin), and the nodes it was computed from (its sources). So no rule has to name a path in a
diagnostic, and whoever explains a payload finds the inputs of each value by walking its sources.

Two values are no JSON. ABSENT is what a pointer to nothing gives; it still knows the pointer that was asked for, which
is where a missing value would have stood. POISON is a value already reported as invalid; a node that holds one anywhere
below it says so in `poisoned`. What follows from either is the interpreter's business, not this module's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal

from compiler.json_io.pointer import ROOT, Origin, Places


class Mark(Enum):
    """What stands in a node instead of JSON."""

    ABSENT = "absent"
    POISON = "poison"


_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")  # RFC 6901: no leading zeros; and no list is longer than that

ABSENT: Final = Mark.ABSENT
POISON: Final = Mark.POISON

Scalar = str | int | float | bool | None
Data = Scalar | tuple["TracedValue", ...] | dict[str, "TracedValue"] | Mark


@dataclass(frozen=True, slots=True)
class TracedValue:
    """A value with its origin. Objects are dicts and arrays tuples of nodes; neither is ever changed."""

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
        """Whether the value itself is invalid, not only something below it."""
        return self.data is POISON

    @property
    def empty(self) -> bool:
        """Whether this is an empty list or an empty object."""
        return isinstance(self.data, tuple | dict) and not self.data


def absent(origin: Origin | None = None) -> TracedValue:
    """No value, where `origin` was asked for."""
    return TracedValue(ABSENT, origin)


def poison(origin: Origin | None = None, sources: tuple[TracedValue, ...] = ()) -> TracedValue:
    """A value that was reported already."""
    return TracedValue(POISON, origin, sources, poisoned=True)


def array(
    items: Iterable[TracedValue], origin: Origin | None = None, sources: tuple[TracedValue, ...] = ()
) -> TracedValue:
    """A list of these nodes."""
    data = tuple(items)
    return TracedValue(data, origin, sources, any(item.poisoned for item in data))


def record(
    members: dict[str, TracedValue], origin: Origin | None = None, sources: tuple[TracedValue, ...] = ()
) -> TracedValue:
    """An object of these nodes."""
    return TracedValue(members, origin, sources, any(member.poisoned for member in members.values()))


class PartiallyKnownObject(dict[str, TracedValue]):
    """Members of which some are not known: what is not among them may yet be."""

    def get(self, key: str, default: Any = None) -> Any:
        """The member; an invalid value where it is not known."""
        return super().get(key) or poison()


def trace_document(document: Any, invalid: Places | None = None, origin: Origin = ROOT) -> TracedValue:
    """A whole document as nodes, each with its own place; the values at the places that are `invalid` are poisoned."""
    if invalid is not None and invalid.is_one:
        return poison(origin)
    if isinstance(document, dict):
        return record({key: _trace_part(value, invalid, origin, key) for key, value in document.items()}, origin)
    if isinstance(document, list):
        return array((_trace_part(item, invalid, origin, index) for index, item in enumerate(document)), origin)
    return TracedValue(document, origin)


def _trace_part(value: Any, invalid: Places | None, above: Origin, token: str | int) -> TracedValue:
    return trace_document(value, None if invalid is None else invalid.below(token), Origin(above, token))


def constant_value(document: Any, origin: Origin | None = None, sources: tuple[TracedValue, ...] = ()) -> TracedValue:
    """A computed or constant document as nodes that all share one origin."""
    if isinstance(document, dict):
        return record({key: constant_value(value, origin, sources) for key, value in document.items()}, origin, sources)
    if isinstance(document, list | tuple):
        return array((constant_value(item, origin, sources) for item in document), origin, sources)
    return TracedValue(document, origin, sources)


def child(node: TracedValue, token: str) -> TracedValue:
    """The member or item that the token names; absent, with its pointer, where there is none."""
    data = node.data
    if isinstance(data, dict):
        found = data.get(token)
        if found is not None:
            return found
    elif isinstance(data, tuple):
        if _INDEX.fullmatch(token) and int(token) < len(data):
            return data[int(token)]
    elif data is POISON:
        return node
    return absent(None if node.origin is None else Origin(node.origin, token))


def to_json(node: TracedValue) -> Any:
    """The JSON of a node, as new containers; what is absent or poisoned below it is left out."""
    data = node.data
    if isinstance(data, dict):
        return {key: to_json(value) for key, value in data.items() if not isinstance(value.data, Mark)}
    if isinstance(data, tuple):
        return [to_json(item) for item in data if not isinstance(item.data, Mark)]
    if isinstance(data, Mark):
        raise ValueError(f"no JSON: {data}")
    return data


def with_value_at(node: TracedValue, tokens: tuple[str, ...], value: TracedValue) -> TracedValue:
    """The node with `value` at the end of these tokens, objects made on the way where there are none.

    What is invalid on the way stays so: one member of it does not make the others known.
    """
    if not tokens:
        return value
    if node.data is POISON or isinstance(node.data, PartiallyKnownObject):
        return node
    members = dict(node.data) if isinstance(node.data, dict) else {}
    inner = members.get(tokens[0], TracedValue({}))
    members[tokens[0]] = with_value_at(inner, tokens[1:], value)
    return record(members, node.origin, node.sources)


Kind = Literal["null", "boolean", "number", "string", "array", "object"]


def json_type(data: Data) -> Kind:
    """The JSON type of a node's data; a boolean is no number."""
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "boolean"
    if isinstance(data, int | float):
        return "number"
    if isinstance(data, str):
        return "string"
    return "array" if isinstance(data, tuple) else "object"


def identity(node: TracedValue) -> Any:
    """A hashable key that two values share exactly when they are the same JSON."""
    data = node.data
    if isinstance(data, dict):
        return "object", frozenset((key, identity(value)) for key, value in data.items())
    if isinstance(data, tuple):
        return "array", tuple(identity(item) for item in data)
    return json_type(data), data
