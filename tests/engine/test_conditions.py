"""When each test operator holds, and that unknown follows Kleene."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.helpers import const, get, holds

STATION = {
    "name": "Tromsø",
    "height": 100,
    "active": True,
    "broken": None,
    "note": "",
    "readings": [1, 2.5, "3"],
    "none": [],
    "nobody": {},
    "zero": 0,
    "off": False,
}


@pytest.mark.parametrize(
    ("name", "present", "nonempty"),
    [
        ("name", True, True),
        ("zero", True, True),
        ("off", True, True),
        ("readings", True, True),
        ("broken", True, False),
        ("note", True, False),
        ("none", True, False),
        ("nobody", True, False),
        ("nothing", False, False),
    ],
)
def test_present_and_nonempty(name: str, present: bool, nonempty: bool) -> None:
    assert holds({"present": get(f"/{name}")}, STATION) is present
    assert holds({"nonempty": get(f"/{name}")}, STATION) is nonempty


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        ("", None, False),
        ("1", 1, False),
        ([], {}, False),
        ([1, True], [1.0, True], True),
        ([1, True], [True, 1], False),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1}, {"a": 1, "b": None}, False),
        (2**53 + 1, float(2**53), False),
    ],
)
def test_equals_compares_by_type_and_value(left: Any, right: Any, same: bool) -> None:
    assert holds({"equals": [const(left), const(right)]}) is same
    assert holds({"equals": [const(right), const(left)]}) is same


def test_nothing_equals_an_absent_value_not_even_another() -> None:
    assert holds({"equals": [get("/nothing"), get("/nothing")]}, STATION) is False
    assert holds({"equals": [get("/nothing"), const(None)]}, STATION) is False


@pytest.mark.parametrize(
    ("needle", "haystack", "is_found"),
    [
        (const(1), const([True, 1.0]), True),
        (const(True), const([1, 1.0]), False),
        (const([1]), const([[1.0]]), True),
        (const("a"), const([]), False),
        (const("a"), const("abc"), False),
        (const("a"), get("/nothing"), False),
        (get("/nothing"), const([None]), False),
        (const({"key": "a", "value": 1}), const({"a": 1}), True),
    ],
)
def test_in_looks_for_the_same_json_among_the_items(needle: Any, haystack: Any, is_found: bool) -> None:
    assert holds({"in": [needle, haystack]}, STATION) is is_found


@pytest.mark.parametrize(
    ("pattern", "text", "whole"),
    [
        ("[A-Z]{2}\\-[0-9]+", "AB-17", True),
        ("[A-Z]{2}\\-[0-9]+", "xAB-17", False),
        ("[A-Z]{2}\\-[0-9]+", "AB-17\n", False),
        (".*", "a\nb", True),
        ("", "", True),
        ("[0-9]+", 17, False),
        ("[0-9]+", "٣", False),
        ("a?", None, False),
    ],
)
def test_matches_describes_the_whole_string(pattern: str, text: Any, whole: bool) -> None:
    assert holds({"matches": const(text), "pattern": pattern}) is whole


@pytest.mark.parametrize(
    ("texts", "text", "held"),
    [
        (["{", "}"], "a {b} c", True),
        (["}", "{"], "a {b} c", False),
        (["aa", "aa"], "aaa", False),
        (["aa", "aa"], "aaaa", True),
        ([], "", True),
        (["1"], 1, False),
        (["1"], ["1"], False),
    ],
)
def test_contains_finds_the_texts_one_after_the_other(texts: list[str], text: Any, held: bool) -> None:
    assert holds({"contains": const(text), "texts": texts}) is held


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "number"),
        (1.5, "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_type_is_the_json_type(value: Any, kind: str) -> None:
    kinds = ["null", "boolean", "number", "string", "array", "object"]
    assert [each for each in kinds if holds({"type": const(value), "is": [each]})] == [kind]
    assert holds({"type": const(value), "is": kinds}) is True
    assert holds({"type": const(value), "is": []}) is False


def test_an_absent_value_has_no_type() -> None:
    assert holds({"type": get("/nothing"), "is": ["null", "object"]}, STATION) is False


@pytest.mark.parametrize(
    ("value", "held"),
    [(1, False), (2, True), (2.5, True), (4, True), (4.1, False), ("3", False), (None, False), ([3], False)],
)
def test_between_holds_the_bounds_themselves_too(value: Any, held: bool) -> None:
    assert holds({"between": const(value), "least": 2, "most": 4}) is held


def test_between_takes_no_boolean_for_a_number() -> None:
    assert holds({"between": const(True), "least": 0, "most": 4}) is False


YES = {"present": get("/name")}
NO = {"present": get("/nothing")}
UNSET = {"present": get("/height")}
BY_NAME = {"true": YES, "false": NO, "unknown": UNSET}
HELD = {"true": True, "false": False, "unknown": None}


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        ("true", "true", "true", "true"),
        ("true", "false", "false", "true"),
        ("false", "false", "false", "false"),
        ("true", "unknown", "unknown", "true"),
        ("false", "unknown", "false", "unknown"),
        ("unknown", "unknown", "unknown", "unknown"),
    ],
)
def test_all_and_any_follow_kleene(left: str, right: str, both: str, either: str) -> None:
    for pair in ([BY_NAME[left], BY_NAME[right]], [BY_NAME[right], BY_NAME[left]]):
        assert holds({"all": pair}, STATION, ["/height"]) is HELD[both]
        assert holds({"any": pair}, STATION, ["/height"]) is HELD[either]


def test_all_of_none_holds_and_any_of_none_does_not() -> None:
    assert holds({"all": []}) is True
    assert holds({"any": []}) is False


def test_not_leaves_unknown_unknown() -> None:
    assert holds({"not": YES}, STATION) is False
    assert holds({"not": NO}, STATION) is True
    assert holds({"not": UNSET}, STATION, ["/height"]) is None


@pytest.mark.parametrize(
    "test",
    [
        {"present": get("/height")},
        {"nonempty": get("/height")},
        {"equals": [get("/height"), const(100)]},
        {"equals": [const(100), get("/height")]},
        {"in": [get("/height"), const([100])]},
        {"in": [const(100), get("/height")]},
        {"matches": get("/height"), "pattern": ".*"},
        {"contains": get("/height"), "texts": []},
        {"type": get("/height"), "is": ["number"]},
        {"between": get("/height"), "least": 0, "most": 999},
        {"equals": [get(""), const(1)]},
    ],
)
def test_every_test_of_an_invalid_value_is_unknown(test: Any) -> None:
    assert holds(test, STATION, ["/height"]) is None
    assert holds(test, STATION) is not None


def test_a_list_with_an_invalid_item_is_a_list_and_holds_what_is_known() -> None:
    invalid = ["/readings/0"]
    assert holds({"present": get("/readings")}, STATION, invalid) is True
    assert holds({"nonempty": get("/readings")}, STATION, invalid) is True
    assert holds({"type": get("/readings"), "is": ["array"]}, STATION, invalid) is True
    assert holds({"in": [const(2.5), get("/readings")]}, STATION, invalid) is True
    assert holds({"in": [const(9), get("/readings")]}, STATION, invalid) is None
    assert holds({"equals": [get("/readings"), const([])]}, STATION, invalid) is None
