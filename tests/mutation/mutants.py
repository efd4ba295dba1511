"""Mutants of a ruleset: the same rules with one mechanical change each, such as a test negated or a limit moved by one.

Pure: a parsed document goes in, its mutants come out; the document is not changed. Each operator is a small function
in the table `OPERATORS`. Where a change can be made is told by `sites`; whether a mutant is caught by `killing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.engine import ir
from compiler.engine.loader import KINDS
from tests.mutation.sites import EXPRESSIONS, Path, Site, sites

DROP = object()
"""The replacement that takes something out of what holds it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what stands at a path gives way to something else; `detail` tells it from others at that place."""

    path: Path
    instead: Any
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A ruleset with one change. `reached` has to be evaluated for the change to matter; `path` is where it is."""

    ruleset: str
    operator: str
    place: str
    description: str
    document: Mapping[str, Any]
    path: Path
    reached: str

    @property
    def id(self) -> str:
        """Its name, stable while the rule around it stays as it is."""
        return f"{self.ruleset}:{self.operator}:{self.place}" + (f":{self.description}" if self.description else "")


@dataclass(frozen=True, slots=True)
class Ways:
    """What an operator may choose from: all pointers in a ruleset, in order, by where they begin; and all codes."""

    pointers: Mapping[str, tuple[str, ...]]
    codes: tuple[str, ...]


Operator = Callable[[Site, Ways], Iterator[Change]]


def mutants(document: Mapping[str, Any]) -> Iterator[Mutant]:
    """All mutants of a ruleset."""
    name = document["ruleset"]
    found = tuple(sites(document))
    ways = _ways(found)
    for site in found:
        for operator in OPERATORS.get(site.kind, ()):
            for change in operator(site, ways):
                made = _changed(document, change.path, change.instead)
                label = operator.__name__.strip("_").replace("_", "-")
                yield Mutant(name, label, site.place, change.detail, made, change.path, site.reached)
    if "empty" in document:
        yield Mutant(name, "drop-empty-kept", "header", "", _changed(document, ("empty",), DROP), ("empty",), "")


def _ways(found: tuple[Site, ...]) -> Ways:
    pointers: dict[str, set[str]] = {}
    codes: set[str] = set()
    for site in found:
        if site.kind in ("reference", "pointer"):
            pointers.setdefault(_beginning(site), set()).add(site.value)
        elif _is_code(site):
            codes.add(site.value)
    return Ways({key: tuple(sorted(each)) for key, each in pointers.items()}, tuple(sorted(codes)))


def _changed(part: Any, path: Path, instead: Any) -> Any:
    """The document with a change; what the change does not touch is shared."""
    if not path:
        return instead
    made: Any = dict(part) if isinstance(part, dict) else list(part)
    key: Any = path[0]
    if len(path) == 1 and instead is DROP:
        del made[key]
    else:
        made[key] = _changed(part[key], path[1:], instead)
    return made


def _after(choices: tuple[str, ...], value: str) -> str:
    """The choice that follows this one, the first after the last."""
    return choices[(choices.index(value) + 1) % len(choices)]


# --- Rules and their parts --------------------------------------------------------------------------------------------


def drop_rule(site: Site, ways: Ways) -> Iterator[Change]:
    """Leaves a rule out."""
    yield Change(site.path, DROP)


def swap_rules(site: Site, ways: Ways) -> Iterator[Change]:
    """Lets neighbours change places where one of them overrides others, or judges the output as a whole."""
    for index, pair in enumerate(zip(site.value, site.value[1:], strict=False)):
        if any({"overrides", "merge_into", "conform"} & set(rule) for rule in pair):
            first, second = pair
            swapped = [*site.value[:index], second, first, *site.value[index + 2 :]]
            yield Change(site.path, swapped, f"{first['id']} and {second['id']}")


def drop_part(site: Site, ways: Ways) -> Iterator[Change]:
    """Leaves out what need not be there: a condition, a refusal, a default, what is skipped or taken."""
    if isinstance(site.value, dict):
        optional = {"when", "where", "otherwise", "default", "invalid", "unsupported", "params", "skip", "take"}
        if "each" in site.value and "where" not in site.value:
            optional.add("value")
        for name in sorted(optional & set(site.value)):
            if not (name == "unsupported" and "put" not in site.value):
                yield Change((*site.path, name), DROP, name)


