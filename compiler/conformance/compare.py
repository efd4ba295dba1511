"""Compares an answer with the expectation of a case.

The order of keys is ignored, the order of lists is not. Strings are compared by code point, numbers as exact decimals;
absent differs from null, and true from 1. Properties with several equivalent spellings are normalized first: the output
schema marks them with `x-compare`. Errors and warnings are multisets of code, document, path and params.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from compiler.json_io.parse import EXACT, require_json
from compiler.json_io.pointer import escape_token
from compiler.mail.addresses import AddressError, parse_address_list
from compiler.mail.encoded_words import decode_encoded_words

Schema = Mapping[str, Any]
ErrorMode = Literal["exact", "first", "code", "any"]
WarningMode = Literal["exact", "code", "ignore"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between answer and expectation; `kind` says which side is missing, if any (it is then None)."""

    path: str
    kind: Literal["missing", "unexpected", "different"]
    expected: Any
    actual: Any


def differences(
    expect: Mapping[str, Any],
    answer: Mapping[str, Any],
    schema: Schema | None = None,
    *,
    errors: ErrorMode = "exact",
    warnings: WarningMode = "exact",
) -> tuple[Difference, ...]:
    """All differences of an answer, see `find_differences`."""
    return tuple(find_differences(expect, answer, schema, errors=errors, warnings=warnings))


def is_diagnostic(difference: Difference) -> bool:
    """Whether it is a difference in errors or warnings, whose values are diagnostics."""
    return difference.path.split("/", 2)[1:2] in (["errors"], ["warnings"])


def find_differences(
    expect: Mapping[str, Any],
    answer: Mapping[str, Any],
    schema: Schema | None = None,
    *,
    errors: ErrorMode = "exact",
    warnings: WarningMode = "exact",
) -> Iterator[Difference]:
    """Finds the differences between two objects with `output` or `errors`, and optional `warnings` and `requires`.

    `schema` is the output schema with references resolved; without it nothing is normalized. `errors` and `warnings`
    are the comparison mode. `first` accepts any single expected error, for implementations that stop at the first.
    """
    if "errors" in expect or "errors" in answer:
        yield from _compare_diagnostics("/errors", expect.get("errors", ()), answer.get("errors", ()), errors)
    if ("output" in expect) != ("output" in answer):
        kind: Literal["missing", "unexpected"] = "missing" if "output" in expect else "unexpected"
        yield Difference("/output", kind, expect.get("output"), answer.get("output"))
    elif "output" in expect:
        yield from _find_value_differences(expect["output"], answer["output"], schema, "/output")
        yield from _compare_multisets("/requires", expect.get("requires", ()), answer.get("requires", ()))
    if warnings != "ignore":
        yield from _compare_diagnostics("/warnings", expect.get("warnings", ()), answer.get("warnings", ()), warnings)


def compare_values(expected: Any, actual: Any, schema: Schema | None = None, path: str = "") -> list[Difference]:
    """The differences of two JSON values, with pointers below `path`."""
    return list(_find_value_differences(expected, actual, schema, path))


def _find_value_differences(
    expected: Any, actual: Any, schema: Schema | None = None, path: str = ""
) -> Iterator[Difference]:
    normalizer = None if schema is None else schema.get("x-compare")
    if normalizer is not None and isinstance(expected, str) and isinstance(actual, str):
        normalize = _NORMALIZERS[normalizer]
        if expected != actual and normalize(expected) != normalize(actual):
            yield Difference(path, "different", expected, actual)
    elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in sorted({*expected, *actual}):
            location = f"{path}/{escape_token(key)}"
            if key not in actual:
                yield Difference(location, "missing", expected[key], None)
            elif key not in expected:
                yield Difference(location, "unexpected", None, actual[key])
            else:
                yield from _find_value_differences(expected[key], actual[key], _property_schema(schema, key), location)
    elif _is_list(expected) and _is_list(actual):
        items = None if schema is None else schema.get("items")
        for index in range(max(len(expected), len(actual))):
            location = f"{path}/{index}"
            if index >= len(actual):
                yield Difference(location, "missing", expected[index], None)
            elif index >= len(expected):
                yield Difference(location, "unexpected", None, actual[index])
            else:
                yield from _find_value_differences(expected[index], actual[index], items, location)
    elif _comparison_key(expected) != _comparison_key(actual):
        yield Difference(path, "different", expected, actual)


def _are_equal(expected: Any, actual: Any) -> bool:
    return next(_find_value_differences(expected, actual), None) is None


def _property_schema(schema: Schema | None, key: str) -> Schema | None:
    if schema is None:
        return None
    subschema = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
    return subschema if isinstance(subschema, Mapping) else None


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _comparison_key(value: Any) -> Any:
    """A key that is equal for equal JSON scalars only; that of an object or list equals no other key."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int | float | Decimal):
        return Decimal(repr(value) if isinstance(value, float) else value)
    return ("text", value) if isinstance(value, str) else object()


def _compare_diagnostics(path: str, expected: Any, actual: Any, mode: str) -> Iterable[Difference]:
    if not _is_list(actual) or not all(isinstance(item, Mapping) for item in actual):
        return [Difference(path, "different", expected, actual)]
    if mode == "any":
        return [] if bool(expected) == bool(actual) else _compare_multisets(path, expected, actual)
    expected, actual = (
        [_compared_members(item, full=mode != "code") for item in items] for items in (expected, actual)
    )
    if mode == "first" and len(actual) == 1 and any(_are_equal(item, actual[0]) for item in expected):
        return []
    return _compare_multisets(path, expected, actual)


def _compared_members(diagnostic: Mapping[str, Any], *, full: bool) -> dict[str, Any]:
    if not full:
        return {"code": diagnostic.get("code")}
    return {
        "code": diagnostic.get("code"),
        "document": diagnostic.get("document", "message"),
        "path": diagnostic.get("path"),
        "params": diagnostic.get("params", {}),
    }


def _compare_multisets(path: str, expected: Any, actual: Any) -> Iterator[Difference]:
    """The symmetric difference of two multisets."""
    if not _is_list(actual):
        yield Difference(path, "different", expected, actual)
        return
    unmatched = list(actual)
    for index, item in enumerate(expected):
        match = next((position for position, other in enumerate(unmatched) if _are_equal(item, other)), None)
        if match is None:
            yield Difference(f"{path}/{index}", "missing", item, None)
        else:
            del unmatched[match]
    for item in unmatched:
        yield Difference(path, "unexpected", None, item)


def _normalize_json(text: str) -> Any:
    try:
        return ("json", _Comparable(require_json(text, EXACT)))
    except ValueError:
        return ("text", text)


@dataclass(frozen=True, slots=True, eq=False)
class _Comparable:
    """A JSON value that is equal to another one if the comparison finds no difference."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Comparable) and _are_equal(self.value, other.value)

    __hash__ = None  # type: ignore[assignment]  # equal values may spell their numbers differently


def _normalize_addresses(text: str) -> Any:
    try:
        return [(address.email, decode_encoded_words(address.name or "")) for address in parse_address_list(text)]
    except AddressError:
        return text


def _normalize_base64(text: str) -> Any:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text


_NORMALIZERS = {"json": _normalize_json, "addresses": _normalize_addresses, "base64": _normalize_base64}
