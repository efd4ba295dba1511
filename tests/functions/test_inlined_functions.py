"""Inlined expressions return the same values as the functions that they replace."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.engine.schema import allowed_types
from compiler.functions.registry import all_functions
from tests.strategies.messages import ADDR_SPECS, JSON, NAMES

TEXTS = NAMES | ADDR_SPECS | st.text(max_size=9) | st.sampled_from(["", " ", "=?utf-8?q?a?=", "{{a}}", "ÄÖ", "K"])
VALUES_BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
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
    """Values of a parameter's types, as generated code passes them."""
    types = sorted(allowed_types(schema))
    if len(types) > 5:
        return JSON.filter(lambda each: each == each)  # without NaN, which is not valid JSON
    return st.one_of([VALUES_BY_TYPE[kind] for kind in types])


@pytest.mark.parametrize("name", INLINED)
@given(data=st.data())
def test_the_inlined_expression_agrees_with_the_function(name: str, data: st.DataObject) -> None:
    function = INLINED[name]
    assert function.inline is not None
    arguments = [data.draw(argument(each)) for each in function.parameters]
    names = [f"v{index}" for index in range(len(arguments))]
    variables = dict(zip(names, arguments, strict=True))
    condition, expression = (text.format(*names) for text in function.inline)
    if eval(condition, variables):  # noqa: S307 - our own code
        assert repr(eval(expression, variables)) == repr(function.apply(*arguments))  # noqa: S307 - our own code


def test_known_functions_are_inlined() -> None:
    assert {"decoded", "address_key", "join", "text"} <= set(INLINED)
