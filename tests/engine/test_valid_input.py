"""Code for valid documents relies on what the input schema guarantees, and on nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine import run
from compiler.engine.codegen.generate import generate
from tests.backends import assert_agreement
from tests.engine.helpers import get, load, rule, rule_file

TEXT = {"type": "string"}
CLOSED: dict[str, Any] = {"type": "object", "additionalProperties": False}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (CLOSED | {"properties": {"x": TEXT}}, {"x": "a"}),
        (CLOSED | {"properties": {"y": TEXT}}, {"y": "a"}),
        (CLOSED | {"patternProperties": {"^x": TEXT}}, {"x": "a"}),
        (CLOSED | {"patternProperties": {"^x": {}}, "properties": {"y": TEXT}}, {"x": [1]}),
        ({"type": "object", "properties": {"y": TEXT}}, {"x": [1]}),
        ({"type": "object", "additionalProperties": TEXT, "patternProperties": {"x": {}}}, {"x": [1]}),
        ({"type": "object", "additionalProperties": TEXT, "properties": {"x": {}}}, {"x": [1], "y": "a"}),
        ({"type": "array", "items": TEXT}, ["a", "b"]),
        ({"type": "array", "prefixItems": [{}], "items": TEXT}, [{"x": 1}, "a"]),
        ({"type": "array"}, [{"x": 1}]),
        ({"type": ["array", "object"]}, {"x": 1}),
        ({}, {"x": 1}),
        ({}, "x"),
    ],
    ids=str,
)
@pytest.mark.parametrize("present", [None, frozenset({"part"})], ids=["any", "these members"])
def test_valid_documents_have_the_same_result(part: dict[str, Any], value: Any, present: frozenset[str] | None) -> None:
    is_pair = {"present": get("@/value")}
    rules = rule_file(
        rule("member", put="/member", value=get("/part/x")),
        rule("item", put="/item", value=get("/part/0")),
        rule("at", put="/at", value={"at": get("/part"), "key": get("/part/x")}),
        rule("items", put="/items", value={"each": get("/part"), "value": get("@/value")}),
        rule("texts", put="/texts", value={"each": get("/part"), "where": {"type": get("@"), "is": ["string"]}}),
        rule("pairs", over=get("/part"), when=is_pair, at=get("@"), report="warning", code="Odd", message="odd"),
    )
    ruleset = load(rules, {"type": "object", "properties": {"part": part}})
    document = {"part": value}
    code = generate(ruleset, present, assume_valid=True)
    result = run(ruleset, document)
    # Where the items of a list or an object come from cannot be expressed.
    assert assert_agreement(ruleset, document, False, result, code) or result.findings
