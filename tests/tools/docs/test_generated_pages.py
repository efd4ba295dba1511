"""What the generated pages say is complete: every field, operator, function and option."""

from __future__ import annotations

import re

import pytest

from compiler.engine import ir
from compiler.frontend.fields import FIELDS
from compiler.functions.registry import all_functions
from compiler.pipeline.targets import named_target
from tests.docs.pages import read_page
from tools.docs.command_page import PARSERS
from tools.docs.rule_language_page import _type, examples

MESSAGE, RULES, COMMANDS = (read_page(f"docs/{name}.md") for name in ("message", "rule-language", "command-line"))


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_has_an_entry_with_type_example_and_what_becomes_of_it(name: str) -> None:
    (entry,) = re.findall(rf"^### {name}\n(.*?)(?=^### |^<!-- /entries)", MESSAGE, re.MULTILINE | re.DOTALL)
    assert "- **Type:** " in entry
    assert f'```json\n{{"{name}": ' in entry
    if name != "content_subtype":  # which says what the body is
        assert "| in the payload | because |" in entry
    assert len(re.findall(rf"^\| \[`{name}`\]\(#{name}\) \| .+ \| .+ \|$", MESSAGE, re.MULTILINE)) == 1


def test_every_property_that_rules_write_is_in_the_list_of_fields() -> None:
    rules = named_target("mailjet-v3").ruleset("send").all_rules
    written = {"/".join(rule.target) for rule in rules if isinstance(rule, ir.Put) and rule.target}
    listed = MESSAGE.split("<!-- fields -->")[1].split("<!-- /fields -->")[0]
    assert written <= set(re.findall(r"`([\w/-]+)`", listed))


@pytest.mark.parametrize(("group", "operators"), [("rules", ir.RULES), ("values", ir.VALUES), ("tests", ir.TESTS)])
def test_every_operator_has_an_entry_with_its_keys_and_an_example(group: str, operators: tuple[type, ...]) -> None:
    section = RULES.split(f"<!-- {group} -->")[1].split(f"<!-- /{group} -->")[0]
    names = [ir.keys(operator)[0].metadata["name"] for operator in operators]
    assert re.findall(r"^### (\w+)$", section, re.MULTILINE) == names
    assert set(examples()[group]) == set(names)
    entries = re.split(r"^### \w+\n", section, flags=re.MULTILINE)[1:]
    for operator, entry in zip(operators, entries, strict=True):
        for argument in ir.keys(operator):
            assert not argument.metadata["name"] or f"| `{argument.metadata['name']}` |" in entry


def test_every_function_has_a_row_with_what_it_returns() -> None:
    for name, function in all_functions().items():
        assert function.doc, name
        assert f"| `{name}` | " in RULES


@pytest.mark.parametrize("name", PARSERS)
def test_every_option_has_a_row(name: str) -> None:
    table = COMMANDS.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
    for action in PARSERS[name]()._actions:
        for flag in action.option_strings:
            assert flag in ("-h", "--help") or re.search(rf"`{flag}[ `\[]", table), flag


def test_types_of_functions_in_words() -> None:
    texts = {"type": "array", "items": {"type": "string"}}
    assert _type(texts) == "list of strings"
    assert _type({"type": "array", "items": texts}) == "list of lists of strings"
