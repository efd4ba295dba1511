"""The checker against small schemas of a weather station: what it holds a rule's values and pointers against."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine import RulesetError, check, run
from compiler.engine.schema import dereference
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


# --- Rainfall of a station -------------------------------------------------------------------------------------------

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
RAIN = rule("rain", put="/rain", value=get("/rain"))
MONTHS = rule("months", put="/by_month", value=get("/by_month"))


def station_problems(*rules: dict[str, Any], station: Any = STATION) -> list[str]:
    return problem_kinds(rule_file(*rules), station, REPORT)


def test_items_without_a_value_are_read() -> None:
    assert station_problems(NAME, MONTHS, RAIN | {"value": {"each": get("/rain")}}) == []


FIRST_RAIN = {"first": [get("/rain/0"), "absent"]}
REST_OF_RAIN = {"each": get("/rain"), "skip": 1}


@pytest.mark.parametrize(
    ("value", "over", "expected"),
    [
        (REST_OF_RAIN, None, ["unread at /rain/*"]),
        ({"list": [FIRST_RAIN]}, None, ["unread at /rain/*"]),
        ({"list": [FIRST_RAIN]}, REST_OF_RAIN, []),
        ({"list": [{"each": get("/rain"), "take": "first"}]}, REST_OF_RAIN, []),
        ({"list": [{"each": get("/rain"), "take": "last"}]}, REST_OF_RAIN, []),
        ({"list": [FIRST_RAIN]}, {"each": get("/rain"), "skip": 2}, ["unread at /rain/*"]),
        ({"list": [FIRST_RAIN, get("/rain/1")]}, {"each": get("/rain"), "skip": 2}, []),
        ({"list": [get("/rain/1")]}, REST_OF_RAIN, ["unread at /rain/*"]),
        ({"choose": [{"when": {"present": get("/name")}, "value": {"list": []}}]}, REST_OF_RAIN, ["unread at /rain/*"]),
        (
            {
                "choose": [{"when": {"present": get("/name")}, "value": get("/rain")}],
                "otherwise": {"list": [FIRST_RAIN]},
            },
            REST_OF_RAIN,
            [],
        ),
    ],
)
def test_each_item_of_a_list_is_used(value: Any, over: Any, expected: list[str]) -> None:
    more = {} if over is None else {"unsupported": {"feature": "rain", "over": over, "fallback": "keep"}}
    assert station_problems(NAME, MONTHS, RAIN | {"value": value} | more) == expected


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ({"over": REST_OF_RAIN}, True),
        ({"over": {"each": get("/rain"), "where": {"present": get("@")}}}, True),
        ({"over": get("/rain")}, False),
        ({"over": REST_OF_RAIN, "ignorable": False}, False),
        ({"over": REST_OF_RAIN, "fallback": "keep"}, False),
        ({"over": REST_OF_RAIN, "fallback": {"list": [1]}}, False),
    ],
)
def test_a_fallback_does_not_drop_more_than_the_offenders(more: Any, is_found: bool) -> None:
    rain = RAIN | {"unsupported": {"feature": "rain", **more}}
    assert station_problems(NAME, MONTHS, rain) == (["drops-more at rain"] if is_found else [])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([get("/name"), get("/nickname")], ["unread at /nickname"]),
        ([get("/name"), {"upper": get("/nickname")}], ["unread at /nickname"]),
        ([{"upper": get("/name")}, {"upper": get("/nickname")}], ["unread at /nickname"]),
        ([get("/name"), get("/nickname"), const("unknown")], ["unread at /nickname"]),
        ([const("unknown"), get("/name")], ["unread at /nickname"]),
        ([get("/name"), const("unknown")], ["unread at /nickname"]),
        ([get("/nickname")], ["unread at /name"]),
        ([], ["unread at /name", "unread at /nickname"]),
    ],
)
def test_the_first_of_several_inputs_hides_the_others(values: list[Any], expected: list[str]) -> None:
    station = {"type": "object", "properties": {"name": TEXT, "nickname": TEXT}}
    assert station_problems(NAME | {"value": {"first": values}}, station=station) == expected


@pytest.mark.parametrize(
    "value",
    [
        get("/rain/*"),
        {"at": get("/rain"), "key": const("*")},
        get("/by_month/*"),
        {"duplicates": get("/rain"), "by": get("@")},
    ],
)
def test_an_asterisk_is_a_key_and_what_is_repeated_is_not_all(value: Any) -> None:
    rules = {"rain": RAIN, "by_month": MONTHS}
    member = "by_month" if "/by_month/*" in str(value) else "rain"
    rest = [each for name, each in rules.items() if name != member]
    found = station_problems(NAME, *rest, rule("x", unsupported={"feature": "x", "of": {"list": [value]}}))
    assert f"unread at /{member}" + ("/*" if member == "rain" else "") in found


def test_an_asterisk_is_not_an_item() -> None:
    (problem, _) = check(
        load(rule_file(NAME, RAIN, MONTHS, rule("x", put="/total", value=get("/rain/*"))), STATION, REPORT)
    )
    assert problem.message == "the input schema knows no /rain/*; * is a key, use each for all items"
    assert "unknown-output at x" in station_problems(
        NAME, RAIN, MONTHS, rule("x", put="/rain/*", value=1, overrides=["rain"])
    )
    named = {"type": "object", "properties": {"*": TEXT, "name": TEXT}}
    assert station_problems(NAME, station=named) == ["unread at /'*'"]
    assert station_problems(NAME, rule("x", put="/either/name", value=get("/*")), station=named) == []


def test_a_skip_of_a_skip_is_not_all() -> None:
    value = {"concat": [{"list": [get("/rain/0")]}, {"each": {"each": get("/rain"), "skip": 1}, "skip": 1}]}
    assert station_problems(NAME, MONTHS, RAIN | {"value": value}) == ["unread at /rain/*"]


@pytest.mark.parametrize("ignorable", [True, False])
def test_a_fallback_is_not_a_use(ignorable: bool) -> None:
    value: Any = {"feature": "f", "of": get("/name"), "fallback": get("/rain"), "ignorable": ignorable}
    assert station_problems(NAME, MONTHS, rule("x", unsupported=value)) == ["unread at /rain/*"]


@pytest.mark.parametrize("skips", [(1, 30_000_000), (30_000_000, 1), (999_999_999,), (1, 2, 10**8)])
def test_a_large_skip_costs_nothing(skips: tuple[int, ...]) -> None:
    value = {"concat": [{"each": get("/rain"), "skip": skip} for skip in skips]}
    assert station_problems(NAME, MONTHS, RAIN | {"value": value}) == ["unread at /rain/*"]
    whole = {"concat": [{"list": [get("/rain/0")]}, *value["concat"]]}
    assert station_problems(NAME, MONTHS, RAIN | {"value": whole}) == ([] if 1 in skips else ["unread at /rain/*"])


def test_alternatives_can_be_true_or_false() -> None:
    station = {"type": "object", "properties": {"name": {"anyOf": [True, False, TEXT]}}}
    assert station_problems(rule("x", unsupported={"feature": "x", "of": get("/name")}), station=station) == []


@pytest.mark.parametrize("name", ["station#/type", "station#/required"])
def test_a_schema_is_an_object(name: str) -> None:
    station = {"$id": "station", "type": "object", "required": ["name"]}
    with pytest.raises(ValueError, match=f"schema {name} must be an object"):
        dereference(name, {"station": station})


def test_items_of_the_first_of_several_lists_hide_the_others() -> None:
    station = {"type": "object", "properties": {name: {"type": "array", "items": TEXT} for name in ("a", "b")}}
    first = {"first": [get("/a"), get("/b")]}
    for value in ({"each": first, "value": {"upper": get("@")}}, {"each": first}):
        assert station_problems(rule("x", put="/rain", value=value), station=station)[-1] == "unread at /b/*"
    inner = [rule("y", put="/name", value=get("@"))]
    report = {"type": "object", "properties": {"list": {"type": "array", "items": NAMED}}}
    assert problem_kinds(rule_file(rule("x", put_each="/list", over=first, rules=inner)), station, report) == [
        "unread at /b/*"
    ]


def test_one_or_many() -> None:
    station = {"type": "object", "properties": {"rain": {"type": "array", "items": NUMBER}}}
    many = {"when": {"present": get("/rain/1")}, "rules": [RAIN]}
    one = [rule("one", put="/total", value=get("/rain/0"))]
    assert station_problems(rule("x", choose=[many], otherwise=one), station=station) == []
    assert station_problems(rule("x", choose=[many]), station=station) == ["unread at /rain/*"]


def test_the_keys_of_an_index_are_used() -> None:
    station = {"type": "object", "properties": {"a": {"type": "array", "items": NAMED}}}
    index = {"index": get("/a"), "by": get("@/name"), "value": const(1)}
    height = rule("h", unsupported={"feature": "h", "over": {"each": get("/a"), "value": get("@/height")}})
    assert station_problems(rule("x", put="/by_month", value=index), height, station=station) == []
    index["value"] = get("@/height")
    assert station_problems(rule("x", put="/by_month", value=index), station=station) == ["unread at /a/*/name"]


def test_what_is_left_out_is_not_used() -> None:
    station = {"type": "object", "properties": {"a": NAMED, "b": {"type": "object"}}}
    rules = [
        rule(name, unsupported={"feature": name, "of": {"without": get(f"/{name}"), "keys": ["name"]}}) for name in "ab"
    ]
    assert station_problems(*rules, station=station) == ["unread at /a/name"]


def test_an_offender_of_another_list_is_no_reason_to_keep_the_value() -> None:
    over = {"each": get("/by_month"), "skip": 1}
    rules = [NAME, RAIN | {"unsupported": {"feature": "m", "over": over}}, MONTHS]
    assert station_problems(*rules) == []


def test_many_lists_in_lists_are_checked_in_time() -> None:
    item: Any = {"type": "object", "properties": {"x": TEXT}}
    value: Any = get("@/x")
    for _ in range(12):
        item = {"type": "object", "properties": {"x": {"type": "array", "items": item}}}
        value = {"each": get("@/x"), "skip": 1, "value": value}
    value["each"] = get("/x")
    assert station_problems(rule("x", unsupported={"feature": "x", "of": value}), station=item) != []


@pytest.mark.parametrize("schema", [True, False])
def test_schemas_can_be_true_or_false(schema: bool) -> None:
    station = {"type": "object", "properties": {"a": {"type": "object", "properties": {"m": schema}}}}
    report = {"type": "object", "properties": {"a": schema, "b": {"items": schema}}, "additionalProperties": False}
    rules = [rule("x", put="/a", value=get("/a")), rule("y", put="/b", value={"list": [get("/a")]})]
    conform = {"verify": [rule("z", conform="C", message="m")]}
    loaded = load(rule_file(*rules) | conform, station, report)
    check(loaded)
    result = run(loaded, {"a": {"m": 1}})
    assert bool(result.findings) is not schema
    assert len({str(finding) for finding in result.findings}) == len(result.findings)


def test_references_are_decoded() -> None:
    station = {"$id": "s", "properties": {"name": {"$ref": "#/$defs/a%20b"}}, "$defs": {"a b": TEXT}}
    assert dereference("s", {"s": station})["properties"]["name"] == TEXT


def test_a_problem_names_the_place_of_what_was_written() -> None:
    station = {"type": "object", "properties": {"rain": {"type": "array", "items": NUMBER}}}
    rules = rule_file(RAIN, rule("name", put="/name", value={"use": "first"}), definitions={"first": "/rain/0"})
    (problem,) = check(load(rules, station, REPORT, file="report.json"))
    assert str(problem).startswith("report.json: name, at /definitions/first: wrong-type: ")


REQUIRED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "place": {"type": "object", "properties": {"x": NUMBER, "y": NUMBER}, "required": ["x", "y"]},
        "days": {"type": "array", "items": {"type": "object", "properties": {"rain": NUMBER}, "required": ["rain"]}},
    },
    "required": ["name", "place"],
}
X = rule("x", put="/place/x", value=const(1))
Y = rule("y", put="/place/y", value=const(1))
DAYS = rule("days", put_each="/days", over=get("/rain"), rules=[])


@pytest.mark.parametrize(
    ("rules", "missing"),
    [
        ((), ["/name", "/place", "/place/x", "/place/y"]),
        ((NAME,), ["/place", "/place/x", "/place/y"]),
        ((NAME, X), ["/place/y"]),
        ((NAME, X, Y), []),
        ((NAME, rule("place", put="/place", value={"object": {"x": 1, "y": 1}})), []),
        ((rule("all", put="", value={"object": {"name": const("a"), "place": {"object": {"x": 1, "y": 1}}}}),), []),
        ((rule("all", merge_into="", value=get("/by_month")),), []),
        ((NAME, X, rule("choice", choose=[{"when": {"present": get("/rain")}, "rules": [Y]}])), []),
        ((NAME, X, Y, DAYS), ["days"]),
        ((NAME, X, Y, DAYS | {"rules": [rule("rain", put="/rain", value=get("@"))]}), []),
    ],
)
def test_what_the_output_requires_is_written(rules: tuple[Any, ...], missing: list[str]) -> None:
    problems = check(load(rule_file(*rules), STATION, REQUIRED))
    assert [problem.location for problem in problems if problem.kind == "unwritten"] == missing


def test_a_member_that_is_looked_up_by_a_constant_key_is_used() -> None:
    at = {"at": {"first": [get("/by_month")]}, "key": const("may")}
    station = {**STATION, "properties": {**STATION["properties"], "by_month": {"properties": {"may": NUMBER}}}}
    total = rule("total", put="/total", value=at)
    assert station_problems(NAME, RAIN, total, station=station) == []


def test_the_items_of_an_unsupported_feature_are_read() -> None:
    floods = {"feature": "floods", "over": get("/rain")}
    assert station_problems(NAME, MONTHS) == ["unread at /rain/*"]
    assert station_problems(NAME | {"unsupported": floods}, MONTHS) == []


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
    overridden = [name for name in ("name", "rain") if put == f"/{name}"]
    assert station_problems(NAME, RAIN, MONTHS, rule("more", put=put, value=value, overrides=overridden)) == expected


def test_references_that_expand_to_too_much_are_refused() -> None:
    definitions: dict[str, Any] = {"a0": TEXT}
    for number in range(1, 40):
        reference = {"$ref": f"#/$defs/a{number - 1}"}
        definitions[f"a{number}"] = {"type": "object", "properties": {"left": reference, "right": reference}}
    station = {"type": "object", "properties": {"name": {"$ref": "#/$defs/a39"}}, "$defs": definitions}
    with pytest.raises(RulesetError, match="has more than 200,000 values with all its references") as caught:
        load(rule_file(NAME), station, REPORT)
    assert caught.value.key == "/input"
    for number in range(1, 40):
        definitions[f"a{number}"] = {
            "items": {"items": {"items": {"items": {"items": {"$ref": f"#/$defs/a{number - 1}"}}}}}
        }
    with pytest.raises(RulesetError, match="nests more than 200 levels with all its references"):
        load(rule_file(NAME), station, REPORT)


def test_a_reference_may_lead_into_a_list_of_schemas() -> None:
    station = {
        "type": "object",
        "properties": {"name": {"$ref": "#/$defs/names/anyOf/1"}},
        "$defs": {"names": {"anyOf": [NUMBER, TEXT]}},
    }
    assert station_problems(NAME, station=station) == []
    assert station_problems(NAME | {"put": "/total"}, station=station) == ["wrong-type at name#/value"]


@pytest.mark.parametrize(
    ("of", "table", "reason"),
    [
        (get("/name"), [["a", "b"]], "the table cannot have all values of its input"),
        (const("c"), [["a", "b"]], "the table leaves out ['c']"),
    ],
)
def test_an_uncovered_lookup_says_what_it_leaves_out(of: Any, table: list[Any], reason: str) -> None:
    rules = [RAIN, MONTHS, NAME, rule("lookup", put="/either/name", value={"lookup": of, "table": table})]
    (problem,) = check(load(rule_file(*rules), STATION, REPORT))
    assert problem.kind == "uncovered-lookup"
    assert problem.message == f'{reason}; add "default": "absent" if nothing should be written then'
