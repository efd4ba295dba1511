"""The limits on findings: a thousand of each severity are listed, the others are counted."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from compiler.engine import run
from compiler.engine.findings import MAXIMUM_RELATED
from compiler.json_io.issues import MAXIMUM_LISTED
from tests.engine.helpers import const, get, load, rule, rule_file, run_rules


def report_items(severity: str, **more: Any) -> dict[str, Any]:
    return rule(
        f"report-{severity}", report=severity, code="Odd", at=get("@"), message="odd", over=get("/items"), **more
    )


@pytest.mark.parametrize(("severity", "more"), [("warning", "MoreWarnings"), ("error", "MoreErrors")])
def test_those_over_the_maximum_are_counted(severity: str, more: str) -> None:
    result = run_rules({"items": list(range(MAXIMUM_LISTED + 7))}, report_items(severity))
    *listed, last = result.findings
    assert [each.at for each in listed] == [f"/items/{index}" for index in range(MAXIMUM_LISTED)]
    assert (last.severity, last.code, last.at, last.params) == (severity, more, "", {"count": 7})


def test_at_the_maximum_nothing_is_counted() -> None:
    result = run_rules({"items": list(range(MAXIMUM_LISTED))}, report_items("warning"))
    assert {each.code for each in result.findings} == {"Odd"}


def test_a_flood_of_warnings_hides_no_error() -> None:
    items = list(range(MAXIMUM_LISTED * 2))
    wrong = rule("wrong", report="error", code="Wrong", at=get("/items"), message="wrong")
    result = run_rules({"items": items}, report_items("warning"), wrong)
    assert [each.code for each in result.findings if each.severity == "error"] == ["Wrong"]
    assert result.output is None


def test_equal_findings_count_once() -> None:
    repeated = rule("report-again", report="warning", code="Odd", at=get("@"), message="odd", over=get("/items"))
    result = run_rules({"items": list(range(MAXIMUM_LISTED))}, report_items("warning"), repeated)
    assert len(result.findings) == MAXIMUM_LISTED


def test_one_finding_names_a_hundred_further_places() -> None:
    about = rule("about", report="warning", code="Odd", at=get("/name"), message="odd", related=get("/items"))
    again = rule("again", report="warning", code="Odd", at=get("/name"), message="odd", related=get("/others"))
    document = {"name": 1, "items": list(range(MAXIMUM_RELATED - 1)), "others": list(range(50))}
    (finding,) = run_rules(document, about, again).findings
    assert finding.related[-2:] == (f"/items/{MAXIMUM_RELATED - 2}", "/others/0")
    assert len(finding.related) == MAXIMUM_RELATED


@pytest.mark.parametrize(("items", "at"), [([1, 3, 2], "/items/1"), ([2, 2], "/items/0"), (["x", 5], "/items/1")])
def test_a_sum_that_is_too_large_can_be_said_of_the_largest_item(items: list[Any], at: str) -> None:
    limit = rule("limit", limit=get("/items"), measure="total", at_most=3, at_largest=True)
    (finding,) = run_rules({"items": items}, verify=[limit]).findings
    assert (finding.at, finding.params) == (at, {"limit": 3, "actual": sum(each for each in items if each != "x")})


def test_the_largest_of_no_items_is_none() -> None:
    limit = rule("limit", limit=get("/items"), measure="total", at_most=0, at_largest=True)
    assert run_rules({"items": []}, verify=[limit]).findings == ()


@pytest.mark.parametrize("value", [const({"a": 1}), const("text"), get("@"), const([1])])
def test_a_rule_within_put_each_may_write_the_whole_item(value: Any) -> None:
    whole = rule("whole", put="", value=value)
    after = rule("after", put="/b", value=const(2), when={"equals": [get("@/more"), const(True)]})
    each = rule("each", put_each="/boxes", over=get("/items"), rules=[whole, after])
    result = run_rules({"items": [{"more": True}, {"more": False}, {}]}, each)
    only = {"a": 1} if value == const({"a": 1}) else None
    if only is not None:
        assert result.output == {"boxes": [{"a": 1, "b": 2}, only, only]}
    assert result.output["boxes"][0]["b"] == 2


def test_a_rule_that_writes_the_whole_output_is_followed_by_others() -> None:
    result = run_rules({"a": [1]}, rule("whole", put="", value=get("/a")), rule("after", put="/b", value=const(2)))
    assert result.output == {"b": 2}


def test_places_below_a_long_key_take_no_memory_until_they_are_reported() -> None:
    ruleset = load(rule_file(rule("copy", put="/copy", value=get(""))))
    document = {"k" * 100_000: [[1]] * 1_000}
    tracemalloc.start()
    try:
        run(ruleset, document)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
