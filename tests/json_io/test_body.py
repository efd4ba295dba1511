"""Bodies from outside: everything readable is read, every issue is reported at its path, nothing raises."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.json_io.body import Body, read_body
from compiler.json_io.issues import MORE_ERRORS, MORE_HINT, ParseIssue
from compiler.json_io.parse import parse_json
from compiler.json_io.plain import MAXIMUM_CONTAINERS, MAXIMUM_DEPTH
from compiler.json_io.pointer import format_pointer
from compiler.json_io.sanitize import sanitize
from tests.json_io.test_parse import (
    ANY_TEXT,
    NEARLY_JSON,
    SURROGATES,
    VALUES,
    FakeStr,
    HostileDict,
    HostileFloat,
    HostileInt,
    HostileKey,
    HostileList,
    HostileObject,
    HostileStr,
    HostileTuple,
    json_values,
    nested,
    short,
)

# Pieces of JSON text: some of the generated texts are JSON with issues, and the rest is almost JSON.
PIECES = st.sampled_from(
    [*'[]{}",:\\ \n-1', '"a":', '"a"', '"\\ud83d"', '"\ude00":', "1e999", "1.0e20", "NaN", "true", "[" * 101, "]" * 101]
)
SURROGATE_VALUES = json_values(st.text(st.one_of(st.sampled_from("a\ufffd"), SURROGATES), max_size=2))


def issues(body: Body) -> list[tuple[str, str]]:
    return [(issue.path, issue.reason or MORE_ERRORS) for issue in body.issues]


def pointers(value: Any, path: str = "") -> Iterator[str]:
    """Yield the pointers of a value and of all values in it, in document order."""
    yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from pointers(item, path + format_pointer([key]))


def assert_sound(body: Body) -> None:
    """Assert what is true of every body."""
    if body.is_json:
        json.dumps(body.value, allow_nan=False, ensure_ascii=False).encode()
    else:
        assert body.value is None
        assert len(body.issues) == 1
    assert repr(read_body([body.value]).value) == repr([body.value])  # exact built-in types only, and no issues
    all_pointers = list(pointers(body.value))
    positions = [all_pointers.index(issue.path) for issue in body.issues]
    assert positions == sorted(positions)
    assert len(set(issues(body))) == len(body.issues)
    for issue in body.issues:
        (issue.path + issue.message).encode()
        assert "\n" not in issue.message
        assert len(issue.message) < 150
    if body.text is not None:
        body.text.encode()


def assert_plain(value: Any) -> None:
    assert type(value) in (dict, list, str, int, float, bool, type(None))
    if isinstance(value, dict | list):
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            assert_plain(item)


# Inputs


@pytest.mark.parametrize(
    "body_input",
    [
        '{"é": [1]}',
        '{"é": [1]}'.encode(),
        bytearray('{"é": [1]}'.encode()),
        memoryview('{"é": [1]}'.encode()),
        memoryview(b"".join(bytes([byte, 0]) for byte in '{"é": [1]}'.encode()))[::2],
        '{"é": [1]}'.encode("utf-8-sig"),
        '\ufeff{"é": [1]}',
    ],
    ids=short,
)
def test_text_is_read_from_any_text_or_bytes_type(body_input: object) -> None:
    assert read_body(body_input) == Body({"é": [1]}, True, '{"é": [1]}', ())


def test_text_of_a_subclass_is_text() -> None:
    body = read_body(HostileStr("[1]"))
    assert repr(body) == repr(Body([1], True, "[1]", ()))


@pytest.mark.parametrize("value", [None, True, 0, 1.5, {}, [], {"a": [{"b": None}]}])
def test_parsed_json_has_no_text(value: object) -> None:
    assert read_body(value) == Body(value, True, None, ())


@pytest.mark.parametrize(
    ("body_input", "expected"),
    [
        (((1, 2), ()), [[1, 2], []]),
        (HostileInt(5), 5),
        (HostileFloat(0.5), 0.5),
        ([HostileStr("é"), True], ["é", True]),
        (HostileList([HostileTuple((1, None))]), [[1, None]]),
        (HostileDict({HostileKey("b"): HostileDict()}), {"b": {}}),
    ],
    ids=short,
)
def test_subclasses_become_plain(body_input: object, expected: object) -> None:
    body = read_body(body_input)
    assert repr(body) == repr(Body(expected, True, None, ()))
    assert_plain(body.value)


def test_the_value_shares_nothing_with_the_input() -> None:
    inner: list[Any] = []
    body_input = {"a": inner, "b": inner}
    value = read_body(body_input).value
    value["a"].append(1)
    assert value == {"a": [1], "b": []}
    assert body_input == {"a": [], "b": []}


def test_a_body_is_frozen_and_has_four_fields() -> None:
    assert [field.name for field in fields(Body)] == ["value", "is_json", "text", "issues"]
    with pytest.raises(AttributeError):
        read_body("1").value = 2  # type: ignore[misc]


# Invalid JSON


@pytest.mark.parametrize(
    ("body_input", "reason", "part"),
    [
        ("", "syntax", "line 1, column 1"),
        (b"\xef\xbb\xbf", "syntax", "line 1, column 1"),
        ("\ufeff\ufeff1", "syntax", "line 1, column 1"),
        ("<html>429</html>", "syntax", "line 1, column 1"),
        ('[\n{"a": 1 "b"}]', "syntax", "line 2, column 9"),
        ("[1] [2]", "syntax", "Extra data"),
        ("NaN", "non-finite", "NaN"),
        ('{"a": [-Infinity]}', "non-finite", "-Infinity"),
        (b'{"a": "\xff"}', "encoding", "byte 7"),
        (b'\xef\xbb\xbf"\xff"', "encoding", "byte 4"),
        ('{"a": 1}'.encode("utf-16"), "encoding", "byte 0"),
        (b'"\xed\xa0\xbd"', "encoding", "byte 1"),
        (HostileObject(), "not-json", "HostileObject"),
        (FakeStr(), "not-json", "FakeStr"),
        ({1}, "not-json", "set"),
        (math.nan, "not-json", "nan"),
        pytest.param([[]] * (MAXIMUM_CONTAINERS + 1), "not-json", "1,000,000", marks=pytest.mark.slow),
        pytest.param("[" + "[]," * MAXIMUM_CONTAINERS + "{}]", "not-json", "1,000,000", marks=pytest.mark.slow),
    ],
    ids=short,
)
def test_invalid_json_has_one_issue(body_input: object, reason: str, part: str) -> None:
    body = read_body(body_input)
    assert (body.value, body.is_json, issues(body)) == (None, False, [("", reason)])
    assert part in body.issues[0].message


@pytest.mark.parametrize(
    ("body_input", "text"),
    [
        (b"\xef\xbb\xbf<p>\xe9</p>", "<p>\ufffd</p>"),
        (b"\xef\xbb\xbf<p>", "<p>"),
        ("<p>\ud800</p>", "<p>\ufffd</p>"),
        ('["\ud800"]', '["\ufffd"]'),
        (r'["\ud800"]', r'["\ud800"]'),
        (b"[NaN]", "[NaN]"),
    ],
    ids=short,
)
def test_the_text_is_kept_and_can_be_encoded(body_input: object, text: str) -> None:
    assert read_body(body_input).text == text


def test_a_released_memoryview() -> None:
    view = memoryview(b"[]")
    view.release()
    assert issues(read_body(view)) == [("", "not-json")]


# Issues that affect only their location


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ('{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}, [("", "duplicate-key")]),
        ('[{"a": 1, "a": [{"b/": {"c": 1, "c": 2}}]}]', [{"a": [{"b/": {"c": 2}}]}],
         [("/0", "duplicate-key"), ("/0/a/0/b~1", "duplicate-key")]),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', {"a": 3}, [("", "duplicate-key")]),  # overridden values are not inspected
        (r'["\ud83d", "\ud83d\ude00", "a\udfff\ud800é"]', ["\ufffd", "😀", "a\ufffd\ufffdé"],
         [("/0", "surrogate"), ("/2", "surrogate")]),
        ('["\ud83d"]', ["\ufffd"], [("/0", "surrogate")]),
        (r'{"a": {"\ud83dx": {"b": "\ud83d"}}}', {"a": {"\ufffdx": {"b": "\ufffd"}}},
         [("/a", "surrogate"), ("/a/\ufffdx/b", "surrogate")]),
        (r'{"\ud800": 1, "\ud801": 2}', {"\ufffd": 2}, [("", "surrogate"), ("", "duplicate-key")]),
        (r'{"\ud800": 1, "\ud800": 2}', {"\ufffd": 2}, [("", "duplicate-key"), ("", "surrogate")]),
        (r'"\ud800"', "\ufffd", [("", "surrogate")]),
    ],
)  # fmt: skip
def test_text_with_issues(text: str, value: object, expected: list[tuple[str, str]]) -> None:
    body = read_body(text)
    assert (body.value, body.is_json, issues(body)) == (value, True, expected)
    assert_sound(body)


@pytest.mark.parametrize(
    ("body_input", "value", "expected"),
    [
        ([1, {2}, b"", 3], [1, None, None, 3], [("/1", "not-json"), ("/2", "not-json")]),
        ({"a/b": math.inf, "c": -math.inf}, {"a/b": None, "c": None}, [("/a~1b", "not-json"), ("/c", "not-json")]),
        ([Decimal(1), HostileObject(), FakeStr()], [None] * 3, [(f"/{index}", "not-json") for index in range(3)]),
        ({1: "a", None: "b", "c": {b"": 1}}, {"c": {}}, [("", "not-json"), ("/c", "not-json")]),
        ({"a": "\ud800", "\ud800": 1}, {"a": "\ufffd", "\ufffd": 1}, [("", "surrogate"), ("/a", "surrogate")]),
        ({HostileKey("k"): 1, "k": 2}, {"k": 2}, [("", "duplicate-key")]),
    ],
    ids=short,
)
def test_python_values_with_issues(body_input: object, value: object, expected: list[tuple[str, str]]) -> None:
    body = read_body(body_input)
    assert (body.value, body.is_json, issues(body)) == (value, True, expected)
    assert_sound(body)


def test_a_repeated_key_is_named() -> None:
    (issue,) = read_body('{"event": 1, "time": 1, "time": 2}').issues
    assert "'time'" in issue.message


def test_containers_that_contain_themselves() -> None:
    value: list[Any] = [1]
    value.append({"a": value})
    body = read_body([value, value])
    assert body.value == [[1, {"a": None}]] * 2
    assert issues(body) == [("/0/1/a", "not-json"), ("/1/1/a", "not-json")]


@pytest.mark.slow
def test_exponentially_shared_lists_are_rejected() -> None:
    value: list[Any] = []
    for _ in range(30):
        value = [value, value]
    assert issues(read_body(value)) == [("", "not-json")]


def test_a_flood_of_issues_is_truncated() -> None:
    key = "k" * 1_000_000
    body = read_body({key: ["\ud800"] * 1000})
    assert [issue.path for issue in body.issues] == [f"/{key}/0", ""]
    assert body.value == {key: ["\ufffd"] * 1000}
    *listed, more = read_body(["\ud800"] * 20_000).issues
    assert (len(listed), more) == (
        1000,
        ParseIssue("", None, "19,000 more errors are not listed", MORE_HINT, MORE_ERRORS, 19_000),
    )


# Depth


def test_a_hundred_levels_are_read() -> None:
    value = nested(MAXIMUM_DEPTH)
    assert read_body(json.dumps(value)) == Body(value, True, json.dumps(value), ())
    assert read_body(value) == Body(value, True, None, ())


DEEPEST = "/0" * MAXIMUM_DEPTH


def lists(depth: int, innermost: str = "") -> str:
    return "[" * depth + innermost + "]" * depth


@pytest.mark.parametrize("depth", [MAXIMUM_DEPTH + 1, MAXIMUM_DEPTH + 2, 5000, 100_000])
def test_a_value_nested_too_deeply_does_not_affect_its_neighbors(depth: int) -> None:
    text = f'[{lists(depth - 1)}, {{"event": "open"}}, {lists(depth - 1)}, "]", {lists(MAXIMUM_DEPTH - 1)}]'
    body = read_body(text)
    [first, second, third, fourth, fifth] = body.value
    assert [second, fourth, json.dumps(fifth)] == [{"event": "open"}, "]", lists(MAXIMUM_DEPTH - 1)]
    assert json.dumps(first) == json.dumps(third) == lists(MAXIMUM_DEPTH - 1, "null")
    assert issues(body) == [(f"/{index}" + DEEPEST[2:], "too-deep") for index in (0, 2)]
    assert body.text == text


def test_objects_nested_too_deeply() -> None:
    body = read_body('{"a/":' * 100_000 + "1" + "}" * 100_000)
    assert json.dumps(body.value) == '{"a/": ' * MAXIMUM_DEPTH + "null" + "}" * MAXIMUM_DEPTH
    assert issues(body) == [("/a~1" * MAXIMUM_DEPTH, "too-deep")]


def test_python_values_nested_too_deeply() -> None:
    value: Any = {"a": 1}
    for _ in range(10_000):
        value = [value]
    body = read_body([value, 1])
    assert body.value[1] == 1
    assert issues(body) == [(DEEPEST, "too-deep")]
    assert json.dumps(body.value) == "[" + lists(MAXIMUM_DEPTH - 1, "null") + ", 1]"


def test_the_deepest_level_may_contain_scalars_only() -> None:
    body = read_body(lists(MAXIMUM_DEPTH, '1, [], {"a": 1}, "b"'))
    assert json.dumps(body.value) == lists(MAXIMUM_DEPTH, '1, null, null, "b"')
    assert issues(body) == [(f"{DEEPEST[2:]}/{index}", "too-deep") for index in (1, 2)]


@pytest.mark.parametrize("levels", [1, 5000])
@pytest.mark.parametrize(
    "inner",
    [
        '"]"',
        r'"\"]"',
        r'"\\"',
        '"\\\n]"',
        '"}{[\n"',
        "NaN",
        "1e999",
        "{1: x}",
        r'{"a": 1, "a": "\ud800"}',
        "[{}, {[]}]",
    ],
)
def test_values_nested_too_deeply_are_not_validated(levels: int, inner: str) -> None:
    body = read_body(lists(MAXIMUM_DEPTH, lists(levels, inner) + ', "after"'))
    assert json.dumps(body.value) == lists(MAXIMUM_DEPTH, 'null, "after"')
    assert issues(body) == [(DEEPEST, "too-deep")]


@pytest.mark.parametrize("levels", [1, 5000])
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("DEEP", "Expecting value: line 1, column END"),
        ("DEEP" + "]" * 50, "line 1, column END"),
        ("DEEP}", "line 1, column LAST"),
        ('DEEP{"a": "b]}', "Unterminated string starting at: line 1, column"),
        ('DEEP"\\', "Unterminated string"),
        ("\n1 DEEP]", "Extra data: line 2, column 3"),
        ("[nul, DEEP]", "line 1, column 2"),
    ],
)
def test_unterminated_text_is_invalid_json_at_any_depth(levels: int, text: str, part: str) -> None:
    text = text.replace("DEEP", "[" * (MAXIMUM_DEPTH + levels))
    body = read_body(text)
    assert (body.is_json, issues(body)) == (False, [("", "syntax")])
    assert part.replace("END", str(len(text) + 1)).replace("LAST", str(len(text))) in body.issues[0].message


def test_a_syntax_error_after_deep_nesting_has_its_line() -> None:
    deep = lists(100_000, "\n\n")
    assert "line 4, column 3" in read_body(f"[{deep},\n  }}]").issues[0].message


def test_surplus_closing_brackets_are_an_error() -> None:
    assert "Extra data" in read_body(lists(100_000) + "]").issues[0].message


@given(st.lists(st.sampled_from(["[", "]", '{"a":', "}", "1", '"["', ",", "\n"]), max_size=20), st.integers(0, 12))
def test_the_depth_limit_does_not_depend_on_the_parser(pieces: list[str], missing: int) -> None:
    """Compares a text that Python's parser reads with the same text beside a much deeper value."""
    text = lists(MAXIMUM_DEPTH - missing, "".join(pieces))
    alone = read_body(text)
    beside = read_body(f"[{text[1:-1]}, {lists(5000)}]")
    if alone.is_json and text[1:-1].strip():
        assert beside.value[: len(alone.value)] == alone.value
        assert issues(beside)[:-1] == issues(alone)


