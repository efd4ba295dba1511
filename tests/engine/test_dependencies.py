"""Which rules have to run for a rule to report what it would."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine.dependencies import RuleDependencies
from tests.engine.helpers import const, get, load, out, rule, rule_file

RULES: tuple[dict[str, Any], ...] = (
    rule("a", put="/a", value=get("/a")),
    rule("b", put="/b", value=out("/a/x")),
    rule("c", put="/c/deep", value=const(1), when={"present": out("/b")}),
    rule("alone", put="/alone", value=get("/a")),
    rule(
        "choice",
        choose=[{"when": {"present": get("/a")}, "rules": [rule("inner", put="/chosen", value=const(1))]}],
        otherwise=[rule("other", put="/not-chosen", value=out("/b"))],
    ),
    rule("list", put_each="/list", over=get("/items"), rules=[rule("item", put="/alone", value=get("@"))]),
)


def report(name: str, value: Any) -> dict[str, Any]:
    return rule(name, report="error", code="X", at=value, message="m", when={"present": value})


@pytest.mark.parametrize(
    ("value", "needed"),
    [
        (get("/a"), ""),
        (out("/a"), "a"),
        (out("/b"), "a b"),
        (out("/c"), "a b c"),
        (out("/C/deep"), "a b c"),
        (out("/alone"), "alone"),
        (out("/chosen"), "a b choice"),
        (out("/not-chosen"), "a b choice"),
        (out("/list/0/alone"), "list"),
        (out("/unwritten"), ""),
        (out(""), "a b c alone choice list"),
    ],
    ids=str,
)
def test_a_rule_needs_what_writes_what_it_reads(value: Any, needed: str) -> None:
    ruleset = load(rule_file(*RULES, verify=[report("check", value)]))
    assert RuleDependencies(ruleset).including(["check"]) == {*needed.split(), "check"}


def test_a_rule_that_can_write_any_member_is_needed_for_each() -> None:
    merging = rule("merge", merge_into="", value=get("/extra"), case_blind=[""])
    ruleset = load(rule_file(*RULES, override=[merging], verify=[report("check", out("/unwritten"))]))
    assert RuleDependencies(ruleset).including(["check"]) == {"merge", "check"}


def test_later_rules_are_not_needed() -> None:
    ruleset = load(rule_file(*RULES, verify=[report("check", out("/c"))]))
    assert RuleDependencies(ruleset).including(["b"]) == {"a", "b"}


def test_several_rules_need_what_each_needs() -> None:
    checks = [report("one", out("/a")), report("two", out("/alone"))]
    dependencies = RuleDependencies(load(rule_file(*RULES, verify=checks)))
    assert dependencies.including(["one", "two"]) == {"a", "alone", "one", "two"}
    assert dependencies.including([]) == frozenset()
