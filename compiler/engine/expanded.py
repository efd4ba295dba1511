"""A ruleset as a rule file without shorthand: definitions, `for` and includes expanded, for people and for tools.

Loading the result gives the same rules again, apart from the places that errors name, the files they were in, and the
URLs of their sources, of which only the titles are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from compiler.engine import ir
from compiler.json_io.pointer import format_pointer


def expand_ruleset(ruleset: ir.Ruleset) -> dict[str, Any]:
    """The ruleset as the JSON of a rule file, in new containers."""
    document: dict[str, Any] = {
        "target": ruleset.target,
        "ruleset": ruleset.name,
        "doc": ruleset.doc,
        **({"empty": "kept"} if ruleset.keeps_empty else {}),
        **({"policy": dict(ruleset.policy)} if ruleset.policy else {}),
        **({"ignores": {format_pointer(tokens): "…" for tokens in ruleset.ignores}} if ruleset.ignores else {}),
        "input": ruleset.input_id,
        "output": ruleset.output_id,
        **({"before_fan_out": ruleset.built_id} if ruleset.built_id != ruleset.output_id else {}),
    }
    for phase in ir.PHASES:
        rules = getattr(ruleset, phase)
        if rules:
            document[phase] = [_rule(rule) for rule in rules]
    return document


def _rule(rule: ir.Rule) -> dict[str, Any]:
    document: dict[str, Any] = {"id": rule.id, "doc": rule.doc, "source": rule.source}
    if rule.consumes:
        document["consumes"] = list(map(format_pointer, rule.consumes))
    if rule.when is not None:
        document["when"] = _struct(rule.when)
    return document | _struct(rule)


def _struct(part: Any) -> dict[str, Any]:
    """An operator, or a part of a rule, with the keys that differ from their defaults."""
    document: dict[str, Any] = {}
    for argument in ir.keys(type(part)):
        name, kind, value = argument.metadata["name"], argument.metadata["kind"], getattr(part, argument.name)
        if name == "":  # a report spec, whose keys are among those of the rule
            document |= _struct(value)
        elif value != argument.default:
            document[name] = _BY_KIND.get(kind, _itself)(value)
    return document


def _itself(value: Any) -> Any:
    return value


def _structs(parts: tuple[Any, ...]) -> list[Any]:
    return [_struct(part) for part in parts]


def _reference(reference: ir.Reference) -> str:
    start = "" if reference.scope is None else "@" + "^" * reference.scope
    return start + format_pointer(reference.tokens)


def _pattern(pattern: re.Pattern[str]) -> str:
    return pattern.pattern


def _fallback(fallback: ir.Keep | ir.Drop | ir.Value) -> Any:
    if isinstance(fallback, ir.Value):
        return _struct(fallback)
    return "keep" if isinstance(fallback, ir.Keep) else "drop"


def _rules(rules: tuple[ir.Rule, ...]) -> list[Any]:
    return [_rule(rule) for rule in rules]


_BY_KIND: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("value", "inner value", "value or text", "test", "inner test"), _struct),
    **dict.fromkeys(("unsupported", "invalid when", "report spec"), _struct),
    **dict.fromkeys(("values", "tests", "pair"), _structs),
    **dict.fromkeys(("texts", "kinds"), list),
    "members": lambda members: {name: _struct(value) for name, value in members},
    "branches": lambda branches: [{"when": _struct(b.when), "value": _struct(b.value)} for b in branches],
    "reference": _reference,
    "pointer": format_pointer,
    "pointers": lambda pointers: list(map(format_pointer, pointers)),
    "table": lambda rows: [list(row) for row in rows],
    "pattern": _pattern,
    "fallback": _fallback,
    "inner rules": _rules,
    "rule branches": lambda branches: [{"when": _struct(b.when), "rules": _rules(b.rules)} for b in branches],
    "otherwise rules": lambda branch: _rules(branch.rules),
}
"""How arguments are written, by kind; others are JSON already."""
