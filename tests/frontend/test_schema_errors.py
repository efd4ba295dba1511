"""Descriptions of jsonschema errors."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compiler.frontend.schema_errors import describe_error, reason_of
from compiler.json_io import resources
from compiler.json_io.suggestions import find_nearest


@pytest.mark.parametrize(
    ("schema", "value", "reason", "message", "hint"),
    [
        ({"type": "string"}, 5, "type", "must be a string, got a number", None),
        ({"type": ["string", "null"], "examples": ["a"]}, True, "type", "must be a string or null, got true or false",
         'for example: "a"'),
        ({"type": ["array", "null"]}, "a", "type", "must be a list or null, got a string",
         "put it in a list, in square brackets"),
        ({"type": ["array", "boolean", "number", "string"], "x-hint": "leave it out"}, None, "type", "must not be null",
         "leave it out"),
        ({"enum": ["a", "b", None]}, "c", "value", "must be one of 'a', 'b'", None),
        ({"enum": ["a", None]}, 5, "type", "must be one of 'a'", None),
        ({"const": True}, False, "value", "must be true", None),
        ({"minLength": 1}, "", "value", "must not be empty", None),
        ({"minimum": 1}, 0, "value", "must be at least 1", None),
        ({"pattern": "b", "x-hint": "write b", "examples": ["b"]}, "a", "value", "has an invalid form", "write b"),
        ({"required": ["a", "b"]}, {"b": 1}, "missing", "must have 'a'", None),
        ({"required": ["Content-type", "content"], "properties": {"Filename": {}}},
         {"ContentType": 1, "Base64Content": 2, "Filename": 3}, "missing", "must have 'Content-type', 'content'",
         "write 'ContentType' as 'Content-type', 'Base64Content' as 'content'"),
        ({"properties": {"label": {}}, "patternProperties": {"^x-": {}}, "additionalProperties": False},
         {"labl": 1, "label": 2, "x-a": 3}, "value", "must not have 'labl'", "did you mean 'label'?"),
        ({"additionalProperties": False}, {"d": 1, "c": 1, "b": 1, "a": 1}, "value", "must not have 'a', 'b', 'c', …",
         None),
    ],
)  # fmt: skip
def test_an_error_is_described(schema: Any, value: Any, reason: str, message: str, hint: str | None) -> None:
    error = next(Draft202012Validator(schema).iter_errors(value))  # one for each missing member
    assert (reason_of(error), *describe_error(error)) == (reason, message, hint)


@pytest.mark.parametrize("name", ["message", "options", "mailjet-v3/payload"])
def test_every_field_has_valid_examples(name: str) -> None:
    schema: Any = resources.schemas()[f"{resources.BASE}{name}.schema.json"]
    fields = schema["$defs"] if name.endswith("payload") else schema["properties"]
    for field, part in fields.items():
        if "type" in part and field not in ("$schema", "message", "noNull", "Messages"):
            assert part["examples"], field
            for example in part["examples"]:
                assert list(resources.validator(f"{name}.schema.json").evolve(schema=part).iter_errors(example)) == []


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("merge_dta", "merge_data"), ("MergeData", "merge_data"), ("tag", "tags"), ("x", None), ("t" * 1000, None)],
)
def test_the_nearest_key(key: str, nearest: str | None) -> None:
    assert find_nearest(key, ["tags", "merge_data"]) == nearest
