"""Every value knows where in the input it came from."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.json_io.pointer import escape_token
from tests.engine.helpers import const, get, out, reported_origin, rule, run_rules

ORDER = {
    "name": "Ann",
    "box": {"width": 3},
    "lines": [{"sku": "cup", "tags": ["new"]}, {"sku": "pot", "tags": []}],
    "codes": ["b", "a", "b"],
    "prices": {"b": 1, "a/b": 2},
}
CHOICE = [{"when": {"present": get("/name")}, "value": get("/box/width")}]


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        (get("/box/width"), "/box/width"),
        (get("/lines/1"), "/lines/1"),
        (get("/prices/a~1b"), "/prices/a~1b"),
        (get(""), ""),
        (get("/nothing"), "/nothing"),
        (get("/box/no/thing"), "/box/no/thing"),
        (get("/lines/7"), "/lines/7"),
        (const("Ann"), ""),
        ({"at": get("/prices"), "key": const("a/b")}, "/prices/a~1b"),
        ({"at": get("/prices"), "key": const("c/d")}, "/prices/c~1d"),
        ({"call": "upper", "with": [get("/name")]}, "/name"),
        ({"call": "upper", "with": [get("/nothing")]}, "/nothing"),
        ({"call": "join", "with": [const(["a"]), get("/name")]}, "/name"),
        ({"call": "join", "with": [get("/codes"), get("/name")]}, "/codes"),
        ({"lookup": get("/name"), "table": [["Ann", 1]]}, "/name"),
        ({"lookup": get("/name"), "table": []}, "/name"),
        ({"lookup": get("/name"), "table": [], "default": get("/box")}, "/name"),
        ({"object": {"a": const(1), "w": get("/box/width"), "n": get("/name")}}, "/box/width"),
        ({"list": [get("/nothing"), get("/name")]}, "/name"),
        ({"first": [get("/nothing"), get("/name")]}, "/name"),
        ({"first": [get("/nothing"), get("/nobody")]}, "/nothing"),
        ({"choose": CHOICE}, "/box/width"),
        ({"merge": [get("/nothing"), get("/prices"), get("/box")]}, "/prices"),
        ({"concat": [get("/nothing"), get("/codes"), get("/lines")]}, "/codes"),
        ({"each": get("/lines"), "value": get("@/sku")}, "/lines"),
        ({"each": get("/lines"), "value": get("@/sku"), "take": "last"}, "/lines/1/sku"),
        ({"each": get("/lines"), "skip": 9, "take": "last"}, "/lines"),
        ({"each": get("/nothing")}, "/nothing"),
        ({"each": get("/prices"), "take": "first"}, "/prices/a~1b"),
        ({"each": get("/prices"), "value": get("@/key"), "take": "last"}, "/prices/b"),
        ({"index": get("/lines"), "by": get("@/sku")}, "/lines"),
        ({"at": {"index": get("/lines"), "by": get("@/sku")}, "key": const("pot")}, "/lines/1"),
        ({"zip": {"none": get("/nothing"), "code": get("/codes"), "line": get("/lines")}}, "/codes"),
        (
            {"each": {"zip": {"code": get("/codes"), "line": get("/lines")}}, "value": "@/line/sku", "take": "last"},
            "/lines/1/sku",
        ),
        ({"each": {"zip": {"code": get("/codes"), "line": get("/lines")}}, "take": "last"}, "/codes/2"),
        ({"distinct": get("/codes")}, "/codes"),
        ({"each": {"distinct": get("/codes")}, "take": "first"}, "/codes/0"),
        ({"each": {"distinct": get("/codes")}, "take": "last"}, "/codes/1"),
        ({"duplicates": get("/codes"), "by": get("@")}, "/codes"),
        ({"each": {"duplicates": get("/codes"), "by": get("@")}, "take": "first"}, "/codes/2"),
        ({"each": {"concat": [get("/codes"), get("/lines/0/tags")]}, "take": "last"}, "/lines/0/tags/0"),
    ],
)
def test_a_report_points_to_where_its_value_came_from(value: Any, origin: str) -> None:
    assert reported_origin(value, ORDER) == origin


@pytest.mark.parametrize(
    ("pointer", "origin"),
    [
        ("/copied", "/box"),
        ("/copied/width", "/box/width"),
        ("/upper", "/name"),
        ("/value/sku", "/lines/1/sku"),
        ("/box/width", "/box/width"),
        ("/b", "/prices/b"),
        ("/fixed", ""),
        ("/copied/height", "/box/height"),
    ],
)
def test_what_was_written_keeps_its_origin(pointer: str, origin: str) -> None:
    result = run_rules(
        ORDER,
        rule("copied", put="/copied", value=get("/box")),
        rule("upper", put="/upper", value={"call": "upper", "with": [get("/name")]}),
        rule("value", put="/value", value={"object": {"a": const(1), "sku": get("/lines/1/sku")}}),
        rule("fixed", put="/fixed", value=const({"a": 1})),
        rule("deep", put="/box/width", value=get("/box/width")),
        override=[rule("over", merge_into="", value=get("/prices"))],
        verify=[rule("report", report="warning", code="Odd", at=out(pointer), message="odd")],
    )
    assert [finding.at for finding in result.findings] == [origin]


def test_what_was_never_written_has_no_origin_where_what_is_above_it_has_none() -> None:
    report_rule = rule("report", report="warning", code="Odd", at=out("/never/written"), message="odd")
    result = run_rules(ORDER, rule("copied", put="/copied", value=get("/box")), verify=[report_rule])
    assert [finding.at for finding in result.findings] == [""]


def test_the_members_of_a_merged_object_keep_their_own_origins() -> None:
    merged = {"merge": [get("/box"), get("/prices")]}
    report_rule = rule("report", over=merged, report="warning", code="Odd", at=get("@/value"), message="odd")
    assert [finding.at for finding in run_rules(ORDER, report_rule).findings] == [
        "/prices/a~1b",
        "/prices/b",
        "/box/width",
    ]


PAIRS = get("/prices")  # its items are `{key, value}`


@pytest.mark.parametrize(
    "keys",
    [
        {"over": {"each": PAIRS, "take": "first"}, "at": get("@")},
        {"over": {"each": PAIRS, "value": get("@"), "take": "first"}, "at": get("@")},
        {"over": {"each": {"each": PAIRS}, "take": "first"}, "at": get("@")},
        {"over": PAIRS, "at": get("@/key"), "related": get("@")},
        {"over": PAIRS, "at": get("@"), "related": {"each": get("@"), "where": {"present": get("@")}}},
        {"over": PAIRS, "at": get("@"), "related": {"duplicates": get("@"), "by": const(1)}},
        {"over": PAIRS, "at": {"at": get("@"), "key": const("value")}},
        {"over": {"each": PAIRS}, "at": {"at": get("@"), "key": const("value")}},
    ],
    ids=str,
)
@pytest.mark.parametrize("is_nested", [False, True])
def test_the_members_of_a_key_and_value_item_have_the_origin_of_the_member(
    keys: dict[str, Any], is_nested: bool
) -> None:
    report_rule = rule("report", report="warning", code="Odd", message="odd", **keys)
    each = rule("each", put_each="/each", over=PAIRS, rules=[report_rule])
    result = run_rules(ORDER, each if is_nested else report_rule)
    origins = {origin for finding in result.findings for origin in (finding.at, *finding.related)}
    assert origins <= {"/prices/b", "/prices/a~1b"}
    assert result.findings


def test_an_item_that_is_iterated_itself_may_be_a_member() -> None:
    inner = rule("inner", over=get("@"), report="warning", code="Odd", at=get("@"), message="odd")
    result = run_rules(ORDER, rule("each", put_each="/each", over=PAIRS, rules=[inner]))
    assert [finding.at for finding in result.findings] == ["/prices/a~1b", "/prices/b"]


@pytest.mark.parametrize("part", ["/lines", "/codes", "/prices", "/box"])
def test_a_report_of_each_item_points_to_it(part: str) -> None:
    nested = rule("inner", over=get("@/tags"), report="warning", code="Nested", at=get("@"), message="nested")
    result = run_rules(
        ORDER,
        rule("item", over=get(part), report="warning", code="Odd", at=get("@"), related=get("@"), message="odd"),
        rule("written", put_each="/written", over=get(part), rules=[nested]),
    )
    items = ORDER[part[1:]]
    names = sorted(items) if isinstance(items, dict) else range(len(items))
    odd = [finding.at for finding in result.findings if finding.code == "Odd"]
    assert odd == [f"{part}/{escape_token(name)}" for name in names]
    assert [finding.at for finding in result.findings if finding.code == "Nested"] == ["/lines/0/tags/0"] * (
        part == "/lines"
    )


def test_a_value_knows_what_it_was_computed_from() -> None:
    value = {"call": "join", "with": [get("/codes"), get("/name")]}
    result = run_rules(ORDER, rule("joined", put="/joined", value=value))
    assert isinstance(result.traced_output.data, dict)
    assert [str(source.origin) for source in result.traced_output.data["joined"].sources] == ["/codes", "/name"]


@pytest.mark.parametrize(
    ("of", "origin"),
    [
        (get("/nothing"), "/nothing/a~1b"),
        (get("/rain"), "/rain/a~1b"),
        (const([1]), ""),
    ],
)
def test_an_absent_member_has_the_origin_where_it_would_be(of: Any, origin: str) -> None:
    assert reported_origin({"at": of, "key": const("a/b")}, {"rain": [1]}) == origin
