"""The runtime of generated code: operators that are too long to inline. What the interpreter shares is in `semantics`.

All functions work on plain JSON without origins; for the semantics see `compiler.engine`. The empty tuple, which is not
JSON, is the sentinel for absent; it is falsy, which keeps many conditions short.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from compiler.engine.findings import Finding, record_finding
from compiler.engine.semantics import match_members
from compiler.json_io.plain import deep_copy
from compiler.json_io.pointer import Tokens, escape_token

ABSENT: Final = ()
UNSET: Final = object()
"""The value of a hoisted variable that is not computed yet."""

_TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


class BailoutError(Exception):
    """Raised by generated code to bail out to the interpreter when a value is found to be invalid during evaluation."""


def items_of(value: Any) -> Any:
    """The items of a list, or the members of an object as `{key, value}` in the order of the keys; else none."""
    if type(value) is list:
        return value
    return [{"key": key, "value": value[key]} for key in sorted(value)] if type(value) is dict else []


def identity(value: Any) -> Any:
    """A hashable key, equal for two values if and only if they are the same JSON; a string is its own key."""
    if type(value) is str:
        return value
    if type(value) is dict:
        return "object", frozenset((key, identity(member)) for key, member in value.items())
    if type(value) is list:
        return "array", tuple(map(identity, value))
    return _TYPES[type(value)], value


def identities(values: Any) -> set[Any]:
    """The set of identities of these values."""
    return set(map(identity, values))


def same(left: Any, right: Any) -> bool:
    """Whether both are present and the same JSON."""
    return left is not ABSENT and right is not ABSENT and identity(left) == identity(right)


def distinct(values: Any) -> list[Any]:
    """The values without repetitions."""
    if set(map(type, values)) <= {str}:
        return list(dict.fromkeys(values))
    seen: dict[Any, Any] = {}
    for value in values:
        seen.setdefault(identity(value), value)
    return list(seen.values())


def flatten(values: Any) -> list[Any]:
    """The items of all lists, or members of all objects, among these values."""
    return [item for value in values for item in items_of(value)]


def zip_lists(columns: tuple[tuple[str, Any], ...]) -> Any:
    """The items of several lists side by side, as objects; absent if all lists are."""
    present = [(name, values) for name, values in columns if values is not ABSENT]
    if not present:
        return ABSENT
    longest = max(len(values) for _, values in present)
    return [{name: values[index] for name, values in present if index < len(values)} for index in range(longest)]


def member(value: Any, token: str, index: int) -> Any:
    """The item of a list at an index, or the member of an object whose name looks like an index."""
    if type(value) is list:
        return value[index] if index < len(value) else ABSENT
    return value.get(token, ABSENT) if type(value) is dict else ABSENT


def merge(parts: tuple[Any, ...]) -> Any:
    """The members of all objects among these values, later ones winning; absent if all values are."""
    present = [part for part in parts if part is not ABSENT]
    if not present:
        return ABSENT
    return {key: value for part in present if type(part) is dict for key, value in part.items()}


def merge_own(shared: Any, own: Any) -> Any:
    """As `merge`, without sharing parts of the first value; the second, an object or absent, may be changed."""
    if type(shared) is not dict:
        return {} if own is ABSENT and shared is not ABSENT else own
    if own is ABSENT:
        return deep_copy(shared)
    merged = {**shared, **own}
    if len(merged) > len(own):
        for key, member in shared.items():
            if (type(member) is dict or type(member) is list) and key not in own:
                merged[key] = deep_copy(member)
    return merged


def without(value: Any, names: frozenset[str]) -> Any:
    """An object without these members; other values unchanged."""
    return {key: member for key, member in value.items() if key not in names} if type(value) is dict else value


def total(values: list[Any]) -> int:
    """The sum of the integers among these values; 1.0 is one."""
    result = 0
    for value in values:
        if type(value) is int or (type(value) is float and value.is_integer()):
            result += int(value)
    return result


def set_at(output: Any, tokens: Tokens, value: Any) -> Any:
    """A copy of the output with a value at a pointer; missing objects on the way are created."""
    if not tokens:
        return value
    members = dict(output) if type(output) is dict else {}
    members[tokens[0]] = set_at(members.get(tokens[0]), tokens[1:], value)
    return members


def merge_into(
    output: Any,
    target: Tokens,
    overlay: Any,
    spellings: Mapping[Tokens, Mapping[str, str]],
    keeps_empty: bool,
    deep: bool,
    winners: dict[str, str],
) -> Any:
    """A copy of the output with the members of an object merged over those at the target.

    `winners` receives the members at the target that now come from `overlay`: output name to name in `overlay`. Raises
    BailoutError if `overlay` is not an object.
    """
    if type(overlay) is not dict:
        raise BailoutError
    base = output
    for token in target:
        base = base.get(token, ABSENT) if type(base) is dict else ABSENT
    return set_at(output, target, _merge_objects(base, overlay, target, spellings, keeps_empty, deep, winners))


def _merge_objects(
    base: Any,
    overlay: dict[str, Any],
    location: Tokens,
    spellings: Mapping[Tokens, Mapping[str, str]],
    keeps_empty: bool,
    deep: bool,
    winners: dict[str, str] | None,
) -> dict[str, Any]:
    members = dict(base) if type(base) is dict else {}
    for name, spelling, previous in match_members(members, overlay, spellings.get(location), ABSENT):
        value, inner = overlay[name], (*location, spelling)
        is_mergeable = type(value) is dict and (type(previous) is dict or inner in spellings)
        if is_mergeable and (deep or winners is not None):
            value = _merge_objects(previous, value, inner, spellings, keeps_empty, deep, None)
        is_no_change = not keeps_empty and type(value) in (dict, list) and not value and type(value) is type(previous)
        members[spelling] = previous if is_no_change else value
        if winners is not None and not is_no_change:
            winners[spelling] = name
    return members


def remove_empty_members(output: Any, kept: frozenset[str]) -> Any:
    """The output without members that are empty lists or objects, except those with a name that is `kept`."""
    if type(output) is not dict:
        return output
    return {name: value for name, value in output.items() if value or type(value) not in (dict, list) or name in kept}


def pointer_below(origin: str | None, *tokens: str | int) -> str | None:
    """A pointer below an origin."""
    return None if origin is None else origin + "".join(f"/{escape_token(token)}" for token in tokens)


def item_origins(origin: str | None, value: Any) -> list[str | None]:
    """The origins of the items of a value with this origin."""
    if type(value) is list:
        return [pointer_below(origin, index) for index in range(len(value))]
    return [pointer_below(origin, key) for key in sorted(value)] if type(value) is dict else []


def string_or_none(value: Any) -> str | None:
    """The value if it is a string, else None."""
    return value if type(value) is str else None


def add_finding(findings: dict[Any, Finding], finding: Finding) -> None:
    """Adds a warning; equal ones are merged."""
    record_finding(findings, (finding.code, finding.at, identity(finding.params)), finding, len(findings))
