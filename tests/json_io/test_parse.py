"""Reading and copying JSON values: which values are valid, and where issues are reported."""

import json
import math
import re
from collections import OrderedDict, namedtuple
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.json_io.issues import ParseIssue
from compiler.json_io.parse import parse_json
from compiler.json_io.plain import MAXIMUM_DEPTH
from compiler.json_io.pointer import escape_token, format_pointer
from compiler.json_io.sanitize import sanitize

SURROGATES = st.characters(categories=["Cs"])
ANY_TEXT = st.text(st.one_of(st.characters(), SURROGATES), max_size=8)


def json_values(text: st.SearchStrategy[str], *others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    scalars = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), text, *others
    )
    return st.recursive(
        scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(text, inner, max_size=4))
    )


VALUES = json_values(st.text(max_size=8))
NEARLY_JSON = json_values(ANY_TEXT, st.floats(), st.binary(max_size=2), st.decimals(), st.sets(st.integers()))


def nested(depth: int) -> Any:
    value: Any = []
    for level in range(depth - 1):
        value = [value] if level % 2 else {"a": value}
    return value


def short(value: object) -> str:
    """Shorten a value to a test id: some are too long, not printable, or run code in their repr."""
    return ascii(value)[:30] if type(value) in (str, bytes) else type(value).__name__


def issue_keys(issues: tuple[ParseIssue, ...]) -> list[tuple[str, str, str | None]]:
    return [(issue.code, issue.path, issue.reason) for issue in issues]


def assert_printable(issues: tuple[ParseIssue, ...]) -> None:
    for issue in issues:
        (issue.path + issue.message).encode("utf-8")


def containers(value: Any) -> list[Any]:
    result, stack = [], [value]
    while stack:
        current = stack.pop()
        if isinstance(current, dict | list):
            result.append(current)
            stack.extend(current.values() if isinstance(current, dict) else current)
    return result


# Pointers


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ((), ""),
        (("to", 0), "/to/0"),
        (("",), "/"),
        (("a/b", "~", "~1"), "/a~1b/~0/~01"),
    ],
)
def test_pointer(tokens: tuple[str | int, ...], expected: str) -> None:
    assert format_pointer(tokens) == expected


@given(st.text())
def test_a_token_can_be_read_back(key: str) -> None:
    escaped = escape_token(key)
    assert "/" not in escaped
    assert escaped.replace("~1", "/").replace("~0", "~") == key


# Reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", None),
        (' {"a": [1, 2.5, true]}\r\n', {"a": [1, 2.5, True]}),
        ('"\u2028é😀"', "\u2028é😀"),
        ('"é"'.encode(), "é"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\ud800"', "\ud800"),
        ('"\ud800"', "\ud800"),
        ('"\ufeff"', "\ufeff"),
        ('{"a": {"b": 1}, "b": {"b": 1}}', {"a": {"b": 1}, "b": {"b": 1}}),
        ("1e308", 1e308),
        ("1e-400", 0.0),
        ("1" * 4300, int("1" * 4300)),
        ("-" + "1" * 4300, -int("1" * 4300)),
        (json.dumps(nested(MAXIMUM_DEPTH)), nested(MAXIMUM_DEPTH)),
        ('"' + "[" * 200 + '"', "[" * 200),
    ],
    ids=short,
)
def test_json_is_read(text: str | bytes, expected: object) -> None:
    assert parse_json(text) == (expected, ())


