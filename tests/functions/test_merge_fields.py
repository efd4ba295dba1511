"""Merge fields in texts: fields that are read, and text that only looks like a field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.functions.merge_fields import find_merge_fields, find_unread_merge_fields


@pytest.mark.parametrize(
    ("text", "opening", "names"),
    [
        ("Dear [[var:name]]", "[[", ["name"]),
        ("[[var:a]][[var:b]] [[var:a]]", "[[", ["a", "b"]),
        ("[[var:first name]]", "[[", ["first name"]),
        ("[[var:a-b.c_1]]", "[[", ["a-b.c_1"]),
        ("[[var:a:x]] [[data:b]] [[c]] [[var:]] [var:d] [[var:e]", "[[", []),
        ("[[ var:a ]] [[VAR:b]] [[var:c:]]", "[[", []),
        ("{{var:a}}", "[[", []),
        ("{{var:a}} {{var:b.c}} {{var:d[0]}}", "{{", ["a", "b", "d"]),
        ('{{var:a:"x"}} {{var:a + 1}} {{x}} {% if var:y %}', "{{", []),
        ("[[var:" + "a" * 201 + "]]", "[[", []),
        ("[" * 10 + "[[var:a]]", "[[", ["a"]),
    ],
)
def test_fields_without_a_default(text: str, opening: str, names: list[str]) -> None:
    assert find_merge_fields(text, opening) == names


@pytest.mark.parametrize(
    ("text", "opening", "unread"),
    [
        ("[[ var:x ]]", "[[", ["[[ var:x ]]"]),
        ("[[var: x]] [[var :x]] [[var:x ]]", "[[", ["[[var: x]]", "[[var :x]]", "[[var:x ]]"]),
        ("[[Var:x]]", "[[", ["[[Var:x]]"]),
        ("[[var:x:]]", "[[", ["[[var:x:]]"]),
        ("[[var:x]] [[var:x:y]] [[data: x]] [[x ]]", "[[", []),
        ("{{ var:x }} {{var:x:}}", "{{", ["{{ var:x }}", "{{var:x:}}"]),
        ("{{ x }} {{var:x}}", "{{", []),
    ],
)
def test_fields_that_are_not_read(text: str, opening: str, unread: list[str]) -> None:
    assert find_unread_merge_fields(text, opening) == unread


def test_at_most_two_hundred_fields_are_returned() -> None:
    text = "".join(f"[[var:a{number}]] [[ var:a{number}]]" for number in range(300))
    assert len(find_merge_fields(text, "[[")) == len(find_unread_merge_fields(text, "[[")) == 200


@given(
    st.lists(st.sampled_from(["[[", "]]", "{{", "}}", "var", ":", " ", "a", "[", "]", "."]), max_size=30).map("".join),
    st.sampled_from(["[[", "{{"]),
)
def test_no_field_is_both_read_and_unread(text: str, opening: str) -> None:
    unread = find_unread_merge_fields(text, opening)
    for name in find_merge_fields(text, opening):
        assert f"{opening}var:{name}" in text
    assert all(each in text for each in unread)
    assert not any(find_merge_fields(each, opening) for each in unread)
