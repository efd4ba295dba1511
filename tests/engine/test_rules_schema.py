"""The schema of rule files: it knows every word, accepts what loads and refuses what does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compiler.engine import RulesetError, ir
from compiler.engine.rules_schema import rules_schema
from tests.engine.helpers import const, get, load, rule, rule_file
from tests.engine.test_loader import BROKEN_RULES
from tests.strategies.rulesets import ALL

ROOT = Path(__file__).parents[2]
ID = "https://payload-compiler.example/schemas/rules.schema.json"
SCHEMA = rules_schema(ID)
VALIDATOR = Draft202012Validator(SCHEMA)
REPORTED_BY_THE_LOADER_ONLY = (
    "only characters", "unknown function", "unknown operator or function", "for 'read'", "did you mean",
    "unknown parameter", "takes", "enclosing item", "either",
)  # fmt: skip
"""What no schema says: patterns, functions and their arguments, items, and which of two keys is given."""


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == ID


@pytest.mark.parametrize("name", ALL)
def test_the_rulesets_of_these_tests_are_accepted(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(ALL[name])] == []


def test_the_examples_in_the_schema_are_accepted() -> None:
    assert SCHEMA["examples"]
    for example in SCHEMA["examples"]:
        VALIDATOR.validate(example)


@pytest.mark.parametrize(("name", "operators"), [("value", ir.VALUES), ("test", ir.TESTS), ("rule", ir.RULES)])
def test_every_operator_appears_with_its_keys_and_its_doc(name: str, operators: tuple[type[Any], ...]) -> None:
    shapes = {shape["title"]: shape for shape in SCHEMA["$defs"][name]["oneOf"]}
    assert list(shapes)[-len(operators) :] == [operator.__name__ for operator in operators]
    for operator in operators:
        shape = shapes[operator.__name__]
        assert {key.metadata["name"] for key in ir.keys(operator)} - {""} <= set(shape["properties"])
        assert shape["description"] == " ".join((operator.__doc__ or "").split())


def test_the_rulesets_of_these_tests_use_every_operator() -> None:
    def words(part: Any) -> set[str]:
        if isinstance(part, dict):
            return set(part).union(*(words(each) for each in part.values()))
        return set().union(*(words(each) for each in part)) if isinstance(part, list) else set()

    operators = (*ir.VALUES, *ir.TESTS, *ir.RULES)
    named = {ir.keys(operator)[0].metadata["name"] for operator in operators}
    assert named <= words(list(ALL.values()))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x"},
        {"doc": None},
        {"target": ""},
        {"draft": True},
        {"empty": "never"},
        {"absent": "never"},
        {"include": "a.json"},
        {"sources": {"a": "b"}},
        {"sources": {"a": {"title": "A", "url": "a"}}},
        {"build": [rule("a", put="/a", value=const(1), for_={"x": "y"})]},
        {"build": {}},
        {"verify": ["x"]},
        {"build": [{"put": "/a", "value": const(1)}]},
        {"build": [rule("a", put="/a", value=const(1), when=True)]},
        {"build": [rule("", put="/a", value=const(1))]},
    ],
)
def test_broken_headers_and_rules_are_refused(change: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(rule_file())
    assert not VALIDATOR.is_valid(rule_file() | change)


@pytest.mark.parametrize("missing", ["target", "ruleset", "doc", "input", "output"])
def test_a_header_lacks_nothing(missing: str) -> None:
    assert not VALIDATOR.is_valid({key: value for key, value in rule_file().items() if key != missing})


@pytest.mark.parametrize(("keys", "key", "problem"), BROKEN_RULES)
def test_what_the_loader_refuses_is_refused_but_for_what_no_schema_says(
    keys: dict[str, Any], key: str, problem: str
) -> None:
    document = rule_file({"id": "odd", "doc": "d", "source": "s"} | keys)
    assert VALIDATOR.is_valid(document) is any(words in problem for words in REPORTED_BY_THE_LOADER_ONLY), key


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("garbled", [None, "x", {}, [1]])
def test_what_the_schema_accepts_of_a_garbled_rule_also_loads(name: str, garbled: Any) -> None:
    header = {key: value for key, value in ALL[name].items() if key not in ir.PHASES}
    for raw in ALL[name]["build"]:
        for key in raw:
            document = header | {"build": [raw | {key: garbled}]}
            if VALIDATOR.is_valid(document):
                load(document)
            else:
                with pytest.raises(RulesetError):
                    load(document)


def test_the_published_schema_is_the_one_drawn_from_the_vocabulary() -> None:
    published = json.loads((ROOT / "schemas" / "rules.schema.json").read_text(encoding="utf-8"))
    assert published == SCHEMA, "run: python -m compiler.engine schema > schemas/rules.schema.json"


def test_a_ruleset_of_the_package_is_accepted() -> None:
    path = ROOT / "compiler" / "targets" / "mailjet_v3" / "send.json"
    errors = VALIDATOR.iter_errors(json.loads(path.read_text(encoding="utf-8")))
    assert [(error.json_path, error.message[:200]) for error in errors] == []


def test_an_item_reference_may_go_outwards_and_no_further_than_its_letters() -> None:
    for reference, fine in (("@", True), ("@^^/a", True), ("@a", False), ("^", False), ("a", False), ("/a/b", True)):
        assert VALIDATOR.is_valid(rule_file(rule("a", put="/a", value=get(reference)))) is fine
