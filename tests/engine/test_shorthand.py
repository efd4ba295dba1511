"""Shorthand, definitions and rules for several names: each stands for what could be written out."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.engine import RulesetError, ir, load_ruleset, run
from compiler.engine.advice import _JOBS
from compiler.engine.codegen.generate import generate
from compiler.engine.expanded import expand_ruleset
from compiler.engine.expansion import MAXIMUM_EXPANSION, MAXIMUM_TEXT
from compiler.engine.traced_value import ABSENT
from tests.engine.helpers import (
    FILE,
    FUNCTIONS,
    INPUT,
    OUTPUT,
    const,
    evaluate,
    get,
    load,
    out,
    rule,
    rule_file,
    run_rules,
)
from tests.strategies.rulesets import ALL, CARD, LIBRARY

ORDER = {"note": "mug", "lines": [{"sku": "cup", "tags": ["red"]}, {"sku": "pot", "tags": ["blue", "new"]}]}


def problem(*rules: Any, **header: Any) -> tuple[str | None, str, str]:
    """The rule, the key and the problem of a file that is refused."""
    with pytest.raises(RulesetError) as caught:
        load(rule_file(*rules, **header))
    return caught.value.rule, caught.value.key, caught.value.problem


def put(value: Any, name: str = "a", **keys: Any) -> dict[str, Any]:
    return rule(name, put=f"/{name}", value=value, **keys)


@pytest.mark.parametrize(
    ("value", "key"),
    [({"const": "deep"}, "/const"), ({"lookup": "/note", "table": [["mug", "deep"]]}, "/table/0")],
)
def test_a_constant_is_not_nested_too_deeply_for_code(value: Any, key: str) -> None:
    document = json.dumps(rule_file(put(value)))
    load(json.loads(document.replace('"deep"', "[" * 99 + "]" * 99)))
    with pytest.raises(RulesetError) as caught:
        load(json.loads(document.replace('"deep"', "[" * 101 + "]" * 101)))
    assert caught.value.key == f"/build/0/value{key}"
    assert caught.value.problem == "a constant can be nested at most 100 levels deep"


@pytest.mark.parametrize("hint", ["/note", "@", "@/sku", "@^/sku", "out:/a", "out:"])
def test_a_hint_that_looks_like_a_reference_is_refused(hint: str) -> None:
    report = rule("a", report="error", code="C", message="m", at="/note", hint=hint)
    assert problem(report) == (
        "a",
        "/build/0/hint",
        f'a string is text here; write {{"get": ...}} for a value, {{"const": ...}} for text like {hint!r}',
    )
    load(rule_file(report | {"hint": "/note is wrong"}))
    load(rule_file(report | {"hint": {"get": "/note"}}))


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ({"filter": "/lines"}, "; for 'filter' use each (with where)"),
        ({"from_entries": "/lines"}, "; for 'from_entries' use index (with by and value)"),
        ({"equals": ["/note", 1]}, "; 'equals' is a test, where a value is expected"),
        ({"frist": ["/note"]}, "; did you mean 'first', not 'frist'?"),
        ({"loud": "/note"}, '; for the definition write {"use": "loud"}'),
        ({"flattn": "/lines"}, "; did you mean 'flatten', not 'flattn'?"),
        ({"xyz": "/lines"}, ""),
    ],
)
def test_a_wrong_operator_is_answered_with_the_right_one(value: Any, advice: str) -> None:
    text = problem(put(value), definitions={"loud": {"upper": "/note"}})[2]
    assert text.partition("call)")[2] == advice


def test_what_is_advised_exists() -> None:
    operators = {ir.keys(each)[0].metadata["name"] for each in (*ir.VALUES, *ir.TESTS, *ir.RULES)}
    for jobs in _JOBS.values():
        for job in jobs.values():
            assert re.split(r"[ ,]", job)[0] in operators | {"absent", "null", "use", "report"}


# --- Strings, literals and calls --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("/note", get("/note")),
        ("/lines/0/sku", get("/lines/0/sku")),
        ("out:/b", out("/b")),
        ("out:", out("")),
        (None, const(None)),
        (True, const(True)),
        (1.5, const(1.5)),
        ({"upper": "/note"}, {"call": "upper", "with": [get("/note")]}),
        ({"upper": ["/note"]}, {"call": "upper", "with": [get("/note")]}),
        ({"join": [{"list": ["/note"]}, const("-")]}, {"call": "join", "with": [{"list": [get("/note")]}, const("-")]}),
        ({"each": "/lines", "value": {"each": "@/tags", "value": {"list": ["@", "@^/sku"]}}},
         {"each": get("/lines"), "value": {"each": get("@/tags"), "value": {"list": [get("@"), get("@^/sku")]}}}),
        ({"choose": [{"when": {"type": "/note", "is": "string"}, "value": 1}], "otherwise": "absent"},
         {"choose": [{"when": {"type": get("/note"), "is": ["string"]}, "value": const(1)}],
          "otherwise": {"first": []}}),
    ],
)  # fmt: skip
def test_shorthand_loads_as_what_it_stands_for(short: Any, long: Any) -> None:
    first = put(const(1), "b")
    assert load(rule_file(first, put(short))) == load(rule_file(first, put(long)))


def test_absent_is_nothing() -> None:
    assert evaluate("absent") is ABSENT
    assert evaluate({"object": {"a": "absent", "b": None}}) == {"b": None}
    assert evaluate({"first": ["absent", 1]}) == 1


def test_a_function_must_not_have_the_name_of_an_operator() -> None:
    for name in ("each", "present", "use"):
        functions = {**FUNCTIONS, name: FUNCTIONS["upper"]}
        with pytest.raises(ValueError, match=f"must not have the name of an operator, got '{name}'"):
            load_ruleset(json.dumps(rule_file()), FILE, {INPUT: {}, OUTPUT: {}}, functions)


# --- Definitions ------------------------------------------------------------------------------------------------------

DEFINITIONS = {
    "skus": {"each": "/lines", "value": "@/sku"},
    "first-sku": {"each": {"use": "skus"}, "take": "first"},
    "is-loud": {"takes": ["text"], "equals": ["$text", {"upper": "$text"}]},
    "beside": {"takes": ["a", "b"], "list": ["$a", {"each": "/lines", "value": {"list": ["@/sku", "$b"]}}]},
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"use": "skus"}, ["cup", "pot"]),
        ({"use": "first-sku"}, "cup"),
        ({"each": {"use": "skus"}, "where": {"use": "is-loud", "text": "@"}}, []),
        ({"each": const(["A", "b"]), "where": {"use": "is-loud", "text": "@"}}, ["A"]),
        ({"use": "beside", "a": 1, "b": {"use": "first-sku"}}, [1, [["cup", "cup"], ["pot", "cup"]]]),
    ],
)
def test_a_definition_stands_for_its_value(value: Any, expected: Any) -> None:
    assert run_rules(ORDER, put(value), definitions=DEFINITIONS, empty="kept").output == {"a": expected}


def test_an_argument_means_the_item_of_where_it_is_written() -> None:
    definitions = {"pairs": {"takes": ["with"], "each": const([1, 2]), "value": {"list": ["@", "$with"]}}}
    value = {"each": "/lines", "value": {"use": "pairs", "with": "@/sku"}}
    result = run_rules(ORDER, put(value), definitions=definitions)
    assert result.output == {"a": [[[1, "cup"], [2, "cup"]], [[1, "pot"], [2, "pot"]]]}
    inner = {
        "each": "/lines",
        "value": {"use": "pairs", "with": {"each": "@/tags", "value": {"list": ["@", "@^/sku"]}}},
    }
    result = run_rules(ORDER, put(inner), definitions=definitions)
    assert result.output["a"][1][1] == [2, [["blue", "pot"], ["new", "pot"]]]


def test_an_item_in_a_definition_is_that_of_the_use() -> None:
    definitions = {"sku": "@/sku"}
    value = {"each": "/lines", "value": {"use": "sku"}}
    assert run_rules(ORDER, put(value), definitions=definitions).output == {"a": ["cup", "pot"]}
    rule_, key, text = problem(put({"use": "sku"}), definitions=definitions)
    assert (rule_, key) == ("a", "/definitions/sku")
    assert "refers to an enclosing item, but there is none" in text


def test_locations_are_those_of_what_is_written_out() -> None:
    short = rule_file(put({"first": [{"use": "first-sku"}, None]}), definitions=DEFINITIONS)
    long = rule_file(put({"first": [{"each": DEFINITIONS["skus"], "take": "first"}, None]}))
    assert load(short).build == load(long).build
    place = load(short).places["a#/value/first/0/each"]
    assert (place.file, place.pointer) == (FILE, "/definitions/skus")


@pytest.mark.parametrize(
    ("definitions", "value", "key", "text"),
    [
        ({}, {"use": "a"}, "/build/0/value/use", "unknown definition 'a' (available: none)"),
        ({"a": 1}, {"use": ["a"]}, "/build/0/value/use", "unknown definition ['a'] (available: a)"),
        (
            {"a": {"use": "b"}, "b": 1},
            {"use": "a"},
            "/definitions/a/use",
            "can use only those before it, and 'b' is not",
        ),
        ({"a": {"use": "a"}}, {"use": "a"}, "/definitions/a/use", "can use only those before it, and 'a' is not"),
        ({"a": {"takes": ["x"], "upper": "$x"}}, {"use": "a"}, "/build/0/value", "missing key 'x', a parameter"),
        ({"a": {"takes": ["x"], "upper": "$x"}}, {"use": "a", "x": 1, "y": 1}, "/build/0/value/y", "(available: x)"),
        ({"a": {"takes": ["x"], "upper": "$y"}}, {"use": "a", "x": 1}, "/definitions/a/upper", "(available: $x)"),
        ({"a": {"takes": ["x"], "upper": "$x"}}, {"use": "a", "x": "y"}, "/build/0/value/x", "got the text 'y'"),
        ({"a": {"takes": []}}, 1, "/definitions/a/takes", "must be a list of names"),
        ({"a": {"takes": ["x"], "value": {"upper": "$x"}}}, 1, "/definitions/a/value", "write the value's operator"),
        ({"a": {"takes": ["x"], "test": {"present": "$x"}}}, 1, "/definitions/a/test", "write the test's operator"),
        ({"a": {"takes": ["x", "x"]}}, 1, "/definitions/a/takes", "names must be distinct"),
        ({"a": {"takes": ["use"]}}, 1, "/definitions/a/takes", "and not 'use'"),
        ({"a b": 1}, 1, "/definitions/a b", "a definition's name must match"),
        ({"a": {"present": "/note"}}, {"use": "a"}, "/definitions/a", "'present' is a test, where a value is expected"),
        ({"a": {"nope": 1}}, {"use": "a"}, "/definitions/a", "unknown operator or function 'nope'"),
        ([], 1, "/definitions", "expected an object"),
        ({"a": 1}, {"a": 1}, "/build/0/value", 'for the definition write {"use": "a"}'),
    ],
)
def test_an_error_names_the_place_where_it_is_written(definitions: Any, value: Any, key: str, text: str) -> None:
    _, where, what = problem(put(value), definitions=definitions)
    assert where == key
    assert text in what


def test_a_billion_laughs_are_refused_with_their_size() -> None:
    definitions: dict[str, Any] = {"a0": "/note"}
    for number in range(1, 60):
        definitions[f"a{number}"] = {"list": [{"use": f"a{number - 1}"}] * 10}
    _, key, text = problem(put({"use": "a59"}), definitions=definitions)
    assert key == "/definitions/a5"
    assert text == f"definition 'a5' expands to 233,332 values, at most {MAXIMUM_EXPANSION:,} allowed"


def test_arguments_that_grow_are_refused_with_their_size() -> None:
    definitions: dict[str, Any] = {"a0": {"takes": ["x"], "list": ["$x"] * 10}}
    for number in range(1, 4):
        use = {"use": f"a{number - 1}", "x": "$x"}
        definitions[f"a{number}"] = {"takes": ["x"], "list": [use, use]}
    nested: Any = "/note"
    for _ in range(5):
        nested = {"use": "a3", "x": nested}
    _, key, text = problem(put(nested), definitions=definitions)
    assert key == ""
    assert text == "the ruleset expands to 5,143,331,651 values, at most 100,000 allowed"


def test_a_large_file_without_definitions_is_not_refused() -> None:
    values = {"list": ["/note"] * (2 * MAXIMUM_EXPANSION)}
    assert len(load(rule_file(put(values))).build) == 1


@pytest.mark.parametrize("nested", [{"not": None}, {"list": [None]}, {"each": "/lines", "value": None}])
def test_what_is_nested_too_deeply_is_refused(nested: Any) -> None:
    value: Any = {"present": "/note"} if "not" in nested else "/note"
    for _ in range(120):
        value = {key: [value] if key == "list" else value if part is None else part for key, part in nested.items()}
    keys = {"when": value} if "not" in nested else {}
    _, _, text = problem(rule("a", put="/a", value=value if not keys else 1, **keys))
    assert "can be nested at most" in text


def test_json_nested_too_deeply_is_refused() -> None:
    deep: Any = "/note"
    for _ in range(300):
        deep = {"list": [deep]}
    for value in (deep, {"const": deep}):
        assert "nesting deeper than 250 levels" in problem(put(value, for_={"n": ["a", "b"]}))[2]


@pytest.mark.parametrize("how", ["choose", "otherwise"])
def test_rules_nested_too_deeply_are_refused(how: str) -> None:
    def nest(depth: int) -> Any:
        rules = [rule("last", put="/a", value="/note")]
        for number in range(depth):
            branch = {"when": {"present": "/note"}, "rules": rules}
            choice = {"choose": [branch]} if how == "choose" else {"choose": [], "otherwise": rules}
            rules = [rule(f"r{number}", **choice)]
        return rules

    ruleset = load(rule_file(*nest(30)))
    document = {"note": "mug"}
    generated = generate(ruleset).run(document, (), deepcopy)
    assert generated is not None
    assert generated[0] == run(ruleset, document).output == {"a": "mug"}
    assert "rules can be nested at most 30 levels deep" in problem(*nest(31))[2]


@pytest.mark.parametrize("how", ["choose", "first", "each", "not"])
def test_what_may_be_nested_can_be_generated(how: str) -> None:
    value: Any = "/note"
    depth = {"choose": 60, "each": 14}.get(how, 95)
    for _ in range(depth):
        value = {
            "choose": {"choose": [{"when": {"present": "/note"}, "value": value}]},
            "first": {"first": [value]},
            "each": {"each": {"list": [value]}, "take": "first"},
            "not": {"choose": [{"when": {"not": {"not": {"present": "/note"}}}, "value": "/note"}]},
        }[how]
    ruleset = load(rule_file(put(value)))
    generated = generate(ruleset).run({"note": "mug"}, (), deepcopy)
    assert generated is not None
    assert generated[0] == run(ruleset, {"note": "mug"}).output == {"a": "mug"}


def test_a_definition_that_is_named_by_for_counts() -> None:
    definitions = {"big": {"list": [1] * 50_000}}
    uses = {"list": [{"use": "$n"}] * 3}
    _, key, text = problem(put(uses, for_={"n": ["big"]}), definitions=definitions)
    assert (key, text) == ("/build/0/for", "the rules with 'for' expand to 150,016 values, at most 100,000 allowed")
    keyed = {"list": [{"$k": "big"}] * 3}
    assert "150,016 values" in problem(put(keyed, for_={"k": ["use"]}), definitions=definitions)[2]
    assert len(load(rule_file(put({"use": "$n"}, for_={"n": ["big"]}), definitions=definitions)).build) == 1


def test_a_rule_with_for_needs_an_id() -> None:
    large = {"for": {"x": ["a"] * 20_000}, "put": "/x", "value": const([0] * 20_000)}
    assert problem(large) == (None, "/build/0/id", "a rule must have a non-empty id, doc and source")


def test_rules_in_rules_with_for_count_once() -> None:
    nested: list[Any] = [rule("$a$b$c", put="/x", value=const([0] * 500))]
    for name in "cba":
        nested = [
            rule(
                f"r{name}" + {"c": "$a$b", "b": "$a", "a": ""}[name],
                choose=[],
                otherwise=nested,
                for_={name: list("12345")},
            )
        ]
    assert len(load(rule_file(*nested)).build) == 5


def test_a_parameter_counts_as_its_argument() -> None:
    definitions: dict[str, Any] = {"many": {"takes": ["x"], "list": ["$x"] * (MAXIMUM_EXPANSION - 100)}}
    assert len(load(rule_file(put({"use": "many", "x": 1}), definitions=definitions)).build) == 1
    definitions["a0"] = definitions.pop("many")
    for number in range(1, 1000):
        definitions[f"a{number}"] = {"takes": ["x"], "use": f"a{number - 1}", "x": {"list": ["$x"]}}
    with pytest.raises(RulesetError, match="values, at most 100,000 allowed"):
        load(rule_file(put(1), definitions=definitions))


def test_definitions_nested_too_deeply_are_refused() -> None:
    definitions: dict[str, Any] = {"a0": "/note"}
    for number in range(1, 300):
        definitions[f"a{number}"] = {"list": [{"use": f"a{number - 1}"}]}
    assert "can be nested at most" in problem(put({"use": "a299"}), definitions=definitions)[2]


# --- Rules for several names ------------------------------------------------------------------------------------------


def test_a_rule_for_several_names_stands_for_several_rules() -> None:
    short = rule("copy-$name", for_={"name": ["a", "b"], "Name": ["A", "B"]}, put="/$Name", value="/$name",
                 when={"equals": ["/$name", const("$name and $Name of $names")]})  # fmt: skip
    long = [
        rule(f"copy-{name}", put=f"/{name.upper()}", value=f"/{name}",
             when={"equals": [f"/{name}", const(f"{name} and {name.upper()} of $names")]})
        | {"doc": f"Why copy-{name}."}
        for name in ("a", "b")
    ]  # fmt: skip
    assert load(rule_file(short)).build == load(rule_file(*long)).build


def test_an_id_without_a_name_gets_the_first() -> None:
    ruleset = load(rule_file(rule("copy", for_={"name": ["a", "b"]}, put="/$name", value="/$name")))
    assert [each.id for each in ruleset.build] == ["copy/a", "copy/b"]


def test_rules_inside_rules_can_be_for_several_names() -> None:
    inner = rule("copy", for_={"part": ["sku", "tags"]}, put="/$part", value="@/$part")
    each = rule("lines", put_each="/lines", over="/lines", rules=[inner])
    assert run_rules(ORDER, each).output == {"lines": ORDER["lines"]}


@pytest.mark.parametrize(
    ("names", "key", "text"),
    [
        ({}, "/for", "must be an object of names"),
        ([], "/for", "must be an object of names"),
        ({"a": []}, "/for/a", "must be a list of texts"),
        ({"a": [1]}, "/for/a", "must be a list of texts"),
        ({"a b": ["x"]}, "/for/a b", "a name must match"),
        ({"a": ["x", "y"], "b": ["x"]}, "/for/b", "must have as many texts as 'a', 2, got 1"),
        ({"a": ["x", "x"]}, "/id", "duplicate rule id"),
    ],
)
def test_an_error_in_for_names_the_key(names: Any, key: str, text: str) -> None:
    _, where, what = problem(rule("r", for_=names, put="/$a", value=1))
    assert where == f"/build/0{key}"
    assert text in what


def test_keys_that_become_equal_are_refused() -> None:
    value = {"object": {"$a": 1, "x": 2}}
    assert problem(rule("r", for_={"a": ["x"]}, put="/a", value=value))[1:] == (
        "/build/0/value/object/x",
        "duplicate key 'x'",
    )


def test_rules_for_too_many_names_are_refused_with_their_size() -> None:
    names = [f"n{number}" for number in range(20_000)]
    _, key, text = problem(rule("r", for_={"a": names}, put="/$a", value=1))
    assert (key, text) == ("", "the ruleset expands to 100,002 values, at most 100,000 allowed")
    long = rule("r", for_={"a": ["x" * 1000] * 900}, put="/a", value=const("$a" * 100))
    _, key, text = problem(long)
    assert key == "/build/0/for"
    assert text.endswith(f"characters, at most {MAXIMUM_TEXT:,} allowed")


# --- Null for what is absent ------------------------------------------------------------------------------------------

NULLABLE = {
    "properties": {
        "a": {"type": ["string", "null"]},
        "b": {"anyOf": [{"type": "null"}, {"type": "array"}]},
        "c": {"type": "string"},
        "list": {"items": {"properties": {"a": {"type": ["string", "null"]}, "c": {"type": "string"}}}},
    }
}


def test_an_absent_value_is_written_as_null_where_the_output_allows_it() -> None:
    rules = [rule(f"copy-{name}", put=f"/{name}", value=f"/{name}") for name in "abc"]
    assert run_rules({}, *rules, parcel=NULLABLE, absent="null").output == {"a": None, "b": None}
    assert run_rules({}, *rules, parcel=NULLABLE).output == {}
    document = {"a": "x", "b": [1], "c": "y"}
    assert run_rules(document, *rules, parcel=NULLABLE, absent="null").output == document


JUST_TEXT = {"type": "string", "minLength": 1}


@pytest.mark.parametrize(
    ("member", "is_null"),
    [
        ({"type": ["string", "null"]}, True),
        ({}, True),
        ({"enum": ["a", None]}, True),
        ({"const": None}, True),
        ({"anyOf": [JUST_TEXT, {"anyOf": [JUST_TEXT, {"type": "null"}]}]}, True),
        ({"anyOf": [JUST_TEXT, True]}, True),
        ({"oneOf": [JUST_TEXT, {"type": "null"}]}, True),
        ({"allOf": [{"type": ["string", "null"]}, {}]}, True),
        ({"not": JUST_TEXT}, True),
        (JUST_TEXT, False),
        ({"type": ["string", "null"], "enum": ["a"]}, False),
        ({"type": "string", "anyOf": [{"minLength": 1}]}, False),
        ({"anyOf": [JUST_TEXT, {"anyOf": [JUST_TEXT]}]}, False),
        ({"oneOf": [{}, {"type": "null"}]}, False),
        ({"allOf": [{"type": "string"}, {}]}, False),
        ({"type": ["string", "null"], "not": {"type": "null"}}, False),
    ],
)
def test_null_is_written_where_the_schema_allows_it(member: Any, is_null: bool) -> None:
    parcel = {"type": "object", "properties": {"a": member}}
    result = run_rules({}, rule("a", put="/a", value="/a"), parcel=parcel, absent="null")
    assert result.output == ({"a": None} if is_null else {})


def test_keeping_what_is_empty_ends_with_its_rule() -> None:
    empty = {"equals": [{"object": {"x": {"list": []}}}, const({})]}
    choice = [
        {"when": {"present": "/a"}, "rules": [put({"list": []}, "a", empty="kept")]},
        {"when": empty, "rules": [put(1, "b")]},
    ]
    assert run_rules({}, rule("choice", choose=choice)).output == {"b": 1}
    assert run_rules({"a": 1}, rule("choice", choose=choice)).output == {"a": []}


def test_the_same_in_the_objects_of_a_list() -> None:
    inner = [rule(f"copy-{name}", put=f"/{name}", value=f"@/{name}") for name in "ac"]
    each = rule("list", put_each="/list", over="/list", rules=inner)
    assert run_rules({"list": [{}]}, each, parcel=NULLABLE, absent="null").output == {"list": [{"a": None}]}


@pytest.mark.parametrize(
    "value", [const("x"), {"first": ["/a", const("x")]}, {"lookup": "/a", "table": [], "default": 1}]
)
def test_a_value_that_is_never_absent_is_read_as_it_is(value: Any) -> None:
    file = rule_file(rule("a", put="/a", value=value))
    assert load(file | {"absent": "null"}, parcel=NULLABLE).build == load(file, parcel=NULLABLE).build


# --- The way back -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_an_expanded_ruleset_loads_as_the_same_rules(name: str) -> None:
    ruleset = load(ALL[name], LIBRARY, CARD)
    document = expand_ruleset(ruleset)
    again = load(document, LIBRARY, CARD)
    assert (again.rules, again.keeps_empty, again.name) == (ruleset.rules, ruleset.keeps_empty, ruleset.name)
    assert expand_ruleset(again) == document


KEYS = st.sampled_from(["use", "takes", "for", "id", "first", "upper", "a", "each", "value", "list"])
LEAVES = st.none() | st.booleans() | st.integers() | st.sampled_from(["/a", "@", "out:/b", "$x", "absent", "x"])


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12))
def test_whatever_is_written_is_loaded_or_refused(raw: Any) -> None:
    for file in (
        rule_file(put(raw)),
        rule_file(put({"use": "d"}), definitions={"d": raw}),
        rule_file(rule("r", for_=raw, put="/a", value="/$a")),
        rule_file(put({"use": "d", "x": raw}), definitions={"d": {"takes": ["x"], "list": ["$x", "$x"]}}),
    ):
        with suppress(RulesetError):
            load(file)
