"""`conform`: the output against its schema."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from jsonschema import ValidationError

from compiler.engine import load_ruleset, run
from tests.engine.helpers import (
    ANYTHING,
    FILE,
    FUNCTIONS,
    INPUT,
    OUTPUT,
    const,
    finding_keys,
    get,
    invalid_when,
    load,
    rule,
    rule_file,
    run_rules,
)

TEXT = {"type": "string"}
BOX = {
    "title": "Box",
    "description": "What it is packed in.",
    "type": "object",
    "properties": {"width": {"type": "integer", "maximum": 9}, "labels": {"type": "array", "items": TEXT}},
    "required": ["width"],
    "additionalProperties": False,
}
PARCEL: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "box": BOX,
        "name": {"type": "string", "maxLength": 3, "pattern": "^[a-z]*$", "title": "Name"},
        "street": TEXT,
        "town": TEXT,
    },
    "dependentRequired": {"street": ["town"]},
    "required": ["name"],
    "minProperties": 1,
}


def reported(
    document: Any, *build: Mapping[str, Any], invalid: Collection[str] = (), **keys: Any
) -> list[tuple[str, str, str]]:
    """The findings for an output that is a copy of the document."""
    copy = rule("copy", put="", value=get("/copy"))
    conform = rule("conform", conform="Wrong", message="wrong") | keys
    return finding_keys(
        run_rules(
            {"copy": document}, copy, *build, verify=[conform], parcel=PARCEL, invalid=[f"/copy{p}" for p in invalid]
        )
    )


def wrong(*pointers: str) -> list[tuple[str, str, str]]:
    return [("error", "Wrong", f"/copy{pointer}") for pointer in pointers]


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"name": "abc", "box": {"width": 9}}, []),
        ({"name": "abcd"}, ["/name"]),
        ({"name": 5}, ["/name"]),
        ({"name": "a", "box": {"width": 10}}, ["/box/width"]),
        ({"name": "a", "box": {"width": 1, "labels": ["x", 2, None]}}, ["/box/labels/1", "/box/labels/2"]),
        ({"name": "a", "box": {}}, ["/box"]),
        ({"name": "a", "box": {"width": 1, "depth": 1}}, ["/box"]),
        ({"name": "a", "street": "Main", "town": "York"}, []),
        ({"name": "a", "street": "Main"}, ["/street"]),
        ({"town": "York"}, []),
        ({}, []),
    ],
)
def test_the_deepest_value_at_fault_is_reported_but_never_the_root(document: Any, pointers: list[str]) -> None:
    assert reported(document) == wrong(*pointers)


def test_two_errors_of_one_value_are_reported_once() -> None:
    assert reported({"name": "ABCD"}) == wrong("/name")


def test_exempt_keywords_are_not_reported() -> None:
    exempt: dict[str, Any] = {"except": ["maxLength", "dependentRequired"]}
    assert reported({"name": "abcd", "street": "Main"}, **exempt) == []
    assert reported({"name": "ABCD"}, **exempt) == wrong("/name")


def test_an_invalid_value_and_what_holds_one_are_not_reported() -> None:
    document = {"name": "abcd", "box": {"width": 1, "depth": {"x": 1}}, "street": "Main"}
    assert reported(document, invalid=["/name", "/box/depth/x"]) == wrong("/street")


def test_a_place_that_is_not_known_is_not_reported() -> None:
    maybe = rule("maybe", when={"present": get("/copy/bad")}, put="/name", value=const("abcd"), overrides=["copy"])
    assert reported({"bad": 1}, maybe, invalid=["/bad"]) == []


def test_a_constant_has_no_place_in_the_input_and_is_not_reported() -> None:
    assert reported({"name": "a"}, rule("const", put="/name", value=const("ABCD"), overrides=["copy"])) == []


@pytest.mark.parametrize(
    ("at", "severity", "conforms"),
    [
        ("/copy/box/width", "error", False),
        ("/copy/box", "error", False),
        ("/copy", "error", False),
        ("/copy/box", "warning", True),
        ("/copy/boxes", "error", True),
        ("/copy/box/width/x", "error", True),
    ],
)
def test_a_value_with_an_error_is_not_reported_again(at: str, severity: str, conforms: bool) -> None:
    first = rule("first", report=severity, code="First", at=get(at), message="first")
    expected = [(severity, "First", at)] + (wrong("/box/width") if conforms else [])
    assert reported({"name": "a", "box": {"width": 10}}, first) == expected


def test_a_refused_value_is_not_reported_again() -> None:
    invalid = rule(
        "name",
        put="/name",
        value=get("/copy/name"),
        overrides=["copy"],
        invalid=invalid_when(get("/copy/name"), {"present": get("/copy/name")}),
    )
    assert reported({"name": "ABCD"}, invalid) == [("error", "Bad", "/copy/name")]


def test_the_caller_can_describe_schema_errors() -> None:
    def describe(error: ValidationError) -> tuple[str, str | None]:
        return f"fails {error.validator}", "mend it" if error.validator == "required" else None

    document = rule_file(rule("copy", put="", value=get("")), verify=[rule("c", conform="W", message="w")])
    schemas = {INPUT: ANYTHING, OUTPUT: PARCEL}
    ruleset = load_ruleset(json.dumps(document), FILE, schemas, FUNCTIONS, describe=describe)
    words = {each.at: (each.message, each.hint) for each in run(ruleset, {"box": {}, "name": "ABCD"}).findings}
    assert words == {"/box": ("w: fails required", "mend it"), "/name": ("w: fails maxLength", None)}
    plain = run(load(document, parcel=PARCEL), {"box": {}, "name": "a"}).findings
    assert [(each.at, each.message, each.hint) for each in plain] == [("/box", "w", None)]


def test_a_flood_of_errors_that_do_not_count_hides_no_other() -> None:
    many: dict[str, Any] = {"type": "object", "properties": {"names": {"items": {"maxLength": 1, "type": "string"}}}}
    conform = rule("c", conform="W", message="w", **{"except": ["maxLength"]})
    names = [*["too long"] * 2000, 5]
    result = run_rules({"names": names}, rule("copy", put="", value=get("")), verify=[conform], parcel=many)
    assert [each.at for each in result.findings] == ["/names/2000"]


def test_parameters_may_be_absent_and_an_invalid_one_keeps_the_rule_silent() -> None:
    copy = rule("copy", put="", value=get(""))
    conform = rule("c", conform="W", message="w", params={"a": get("/box"), "b": const(1), "c": get("/no")})
    result = run_rules({"name": "ABCD", "box": {"width": 1}}, copy, verify=[conform], parcel=PARCEL)
    assert [each.params for each in result.findings] == [{"a": {"width": 1}, "b": 1}]
    silent = run_rules({"name": "ABCD", "box": 1}, copy, verify=[conform], parcel=PARCEL, invalid=["/box"])
    assert silent.findings == ()


def test_references_between_schemas_are_followed() -> None:
    parcel = {"$defs": {"size": {"type": "integer"}}, "properties": {"size": {"$ref": "#/$defs/size"}}}
    copy = rule("copy", put="", value=get(""))
    result = run_rules({"size": "big"}, copy, verify=[rule("c", conform="W", message="w")], parcel=parcel)
    assert finding_keys(result) == [("error", "W", "/size")]


def test_a_property_that_only_matches_a_pattern_is_reported() -> None:
    report = {"properties": {"name": TEXT}, "patternProperties": {"^rain": {"type": "integer"}}}
    copy = rule("copy", put="", value=get(""))
    conform = rule("whole", conform="Wrong", message="wrong")
    result = run_rules({"name": "Oslo", "rain_may": "much"}, copy, verify=[conform], parcel=report)
    assert finding_keys(result) == [("error", "Wrong", "/rain_may")]
    assert result.findings[0].hint is None
