"""Loading: every error names the file, the rule and the key, and what is loaded is a value."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from compiler.engine import RulesetError, load_ruleset
from tests.engine.helpers import FILE, FUNCTIONS, INPUT, OUTPUT, const, get, load, out, rule, rule_file
from tests.strategies.rulesets import ALL, CARD, LIBRARY

PUT = {"put": "/a", "value": const(1)}
FINDING = {"code": "C", "at": get(""), "message": "m"}


def load_error(text: str) -> RulesetError:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(text, FILE, {INPUT: {}, OUTPUT: {}}, FUNCTIONS)
    return caught.value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[1,]", "not valid JSON"),
        ('{"doc": NaN}', "not valid JSON: NaN is not a JSON number"),
        ('{"doc": -Infinity}', "not valid JSON: -Infinity is not a JSON number"),
        ('{"doc": ' + "9" * 5000 + "}", "not valid JSON"),
        ("[]", "a rule file must be an object"),
        ('"rules"', "a rule file must be an object"),
        ('{"doc": "a", "doc": "b"}', "not valid JSON: duplicate key 'doc'"),
        ('{"build": [{"value": {"const": {"a": 1, "b": 2, "a": 3}}}]}', "not valid JSON: duplicate key 'a'"),
    ],
)
def test_a_file_that_is_not_a_json_object_is_rejected(text: str, problem: str) -> None:
    error = load_error(text)
    assert (error.file, error.rule, error.key) == (FILE, None, "")
    assert error.problem.startswith(problem)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"title": "x"}, "/title"),
        ({"a/b": "x"}, "/a~1b"),
        ({"doc": None}, "/doc"),
        ({"target": 1}, "/target"),
        ({"ruleset": []}, "/ruleset"),
        ({"empty": "never"}, "/empty"),
        ({"empty": ["kept"]}, "/empty"),
        ({"input": "https://shop.example/schemas/unknown.json"}, "/input"),
        ({"output": f"{OUTPUT}#/$defs/no"}, "/output"),
        ({"build": {}}, "/build"),
        ({"override": None}, "/override"),
        ({"verify": "x"}, "/verify"),
    ],
)
def test_a_header_that_is_wrong_is_refused(change: dict[str, Any], key: str) -> None:
    error = load_error(json.dumps(rule_file() | change))
    assert (error.file, error.rule, error.key) == (FILE, None, key)


@pytest.mark.parametrize("missing", ["target", "ruleset", "doc", "input", "output"])
def test_a_header_lacks_nothing(missing: str) -> None:
    document = rule_file()
    del document[missing]
    assert load_error(json.dumps(document)).key == f"/{missing}"


def _value(value: Any) -> dict[str, Any]:
    return {"put": "/a", "value": value}


def _test(test: Any) -> dict[str, Any]:
    return PUT | {"when": test}


BROKEN_RULES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "a rule must have exactly one of: put, put_each, merge_into"),
    ({"write": "/a"}, "", "a rule must have exactly one of"),
    ({"write": "/a"}, "", "for 'write' use put"),
    (PUT | {"consumes": True}, "/consumes", "expected a list"),
    (PUT | {"consumes": ["a"]}, "/consumes/0", "a JSON Pointer"),
    (PUT | {"empty": "never"}, "/empty", "must be one of: omitted, kept"),
    ({"limit": get("@"), "measure": "count", "at_most": 1}, "/limit/get", "'@' refers to an enclosing item"),
    ({"limit": get("@"), "over": get("@"), "measure": "count", "at_most": 1}, "/over/get", "an enclosing item"),
    (PUT | {"limit": get("")}, "", "got put, limit"),
    (PUT | {"because": "x"}, "/because", "unknown key"),
    (PUT | {"otherwise": []}, "/otherwise", "unknown key"),
    ({"put": "/a"}, "", "missing key 'value'"),
    ({"put": "a", "value": const(1)}, "/put", "a JSON Pointer is empty or begins with a slash"),
    ({"put": 1, "value": const(1)}, "/put", "expected a string"),
    (PUT | {"overrides": "b"}, "/overrides", "expected a list"),
    (PUT | {"overrides": [1]}, "/overrides/0", "expected a string"),
    (PUT | {"doc": ""}, "/doc", "a rule must have a non-empty id"),
    (PUT | {"source": 1}, "/source", "a rule must have a non-empty id"),
    (_value("x"), "/value", "expected a value, got the text 'x'; write {\"const\": \"...\"}"),
    (_value(""), "/value", "expected a value, got the text ''"),
    (_value("@"), "/value", "'@' refers to an enclosing item"),
    (_value("out:a"), "/value", "a JSON Pointer"),
    (_value("$a"), "/value", "unknown parameter '$a' (available: none)"),
    (_value(["/a"]), "/value", "expected a value (an object); write {\"list\": [...]}"),
    (_value({}), "/value", "a value must have exactly one of: get"),
    (_value({"read": "/a"}), "/value", "unknown operator or function 'read' (operators: get"),
    (_value({"read": "/a"}), "/value", "; for 'read' use get"),
    (_value({"uper": "/a"}), "/value", "; did you mean 'upper', not 'uper'?"),
    (_value({"present": get("")}), "/value", "'present' is a test, where a value is expected"),
    (_value({"upper": ["/a", "/b"]}), "/value/upper", "upper takes 1 value, got 2"),
    (_value({"join": "/a"}), "/value/join", "join takes 2 values, got 1"),
    (_value({"join": ["/a", "x"]}), "/value/join/1", "expected a value, got the text 'x'"),
    (_value({"upper": "@"}), "/value/upper", "'@' refers to an enclosing item"),
    (_value({"get": "/a", "out": "/b"}), "/value", "got get, out"),
    (_value({"get": "/a", "default": const(1)}), "/value/default", "unknown key"),
    (_value({"get": "a"}), "/value/get", "a JSON Pointer"),
    (_value({"get": "@"}), "/value/get", "'@' refers to an enclosing item"),
    (_value({"each": get("/a"), "value": get("@^")}), "/value/value/get", "refers to an enclosing item"),
    (_value({"each": get("@")}), "/value/each/get", "refers to an enclosing item"),
    (_value({"each": get("/a"), "value": get("@a")}), "/value/value/get", "a JSON Pointer"),
    (_value({"each": get("/a"), "take": "all"}), "/value/take", "must be one of: first, last"),
    (_value({"each": get("/a"), "skip": -1}), "/value/skip", "expected a non-negative integer"),
    (_value({"each": get("/a"), "skip": True}), "/value/skip", "expected a non-negative integer"),
    (_value({"each": get("/a"), "skip": 1.5}), "/value/skip", "expected a non-negative integer"),
    (_value({"out": "b"}), "/value/out", "a JSON Pointer"),
    (_value({"object": []}), "/value/object", "expected an object of values"),
    (_value({"object": {"a/b": "x"}}), "/value/object/a~1b", "expected a value"),
    (_value({"list": {}}), "/value/list", "expected a list"),
    (_value({"list": [const(1), "x"]}), "/value/list/1", "expected a value"),
    (_value({"lookup": get("/a")}), "/value", "missing key 'table'"),
    (_value({"lookup": get("/a"), "table": {}}), "/value/table", "expected a list"),
    (_value({"lookup": get("/a"), "table": [[1, 2], [3]]}), "/value/table/1", "a row must be a list of two"),
    (_value({"choose": [{"when": {"present": get("")}}]}), "/value/choose/0", "a branch must have 'when' and 'value'"),
    (_value({"call": "shout", "with": []}), "/value/call", "unknown function 'shout' (available: join"),
    (_value({"call": "join", "with": [get("/a")]}), "/value/with", "join takes 2 values"),
    (_value({"call": "upper", "with": [get("/a"), get("/b")]}), "/value/with", "upper takes 1 value, got 2"),
    (_test({"get": "/a"}), "/when", "a test must have exactly one of: present"),
    (_test({"get": "/a"}), "/when", "'get' is a value, where a test is expected"),
    (_test({"eq": ["/a", 1]}), "/when", "for 'eq' use equals"),
    (_test(True), "/when", "expected a test"),
    (_test({"equals": [get("/a")]}), "/when/equals", "expected a list of two values"),
    (_test({"in": [get("/a"), const([]), const([])]}), "/when/in", "expected a list of two values"),
    (_test({"matches": get("/a"), "pattern": "(a|b)*"}), "/when/pattern", "only characters"),
    (_test({"matches": get("/a"), "pattern": 1}), "/when/pattern", "expected a string"),
    (_test({"type": get("/a"), "is": ["integer"]}), "/when/is/0", "must be one of: null"),
    (_test({"between": get("/a"), "least": 1}), "/when", "missing key 'most'"),
    (_test({"contains": get("/a"), "texts": "x"}), "/when/texts", "expected a list"),
    (_test({"not": {"all": [{"present": "x"}]}}), "/when/not/all/0/present", "expected a value"),
    ({"merge_into": "", "value": const({}), "case_blind": ["a"]}, "/case_blind/0", "a JSON Pointer"),
    ({"choose": {}}, "/choose", "expected a list"),
    ({"choose": [{"rules": []}]}, "/choose/0", "a branch must have 'when' and 'rules'"),
    ({"choose": [], "otherwise": {}}, "/otherwise", "expected a list"),
    ({"report": "info", **FINDING}, "/report", "must be one of: error, warning"),
    ({"report": "error", "code": "C", "at": get("")}, "", "missing key 'message'"),
    ({"report": "error", "code": "C", "message": "m"}, "", "either 'at' or 'missing'"),
    ({"report": "error", **FINDING, "missing": "/a"}, "", "either 'at' or 'missing'"),
    ({"report": "error", **FINDING, "at": get("@")}, "/at/get", "refers to an enclosing item"),
    ({"report": "error", **FINDING, "over": get("@")}, "/over/get", "refers to an enclosing item"),
    ({"report": "error", **FINDING, "over": get(""), "at": get("@^")}, "/at/get", "refers to an enclosing item"),
    ({"report": "error", **FINDING, "hint": 1}, "/hint", "expected a value"),
    ({"report": "error", **FINDING, "params": []}, "/params", "expected an object of values"),
    ({"report": "error", **FINDING, "value": get("")}, "/value", "unknown key"),
    ({"unsupported": "x"}, "/unsupported", "expected an object"),
    ({"unsupported": {"feature": "x"}}, "/unsupported", "either 'of' or 'over'"),
    ({"unsupported": {"feature": "x", "of": get(""), "over": get("")}}, "/unsupported", "either 'of' or 'over'"),
    (PUT | {"unsupported": {"of": get("")}}, "/unsupported", "missing key 'feature'"),
    (PUT | {"unsupported": {"feature": "x", "of": get(""), "fallback": "x"}}, "/unsupported/fallback", "a value"),
    (PUT | {"unsupported": {"feature": "x", "of": get(""), "ignorable": 0}}, "/unsupported/ignorable", "true or false"),
    (PUT | {"invalid": {"when": {"present": get("")}}}, "/invalid", "missing key 'report'"),
    (PUT | {"invalid": {"when": {"present": get("")}, "report": {"code": "C"}}}, "/invalid/report", "'message'"),
    (PUT | {"invalid": []}, "/invalid", "expected an object"),
    ({"limit": out("/a"), "measure": "weight", "at_most": 1}, "/measure", "must be one of: length"),
    ({"limit": out("/a"), "measure": "count", "at_most": "1"}, "/at_most", "expected a non-negative integer"),
    ({"require": []}, "/require", "expected an object of values"),
    ({"conform": "C", "message": "m", "except": "x"}, "/except", "expected a list"),
    ({"put_each": "/a", "over": get("")}, "", "missing key 'rules'"),
    ({"put_each": "/a", "over": get(""), "rules": {}}, "/rules", "expected a list"),
    ({"put_each": "/a", "over": get("@/b"), "rules": []}, "/over/get", "'@/b' refers to an enclosing item"),
    ({"conform": None, "message": "m"}, "/conform", "expected a string"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "key", "problem"), BROKEN_RULES)
@pytest.mark.parametrize("phase", ["build", "verify"])
def test_an_error_in_a_rule_names_file_rule_and_key(keys: dict[str, Any], key: str, problem: str, phase: str) -> None:
    broken = {"id": "odd", "doc": "d", "source": "s"} | keys
    error = load_error(json.dumps(rule_file() | {phase: [rule("fine", **PUT), broken]}))
    assert (error.file, error.rule, error.key) == (FILE, "odd", f"/{phase}/1{key}")
    assert problem in error.problem
    assert str(error).startswith(f"{FILE}, rule 'odd', at /{phase}/1{key}: ")


@pytest.mark.parametrize("broken", [1, None, [], "rule", {}, {"id": 5}])
def test_a_rule_without_a_name_is_named_by_its_key(broken: Any) -> None:
    error = load_error(json.dumps(rule_file(broken)))
    assert error.rule is None
    assert error.key.startswith("/build/0")


@pytest.mark.parametrize(
    "keys", [PUT, {"merge_into": "", "value": const({})}, {"put_each": "/a", "over": get(""), "rules": []}]
)
def test_nothing_is_written_in_verify_at_any_depth(keys: dict[str, Any]) -> None:
    inner = rule("inner", **keys)
    for outer in (inner, rule("outer", choose=[{"when": {"present": get("")}, "rules": [inner]}])):
        error = load_error(json.dumps(rule_file(verify=[outer])))
        assert (error.file, error.rule, error.key) == (FILE, "inner", "/verify")


@pytest.mark.parametrize("inner", ["choose", "otherwise"])
def test_an_id_stands_once_in_a_file_at_any_depth(inner: str) -> None:
    rules = [rule("a", **PUT)]
    choice = {"choose": [{"when": {"present": get("")}, "rules": rules}]}
    nested = choice if inner == "choose" else {"choose": [], "otherwise": rules}
    error = load_error(json.dumps(rule_file(rule("choice", **nested), verify=[rule("a", **PUT)])))
    assert (error.rule, error.key, error.problem) == ("a", "/verify/0/id", "duplicate rule id")


def test_after_an_inner_rule_errors_name_the_outer_one_again() -> None:
    choice = rule("outer", choose=[{"when": {"present": get("")}, "rules": [rule("inner", **PUT)]}], otherwise=1)
    assert load_error(json.dumps(rule_file(choice))).rule == "outer"


@pytest.mark.parametrize("name", ALL)
def test_a_ruleset_loaded_twice_is_the_same_value(name: str) -> None:
    assert load(ALL[name], LIBRARY, CARD) == load(ALL[name], LIBRARY, CARD)
    assert load(ALL[name], LIBRARY, CARD) != load(ALL[name] | {"doc": "another"}, LIBRARY, CARD)


def test_a_loaded_ruleset_cannot_be_changed() -> None:
    ruleset = load(rule_file(rule("a", when={"present": get("")}, **PUT)))
    (put,) = ruleset.build
    for part, name in ((ruleset, "doc"), (put, "id"), (put.when, "location")):
        with pytest.raises(FrozenInstanceError):
            setattr(part, name, "changed")


def test_the_header_may_be_short() -> None:
    ruleset = load({key: rule_file()[key] for key in ("target", "ruleset", "doc", "input", "output")})
    assert (ruleset.rules, ruleset.keeps_empty) == ((), False)
    assert (ruleset.target, ruleset.name, ruleset.file) == ("shop", "parcel", FILE)
