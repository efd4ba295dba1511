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
    assert idle.can_skip(rules["copies"], {"z"}, ())
    assert not idle.can_skip(rules["copies"], {"a"}, ())
    assert not idle.can_skip(rules["always"], (), ())
    assert idle.can_skip(rules["reads-output"], {"a"}, ())
    assert not idle.can_skip(rules["reads-output"], {"a"}, {"a"})
    assert not idle.can_skip(rules["if-absent"], (), ())