@pytest.mark.parametrize(
    ("text", "reason", "part"),
    [
        (b'{"a": "\xff"}', "encoding", "byte 7"),
        (b'"\xed\xa0\x80"', "encoding", "byte 1"),
        ('{"a": 1}'.encode("utf-16"), "encoding", "byte 0"),
        ("[]".encode("utf-8-sig"), "encoding", "BOM"),
        ("\ufeff[]", "encoding", "BOM"),
        ("", "syntax", "empty"),
        (b" \n", "syntax", "empty"),
        ('{\n"a": }', "syntax", "line 2, column 6"),
        ("[1,]", "syntax", "line 1"),
        ("[1] 2", "syntax", "Extra data"),
        ("{'a': 1}", "syntax", "line 1, column 2"),
        ("[01]", "syntax", "line 1"),
        ("[1.]", "syntax", "line 1"),
        ("[+1]", "syntax", "line 1"),
        ("[\u0661]", "syntax", "line 1"),
        ("\u00a0[]", "syntax", "line 1"),
        ('"a\nb"', "syntax", "line 1"),
        ('"\x00"', "syntax", "line 1"),
        ('"\\\ud800"', "syntax", "line 1"),
        ("[1] // note", "syntax", "line 1"),
        ("[NaN]", "non-finite", "NaN"),
        ("Infinity", "non-finite", "Infinity"),
        ("-Infinity", "non-finite", "-Infinity"),
        ("1e400", "non-finite", "1e400"),
        ("[-1e400, NaN]", "non-finite", "-1e400"),
        ("1" * 5000 + ".5", "non-finite", "111"),
        ("1" * 4301, "non-finite", "4300"),
        ("-" + "1" * 4301, "non-finite", "4300"),
        (json.dumps(nested(MAXIMUM_DEPTH + 1)), "too-deep", "100"),
        (json.dumps([[nested(MAXIMUM_DEPTH - 1)], 1]), "too-deep", "100"),
        ("[" * 100_000, "too-deep", "100"),
        ('{"a":' * 100_000, "too-deep", "100"),
        ('{"a": ' + "[" * 100 + "]" * 100 + ', "a": 1}', "too-deep", "100"),
    ],
    ids=short,
)
def test_invalid_json_is_rejected(text: str | bytes, reason: str, part: str) -> None:
    value, issues = parse_json(text)
    assert value is None
    assert issue_keys(issues) == [("InvalidJSON", "", reason)]
    assert part in issues[0].message
    assert len(issues[0].message) < 150
    assert_printable(issues)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('{"a": 1, "a": 1}', [""]),
        ('{"a": 1, "b": 2, "b": 3, "a": 4, "a": 5}', [""]),
        (r'{"a": 1, "\u0061": 1}', [""]),
        ('{"x/y": [0, {"a": 1, "a": 1}], "b": {"a": 1, "a": 2}, "a": 1}', ["/x~1y/1", "/b"]),
        ('{"a": {"b": 1, "b": 2}, "c": 1, "c": 2}', ["", "/a"]),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', ["", "/a"]),  # in a value that a later duplicate overrides
        ('{"a": {"b": 1, "b": 2}, "a": {"b": 1, "b": 2}}', ["", "/a"]),
        (r'{"\ud800": {"c": {"b": 1, "b": 2}}}', [""]),  # the deepest printable path
        (r'{"\ud800": 1, "\ud800": 2}', [""]),
    ],
)
def test_repeated_keys(text: str, paths: list[str]) -> None:
    value, issues = parse_json(text)
    assert value is None
    assert issue_keys(issues) == [("InvalidJSON", path, "duplicate-key") for path in paths]
    assert_printable(issues)


def test_a_repeated_key_is_named() -> None:
    _, (issue,) = parse_json('{"subject": 1, "to": [], "to": []}')
    assert "'to'" in issue.message


def test_issues_of_several_kinds_are_all_reported() -> None:
    value, issues = parse_json('{"a": NaN, "b": {"c": 1, "c": 1e400}}')
    assert value is None
    assert issue_keys(issues) == [("InvalidJSON", "", "non-finite"), ("InvalidJSON", "/b", "duplicate-key")]


