"""The fast parser, Python's own, returns what the strict reader returns, or nothing."""

from __future__ import annotations

import json
import sys
from typing import Any
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler.json_io import body
from compiler.json_io.body import Body, read_body
from compiler.json_io.fast import NOT_PARSED, parse_message_fast
from compiler.json_io.parse import parse_json
from tests.strategies.messages import JSON

TOKENS = st.sampled_from(
    ['"', "{", "}", "[", "]", ":", ",", " ", "\\", '\\"', "\\\\", "\\u0022", '"a"', '"a":', '"a" :', '"b":', "1",
    "null",
     "NaN", "1e999", "-0.0", '{"a":1}', '{"a":1,"a":2}', '{"a":"\\"a\\":"}', '"\\\\"', "\ufeff", "é", '"\\ud800"', "\n"]
)  # fmt: skip


def assert_agreement(text: str | bytes) -> None:
    value, errors = parse_json(text)
    fast_value = parse_message_fast(text)
    if fast_value is not NOT_PARSED:
        assert not errors
        assert repr(fast_value) == repr(value)


@given(text=st.lists(TOKENS, max_size=12).map("".join))
@example(text='{"a":1,"a" :2}')
@example(text='{"a":"x","a":"x"}')
@example(text='{"\\u0061":1,"a":2}')
@example(text='{"a":"\\\\","a":"\\\\"}')
@example(text='[{"a":"\\""},{"a":1,"a":2}]')
def test_the_fast_parser_agrees_with_the_strict_reader(text: str) -> None:
    assert_agreement(text)
    assert_agreement(text.encode("utf-8"))


@given(pairs=st.lists(st.tuples(st.text(max_size=2), JSON), max_size=5))
def test_the_fast_parser_rejects_duplicate_keys(pairs: list[tuple[str, Any]]) -> None:
    members = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in pairs]
    text = f"{{{', '.join(members)}}}"
    assert_agreement(text)
    if len({key for key, _ in pairs}) < len(pairs):
        assert parse_message_fast(text) is NOT_PARSED


@pytest.mark.parametrize(
    "text", ['{"a": [1, "b", {"c": "d\\n\\"e\\""}]}', '"a"', "7", b'{"\xc3\xa9": "\xc3\xa9"}', "[]"]
)
def test_the_fast_parser_reads_most_texts(text: str | bytes) -> None:
    assert parse_message_fast(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    ["", "{", b"\xff", "NaN", "[1e999]", "[" * 100_000, f"[{'9' * 5000}]", "\ufeff{}", '{"a":1,"a":1}', '["\\\\"]'],
)
def test_the_fast_parser_rejects_other_texts(text: str | bytes) -> None:
    assert parse_message_fast(text) is NOT_PARSED


def read_without_fast_parser(text: str) -> Body:
    with mock.patch.object(body, "parse_body_fast", return_value=NOT_PARSED):
        return read_body(text)


@given(text=st.lists(TOKENS, max_size=12).map("".join))
@example(text='["\\ud83d"]')
@example(text='["\ud83d"]')
@example(text="[1e300, 9007199254740993.0, 1.5]")
@example(text="[" * 70 + "]" * 70)
def test_bodies_are_read_the_same_without_the_fast_parser(text: str) -> None:
    assert repr(read_body(text)) == repr(read_without_fast_parser(text))


@given(value=JSON)
def test_any_json_body_is_read_the_same_without_the_fast_parser(value: Any) -> None:
    text = json.dumps(value)
    assert repr(read_body(text)) == repr(read_without_fast_parser(text))


def test_the_fast_parser_is_off_without_the_default_digit_limit() -> None:
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        assert parse_message_fast("7") is NOT_PARSED
    finally:
        sys.set_int_max_str_digits(limit)
