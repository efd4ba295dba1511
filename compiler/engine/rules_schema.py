"""Generates the JSON Schema of rule files from the operators of `ir`.

It is for editors and for tools in other languages. The loader does not use it, because its own errors are more precise.
"""

from __future__ import annotations

from dataclasses import MISSING
from typing import Any

from compiler.engine import ir
from compiler.engine.literals import KINDS

_ANY_VALUE = {"$ref": "#/$defs/value"}
_ANY_TEST = {"$ref": "#/$defs/test"}
_TEXT = {"type": "string", "minLength": 1}
_POINTER = {"type": "string", "pattern": "^(/.*)?$"}
_BY_KIND: dict[str, dict[str, Any]] = {
    "value": _ANY_VALUE,
    "values": {"type": "array", "items": _ANY_VALUE},
    "inner value": _ANY_VALUE,
    "members": {"type": "object", "additionalProperties": _ANY_VALUE},
    "value or text": {"anyOf": [_TEXT, {"type": "object", **_ANY_VALUE}]},
    "test": _ANY_TEST,
    "tests": {"type": "array", "items": _ANY_TEST},
    "inner test": _ANY_TEST,
    "pair": {"type": "array", "items": _ANY_VALUE, "minItems": 2, "maxItems": 2},
    "branches": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["when", "value"],
            "properties": {"when": _ANY_TEST, "value": _ANY_VALUE},
            "additionalProperties": False,
        },
    },
    "reference": {"type": "string", "pattern": "^(@\\^*)?(/.*)?$"},
    "pointer": _POINTER,
    "pointers": {"type": "array", "items": _POINTER},
    "literal": {},
    "table": {"type": "array", "items": {"type": "array", "minItems": 2, "maxItems": 2}},
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "pattern": {"type": "string"},
    "kinds": {"anyOf": [{"enum": list(KINDS)}, {"type": "array", "items": {"enum": list(KINDS)}}]},
    "count": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
    "function": _TEXT,
    "unsupported": {"$ref": "#/$defs/unsupported"},
    "fallback": {"anyOf": [{"enum": ["keep", "drop"]}, _ANY_VALUE]},
    "invalid when": {"$ref": "#/$defs/invalid_when"},
    "report spec": {"$ref": "#/$defs/report_spec"},
    "inner rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
    "rule branches": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["when", "rules"],
            "properties": {"when": _ANY_TEST, "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}}},
            "additionalProperties": False,
        },
    },
    "otherwise rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
}
_COMMON_KEYS: dict[str, dict[str, Any]] = {
    "id": {"title": "Id", "description": "Identifies the rule; unique in its file.", **_TEXT},
    "doc": {"title": "Doc", "description": "The reason for the rule, in one sentence.", **_TEXT},
    "source": {
        "title": "Source",
        "description": "Where the reason is documented: one or more keys of the table of sources, or text without one.",
        "anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}],
    },
    "for": {
        "title": "For",
        "description": "The rule stands for one rule for each text: in all its texts, $name is replaced.",
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "minProperties": 1,
    },
    "consumes": {
        "title": "Consumes",
        "description": "Inputs that this rule uses although it is conditional or only reports; * is every item or key.",
        "type": "array",
        "items": _POINTER,
    },
    "when": {"title": "When", "description": "Apply the rule only if this holds.", **_ANY_TEST},
}


