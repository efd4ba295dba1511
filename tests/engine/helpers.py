"""Builds rulesets from Python dicts and runs them. Nothing in these tests is about mail."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from compiler.engine import Function, Ruleset, RunResult, load_ruleset
from compiler.engine.codegen.code import PYTHON_TYPES
from compiler.engine.codegen.generate import generate
from compiler.engine.traced_value import Mark, TracedValue, child
from tests.backends import assert_agreement, run_both_backends

INPUT = "https://shop.example/schemas/order.json"
OUTPUT = "https://shop.example/schemas/parcel.json"
FILE = "parcel.json"
ANYTHING: Mapping[str, Any] = {}

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}


def _join(texts: Any, separator: Any) -> Any:
    return separator.join(texts) if isinstance(texts, list) and _all_texts([*texts, separator]) else None


def _all_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _upper(text: Any) -> Any:
    return text.upper() if isinstance(text, str) else None


def _length_of(text: Any) -> Any:
    return len(text) if isinstance(text, str) else None


def _reversed(values: Any) -> Any:
    return values[::-1] if isinstance(values, list) else None


FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        Function(name="join", parameters=(_TEXTS, _TEXT), result=_TEXT, apply=_join),
        Function(name="upper", parameters=(_TEXT,), result=_TEXT, apply=_upper),
        Function(name="length_of", parameters=(_TEXT,), result={"type": "integer"}, apply=_length_of),
        Function(name="reversed", parameters=({"type": "array"},), result={"type": "array"}, apply=_reversed),
    )
}


def rule(name: str, **keys: Any) -> dict[str, Any]:
    """A rule with these keys; a trailing underscore is removed, for keys that are Python keywords."""
    return {"id": name, "doc": f"Why {name}.", "source": "the handbook"} | {k.rstrip("_"): v for k, v in keys.items()}


def rule_file(
    *build: Mapping[str, Any],
    override: Collection[Mapping[str, Any]] = (),
    verify: Collection[Mapping[str, Any]] = (),
    **header: Any,
) -> dict[str, Any]:
    """A rule file with these rules, as a parsed document."""
    return {
        "target": "shop",
        "ruleset": "parcel",
        "doc": "An order becomes a parcel.",
        "input": INPUT,
        "output": OUTPUT,
        "build": list(build),
        "override": list(override),
        "verify": list(verify),
    } | header


def load(
    document: Any,
    order: Mapping[str, Any] = ANYTHING,
    parcel: Mapping[str, Any] = ANYTHING,
    file: str = FILE,
    others: Mapping[str, Mapping[str, Any]] | None = None,
) -> Ruleset:
    """Loads a rule file, with these input and output schemas, and others by `$id`."""
    return load_ruleset(json.dumps(document), file, {INPUT: order, OUTPUT: parcel, **(others or {})}, FUNCTIONS)


def run_rules(
    document: Any,
    *build: Mapping[str, Any],
    override: Collection[Mapping[str, Any]] = (),
    verify: Collection[Mapping[str, Any]] = (),
    parcel: Mapping[str, Any] = ANYTHING,
    invalid: Collection[str] = (),
    ignored: bool | Collection[str] | None = False,
    **header: Any,
) -> RunResult:
    """Runs these rules on a document, with both backends; also with code for the valid documents of a narrow schema."""
    file = rule_file(*build, override=override, verify=verify, **header)
    result = run_both_backends(load(file, parcel=parcel), document, invalid, ignored)
    if isinstance(document, dict) and not invalid and ignored is not None:
        ruleset = load(file, schema_of(document), parcel)
        for present in (None, frozenset(document)):
            assert_agreement(ruleset, document, ignored, result, generate(ruleset, present, assume_valid=True))
    return result


def schema_of(value: Any) -> dict[str, Any]:
    """A narrow schema that a value conforms to."""
    schemas = [schema_of(item) for item in value] if isinstance(value, list) else []
    match value:
        case dict():
            members = {name: schema_of(member) for name, member in value.items()}
            return {"type": "object", "required": list(members), "properties": members}
        case list() if schemas and schemas == schemas[:1] * len(schemas):
            return {"type": "array", "items": schemas[0]}
    return {"type": next(name for name, types in PYTHON_TYPES.items() if type(value) in types)}


def to_python(value: TracedValue) -> Any:
    """The JSON of a traced value, with ABSENT and POISON left in."""
    if isinstance(value.data, dict):
        return {key: to_python(member) for key, member in value.data.items()}
    return [to_python(item) for item in value.data] if isinstance(value.data, tuple) else value.data


def evaluate(value: Any, document: Any = None, invalid: Collection[str] = ()) -> Any:
    """The value of an expression: JSON, ABSENT or POISON."""
    result = run_rules(document, rule("value", put="/value", value=value), invalid=invalid, empty="kept")
    return to_python(child(result.traced_output, "value"))


def holds(test: Any, document: Any = None, invalid: Collection[str] = ()) -> bool | None:
    """Whether a test holds; None where that is unknown."""
    data = child(
        run_rules(document, rule("held", when=test, put="/held", value=true()), invalid=invalid).traced_output, "held"
    ).data
    return None if data is Mark.POISON else data is True


def reported_origin(value: Any, document: Any, invalid: Collection[str] = ()) -> str:
    """The pointer that a report of this value names."""
    (finding,) = run_rules(
        document, rule("report", report="warning", code="Odd", at=value, message="odd"), invalid=invalid
    ).findings
    return finding.at


def finding_keys(result: RunResult) -> list[tuple[str, str, str]]:
    """The severity, code and place of all findings."""
    return [(finding.severity, finding.code, finding.at) for finding in result.findings]


def get(pointer: str) -> dict[str, Any]:
    return {"get": pointer}


def out(pointer: str) -> dict[str, Any]:
    return {"out": pointer}


def const(literal: Any) -> dict[str, Any]:
    return {"const": literal}


def true() -> dict[str, Any]:
    return const(True)


def invalid_when(at: Any, when: Any) -> dict[str, Any]:
    """The `invalid` of a put."""
    return {"when": when, "report": {"code": "Bad", "at": at, "message": "bad"}}
