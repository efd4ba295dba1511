"""How an answer is held against what a case expects.

The order of keys does not count, that of lists does; strings are compared by code point, numbers as exact decimals;
absent is not null, and true is not 1. A few properties that other languages spell otherwise are compared by meaning:
the output schema marks them `x-compare`. Errors and warnings are multisets of code, document, path and params.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from compiler.conformance.exact_json import read_json
from compiler.json_io.parse import token
from compiler.mail.addresses import AddressError, parse_address_list
from compiler.mail.encoded_words import decode_encoded_words

Schema = Mapping[str, Any]
ErrorMode = Literal["exact", "first", "code", "any"]
WarningMode = Literal["exact", "code", "ignore"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where an answer is not what is expected. A missing side is given as None, and `kind` says which."""

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
    """All that is wrong with an answer, as `find_differences` finds it."""
    return tuple(find_differences(expect, answer, schema, errors=errors, warnings=warnings))


def is_diagnostic(difference: Difference) -> bool:
    """Whether it is one of errors or warnings, whose values are diagnostics."""
    return difference.path.split("/", 2)[1:2] in (["errors"], ["warnings"])


def find_differences(
    expect: Mapping[str, Any],
    answer: Mapping[str, Any],
    schema: Schema | None = None,
    *,
    errors: ErrorMode = "exact",
    warnings: WarningMode = "exact",
) -> Iterator[Difference]:
    """Finds what is wrong with an answer; both have `output` or `errors`, and beside it `warnings` and `requires`.

    `schema` is that of the output, with references resolved; without it nothing is compared by meaning. `errors` and
    `warnings` say how strictly: `first` takes any one of the expected errors, for those that stop at the first.
    """
    if "errors" in expect or "errors" in answer:
        yield from _said("/errors", expect.get("errors", ()), answer.get("errors", ()), errors)
    if ("output" in expect) != ("output" in answer):
        kind: Literal["missing", "unexpected"] = "missing" if "output" in expect else "unexpected"
        yield Difference("/output", kind, expect.get("output"), answer.get("output"))
    elif "output" in expect:
        yield from _compare_values(expect["output"], answer["output"], schema, "/output")
        yield from _compare_multisets("/requires", expect.get("requires", ()), answer.get("requires", ()))
    if warnings != "ignore":
        yield from _said("/warnings", expect.get("warnings", ()), answer.get("warnings", ()), warnings)


def compare_values(expected: Any, actual: Any, schema: Schema | None = None, path: str = "") -> list[Difference]:
    """Where two JSON values differ, as pointers below `path`."""
    return list(_compare_values(expected, actual, schema, path))


def _compare_values(expected: Any, actual: Any, schema: Schema | None = None, path: str = "") -> Iterator[Difference]:
    meaning = None if schema is None else schema.get("x-compare")
    if meaning is not None and isinstance(expected, str) and isinstance(actual, str):
        same = expected == actual or _NORMALIZERS[meaning](expected) == _NORMALIZERS[meaning](actual)
        if not same:
            yield Difference(path, "different", expected, actual)
    elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in sorted({*expected, *actual}):
            place = f"{path}/{token(key)}"
            if key not in actual:
                yield Difference(place, "missing", expected[key], None)
            elif key not in expected:
                yield Difference(place, "unexpected", None, actual[key])
            else:
                yield from _compare_values(expected[key], actual[key], _property_schema(schema, key), place)
    elif _is_list(expected) and _is_list(actual):
        items = None if schema is None else schema.get("items")
        for index in range(max(len(expected), len(actual))):
            place = f"{path}/{index}"
            if index >= len(actual):
                yield Difference(place, "missing", expected[index], None)
            elif index >= len(expected):
                yield Difference(place, "unexpected", None, actual[index])
            else:
                yield from _compare_values(expected[index], actual[index], items, place)
    elif _comparison_key(expected) != _comparison_key(actual):
        yield Difference(path, "different", expected, actual)


def _are_equal(expected: Any, actual: Any) -> bool:
    return next(_compare_values(expected, actual), None) is None


def _property_schema(schema: Schema | None, key: str) -> Schema | None:
    if schema is None:
        return None
    found = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
    return found if isinstance(found, Mapping) else None


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _comparison_key(value: Any) -> Any:
    """A form in which scalars are equal exactly when they are the same JSON; objects and lists equal none of them."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int | float | Decimal):
        return Decimal(repr(value) if isinstance(value, float) else value)
    return ("text", value) if isinstance(value, str) else object()


def _said(path: str, expected: Any, actual: Any, mode: str) -> Iterable[Difference]:
    if not _is_list(actual) or not all(isinstance(each, Mapping) for each in actual):
        return [Difference(path, "different", expected, actual)]
    wanted, given = list(expected), list(actual)
    if mode == "any":
        return [] if bool(wanted) == bool(given) else _compare_multisets(path, wanted, given)
    full = mode != "code"
    normal_wanted = [_compared_members(each, full=full) for each in wanted]
    normal_given = [_compared_members(each, full=full) for each in given]
    if mode == "first" and len(given) == 1 and any(_are_equal(each, normal_given[0]) for each in normal_wanted):
        return []
    return _compare_multisets(path, normal_wanted, normal_given)


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
    """What two multisets do not share."""
    if not _is_list(actual):
        yield Difference(path, "different", expected, actual)
        return
    left_over = list(actual)
    for index, each in enumerate(expected):
        match = next((place for place, other in enumerate(left_over) if _are_equal(each, other)), None)
        if match is None:
            yield Difference(f"{path}/{index}", "missing", each, None)
        else:
            del left_over[match]
    for each in left_over:
        yield Difference(path, "unexpected", None, each)


def _normalize_json(text: str) -> Any:
    try:
        return ("json", _Comparable(read_json(text)))
    except ValueError:
        return ("text", text)


@dataclass(frozen=True, slots=True, eq=False)
class _Comparable:
    """A JSON value whose equality is that of the comparison."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Comparable) and _are_equal(self.value, other.value)

    __hash__ = None  # type: ignore[assignment]  # equal values may spell their numbers differently


def _normalize_addresses(text: str) -> Any:
    try:
        return [(each.email, decode_encoded_words(each.name or "")) for each in parse_address_list(text)]
    except AddressError:
        return text


def _normalize_base64(text: str) -> Any:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text


_NORMALIZERS = {"json": _normalize_json, "addresses": _normalize_addresses, "base64": _normalize_base64}
