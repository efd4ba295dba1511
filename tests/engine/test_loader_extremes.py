"""Rule files that no JSON parser of the standard library refuses by a ValueError of its own."""

from __future__ import annotations

import json

import pytest

from compiler.engine import RulesetError, load_ruleset, run
from tests.engine.helpers import FILE, FUNCTIONS, INPUT, OUTPUT, const, rule, rule_file

SCHEMAS: dict[str, dict[str, object]] = {INPUT: {}, OUTPUT: {}}


def text_with(number: str) -> str:
    return json.dumps(rule_file(rule("a", put="/a", value=const("here")))).replace('"here"', number)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1.5e400"])
def test_a_number_that_would_become_infinite_is_refused(number: str) -> None:
    with pytest.raises(RulesetError, match=f"{FILE}, at /: not valid JSON: the number '{number}' is too large"):
        load_ruleset(text_with(number), FILE, SCHEMAS, FUNCTIONS)


@pytest.mark.parametrize(("number", "value"), [("1e308", 1e308), ("1.5", 1.5), ("1e-999", 0.0), ("-0.25", -0.25)])
def test_a_number_that_fits_is_read_as_it_is(number: str, value: float) -> None:
    assert run(load_ruleset(text_with(number), FILE, SCHEMAS, FUNCTIONS), {}).output == {"a": value}


@pytest.mark.parametrize("opening", ["[", '{"doc":'])
def test_a_file_that_is_nested_too_deeply_is_rejected(opening: str) -> None:
    with pytest.raises(RulesetError, match=f"{FILE}, at /: not valid JSON"):
        load_ruleset(opening * 100_000, FILE, SCHEMAS, FUNCTIONS)
