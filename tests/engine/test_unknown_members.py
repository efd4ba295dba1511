"""An index by keys of which some are invalid: it holds what is known, and forgets nowhere that this is not all."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.engine.traced_value import POISON
from tests.engine.helpers import const, get, holds, made, out, ran, rule, shown

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
    assert made(value, SHELVES, INVALID) == expected


def test_an_index_of_known_keys_has_no_such_member() -> None:
    assert made({"each": INDEX, "value": get("@/key")}, SHELVES) == ["atlas", "novel"]


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
    assert ran(SHELVES, PUT, more).output is not None
    outcome = ran(SHELVES, PUT, more, invalid=INVALID)
    assert outcome.output is None
    assert outcome.traced_output.poisoned


def test_merging_what_is_not_all_known_poisons_the_target() -> None:
    merge = rule("merged", merge_into="/target", value=INDEX)
    assert ran(SHELVES, merge).output == {"target": {"atlas": ATLAS, "novel": {"code": "novel"}}}
    assert shown(ran(SHELVES, merge, invalid=INVALID).traced_output) == {"target": POISON}


def test_a_report_over_the_members_speaks_of_the_known_ones_only() -> None:
    told = rule("told", over=INDEX, report="warning", code="Odd", at=get("@/value"), message="odd")
    assert [said.at for said in ran(SHELVES, told).findings] == ["/books/0", "/books/1"]
    assert [said.at for said in ran(SHELVES, told, invalid=INVALID).findings] == ["/books/0"]
