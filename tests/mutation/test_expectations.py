"""Every normative leaf of every expectation is compared: our own result fails a case in which a leaf is changed.

Where the payload schema compares by meaning (`x-compare`), the change is one of meaning.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from compiler.conformance.compare import find_differences
from compiler.conformance.outputs import output_schema
from tests.cases import CASES
from tests.mutation.counts import NAME, Counts, count
from tests.test_golden import actual_expectation

Change = tuple[str, tuple[str | int, ...], Any]
_DROP = object()


def changes(expect: Mapping[str, Any]) -> Iterator[Change]:
    """The changes of an expectation: operator, path and new value."""
    for part in ("output", "requires"):
        if part in expect:
            yield from _value_changes(expect[part], (part,))
    for part in ("errors", "warnings"):
        for index, diagnostic in enumerate(expect.get(part, ())):
            yield "drop-diagnostic", (part, index), _DROP
            for name in ("code", "path"):
                yield f"change-{name}", (part, index, name), f"{diagnostic[name]}x"
            yield "change-document", (part, index, "document"), "x"
            yield "add-param", (part, index, "params"), {**diagnostic.get("params", {}), "x": 1}
            yield from _value_changes(diagnostic.get("params", {}), (part, index, "params"))
        if part in expect:
            yield "add-diagnostic", (part,), [*expect[part], {"code": "X", "path": "/x"}]
    if "warnings" not in expect:
        yield "add-diagnostic", ("warnings",), [{"code": "X", "path": "/x"}]
    other = {"output": "errors", "errors": "output"}["output" if "output" in expect else "errors"]
    yield "add-other-side", (other,), [{"code": "X", "path": "/x"}] if other == "errors" else {}


def _value_changes(value: Any, path: tuple[str | int, ...]) -> Iterator[Change]:
    if isinstance(value, dict):
        yield "add-member", (*path, "x-added"), None
        for key, member in value.items():
            yield "drop-member", (*path, key), _DROP
            yield from _value_changes(member, (*path, key))
    elif isinstance(value, list):
        yield "add-item", path, [*value, None]
        for index, item in enumerate(value):
            yield "drop-item", (*path, index), _DROP
            yield from _value_changes(item, (*path, index))
    else:
        yield "change-leaf", path, _different_value(value)
        yield "change-type", path, 1 if isinstance(value, bool) else [value]


def _different_value(value: Any) -> Any:
    """A value of the same type with another meaning, also as JSON, base64 or a list of addresses."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"x{value}"
    return "x" if value is None else value + 1


def _with_change(part: Any, path: tuple[str | int, ...], replacement: Any) -> Any:
    changed: Any = copy.copy(part)
    key: Any = path[0]
    if len(path) == 1:
        if replacement is _DROP:
            del changed[key]
        else:
            changed[key] = replacement
    else:
        changed[key] = _with_change(part.get(key, {}) if isinstance(part, dict) else part[key], path[1:], replacement)
    return changed


@pytest.mark.slow
def test_a_change_to_any_expectation_is_detected(record_property: Callable[[str, object], None]) -> None:
    missed = []
    counts: Counts = {}
    for case in CASES:
        actual, schema = actual_expectation(case), output_schema(case)
        expect = dict(case.expect)
        for operator, path, replacement in changes(expect):
            caught = next(find_differences(_with_change(expect, path, replacement), actual, schema), None) is not None
            count(counts, operator, "caught" if caught else "missed")
            if not caught:
                missed.append((case.id, operator, path))
    record_property(NAME, ("expectations", counts))
    assert missed == []
