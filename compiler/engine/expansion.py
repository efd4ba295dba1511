"""What a rule file states once and uses in several places: definitions, and rules that are repeated `for` names.

These functions work on parsed JSON. The loader calls them while it parses rules, so that nothing behind it sees the
shorthand. The size of an expansion is computed before anything is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from compiler.json_io.pointer import escape_token

MAXIMUM_EXPANSION = 100_000
"""The number of JSON values to which a definition, or all rules of a ruleset, may expand."""

MAXIMUM_TEXT = 1_000_000
"""The number of characters to which all rules with `for` may expand."""

_MOST = 10**12  # larger sizes are not told apart

USE, TAKES, FOR = "use", "takes", "for"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class Place(NamedTuple):
    """Where an expression is: a file and a pointer into it, and the pointer within its rule after expansion."""

    file: str
    pointer: str
    expanded: str

    def below(self, *tokens: str | int) -> Place:
        """The place of a part, at these keys."""
        suffix = "".join(f"/{escape_token(token)}" for token in tokens)
        return Place(self.file, self.pointer + suffix, self.expanded + suffix)

    def expanded_below(self, *tokens: str | int) -> Place:
        """The place of a part that is at these keys only after expansion."""
        return self._replace(expanded=self.expanded + "".join(f"/{escape_token(token)}" for token in tokens))


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression. `index` is its position: it can use the definitions before it."""

    name: str
    body: Any
    parameters: tuple[str, ...]
    place: Place
    index: int


class ExpansionError(Exception):
    """An error in a definition or a `for`: the tokens of the key, below the place that was passed, and the problem."""

    def __init__(self, tokens: tuple[str | int, ...], problem: str) -> None:
        super().__init__(tokens, problem)
        self.tokens = tokens
        self.problem = problem


def parse_definition(name: str, raw: Any, place: Place, index: int) -> Definition:
    """Parses a definition: an expression, with the names of its parameters under `takes`. Raises ExpansionError."""
    if _NAME.fullmatch(name) is None:
        raise ExpansionError((), f"a definition's name must match {_NAME.pattern}, got {name!r}")
    if not isinstance(raw, dict) or TAKES not in raw:
        return Definition(name, raw, (), place, index)
    parameters = raw[TAKES]
    if not isinstance(parameters, list) or not all(map(_is_name, parameters)) or not parameters:
        raise ExpansionError((TAKES,), f"must be a list of names that match {_NAME.pattern}")
    if len(set(parameters)) < len(parameters) or USE in parameters:
        raise ExpansionError((TAKES,), f"names must be distinct and not {USE!r}")
    body = {key: value for key, value in raw.items() if key != TAKES}
    for key in ("value", "test"):
        if set(body) == {key}:
            problem = f"must be left out: write the {key}'s operator beside {TAKES!r}"
            raise ExpansionError((key,), f'{problem}, as in {{"takes": ["name"], "first": ["$name"]}}')
    return Definition(name, body, tuple(parameters), place, index)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


# --- Sizes ------------------------------------------------------------------------------------------------------------


class Size(NamedTuple):
    """The number of JSON values in an expression: its own, and how often it contains each of its parameters."""

    own: int
    parameters: Mapping[str, int]


def expanded_size(
    raw: Any, sizes: Mapping[str, Size], parameters: Collection[str] = (), *, repeated: bool = True
) -> Size:
    """The size of an expression or of rules after expansion. `sizes` are those of the definitions.

    With `repeated` false, a rule with `for` counts once.
    """
    own = 0
    counts: dict[str, int] = {}
    pending: list[tuple[Any, int]] = [(raw, 1)]
    while pending:
        part, times = pending.pop()
        times = min(times, _MOST)
        if isinstance(part, str) and part[1:] in parameters and part[0] == "$":
            counts[part[1:]] = min(counts.get(part[1:], 0) + times, _MOST)
            continue
        own = min(own + times, _MOST)
        if isinstance(part, list):
            pending.extend((item, times) for item in part)
        elif isinstance(part, dict) and FOR in part and "id" in part:
            copies = _number_of_copies(part[FOR]) if repeated else 1
            pending.extend((member, times * copies) for key, member in part.items() if key != FOR)
        elif isinstance(part, dict):
            name = part.get(USE)
            used = sizes.get(name) if isinstance(name, str) else None
            if used is None:
                pending.extend((member, times) for member in part.values())
            else:
                own = min(own + times * used.own, _MOST)
                pending.extend((part[key], times * count) for key, count in used.parameters.items() if key in part)
    return Size(own, counts)


def check_size(size: int, written: int) -> str | None:
    """The problem with an expansion to `size` values from those `written` in the file; None if it is small enough."""
    if size <= max(MAXIMUM_EXPANSION, written):
        return None
    return f"expands to {size:,} values, at most {MAXIMUM_EXPANSION:,} allowed"


# --- Rules for several names ------------------------------------------------------------------------------------------


def _number_of_copies(names: Any) -> int:
    lists = names.values() if isinstance(names, dict) else ()
    return max((len(values) for values in lists if isinstance(values, list)), default=1)


def text_size(raw: Mapping[str, Any]) -> int:
    """The number of characters to which a rule with `for` expands, at most."""
    names = raw[FOR]
    lists = names.values() if isinstance(names, dict) else ()
    longest = max((len(text) for texts in lists if isinstance(texts, list) for text in map(str, texts)), default=0)
    characters, pending = 0, [member for key, member in raw.items() if key != FOR]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            characters += len(part) + part.count("$") * longest
        elif isinstance(part, dict):
            pending.extend(part)
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
    return characters * _number_of_copies(names)


def expand_for(raw: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rules that a rule with `for` stands for: in all its texts, `$name` is replaced by a value.

    Several names take their values together. An id that contains none of them gets the value of the first. Raises
    ExpansionError.
    """
    names = raw[FOR]
    if not isinstance(names, dict) or not names:
        raise ExpansionError((FOR,), "must be an object of names, each with a list of texts")
    for name, values in names.items():
        if not _is_name(name):
            raise ExpansionError((FOR, name), f"a name must match {_NAME.pattern}")
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            raise ExpansionError((FOR, name), "must be a list of texts")
    first, *others = names
    for name in others:
        if len(names[name]) != len(names[first]):
            problem = f"must have as many texts as {first!r}, {len(names[first])}, got {len(names[name])}"
            raise ExpansionError((FOR, name), problem)
    rule = {key: value for key, value in raw.items() if key != FOR}
    pattern = re.compile(r"\$(" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")(?![A-Za-z0-9_])")
    identifier = rule.get("id")
    if isinstance(identifier, str) and pattern.search(identifier) is None:
        rule["id"] = f"{identifier}/${first}"
    for values in zip(*names.values(), strict=True):
        yield _substitute(rule, pattern, dict(zip(names, values, strict=True)), ())


def _substitute(part: Any, pattern: re.Pattern[str], values: Mapping[str, str], tokens: tuple[str | int, ...]) -> Any:
    if isinstance(part, str):
        return pattern.sub(lambda found: values[found[1]], part) if "$" in part else part
    if isinstance(part, list):
        return [_substitute(item, pattern, values, (*tokens, index)) for index, item in enumerate(part)]
    if not isinstance(part, dict):
        return part
    result = {}
    for key, value in part.items():
        name = _substitute(key, pattern, values, tokens)
        if name in result:
            raise ExpansionError((*tokens, key), f"duplicate key {name!r}")
        result[name] = _substitute(value, pattern, values, (*tokens, key))
    return result