# Numbers

BIG = "19421777835146490003"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BIG, int(BIG)),
        (BIG + ".0", int(BIG)),
        ("-" + BIG + ".000", -int(BIG)),
        ("1.9421777835146490003e19", int(BIG)),
        ("1.9421777835146490003E+19", int(BIG)),
        ("194217778351464900030e-1", int(BIG)),
        ("9007199254740993.0", 2**53 + 1),
        ("1e308", 10**308),
        ("0." + "0" * 400 + "12e420", 12 * 10**18),
        ("9007199254740991.0", float(2**53 - 1)),
        (BIG + ".5", float(BIG)),
        ("1.5", 1.5),
        ("1e2", 100.0),
        ("1e-999999999", 0.0),
        ("0e" + "9" * 50, 0.0),
        ("1e999", "1e999"),
        ("-1.5E999999999999999999999", "-1.5E999999999999999999999"),
        ("1" * 5000 + ".5", "1" * 5000 + ".5"),
        ("9" * 4300, 10**4300 - 1),
        ("-" + "9" * 4300, 1 - 10**4300),
        ("1" + "0" * 4300, "1" + "0" * 4300),
        ("-1" + "0" * 4299 + "7", "-1" + "0" * 4299 + "7"),
    ],
    ids=short,
)
def test_numbers_lose_no_digits(text: str, expected: object) -> None:
    body = read_body(text)
    assert (type(body.value), body.value) == (type(expected), expected)
    assert body.issues == ()
    assert_sound(body)


