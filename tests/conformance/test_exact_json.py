"""Answers are read with every digit, and what is no JSON is refused."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.conformance.case_files import case_files
from compiler.conformance.compare import compare_values
from compiler.conformance.exact_json import dump_json
from compiler.json_io import resources
from compiler.json_io.parse import EXACT, require_json

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.integers().map(lambda n: 10**700 + n)


@given(JSON)
def test_what_is_shown_is_read_as_it_was(value: Any) -> None:
    assert compare_values(value, require_json(dump_json(value), EXACT)) == []


@given(st.lists(NUMBERS))
def test_numbers_keep_every_digit(numbers: list[int | Decimal]) -> None:
    text = "[" + ",".join(str(number) for number in numbers) + "]"
    assert [Decimal(each) for each in require_json(text, EXACT)] == [Decimal(each) for each in numbers]
    assert [Decimal(each) for each in require_json(dump_json(require_json(text, EXACT)), EXACT)] == [
        Decimal(each) for each in numbers
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'{"a": 1, "b": {"c": 1, "c": 1}}', "duplicate key 'c'"),
        (b"[NaN]", "NaN is not a JSON number"),
        (b"[-Infinity]", "-Infinity is not a JSON number"),
        (b'"\xff"', "invalid UTF-8"),
        (b"", "not valid JSON"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"1e99999999999999999999", "number out of range"),
        (b"[" * 100_000, "nesting deeper than 200 levels"),
        (b"[" * (EXACT.maximum_depth + 1) + b"]" * (EXACT.maximum_depth + 1), "nesting deeper than 200 levels"),
    ],
)
def test_invalid_json_is_rejected(text: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        require_json(text, EXACT)


@pytest.mark.parametrize("inside", ["", "1"])
def test_the_deepest_that_may_be_can_be_shown(inside: str) -> None:
    text = "[" * EXACT.maximum_depth + inside + "]" * EXACT.maximum_depth
    assert dump_json(require_json(text, EXACT)) == text


def test_no_number_in_a_case_is_more_exact_than_the_floats_that_cases_are_read_with() -> None:
    for file in case_files(resources.golden_folder()):
        text = file.read_text(encoding="utf-8")
        read = json.loads(text)
        assert compare_values(require_json(text, EXACT), read) == [], file
