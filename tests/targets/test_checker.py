"""The checker on the real rules: no problems as they are, and a problem for each way of breaking them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from compiler.engine import LintProblem, RulesetError, check, ir, load_ruleset
from compiler.engine.expanded import expand_ruleset
from compiler.frontend.fields import narrow_canonical_schema
from compiler.functions.registry import all_functions
from compiler.json_io import resources
from compiler.pipeline.targets import named_target

RULES: dict[str, Any] = expand_ruleset(named_target("mailjet-v3").ruleset("send"))


def lint(document: Any) -> list[LintProblem]:
    return list(check(load(document)))


def load(document: Any) -> ir.Ruleset:
    text = json.dumps(document)
    return load_ruleset(text, "send.json", resources.schemas(), all_functions(), narrow_input=narrow_canonical_schema)


def problems_after(change: Callable[[Any], None]) -> list[tuple[str, str]]:
    document = copy.deepcopy(RULES)
    change(document)
    return [(problem.kind, problem.location) for problem in lint(document)]


def rule(document: Any, name: str) -> Any:
    """The rule of this name, in any phase or branch."""
    for phase in ir.PHASES:
        for each in document[phase]:
            inner = [*(branch["rules"] for branch in each.get("choose", [])), each.get("otherwise", [])]
            for candidate in (each, *(rule for rules in inner for rule in rules)):
                if candidate["id"] == name:
                    return candidate
    raise AssertionError(name)


def test_the_rules_have_no_problems() -> None:
    assert lint(RULES) == []


def drop_rule(name: str) -> Callable[[Any], None]:
    def without_rule(rules: Any) -> Any:
        for each in rules:
            for branch in each.get("choose", []):
                branch["rules"] = without_rule(branch["rules"])
            if "otherwise" in each:
                each["otherwise"] = without_rule(each["otherwise"])
        return [each for each in rules if each["id"] != name]

    def change(document: Any) -> None:
        for phase in ir.PHASES:
            document[phase] = without_rule(document[phase])

    return change


@pytest.mark.parametrize(
    ("name", "unread"),
    [
        ("subject", ["/subject"]),
        ("text", ["/text"]),
        ("html", ["/html/*/content"]),
        ("sender", ["/from_email/*/email", "/from_email/*/name", "/header_from/email"]),
        ("stored-sender", ["/template_sender/email"]),
        (
            "recipients",
            ["/bcc/*/email", "/bcc/*/name", "/cc/*/email", "/cc/*/name", "/delivery", "/to/*/email", "/to/*/name"],
        ),
        ("to", ["/to/*/email", "/to/*/name"]),
        ("private-recipients", ["/to/*/email", "/to/*/name"]),
        ("esp-extra", ["/esp_extra"]),
        ("tag", ["/tags/*"]),
        ("send-at", ["/send_at/seconds", "/send_at/text"]),
        ("global-variables", ["/merge_global_data"]),
        ("sender-name", ["/header_from/name"]),
        ("envelope-sender", ["/envelope_sender/email"]),
        ("envelope-sender-name", ["/envelope_sender/name"]),
        ("spoofed-to", ["/header_to"]),
        ("headers", ["/headers"]),
        ("reply-to", ["/header_reply_to/*/email", "/header_reply_to/*/name", "/reply_to/*/email", "/reply_to/*/name"]),
        (
            "attachments",
            ["/attachments/*/content", "/attachments/*/inline", "/attachments/*/mimetype", "/attachments/*/name"],
        ),
        ("inline-attachments", ["/attachments/*/content_id"]),
        ("inline-filename", ["/attachments/*/filename"]),
        ("metadata", ["/metadata"]),
        ("own-messages", ["/merge_metadata"]),
        ("track-clicks", ["/track_clicks"]),
        ("track-opens", ["/track_opens"]),
        ("visible-recipients", ["/from_defaults/*"]),
        ("content-subtype", ["/content_subtype"]),
    ],
)
def test_removing_a_rule_leaves_its_inputs_unread(name: str, unread: list[str]) -> None:
    assert sorted(location for kind, location in problems_after(drop_rule(name)) if kind == "unread") == unread


def set_key(path: str, value: Any) -> Callable[[Any], None]:
    """Sets one key of a rule, given as a path such as `subject/value/get`."""

    def change(document: Any) -> None:
        name, *keys = path.split("/")
        container = rule(document, name)
        for key in keys[:-1]:
            container = container[int(key) if isinstance(container, list) else key]
        container[int(keys[-1]) if isinstance(container, list) else keys[-1]] = value

    return change


ENTRY = "private-recipients/value/value/object"


@pytest.mark.parametrize(
    ("change", "kind", "location"),
    [
        (set_key("subject/value/get", "/subjct"), "unknown-input", "subject#/value"),
        (set_key("subject/value/get", "/subjct"), "unread", "/subject"),
        (set_key(f"{ENTRY}/Email/get", "@/mail"), "unknown-input", "private-recipients#/value/value/object/Email"),
        (set_key("subject/put", "/Subjct"), "unknown-output", "subject"),
        (set_key("subject-length/limit/out", "/Subjct"), "unknown-output", "subject-length#/limit"),
        (set_key("subject/value", {"const": 5}), "wrong-type", "subject#/value"),
        (set_key("subject/value", {"get": "/to"}), "wrong-type", "subject#/value"),
        (set_key("template/value", {"get": "/track_opens"}), "wrong-type", "template#/value"),
        (set_key("template-language/value/const", "yes"), "wrong-type", "template-language#/value"),
        (set_key(f"{ENTRY}/Email", {"const": 5}), "wrong-type", "private-recipients#/value"),
        (set_key(f"{ENTRY}/Vars", {"const": []}), "wrong-type", "private-recipients#/value"),
        (
            set_key("tag/value", {"lookup": {"get": "/track_opens"}, "table": [[True, "a"]]}),
            "uncovered-lookup",
            "tag#/value",
        ),
        (set_key("text/put", "/Subject"), "overrides", "text"),
        (set_key("text/overrides", ["unknown"]), "overrides", "text"),
        (set_key("subject/value", {"out": "/Html-part"}), "read-before-written", "subject#/value"),
        (
            set_key("to-count/limit/distinct/each/with", [{"out": "/Recipients"}]),
            "wrong-type",
            "to-count#/limit/distinct/each/with/0",
        ),
        (set_key("subject-length/limit", {"get": "/tags"}), "wrong-type", "subject-length#/limit"),
    ],
)
def test_a_broken_rule_is_reported(change: Callable[[Any], None], kind: str, location: str) -> None:
    assert (kind, location) in problems_after(change)


@pytest.mark.parametrize(
    ("change", "location", "words"),
    [
        (set_key("subject/valeu", {}), "rule 'subject', at /build/", "unknown key"),
        (
            set_key("subject/value", {"gett": "/subject"}),
            "rule 'subject', at /build/",
            "unknown operator or function 'gett'",
        ),
        (set_key("text/id", "subject"), "rule 'subject', at /build/", "duplicate rule id"),
        (set_key("template/value/call", "whole_numbr"), "rule 'template', at /build/", "unknown function"),
        (set_key("template/doc", ""), "rule 'template', at /build/", "doc and source"),
    ],
)
def test_an_invalid_rule_is_reported_with_file_rule_and_key(
    change: Callable[[Any], None], location: str, words: str
) -> None:
    document = copy.deepcopy(RULES)
    change(document)
    with pytest.raises(RulesetError) as raised:
        lint(document)
    assert str(raised.value).startswith("send.json, ")
    assert location in str(raised.value)
    assert words in str(raised.value)


def test_without_cases_every_coverage_point_is_never_hit() -> None:
    ruleset = load(RULES)
    kinds = {problem.kind for problem in check(ruleset, hits=())}
    locations = {problem.location for problem in check(ruleset, hits=())}
    assert kinds == {"never-hit"}
    assert {"subject", "tag#/unsupported/fallback", "recipients#/choose/0", "recipients#/otherwise"} <= locations
    assert {"subject-length#/limit", "template#/invalid", "payload-schema#/conform"} <= locations


def test_the_rules_about_version_3_1_name_the_same_properties() -> None:
    names = rule(RULES, "v3-1-properties")["when"]["in"][1]["const"]
    known = rule(RULES, "unknown-properties")["when"]["not"]["in"][1]["concat"][1]["const"]
    hinted = [row[0] for row in rule(RULES, "v3-1-properties")["hint"]["table"]]
    assert names == known
    assert set(hinted) < set(names)
    assert set(names) - set(hinted) == {"urltags", "sandboxmode", "globals", "advanceerrorhandling"}
