"""Mutants of a ruleset: the same rules with one mechanical change each, such as a test negated or a limit moved by one.

The input document is not changed. Each operator is a small function in the table `OPERATORS`. See `sites` for the
places where a change can be made, and `kill_check` for whether a mutant is caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.engine import ir
from compiler.engine.literals import KINDS
from tests.mutation.sites import EXPRESSIONS, Path, Site, sites

DROP = object()
"""The replacement that removes a value from its container."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the value at a path is replaced; `detail` distinguishes the changes of one operator at that path."""

    path: Path
    replacement: Any
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A ruleset with one change at `path`, which matters only if `reached` is evaluated."""

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
class Choices:
    """The values that an operator may choose from: all pointers of a ruleset by their beginning, and all codes."""

    pointers: Mapping[str, tuple[str, ...]]
    codes: tuple[str, ...]


Operator = Callable[[Site, Choices], Iterator[Change]]


def mutants(document: Mapping[str, Any]) -> Iterator[Mutant]:
    """All mutants of a ruleset."""
    name = document["ruleset"]
    all_sites = tuple(sites(document))
    choices = _collect_choices(all_sites)
    for site in all_sites:
        for operator in OPERATORS.get(site.kind, ()):
            for change in operator(site, choices):
                mutated = _with_change(document, change.path, change.replacement)
                label = operator.__name__.strip("_").replace("_", "-")
                yield Mutant(name, label, site.place, change.detail, mutated, change.path, site.reached)
    if "empty" in document:
        yield Mutant(name, "drop-empty-kept", "header", "", _with_change(document, ("empty",), DROP), ("empty",), "")


def _collect_choices(all_sites: tuple[Site, ...]) -> Choices:
    pointers: dict[str, set[str]] = {}
    codes: set[str] = set()
    for site in all_sites:
        if site.kind in ("reference", "pointer"):
            pointers.setdefault(_pointer_group(site), set()).add(site.value)
        elif _is_code(site):
            codes.add(site.value)
    return Choices({key: tuple(sorted(each)) for key, each in pointers.items()}, tuple(sorted(codes)))


def _with_change(part: Any, path: Path, replacement: Any) -> Any:
    """The document with a change; unchanged parts are shared."""
    if not path:
        return replacement
    mutated: Any = dict(part) if isinstance(part, dict) else list(part)
    key: Any = path[0]
    if len(path) == 1 and replacement is DROP:
        del mutated[key]
    else:
        mutated[key] = _with_change(part[key], path[1:], replacement)
    return mutated


def _next_choice(choices: tuple[str, ...], value: str) -> str:
    """The next choice, cyclically."""
    return choices[(choices.index(value) + 1) % len(choices)]


# --- Rules and their parts --------------------------------------------------------------------------------------------


def drop_rule(site: Site, choices: Choices) -> Iterator[Change]:
    """Leaves a rule out."""
    yield Change(site.path, DROP)


def swap_rules(site: Site, choices: Choices) -> Iterator[Change]:
    """Swaps neighbors if one of them overrides others or checks the whole output."""
    for index, pair in enumerate(zip(site.value, site.value[1:], strict=False)):
        if any({"overrides", "merge_into", "conform"} & set(rule) for rule in pair):
            first, second = pair
            swapped = [*site.value[:index], second, first, *site.value[index + 2 :]]
            yield Change(site.path, swapped, f"{first['id']} and {second['id']}")


def drop_part(site: Site, choices: Choices) -> Iterator[Change]:
    """Leaves out an optional key: a condition, `invalid`, a default, `skip` or `take`."""
    if isinstance(site.value, dict):
        optional = {"when", "where", "otherwise", "default", "invalid", "unsupported", "params", "skip", "take"}
        if "each" in site.value and "where" not in site.value:
            optional.add("value")
        for name in sorted(optional & set(site.value)):
            if not (name == "unsupported" and "put" not in site.value):
                yield Change((*site.path, name), DROP, name)


def drop_branch(site: Site, choices: Choices) -> Iterator[Change]:
    """Leaves out one branch of a choice."""
    yield Change(site.path, DROP)


def swap_branches(site: Site, choices: Choices) -> Iterator[Change]:
    """Swaps two neighboring branches of a choice."""
    yield from _swapped(site)


def change_fallback(site: Site, choices: Choices) -> Iterator[Change]:
    """Swaps the fallbacks `drop` and `keep`."""
    yield Change(site.path, "drop" if site.value == "keep" else "keep")


def change_choice(site: Site, choices: Choices) -> Iterator[Change]:
    """Takes another allowed word: the severity, the measure, the end of a list."""
    for argument in ir.keys(site.within) if site.within is not None else ():
        if argument.metadata["name"] == site.path[-1]:
            for choice in argument.metadata["choices"]:
                if choice != site.value:
                    yield Change(site.path, choice, choice)


def flip_flag(site: Site, choices: Choices) -> Iterator[Change]:
    """Inverts a boolean."""
    yield Change(site.path, not site.value)


def move_number(site: Site, choices: Choices) -> Iterator[Change]:
    """Moves a limit by one, up and down."""
    yield Change(site.path, site.value + 1, "plus-one")
    if site.value > 0:
        yield Change(site.path, site.value - 1, "minus-one")


def _is_code(site: Site) -> bool:
    return site.kind == "text" and site.path[-1] in ("code", "conform")


def change_text(site: Site, choices: Choices) -> Iterator[Change]:
    """Takes another code, or another feature name."""
    is_one_of_several = _is_code(site) and len(choices.codes) > 1
    yield Change(site.path, _next_choice(choices.codes, site.value) if is_one_of_several else f"{site.value}-x")


def change_texts(site: Site, choices: Choices) -> Iterator[Change]:
    """Drops each text of a list, and changes it."""
    for index, text in enumerate(site.value):
        yield Change((*site.path, index), DROP, f"drop {text}")
        yield Change((*site.path, index), f"{text}x", f"change {text}")


# --- Expressions ------------------------------------------------------------------------------------------------------


def negate_test(site: Site, choices: Choices) -> Iterator[Change]:
    """Negates a condition."""
    yield Change(site.path, site.value.get("not", {"not": site.value}))


def swap_any_and_all(site: Site, choices: Choices) -> Iterator[Change]:
    """Replaces `any` by `all` and `all` by `any`."""
    for name, other in (("any", "all"), ("all", "any")):
        if name in site.value and len(site.value[name]) > 1:
            yield Change(site.path, {other: site.value[name]})


def drop_item(site: Site, choices: Choices) -> Iterator[Change]:
    """Leaves out one of several values or tests."""
    if len(site.value) > 1 and site.path[-1] != "with":
        for index in range(len(site.value)):
            yield Change((*site.path, index), DROP, str(index))


def swap_items(site: Site, choices: Choices) -> Iterator[Change]:
    """Swaps two neighbors where their order matters."""
    if site.is_ordered or "first" in site.path[-1:] or "with" in site.path[-1:]:
        yield from _swapped(site)


def drop_property(site: Site, choices: Choices) -> Iterator[Change]:
    """Leaves out a member of an object that is written or reported."""
    for name in site.value:
        yield Change((*site.path, name), DROP, name)


def rename_property(site: Site, choices: Choices) -> Iterator[Change]:
    """Renames a member of an object that is written or reported."""
    for name in site.value:
        yield Change(site.path, {f"{key}x" if key == name else key: value for key, value in site.value.items()}, name)


def drop_word(site: Site, choices: Choices) -> Iterator[Change]:
    """Replaces an operator by its operand: a call by its first argument, `each` by its list."""
    for name in ("distinct", "duplicates", "index", "without", "each", "at"):
        if name in site.value:
            yield Change(site.path, site.value[name], name)
    if "call" in site.value:
        yield Change(site.path, site.value["with"][0], site.value["call"])


def change_pointer(site: Site, choices: Choices) -> Iterator[Change]:
    """Points to nothing, to the parent, and to the target of another pointer of the ruleset."""
    yield Change(site.path, f"{site.value}-x" if "/" in site.value else f"{site.value}/x", "nothing")
    if "/" in site.value:
        yield Change(site.path, site.value.rpartition("/")[0], "around")
    others = choices.pointers[_pointer_group(site)]
    if len(others) > 1:
        yield Change(site.path, _next_choice(others, site.value), "another")


def _pointer_group(site: Site) -> str:
    where = "input" if site.kind == "reference" else "output"
    return f"{where} {site.value.partition('/')[0]}"


def change_pattern(site: Site, choices: Choices) -> Iterator[Change]:
    """Makes a pattern match more, and less."""
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


def change_kinds(site: Site, choices: Choices) -> Iterator[Change]:
    """Drops each allowed JSON type of a `type` test, and adds each other type."""
    for kind in KINDS:
        if kind in site.value:
            yield Change(site.path, [each for each in site.value if each != kind], f"drop {kind}")
        else:
            yield Change(site.path, [*site.value, kind], f"add {kind}")


# --- Constants --------------------------------------------------------------------------------------------------------


def change_constant(site: Site, choices: Choices) -> Iterator[Change]:
    """Takes another value of the same kind; of a list, drops and changes each item."""
    if isinstance(site.value, list) and site.value:
        for index, item in enumerate(site.value):
            yield Change((*site.path, index), DROP, f"drop {item}")
            yield Change((*site.path, index), _different_value(item), f"change {item}")
    else:
        yield Change(site.path, _different_value(site.value))


def _different_value(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    others: dict[type, Any] = {str: f"{value}x", list: ["x"], dict: {"x": 1}, type(None): "x"}
    return others[type(value)]


def change_table(site: Site, choices: Choices) -> Iterator[Change]:
    """Drops each row of a table, changes both columns, and swaps the results of neighboring rows."""
    for index, (left, right) in enumerate(site.value):
        yield Change((*site.path, index), DROP, f"drop {left}")
        yield Change((*site.path, index, 0), _different_value(left), f"left {left}")
        yield Change((*site.path, index, 1), _different_value(right), f"right {left}")
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


_VALUE_OPERATORS = (drop_part, drop_word)
_TEST_OPERATORS = (negate_test, swap_any_and_all)
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
    **{kind: _VALUE_OPERATORS if "value" in kind else _TEST_OPERATORS for kind in EXPRESSIONS},
}
"""The operators for each kind of site."""
