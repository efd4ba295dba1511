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
from compiler.conformance.exact_json import MAXIMUM_DEPTH, dump_json, read_json
from compiler.json_io import resources

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.integers().map(lambda n: 10**700 + n)


@given(JSON)
def test_what_is_shown_is_read_as_it_was(value: Any) -> None:
    assert compare_values(value, read_json(dump_json(value))) == []


@given(st.lists(NUMBERS))
def test_numbers_keep_every_digit(numbers: list[int | Decimal]) -> None:
    text = "[" + ",".join(str(number) for number in numbers) + "]"
    assert [Decimal(each) for each in read_json(text)] == [Decimal(each) for each in numbers]
    assert [Decimal(each) for each in read_json(dump_json(read_json(text)))] == [Decimal(each) for each in numbers]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'{"a": 1, "b": {"c": 1, "c": 1}}', "the key 'c' is there twice"),
        (b"[NaN]", "NaN is no JSON"),
        (b"[-Infinity]", "-Infinity is no JSON"),
        (b'"\xff"', "no UTF-8"),
        (b"", "no JSON"),
        (b"\xef\xbb\xbf{}", "no JSON"),
        (b"1e99999999999999999999", "beyond all measure"),
        (b"[" * 100_000, "nested too deep"),
        (b"[" * (MAXIMUM_DEPTH + 1) + b"]" * (MAXIMUM_DEPTH + 1), "nested more than 200 deep"),
    ],
)
def test_what_is_no_json_is_refused(text: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        read_json(text)


@pytest.mark.parametrize("inside", ["", "1"])
def test_the_deepest_that_may_be_can_be_shown(inside: str) -> None:
    text = "[" * MAXIMUM_DEPTH + inside + "]" * MAXIMUM_DEPTH
    assert dump_json(read_json(text)) == text


def test_no_number_in_a_case_is_more_exact_than_the_floats_that_cases_are_read_with() -> None:
    for file in case_files(resources.golden_folder()):
        text = file.read_text(encoding="utf-8")
        read = json.loads(text)
        assert compare_values(read_json(text), read) == [], file
