"""A ruleset whose output has another form after fan_out than before: each form has a schema."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine import RulesetError, check, run
from compiler.engine.expanded import expand_ruleset
from tests.engine.helpers import load, out, rule, rule_file

TEXT = {"type": "string"}
SHIPMENT = "https://shop.example/schemas/shipment.json"
STATION = {"type": "object", "properties": {"name": TEXT, "extra": {"type": "object"}}, "additionalProperties": False}
CARD = {
    "type": "object",
    "properties": {"Title": TEXT, "Note": {"type": "string", "maxLength": 3}},
    "required": ["Title"],
}
SHIPPED = {
    "type": "object",
    "properties": {"Cards": {"type": "array", "items": CARD}},
    "required": ["Cards"],
    "additionalProperties": False,
}
TITLE = rule("title", put="/Title", value="/name")
EXTRA = rule("extra", merge_into="", value="/extra", case_blind=[""])
CONFORM = rule("conform", conform="Wrong", message="wrong")
WRAP = rule("wrap", put="", overrides=["*"], value={"object": {"Cards": {"list": ["out:"]}}})


def load_wrapping(*build: Any, fan_out: Any = WRAP, **header: Any) -> Any:
    document = rule_file(
        *(build or (TITLE,)),
        override=[EXTRA],
        verify=[CONFORM],
        fan_out=[fan_out],
        output=SHIPMENT,
        **{"before_fan_out": "https://shop.example/schemas/parcel.json"} | header,
    )
    return load(document, STATION, CARD, others={SHIPMENT: SHIPPED})


def test_the_rules_before_fan_out_are_checked_against_the_first_form() -> None:
    ruleset = load_wrapping()
    assert check(ruleset) == ()
    assert [problem.kind for problem in check(load_wrapping(rule("more", put="/Cards", value="/name")))] == [
        "unknown-output",
    ]


def test_fan_out_is_checked_against_the_output() -> None:
    unwrapped = WRAP | {"value": {"object": {"Crads": {"list": ["out:"]}}}}
    problems = [problem.message for problem in check(load_wrapping(fan_out=unwrapped))]
    assert problems == [": the property 'Cards' is missing", ": the property 'Crads' is not known there"]
    elsewhere = rule("elsewhere", put="/Lost", value=out("/Title"))
    assert "unknown-output" in {problem.kind for problem in check(load_wrapping(fan_out=elsewhere))}


def test_values_conform_to_the_first_form_and_names_are_spelled_as_it_documents_them() -> None:
    ruleset = load_wrapping()
    assert run(ruleset, {"name": "Oslo", "extra": {"note": "new"}}).output == {
        "Cards": [{"Title": "Oslo", "Note": "new"}]
    }
    (finding,) = run(ruleset, {"name": "Oslo", "extra": {"Note": "longer"}}).findings
    assert (finding.code, finding.at) == ("Wrong", "/extra/Note")


def test_the_expanded_rules_name_both_schemas() -> None:
    ruleset = load_wrapping()
    assert (ruleset.built_schema, ruleset.output_schema) == (CARD, SHIPPED)
    expanded = expand_ruleset(ruleset)
    assert (expanded["before_fan_out"], expanded["output"]) == ("https://shop.example/schemas/parcel.json", SHIPMENT)
    assert "before_fan_out" not in expand_ruleset(load(rule_file(TITLE)))


@pytest.mark.parametrize(
    ("name", "problem"),
    [(5, "expected a string"), ("https://shop.example/none.json", "unknown schema")],
)
def test_the_name_of_the_schema_is_checked(name: Any, problem: str) -> None:
    with pytest.raises(RulesetError, match=problem) as caught:
        load_wrapping(before_fan_out=name)
    assert caught.value.key == "/before_fan_out"
