"""`merge_into`: the members of an object over those of the output."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine.traced_value import POISON
from tests.engine.helpers import const, get, rule, run_rules, to_python

PARCEL: dict[str, Any] = {"properties": {"BoxSize": {}, "Labels": {"properties": {"To-Door": {}}}}}


def merge(base: Any, overlay: Any, case_blind: list[str] | None = None, target: str = "") -> Any:
    """The output after `base` is written and `overlay` is merged into it."""
    blind = {} if case_blind is None else {"case_blind": case_blind}
    put = rule("below", put="", value=const(base))
    merge = rule("above", merge_into=target, value=get("/overlay"), **blind)
    return run_rules({"overlay": overlay}, put, override=[merge], parcel=PARCEL).output


@pytest.mark.parametrize(
    ("base", "overlay", "expected"),
    [
        ({"a": 1, "b": 2}, {"b": 3, "c": None}, {"a": 1, "b": 3, "c": None}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}}, {"a": {"x": 1, "y": 3}}),
        ({"a": {"x": {"p": 1, "q": 2}}}, {"a": {"x": {"q": 3}}}, {"a": {"x": {"q": 3}}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({"a": {"x": 1}}, {"a": 1}, {"a": 1}),
        ({"a": {"x": 1}}, {"a": {}}, {"a": {"x": 1}}),
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, {"A": 2}, {"a": 1, "A": 2}),
    ],
)
def test_members_win_and_objects_are_merged_one_level_deep(base: Any, overlay: Any, expected: Any) -> None:
    assert merge(base, overlay) == expected


def test_an_absent_value_merges_nothing() -> None:
    put = rule("below", put="/a", value=const(1))
    assert run_rules({}, put, override=[rule("above", merge_into="", value=get("/overlay"))]).output == {"a": 1}


@pytest.mark.parametrize(
    ("base", "overlay", "expected"),
    [
        ({"BoxSize": 1}, {"boxsize": 2}, {"BoxSize": 2}),
        ({"boxSIZE": 1}, {"boxsize": 2}, {"BoxSize": 2}),
        ({}, {"BOXSIZE": 2}, {"BoxSize": 2}),
        ({"colour": 1}, {"Colour": 2}, {"Colour": 2}),
        ({"Labels": {"A": 1}}, {"labels": {"a": 2}}, {"Labels": {"A": 1, "a": 2}}),
        ({}, {"colour": 1, "Colour": 2}, {"colour": 1}),
    ],
)
def test_a_blind_name_is_spelled_as_documented_or_else_as_the_overriding_one(
    base: Any, overlay: Any, expected: Any
) -> None:
    assert merge(base, overlay, [""]) == expected


@pytest.mark.parametrize(
    ("base", "overlay", "expected"),
    [
        ({"Labels": {"a": 1}}, {"Labels": {"A": 2}}, {"Labels": {"A": 2}}),
        ({"Labels": {}}, {"Labels": {"to-door": 2}}, {"Labels": {"To-Door": 2}}),
        ({"x": 1}, {"Labels": {"to-door": 2}}, {"x": 1, "Labels": {"To-Door": 2}}),
        ({"x": 1}, {"labels": {"to-door": 2}}, {"x": 1, "labels": {"to-door": 2}}),
    ],
)
def test_only_the_names_at_the_blind_pointers_are_blind(base: Any, overlay: Any, expected: Any) -> None:
    assert merge(base, overlay, ["/Labels"]) == expected


def test_the_blind_pointers_start_at_the_target() -> None:
    below = {"Labels": {"TO-DOOR": 1}, "BOXSIZE": 1}
    assert merge(below, {"to-door": 2}, [""], target="/Labels") == {"Labels": {"To-Door": 2}, "BOXSIZE": 1}
    assert merge(below, {"to-door": 2}, ["/Labels"], target="/Labels") == {
        "Labels": {"TO-DOOR": 1, "to-door": 2},
        "BOXSIZE": 1,
    }


def test_the_order_of_keys_changes_nothing_even_where_names_are_blind() -> None:
    above = {"colour": {"r": 1}, "Colour": {"g": 2}, "COLOUR": {"b": 3}}
    backwards = dict(reversed(above.items()))
    assert merge({}, above, [""]) == merge({}, backwards, [""]) == {"colour": {"b": 3, "g": 2, "r": 1}}
    assert merge(above, {"coLour": {"x": 4}}, [""]) == merge(backwards, {"coLour": {"x": 4}}, [""])


def test_merging_over_what_is_not_known_leaves_it_unknown() -> None:
    put = rule("below", put="/a/b", value=get("/bad"))
    over_it = rule("above", merge_into="/a/b", value=const({"x": 1}))
    above_it = rule("above", merge_into="/a", value=const({"b": {"x": 1}, "c": 2}))
    scalar = rule("above", merge_into="/a", value=const({"b": 1}))
    assert to_python(run_rules({"bad": {}}, put, override=[over_it], invalid=["/bad"]).traced_output) == {
        "a": {"b": POISON}
    }
    assert to_python(run_rules({"bad": {}}, put, override=[above_it], invalid=["/bad"]).traced_output) == {
        "a": {"b": POISON, "c": 2}
    }
    assert run_rules({"bad": {}}, put, override=[scalar], invalid=["/bad"]).output == {"a": {"b": 1}}


def test_merging_what_is_invalid_poisons_the_target() -> None:
    put = rule("below", put="/a/b", value=const(1))
    merge = rule("above", merge_into="/a", value=get("/bad"))
    result = run_rules({"bad": {}}, put, override=[merge], invalid=["/bad"])
    assert to_python(result.traced_output) == {"a": POISON}
    assert result.output is None


@pytest.mark.parametrize(
    ("base", "overlay", "expected"),
    [
        ({"a": {"x": {"p": 1, "q": 2}}}, {"a": {"x": {"q": 3}}}, {"a": {"x": {"p": 1, "q": 3}}}),
        ({"a": {"x": {"p": {"r": 1}}}}, {"a": {"x": {"p": {"s": 2}}}}, {"a": {"x": {"p": {"r": 1, "s": 2}}}}),
        ({"a": {"x": [1]}}, {"a": {"x": [2]}}, {"a": {"x": [2]}}),
        ({"a": {"x": 1}}, {"a": {"x": {"p": 1}}}, {"a": {"x": {"p": 1}}}),
        ({"a": {"x": {"p": 1}}}, {"a": {"x": None}}, {"a": {"x": None}}),
    ],
)
def test_a_deep_merge_reaches_every_level(base: Any, overlay: Any, expected: Any) -> None:
    put = rule("below", put="", value=const(base))
    merge_rule = rule("above", merge_into="", value="/overlay", deep=True)
    assert run_rules({"overlay": overlay}, put, override=[merge_rule]).output == expected


def test_an_invalid_part_of_a_deep_merge_poisons_only_itself() -> None:
    put = rule("below", put="", value="/base")
    merge_rule = rule("above", merge_into="", value="/overlay", deep=True)
    document = {"base": {"a": {"x": {"p": 1, "q": 2}}}, "overlay": {"a": {"x": {"q": 3}, "y": 4}}}
    result = run_rules(document, put, override=[merge_rule], invalid=["/base/a/x/p"])
    assert to_python(result.traced_output) == {"a": {"x": {"p": POISON, "q": 3}, "y": 4}}


# --- Empty values of single rules -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("empty", "written"), [("kept", {"a": {"list": []}, "b": []}), ("omitted", {})])
def test_a_put_can_keep_or_omit_empty_values_by_itself(empty: str, written: Any) -> None:
    rules = [
        rule("a", put="/a", value={"object": {"list": "/none", "absent": "/nothing"}}, empty=empty),
        rule("b", put="/b", value="/none", empty=empty),
    ]
    other = "omitted" if empty == "kept" else "kept"
    assert run_rules({"none": []}, *rules, empty=other).output == written


def test_a_kept_empty_value_survives_a_merge() -> None:
    rules = [rule("a", put="/a", value="/none", empty="kept"), rule("b", put="/b", value=const(1))]
    merge_rule = rule("above", merge_into="", value="/overlay")
    result = run_rules({"none": [], "overlay": {"b": [], "c": {}}}, *rules, override=[merge_rule])
    assert result.output == {"a": []}
