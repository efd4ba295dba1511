"""Patterns: what is in the small language, and why it cannot run away."""

from __future__ import annotations

import re

import pytest

from compiler.engine.pattern import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "whole"),
    [
        ("", "", True),
        ("abc", "abc", True),
        (".", "\n", True),
        ("[0-9]{4}\\-[0-9]{2}", "2024-07", True),
        ("[0-9]{4}\\-[0-9]{2}", "2024-7", False),
        ("[^/]+", "a b", True),
        ("[^/]+", "a/b", False),
        ("[\\]\\\\]*x", "]\\x", True),
        ("[A-Z][a-z]*", "Rain", True),
        ("colou?r", "color", True),
        ("a{2,3}", "aaaa", False),
        ("a{2,}", "aaaa", True),
        ("\\*\\.", "*.", True),
        ("é+", "éé", True),
        ("[\\d]+", "42", True),
        ("[\\d]+", "٤", False),
    ],
)
def test_characters_and_classes_with_a_quantifier_are_allowed(pattern: str, text: str, whole: bool) -> None:
    assert (compile_pattern(pattern).fullmatch(text) is not None) is whole


@pytest.mark.parametrize(
    "pattern",
    [
        "(a)", "(?:a)", "(?i)a", "(?=a)", "(?<!a)b", "a|b", "^a", "a$", "\\ba", "\\d", "\\w+", "a\\1", "\\Z",
        "a*?", "a+?", "a??", "a++", "a**", "a{2}{3}", "*a", "+", "?", "{2}", "a{", "a}", "a{,3}", "a{x}", "a{99999}",
        "[", "[]", "[a", "a]", "\\",
    ],
)  # fmt: skip
def test_all_else_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="only characters and classes with one quantifier each are allowed"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["a*a*", "[ab]+c?", "a?b?", ".*x.*", "a{1,2}b{3,}", "a{2,}b*"])
def test_only_one_part_may_vary_so_there_is_one_length_to_try(pattern: str) -> None:
    with pytest.raises(ValueError, match="only one part may match a varying number of times"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["a{2}b{3}c*", "[ab]{4}x+", ".{9}.{9}"])
def test_parts_of_a_fixed_length_may_be_many(pattern: str) -> None:
    assert isinstance(compile_pattern(pattern), re.Pattern)


@pytest.mark.parametrize("pattern", ["[z-a]", "a{3,2}", "[\\q]"])
def test_what_python_itself_refuses_is_a_value_error_too(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"bad|min repeat"):
        compile_pattern(pattern)
