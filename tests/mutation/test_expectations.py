"""Every normative leaf of every expectation counts: our own answer fails a case in which one of them is changed.

Where the payload schema compares by meaning (`x-compare`), the change is one of meaning.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from compiler.conformance.compare import differences
from compiler.conformance.outputs import output_schema
from tests.mutation.counts import NAME, Counts, count
from tests.mutation.kill_check import CASES, TARGET
from tests.test_golden import answer

Change = tuple[str, tuple[str | int, ...], Any]
_DROP = object()


def changes(expect: Mapping[str, Any]) -> Iterator[Change]:
    """What to put where, with the name of the operator."""
    for part in ("output", "requires"):
        if part in expect:
            yield from _of_value(expect[part], (part,))
    for part in ("errors", "warnings"):
        for index, said in enumerate(expect.get(part, ())):
            yield "drop-diagnostic", (part, index), _DROP
            for name in ("code", "path"):
                yield f"change-{name}", (part, index, name), f"{said[name]}x"
            yield "change-document", (part, index, "document"), "x"
            yield "add-param", (part, index, "params"), {**said.get("params", {}), "x": 1}
            yield from _of_value(said.get("params", {}), (part, index, "params"))
        if part in expect:
            yield "add-diagnostic", (part,), [*expect[part], {"code": "X", "path": "/x"}]
    if "warnings" not in expect:
        yield "add-diagnostic", ("warnings",), [{"code": "X", "path": "/x"}]
    other = {"output": "errors", "errors": "output"}["output" if "output" in expect else "errors"]
    yield "add-other-side", (other,), [{"code": "X", "path": "/x"}] if other == "errors" else {}


def _of_value(value: Any, path: tuple[str | int, ...]) -> Iterator[Change]:
    if isinstance(value, dict):
        yield "add-member", (*path, "x-added"), None
        for key, member in value.items():
            yield "drop-member", (*path, key), _DROP
            yield from _of_value(member, (*path, key))
    elif isinstance(value, list):
        yield "add-item", path, [*value, None]
        for index, item in enumerate(value):
            yield "drop-item", (*path, index), _DROP
            yield from _of_value(item, (*path, index))
    else:
        yield "change-leaf", path, _other(value)
        yield "change-type", path, 1 if isinstance(value, bool) else [value]


def _other(value: Any) -> Any:
    """Another value of the same type: of another meaning, as JSON, as base64 and as a list of addresses too."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"x{value}"
    return "x" if value is None else value + 1


def _changed(part: Any, path: tuple[str | int, ...], instead: Any) -> Any:
    made: Any = copy.copy(part)
    key: Any = path[0]
    if len(path) == 1:
        if instead is _DROP:
            del made[key]
        else:
            made[key] = instead
    else:
        made[key] = _changed(part.get(key, {}) if isinstance(part, dict) else part[key], path[1:], instead)
    return made


@pytest.mark.slow
def test_a_change_to_any_expectation_is_detected(record_property: Callable[[str, object], None]) -> None:
    missed = []
    counts: Counts = {}
    for case in CASES:
        given, schema = answer(case, TARGET), output_schema(case)
        expect = dict(case.expect)
        for operator, path, instead in changes(expect):
            caught = bool(differences(_changed(expect, path, instead), given, schema))
            count(counts, operator, "caught" if caught else "missed")
            if not caught:
                missed.append((case.id, operator, path))
    record_property(NAME, ("expectations", counts))
    assert missed == []
