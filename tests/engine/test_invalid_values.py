"""An invalid value is reported once, and silences whatever rests on it."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine.traced_value import ABSENT, POISON
from tests.engine.helpers import const, evaluate, finding_keys, get, invalid_when, out, rule, run_rules, to_python, true

ORDER = {
    "bad": "x",
    "name": "Ann",
    "lines": [{"sku": "cup"}, {"sku": "pot"}, {"sku": "pan"}],
    "codes": ["a", "b", "a"],
    "prices": {"cup": 4, "pot": 30},
}
BAD = {"present": get("/bad")}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (get("/bad"), POISON),
        (get("/bad/below"), POISON),
        ({"call": "upper", "with": [get("/bad")]}, POISON),
        ({"call": "join", "with": [get("/nothing"), get("/bad")]}, POISON),
        ({"call": "upper", "with": [get("")]}, POISON),
        ({"lookup": get("/bad"), "table": [["x", 1]], "default": const(2)}, POISON),
        ({"at": get("/prices"), "key": get("/bad")}, POISON),
        ({"at": get("/bad"), "key": const("cup")}, POISON),
        ({"first": [get("/bad"), get("/name")]}, POISON),
        ({"first": [get("/name"), get("/bad")]}, "Ann"),
        ({"each": get("/bad")}, POISON),
        ({"index": get("/bad"), "by": get("@")}, POISON),
        ({"distinct": get("/bad")}, POISON),
        ({"duplicates": get("/bad"), "by": get("@")}, POISON),
        ({"merge": [get("/prices"), get("/bad")]}, POISON),
        ({"concat": [get("/codes"), get("/bad")]}, POISON),
        ({"zip": {"code": get("/codes"), "bad": get("/bad")}}, POISON),
        ({"zip": {"code": {"each": get("/codes"), "where": BAD}}}, POISON),
        ({"object": {"a": get("/bad"), "b": const(1)}}, {"a": POISON, "b": 1}),
        ({"list": [get("/bad"), const(1)]}, [POISON, 1]),
        ({"choose": [{"when": BAD, "value": const(1)}], "otherwise": const(2)}, POISON),
        ({"choose": [{"when": {"present": get("/name")}, "value": const(1)}, {"when": BAD, "value": const(2)}]}, 1),
    ],
)
def test_what_is_computed_from_an_invalid_value_is_invalid(value: Any, expected: Any) -> None:
    assert evaluate(value, ORDER, ["/bad"]) == expected


def test_the_whole_document_may_be_invalid() -> None:
    assert evaluate(get("/name"), ORDER, [""]) is POISON
    assert run_rules(ORDER, rule("a", put="/a", value=get("/name")), invalid=[""]).output is None


def test_an_invalid_item_keeps_its_place_in_the_list() -> None:
    invalid = ["/lines/1/sku", "/codes/0"]
    skus = {"each": get("/lines"), "value": get("@/sku")}
    assert evaluate(skus, ORDER, invalid) == ["cup", POISON, "pan"]
    assert evaluate({"each": get("/codes")}, ORDER, invalid) == [POISON, "b", "a"]
    assert evaluate({"each": get("/codes"), "take": "first"}, ORDER, invalid) is POISON
    assert evaluate({"each": get("/codes"), "skip": 1}, ORDER, invalid) == ["b", "a"]
    assert evaluate({"concat": [skus, get("/codes")]}, ORDER, invalid) == ["cup", POISON, "pan", POISON, "b", "a"]


def test_an_item_of_which_it_is_not_known_whether_it_belongs_is_invalid() -> None:
    where = {"in": [get("@/sku"), const(["cup", "pot"])]}
    assert evaluate({"each": get("/lines"), "where": where}, ORDER, ["/lines/1/sku"]) == [{"sku": "cup"}, POISON]


def test_distinct_and_duplicates_never_equate_invalid_items() -> None:
    invalid = ["/codes/0", "/codes/1"]
    assert evaluate({"distinct": get("/codes")}, ORDER, invalid) == [POISON, POISON, "a"]
    assert evaluate({"duplicates": get("/codes"), "by": get("@")}, ORDER, invalid) == []


@pytest.mark.parametrize(("key", "expected"), [("cup", {"sku": "cup"}), ("jug", POISON)])
def test_an_index_with_an_unknown_key_knows_only_what_it_holds(key: str, expected: Any) -> None:
    index = {"index": get("/lines"), "by": get("@/sku")}
    assert evaluate({"at": index, "key": const(key)}, ORDER, ["/lines/1/sku"]) == expected
    assert evaluate({"at": index, "key": const("jug")}, ORDER) is ABSENT


def test_an_index_of_unknown_keys_only_is_not_an_empty_one() -> None:
    index = {"index": get("/lines"), "by": get("@/sku")}
    invalid = [f"/lines/{number}/sku" for number in range(3)]
    assert evaluate({"at": index, "key": const("cup")}, ORDER, invalid) is POISON
    assert to_python(run_rules(ORDER, rule("i", put="/i", value=index), invalid=invalid).traced_output) == {"i": POISON}
    assert evaluate({"merge": [index, get("/prices")]}, ORDER, invalid[:1]) is POISON


def test_a_put_under_an_unknown_test_poisons_its_place() -> None:
    result = run_rules(ORDER, rule("maybe", when=BAD, put="/a/b", value=const(1)), invalid=["/bad"])
    assert to_python(result.traced_output) == {"a": {"b": POISON}}
    assert result.output is None


def test_invalid_under_an_unknown_test_reports_nothing_and_poisons() -> None:
    put = rule("put", put="/a", value=get("/name"), invalid=invalid_when(get("/name"), BAD))
    result = run_rules(ORDER, put, invalid=["/bad"])
    assert result.findings == ()
    assert to_python(result.traced_output) == {"a": POISON}


def test_a_merge_under_an_unknown_test_poisons_its_target() -> None:
    merge = rule("merge", when=BAD, merge_into="/a", value=get("/prices"))
    assert to_python(run_rules(ORDER, override=[merge], invalid=["/bad"]).traced_output) == {"a": POISON}


def test_a_choice_under_an_unknown_test_poisons_all_that_it_might_write() -> None:
    report_rule = rule("report", report="error", code="Odd", at=get("/name"), message="odd")
    choice: dict[str, Any] = {
        "choose": [{"when": BAD, "rules": [rule("a", put="/a", value=const(1)), report_rule]}],
        "otherwise": [
            rule("deep", choose=[{"when": {"present": get("/no")}, "rules": [rule("b", put="/b", value=const(1))]}]),
            rule("c", merge_into="/c", value=get("/prices")),
        ],
    }
    everything = {"a": POISON, "b": POISON, "c": POISON}
    result = run_rules(ORDER, rule("choice", **choice), invalid=["/bad"])
    assert to_python(result.traced_output) == everything
    assert result.findings == ()
    known = rule("choice", choose=[{"when": {"present": get("/name")}, "rules": [rule("choice2", **choice)]}])
    assert to_python(run_rules(ORDER, known, invalid=["/bad"]).traced_output) == everything
    outside = rule("choice", when=BAD, **choice)
    assert to_python(run_rules(ORDER, outside, invalid=["/bad"]).traced_output) == everything


def test_what_is_written_below_an_invalid_place_does_not_make_it_valid() -> None:
    rules = [
        rule("maybe", when=BAD, put="/a", value=const({"b": 1})),
        rule("below", put="/a/c", value=const(2), overrides=["maybe"]),
    ]
    assert to_python(run_rules(ORDER, *rules, invalid=["/bad"]).traced_output) == {"a": POISON}
    assert run_rules(ORDER, *rules).output == {"a": {"b": 1, "c": 2}}


def test_a_later_writer_of_the_same_place_makes_it_known_again() -> None:
    rules = [
        rule("maybe", when=BAD, put="/a", value=const(1)),
        rule("surely", put="/a", value=const(2), overrides=["maybe"]),
    ]
    assert run_rules(ORDER, *rules, invalid=["/bad"]).output == {"a": 2}


@pytest.mark.parametrize(
    "silent",
    [
        rule("r", when=BAD, report="error", code="Odd", at=get("/name"), message="odd"),
        rule("r", report="error", code="Odd", at=get("/name"), message="odd", params={"p": get("/bad")}),
        rule("r", over=get("/bad"), report="error", code="Odd", at=get("@"), message="odd"),
        rule("r", over={"list": [get("/bad")]}, report="error", code="Odd", at=get("@"), message="odd"),
        rule(
            "r", over=get("/codes"), when={"all": [{"present": get("@")}, BAD]}, report="error", code="Odd",
            at=get("@"), message="odd",
        ),
        rule("r", unsupported={"feature": "badness", "of": get("/bad")}),
        rule("r", unsupported={"feature": "badness", "over": {"list": [get("/bad")]}}),
        rule("r", unsupported={"feature": "badness", "over": {"each": get("/codes"), "where": BAD}}),
        rule("r", when=BAD, unsupported={"feature": "badness", "of": get("/name")}),
        rule("r", limit=get("/bad"), measure="length", at_most=0),
        rule("r", limit={"list": [get("/bad"), const(5)]}, measure="total", at_most=1),
        rule("r", when=BAD, limit=get("/name"), measure="length", at_most=0),
        rule("r", limit=out("/bad"), measure="length", at_most=0),
    ],
)  # fmt: skip
def test_a_rule_that_rests_on_an_invalid_value_stays_silent(silent: Any) -> None:
    copy = rule("copy", put="/bad", value=get("/bad"))
    orders = (ORDER, ORDER | {"bad": ["x", 1, 2]})
    assert [run_rules(order, copy, silent, invalid=["/bad"]).findings for order in orders] == [(), ()]
    assert any(run_rules(order, copy, silent).findings for order in orders)


@pytest.mark.parametrize("measure", ["count", "total"])
def test_a_list_with_an_invalid_item_is_not_measured(measure: str) -> None:
    limit = rule("limit", limit=get("/sizes"), measure=measure, at_most=2)
    order = {"sizes": [1, 2, 3]}
    assert finding_keys(run_rules(order, limit)) == [("error", "LimitExceeded", "/sizes")]
    assert run_rules(order, limit, invalid=["/sizes/0"]).findings == ()


def test_a_requirement_that_rests_on_an_invalid_value_is_not_said() -> None:
    needs = rule("needs", require={"kind": const("key"), "for": get("/bad")})
    assert run_rules(ORDER, needs, invalid=["/bad"]).requires == ()
    assert run_rules(ORDER, needs).requires == ({"kind": "key", "for": "x"},)


def test_invalid_values_that_nothing_reads_do_no_harm() -> None:
    assert run_rules(ORDER, rule("a", put="/a", value=get("/name")), invalid=["/bad", "/nowhere"]).output == {
        "a": "Ann"
    }


def test_a_false_test_beside_an_unknown_one_still_decides() -> None:
    both = {"all": [BAD, {"present": get("/nothing")}]}
    either = {"any": [BAD, {"present": get("/name")}]}
    rules = [rule("no", when=both, put="/no", value=true()), rule("yes", when=either, put="/yes", value=true())]
    assert run_rules(ORDER, *rules, invalid=["/bad"]).output == {"yes": True}
