"""The trace of a run: rules, inputs and discarded inputs of each output value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given

from compiler.engine import RulesetError, Trace, run
from tests.engine.helpers import const, get, load, out, rule, rule_file, true
from tests.strategies.messages import JSON


def run_traced(document: Any, *build: Any, override: Any = (), fan_out: Any = ()) -> Trace:
    """The trace of a run of these rules, whose output may be anything."""
    ruleset = load(rule_file(*build, override=override, fan_out=list(fan_out)))
    result = run(ruleset, document, explaining=True)
    untraced = run(ruleset, document)
    assert (result.output, result.findings, result.hits) == (untraced.output, untraced.findings, untraced.hits)
    assert untraced.trace is None
    assert result.trace is not None
    return result.trace


def leaf_provenance(trace: Trace) -> dict[str, tuple[Any, ...]]:
    """The rules and inputs of each value that is no container."""
    return {
        each.pointer: (each.rules, each.inputs)
        for each in trace.written
        if not isinstance(each.value, dict | list) or not each.value
    }


def copy_rule(name: str, source: str, **keys: Any) -> Mapping[str, Any]:
    return rule(name, put=f"/{name}", value=get(source), **keys)


def test_a_copied_value_has_its_rule_and_its_own_leaf() -> None:
    trace = run_traced({"a": {"b": 1, "c": [2]}}, copy_rule("x", "/a"))
    assert leaf_provenance(trace) == {"/x/b": (("x",), ("/a/b",)), "/x/c/0": (("x",), ("/a/c/0",))}
    assert trace.overridden == {}


def test_containers_have_what_all_in_them_have_and_come_first() -> None:
    trace = run_traced(
        {"a": 1, "b": 2}, rule("one", put="/x/a", value=get("/a")), rule("two", put="/x/b", value=get("/b"))
    )
    assert [each.pointer for each in trace.written] == ["", "/x", "/x/a", "/x/b"]
    assert (trace.written[1].rules, trace.written[1].inputs) == (("one", "two"), ("/a", "/b"))
    assert trace.written[1].value == {"a": 1, "b": 2}


def test_a_computed_value_is_made_of_all_its_arguments() -> None:
    value = {
        "call": "join",
        "with": [{"each": get("/names"), "value": {"call": "upper", "with": [get("@")]}}, get("/by")],
    }
    assert leaf_provenance(run_traced({"names": ["a", "b"], "by": "-"}, rule("joined", put="/x", value=value))) == {
        "/x": (("joined",), ("/names/0", "/names/1", "/by"))
    }


def test_only_the_items_that_are_there_count() -> None:
    value = {"each": get("/all"), "where": {"equals": [get("@/keep"), true()]}, "value": get("@/name")}
    document = {"all": [{"keep": True, "name": "a"}, {"keep": False, "name": "b"}]}
    assert leaf_provenance(run_traced(document, rule("kept", put="/x", value=value))) == {
        "/x/0": (("kept",), ("/all/0/name",))
    }


def test_a_chosen_constant_has_what_was_read_to_choose_it() -> None:
    big = {"when": {"equals": [get("/size"), const(9)]}, "value": const("big")}
    dear = {"when": {"all": [{"present": get("/price")}]}, "value": const("dear")}
    chosen = rule("x", put="/x", value={"choose": [big, dear], "otherwise": const("any")}, when={"present": get("/a")})
    for document, read in (
        ({"a": 1, "size": 9, "price": 1}, ("/size",)),
        ({"a": 1, "size": 8, "price": 1}, ("/size", "/price")),
        ({"a": 1, "size": 8}, ("/size",)),
        ({"a": 1}, ("/a",)),
    ):
        assert leaf_provenance(run_traced(document, chosen)) == {"/x": (("x",), read)}
    copied = rule("x", put="/x", value={"choose": [big | {"value": get("/price")}]})
    assert leaf_provenance(run_traced({"size": 9, "price": 1}, copied)) == {"/x": (("x",), ("/price",))}


def test_a_constant_has_what_its_rule_and_the_choices_around_it_test() -> None:
    inner = rule("inner", when={"present": get("/b")}, put="/x", value=true())
    choice = rule("choice", choose=[{"when": {"equals": [get("/a"), const(1)]}, "rules": [inner]}])
    assert leaf_provenance(run_traced({"a": 1, "b": 2, "c": 3}, choice, rule("bare", put="/y", value=const(5)))) == {
        "/x": (("inner",), ("/a", "/b")),
        "/y": (("bare",), ()),
    }


def test_a_lookup_is_made_of_what_is_looked_up() -> None:
    value = {"lookup": get("/a"), "table": [[1, "one"]]}
    assert leaf_provenance(run_traced({"a": 1}, rule("looked", put="/x", value=value))) == {
        "/x": (("looked",), ("/a",))
    }


def test_a_second_writer_passes_over_the_first() -> None:
    trace = run_traced(
        {"a": 1, "b": 2}, copy_rule("x", "/a"), rule("again", put="/x", value=get("/b"), overrides=["x"])
    )
    assert (leaf_provenance(trace), trace.overridden) == ({"/x": (("again",), ("/b",))}, {"/a": ("/b",)})


def test_what_is_merged_keeps_the_rules_of_what_stays() -> None:
    document = {"a": {"m": 1, "n": 2}, "extra": {"x": {"N": 3}}}
    merge = rule("merged", merge_into="", value=get("/extra"), case_blind=["/x"])
    trace = run_traced(document, copy_rule("x", "/a"), override=[merge])
    assert leaf_provenance(trace) == {"/x/m": (("x",), ("/a/m",)), "/x/N": (("merged",), ("/extra/x/N",))}
    assert trace.overridden == {"/a/n": ("/extra/x/N",)}


@pytest.mark.parametrize(
    ("value", "inputs", "overridden"),
    [
        ({"first": [get("/none"), get("/a"), get("/b")]}, ("/a",), {"/b": ("/a",)}),
        (
            {"choose": [{"when": {"present": get("/a")}, "value": get("/a")}], "otherwise": get("/b")},
            ("/a",),
            {"/b": ("/a",)},
        ),
        ({"each": {"list": [get("/a"), get("/b")]}, "take": "last"}, ("/b",), {"/a": ("/b",)}),
    ],
)
def test_what_was_not_taken_is_overridden(value: Any, inputs: Any, overridden: Any) -> None:
    trace = run_traced({"a": 1, "b": 2}, rule("x", put="/x", value=value))
    assert (leaf_provenance(trace), trace.overridden) == ({"/x": (("x",), inputs)}, overridden)


def test_members_that_a_merge_replaces_are_overridden() -> None:
    trace = run_traced(
        {"a": {"m": 1, "n": 1}, "b": {"n": 2}}, rule("x", put="/x", value={"merge": [get("/a"), get("/b")]})
    )
    assert leaf_provenance(trace) == {"/x/m": (("x",), ("/a/m",)), "/x/n": (("x",), ("/b/n",))}
    assert trace.overridden == {"/a/n": ("/b/n",)}


def test_what_is_chosen_in_a_report_overrides_nothing() -> None:
    report_rule = rule("report", report="warning", code="Odd", at={"first": [get("/a"), get("/b")]}, message="odd")
    assert run_traced({"a": 1, "b": 2}, report_rule).overridden == {}
    chosen = {"equals": [{"first": [get("/a"), get("/b")]}, const(1)]}
    for after in (report_rule, report_rule | {"when": chosen}, rule("y", put="/y", value=const(1), when=chosen)):
        assert run_traced({"a": 1, "b": 2}, copy_rule("x", "/a"), after).overridden == {}


def test_looking_at_what_was_not_taken_hits_nothing() -> None:
    inner = {"choose": [{"when": {"present": get("/b")}, "value": get("/b")}]}
    trace = run_traced({"a": 1, "b": 2}, rule("x", put="/x", value={"first": [get("/a"), inner]}))
    assert trace.overridden == {"/b": ("/a",)}


def test_an_empty_value_that_is_merged_overrides_nothing_of_its_kind() -> None:
    merge = rule("merged", merge_into="", value=get("/extra"))
    trace = run_traced({"a": [1], "extra": {"x": []}}, copy_rule("x", "/a"), override=[merge])
    assert (leaf_provenance(trace), trace.overridden) == ({"/x/0": (("x",), ("/a/0",))}, {})


def test_a_fan_out_keeps_the_rules_of_what_it_moves() -> None:
    value = {"object": {"all": {"each": out("/x"), "value": {"object": {"one": get("@"), "kind": const("k")}}}}}
    wrap = rule("wrap", when={"present": get("/a")}, put="", overrides=["*"], value=value)
    assert leaf_provenance(run_traced({"a": [1, 2]}, copy_rule("x", "/a"), fan_out=[wrap])) == {
        "/all/0/one": (("x",), ("/a/0",)),
        "/all/0/kind": (("wrap",), ("/a/0", "/a/1")),
        "/all/1/one": (("x",), ("/a/1",)),
        "/all/1/kind": (("wrap",), ("/a/0", "/a/1")),
    }


def test_a_fan_out_is_for_outputs_without_errors() -> None:
    wrap = rule("wrap", put="", overrides=["*"], value={"object": {"all": {"list": [out("/x")]}}})
    report_rule = rule(
        "report", when={"equals": [get("/a"), const(2)]}, report="error", code="Odd", at=get("/a"), message="odd"
    )
    ruleset = load(rule_file(copy_rule("x", "/a"), verify=[report_rule], fan_out=[wrap]))
    assert run(ruleset, {"a": 1}).output == {"all": [1]}
    refused = run(ruleset, {"a": 2}, explaining=True)
    assert (refused.output, "wrap" in refused.hits) == (None, False)
    assert refused.trace is not None
    assert leaf_provenance(refused.trace) == {"/x": (("x",), ("/a",))}


def test_a_fan_out_that_rests_on_an_invalid_value_gives_no_output() -> None:
    wrap = rule("wrap", when={"present": get("/b")}, put="", overrides=["*"], value={"object": {"all": out("/x")}})
    ruleset = load(rule_file(copy_rule("x", "/a"), fan_out=[wrap]))
    assert run(ruleset, {"a": 1, "b": 2}, {"/b"}).output is None


def test_a_fan_out_moves_no_empties() -> None:
    merge = rule("merged", merge_into="", value=get("/extra"))
    wrap = rule("wrap", put="", overrides=["*"], value={"object": {"all": {"list": [out("")]}}})
    ruleset = load(rule_file(override=[merge], fan_out=[wrap]))
    assert run(ruleset, {"extra": {"x": {}, "y": 1, "z": []}}).output == {"all": [{"y": 1}]}


def test_empties_that_are_left_out_of_the_output_are_not_in_the_trace() -> None:
    merge = rule("merged", merge_into="", value=get("/extra"))
    assert leaf_provenance(run_traced({"extra": {"x": {}, "y": 1}}, override=[merge])) == {
        "/y": (("merged",), ("/extra/y",))
    }


def test_invalid_values_are_no_part_of_the_trace() -> None:
    ruleset = load(rule_file(copy_rule("x", "/a"), copy_rule("y", "/b")))
    result = run(ruleset, {"a": 1, "b": 2}, {"/a"}, explaining=True)
    assert result.trace is not None
    assert leaf_provenance(result.trace) == {"/y": (("y",), ("/b",))}


@pytest.mark.parametrize(
    "forbidden",
    [
        rule("report", report="warning", code="Odd", at=get("/a"), message="odd"),
        rule("merged", merge_into="", value=get("/a")),
        rule("choice", choose=[{"when": {"present": get("/a")}, "rules": [copy_rule("x", "/a")]}]),
        copy_rule("x", "/a", unsupported={"feature": "x", "of": get("/a")}),
        copy_rule(
            "x",
            "/a",
            invalid={"when": {"present": get("/a")}, "report": {"code": "B", "at": get("/a"), "message": "b"}},
        ),
    ],
)
def test_a_fan_out_only_puts(forbidden: Any) -> None:
    with pytest.raises(RulesetError) as raised:
        load(rule_file(fan_out=[forbidden]))
    assert (raised.value.rule, raised.value.key) == (forbidden["id"], "/fan_out")


@given(JSON)
def test_a_copied_document_is_traced_leaf_by_leaf(document: Any) -> None:
    trace = run_traced({"a": document}, copy_rule("x", "/a"))
    for each in trace.written:
        source = {"a": document}
        if each.pointer and not (isinstance(each.value, dict | list) and each.value):
            assert each.inputs == (f"/a{each.pointer.removeprefix('/x')}",)
            assert json.dumps(resolve_pointer(source, each.inputs[0])) == json.dumps(each.value)


def resolve_pointer(document: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document
