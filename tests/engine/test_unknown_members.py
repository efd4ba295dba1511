"""An index by keys of which some are invalid: it holds what is known, and forgets nowhere that this is not all."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine.traced_value import POISON
from tests.engine.helpers import const, evaluate, get, holds, out, rule, run_rules, to_python

SHELVES = {"books": [{"code": "atlas"}, {"code": "novel"}], "more": {"extra": 1}}
INVALID = ["/books/1/code"]
INDEX = {"index": get("/books"), "by": get("@/code")}
ATLAS = {"code": "atlas"}
PUT = rule("index", put="/index", value=INDEX)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"each": INDEX, "value": get("@/key")}, ["atlas", POISON]),
        ({"each": INDEX, "skip": 1}, [POISON]),
        ({"each": INDEX, "value": get("@/key"), "take": "first"}, "atlas"),
        ({"each": INDEX, "take": "last"}, POISON),
        ({"concat": [const([1]), INDEX]}, [1, {"key": "atlas", "value": ATLAS}, POISON]),
        ({"distinct": INDEX}, [{"key": "atlas", "value": ATLAS}, POISON]),
        ({"at": {"index": INDEX, "by": get("@/key")}, "key": const("atlas")}, {"key": "atlas", "value": ATLAS}),
        ({"at": {"index": INDEX, "by": get("@/key")}, "key": const("novel")}, POISON),
        ({"merge": [INDEX, const({"a": 1})]}, POISON),
        ({"call": "reversed", "with": [{"each": INDEX}]}, POISON),
    ],
)
def test_what_goes_over_the_members_comes_to_one_that_is_not_known(value: Any, expected: Any) -> None:
    assert evaluate(value, SHELVES, INVALID) == expected


def test_an_index_of_known_keys_has_no_such_member() -> None:
    assert evaluate({"each": INDEX, "value": get("@/key")}, SHELVES) == ["atlas", "novel"]


@pytest.mark.parametrize(("key", "held"), [("atlas", True), ("novel", None)])
def test_whether_a_member_is_among_them_may_be_unknown(key: str, held: bool | None) -> None:
    keys = {"each": INDEX, "value": get("@/key")}
    assert holds({"in": [const(key), keys]}, SHELVES, INVALID) is held


@pytest.mark.parametrize(
    "more",
    [
        rule("below", put="/index/extra", value=const(1), overrides=["index"]),
        rule("merged", merge_into="/index", value=get("/more")),
        rule("merged", merge_into="", value={"object": {"index": get("/more")}}),
        rule("merged", merge_into="/other", value=out("/index")),
        rule("merged", merge_into="", value={"object": {"index": out("/index")}}),
    ],
)
def test_writing_beside_what_is_not_known_does_not_make_it_known(more: dict[str, Any]) -> None:
    assert run_rules(SHELVES, PUT, more).output is not None
    result = run_rules(SHELVES, PUT, more, invalid=INVALID)
    assert result.output is None
    assert result.traced_output.poisoned


def test_merging_what_is_not_all_known_poisons_the_target() -> None:
    merge = rule("merged", merge_into="/target", value=INDEX)
    assert run_rules(SHELVES, merge).output == {"target": {"atlas": ATLAS, "novel": {"code": "novel"}}}
    assert to_python(run_rules(SHELVES, merge, invalid=INVALID).traced_output) == {"target": POISON}


def test_a_report_over_the_members_speaks_of_the_known_ones_only() -> None:
    report_rule = rule("report", over=INDEX, report="warning", code="Odd", at=get("@/value"), message="odd")
    assert [finding.at for finding in run_rules(SHELVES, report_rule).findings] == ["/books/0", "/books/1"]
    assert [finding.at for finding in run_rules(SHELVES, report_rule, invalid=INVALID).findings] == ["/books/0"]
