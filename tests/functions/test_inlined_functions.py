"""What generated code writes out for the common cases of a function is what the function gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.engine.schema import allowed_types
from compiler.functions.registry import all_functions
from tests.strategies.messages import ADDR_SPECS, JSON, NAMES

TEXTS = NAMES | ADDR_SPECS | st.text(max_size=9) | st.sampled_from(["", " ", "=?utf-8?q?a?=", "{{a}}", "ÄÖ", "K"])
OF_KIND: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXTS,
    "integer": st.integers() | st.sampled_from([0, -1, 10**17, 10**18]),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "array": st.lists(TEXTS, max_size=4),
    "object": st.fixed_dictionaries({"email": ADDR_SPECS}, optional={"name": NAMES}),
    "null": st.none(),
}
INLINED = {name: function for name, function in all_functions().items() if function.inline is not None}


def argument(schema: Any) -> st.SearchStrategy[Any]:
    """Values of a parameter's types, as generated code hands them in."""
    types = sorted(allowed_types(schema))
    if len(types) > 5:
        return JSON.filter(lambda each: each == each)  # no NaN: it is no JSON
    return st.one_of([OF_KIND[kind] for kind in types])


@pytest.mark.parametrize("name", INLINED)
@given(data=st.data())
def test_the_common_case_is_the_function_s(name: str, data: st.DataObject) -> None:
    function = INLINED[name]
    assert function.inline is not None
    given_values = [data.draw(argument(each)) for each in function.parameters]
    names = [f"v{index}" for index in range(len(given_values))]
    known = dict(zip(names, given_values, strict=True))
    condition, expression = (text.format(*names) for text in function.inline)
    if eval(condition, known):  # noqa: S307 - our own words
        assert repr(eval(expression, known)) == repr(function.apply(*given_values))  # noqa: S307 - likewise


def test_there_are_some() -> None:
    assert {"decoded", "address_key", "join", "text"} <= set(INLINED)
