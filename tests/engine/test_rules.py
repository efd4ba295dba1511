"""The kinds of rules that write, the order in which rules run, and what a run leaves alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from compiler.engine import run
from compiler.engine.traced_value import POISON
from tests.engine.helpers import (
    const,
    finding_keys,
    get,
    invalid_when,
    load,
    out,
    rule,
    rule_file,
    run_rules,
    to_python,
    true,
)

CHEAP = {"between": get("/price"), "least": 0, "most": 10}
DEAR = {"between": get("/price"), "least": 100, "most": 9999}


def test_put_writes_at_a_pointer_and_makes_the_objects_on_the_way() -> None:
    rules = [
        rule("deep", put="/a/b~1c/d", value=const(1)),
        rule("beside", put="/a/e", value=const(2)),
        rule("absent", put="/a/f", value=get("/nothing")),
    ]
    assert run_rules({}, *rules).output == {"a": {"b/c": {"d": 1}, "e": 2}}


def test_put_at_the_root_is_the_whole_output() -> None:
    assert run_rules({"price": 3}, rule("all", put="", value=get(""))).output == {"price": 3}
    assert run_rules([1, 2], rule("all", put="", value=get(""))).output == [1, 2]


def test_a_ruleset_without_rules_writes_an_empty_object() -> None:
    result = run_rules({"price": 3})
    assert (result.output, result.findings, result.requires, result.hits) == ({}, (), (), frozenset())


def test_when_says_whether_a_rule_applies() -> None:
    rules = [rule("cheap", when=CHEAP, put="/cheap", value=true()), rule("dear", when=DEAR, put="/dear", value=true())]
    assert run_rules({"price": 5}, *rules).output == {"cheap": True}
    assert run_rules({"price": 50}, *rules).output == {}


def test_the_later_writer_of_a_pointer_wins_but_not_with_nothing() -> None:
    rules = [
        rule("one", put="/a", value=const(1)),
        rule("two", put="/a", value=get("/two"), overrides=["one"]),
    ]
    assert run_rules({"two": 2}, *rules).output == {"a": 2}
    assert run_rules({}, *rules).output == {"a": 1}
    assert run_rules({"two": []}, *rules).output == {"a": 1}


def test_rules_run_in_the_order_of_the_file_phase_after_phase() -> None:
    def noting(name: str) -> dict[str, Any]:
        return rule(name, put="/log", value={"concat": [out("/log"), const([name])]})

    def telling(name: str) -> dict[str, Any]:
        return rule(name, report="warning", code=name, at=get(""), message="now", params={"log": out("/log")})

    result = run_rules(
        {},
        noting("b1"),
        telling("b2"),
        noting("b3"),
        override=[telling("o1"), noting("o2")],
        verify=[telling("v1"), telling("v2")],
    )
    assert [(finding.rule, finding.params["log"]) for finding in result.findings] == [
        ("b2", ["b1"]),
        ("o1", ["b1", "b3"]),
        ("v1", ["b1", "b3", "o2"]),
        ("v2", ["b1", "b3", "o2"]),
    ]


def test_a_rule_sees_what_the_last_one_wrote_though_both_read_the_same() -> None:
    grown = {"concat": [out("/log"), out("/log"), const([1])]}
    rules = [rule(f"r{number}", put="/log", value=grown) for number in range(3)]
    assert run_rules({}, *rules).output == {"log": [1] * 7}


@pytest.mark.parametrize(("price", "expected"), [(5, "cheap"), (500, "dear"), (50, "fair")])
def test_choose_applies_the_rules_of_the_first_case_that_holds(price: int, expected: str) -> None:
    choice = rule(
        "choice",
        choose=[
            {"when": CHEAP, "rules": [rule("c", put="/is", value=const("cheap"))]},
            {"when": DEAR, "rules": [rule("d", put="/is", value=const("dear"))]},
            {"when": DEAR, "rules": [rule("never", put="/is", value=const("never"))]},
        ],
        otherwise=[
            rule("f", put="/is", value=const("fair")),
            rule("inner", choose=[{"when": {"present": out("/is")}, "rules": [rule("in", put="/in", value=true())]}]),
        ],
    )
    inner = {"in": True} if expected == "fair" else {}
    assert run_rules({"price": price}, choice).output == {"is": expected, **inner}


def test_choose_without_otherwise_may_apply_nothing() -> None:
    choice = rule("choice", choose=[{"when": CHEAP, "rules": [rule("c", put="/is", value=const("cheap"))]}])
    assert run_rules({"price": 50}, choice).output == {}
    assert run_rules({"price": 5}, rule("not", when={"not": CHEAP}, **_without_id(choice))).output == {}


def _without_id(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in ("id", "doc", "source")}


def test_put_refuses_an_invalid_value_says_so_and_poisons_its_place() -> None:
    negative = {"not": {"between": get("/price"), "least": 0, "most": 9999}}
    put = rule("price", put="/price", value=get("/price"), invalid=invalid_when(get("/price"), negative))
    assert run_rules({"price": 5}, put).output == {"price": 5}
    result = run_rules({"price": -5}, put)
    assert result.output is None
    assert to_python(result.traced_output) == {"price": POISON}
    assert finding_keys(result) == [("error", "Bad", "/price")]
    assert "price#/invalid" in result.hits


def test_an_error_leaves_no_output_and_a_warning_does() -> None:
    put = rule("put", put="/a", value=const(1))
    error = rule("report", report="error", code="Odd", at=get("/a"), message="odd")
    assert run_rules({}, put, error).output is None
    assert run_rules({}, put, error | {"report": "warning"}).output == {"a": 1}


def test_the_input_is_not_changed_and_shares_nothing_with_the_output() -> None:
    document = {"lines": [{"tags": ["red"]}], "extra": {"box": {"w": 1}}}
    before = deepcopy(document)
    ruleset = load(
        rule_file(
            rule("copy", put="/lines", value=get("/lines")),
            rule("turned", put="/turned", value={"call": "reversed", "with": [get("/lines")]}),
            rule("fixed", put="/fixed", value=const({"a": [1]})),
            rule("looked", put="/looked", value={"lookup": const(1), "table": [[1, {"b": [2]}]]}),
            rule("report", report="warning", code="Seen", at=get(""), message="report", params={"all": get("")}),
            override=[rule("over", merge_into="", value=get("/extra"))],
            verify=[rule("needs", require={"lines": get("/lines")})],
        )
    )
    result = run(ruleset, document)
    fresh = deepcopy((result.output, result.requires, result.findings[0].params))
    result.output["lines"][0]["tags"].append("blue")
    result.output["box"]["w"] = 2
    result.output["turned"].clear()
    result.output["fixed"]["a"].append(2)
    result.output["looked"]["b"].append(3)
    result.requires[0]["lines"].clear()
    result.findings[0].params["all"].clear()
    assert document == before
    again = run(ruleset, document)
    assert (again.output, again.requires, again.findings[0].params) == fresh


def test_the_order_of_keys_in_the_input_changes_nothing() -> None:
    rules = [
        rule("keys", put="/keys", value={"each": get("/prices"), "value": get("@/key")}),
        rule("whole", put="/whole", value={"distinct": {"list": [get("/prices"), const({"a": 1, "b": 2})]}}),
        rule("first", put="/first", value={"each": get("/prices"), "take": "first"}),
        rule("report", over=get("/prices"), report="warning", code="Seen", at=get("@/value"), message="report"),
    ]
    one, other = run_rules({"prices": {"b": 2, "a": 1}}, *rules), run_rules({"prices": {"a": 1, "b": 2}}, *rules)
    assert one.output == other.output
    assert one.output["keys"] == ["a", "b"]
    assert len(one.output["whole"]) == 1
    assert one.findings == other.findings


def test_hits_name_the_places_that_did_something() -> None:
    value = {"choose": [{"when": CHEAP, "value": const(1)}], "otherwise": const(2)}
    choice = rule(
        "way",
        choose=[{"when": CHEAP, "rules": [rule("inner", put="/b", value=get("/b"))]}],
        otherwise=[rule("other", put="/c", value=true())],
    )
    rules = [rule("price", put="/price", value=value), choice]
    assert run_rules({"price": 5}, *rules).hits == {"price", "price#/value/choose/0", "way#/choose/0"}
    assert run_rules({"price": 50}, *rules).hits == {"price", "price#/value/otherwise", "way#/otherwise", "other"}


@pytest.mark.parametrize(
    "source",
    [
        get("/text"),
        {"each": get("/text")},
        {"each": get("/list"), "skip": 1},
        {"each": get("/text"), "skip": 1},
        {"each": {"call": "reversed", "with": [get("/empty")]}},
        {"each": {"call": "reversed", "with": [get("/empty")]}, "skip": 1},
    ],
    ids=str,
)
def test_a_list_without_items_is_kept_where_empty_lists_are(source: Any) -> None:
    document = {"text": "a", "list": [1], "empty": []}
    listed = rule("list", put="/list", value={"each": source})
    for_each = rule("each", put_each="/each", over={"each": source}, rules=[rule("item", put="/x", value=get("@"))])
    assert run_rules(document, listed, for_each, empty="kept").output == {"list": [], "each": []}
    assert run_rules(document, listed, for_each).output == {}


def test_a_branch_in_which_nothing_can_happen_does_nothing() -> None:
    nothing = rule("nothing", merge_into="", value={"call": "upper", "with": [const(1)]}, when={"nonempty": const([])})
    choice = rule(
        "choice", choose=[{"when": {"contains": get("/a"), "texts": ["x"]}, "rules": []}], otherwise=[nothing]
    )
    assert run_rules({"a": "x"}, choice).output == {}
    assert run_rules({"a": "y"}, choice).output == {}