@given(VALUES, st.booleans())
def test_reading_agrees_with_the_json_module(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert parse_json(text) == (json.loads(text), ())
    assert parse_json(text.encode()) == (value, ())


@given(NEARLY_JSON.filter(lambda value: not isinstance(value, bytes)))
def test_output_of_the_json_module_that_is_not_json_is_rejected(value: object) -> None:
    try:
        text = json.dumps(value)
    except TypeError:
        return
    unquoted = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    finite = all(name not in unquoted for name in ("NaN", "Infinity"))
    result, issues = parse_json(text)
    assert (result, issues) == (value, ()) if finite else result is None


@given(st.one_of(ANY_TEXT, st.text('[]{}":,0123456789.eE-+ \\untrfalsNI\n', max_size=30), st.binary(max_size=30)))
def test_any_text_gives_a_value_or_issues(text: str | bytes) -> None:
    value, issues = parse_json(text)
    assert value is None or not issues
    assert {issue.code for issue in issues} <= {"InvalidJSON"}
    assert_printable(issues)


# Copying


class Number(IntEnum):
    ONE = 1


class Word(StrEnum):
    A = "a"


Pair = namedtuple("Pair", ["first", "second"])


def refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("the value's own code was run")


OWN_CODE = """
    __iter__ __len__ __getitem__ __eq__ __bool__ __str__ __repr__ __int__ __float__ __index__ __getattribute__
    __contains__ __reduce_ex__ __deepcopy__ __format__ __lt__ __gt__ items keys values isascii
"""
HOSTILE = dict.fromkeys(OWN_CODE.split(), refuse)
HostileStr = type("HostileStr", (str,), HOSTILE)
HostileKey = type(
    "HostileKey", (str,), {**HOSTILE, "__hash__": str.__hash__, "__eq__": lambda one, other: one is other}
)
HostileInt = type("HostileInt", (int,), HOSTILE)
HostileFloat = type("HostileFloat", (float,), HOSTILE)
HostileDict = type("HostileDict", (dict,), HOSTILE)
HostileList = type("HostileList", (list,), HOSTILE)
HostileTuple = type("HostileTuple", (tuple,), HOSTILE)
HostileObject = type("HostileObject", (), HOSTILE)


class FakeStr:
    """Claims to be a string, as mocks do."""

    __class__ = str  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (OrderedDict(a=1), {"a": 1}),
        ([Number.ONE, Word.A, {Word.A: True}], [1, "a", {"a": True}]),
        (((1, 2), Pair(1, ())), [[1, 2], [1, []]]),
        ({"é": "é", "": ""}, {"é": "é", "": ""}),
        (10**4300 - 1, 10**4300 - 1),
        (nested(MAXIMUM_DEPTH), nested(MAXIMUM_DEPTH)),
        (HostileStr("é"), "é"),
        (HostileInt(5), 5),
        (HostileFloat(0.5), 0.5),
        (HostileList([HostileTuple((1, None))]), [[1, None]]),
        (HostileDict({HostileKey("b"): HostileDict()}), {"b": {}}),
    ],
    ids=short,
)
def test_values_become_plain(value: object, expected: object) -> None:
    copy, issues, invalid_paths = sanitize(value)
    assert repr(copy) == repr(expected)  # repr tells 1 from True and from an enumeration's member
    assert (issues, invalid_paths) == ((), frozenset())


MESSAGE, SURROGATE = ("InvalidMessage", "not-json"), ("InvalidValue", "surrogate")


@pytest.mark.parametrize(
    ("value", "expected", "issues"),
    [
        (b"", None, [("", MESSAGE)]),
        ("\ud800", None, [("", SURROGATE)]),
        ([1, Decimal(1), 2], [1, None, 2], [("/1", MESSAGE)]),
        ({"a/b": datetime(2020, 1, 1), "c": 1}, {"a/b": None, "c": 1}, [("/a~1b", MESSAGE)]),
        ([{1}, range(2), iter([])], [None] * 3, [("/0", MESSAGE), ("/1", MESSAGE), ("/2", MESSAGE)]),
        ([math.nan, math.inf, -math.inf], [None] * 3, [("/0", MESSAGE), ("/1", MESSAGE), ("/2", MESSAGE)]),
        ([10**4300, -(10**4300)], [None] * 2, [("/0", MESSAGE), ("/1", MESSAGE)]),
        ({"a": {1: "x", "b": "y"}}, {"a": {"b": "y"}}, [("/a", MESSAGE)]),
        ({None: 1, 2: 3, b"": b""}, {}, [("", MESSAGE)]),
        ({"a": "x\udfff", "b": "é"}, {"a": None, "b": "é"}, [("/a", SURROGATE)]),
        ({"a": [{"\ud800": b"", "é": "\ud800"}]}, {"a": [{"é": None}]}, [("/a/0", SURROGATE), ("/a/0/é", SURROGATE)]),
        ({"\ud800": 1, 1: 2}, {}, [("", SURROGATE), ("", MESSAGE)]),
        ({HostileKey("k"): 1, "k": 2}, {"k": 1}, [("", MESSAGE)]),
        ([HostileObject(), FakeStr()], [None, None], [("/0", MESSAGE), ("/1", MESSAGE)]),
    ],
    ids=short,
)
def test_values_that_are_not_json_are_reported_at_their_location(
    value: object, expected: object, issues: list[tuple[str, tuple[str, str | None]]]
) -> None:
    copy, actual, invalid_paths = sanitize(value)
    assert copy == expected
    assert issue_keys(actual) == [(code, path, reason) for path, (code, reason) in issues]
    assert invalid_paths == {path for path, _ in issues}
    assert_printable(actual)