def drop_branch(site: Site, ways: Ways) -> Iterator[Change]:
    """Leaves out one way of a choice."""
    yield Change(site.path, DROP)


def swap_branches(site: Site, ways: Ways) -> Iterator[Change]:
    """Lets two neighbours of a choice change places."""
    yield from _swapped(site)


def change_fallback(site: Site, ways: Ways) -> Iterator[Change]:
    """Keeps what was dropped, and drops what was kept."""
    yield Change(site.path, "drop" if site.value == "keep" else "keep")


def change_choice(site: Site, ways: Ways) -> Iterator[Change]:
    """Takes another of the words that may stand there: the severity, the measure, the end of a list."""
    for argument in ir.keys(site.within) if site.within is not None else ():
        if argument.metadata["name"] == site.path[-1]:
            for choice in argument.metadata["choices"]:
                if choice != site.value:
                    yield Change(site.path, choice, choice)


def flip_flag(site: Site, ways: Ways) -> Iterator[Change]:
    """Turns true and false round."""
    yield Change(site.path, not site.value)


def move_number(site: Site, ways: Ways) -> Iterator[Change]:
    """Moves a limit by one, up and down."""
    yield Change(site.path, site.value + 1, "plus-one")
    if site.value > 0:
        yield Change(site.path, site.value - 1, "minus-one")


def _is_code(site: Site) -> bool:
    return site.kind == "text" and site.path[-1] in ("code", "conform")


def change_text(site: Site, ways: Ways) -> Iterator[Change]:
    """Takes another code, another name of a feature."""
    other = _after(ways.codes, site.value) if _is_code(site) else f"{site.value}-x"
    yield Change(site.path, other)


def change_texts(site: Site, ways: Ways) -> Iterator[Change]:
    """Drops each text of a list, and changes it."""
    for index, text in enumerate(site.value):
        yield Change((*site.path, index), DROP, f"drop {text}")
        yield Change((*site.path, index), f"{text}x", f"change {text}")


# --- Expressions ------------------------------------------------------------------------------------------------------


def negate_test(site: Site, ways: Ways) -> Iterator[Change]:
    """Turns a test round."""
    yield Change(site.path, site.value.get("not", {"not": site.value}))


def swap_any_and_all(site: Site, ways: Ways) -> Iterator[Change]:
    """Asks for all where any one will do, and the other way round."""
    for name, other in (("any", "all"), ("all", "any")):
        if name in site.value and len(site.value[name]) > 1:
            yield Change(site.path, {other: site.value[name]})


def drop_item(site: Site, ways: Ways) -> Iterator[Change]:
    """Leaves out one of several values or tests."""
    if len(site.value) > 1 and site.path[-1] != "with":
        for index in range(len(site.value)):
            yield Change((*site.path, index), DROP, str(index))


def swap_items(site: Site, ways: Ways) -> Iterator[Change]:
    """Lets two neighbours change places, and so which of them comes first or wins."""
    if site.is_ordered or "first" in site.path[-1:] or "with" in site.path[-1:]:
        yield from _swapped(site)


def drop_property(site: Site, ways: Ways) -> Iterator[Change]:
    """Leaves out a member of an object that is written or said."""
    for name in site.value:
        yield Change((*site.path, name), DROP, name)


def rename_property(site: Site, ways: Ways) -> Iterator[Change]:
    """Gives a member of an object that is written or said another name."""
    for name in site.value:
        yield Change(site.path, {f"{key}x" if key == name else key: value for key, value in site.value.items()}, name)


def drop_word(site: Site, ways: Ways) -> Iterator[Change]:
    """Takes what an operator is applied to for what it gives: a call its first argument, `each` its list."""
    for name in ("distinct", "duplicates", "index", "without", "each", "at"):
        if name in site.value:
            yield Change(site.path, site.value[name], name)
    if "call" in site.value:
        yield Change(site.path, site.value["with"][0], site.value["call"])


def change_pointer(site: Site, ways: Ways) -> Iterator[Change]:
    """Points to nothing, to what is around it, and to what another pointer in the ruleset points to."""
    yield Change(site.path, f"{site.value}-x" if "/" in site.value else f"{site.value}/x", "nothing")
    if "/" in site.value:
        yield Change(site.path, site.value.rpartition("/")[0], "around")
    others = ways.pointers[_beginning(site)]
    if len(others) > 1:
        yield Change(site.path, _after(others, site.value), "another")


