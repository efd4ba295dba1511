"""`put_each`: a list of objects, each written by rules of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compiler.engine import RulesetError, check, run
from compiler.engine.traced_value import POISON
from tests.engine.helpers import const, get, loaded, out, places_said, ran, rule, shown, written

BOXES = {"boxes": [{"size": 1, "marks": ["a", "b"]}, {"size": "big"}, 7]}


def each(*rules: Any, over: Any = None, **keys: Any) -> dict[str, Any]:
    return rule("each", put_each="/Boxes", over=over or get("/boxes"), rules=list(rules), **keys)


SIZE = rule("size", put="/Size", value=get("@/size"))


def test_an_object_is_written_for_each_item() -> None:
    assert ran(BOXES, each(SIZE)).output == {"Boxes": [{"Size": 1}, {"Size": "big"}, {}]}


def test_the_members_of_an_object_are_items_in_the_order_of_their_keys() -> None:
    key = rule("key", put="/Key", value=get("@/key"))
    assert ran({"boxes": {"b": 1, "a": 2}}, each(key)).output == {"Boxes": [{"Key": "a"}, {"Key": "b"}]}


def test_inside_the_output_is_the_objects_own() -> None:
    before = rule("before", put="/Size", value=const("outside"))
    again = rule("again", put="/Again", value=out("/Size"))
    outcome = ran(BOXES, before, each(SIZE, again), rule("after", put="/After", value=out("/Boxes/1/Again")))
    assert outcome.output["Boxes"][:2] == [{"Size": 1, "Again": 1}, {"Size": "big", "Again": "big"}]
    assert outcome.output["After"] == "big"


def test_lists_in_lists_see_the_items_outside() -> None:
    mark = rule("mark", put="/Mark", value={"list": [get("@"), get("@^/size")]})
    outcome = ran(BOXES, each(rule("marks", put_each="/Marks", over=get("@/marks"), rules=[mark])))
    assert outcome.output == {"Boxes": [{"Marks": [{"Mark": ["a", 1]}, {"Mark": ["b", 1]}]}, {}, {}]}


def test_rules_inside_choose_apply_only_when_and_report_of_the_item() -> None:
    number = {"type": get("@/size"), "is": ["number"]}
    choice = rule("choice", choose=[{"when": number, "rules": [SIZE]}], otherwise=[
        rule("no-number", report="warning", code="Odd", at=get("@/size"), message="odd")])  # fmt: skip
    marks = rule("marks", over=get("@/marks"), when={"equals": [get("@"), const("b")]}, report="warning", code="B",
                 at=get("@"), message="b", params={"size": get("@^/size")})  # fmt: skip
    small = rule("small", when=number, put="/Small", value=const(True))
    outcome = ran(BOXES, each(choice, marks, small))
    assert outcome.output == {"Boxes": [{"Size": 1, "Small": True}, {}, {}]}
    assert sorted(places_said(outcome)) == [
        ("warning", "B", "/boxes/0/marks/1"), ("warning", "Odd", "/boxes/1/size"), ("warning", "Odd", "/boxes/2/size"),
    ]  # fmt: skip
    assert [said.params for said in outcome.findings if said.code == "B"] == [{"size": 1}]


@pytest.mark.parametrize("boxes", [[], {}])
def test_an_empty_list_is_written_only_where_empties_are_kept(boxes: Any) -> None:
    assert ran({"boxes": boxes}, each(SIZE)).output == {}
    assert ran({"boxes": boxes}, each(SIZE), empty="kept").output == {"Boxes": []}


@pytest.mark.parametrize("document", [{}, {"box": 1}, None])
def test_nothing_to_go_over_writes_nothing(document: Any) -> None:
    assert ran(document, each(SIZE), empty="kept").output == {}


def test_what_is_invalid_poisons_the_item_or_the_list() -> None:
    outcome = ran(BOXES, each(SIZE), invalid=["/boxes/1"])
    assert shown(outcome.traced_output) == {"Boxes": [{"Size": 1}, POISON, {}]}
    assert outcome.output is None
    assert outcome.partial_output == {"Boxes": [{"Size": 1}, {}]}
    assert shown(ran(BOXES, each(SIZE), invalid=["/boxes"]).traced_output) == {"Boxes": POISON}
    unknown = each(SIZE, when={"present": get("/boxes/0/size")})
    assert shown(ran(BOXES, unknown, invalid=["/boxes/0/size"]).traced_output) == {"Boxes": POISON}


def test_where_it_is_unknown_which_items_there_are_so_is_whether_there_are_any() -> None:
    chosen = {"each": get("/boxes"), "where": {"equals": [get("@/size"), const(1)]}}
    any_at_all = rule("any", when={"nonempty": out("/Boxes")}, report="warning", code="Some", at=get(""), message="m")
    outcome = ran({"boxes": [{"size": 1}]}, each(SIZE, over=chosen), verify=[any_at_all], invalid=["/boxes/0/size"])
    assert outcome.findings == ()


def test_the_trace_names_the_inner_rule_and_the_inputs() -> None:
    outcome = run(loaded(written(each(SIZE))), BOXES, explaining=True)
    assert outcome.trace is not None
    found = {one.pointer: (one.rules, one.inputs) for one in outcome.trace.written}
    assert found["/Boxes/0/Size"] == (("size",), ("/boxes/0/size",))
    assert found["/Boxes"] == (("size", "each"), ("/boxes/0/size", "/boxes/1/size", "/boxes/2"))


def test_a_value_that_reads_neither_item_nor_output_is_worked_out_once() -> None:
    calls: list[str] = []

    def upper_counted(text: str) -> str:
        calls.append(text)
        return text.upper()

    shared = {"call": "upper", "with": [get("/name")]}
    ruleset = loaded(written(each(rule("name", put="/Name", value=shared), rule("again", put="/Again", value=shared))))
    counted = {**ruleset.functions, "upper": ruleset.functions["upper"]._replace(apply=upper_counted)}
    outcome = run(replace(ruleset, functions=counted), {"name": "n", "boxes": [1, 2, 3]})
    assert outcome.output == {"Boxes": [{"Name": "N", "Again": "N"}] * 3}
    assert len(calls) == 2  # the expression stands twice


def test_a_value_of_the_items_own_output_is_worked_out_for_each_rule() -> None:
    name = rule("name", put="/Name", value=get("@"))
    loud = rule("loud", put="/Loud", value={"call": "upper", "with": [out("/Name")]})
    both = rule(
        "both", put="/Both", value={"call": "join", "with": [{"list": [out("/Name"), out("/Loud")]}, get("/s")]}
    )
    outcome = ran({"boxes": ["a", "b"], "s": "-"}, each(name, loud, both))
    assert outcome.output == {
        "Boxes": [{"Name": "a", "Loud": "A", "Both": "a-A"}, {"Name": "b", "Loud": "B", "Both": "b-B"}]
    }


def test_what_is_passed_over_for_the_items_is_told_and_what_a_test_passes_over_is_not() -> None:
    over = {"first": [get("/boxes"), get("/crates")]}
    tested = {"equals": [{"first": [get("/a"), get("/b")]}, const(1)]}
    chosen = rule("chosen", put="/Chosen", value={"choose": [{"when": tested, "value": const("x")}]})
    document = {"boxes": [{"size": 1}], "crates": [{"size": 2}], "a": 1, "b": 2}
    outcome = run(loaded(written(each(SIZE, over=over), chosen)), document, explaining=True)
    assert outcome.trace is not None
    assert set(outcome.trace.overridden) == {"/crates/0/size"}


@pytest.mark.parametrize(
    "inner",
    [
        {"merge_into": "", "value": const({})},
        {"limit": get("@"), "measure": "count", "at_most": 1},
        {"require": {}},
        {"conform": "C", "message": "m"},
        {"unsupported": {"feature": "x", "of": get("@")}},
    ],
)
def test_other_rules_do_not_stand_inside(inner: dict[str, Any]) -> None:
    with pytest.raises(RulesetError, match="a rule inside put_each"):
        loaded(written(each(rule("inner", **inner))))


ORDER = {"type": "object", "properties": {"boxes": {"type": "array", "items": {
    "type": "object", "properties": {"size": {"type": "integer"}, "mark": {"type": "string"}},
    "additionalProperties": False}}}, "additionalProperties": False}  # fmt: skip
PARCEL = {"type": "object", "properties": {"Boxes": {"type": "array", "items": {
    "type": "object", "properties": {"Size": {"type": "integer"}, "Mark": {"type": "string"}},
    "additionalProperties": False}}, "Text": {"type": "string"}}}  # fmt: skip
MARK = rule("mark", put="/Mark", value=get("@/mark"))


def problems(*rules: Any) -> list[str]:
    return [f"{each.kind} at {each.location}" for each in check(loaded(written(*rules), ORDER, PARCEL))]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([each(SIZE, MARK)], []),
        ([each(SIZE)], ["unread at /boxes/*/mark"]),
        ([each(SIZE, rule("mark", when={"present": get("@/size")}, put="/Mark", value=get("@/mark")))],
         ["unread at /boxes/*/mark"]),
        ([each(SIZE, MARK, rule("odd", put="/Odd", value=const(1)))], ["unknown-output at odd"]),
        ([each(SIZE, rule("mark", put="/Mark", value={"list": [get("@/mark")]}))], ["wrong-type at mark#/value"]),
        ([each(SIZE, MARK, rule("twice", put="/Size", value=const(1)))], ["overrides at twice"]),
        ([each(SIZE, MARK, rule("early", put="/Mark", value=out("/Text"), overrides=["mark"]))],
         ["unknown-output at early#/value", "wrong-type at early#/value", "read-before-written at early#/value"]),
        ([each(SIZE, MARK), rule("again", put="/Boxes", value=const([]))], ["overrides at again"]),
        ([rule("early", put="/Boxes", value=const([])), each(SIZE, MARK)], ["overrides at each"]),
        ([rule("each", put_each="/Text", over=get("/boxes"), rules=[])],
         ["wrong-type at each", "unread at /boxes/*/size", "unread at /boxes/*/mark"]),
        ([rule("each", put_each="/Nowhere", over=get("/boxes"), rules=[])],
         ["unknown-output at each", "unread at /boxes/*/size", "unread at /boxes/*/mark"]),
        ([each(SIZE, MARK, rule("say", report="warning", code="C", at=get("@/odd"), message="m"))],
         ["unknown-input at say#/at"]),
    ],
)  # fmt: skip
def test_the_checker_looks_inside(rules: list[Any], found: list[str]) -> None:
    assert sorted(problems(*rules)) == sorted(found)