def rules_schema(schema_id: str) -> dict[str, Any]:
    """Builds the schema of rule files, with this `$id`."""
    rules = {"type": "array", "items": {"$ref": "#/$defs/rule"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_id,
        "title": "Rules",
        "description": "Rules that turn one JSON document into another. Semantics: compiler/engine/__init__.py.",
        "type": "object",
        "dependentRequired": {key: [other for other in _REQUIRED if other != key] for key in _REQUIRED if key != "doc"},
        "properties": {
            "$schema": {
                "title": "Schema",
                "description": "The location of this schema, for editors.",
                "type": "string",
            },
            "target": {"title": "Target", "description": "The service the rules are for.", **_TEXT},
            "ruleset": {"title": "Ruleset", "description": "The name of the ruleset.", **_TEXT},
            "doc": {"title": "Doc", "description": "What the ruleset does.", **_TEXT},
            "input": {"title": "Input", "description": "The $id of the schema of the input.", **_TEXT},
            "output": {"title": "Output", "description": "The $id of the schema of the output.", **_TEXT},
            "before_fan_out": {
                "title": "Before fan out",
                "description": "The $id of the schema of what the rules write before fan_out gives it another form; "
                "that of the output is the default.",
                **_TEXT,
            },
            "empty": {
                "title": "Empty",
                "description": "Whether empty lists and objects are written (kept) or not (omitted, the default).",
                "enum": ["omitted", "kept"],
            },
            "absent": {
                "title": "Absent",
                "description": "What a put writes for an absent value where the output allows null: null, or nothing "
                "(omitted, the default).",
                "enum": ["omitted", "null"],
            },
            "policy": {
                "title": "Policy",
                "description": "What these rules ask of the program that makes their input; the engine passes it on.",
                "type": "object",
            },
            "ignores": {
                "title": "Ignores",
                "description": "Inputs that are lost on purpose, as pointers (* is every item or key), each with the "
                "reason.",
                "type": "object",
                "additionalProperties": _TEXT,
                "propertyNames": {"pattern": "^(/.*)?$"},
            },
            "include": {
                "title": "Include",
                "description": "Files whose definitions, sources and rules come before those of this file.",
                "type": "array",
                "items": _TEXT,
            },
            "sources": {
                "title": "Sources",
                "description": "Where reasons are documented, by the keys that rules name as their source.",
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "required": ["title"],
                    "properties": {"title": _TEXT, "url": {"type": "string", "pattern": "^https?://"}},
                    "additionalProperties": False,
                },
            },
            "definitions": {
                "title": "Definitions",
                "description": "Named values and tests; each can use those before it.",
                "type": "object",
                "additionalProperties": {"anyOf": [_ANY_VALUE, _ANY_TEST, _DEFINITION_WITH_PARAMETERS]},
            },
            "build": {"title": "Build", "description": "Rules that read the input and write the output.", **rules},
            "override": {"title": "Override", "description": "Rules that override everything else.", **rules},
            "verify": {"title": "Verify", "description": "Rules that check the finished output.", **rules},
            "fan_out": {
                "title": "Fan out",
                "description": "Rules that change the form of the verified output.",
                **rules,
            },
        },
        "additionalProperties": False,
        "examples": [_EXAMPLE],
        "$defs": {
            "value": {
                "title": "Value",
                "oneOf": [*_SHORTHAND, *(_operator_schema(operator) for operator in ir.VALUES)],
            },
            "test": {"title": "Test", "oneOf": [_USE, *(_operator_schema(operator) for operator in ir.TESTS)]},
            "rule": {"title": "Rule", "oneOf": [_operator_schema(operator, _COMMON_KEYS) for operator in ir.RULES]},
            "unsupported": _operator_schema(ir.Unsupported),
            "invalid_when": _operator_schema(ir.InvalidWhen),
            "report_spec": _operator_schema(ir.ReportSpec),
        },
    }


_REQUIRED = ("target", "ruleset", "doc", "input", "output")
_USE: dict[str, Any] = {
    "title": "Use",
    "description": "The value or test that a definition names, with a value for each of its parameters.",
    "type": "object",
    "required": ["use"],
    "properties": {"use": _TEXT},
    "additionalProperties": _ANY_VALUE,
}
_SHORTHAND: tuple[dict[str, Any], ...] = (
    {
        "title": "Reference",
        "description": "The value at a pointer into the input (/a), the item (@/a) or the output (out:/a), a parameter "
        "of the definition ($name), or nothing (absent).",
        "type": "string",
        "pattern": "^(/.*|@\\^*(/.*)?|out:(/.*)?|\\$[A-Za-z][A-Za-z0-9_-]*|absent)$",
    },
    {"title": "Constant", "description": "The literal itself.", "type": ["null", "boolean", "number"]},
    {
        "title": "Call by name",
        "description": "The result of a function for these arguments, or for the only one.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {
            "not": {"enum": ["use", *(ir.keys(operator)[0].metadata["name"] for operator in ir.VALUES + ir.TESTS)]}
        },
        "additionalProperties": {"anyOf": [_ANY_VALUE, {"type": "array", "items": _ANY_VALUE}]},
    },
    _USE,
)
_DEFINITION_WITH_PARAMETERS: dict[str, Any] = {
    "title": "Definition with parameters",
    "description": "A value or a test that contains its parameters as $name. Its operator is beside takes, as in "
    '{"takes": ["size"], "object": {"Size": "$size"}}; {"use": "its name", "size": "@/size"} uses it.',
    "type": "object",
    "required": ["takes"],
    "properties": {"takes": {"description": "The parameters' names.", "type": "array", "items": _TEXT, "minItems": 1}},
    "minProperties": 2,
}
_EXAMPLE: dict[str, Any] = {
    "target": "greeter",
    "ruleset": "greet",
    "doc": "A person becomes a greeting.",
    "input": "https://greeter.example/person.schema.json",
    "output": "https://greeter.example/greeting.schema.json",
    "build": [
        {
            "id": "name",
            "doc": "The greeting names the person.",
            "source": "the greeter's manual, page 1",
            "put": "/name",
            "value": {"first": ["/nickname", "/name"]},
        }
    ],
}


def _operator_schema(operator: type[Any], common: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    properties = dict(common or {})
    required = [name for name in ("id", "doc", "source") if name in properties]
    for argument in ir.keys(operator):
        name, kind = argument.metadata["name"], argument.metadata["kind"]
        if name == "":
            inner = _operator_schema(ir.ReportSpec)
            properties |= inner["properties"]
            required += inner["required"]
            continue
        properties[name] = {"enum": list(argument.metadata["choices"])} if kind == "choice" else dict(_BY_KIND[kind])
        if argument.default is MISSING:
            required.append(name)
    return {
        "title": operator.__name__,
        "description": " ".join((operator.__doc__ or "").split()),
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }
