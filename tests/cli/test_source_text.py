"""Locating pointers and errors in a JSON text, and robustness to any text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.cli.source_text import SourceText, TextLocation
from compiler.json_io.parse import parse_json
from compiler.json_io.plain import MAXIMUM_DEPTH
from compiler.json_io.pointer import escape_token
from tests.strategies.messages import JSON

LAYOUTS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 4, "\t", "\r\n "]),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([None, (",", ":"), (" , ", "\n:\t")]),
    }
)


def members(value: Any, pointer: str = "") -> Iterator[tuple[str, str | None, Any]]:
    """Every pointer into a value, with its last key, if any, and the value at it."""
    yield pointer, None, value
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            for child, name, descendant in members(item, f"{pointer}/{escape_token(key)}"):
                is_item = child == f"{pointer}/{escape_token(key)}"
                yield child, key if is_item and isinstance(key, str) else name, descendant


def slice_location(text: str, location: TextLocation) -> tuple[str, str | None]:
    value = text[location.value.start : location.value.end]
    return value, None if location.key is None else text[location.key.start : location.key.end]


def locate_value(text: str, pointer: str) -> tuple[str, str | None, bool]:
    location = SourceText(text).locate([pointer])[pointer]
    return *slice_location(text, location), location.exists


@given(JSON, LAYOUTS)
def test_every_value_and_key_is_located_in_any_layout(value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(value, **layout)
    expected = list(members(value))
    locations = SourceText(text).locate([pointer for pointer, _, _ in expected])
    assert len(locations) == len(expected)
    for pointer, key, item in expected:
        value_text, key_text = slice_location(text, locations[pointer])
        assert repr(json.loads(value_text)) == repr(item)
        assert (None if key_text is None else json.loads(key_text)) == key
        assert locations[pointer].exists
        assert locations[pointer].repeated_key is None
        assert SourceText(text).locate([pointer]) == {pointer: locations[pointer]}


@given(
    st.one_of(
        st.text(),
        st.binary(),
        st.text(st.sampled_from('[]{}",:\\ \n1eN-tn')),
        st.builds(lambda value, cut: json.dumps(value)[:cut], JSON, st.integers(0, 40)),
    ),
    st.lists(st.text(st.sampled_from("/01a~")), max_size=4),
)
def test_any_text_and_pointer_can_be_located(content: str | bytes, pointers: list[str]) -> None:
    source = SourceText(content)
    spans = [location.value for location in source.locate(pointers).values()]
    for fault in parse_json(content)[1]:
        assert fault.reason is not None
        span = source.error_span(fault.reason)
        if span is None:
            span = source.locate([fault.path])[fault.path].repeated_key
        assert span is not None
        spans.append(span)
    for span in spans:
        assert 0 <= span.start <= span.end <= len(source.text)
        line, column = source.position(span.start)
        assert source.text.split("\n")[line - 1][: column - 1] == source.text[span.start - column + 1 : span.start]


@pytest.mark.parametrize(
    ("text", "pointer", "value", "key"),
    [
        (r'{"\u0074o": ["a"]}', "/to", '["a"]', r'"\u0074o"'),
        (r'{"a\"b": 1}', '/a"b', "1", r'"a\"b"'),
        ('{"a/b": {"~": 2}}', "/a~1b/~0", "2", '"~"'),
        ('{"": {"": 3}}', "//", "3", '""'),
        ('["]", {"}": "\\\\"}, 4]', "/2", "4", None),
        ('  "x"  ', "", '"x"', None),
        ('{"a": [1, [2, {"b": 3}]]}', "/a/1", '[2, {"b": 3}]', None),
    ],
)
def test_a_pointer_is_followed(text: str, pointer: str, value: str, key: str | None) -> None:
    assert locate_value(text, pointer) == (value, key, True)


@pytest.mark.parametrize(
    ("text", "pointer", "value", "key"),
    [
        ('{"a": {"b": 1}}', "/a/c/d", '{"b": 1}', '"a"'),
        ('{"a": [1, 2]}', "/a/2", "[1, 2]", '"a"'),
        ('{"a": [1, 2]}', "/a/01", "[1, 2]", '"a"'),
        ('{"a": 1}', "/a/b", "1", '"a"'),
        ("{}", "/to", "{}", None),
    ],
)
def test_a_missing_pointer_leads_to_the_deepest_existing_value(text: str, pointer: str, value: str, key: str) -> None:
    assert locate_value(text, pointer) == (value, key, False)


def test_a_text_without_a_value_has_no_locations() -> None:
    assert SourceText(" \n ").locate(["", "/a"]) == {}


@pytest.mark.parametrize(
    ("text", "pointer", "second"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "", 17),
        ('{"a": 1, "\\u0061": 3}', "", 9),
        ('[{"x": {"y": 1, "z": [{"y": 0}], "y": {}}}]', "/0/x", 33),
        ('{"a": 1, "a": 1, "b": 1, "b": 1, "b": 1}', "", 25),
    ],
)
def test_the_second_occurrence_of_a_duplicate_key_is_located(text: str, pointer: str, second: int) -> None:
    assert parse_json(text)[1][0].path == pointer
    repeated = SourceText(text).locate([pointer])[pointer].repeated_key
    assert repeated is not None
    assert repeated.start == second


@pytest.mark.parametrize(
    ("content", "position", "value_text"),
    [
        ('{\n  "a": 1\n  "b": 2\n}', (3, 3), '"'),
        ('{"a": tru}', (1, 7), "t"),
        ("", (1, 1), ""),
        ('{"a": 1\n', (2, 1), ""),
        ('{"a": 1} x', (1, 10), "x"),
        ('\ufeff{"a": 1}', (1, 1), "\ufeff"),
        (b'\xef\xbb\xbf{"a": 1}', (1, 1), "\ufeff"),
        ('{"ü": 1,\n "ä": "ö'.encode() + b'\xff"}', (2, 9), "\ufffd"),
        ('{"NaN": 1,\n "x": [2, NaN]}', (2, 11), "NaN"),
        ('{"a": "1e999", "b": 1.5e3, "c": -1e999}', (1, 33), "-1e999"),
        ("[-Infinity]", (1, 2), "-Infinity"),
        (f"[{'1' * 4300}, {'2' * 4301}]", (1, 4304), "2" * 4301),
        (f"[{'9' * 308}.0, {'9' * 309}.0]", (1, 314), f"{'9' * 309}.0"),
        ("[" * 100_000, (1, MAXIMUM_DEPTH + 1), "["),
        ('{"a":\n' * 101 + "1" + "}" * 101, (101, 1), "{"),
        ("[][[[", (1, 3), "["),
    ],
)
def test_a_json_error_is_located(content: str | bytes, position: tuple[int, int], value_text: str) -> None:
    ((fault,), source) = (parse_json(content)[1], SourceText(content))
    assert fault.reason is not None
    span = source.error_span(fault.reason)
    assert span is not None
    assert source.text[span.start : span.end] == value_text
    assert source.position(span.start) == position


def test_valid_json_has_no_error_span() -> None:
    source = SourceText('{"a": [1e3, "NaN"]}')
    assert [source.error_span(reason) for reason in ("syntax", "non-finite", "too-deep")] == [None] * 3


def test_lines_end_at_line_feeds() -> None:
    source = SourceText('{"a": 1,\r\n"b": "\u2028x"}\r\n')
    line = source.line_around(source.text.index("x"))
    assert source.text[line.start : line.end] == '"b": "\u2028x"}'
    assert source.position(source.text.index("x")) == (2, 8)
    assert source.line_around(len(source.text)).start == len(source.text)


def test_large_texts_are_scanned() -> None:
    text = json.dumps({"a": "x\\" * 1_000_000, "b": [["y"] * 3] * 30_000, "c": 1})
    assert locate_value(text, "/c") == ("1", '"c"', True)
    assert locate_value(text, "/b/29999/2") == ('"y"', None, True)
