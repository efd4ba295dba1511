"""What each value operator gives, absent and empty values among it."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine.traced_value import ABSENT
from tests.engine.helpers import const, evaluate, get, rule, run_rules

ORDER = {
    "number": 7,
    "gift": None,
    "note": "",
    "lines": [
        {"sku": "cup", "count": 2, "tags": ["red", "new"]},
        {"sku": "pot", "count": 1, "tags": ["blue"]},
        {"sku": "cup", "count": 5, "tags": []},
    ],
    "prices": {"pot": 30, "cup": 4, "Älg": 9, "a/b~c": 1},
    "none": [],
    "codes": [1, True, 1.0, "1", [1], [True], 1],
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (get("/number"), 7),
        (get("/lines/1/sku"), "pot"),
        (get("/prices/a~1b~0c"), 1),
        (get("/gift"), None),
        (get("/note"), ""),
        (get("/none"), []),
        (get("/nothing"), ABSENT),
        (get("/nothing/below"), ABSENT),
        (get("/gift/below"), ABSENT),
        (get("/number/0"), ABSENT),
        (get("/lines/3"), ABSENT),
        (get("/lines/01"), ABSENT),
        (get("/lines/-"), ABSENT),
        (get("/lines/" + "9" * 5000), ABSENT),
    ],
)
def test_get_reads_the_input_at_a_pointer(value: Any, expected: Any) -> None:
    assert evaluate(value, ORDER) == expected


def test_get_of_the_empty_pointer_is_the_whole_document() -> None:
    assert evaluate(get(""), ORDER) == ORDER


@pytest.mark.parametrize("literal", [None, True, 0, 1.5, "", "x", [], {}, {"a": [1, {"b": None}]}])
def test_const_is_the_json_as_it_stands(literal: Any) -> None:
    assert evaluate(const(literal)) == literal


def test_out_reads_what_earlier_rules_wrote() -> None:
    result = run_rules(
        ORDER,
        rule("first", put="/a/b", value=get("/number")),
        rule("second", put="/c", value={"list": [{"out": "/a/b"}, {"out": "/a/x"}, {"out": "/c"}]}),
    )
    assert result.output == {"a": {"b": 7}, "c": [7]}


def test_names_are_the_properties_that_the_output_schema_documents() -> None:
    parcel: dict[str, Any] = {"properties": {"box": {"properties": {"Width": {}, "Height": {}}}}}
    result = run_rules(ORDER, rule("names", put="/names", value={"names": "/box"}), parcel=parcel)
    assert result.output == {"names": ["Width", "Height"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"object": {"n": get("/number"), "x": get("/nothing"), "g": get("/gift")}}, {"n": 7, "g": None}),
        ({"object": {"x": get("/nothing")}}, {}),
        ({"list": [get("/number"), get("/nothing"), get("/gift"), get("/none")]}, [7, None, []]),
        ({"first": [get("/nothing"), get("/gift"), get("/number")]}, None),
        ({"first": [get("/nothing"), get("/none"), get("/number")]}, []),
        ({"first": [get("/nothing")]}, ABSENT),
        ({"first": []}, ABSENT),
        ({"at": get("/prices"), "key": get("/lines/1/sku")}, 30),
        ({"at": get("/prices"), "key": const("a/b~c")}, 1),
        ({"at": get("/prices"), "key": const("pan")}, ABSENT),
        ({"at": get("/prices"), "key": get("/nothing")}, ABSENT),
        ({"at": get("/prices"), "key": get("/number")}, ABSENT),
        ({"at": get("/nothing"), "key": const("pot")}, ABSENT),
        ({"at": get("/lines"), "key": const("0")}, ABSENT),
        ({"at": get("/lines"), "key": const("9" * 5000)}, ABSENT),
        ({"merge": [const({"a": 1, "b": 1}), get("/nothing"), const({"b": {"c": 2}})]}, {"a": 1, "b": {"c": 2}}),
        ({"merge": [const({"b": {"c": 1}}), const({"b": {"d": 2}})]}, {"b": {"d": 2}}),
        ({"merge": [get("/nothing")]}, ABSENT),
        ({"without": const({"a": 1, "b": 2}), "keys": ["b", "c"]}, {"a": 1}),
        ({"without": const({"a": 1}), "keys": []}, {"a": 1}),
        ({"without": const([1]), "keys": ["0"]}, [1]),
        ({"without": get("/nothing"), "keys": ["a"]}, ABSENT),
        ({"concat": [const([1, 2]), get("/nothing"), get("/none"), const([2])]}, [1, 2, 2]),
        ({"concat": [get("/nothing")]}, ABSENT),
    ],
)
def test_values_made_of_others_leave_out_what_is_absent(value: Any, expected: Any) -> None:
    assert evaluate(value, ORDER) == expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (1, "one"),
        (1.0, "one"),
        (True, "yes"),
        (False, "else"),
        (0, "else"),
        ("1", "text"),
        (None, "null"),
        ([1.0], "list"),
        ([True], "else"),
        ({"b": 1, "a": 2}, "object"),
    ],
)
def test_lookup_finds_the_row_of_the_same_type_and_value(of: Any, expected: str) -> None:
    table = [[1, "one"], [1, "again"], [True, "yes"], ["1", "text"], [None, "null"]]
    table += [[[1], "list"], [{"a": 2, "b": 1}, "object"]]
    assert evaluate({"lookup": const(of), "table": table, "default": const("else")}) == expected


@pytest.mark.parametrize("of", [const(3), get("/nothing")])
def test_lookup_without_default_is_absent_where_no_row_fits(of: Any) -> None:
    assert evaluate({"lookup": of, "table": [[1, "one"]]}, ORDER) is ABSENT
    assert evaluate({"lookup": of, "table": [[1, "one"]], "default": const("else")}, ORDER) == "else"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [2, 1, 5]),
        ({"where": {"equals": [get("@/sku"), const("cup")]}}, [2, 5]),
        ({"where": {"equals": [get("@/sku"), const("pan")]}}, []),
        ({"skip": 1}, [1, 5]),
        ({"skip": 4}, []),
        ({"skip": 1, "where": {"equals": [get("@/sku"), const("cup")]}}, [5]),
        ({"take": "first"}, 2),
        ({"take": "last"}, 5),
        ({"take": "first", "skip": 1}, 1),
        ({"take": "last", "where": {"equals": [get("@/sku"), const("pot")]}}, 1),
        ({"take": "first", "skip": 9}, ABSENT),
        ({"take": "last", "skip": 9}, ABSENT),
    ],
)
def test_each_goes_over_the_items_of_a_list(more: dict[str, Any], expected: Any) -> None:
    assert evaluate({"each": get("/lines"), "value": get("@/count"), **more}, ORDER) == expected


def test_each_without_value_gives_the_items_and_leaves_out_absent_ones() -> None:
    assert evaluate({"each": get("/lines/0/tags")}, ORDER) == ["red", "new"]
    assert evaluate({"each": get("/lines"), "value": get("@/tags/1")}, ORDER) == ["new"]
    assert evaluate({"each": get("/lines"), "value": get("@/tags/1"), "take": "last"}, ORDER) == "new"
    assert evaluate({"each": get("/nothing")}, ORDER) is ABSENT


def test_each_over_an_object_goes_by_the_code_points_of_its_keys() -> None:
    keys = {"each": get("/prices"), "value": get("@/key")}
    values = {"each": get("/prices"), "value": get("@/value")}
    assert evaluate(keys, ORDER) == ["a/b~c", "cup", "pot", "Älg"]
    assert evaluate(values, ORDER) == [1, 4, 30, 9]
    assert evaluate({"each": get("/prices"), "take": "first"}, ORDER) == {"key": "a/b~c", "value": 1}


def test_the_item_outside_is_reached_with_a_caret() -> None:
    pair = {"list": [get("@^/sku"), get("@"), get("/number")]}
    inner = {"each": get("@/tags"), "value": pair}
    assert evaluate({"each": get("/lines"), "value": inner}, ORDER) == [
        [["cup", "red", 7], ["cup", "new", 7]],
        [["pot", "blue", 7]],
        [],
    ]


def test_what_reads_no_item_and_what_reads_one_are_both_evaluated_right_in_a_loop() -> None:
    known = {"each": get("/lines"), "value": get("@/sku")}
    mine = {"each": get("@/tags"), "value": {"call": "upper", "with": [get("@")]}}
    value = {"each": get("/lines"), "value": {"object": {"all": known, "mine": mine}}}
    skus = ["cup", "pot", "cup"]
    assert evaluate(value, ORDER) == [
        {"all": skus, "mine": ["RED", "NEW"]},
        {"all": skus, "mine": ["BLUE"]},
        {"all": skus, "mine": []},
    ]


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(5, "early"), (11, "day"), (23, "late")],
)
def test_choose_gives_the_value_of_the_first_case_that_holds(hour: int, expected: str) -> None:
    cases = [
        {"when": {"between": get("/hour"), "least": 0, "most": 8}, "value": const("early")},
        {"when": {"between": get("/hour"), "least": 0, "most": 18}, "value": const("day")},
    ]
    assert evaluate({"choose": cases, "otherwise": const("late")}, {"hour": hour}) == expected
    assert evaluate({"choose": cases}, {"hour": 23}) is ABSENT


def test_index_keeps_the_first_item_of_the_same_text() -> None:
    value = {"index": get("/lines"), "by": get("@/sku")}
    assert evaluate(value, ORDER) == {"cup": ORDER["lines"][0], "pot": ORDER["lines"][1]}  # type: ignore[index]
    assert evaluate({"index": get("/lines"), "by": get("@/count")}, ORDER) == {}
    assert evaluate({"index": get("/prices"), "by": get("@/key")}, {"prices": {"pot": 3}}) == {
        "pot": {"key": "pot", "value": 3}
    }


def test_distinct_keeps_the_first_of_each_in_order_and_tells_true_from_one() -> None:
    found = evaluate({"distinct": get("/codes")}, ORDER)
    assert [(type(each), each) for each in found] == [
        (int, 1),
        (bool, True),
        (str, "1"),
        (list, [1]),
        (list, [True]),
    ]
    assert evaluate({"distinct": const(["b", "a", "b"])}) == ["b", "a"]
    assert evaluate({"distinct": const([{"a": 1, "b": 2}, {"b": 2.0, "a": 1}])}) == [{"a": 1, "b": 2}]


def test_duplicates_are_the_items_for_which_by_gives_what_it_gave_before() -> None:
    assert evaluate({"duplicates": get("/lines"), "by": get("@/sku")}, ORDER) == [ORDER["lines"][2]]  # type: ignore[index]
    assert evaluate({"duplicates": get("/lines"), "by": get("@/tags/1")}, ORDER) == []
    assert evaluate({"duplicates": get("/codes"), "by": get("@")}, ORDER) == [1.0, 1]


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("upper", [get("/lines/0/sku")], "CUP"),
        ("join", [{"each": get("/lines"), "value": get("@/sku")}, const("+")], "cup+pot+cup"),
        ("upper", [get("/nothing")], ABSENT),
        ("join", [get("/lines/0/tags"), get("/nothing")], ABSENT),
        ("upper", [get("/number")], ABSENT),
    ],
)
def test_call_gives_what_the_function_makes_of_its_arguments(function: str, arguments: Any, expected: Any) -> None:
    assert evaluate({"call": function, "with": arguments}, ORDER) == expected


def test_an_empty_list_or_object_writes_nothing_unless_it_is_kept() -> None:
    rules = [
        rule("list", put="/list", value=get("/none")),
        rule("object", put="/object", value={"object": {"x": get("/nothing")}}),
        rule("text", put="/text", value=get("/note")),
        rule("null", put="/null", value=get("/gift")),
        rule("member", put="/member", value={"object": {"a": get("/none"), "b": const(1)}}),
        rule("copied", put="/copied", value=get("/lines/2")),
    ]
    always = {"text": "", "null": None, "copied": {"sku": "cup", "count": 5, "tags": []}}
    assert run_rules(ORDER, *rules).output == {"member": {"b": 1}, **always}
    assert run_rules(ORDER, *rules, empty="kept").output == {
        "list": [],
        "object": {},
        "member": {"a": [], "b": 1},
        **always,
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"flatten": {"each": "/lines", "value": "@/tags"}}, ["red", "new", "blue"]),
        ({"flatten": "/none"}, []),
        ({"flatten": "/nothing"}, ABSENT),
        ({"flatten": "/codes"}, [1, True]),
        ({"flatten": const([[1, [2]], "x", None, 3, {"b": 1, "a": [2]}])},
         [1, [2], {"key": "a", "value": [2]}, {"key": "b", "value": 1}]),
        ({"flatten": {"object": {"a": const([1]), "b": const([2])}}},
         [{"key": "key", "value": "a"}, {"key": "value", "value": [1]},
          {"key": "key", "value": "b"}, {"key": "value", "value": [2]}]),
    ],
)  # fmt: skip
def test_flatten_gives_the_items_of_the_items(value: Any, expected: Any) -> None:
    assert evaluate(value, ORDER) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"zip": {"line": {"each": "/lines", "value": "@/sku"}, "count": {"each": "/lines", "value": "@/count"}}},
         [{"line": "cup", "count": 2}, {"line": "pot", "count": 1}, {"line": "cup", "count": 5}]),
        ({"zip": {"tag": const(["new"]), "line": {"each": "/lines", "value": "@/sku"}, "none": "/nothing"}},
         [{"tag": "new", "line": "cup"}, {"line": "pot"}, {"line": "cup"}]),
        ({"zip": {"price": const({"b": 1, "a": 2}), "text": const("x")}},
         [{"price": {"key": "a", "value": 2}}, {"price": {"key": "b", "value": 1}}]),
        ({"zip": {"line": "/none"}}, []),
        ({"zip": {"line": "/nothing", "code": "/neither"}}, ABSENT),
    ],
)  # fmt: skip
def test_zip_puts_the_items_of_lists_side_by_side(value: Any, expected: Any) -> None:
    assert evaluate(value, ORDER) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"index": "/lines", "by": "@/sku", "value": "@/count"}, {"cup": 2, "pot": 1}),
        ({"index": "/prices", "by": {"upper": "@/key"}, "value": {"list": ["@/value"]}},
         {"A/B~C": [1], "CUP": [4], "POT": [30], "ÄLG": [9]}),
        ({"index": "/lines", "by": "@/sku", "value": "@/nothing"}, {}),
        ({"index": "/lines", "by": "@/sku", "value": {"each": "@/tags", "take": "last"}},
         {"cup": "new", "pot": "blue"}),
        ({"index": "/codes", "by": "@", "value": None}, {"1": None}),
        ({"index": "/nothing", "by": "@", "value": 1}, ABSENT),
    ],
)  # fmt: skip
def test_index_can_give_a_value_for_each_key(value: Any, expected: Any) -> None:
    assert evaluate(value, ORDER) == expected


def test_an_item_without_a_value_leaves_its_key_to_the_next() -> None:
    document = {"lines": [{"sku": "cup"}, {"sku": "cup", "count": 1}, {"sku": "cup", "count": 2}]}
    assert evaluate({"index": "/lines", "by": "@/sku", "value": "@/count"}, document) == {"cup": 1}
