"""The functions that rules about messages call, where no case of the suite shows what they do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.functions.registry import all_functions

SCALARS = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def call(name: str, *arguments: Any) -> Any:
    return all_functions()[name].apply(*arguments)


@given(SCALARS)
def test_a_number_or_boolean_is_json_text(value: Any) -> None:
    assert type(value)(json.loads(call("scalar_text", value))) == value  # of 1e16, all digits are written


@pytest.mark.parametrize(
    ("function", "argument", "expected"),
    [
        ("scalar_text", "a\n", "a\n"),
        ("scalar_text", "", ""),
        ("scalar_text", True, "true"),
        ("scalar_text", 1, "1"),
        ("scalar_text", 1.5, "1.5"),
        ("scalar_text", 10**30, "1" + "0" * 30),
        ("seconds", "2030-01-31T12:00:00Z", 1896091200),
        ("seconds", "2030-01-31", 1896048000),
        ("seconds", "1960-01-01", -315619200),
        ("seconds", "tomorrow", None),
        ("mailbox", {"email": "a@b.example", "name": "Doe, Ann"}, '"Doe, Ann" <a@b.example>'),
        ("mailbox_without_comma", {"email": "a@b.example", "name": "Doe, Ann"}, "=?utf-8?q?Doe=2C_Ann?= <a@b.example>"),
    ],
)
def test_a_value_becomes(function: str, argument: Any, expected: Any) -> None:
    assert call(function, argument) == expected
