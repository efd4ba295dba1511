"""The checker against small schemas of a weather station: what it holds a rule's values and pointers against."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine import check
from tests.engine.helpers import const, get, load, rule, rule_file

TEXT = {"type": "string"}
NAMED = {"type": "object", "properties": {"name": TEXT, "height": {"type": "integer"}}}
EITHER = NAMED | {"anyOf": [{"required": ["name"]}, {"required": ["height"]}]}
MORE = {"type": "object", "properties": {"name": TEXT}, "anyOf": [{"properties": {"height": {"type": "integer"}}}, {}]}
NAME = rule("name", put="/name", value=get("/name"))
HEIGHT = rule("height", put="/height", value=get("/height"))


def problem_kinds(document: dict[str, Any], station: Any, report: Any) -> list[str]:
    return [f"{problem.kind} at {problem.location}" for problem in check(load(document, station, report))]


@pytest.mark.parametrize("station", [NAMED, EITHER, MORE])
def test_what_stands_beside_alternatives_is_in_each_of_them(station: Any) -> None:
    assert problem_kinds(rule_file(NAME, HEIGHT), station, NAMED) == []
    assert problem_kinds(rule_file(NAME), station, NAMED) == ["unread at /height"]
    misspelled = NAME | {"value": get("/nmae")}
    found = ["unknown-input at name#/value", "wrong-type at name#/value", "unread at /name"]
    assert problem_kinds(rule_file(misspelled, HEIGHT), station, NAMED) == found


def test_a_value_is_held_against_what_stands_beside_alternatives_in_the_output() -> None:
    wrong = HEIGHT | {"value": const("high")}
    assert problem_kinds(rule_file(NAME, HEIGHT), NAMED, EITHER) == []
    assert problem_kinds(rule_file(NAME, wrong), NAMED, EITHER) == ["wrong-type at height#/value", "unread at /height"]


@pytest.mark.parametrize(
    ("kind", "is_constant"),
    [
        (TEXT, False),
        ({"enum": ["wind", "rain"]}, False),
        ({"enum": ["wind"]}, True),
        ({"const": "rain"}, False),
        ({"const": "wind"}, True),
    ],
)
def test_only_the_constant_fits_where_the_output_is_one(kind: dict[str, Any], is_constant: bool) -> None:
    station = {"type": "object", "properties": {"kind": kind}}
    report = {"type": "object", "properties": {"kind": {"const": "wind"}}}
    found = problem_kinds(rule_file(rule("kind", put="/kind", value=get("/kind"))), station, report)
    assert found == ([] if is_constant else ["wrong-type at kind#/value"])


def test_the_parameters_of_conform_are_looked_at() -> None:
    def conforming(pointer: str) -> dict[str, Any]:
        conform = rule("whole", conform="Wrong", message="wrong", params={"name": get(pointer)})
        return rule_file(NAME, HEIGHT, verify=[conform])

    assert problem_kinds(conforming("/name"), NAMED, NAMED) == []
    assert problem_kinds(conforming("/nmae"), NAMED, NAMED) == ["unknown-input at whole#/params/name"]


@pytest.mark.parametrize(
    ("case_blind", "expected"),
    [
        ([""], []),
        (["", "/notes"], []),
        (["/nots"], ["unknown-output at extra"]),
        (["/name/below"], ["unknown-output at extra"]),
    ],
)
def test_the_pointers_that_are_blind_to_case_are_the_outputs(case_blind: list[str], expected: list[str]) -> None:
    report = {"type": "object", "properties": {"name": TEXT, "notes": {"type": "object"}}}
    extra = rule("extra", merge_into="", value=get(""), case_blind=case_blind)
    assert problem_kinds(rule_file(override=[extra]), NAMED, report) == expected


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        (["height"], []),
        ([], ["overrides at again"]),
        (["height", "name"], ["overrides at again"]),
        (["name"], ["overrides at again", "overrides at again"]),
    ],
)
def test_a_rule_overrides_only_what_writes_at_its_place(overrides: list[str], expected: list[str]) -> None:
    again = rule("again", put="/height", value=const(0), overrides=overrides)
    assert problem_kinds(rule_file(NAME, HEIGHT, again), NAMED, NAMED) == expected