def test_negative_zero_is_kept() -> None:
    assert repr(read_body("[-0.0, -0]").value) == "[-0.0, 0]"


@pytest.mark.parametrize("sign", [1, -1])
def test_python_integers_too_large_to_write_become_their_digits(sign: int) -> None:
    body = read_body([sign * (10**4300 + 7), HostileInt(sign * 10**4300), sign * (10**4300 - 1)])
    minus = "-" if sign < 0 else ""
    assert body.value == [minus + "1" + "0" * 4299 + "7", minus + "1" + "0" * 4300, sign * (10**4300 - 1)]
    assert body.issues == ()


@pytest.mark.parametrize("limit", [0, 640])
def test_the_limit_of_the_process_does_not_matter(limit: int) -> None:
    code = """
import sys
from compiler.json_io.body import read_body
sys.set_int_max_str_digits(int(sys.argv[1]))
numbers = [10**4300 - 1, 1 - 10**4300, 10**1000, "1" + "0" * 4300]
assert read_body("[" + "9" * 4300 + ", -" + "9" * 4300 + ", 1" + "0" * 1000 + ", 1" + "0" * 4300 + "]").value == numbers
assert read_body([*numbers[:3], 10**4300]).value == numbers
"""
    subprocess.run([sys.executable, "-c", code, str(limit)], check=True)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.booleans())
