"""The checker: nothing is found in a clean ruleset, and each change of it shows the expected kinds of findings."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from compiler.engine import RulesetError, check
from compiler.engine.checker import coverage_points
from tests.engine.helpers import const, get, invalid_when, load, out, rule, rule_file, run_rules
from tests.strategies.rulesets import CARD, CATALOGUE, LIBRARY, PLAIN_CARD

Change = Callable[[dict[str, Any]], object]


def problem_kinds(document: dict[str, Any], hits: set[str] | None = None) -> set[str]:
    """The kinds of findings, with the place of each."""
    return {f"{problem.kind} at {problem.location}" for problem in check(load(document, LIBRARY, CARD), hits)}


def apply(change: Change) -> dict[str, Any]:
    document = deepcopy(PLAIN_CARD)
    change(document)
    return document


def find_rule(document: dict[str, Any], name: str) -> dict[str, Any]:
    rules: list[dict[str, Any]] = [*document["build"], *document["override"], *document["verify"]]
    (found,) = (each for each in rules if each["id"] == name)
    return found


def put(pointer: str, value: Any, **keys: Any) -> Change:
    """One more rule that writes."""
    return lambda document: document["build"].append(rule("more", put=pointer, value=value, **keys))


def edit(name: str, **keys: Any) -> Change:
    """Other keys in the rule of this name."""
    return lambda document: find_rule(document, name).update(keys)


def without(name: str) -> Change:
    return lambda document: [
        document[phase].remove(each)
        for phase in ("build", "override")
        for each in document[phase]
        if each["id"] == name
    ]


def test_nothing_is_found_in_a_clean_ruleset() -> None:
    assert check(load(PLAIN_CARD, LIBRARY, CARD)) == ()


def test_a_finding_names_file_place_kind_and_what_is_wrong() -> None:
    (problem,) = check(load(apply(without("shelf")), LIBRARY, CARD, file="cards.json"))
    expected = "cards.json: /shelf: unread: no rule reads or reports this, at least in one branch of a choice"
    assert str(problem) == expected


NAME_ONLY = {"each": get("/authors"), "value": {"object": {"Name": get("@/name")}}}
TAGGED = {"each": get("/authors"), "value": {"object": {"Name": get("@/name"), "Born": get("@/born"), "x": const(1)}}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without("shelf"), "unread at /shelf"),
        (without("notes"), "unread at /notes"),
        (without("extra"), "unread at /extra"),
        (edit("authors", value=NAME_ONLY), "unread at /authors/*/born"),
        (edit("pages", value={"each": get("/pages"), "where": {"present": get("@")}, "value": const(1)}),
         "unread at /pages/*"),
        (put("/Any", get("/titel"), overrides=["kind"]), "unknown-input at more#/value"),
        (put("/Any", {"each": get("/authors"), "value": get("@/nmae")}, overrides=["kind"]),
         "unknown-input at more#/value/value"),
        (put("/Any", get("/title/first"), overrides=["kind"]), "unknown-input at more#/value"),
        (edit("long", when={"present": get("/shelv")}), "unknown-input at long#/when/present"),
        (put("/Titel", const("x")), "unknown-output at more"),
        (put("/Authors/0/Age", const(1), overrides=["authors"]), "unknown-output at more"),
        (edit("extra", merge_into="/Extra"), "unknown-output at extra"),
        (edit("long", when={"present": out("/Any/../x")}), ""),
        (edit("long", when={"present": out("/Titel")}), "unknown-output at long#/when/present"),
        (put("/Any", {"names": "/Titel"}, overrides=["kind"]), "unknown-output at more#/value"),
        (edit("title", value={"list": [get("/title")]}), "wrong-type at title#/value"),
        (edit("title", value={"first": [get("/title"), const(5)]}), "wrong-type at title#/value"),
        (edit("pages", value={"concat": [get("/pages"), const(["x"])]}), "wrong-type at pages#/value"),
        (edit("pages", value={"each": get("/pages"), "value": {"list": [get("@")]}}), "wrong-type at pages#/value"),
        (edit("authors", value=TAGGED), "wrong-type at authors#/value"),
        (edit("notes", value={"merge": [get("/notes"), {"object": {"n": {"each": get("/pages")}}}]}),
         "wrong-type at notes#/value"),
        (put("/Colour", const("green"), overrides=["lent"]), "wrong-type at more#/value"),
        (put("/Colour", get("/kind"), overrides=["lent"]), "wrong-type at more#/value"),
        (put("/Title", get("/title"), overrides=["title"],
             unsupported={"feature": "x", "of": get("/title"), "fallback": const(1)}),
         "wrong-type at more#/unsupported/fallback"),
        (put("/Title", {"call": "upper", "with": [get("/pages")]}, overrides=["title"]),
         "wrong-type at more#/value/with/0"),
        (put("/Title", {"call": "join", "with": [get("/pages"), const(", ")]}, overrides=["title"]),
         "wrong-type at more#/value/with/0"),
        (put("/Title", {"call": "length_of", "with": [get("/title")]}, overrides=["title"]),
         "wrong-type at more#/value"),
        (edit("long", measure="count"), "wrong-type at long#/limit"),
        (edit("long", measure="total"), "wrong-type at long#/limit"),
        (edit("long", when={"present": {"call": "upper", "with": [const(1)]}}),
         "wrong-type at long#/when/present/with/0"),
        (lambda document: document["override"].append(rule("more", merge_into="", value=get("/title"))),
         "wrong-type at more#/value"),
        (edit("lent", value={"lookup": get("/lent"), "table": [[True, "red"]]}), "uncovered-lookup at lent#/value"),
        (edit("lent", value={"lookup": get("/lent"), "table": [[1, "red"], [0, "blue"]]}),
         "uncovered-lookup at lent#/value"),
        (edit("kind", value={"lookup": get("/kind"), "table": [["novel", 1]]}), "uncovered-lookup at kind#/value"),
        (edit("shelf", value={"lookup": get("/shelf"), "table": [["a", "b"]]}), "uncovered-lookup at shelf#/value"),
        (edit("shelf", value={"lookup": get("/shelf"), "table": [["a", "b"]], "default": const("c")}), ""),
        (put("/Title", get("/title")), "overrides at more"),
        (put("/Title", get("/title"), overrides=["title"]), ""),
        (put("/Any/below", const(1)), "overrides at more"),
        (put("", const({}), overrides=["title", "lent", "pages", "authors", "shelf", "notes"]), "overrides at more"),
        (put("/Title", get("/title"), overrides=["title", "nobody"]), "overrides at more"),
        (edit("title", overrides=["shelf"]), "overrides at title"),
        (put("/Any", out("/Any"), overrides=["kind"]), ""),
        (lambda document: document["build"].insert(0, rule("more", put="/Any/x", value=out("/Notes"))),
         "overrides at kind, read-before-written at more#/value"),
        (lambda document: document["build"].insert(0, rule("more", limit=out("/Pages"), measure="count", at_most=1)),
         "read-before-written at more#/limit"),
    ],
)  # fmt: skip
def test_each_change_shows_the_expected_kind(change: Change, expected: str) -> None:
    assert problem_kinds(apply(change)) == set(expected.split(", ") if expected else [])


SHELF = rule("shelf", put="/Shelf", value=get("/shelf"))
NONE_THERE = {"not": {"nonempty": get("/shelf")}}
NOVEL = {"equals": [get("/kind"), const("novel")]}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"choose": [{"when": NOVEL, "rules": [SHELF]}]}, {"unread at /shelf"}),
        ({"choose": [{"when": NOVEL, "rules": [SHELF]}], "otherwise": []}, {"unread at /shelf"}),
        ({"choose": [{"when": NOVEL, "rules": []}], "otherwise": [SHELF]}, {"unread at /shelf"}),
        ({"choose": [{"when": NOVEL, "rules": [SHELF]}], "otherwise": [SHELF | {"id": "other"}]}, set()),
        ({"choose": [{"when": {"present": get("/shelf")}, "rules": [SHELF]}]}, set()),
        ({"choose": [{"when": {"nonempty": get("/shelf")}, "rules": [SHELF]}], "otherwise": []}, set()),
        ({"choose": [{"when": NONE_THERE, "rules": []}], "otherwise": [SHELF]}, set()),
        ({"choose": [{"when": {"all": [NOVEL, NONE_THERE]}, "rules": []}], "otherwise": [SHELF]}, set()),
        ({"choose": [{"when": {"any": [NOVEL, NONE_THERE]}, "rules": []}], "otherwise": [SHELF]}, {"unread at /shelf"}),
        ({"choose": [{"when": {"any": [NOVEL, {"present": get("/shelf")}]}, "rules": [SHELF]}]}, set()),
    ],
)
def test_a_leaf_is_read_when_every_branch_reads_it_or_says_that_it_is_empty(
    choice: dict[str, Any], expected: set[str]
) -> None:
    document = apply(without("shelf"))
    document["build"].append(rule("choice", **choice))
    assert problem_kinds(document) == expected


def test_writers_in_different_branches_do_not_override_each_other() -> None:
    def choice(*overrides: str) -> dict[str, Any]:
        after = rule("after", put="/Shelf", value=const("x"), overrides=list(overrides))
        cases = [{"when": NOVEL, "rules": [SHELF, after]}]
        return rule("choice", choose=cases, otherwise=[SHELF | {"id": "other"}])

    document = apply(without("shelf"))
    assert problem_kinds(document | {"build": [*document["build"], choice("shelf")]}) == set()
    assert problem_kinds(document | {"build": [*document["build"], choice()]}) == {"overrides at after"}


@pytest.mark.parametrize(
    "more",
    [
        rule("more", unsupported={"feature": "shelves", "of": get("/shelf")}),
        rule("more", require={"shelf": get("/shelf")}),
        rule("more", put="/Shelf", value=get("/shelf"), when={"nonempty": get("/shelf")}),
        rule("more", put="/Shelf", value=get("/shelf"), when=NOVEL, consumes=["/shelf"]),
    ],
)
def test_what_is_refused_or_required_or_written_wherever_it_is_there_is_read(more: dict[str, Any]) -> None:
    document = apply(without("shelf"))
    assert problem_kinds(document) == {"unread at /shelf"}
    assert problem_kinds(document | {"build": [*document["build"], more]}) == set()


@pytest.mark.parametrize(
    "more",
    [
        rule("more", report="error", code="C", at=get("/shelf"), message="m"),
        rule("more", report="error", code="C", at=const(1), message="m", params={"s": get("/shelf")}),
        rule("more", over={"list": [get("/shelf")]}, report="error", code="C", at=const(1), message="m"),
        rule("more", put="/Any", value=const(1), overrides=["kind"], invalid=invalid_when(get("/shelf"), NOVEL)),
    ],
)
def test_what_is_only_reported_is_read_where_the_rule_consumes_it(more: dict[str, Any]) -> None:
    document = apply(without("shelf"))
    assert problem_kinds(document | {"build": [*document["build"], more]}) == {"unread at /shelf"}
    assert problem_kinds(document | {"build": [*document["build"], more | {"consumes": ["/shelf"]}]}) == set()


@pytest.mark.parametrize(
    "more",
    [
        rule("more", limit=get("/shelf"), measure="length", at_most=5),
        rule("more", put="/Shelf", value=get("/shelf"), when=NOVEL),
        rule("more", put="/Shelf", value={"choose": [{"when": NOVEL, "value": get("/shelf")}]}),
        rule("more", put="/Shelf", value={"each": {"list": [get("/shelf")]}, "take": "last"}),
    ],
)
def test_what_is_measured_or_taken_only_sometimes_is_not_read(more: dict[str, Any]) -> None:
    document = apply(without("shelf"))
    assert problem_kinds(document | {"build": [*document["build"], more]}) == {"unread at /shelf"}


def test_what_is_only_tested_is_not_read() -> None:
    document = apply(without("shelf"))
    document["build"].append(rule("more", when={"present": get("/shelf")}, put="/Shelf", value=const("x")))
    assert problem_kinds(document) == {"unread at /shelf"}


@pytest.mark.parametrize("part", ["@", "@/value", "@/key"])
def test_members_of_an_object_are_read_through_their_items(part: str) -> None:
    report_rule = rule(
        "more", over=get("/notes"), report="warning", code="C", at=get(part), message="m", consumes=["/notes"]
    )
    document = apply(without("notes"))
    assert problem_kinds(document) == {"unread at /notes"}
    assert problem_kinds(document | {"verify": [*document["verify"], report_rule]}) == set()


COVERAGE_POINTS = {
    "title", "title#/invalid",
    "colour", "colour#/unsupported", "colour#/unsupported/fallback",
    "shape", "shape#/unsupported", "shape#/unsupported/fallback", "shape#/value/choose/0", "shape#/value/otherwise",
    "way#/choose/0", "way#/choose/1", "way#/otherwise", "names", "pages", "rest",
    "authors", "index", "once", "twice", "known", "extra", "needs",
    "length", "length#/limit", "count", "count#/limit", "total", "total#/limit",
    "whole", "whole#/conform",
}  # fmt: skip


def test_coverage_points_are_all_points_that_can_take_effect() -> None:
    assert coverage_points(load(CATALOGUE, LIBRARY, CARD)) == COVERAGE_POINTS


def test_a_feature_that_may_not_be_ignored_has_no_fallback_to_hit() -> None:
    rejecting = rule("no", unsupported={"feature": "x", "of": get(""), "ignorable": False})
    assert coverage_points(load(rule_file(rejecting))) == {"no", "no#/unsupported"}


@pytest.mark.parametrize("point", sorted(COVERAGE_POINTS))
def test_each_coverage_point_that_no_case_hits_is_found(point: str) -> None:
    problems = [
        problem
        for problem in check(load(CATALOGUE, LIBRARY, CARD), COVERAGE_POINTS - {point})
        if problem.kind == "never-hit"
    ]
    assert [problem.location for problem in problems] == [point]


def test_an_unregistered_code_is_found() -> None:
    ruleset = load(CATALOGUE, LIBRARY, CARD)
    problems = [problem for problem in check(ruleset, codes=["Bad", "Wrong"]) if problem.kind == "unknown-code"]
    assert [problem.location for problem in problems] == ["twice"]
    assert [problem for problem in check(ruleset) if problem.kind == "unknown-code"] == []


def test_full_or_unrequested_coverage_finds_nothing() -> None:
    ruleset = load(CATALOGUE, LIBRARY, CARD)
    assert [problem for problem in check(ruleset, COVERAGE_POINTS) if problem.kind == "never-hit"] == []
    assert [problem for problem in check(ruleset) if problem.kind == "never-hit"] == []


def test_the_interpreter_hits_every_coverage_point() -> None:
    rules = {phase: CATALOGUE[phase] for phase in ("override", "verify")}
    authors = [{"name": name, "born": 1} for name in ("Woolf", "Ann", "Woolf", "Bob")]
    documents: list[dict[str, Any]] = [
        {"title": " "},
        {"title": "drab", "lent": True, "kind": "atlas", "pages": [1], "authors": authors},
        {"title": "Emma", "authors": authors, "pages": [2, 99], "notes": {"a": "b"}, "extra": {"Shelf": "x"}},
        {"title": "Emma", "extra": {"colour": "green"}},
    ]
    hits: set[str] = set()
    for document in documents:
        for ignored in (True, False):
            hits |= run_rules(document, *CATALOGUE["build"], **rules, parcel=CARD, ignored=ignored).hits
    assert hits == COVERAGE_POINTS


# --- What a ruleset ignores, and lists that are written out -----------------------------------------------------------


def test_what_a_ruleset_ignores_is_not_lost_in_silence() -> None:
    document = apply(without("shelf"))
    assert problem_kinds(document) == {"unread at /shelf"}
    assert problem_kinds(document | {"ignores": {"/shelf": "it is not needed"}}) == set()
    assert "unknown-input at /ignores/~1shelv" in problem_kinds(document | {"ignores": {"/shelv": "a typo"}})


@pytest.mark.parametrize("ignores", [{"shelf": "no pointer"}, {"/shelf": ""}, {"/shelf": 1}, ["/shelf"]])
def test_what_is_ignored_is_a_pointer_with_a_reason(ignores: Any) -> None:
    with pytest.raises(RulesetError, match="at /ignores"):
        load(rule_file(ignores=ignores))


PEOPLE: dict[str, Any] = {
    "type": "object",
    "properties": {
        name: {"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": False}
        for name in ("sender", "author")
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "people",
    [
        {"list": ["/sender", "/author"]},
        {"concat": [{"list": ["/sender"]}, {"list": ["/author"]}]},
        {"first": [{"list": ["/sender", "/author"]}, {"const": []}]},
        {"distinct": {"list": ["/sender", "/author"]}},
        {"flatten": {"list": [{"list": ["/sender"]}, {"list": ["/author"]}]}},
        {"each": {"zip": {"a": {"list": ["/sender", "/author"]}}}, "value": "@/a"},
    ],
)
def test_a_list_that_is_written_out_is_not_confused_with_its_items(people: Any) -> None:
    names = rule("names", put="/names", value={"each": people, "value": "@/name"})
    ruleset = load(rule_file(names), PEOPLE, {"properties": {"names": {}}})
    assert [str(problem) for problem in check(ruleset)] == []


@pytest.mark.parametrize(
    ("consumed", "is_read"),
    [("/authors/*/name", True), ("/authors/*/born", False), ("/authors", False), ("/shelf", True), ("/title", False)],
)
def test_a_rule_consumes_only_what_it_reads(consumed: str, is_read: bool) -> None:
    more = rule("more", over="/authors", when={"equals": ["@/name", "/shelf"]}, report="warning", code="C",
                at=const(1), message="m", consumes=[consumed])  # fmt: skip
    kinds = problem_kinds(rule_file(more, *PLAIN_CARD["build"]))
    assert ("unread-consumption at more" not in kinds) is is_read
