"""Included files: their definitions, sources and rules come first, and errors name the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from compiler.engine import Ruleset, RulesetError, load_ruleset
from tests.backends import run_both_backends
from tests.engine.helpers import FILE, FUNCTIONS, INPUT, OUTPUT, const, rule, rule_file

SOURCES = {"manual": {"title": "The manual", "url": "https://shop.example/manual"}, "decision": {"title": "decided"}}


def load(document: Any, files: Mapping[str, Any] = {}) -> Ruleset:
    def read(name: str) -> str:
        if name not in files:
            raise ValueError("no such file")
        return files[name] if isinstance(files[name], str) else json.dumps(files[name])

    return load_ruleset(json.dumps(document), FILE, {INPUT: {}, OUTPUT: {}}, FUNCTIONS, read_include=read)


def problem(document: Any, files: Mapping[str, Any] = {}) -> tuple[str, str | None, str, str]:
    with pytest.raises(RulesetError) as caught:
        load(document, files)
    error = caught.value
    return error.file, error.rule, error.key, error.problem


def sourced(name: str, source: Any, **keys: Any) -> dict[str, Any]:
    return rule(name, **keys) | {"source": source}


def test_what_is_included_comes_first_in_the_order_of_the_includes() -> None:
    files = {
        "a.json": {"definitions": {"x": 1}, "build": [rule("a", put="/a", value={"use": "x"})]},
        "b.json": {"include": ["a.json"], "build": [rule("b", put="/b", value={"use": "x"})],
                   "verify": [rule("v", limit="out:/a", measure="length", at_most=1)]},
    }  # fmt: skip
    ruleset = load(rule_file(rule("c", put="/c", value={"use": "x"}), include=["b.json", "a.json"]), files)
    assert [(each.id, each.file) for each in ruleset.rules] == [
        ("a", "a.json"), ("b", "b.json"), ("c", ""), ("v", "b.json"),
    ]  # fmt: skip
    assert run_both_backends(ruleset, {}).output == {"a": 1, "b": 1, "c": 1}
    assert ruleset.unused_definitions == ()


def test_an_unused_definition_is_a_problem_only_in_the_file_itself() -> None:
    files = {"a.json": {"definitions": {"x": 1, "y": 2}}}
    ruleset = load(rule_file(rule("c", put="/c", value={"use": "x"}), include=["a.json"], definitions={"z": 3}), files)
    assert ruleset.unused_definitions == ("z",)


@pytest.mark.parametrize(
    ("files", "where", "text"),
    [
        ({}, (FILE, "/include/0"), "cannot include 'a.json': no such file"),
        ({"a.json": "{"}, ("a.json", ""), "not valid JSON"),
        ({"a.json": []}, ("a.json", ""), "a rule file must be an object"),
        ({"a.json": {"target": "t"}}, ("a.json", "/target"), "unknown key (available: $schema, doc, include"),
        ({"a.json": {"include": ["a.json"]}}, ("a.json", "/include/0"), "'a.json' includes itself"),
        ({"a.json": {"include": ["b.json"]}, "b.json": {"include": ["a.json"]}}, ("b.json", "/include/0"),
         "(parcel.json → a.json → b.json → a.json)"),
        ({"a.json": {"include": [1]}}, ("a.json", "/include/0"), "expected the name of a file"),
        ({"a.json": {"include": "b"}}, ("a.json", "/include"), "expected a list"),
        ({"a.json": {"build": {}}}, ("a.json", "/build"), "expected a list of rules"),
        ({"a.json": {"build": [{}]}}, ("a.json", "/build/0/id"), "a rule must have"),
        ({"a.json": {"verify": [rule("p", put="/a", value=1)]}}, ("a.json", "/verify"), "must not write"),
        ({"a.json": {"definitions": {"x": 1}, "include": ["b.json"]}, "b.json": {"definitions": {"x": 2}}},
         ("a.json", "/definitions/x"), "duplicate definition 'x'"),
        ({"a.json": {"sources": SOURCES, "include": ["b.json"]}, "b.json": {"sources": SOURCES}},
         ("a.json", "/sources/manual"), "duplicate source 'manual'"),
        ({"a.json": {"sources": []}}, ("a.json", "/sources"), "expected an object"),
        ({"a.json": {"sources": {"x": "y"}}}, ("a.json", "/sources/x"), "a source must have a title"),
        ({"a.json": {"sources": {"x": {"title": ""}}}}, ("a.json", "/sources/x/title"), "not empty"),
        ({"a.json": {"sources": {"x": {"title": "t", "url": "javascript:x"}}}}, ("a.json", "/sources/x/url"),
         "must begin with https://"),
    ],
)  # fmt: skip
def test_an_error_names_the_file(files: Mapping[str, Any], where: tuple[str, str], text: str) -> None:
    file, _, key, what = problem(rule_file(include=["a.json"]), files)
    assert (file, key) == where
    assert text in what


def test_too_many_files_are_refused() -> None:
    files: dict[str, Any] = {f"{number}.json": {"include": [f"{number + 1}.json"]} for number in range(200)}
    assert problem(rule_file(include=["0.json"]), files)[3] == "at most 100 files can be included"


def test_without_a_folder_no_file_can_be_included() -> None:
    with pytest.raises(RulesetError, match="there is no folder to include files from"):
        load_ruleset(json.dumps(rule_file(include=["a.json"])), FILE, {INPUT: {}, OUTPUT: {}}, FUNCTIONS)


def test_rules_name_their_sources_by_key() -> None:
    both = sourced("a", ["manual", "decision"], put="/a", value=const(1))
    (loaded,) = load(rule_file(both, sources=SOURCES)).build
    assert (loaded.source, loaded.urls) == ("The manual; decided", ("https://shop.example/manual",))
    (alone,) = load(rule_file(sourced("a", "decision", put="/a", value=1), sources=SOURCES)).build
    assert (alone.source, alone.urls) == ("decided", ())


@pytest.mark.parametrize(
    ("source", "key", "text"),
    [
        ("handbook", "", "unknown source 'handbook' (available: manual, decision)"),
        (["manual", "handbook"], "/1", "unknown source 'handbook'"),
        ([], "", "non-empty id, doc and source"),
        ([1], "", "non-empty id, doc and source"),
    ],
)
def test_an_unknown_source_is_refused(source: Any, key: str, text: str) -> None:
    _, rule_, where, what = problem(rule_file(sourced("a", source, put="/a", value=1), sources=SOURCES))
    assert (rule_, where) == ("a", f"/build/0/source{key}")
    assert text in what


def test_without_a_table_a_source_is_any_text() -> None:
    (loaded,) = load(rule_file(sourced("a", ["page 1", "page 2"], put="/a", value=1))).build
    assert (loaded.source, loaded.urls) == ("page 1; page 2", ())
