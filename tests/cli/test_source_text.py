"""Places in a JSON text: whatever stands at a pointer is found where it stands, and no text is too odd to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.cli.source_text import SourceText, TextLocation
from compiler.json_io.parse import parse_json, token
from compiler.json_io.plain import MAXIMUM_DEPTH
from tests.strategies.messages import JSON

LAYOUTS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 4, "\t", "\r\n "]),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([None, (",", ":"), (" , ", "\n:\t")]),
    }
)


def members(value: Any, pointer: str = "") -> Iterator[tuple[str, str | None, Any]]:
    """Every pointer into a value, with the key it ends in, if any, and what stands there."""
    yield pointer, None, value
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            for below, name, each in members(item, f"{pointer}/{token(key)}"):
                here = below == f"{pointer}/{token(key)}"
                yield below, key if here and isinstance(key, str) else name, each


def sliced(text: str, place: TextLocation) -> tuple[str, str | None]:
    value = text[place.value.start : place.value.end]
    return value, None if place.key is None else text[place.key.start : place.key.end]


def find(text: str, pointer: str) -> tuple[str, str | None, bool]:
    place = SourceText(text).locate([pointer])[pointer]
    return *sliced(text, place), place.exists


@given(JSON, LAYOUTS)
def test_every_value_and_key_is_found_however_the_document_is_laid_out(value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(value, **layout)
    expected = list(members(value))
    places = SourceText(text).locate([pointer for pointer, _, _ in expected])
    assert len(places) == len(expected)
    for pointer, key, item in expected:
        shown, shown_key = sliced(text, places[pointer])
        assert repr(json.loads(shown)) == repr(item)
        assert (None if shown_key is None else json.loads(shown_key)) == key
        assert places[pointer].exists
        assert places[pointer].repeated_key is None
        assert SourceText(text).locate([pointer]) == {pointer: places[pointer]}


@given(
    st.one_of(
        st.text(),
        st.binary(),
        st.text(st.sampled_from('[]{}",:\\ \n1eN-tn')),
        st.builds(lambda value, cut: json.dumps(value)[:cut], JSON, st.integers(0, 40)),
    ),
    st.lists(st.text(st.sampled_from("/01a~")), max_size=4),
)
def test_no_text_and_no_pointer_is_too_odd(content: str | bytes, pointers: list[str]) -> None:
    source = SourceText(content)
    spans = [place.value for place in source.locate(pointers).values()]
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
    assert find(text, pointer) == (value, key, True)


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
def test_a_pointer_to_what_is_missing_leads_to_what_exists(text: str, pointer: str, value: str, key: str) -> None:
    assert find(text, pointer) == (value, key, False)


def test_a_text_without_a_value_has_no_place() -> None:
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
def test_a_repeated_key_is_found_where_it_comes_again(text: str, pointer: str, second: int) -> None:
    assert parse_json(text)[1][0].path == pointer
    repeated = SourceText(text).locate([pointer])[pointer].repeated_key
    assert repeated is not None
    assert repeated.start == second


@pytest.mark.parametrize(
    ("content", "position", "shown"),
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
def test_what_makes_a_text_no_json_is_found(content: str | bytes, position: tuple[int, int], shown: str) -> None:
    ((fault,), source) = (parse_json(content)[1], SourceText(content))
    assert fault.reason is not None
    span = source.error_span(fault.reason)
    assert span is not None
    assert source.text[span.start : span.end] == shown
    assert source.position(span.start) == position


def test_a_text_that_is_json_has_no_trouble() -> None:
    source = SourceText('{"a": [1e3, "NaN"]}')
    assert [source.error_span(reason) for reason in ("syntax", "non-finite", "too-deep")] == [None] * 3


def test_lines_end_as_they_do_in_editors() -> None:
    source = SourceText('{"a": 1,\r\n"b": "\u2028x"}\r\n')
    line = source.line_around(source.text.index("x"))
    assert source.text[line.start : line.end] == '"b": "\u2028x"}'
    assert source.position(source.text.index("x")) == (2, 8)
    assert source.line_around(len(source.text)).start == len(source.text)


def test_a_text_of_many_megabytes_is_passed_over() -> None:
    text = json.dumps({"a": "x\\" * 1_000_000, "b": [["y"] * 3] * 30_000, "c": 1})
    assert find(text, "/c") == ("1", '"c"', True)
    assert find(text, "/b/29999/2") == ('"y"', None, True)