def test_a_number_is_read_exactly(number: Decimal, scientific: bool) -> None:
    text = f"{number:e}" if scientific or abs(number.adjusted()) > 400 else f"{number:f}"
    value = read_body(text).value
    if isinstance(value, str):
        assert value == text
        assert not math.isfinite(float(text))
    elif isinstance(value, int):
        assert value == number
    else:
        assert value == float(text)
        assert abs(value) < 2**53 or Fraction(text).denominator != 1


# Properties of any body


def parse_number(text: str) -> float | int:
    """Parse a number as read_body does: an integral number is never rounded."""
    number = float(text)
    return int(Fraction(text)) if abs(number) >= 2**53 and Fraction(text).denominator == 1 else number


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_text_that_the_strict_reader_accepts_is_read_the_same(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    strict, errors = parse_json(text)
    assert (strict, errors) == (value, ())
    body = read_body(text)
    assert repr(body) == repr(Body(json.loads(text, parse_float=parse_number), True, text, ()))
    assert read_body(text.encode()) == body


@given(st.one_of(ANY_TEXT, SURROGATE_VALUES.map(json.dumps), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_is_read(text: str) -> None:
    body = read_body(text)
    assert_sound(body)
    assert_plain(body.value)
    strict, errors = parse_json(text)
    if not errors and not sanitize(strict)[1]:
        assert repr(body) == repr(Body(json.loads(text, parse_float=parse_number), True, text, ()))
    if "syntax" in {error.reason for error in errors} and text.count("[") <= MAXIMUM_DEPTH and text[:1] != "\ufeff":
        assert issues(body) == [("", "syntax")]


def repair(value: Any, path: str = "") -> tuple[Any, list[tuple[str, str]]]:
    """Repair surrogates with a slow second implementation."""
    if isinstance(value, str):
        text = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in value)
        return text, [(path, "surrogate")] * (text != value)
    if not isinstance(value, dict | list):
        return value, []
    keys = {key: repair(key)[0] for key in value} if isinstance(value, dict) else {}
    own_issues = [(path, "surrogate")] * any(key != new for key, new in keys.items())
    own_issues += [(path, "duplicate-key")] * (len(set(keys.values())) < len(keys))
    pairs = {keys[key]: value[key] for key in keys} if isinstance(value, dict) else dict(enumerate(value))
    members = {key: repair(item, path + format_pointer([key])) for key, item in pairs.items()}
    own_issues += [issue for _, issues_within in members.values() for issue in issues_within]
    plain = {key: item for key, (item, _) in members.items()}
    return (plain if isinstance(value, dict) else list(plain.values())), own_issues


@given(SURROGATE_VALUES)
def test_issues_are_complete_and_in_order(value: object) -> None:
    body = read_body([value])
    assert (body.value, issues(body)) == repair([value])


@given(st.binary(max_size=30))
def test_any_bytes_are_read(octets: bytes) -> None:
    assert_sound(read_body(octets))
    assert read_body(bytearray(octets)) == read_body(memoryview(octets)) == read_body(octets)


@given(NEARLY_JSON)
def test_any_python_value_is_read(value: object) -> None:
    body = read_body([value])
    assert body.is_json
    assert_sound(body)
    assert_plain(body.value)
    copied, errors, _ = sanitize([value])
    assert {issue.path for issue in body.issues} >= {error.path for error in errors if error.path.isascii()}
    if not errors:
        assert (body.value, body.issues) == (copied, ())


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.data())
def test_any_graph_of_lists_is_handled(links: list[int], data: st.DataObject) -> None:
    lists: list[list[Any]] = [[] for _ in links]
    for first, second in pairwise(lists):
        first.append(second)
    for first in lists:
        first.append(data.draw(st.sampled_from([*lists, 1])))
    assert_sound(read_body(lists[0]))
