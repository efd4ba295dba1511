"""The comparison: equal and different values, and the paths of differences."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.conformance.compare import Difference, compare_values, differences
from compiler.conformance.outputs import output_schema_path
from compiler.engine.schema import dereference
from compiler.json_io import resources
from tests.strategies.messages import JSON

FINITE = JSON.filter(lambda value: "NaN" not in json.dumps(value) and "Infinity" not in json.dumps(value))

PAYLOAD = dereference(resources.BASE + output_schema_path("mailjet-v3", "send"), resources.schemas())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (1, 1.0),
        (0.1, Decimal("0.1")),
        (10**20, 1e20),
        (9007199254740993, Decimal("9007199254740993")),
        ([], ()),
    ],
)
def test_equal_values(left: Any, right: Any) -> None:
    assert compare_values(left, right) == []


@pytest.mark.parametrize(
    ("expected", "actual", "difference"),
    [
        ([1, 2], [2, 1], ("/0", "different")),
        ("e\u0301", "é", ("", "different")),
        (True, 1, ("", "different")),
        (False, 0, ("", "different")),
        (None, "", ("", "different")),
        (0.1, Decimal("0.10000000000000001"), ("", "different")),
        (9007199254740993, 9007199254740992.0, ("", "different")),
        ({"a": None}, {}, ("/a", "missing")),
        ({}, {"a": None}, ("/a", "unexpected")),
        ([], {}, ("", "different")),
        ([], "", ("", "different")),
        ({"a/b": [{"~": 1}]}, {"a/b": [{"~": 2}]}, ("/a~1b/0/~0", "different")),
        ([1], [1, 2], ("/1", "unexpected")),
        ([1, 2], [1], ("/1", "missing")),
    ],
)
def test_different_values(expected: Any, actual: Any, difference: tuple[str, str]) -> None:
    first = compare_values(expected, actual)[0]
    assert (first.path, first.kind) == difference


@pytest.mark.parametrize(
    ("key", "left", "right"),
    [
        ("To", "=?utf-8?q?Smith=2C_Bob?= <b@x.com>", "=?UTF-8?B?U21pdGgsIEJvYg==?= <b@x.com>"),
        ("Cc", "a@x.com, b@x.com", "<a@x.com>,  b@x.com"),
        ("Mj-EventPayLoad", '{"a":1,"b":2}', '{"b": 2, "a": 1.0}'),
    ],
)
def test_some_properties_are_normalized(key: str, left: str, right: str) -> None:
    assert compare_values({key: left}, {key: right}, PAYLOAD) == []
    assert compare_values({key: left}, {key: right}) != []


@pytest.mark.parametrize(
    ("key", "left", "right"),
    [
        ("To", "Bob <b@x.com>", "Rob <b@x.com>"),
        ("To", "a@x.com, b@x.com", "b@x.com, a@x.com"),
        ("To", "no address", "other"),
        ("Mj-EventPayLoad", '{"a":1}', '{"a":true}'),
        ("Mj-EventPayLoad", "text", "other text"),
        ("Subject", "a", "A"),
    ],
)
def test_normalized_properties_that_differ(key: str, left: str, right: str) -> None:
    assert compare_values({key: left}, {key: right}, PAYLOAD) == [Difference(f"/{key}", "different", left, right)]


def test_reply_to_and_attachments_are_normalized() -> None:
    left = {"Headers": {"Reply-To": "A <a@x.com>"}, "Attachments": [{"content": "YQ=="}]}
    right = {"Headers": {"Reply-To": '"A" <a@x.com>'}, "Attachments": [{"content": "YR=="}]}
    assert compare_values(left, right, PAYLOAD) == []


TAG = {"code": "UnsupportedFeature", "path": "/tags/1", "params": {"feature": "multiple tags"}}
BODY = {"code": "MissingField", "path": "/body"}


@pytest.mark.parametrize(
    ("errors", "same_by"),
    [
        ([TAG, BODY], {"exact", "first", "code", "any"}),
        ([BODY | {"document": "message", "params": {}}, TAG | {"message": "x"}], {"exact", "first", "code", "any"}),
        ([TAG], {"first", "any"}),
        ([BODY], {"first", "any"}),
        ([TAG, TAG, BODY], {"any"}),
        ([TAG | {"path": "/tags"}, BODY], {"code", "any"}),
        ([TAG | {"params": {}}, BODY], {"code", "any"}),
        ([TAG, BODY | {"document": "options"}], {"code", "any"}),
        ([TAG | {"code": "InvalidValue"}, BODY], {"any"}),
        ([TAG | {"path": "/tags"}], {"any"}),
        ([], set()),
    ],
)
def test_error_modes(errors: Any, same_by: set[str]) -> None:
    expect = {"errors": [TAG, BODY]}
    matching = {
        mode for mode in ("exact", "first", "code", "any") if not differences(expect, {"errors": errors}, errors=mode)
    }
    assert matching == same_by


@pytest.mark.parametrize(
    ("warnings", "same_by"),
    [
        ([TAG], {"exact", "code", "ignore"}),
        ([TAG | {"path": "/x"}], {"code", "ignore"}),
        ([], {"ignore"}),
        ([TAG, BODY], {"ignore"}),
    ],
)
def test_warning_modes(warnings: Any, same_by: set[str]) -> None:
    expect = {"output": {}, "warnings": [TAG]}
    matching = {
        mode
        for mode in ("exact", "code", "ignore")
        if not differences(expect, {"output": {}, "warnings": warnings}, warnings=mode)
    }
    assert matching == same_by


@pytest.mark.parametrize(
    ("expect", "answer", "paths"),
    [
        ({"output": {}}, {"errors": [TAG]}, ["/errors", "/output"]),
        ({"errors": [TAG]}, {"output": {}}, ["/errors/0", "/output"]),
        ({"output": {}, "requires": [{"kind": "a"}]}, {"output": {}}, ["/requires/0"]),
        ({"output": {}}, {"output": {}, "requires": [{"kind": "a"}]}, ["/requires"]),
        ({"output": {"a": 1}}, {"output": {"a": 2}}, ["/output/a"]),
        ({"output": None}, {"output": None}, []),
        ({"errors": [TAG]}, {"errors": None}, ["/errors"]),
        ({"errors": [TAG]}, {"errors": ["UnsupportedFeature"]}, ["/errors"]),
        ({"output": {}}, {"output": {}, "warnings": {}}, ["/warnings"]),
        ({"output": {}}, {"output": {}, "requires": 5}, ["/requires"]),
        ({"output": {}, "requires": [{"a": True}, {"a": 1}]}, {"output": {}, "requires": [{"a": 1}, {"a": True}]}, []),
    ],
)
def test_other_members_that_differ(expect: Any, answer: Any, paths: list[str]) -> None:
    assert [difference.path for difference in differences(expect, answer)] == paths


@given(FINITE)
def test_value_equals_itself_after_a_round_trip(value: Any) -> None:
    assert compare_values(value, json.loads(json.dumps(value))) == []


@given(FINITE, FINITE)
def test_comparison_is_symmetric(left: Any, right: Any) -> None:
    assert bool(compare_values(left, right)) == bool(compare_values(right, left))


@given(st.integers(), st.integers())
def test_integers_of_any_size_are_compared_exactly(left: int, right: int) -> None:
    assert (compare_values(left, right) == []) == (left == right)
