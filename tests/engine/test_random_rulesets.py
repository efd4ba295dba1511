"""Both backends agree on random rulesets: outputs, findings and where these are."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiler.engine import run
from compiler.engine.codegen.generate import generate
from tests.backends import assert_agreement
from tests.engine.helpers import load, rule, rule_file
from tests.strategies.random_rulesets import DOCUMENTS, ORDER_SCHEMA, ORDERS, random_rules

suppressed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@suppressed
@given(rules=random_rules(), orders=st.lists(ORDERS, min_size=1, max_size=3))
def test_the_backends_agree(rules: dict[str, Any], orders: list[dict[str, Any]]) -> None:
    _check_agreement(rules, orders)


@pytest.mark.slow
@settings(suppressed, max_examples=500)
@given(rules=random_rules(), orders=st.lists(ORDERS, min_size=1, max_size=3))
def test_the_backends_agree_on_many(rules: dict[str, Any], orders: list[dict[str, Any]]) -> None:
    _check_agreement(rules, orders)


@suppressed
@given(rules=random_rules(), documents=st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_the_backends_agree_on_lists_and_objects(rules: dict[str, Any], documents: list[Any]) -> None:
    ruleset = load(rules, {})
    codes = [generate(ruleset), generate(ruleset, assume_valid=True)]
    for document in documents:
        result = run(ruleset, deepcopy(document))
        for code in codes:
            assert_agreement(ruleset, deepcopy(document), False, result, code)


@pytest.mark.parametrize(
    "schema", [{}, {"type": "array"}, {"type": ["array", "object"]}, {"items": {"type": "string"}}]
)
@pytest.mark.parametrize("document", [["a", "b"], [], {"0": "c"}, [{"x": "d"}]])
def test_the_backends_agree_on_items_of_a_list_document(schema: Any, document: Any) -> None:
    if isinstance(document, dict) and schema == {"type": "array"}:
        document = []
    ruleset = load(
        rule_file(*(rule(f"r{n}", put=f"/r{n}", value=at) for n, at in enumerate(["/0", "/1", "/0/x"]))), schema
    )
    result = run(ruleset, deepcopy(document))
    for is_valid in (False, "items" not in schema):
        assert_agreement(ruleset, deepcopy(document), False, result, generate(ruleset, assume_valid=is_valid))


def _check_agreement(rules: dict[str, Any], orders: list[dict[str, Any]]) -> None:
    ruleset = load(rules, ORDER_SCHEMA)
    codes = [generate(ruleset), generate(ruleset, assume_valid=True)]
    for order in orders:
        result = run(ruleset, deepcopy(order))
        for code in (*codes, generate(ruleset, frozenset(order), assume_valid=True)):
            assert_agreement(ruleset, deepcopy(order), False, result, code)
