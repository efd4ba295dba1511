"""Which rules the interpreter can skip."""

from __future__ import annotations

from compiler.engine.interpreter import find_idle_rules
from tests.engine.helpers import const, get, load, out, rule, rule_file


def test_only_rules_that_do_nothing_without_what_they_read_can_be_skipped() -> None:
    ruleset = load(
        rule_file(
            rule("copies", put="/a", value=get("/a")),
            rule("always", put="/b", value=const(1)),
            rule("reads-output", put="/c", value=out("/a")),
            rule("if-absent", put="/d", value=const(1), when={"not": {"present": get("/x")}}),
        )
    )
    idle = find_idle_rules(ruleset)
    rules = {each.id: each for each in ruleset.build}
    assert idle.can_skip(rules["copies"], {"z": 1}, {})
    assert not idle.can_skip(rules["copies"], {"a": 1}, {})
    assert not idle.can_skip(rules["always"], {}, {})
    assert idle.can_skip(rules["reads-output"], {"a": 1}, {})
    assert not idle.can_skip(rules["reads-output"], {"a": 1}, {"a": 1})
    assert not idle.can_skip(rules["if-absent"], {}, {})


def test_a_rule_can_be_skipped_without_what_its_condition_requires() -> None:
    here, there = {"nonempty": get("/here")}, {"present": out("/there")}
    chosen = {"choose": [{"when": {"present": get("/other")}, "value": const(1)}], "otherwise": const(2)}
    ruleset = load(
        rule_file(
            rule("there", put="/there", value=get("/other")),
            rule("one", put="/one", value=get("/other"), when=here),
            rule("all", put="/all", value=get("/other"), when={"all": [here, there]}),
            rule("any", put="/any", value=get("/other"), when={"any": [here, there]}),
            rule("inner", put="/inner", value=get("/other"), when={"type": get("/here/inner"), "is": ["string"]}),
            rule("choice", put="/choice", value=get("/other"), when={"all": [here, {"equals": [chosen, const(1)]}]}),
        )
    )
    idle = find_idle_rules(ruleset)
    rules = {each.id: each for each in ruleset.build}
    skipped = {
        (here, there): [
            name
            for name in rules
            if idle.can_skip(rules[name], {"other": 1, **({"here": 1} if here else {})}, {"there": 1} if there else {})
        ]
        for here in (False, True)
        for there in (False, True)
    }
    assert skipped == {
        (False, False): ["one", "all", "inner"],
        (False, True): ["one", "all", "inner"],
        (True, False): ["all"],
        (True, True): [],
    }
