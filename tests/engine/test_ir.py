"""The intermediate representation: its one walk, and the list of places that a new operator touches."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler import engine
from compiler.engine import ir
from compiler.pipeline.targets import named_target

TARGET = named_target("mailjet-v3")
FOLDER = Path(engine.__file__).parent
PLACES: dict[tuple[type[Any], ...], tuple[str, ...]] = {
    ir.VALUES: ("evaluator.py", "checker/types.py", "codegen/expressions.py"),
    ir.TESTS: ("evaluator.py", "checker/types.py", "codegen/conditions.py"),
    ir.RULES: ("interpreter.py", "checker/__init__.py", "codegen/rules.py"),
}


def count_expressions(part: Any) -> int:
    """How many expressions there are in a part, found by looking at everything."""
    if isinstance(part, tuple):
        return sum(map(count_expressions, part))
    if not is_dataclass(part):
        return 0
    return isinstance(part, ir.Expression) + sum(count_expressions(getattr(part, each.name)) for each in fields(part))


@pytest.mark.parametrize("name", TARGET.rulesets)
def test_walk_finds_every_expression_once(name: str) -> None:
    rules = TARGET.ruleset(name).rules
    found = [part for part in ir.walk(rules) if isinstance(part, ir.Expression)]
    assert len(found) == len({id(part) for part in found}) == count_expressions(rules)
    assert [part for part in ir.walk(rules) if isinstance(part, ir.Rule)] == list(ir.all_rules(rules))


def test_walk_can_leave_out_the_rules_inside_a_rule() -> None:
    for rule in TARGET.ruleset("send").rules:
        rules = [part for part in ir.walk(rule, into_rules=False) if isinstance(part, ir.Rule)]
        assert rules == [rule]


@pytest.mark.parametrize(
    ("operator", "file"), [(operator, file) for group, files in PLACES.items() for operator in group for file in files]
)
def test_every_operator_is_in_the_places_that_the_list_names(operator: type[Any], file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    assert f"ir.{operator.__name__}" in text or operator is ir.Put
    listed = (FOLDER / "ir.py").read_text(encoding="utf-8").partition("from __future__")[0]
    assert file.removesuffix(".py") in listed
