"""Corners that no other table reaches; each of these tests fails on one small change of the engine."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine import check
from tests.engine.helpers import const, finding_keys, get, load, reported_origin, rule, rule_file, run_rules

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
STATION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "rain": {"type": "array", "items": NUMBER},
        "by_month": {"type": "object", "additionalProperties": NUMBER},
    },
}
REPORT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "total": NUMBER,
        "rain": {"type": "array", "items": NUMBER},
        "by_month": {"type": "object", "additionalProperties": NUMBER},
        "either": {
            "type": "object",
            "properties": {"name": TEXT},
            "additionalProperties": False,
            "anyOf": [{"properties": {"total": NUMBER}}, {"properties": {"mean": NUMBER}}],
        },
    },
}
NAME = rule("name", put="/name", value=get("/name"))
RAIN = rule("rain", put="/rain", value=get("/rain"))
MONTHS = rule("months", put="/by_month", value=get("/by_month"))


def problem_kinds(*rules: dict[str, Any], station: Any = STATION) -> list[str]:
    return [f"{problem.kind} at {problem.location}" for problem in check(load(rule_file(*rules), station, REPORT))]


def test_items_that_are_taken_as_they_are_are_read() -> None:
    assert problem_kinds(NAME, MONTHS, RAIN | {"value": {"each": get("/rain"), "skip": 1}}) == []


def test_what_an_unsupported_feature_goes_over_is_read() -> None:
    floods = {"feature": "floods", "over": get("/rain")}
    assert problem_kinds(NAME, MONTHS) == ["unread at /rain/*"]
    assert problem_kinds(NAME | {"unsupported": floods}, MONTHS) == []


@pytest.mark.parametrize(
    ("put", "value", "expected"),
    [
        ("/total", get("/by_month/may"), []),
        ("/name", get("/by_month/may"), ["wrong-type at more#/value"]),
        ("/total", {"at": get("/by_month"), "key": get("/name")}, []),
        ("/name", {"at": get("/by_month"), "key": get("/name")}, ["wrong-type at more#/value"]),
        ("/name", {"at": get(""), "key": const("name")}, []),
        ("/total", {"at": get(""), "key": const("name")}, ["wrong-type at more#/value"]),
        ("/rain", {"each": get("/by_month"), "value": get("@/value")}, []),
        ("/rain", {"each": get("/by_month"), "value": get("@/key")}, ["wrong-type at more#/value"]),
        ("/either", {"object": {"name": get("/name"), "total": get("/rain/0")}}, []),
        ("/either", {"object": {"name": get("/name"), "mean": get("/rain/0")}}, []),
        ("/either", {"object": {"name": get("/rain/0")}}, ["wrong-type at more#/value"]),
        ("/either", {"object": {"height": get("/rain/0")}}, ["wrong-type at more#/value"]),
    ],
)
def test_the_type_of_a_member_is_that_of_its_schema(put: str, value: Any, expected: list[str]) -> None:
    there = [name for name in ("name", "rain") if put == f"/{name}"]
    assert problem_kinds(NAME, RAIN, MONTHS, rule("more", put=put, value=value, overrides=there)) == expected


def test_a_reference_may_lead_into_a_list_of_schemas() -> None:
    station = {
        "type": "object",
        "properties": {"name": {"$ref": "#/$defs/names/anyOf/1"}},
        "$defs": {"names": {"anyOf": [NUMBER, TEXT]}},
    }
    assert problem_kinds(NAME, station=station) == []
    assert problem_kinds(NAME | {"put": "/total"}, station=station) == ["wrong-type at name#/value"]


@pytest.mark.parametrize(
    ("of", "table", "what"),
    [
        (get("/name"), [["a", "b"]], "its input can be anything"),
        (const("c"), [["a", "b"]], "it leaves out ['c']"),
    ],
)
def test_an_uncovered_lookup_says_what_it_leaves_out(of: Any, table: list[Any], what: str) -> None:
    rules = [RAIN, MONTHS, NAME, rule("looked", put="/either/name", value={"lookup": of, "table": table})]
    (problem,) = check(load(rule_file(*rules), STATION, REPORT))
    assert problem.kind == "uncovered-lookup"
    assert problem.message.endswith(what)


@pytest.mark.parametrize(
    ("of", "origin"),
    [
        (get("/nothing"), "/nothing/a~1b"),
        (get("/rain"), "/rain/a~1b"),
        (const([1]), ""),
    ],
)
def test_a_member_of_what_has_none_is_missing_where_it_would_stand(of: Any, origin: str) -> None:
    assert reported_origin({"at": of, "key": const("a/b")}, {"rain": [1]}) == origin


def test_conform_reports_a_place_that_the_schema_knows_by_a_pattern_only() -> None:
    report = {"properties": {"name": TEXT}, "patternProperties": {"^rain": NUMBER}}
    copy = rule("copy", put="", value=get(""))
    conform = rule("whole", conform="Wrong", message="wrong")
    result = run_rules({"name": "Oslo", "rain_may": "much"}, copy, verify=[conform], parcel=report)
    assert finding_keys(result) == [("error", "Wrong", "/rain_may")]
    assert result.findings[0].hint is None
