"""What generated code calls: the words of the rule language that are too long to write out at each place.

All of it works on plain JSON without origins; what it means is told in the essay of `compiler.engine`, and done in full
by the interpreter. No JSON value is a tuple, so the empty one stands for what is absent: like most of what says nothing
it is false, which makes many tests short.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from compiler.engine.findings import Finding, record_finding
from compiler.json_io.pointer import Tokens, caseless, escape

ABSENT: Final = ()
UNSET: Final = object()
"""What a value is that is not made yet."""

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
    """The rest is for the interpreter: something is invalid that only comes out while a value is made."""


def deep_copy(value: Any) -> Any:
    """A deep copy."""
    if type(value) is dict:
        made = value.copy()
        for key, member in value.items():
            if type(member) is dict or type(member) is list:
                made[key] = deep_copy(member)
        return made
    if type(value) is list:
        return [deep_copy(item) if type(item) is dict or type(item) is list else item for item in value]
    return value


def items_of(value: Any) -> Any:
    """The items of a list; of an object its members as `{key, value}`, in the order of their keys; else none."""
    if type(value) is list:
        return value
    return [{"key": key, "value": value[key]} for key in sorted(value)] if type(value) is dict else ()


def identity(value: Any) -> Any:
    """A hashable key that two values share exactly when they are the same JSON; that of a string is the string."""
    if type(value) is str:
        return value
    if type(value) is dict:
        return "object", frozenset((key, identity(member)) for key, member in value.items())
    if type(value) is list:
        return "array", tuple(map(identity, value))
    return _TYPES[type(value)], value


def identities(values: Any) -> set[Any]:
    """The identities of some values."""
    return set(map(identity, values))


def same(left: Any, right: Any) -> bool:
    """Whether both are there and the same JSON."""
    return left is not ABSENT and right is not ABSENT and identity(left) == identity(right)


def distinct(values: Any) -> list[Any]:
    """Each value once."""
    if set(map(type, values)) <= {str}:
        return list(dict.fromkeys(values))
    seen: dict[Any, Any] = {}
    for value in values:
        seen.setdefault(identity(value), value)
    return list(seen.values())


def member(value: Any, token: str, index: int) -> Any:
    """The item of a list at an index, or the member of an object whose name looks like one."""
    if type(value) is list:
        return value[index] if index < len(value) else ABSENT
    return value.get(token, ABSENT) if type(value) is dict else ABSENT


def contains_in_sequence(texts: tuple[str, ...], value: str) -> bool:
    """Whether a string holds these texts, one after the other."""
    position = 0
    for text in texts:
        position = value.find(text, position)
        if position < 0:
            return False
        position += len(text)
    return True


def merge(parts: tuple[Any, ...]) -> Any:
    """The members of all objects among these values, the later ones winning; absent where all of them are."""
    given = [part for part in parts if part is not ABSENT]
    if not given:
        return ABSENT
    return {key: value for part in given if type(part) is dict for key, value in part.items()}


def without(value: Any, names: frozenset[str]) -> Any:
    """An object without these members; anything else as it is."""
    return {key: each for key, each in value.items() if key not in names} if type(value) is dict else value


def total(values: list[Any]) -> int:
    """The sum of the whole numbers among these values."""
    whole = 0
    for value in values:
        if type(value) is int or (type(value) is float and value.is_integer()):
            whole += int(value)
    return whole


def set_at(output: Any, tokens: Tokens, value: Any) -> Any:
    """The output with a value at a pointer, objects made on the way; nothing that is there is changed."""
    if not tokens:
        return value
    members = dict(output) if type(output) is dict else {}
    members[tokens[0]] = set_at(members.get(tokens[0]), tokens[1:], value)
    return members


def merge_into(
    output: Any,
    target: Tokens,
    above: Any,
    spellings: Mapping[Tokens, Mapping[str, str]],
    keeps_empty: bool,
    winners: dict[str, str],
) -> Any:
    """The output with the members of an object over those at the target.

    `winners` is told which members at the target are now those of the object, each with the name it has there. Raises
    BailoutError for what is no object.
    """
    if type(above) is not dict:
        raise BailoutError
    below = output
    for token in target:
        below = below.get(token, ABSENT) if type(below) is dict else ABSENT
    return set_at(output, target, _merge_objects(below, above, target, spellings, keeps_empty, winners))


def _merge_objects(
    below: Any,
    above: dict[str, Any],
    place: Tokens,
    spellings: Mapping[Tokens, Mapping[str, str]],
    keeps_empty: bool,
    winners: dict[str, str] | None,
) -> dict[str, Any]:
    members = dict(below) if type(below) is dict else {}
    spelled_here = spellings.get(place)
    there: dict[str, str] = {} if spelled_here is None else {caseless(name): name for name in sorted(members)}
    for name in sorted(above):
        value = above[name]
        spelled = name if spelled_here is None else spelled_here.get(caseless(name), name)
        before = there.get(caseless(spelled), spelled)
        under = members.get(before, ABSENT)
        if before != spelled:
            del members[before]
        there[caseless(spelled)] = spelled
        inner = (*place, spelled)
        is_merged = winners is not None and type(value) is dict and (type(under) is dict or inner in spellings)
        if is_merged:
            value = _merge_objects(under, value, inner, spellings, keeps_empty, None)
        says_nothing = not keeps_empty and type(value) in (dict, list) and not value and type(value) is type(under)
        members[spelled] = under if says_nothing else value
        if winners is not None and not says_nothing:
            winners[spelled] = name
    return members


def remove_empty_members(output: Any) -> Any:
    """The output without the empty lists and objects among its members."""
    if type(output) is not dict:
        return output
    return {name: value for name, value in output.items() if value or type(value) not in (dict, list)}


def pointer_below(above: str | None, *tokens: str | int) -> str | None:
    """A pointer into what has this origin."""
    return None if above is None else above + "".join(f"/{escape(token)}" for token in tokens)


def item_origins(above: str | None, value: Any) -> list[str | None]:
    """The origins of the items of a value that has this origin."""
    if type(value) is list:
        return [pointer_below(above, index) for index in range(len(value))]
    return [pointer_below(above, key) for key in sorted(value)] if type(value) is dict else []


def string_or_none(value: Any) -> str | None:
    """A string; None where the value is none."""
    return value if type(value) is str else None


def add_finding(findings: dict[Any, Finding], finding: Finding) -> None:
    """Notes a warning; what is equal is said once."""
    record_finding(findings, (finding.code, finding.at, identity(finding.params)), finding, len(findings))
