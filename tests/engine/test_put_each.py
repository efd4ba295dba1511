"""`put_each`: a list of objects, each written by rules of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compiler.engine import RulesetError, check, run
from compiler.engine.traced_value import POISON
from tests.engine.helpers import const, finding_keys, get, load, out, rule, rule_file, run_rules, to_python

BOXES = {"boxes": [{"size": 1, "marks": ["a", "b"]}, {"size": "big"}, 7]}


def boxes_rule(*rules: Any, over: Any = None, **keys: Any) -> dict[str, Any]:
    return rule("each", put_each="/Boxes", over=over or get("/boxes"), rules=list(rules), **keys)


SIZE = rule("size", put="/Size", value=get("@/size"))


def test_an_object_is_written_for_each_item() -> None:
    assert run_rules(BOXES, boxes_rule(SIZE)).output == {"Boxes": [{"Size": 1}, {"Size": "big"}, {}]}


def test_the_members_of_an_object_are_items_in_the_order_of_their_keys() -> None:
    key = rule("key", put="/Key", value=get("@/key"))
    assert run_rules({"boxes": {"b": 1, "a": 2}}, boxes_rule(key)).output == {"Boxes": [{"Key": "a"}, {"Key": "b"}]}


def test_inside_the_output_is_the_objects_own() -> None:
    before = rule("before", put="/Size", value=const("outside"))
    again = rule("again", put="/Again", value=out("/Size"))
    result = run_rules(BOXES, before, boxes_rule(SIZE, again), rule("after", put="/After", value=out("/Boxes/1/Again")))
    assert result.output["Boxes"][:2] == [{"Size": 1, "Again": 1}, {"Size": "big", "Again": "big"}]
    assert result.output["After"] == "big"


def test_lists_in_lists_see_the_items_outside() -> None:
    mark = rule("mark", put="/Mark", value={"list": [get("@"), get("@^/size")]})
    result = run_rules(BOXES, boxes_rule(rule("marks", put_each="/Marks", over=get("@/marks"), rules=[mark])))
    assert result.output == {"Boxes": [{"Marks": [{"Mark": ["a", 1]}, {"Mark": ["b", 1]}]}, {}, {}]}


def test_rules_inside_choose_apply_only_when_and_report_of_the_item() -> None:
    number = {"type": get("@/size"), "is": ["number"]}
    choice = rule("choice", choose=[{"when": number, "rules": [SIZE]}], otherwise=[
        rule("no-number", report="warning", code="Odd", at=get("@/size"), message="odd")])  # fmt: skip
    marks = rule("marks", over=get("@/marks"), when={"equals": [get("@"), const("b")]}, report="warning", code="B",
                 at=get("@"), message="b", params={"size": get("@^/size")})  # fmt: skip
    small = rule("small", when=number, put="/Small", value=const(True))
    result = run_rules(BOXES, boxes_rule(choice, marks, small))
    assert result.output == {"Boxes": [{"Size": 1, "Small": True}, {}, {}]}
    assert sorted(finding_keys(result)) == [
        ("warning", "B", "/boxes/0/marks/1"), ("warning", "Odd", "/boxes/1/size"), ("warning", "Odd", "/boxes/2/size"),
    ]  # fmt: skip
    assert [finding.params for finding in result.findings if finding.code == "B"] == [{"size": 1}]


@pytest.mark.parametrize("boxes", [[], {}])
def test_an_empty_list_is_written_only_where_empties_are_kept(boxes: Any) -> None:
    assert run_rules({"boxes": boxes}, boxes_rule(SIZE)).output == {}
    assert run_rules({"boxes": boxes}, boxes_rule(SIZE), empty="kept").output == {"Boxes": []}


@pytest.mark.parametrize("document", [{}, {"box": 1}, None])
def test_nothing_to_go_over_writes_nothing(document: Any) -> None:
    assert run_rules(document, boxes_rule(SIZE), empty="kept").output == {}


def test_what_is_invalid_poisons_the_item_or_the_list() -> None:
    result = run_rules(BOXES, boxes_rule(SIZE), invalid=["/boxes/1"])
    assert to_python(result.traced_output) == {"Boxes": [{"Size": 1}, POISON, {}]}
    assert result.output is None
    assert result.partial_output == {"Boxes": [{"Size": 1}, {}]}
    assert to_python(run_rules(BOXES, boxes_rule(SIZE), invalid=["/boxes"]).traced_output) == {"Boxes": POISON}
    unknown = boxes_rule(SIZE, when={"present": get("/boxes/0/size")})
    assert to_python(run_rules(BOXES, unknown, invalid=["/boxes/0/size"]).traced_output) == {"Boxes": POISON}


def test_where_it_is_unknown_which_items_there_are_so_is_whether_there_are_any() -> None:
    chosen = {"each": get("/boxes"), "where": {"equals": [get("@/size"), const(1)]}}
    any_at_all = rule("any", when={"nonempty": out("/Boxes")}, report="warning", code="Some", at=get(""), message="m")
    result = run_rules(
        {"boxes": [{"size": 1}]}, boxes_rule(SIZE, over=chosen), verify=[any_at_all], invalid=["/boxes/0/size"]
    )
    assert result.findings == ()


def test_the_trace_names_the_inner_rule_and_the_inputs() -> None:
    result = run(load(rule_file(boxes_rule(SIZE))), BOXES, explaining=True)
    assert result.trace is not None
    found = {value.pointer: (value.rules, value.inputs) for value in result.trace.written}
    assert found["/Boxes/0/Size"] == (("size",), ("/boxes/0/size",))
    assert found["/Boxes"] == (("size", "each"), ("/boxes/0/size", "/boxes/1/size", "/boxes/2"))


def test_a_value_that_reads_neither_item_nor_output_is_worked_out_once() -> None:
    calls: list[str] = []

    def upper_counted(text: str) -> str:
        calls.append(text)
        return text.upper()

    shared = {"call": "upper", "with": [get("/name")]}
    ruleset = load(
        rule_file(boxes_rule(rule("name", put="/Name", value=shared), rule("again", put="/Again", value=shared)))
    )
    counted = {**ruleset.functions, "upper": ruleset.functions["upper"]._replace(apply=upper_counted)}
    result = run(replace(ruleset, functions=counted), {"name": "n", "boxes": [1, 2, 3]})
    assert result.output == {"Boxes": [{"Name": "N", "Again": "N"}] * 3}
    assert len(calls) == 2  # the expression stands twice


def test_a_value_of_the_items_own_output_is_worked_out_for_each_rule() -> None:
    name = rule("name", put="/Name", value=get("@"))
    loud = rule("loud", put="/Loud", value={"call": "upper", "with": [out("/Name")]})
    both = rule(
        "both", put="/Both", value={"call": "join", "with": [{"list": [out("/Name"), out("/Loud")]}, get("/s")]}
    )
    result = run_rules({"boxes": ["a", "b"], "s": "-"}, boxes_rule(name, loud, both))
    assert result.output == {
        "Boxes": [{"Name": "a", "Loud": "A", "Both": "a-A"}, {"Name": "b", "Loud": "B", "Both": "b-B"}]
    }


def test_what_is_passed_over_for_the_items_is_told_and_what_a_test_passes_over_is_not() -> None:
    over = {"first": [get("/boxes"), get("/crates")]}
    tested = {"equals": [{"first": [get("/a"), get("/b")]}, const(1)]}
    chosen = rule("chosen", put="/Chosen", value={"choose": [{"when": tested, "value": const("x")}]})
    document = {"boxes": [{"size": 1}], "crates": [{"size": 2}], "a": 1, "b": 2}
    result = run(load(rule_file(boxes_rule(SIZE, over=over), chosen)), document, explaining=True)
    assert result.trace is not None
    assert set(result.trace.overridden) == {"/crates/0/size"}


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
        load(rule_file(boxes_rule(rule("inner", **inner))))


ORDER = {"type": "object", "properties": {"boxes": {"type": "array", "items": {
    "type": "object", "properties": {"size": {"type": "integer"}, "mark": {"type": "string"}},
    "additionalProperties": False}}}, "additionalProperties": False}  # fmt: skip
PARCEL = {"type": "object", "properties": {"Boxes": {"type": "array", "items": {
    "type": "object", "properties": {"Size": {"type": "integer"}, "Mark": {"type": "string"}},
    "additionalProperties": False}}, "Text": {"type": "string"}}}  # fmt: skip
MARK = rule("mark", put="/Mark", value=get("@/mark"))


def lint_problems(*rules: Any) -> list[str]:
    return [f"{problem.kind} at {problem.location}" for problem in check(load(rule_file(*rules), ORDER, PARCEL))]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([boxes_rule(SIZE, MARK)], []),
        ([boxes_rule(SIZE)], ["unread at /boxes/*/mark"]),
        ([boxes_rule(SIZE, rule("mark", when={"present": get("@/size")}, put="/Mark", value=get("@/mark")))],
         ["unread at /boxes/*/mark"]),
        ([boxes_rule(SIZE, MARK, rule("odd", put="/Odd", value=const(1)))], ["unknown-output at odd"]),
        ([boxes_rule(SIZE, rule("mark", put="/Mark", value={"list": [get("@/mark")]}))], ["wrong-type at mark#/value"]),
        ([boxes_rule(SIZE, MARK, rule("twice", put="/Size", value=const(1)))], ["overrides at twice"]),
        ([boxes_rule(SIZE, MARK, rule("early", put="/Mark", value=out("/Text"), overrides=["mark"]))],
         ["unknown-output at early#/value", "wrong-type at early#/value", "read-before-written at early#/value"]),
        ([boxes_rule(SIZE, MARK), rule("again", put="/Boxes", value=const([]))], ["overrides at again"]),
        ([rule("early", put="/Boxes", value=const([])), boxes_rule(SIZE, MARK)], ["overrides at each"]),
        ([rule("each", put_each="/Text", over=get("/boxes"), rules=[])],
         ["wrong-type at each", "unread at /boxes/*/size", "unread at /boxes/*/mark"]),
        ([rule("each", put_each="/Nowhere", over=get("/boxes"), rules=[])],
         ["unknown-output at each", "unread at /boxes/*/size", "unread at /boxes/*/mark"]),
        ([boxes_rule(SIZE, MARK, rule("say", report="warning", code="C", at=get("@/odd"), message="m"))],
         ["unknown-input at say#/at"]),
    ],
)  # fmt: skip
def test_the_checker_looks_inside(rules: list[Any], found: list[str]) -> None:
    assert sorted(lint_problems(*rules)) == sorted(found)