def test_a_list_that_contains_itself() -> None:
    value: list[Any] = [1]
    value.append(value)
    copy, issues, invalid_paths = sanitize(value)
    assert copy == [1, None]
    assert issue_keys(issues) == [("InvalidMessage", "/1", "not-json")]
    assert invalid_paths == {"/1"}


def test_containers_that_contain_each_other() -> None:
    outer: dict[str, Any] = {"first": 1}
    outer["inner"] = ([outer], 2)
    copy, issues, invalid_paths = sanitize([outer, outer])
    expected = {"first": 1, "inner": [[None], 2]}
    assert copy == [expected, expected]
    assert issue_keys(issues) == [("InvalidMessage", f"/{index}/inner/0/0", "not-json") for index in range(2)]
    assert invalid_paths == {"/0/inner/0/0", "/1/inner/0/0"}


def test_recursion_is_reported_before_excessive_depth() -> None:
    innermost: list[Any] = []
    value: Any = innermost
    for _ in range(MAXIMUM_DEPTH - 1):
        value = [value]
    innermost.append(value)
    _, issues, _ = sanitize(value)
    assert issue_keys(issues) == [("InvalidMessage", "/0" * MAXIMUM_DEPTH, "not-json")]


def test_a_shared_container_is_copied_twice() -> None:
    shared: list[int] = []
    copy, issues, _ = sanitize([shared, shared])
    assert (copy, issues) == ([[], []], ())
    assert copy[0] is not copy[1]


@pytest.mark.parametrize("depth", [MAXIMUM_DEPTH + 1, 10_000])
def test_a_value_nested_too_deeply_gives_one_issue(depth: int) -> None:
    copy, issues, invalid_paths = sanitize([b"", nested(depth - 1)])
    assert copy is None
    assert issue_keys(issues) == [("InvalidJSON", "", "too-deep")]
    assert invalid_paths == {""}


@given(VALUES)
def test_a_copy_equals_its_json_value_and_shares_nothing(value: object) -> None:
    copy, issues, invalid_paths = sanitize(value)
    assert repr(copy) == repr(value)
    assert (issues, invalid_paths) == ((), frozenset())
    assert {id(container) for container in containers(copy)}.isdisjoint(id(each) for each in containers(value))


@given(NEARLY_JSON)
def test_a_copy_of_any_value_is_json(value: object) -> None:
    copy, issues, invalid_paths = sanitize(value)
    json.dumps(copy, allow_nan=False, ensure_ascii=False).encode("utf-8")
    assert {issue.path for issue in issues} == invalid_paths
    assert len(set(issue_keys(issues))) == len(issues)
    assert_printable(issues)
    assert sanitize(copy) == (copy, (), frozenset())
    if not issues:
        assert copy == value


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.data())
def test_any_graph_of_lists_is_handled(links: list[int], data: st.DataObject) -> None:
    lists: list[list[Any]] = [[] for _ in links]
    for first, second in pairwise(lists):
        first.append(second)
    for first in lists:
        first.append(data.draw(st.sampled_from([*lists, 1])))
    copy, _, invalid_paths = sanitize(lists[0])
    json.dumps(copy)
    assert all(path.startswith("/") for path in invalid_paths)


@given(VALUES)
def test_parsed_json_is_copied_without_issues(value: object) -> None:
    parsed, _ = parse_json(json.dumps(value))
    assert sanitize(parsed) == (value, (), frozenset())
