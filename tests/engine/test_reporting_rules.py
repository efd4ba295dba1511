"""The rules that report: report, unsupported, limit and require."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.helpers import const, finding_keys, get, out, rule, run_rules

ORDER = {"lines": [{"sku": "cup", "count": 2}, {"sku": "pot", "count": 9}], "wrap": "gold", "prices": {"b": 1, "a": 2}}


def report(**keys: Any) -> dict[str, Any]:
    return rule("report", report="warning", code="Odd", message="it is odd") | keys


def test_a_report_says_its_code_place_message_parameters_hint_and_relations() -> None:
    report_rule = report(
        at=get("/lines/0/sku"),
        params={"sku": get("/lines/0/sku"), "colour": get("/colour"), "all": {"each": get("/lines")}},
        related={"list": [get("/wrap"), const(1), get("/lines/1")]},
        hint="buy a pot",
    )
    (finding,) = run_rules(ORDER, report_rule).findings
    assert (finding.severity, finding.code, finding.at, finding.message) == (
        "warning",
        "Odd",
        "/lines/0/sku",
        "it is odd",
    )
    assert finding.params == {"sku": "cup", "all": ORDER["lines"]}
    assert finding.related == ("/wrap", "/lines/1")
    assert (finding.hint, finding.rule) == ("buy a pot", "report")


def test_a_report_of_what_is_missing_names_the_pointer_itself() -> None:
    (finding,) = run_rules(ORDER, report(missing="/address/street")).findings
    assert (finding.at, finding.missing) == ("/address/street", True)
    assert [finding.missing for finding in run_rules(ORDER, report(at=get("/address"))).findings] == [False]


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (get("/wrap"), "gold"),
        (get("/nothing"), None),
        (const(3), None),
        ({"call": "upper", "with": [get("/wrap")]}, "GOLD"),
    ],
)
def test_a_hint_may_be_computed(hint: Any, expected: str | None) -> None:
    assert [finding.hint for finding in run_rules(ORDER, report(at=get("/wrap"), hint=hint)).findings] == [expected]


def test_a_report_goes_over_items_and_its_test_reads_each() -> None:
    many = {"between": get("@/count"), "least": 5, "most": 99}
    assert finding_keys(run_rules(ORDER, report(over=get("/lines"), at=get("@/sku")))) == [
        ("warning", "Odd", "/lines/0/sku"),
        ("warning", "Odd", "/lines/1/sku"),
    ]
    assert finding_keys(run_rules(ORDER, report(over=get("/lines"), when=many, at=get("@")))) == [
        ("warning", "Odd", "/lines/1")
    ]
    assert finding_keys(run_rules(ORDER, report(over=get("/prices"), at=get("@/value")))) == [
        ("warning", "Odd", "/prices/a"),
        ("warning", "Odd", "/prices/b"),
    ]
    assert run_rules(ORDER, report(over=get("/nothing"), at=get("@"))).findings == ()
    assert run_rules(ORDER, report(over=get("/wrap"), at=get("@"))).findings == ()


@pytest.mark.parametrize(
    ("change", "times"),
    [
        ({}, 1),
        ({"message": "in other words", "hint": "a hint", "related": {"list": [get("/wrap")]}}, 1),
        ({"params": {"n": const(1.0)}}, 1),
        ({"report": "error"}, 2),
        ({"code": "Strange"}, 2),
        ({"at": get("/lines")}, 2),
        ({"params": {"n": const(True)}}, 2),
    ],
)
def test_findings_equal_in_severity_code_location_and_parameters_are_merged(change: dict[str, Any], times: int) -> None:
    first = report(at=get("/wrap"), params={"n": const(1)})
    assert len(run_rules(ORDER, first, first | {"id": "again"} | change).findings) == times


def wrapping(**keys: Any) -> dict[str, Any]:
    return rule("wrap", put="/wrap", value=get("/wrap"), unsupported={"feature": "wrapping", "of": get("/wrap")} | keys)


@pytest.mark.parametrize("fallback", ["keep", "drop", const("paper")])
def test_an_unsupported_feature_is_an_error_and_its_value_is_written_all_the_same(fallback: Any) -> None:
    seen = rule("seen", report="warning", code="Seen", at=out("/wrap"), message="seen", params={"is": out("/wrap")})
    result = run_rules(ORDER, wrapping(fallback=fallback), seen)
    assert result.output is None
    assert finding_keys(result) == [("error", "UnsupportedFeature", "/wrap"), ("warning", "Seen", "/wrap")]
    assert result.findings[0].params == {"feature": "wrapping"}
    assert result.findings[1].params == {"is": "gold"}


@pytest.mark.parametrize(
    ("fallback", "output"),
    [
        ({"fallback": "keep"}, {"wrap": "gold"}),
        ({"fallback": "drop"}, {}),
        ({}, {}),
        ({"fallback": const("paper")}, {"wrap": "paper"}),
        ({"fallback": get("/nothing")}, {}),
    ],
)
@pytest.mark.parametrize("ignored", [True, ["wrapping", "ribbons"]])
def test_an_ignored_feature_is_a_warning_and_the_fallback_holds(fallback: Any, output: Any, ignored: Any) -> None:
    result = run_rules(ORDER, wrapping(**fallback), ignored=ignored)
    assert finding_keys(result) == [("warning", "FeatureDropped", "/wrap")]
    assert result.output == output


@pytest.mark.parametrize("ignored", [False, [], ["ribbons"]])
def test_a_feature_that_is_not_ignored_is_an_error(ignored: Any) -> None:
    assert finding_keys(run_rules(ORDER, wrapping(), ignored=ignored)) == [("error", "UnsupportedFeature", "/wrap")]


@pytest.mark.parametrize("ignored", [True, ["wrapping"]])
def test_a_feature_that_may_not_be_ignored_stays_an_error(ignored: Any) -> None:
    result = run_rules(ORDER, wrapping(ignorable=False), ignored=ignored)
    assert finding_keys(result) == [("error", "UnsupportedFeature", "/wrap")]


def test_where_it_is_not_known_what_is_ignored_only_what_may_not_be_is_said() -> None:
    assert run_rules(ORDER, wrapping(), ignored=None).findings == ()
    assert finding_keys(run_rules(ORDER, wrapping(ignorable=False), ignored=None)) == [
        ("error", "UnsupportedFeature", "/wrap")
    ]


@pytest.mark.parametrize("order", [{}, {"wrap": []}, {"wrap": {}}])
def test_a_feature_that_is_absent_or_empty_is_not_in_use(order: Any) -> None:
    assert run_rules(order, wrapping()).findings == ()


@pytest.mark.parametrize("ignored", [True, False])
def test_each_offender_is_named(ignored: bool) -> None:
    more = rule(
        "one",
        put="/line",
        value=get("/lines/0/sku"),
        unsupported={"feature": "more lines", "over": {"each": get("/lines"), "skip": 1}, "fallback": "keep"},
    )
    order = {"lines": [{"sku": "cup"}, {"sku": "pot"}, {"sku": "pan"}]}
    assert [finding.at for finding in run_rules(order, more, ignored=ignored).findings] == ["/lines/1", "/lines/2"]
    assert run_rules(order, more, ignored=True).output == {"line": "cup"}
    assert run_rules({"lines": [{"sku": "cup"}]}, more).findings == ()


def test_a_rule_may_only_refuse_and_the_hint_is_its_own_or_the_doc() -> None:
    plain = rule("no", unsupported={"feature": "wrapping", "of": get("/wrap")})
    hinted = rule("no", unsupported={"feature": "wrapping", "of": get("/wrap"), "hint": "ask us"})
    assert [(finding.at, finding.hint) for finding in run_rules(ORDER, plain).findings] == [("/wrap", "Why no.")]
    assert [(finding.at, finding.hint) for finding in run_rules(ORDER, hinted).findings] == [("/wrap", "ask us")]
    assert run_rules(ORDER, plain, ignored=True).output == {}


@pytest.mark.parametrize(
    ("measure", "value", "size"),
    [
        ("length", "abcd", 4),
        ("length", "äöü€", 4),
        ("length", "𝄞" * 4, 4),
        ("byte_length", "abcd", 4),
        ("byte_length", "äö", 4),
        ("byte_length", "𝄞", 4),
        ("byte_length", "\ud800a", 4),
        ("count", [1, 1, None, []], 4),
        ("total", [1, 3], 4),
        ("total", [1, 2.0, 1], 4),
        ("total", [4, True, "9", None, [9]], 4),
    ],
)
def test_a_limit_holds_one_below_and_at_and_not_above(measure: str, value: Any, size: int) -> None:
    def reported(at_most: int) -> list[Any]:
        limit = rule("limit", limit=get("/value"), measure=measure, at_most=at_most)
        return [
            (each.severity, each.code, each.at, each.params)
            for each in run_rules({"value": value}, verify=[limit]).findings
        ]

    assert reported(size + 1) == []
    assert reported(size) == []
    assert reported(size - 1) == [("error", "LimitExceeded", "/value", {"limit": size - 1, "actual": size})]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("byte_length", [1, 2]),
        ("length", [1, 2]),
        ("length", 22),
        ("count", "ab"),
        ("count", {"a": 1, "b": 2}),
        ("total", 22),
        ("total", {}),
    ],
)
def test_a_limit_measures_only_what_it_is_for(measure: str, value: Any) -> None:
    limit = rule("limit", limit=get("/value"), measure=measure, at_most=0)
    assert run_rules({"value": value}, limit).findings == ()
    assert run_rules({}, limit).findings == ()


def test_a_limit_over_items_holds_for_each() -> None:
    limit = rule("limit", over="/lines", when={"present": "@/sku"}, limit="@/note", measure="length", at_most=3)
    lines = [{"sku": 1, "note": "long"}, {"sku": 1, "note": "ok"}, {"note": "longer"}, 5, {"sku": 2, "note": "longest"}]
    findings = run_rules({"lines": lines}, verify=[limit]).findings
    assert [(each.at, each.params, each.message) for each in findings] == [
        ("/lines/0/note", {"limit": 3, "actual": 4}, "4 characters, at most 3 allowed"),
        ("/lines/4/note", {"limit": 3, "actual": 7}, "7 characters, at most 3 allowed"),
    ]
    assert run_rules({}, verify=[limit]).findings == ()


def test_a_limit_over_the_members_of_an_object_and_of_a_list_that_is_written_out() -> None:
    limit = rule("limit", over="/notes", limit="@/value", measure="byte_length", at_most=3)
    (finding,) = run_rules({"notes": {"a": "ok", "b": "öö"}}, limit).findings
    assert (finding.at, finding.message) == ("/notes/b", "4 bytes, at most 3 allowed")
    limit = rule("limit", over={"list": ["out:/a", "/b"]}, limit="@", measure="count", at_most=1)
    put = rule("a", put="/a", value="/b")
    assert finding_keys(run_rules({"b": [1, 2]}, put, verify=[limit])) == [("error", "LimitExceeded", "/b")]


def test_a_limit_over_items_measures_no_invalid_one() -> None:
    limit = rule("limit", over="/lines", limit="@/note", measure="length", at_most=3)
    document = {"lines": [{"note": "long"}, {"note": "long"}]}
    for invalid, places in (("/lines/0", ["/lines/1/note"]), ("/lines/1/note", ["/lines/0/note"]), ("/lines", [])):
        assert [each.at for each in run_rules(document, limit, invalid=[invalid]).findings] == places


def test_a_limit_reads_the_finished_output_whoever_wrote_it() -> None:
    limit = rule("limit", limit=out("/note"), measure="length", at_most=3)
    over = rule("over", merge_into="", value=get("/extra"))
    put = rule("note", put="/note", value=get("/note"))
    assert (
        finding_keys(run_rules({"note": "long", "extra": {"note": "ok"}}, put, override=[over], verify=[limit])) == []
    )
    assert finding_keys(run_rules({"note": "ok", "extra": {"note": "long"}}, put, override=[over], verify=[limit])) == [
        ("error", "LimitExceeded", "/extra/note")
    ]


def test_require_says_what_is_still_needed() -> None:
    needs = rule("key", when={"present": get("/wrap")}, require={"kind": const("key"), "for": get("/wrap")})
    part = rule("part", require={"kind": const("part"), "for": get("/nothing")})
    assert run_rules(ORDER, verify=[needs, part]).requires == ({"kind": "key", "for": "gold"}, {"kind": "part"})
    assert run_rules({}, verify=[needs]).requires == ()


def test_what_is_said_twice_keeps_all_that_it_is_related_to() -> None:
    def report_related(name: str, related: str) -> dict[str, Any]:
        return rule(name, report="error", code="Odd", at=get("/a"), related={"list": [get(related)]}, message="odd")

    (finding,) = run_rules(
        {"a": 1, "b": 2, "c": 3},
        report_related("one", "/b"),
        report_related("two", "/c"),
        report_related("three", "/b"),
    ).findings
    assert (finding.rule, finding.related) == ("one", ("/b", "/c"))


def test_a_limit_says_what_to_do_and_a_dropped_feature_why_it_was_dropped() -> None:
    limit = rule("long", limit=get("/a"), measure="length", at_most=1, hint="shorten it")
    assert [each.hint for each in run_rules({"a": "xx"}, limit).findings] == ["shorten it"]
    refused = rule("gone", unsupported={"feature": "a", "of": get("/a"), "hint": "leave it out"})
    assert [each.hint for each in run_rules({"a": "xx"}, refused).findings] == ["leave it out"]
    assert [each.hint for each in run_rules({"a": "xx"}, refused, ignored=True).findings] == ["Why gone."]
