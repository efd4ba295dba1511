"""Rulesets from Python dicts, and what they make of a document. Nothing in these tests is about mail."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from compiler.engine import Function, Ruleset, RunResult, load_ruleset
from compiler.engine.traced_value import Mark, TracedValue, child
from tests.backends import both_ways

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
    """Changes its argument on purpose: a function is handed a copy."""
    if not isinstance(values, list):
        return None
    values.reverse()
    return values


FUNCTIONS: Mapping[str, Function] = {
    each.name: each
    for each in (
        Function(name="join", parameters=(_TEXTS, _TEXT), result=_TEXT, apply=_join),
        Function(name="upper", parameters=(_TEXT,), result=_TEXT, apply=_upper),
        Function(name="length_of", parameters=(_TEXT,), result={"type": "integer"}, apply=_length_of),
        Function(name="reversed", parameters=({"type": "array"},), result={"type": "array"}, apply=_reversed),
    )
}


def rule(name: str, **keys: Any) -> dict[str, Any]:
    """A rule with these keys; `in_`, `is_` and the like stand for words that Python keeps to itself."""
    return {"id": name, "doc": f"Why {name}.", "source": "the handbook"} | {k.rstrip("_"): v for k, v in keys.items()}


def written(
    *build: Mapping[str, Any],
    override: Collection[Mapping[str, Any]] = (),
    verify: Collection[Mapping[str, Any]] = (),
    **header: Any,
) -> dict[str, Any]:
    """A rule file with these rules, as a document."""
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


def loaded(
    document: Any, order: Mapping[str, Any] = ANYTHING, parcel: Mapping[str, Any] = ANYTHING, file: str = FILE
) -> Ruleset:
    """The ruleset of such a document, for these input and output schemas."""
    return load_ruleset(json.dumps(document), file, {INPUT: order, OUTPUT: parcel}, FUNCTIONS)


def ran(
    document: Any,
    *build: Mapping[str, Any],
    override: Collection[Mapping[str, Any]] = (),
    verify: Collection[Mapping[str, Any]] = (),
    parcel: Mapping[str, Any] = ANYTHING,
    invalid: Collection[str] = (),
    ignored: bool | Collection[str] | None = False,
    **header: Any,
) -> RunResult:
    """What these rules make of the document."""
    ruleset = loaded(written(*build, override=override, verify=verify, **header), parcel=parcel)
    return both_ways(ruleset, document, invalid, ignored)


def shown(node: TracedValue) -> Any:
    """The JSON of a node, with ABSENT and POISON where they stand."""
    if isinstance(node.data, dict):
        return {key: shown(value) for key, value in node.data.items()}
    return [shown(item) for item in node.data] if isinstance(node.data, tuple) else node.data


def made(value: Any, document: Any = None, invalid: Collection[str] = ()) -> Any:
    """What an expression gives: JSON, ABSENT or POISON."""
    outcome = ran(document, rule("made", put="/made", value=value), invalid=invalid, empty="kept")
    return shown(child(outcome.traced_output, "made"))


def holds(test: Any, document: Any = None, invalid: Collection[str] = ()) -> bool | None:
    """Whether a test holds; None where that is unknown."""
    data = child(
        ran(document, rule("held", when=test, put="/held", value=true()), invalid=invalid).traced_output, "held"
    ).data
    return None if data is Mark.POISON else data is True


def origin_of(value: Any, document: Any, invalid: Collection[str] = ()) -> str:
    """Where a report of this value points to."""
    (said,) = ran(document, rule("said", report="error", code="Odd", at=value, message="odd"), invalid=invalid).findings
    return said.at


def places_said(outcome: RunResult) -> list[tuple[str, str, str]]:
    """The severity, code and place of all that was said."""
    return [(said.severity, said.code, said.at) for said in outcome.findings]


def get(pointer: str) -> dict[str, Any]:
    return {"get": pointer}


def out(pointer: str) -> dict[str, Any]:
    return {"out": pointer}


def const(literal: Any) -> dict[str, Any]:
    return {"const": literal}


def true() -> dict[str, Any]:
    return const(True)


def refusal(at: Any, when: Any) -> dict[str, Any]:
    """The `invalid` of a put."""
    return {"when": when, "report": {"code": "Bad", "at": at, "message": "bad"}}
