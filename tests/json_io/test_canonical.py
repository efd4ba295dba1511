"""Canonical JSON text: the same text for the same value."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.conformance.compare import compare_values
from compiler.json_io.canonical import json_text
from compiler.json_io.parse import EXACT, parse_json, require_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        ({"é": "Grüße"}, '{"é":"Grüße"}'),
        ({"a": 3.0, "b": 0.5, "c": -0.0, "d": 1e22}, '{"a":3,"b":0.5,"c":0,"d":10000000000000000000000}'),
        ({"a": 'say "x"\n\\'}, '{"a":"say \\"x\\"\\n\\\\"}'),
        ({"id": 2**53 + 1}, '{"id":9007199254740993}'),
        ({}, "{}"),
    ],
)
def test_the_text_of_a_value(value: Any, text: str) -> None:
    assert json_text(value) == text


@given(VALUES)
def test_canonical_text_reads_back_as_the_same_value(value: Any) -> None:
    text = json_text(value)
    assert (
        compare_values(value, require_json(text, EXACT)) == []
    )  # as exact decimals: an integral float comes back as an int
    assert parse_json(text)[1] == ()


@given(VALUES)
def test_canonical_text_has_spaces_only_in_strings(value: Any) -> None:
    text = json_text(value)
    assert " " not in re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    assert json_text(json.loads(text)) == text


def test_the_digit_limit_of_the_process_does_not_matter() -> None:
    previous = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        assert json_text({"a": 10**1000}) == '{"a":1' + "0" * 1000 + "}"
    finally:
        sys.set_int_max_str_digits(previous)