def _beginning(site: Site) -> str:
    where = "input" if site.kind == "reference" else "output"
    return f"{where} {site.value.partition('/')[0]}"


def change_pattern(site: Site, ways: Ways) -> Iterator[Change]:
    """Lets a pattern describe more, and less."""
    yield Change(site.path, f".{site.value}", "one more before")
    yield Change(site.path, f"{site.value}.", "one more after")
    for sign, other in (("+", "*"), ("*", "+"), ("+", ""), ("*", "")):
        if site.value.endswith(sign):
            yield Change(site.path, site.value[:-1] + other, f"{sign} to {other or 'none'}")
    if "]" in site.value:
        start, _, end = site.value.partition("]")
        yield Change(site.path, f"{start}x]{end}", "one more character")
        yield Change(site.path, f"{start[:-1]}{chr(ord(start[-1]) - 1)}]{end}", "one character less")
    if "{" in site.value:
        before, _, times = site.value.rpartition(",")
        most = int(times.partition("}")[0])
        for detail, number in (("plus-one", most + 1), ("minus-one", most - 1)):
            yield Change(site.path, f"{before},{number}}}", detail)


def change_kinds(site: Site, ways: Ways) -> Iterator[Change]:
    """Lets a type be one fewer of the kinds of JSON, and one more."""
    for kind in KINDS:
        if kind in site.value:
            yield Change(site.path, [each for each in site.value if each != kind], f"drop {kind}")
        else:
            yield Change(site.path, [*site.value, kind], f"add {kind}")


# --- Constants --------------------------------------------------------------------------------------------------------


def change_constant(site: Site, ways: Ways) -> Iterator[Change]:
    """Takes another value of the same kind; of a list, drops and changes each item."""
    if isinstance(site.value, list) and site.value:
        for index, item in enumerate(site.value):
            yield Change((*site.path, index), DROP, f"drop {item}")
            yield Change((*site.path, index), _other(item), f"change {item}")
    else:
        yield Change(site.path, _other(site.value))


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    others: dict[type, Any] = {str: f"{value}x", list: ["x"], dict: {"x": 1}, type(None): "x"}
    return others[type(value)]


def change_table(site: Site, ways: Ways) -> Iterator[Change]:
    """Drops each row of a table, changes its sides, and swaps what neighbours give."""
    for index, (left, right) in enumerate(site.value):
        yield Change((*site.path, index), DROP, f"drop {left}")
        yield Change((*site.path, index, 0), _other(left), f"left {left}")
        yield Change((*site.path, index, 1), _other(right), f"right {left}")
        if index + 1 < len(site.value) and site.value[index + 1][1] != right:
            following, other = site.value[index + 1]
            rows = [*site.value[:index], [left, other], [following, right], *site.value[index + 2 :]]
            yield Change(site.path, rows, f"swap {left}")


def _swapped(site: Site) -> Iterator[Change]:
    items = site.value
    for index in range(len(items) - 1):
        if items[index] != items[index + 1]:
            swapped = [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
            yield Change(site.path, swapped, f"{index} and {index + 1}")


_OF_VALUES = (drop_part, drop_word)
_OF_TESTS = (negate_test, swap_any_and_all)
OPERATORS: Mapping[str, tuple[Operator, ...]] = {
    "phase": (swap_rules,),
    "rule": (drop_rule, drop_part),
    "branch": (drop_branch,),
    "rule branch": (drop_branch,),
    "branches": (swap_branches,),
    "rule branches": (swap_branches,),
    "values": (drop_item, swap_items),
    "tests": (drop_item,),
    "members": (drop_property, rename_property),
    "fallback": (change_fallback,),
    "choice": (change_choice,),
    "flag": (flip_flag,),
    "count": (move_number,),
    "text": (change_text,),
    "texts": (change_texts,),
    "literal": (change_constant,),
    "table": (change_table,),
    "reference": (change_pointer,),
    "pointer": (change_pointer,),
    "pattern": (change_pattern,),
    "kinds": (change_kinds,),
    **{kind: _OF_VALUES if "value" in kind else _OF_TESTS for kind in EXPRESSIONS},
}
"""What can be done at each kind of site."""
