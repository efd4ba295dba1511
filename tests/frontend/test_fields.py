"""A new field needs only a schema property and a row of the field table."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import pytest
from jsonschema import Draft202012Validator

from compiler.frontend import readers, schema_errors
from compiler.frontend.defaults import apply_defaults
from compiler.frontend.fields import FIELDS, Field, build_field
from compiler.frontend.full import canonicalize
from compiler.json_io import resources
from compiler.json_io.pointer import caseless

NEW = (
    build_field("list_id", readers.read_line),
    build_field("groups", readers.read_line, "append"),
    build_field("labels", readers.read_as_is, "merge", caseless),
)
PROPERTIES = {
    "list_id": {"type": ["string", "null"]},
    "groups": {"type": ["array", "null"], "items": {"type": "string"}},
    "labels": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
}


@pytest.fixture(autouse=True)
def _new_fields() -> Iterator[None]:
    """Adds three fields to the schemas and the field table during a test."""
    schemas = {name: copy.deepcopy(dict(schema)) for name, schema in resources.schemas().items()}
    schemas[f"{resources.BASE}message.schema.json"]["properties"].update(PROPERTIES)
    schemas[f"{resources.BASE}options.schema.json"]["properties"]["send_defaults"]["properties"].update(PROPERTIES)
    fields = {**FIELDS, **{field.name: field for field in NEW}}

    def validator(name: str) -> Any:
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        registry: Any = Registry().with_resources(
            (schema_id, DRAFT202012.create_resource(schema)) for schema_id, schema in schemas.items()
        )
        return Draft202012Validator(schemas[resources.BASE + name], registry=registry)

    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("compiler.frontend") and vars(module).get("FIELDS") is FIELDS:
                stack.enter_context(mock.patch.object(module, "FIELDS", fields))
            if name.startswith("compiler.frontend") and "fields_for" in vars(module):
                stack.enter_context(mock.patch.object(module, "fields_for", return_value=fields))
        stack.enter_context(mock.patch.object(schema_errors, "fast_validator", return_value=None))
        stack.enter_context(mock.patch.object(schema_errors, "validator", validator))
        yield


def test_new_fields_are_read_and_combined_with_defaults() -> None:
    message = {"list_id": "weekly", "groups": ["b"], "labels": {"A": "message"}}
    defaults = {"list_id": "daily", "groups": ["a"], "labels": {"a": "default", "b": "default"}}
    result = canonicalize(message, {"send_defaults": defaults})
    assert result.diagnostics == ()
    assert result.document == {
        "list_id": "weekly",
        "groups": ["a", "b"],
        "labels": {"A": "message", "b": "default"},
        "delivery": "individual",
    }
    assert result.locator.locate("/groups/1") == ("message", "/groups/0")
    assert result.locator.locate("/labels/A") == ("message", "/labels/A")
    assert result.locator.locate("/labels/b") == ("options", "/send_defaults/labels/b")
    assert apply_defaults(message, defaults) == {
        "list_id": "weekly",
        "groups": ["a", "b"],
        "labels": {"b": "default", "A": "message"},
    }


def test_errors_of_new_fields_are_reported_at_their_location() -> None:
    message = {"list_id": "a\nb", "labels": {"A": "x", "a": "y", "c": 5}, "lable": {}}
    diagnostics = canonicalize(message, {}).diagnostics
    assert [(diagnostic.code, diagnostic.path) for diagnostic in diagnostics] == [
        ("InvalidValue", "/list_id"),
        ("IncompatibleFields", "/labels/A"),
        ("InvalidMessage", "/labels/c"),
        ("UnknownField", "/lable"),
    ]
    assert diagnostics[-1].hint == "did you mean 'labels'?"


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_what_a_field_becomes_is_in_the_schema_of_canonical_messages(field: Field) -> None:
    schema = resources.schemas()[f"{resources.BASE}canonical-message.schema.json"]
    assert set(field.canonical or (field.name,)) <= set(schema["properties"])
