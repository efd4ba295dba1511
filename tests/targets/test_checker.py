"""The checker on the real rules: clean as they are, and a finding for every way of breaking them that was tried."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compiler.engine import LintProblem, RulesetError, check, ir, load_ruleset
from compiler.functions.registry import all_functions
from compiler.json_io import resources

FILE = Path(resources.TARGETS) / "mailjet_v3" / "send.json"
RULES: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def checked(document: Any) -> list[LintProblem]:
    return list(check(load_ruleset(json.dumps(document), "send.json", resources.schemas(), all_functions())))


def found(change: Callable[[Any], None]) -> list[tuple[str, str]]:
    document = copy.deepcopy(RULES)
    change(document)
    return [(problem.kind, problem.location) for problem in checked(document)]


def rule(document: Any, name: str) -> Any:
    """The rule of this name, wherever it stands."""
    for phase in ir.PHASES:
        for each in document[phase]:
            inner = [*(way["rules"] for way in each.get("choose", [])), each.get("otherwise", [])]
            for candidate in (each, *(rule for rules in inner for rule in rules)):
                if candidate["id"] == name:
                    return candidate
    raise AssertionError(name)


def test_the_rules_as_they_are_have_no_problem() -> None:
    assert checked(RULES) == []


def drop(name: str) -> Callable[[Any], None]:
    def kept(rules: Any) -> Any:
        for each in rules:
            for way in each.get("choose", []):
                way["rules"] = kept(way["rules"])
            if "otherwise" in each:
                each["otherwise"] = kept(each["otherwise"])
        return [each for each in rules if each["id"] != name]

    def change(document: Any) -> None:
        for phase in ir.PHASES:
            document[phase] = kept(document[phase])

    return change


@pytest.mark.parametrize(
    ("name", "unread"),
    [
        ("subject", ["/subject"]),
        ("text", ["/text"]),
        ("html", ["/html/*/content"]),
        ("sender", ["/from_email/*/email", "/from_email/*/name", "/header_from/email"]),
        ("stored-sender", ["/template_sender/email"]),
        ("recipients", ["/bcc/*/email", "/bcc/*/name", "/cc/*/email", "/cc/*/name", "/to/*/email", "/to/*/name"]),
        ("to", ["/to/*/email", "/to/*/name"]),
        ("private-recipients", ["/to/*/email", "/to/*/name"]),
        ("esp-extra", ["/esp_extra"]),
        ("tag", ["/tags/*"]),
        ("send-at", ["/send_at"]),
        ("global-variables", ["/merge_global_data"]),
        ("sender-name", ["/header_from/name"]),
        ("envelope-sender", ["/envelope_sender/email"]),
        ("envelope-sender-name", ["/envelope_sender/name"]),
        ("spoofed-to", ["/header_to"]),
        ("headers", ["/headers"]),
        ("reply-to", ["/header_reply_to/*/email", "/header_reply_to/*/name", "/reply_to/*/email", "/reply_to/*/name"]),
        ("attachments", ["/attachments/*/filename"]),
        ("inline-attachments", ["/attachments/*/content_id"]),
        ("metadata", ["/metadata"]),
        ("own-messages", ["/merge_metadata"]),
        ("track-clicks", ["/track_clicks"]),
        ("track-opens", ["/track_opens"]),
        ("visible-recipients", ["/from_defaults/*"]),
        ("content-subtype", ["/content_subtype"]),
    ],
)
def test_without_a_rule_what_it_alone_read_is_unread(name: str, unread: list[str]) -> None:
    assert sorted(place for kind, place in found(drop(name)) if kind == "unread") == unread


def put(path: str, value: Any) -> Callable[[Any], None]:
    """Sets one key of a rule: `subject/value/get`."""

    def change(document: Any) -> None:
        name, *keys = path.split("/")
        there = rule(document, name)
        for key in keys[:-1]:
            there = there[int(key) if isinstance(there, list) else key]
        there[int(keys[-1]) if isinstance(there, list) else keys[-1]] = value

    return change


ENTRY = "private-recipients/value/value/object"


@pytest.mark.parametrize(
    ("change", "kind", "place"),
    [
        (put("subject/value/get", "/subjct"), "unknown-input", "subject#/value"),
        (put("subject/value/get", "/subjct"), "unread", "/subject"),
        (put(f"{ENTRY}/Email/get", "@/mail"), "unknown-input", "private-recipients#/value/value/object/Email"),
        (put("subject/put", "/Subjct"), "unknown-output", "subject"),
        (put("subject-length/limit/out", "/Subjct"), "unknown-output", "subject-length#/limit"),
        (put("subject/value", {"const": 5}), "wrong-type", "subject#/value"),
        (put("subject/value", {"get": "/to"}), "wrong-type", "subject#/value"),
        (put("template/value", {"get": "/track_opens"}), "wrong-type", "template#/value"),
        (put("template-language/value/const", "yes"), "wrong-type", "template-language#/value"),
        (put(f"{ENTRY}/Email", {"const": 5}), "wrong-type", "private-recipients#/value"),
        (put(f"{ENTRY}/Vars", {"const": []}), "wrong-type", "private-recipients#/value"),
        (
            put("tag/value", {"lookup": {"get": "/track_opens"}, "table": [[True, "a"]]}),
            "uncovered-lookup",
            "tag#/value",
        ),
        (put("text/put", "/Subject"), "overrides", "text"),
        (put("text/overrides", ["nobody"]), "overrides", "text"),
        (put("subject/value", {"out": "/Html-part"}), "read-before-written", "subject#/value"),
        (
            put("to-count/limit/distinct/each/with", [{"out": "/Recipients"}]),
            "wrong-type",
            "to-count#/limit/distinct/each/with/0",
        ),
        (put("subject-length/limit", {"get": "/tags"}), "wrong-type", "subject-length#/limit"),
    ],
)
def test_a_broken_rule_is_found(change: Callable[[Any], None], kind: str, place: str) -> None:
    assert (kind, place) in found(change)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (put("subject/valeu", {}), "rule 'subject', at /build/", "unknown key"),
        (put("subject/value", {"gett": "/subject"}), "rule 'subject', at /build/", "a value must have exactly one of"),
        (put("text/id", "subject"), "rule 'subject', at /build/", "duplicate rule id"),
        (put("template/value/call", "whole_numbr"), "rule 'template', at /build/", "unknown function"),
        (put("template/doc", ""), "rule 'template', at /build/", "doc and source"),
    ],
)
def test_a_rule_that_cannot_be_read_is_told_with_file_rule_and_key(
    change: Callable[[Any], None], place: str, words: str
) -> None:
    document = copy.deepcopy(RULES)
    change(document)
    with pytest.raises(RulesetError) as raised:
        checked(document)
    assert str(raised.value).startswith("send.json, ")
    assert place in str(raised.value)
    assert words in str(raised.value)


def test_without_cases_every_place_is_never_hit() -> None:
    ruleset = load_ruleset(json.dumps(RULES), "send.json", resources.schemas(), all_functions())
    kinds = {problem.kind for problem in check(ruleset, hits=())}
    places = {problem.location for problem in check(ruleset, hits=())}
    assert kinds == {"never-hit"}
    assert {"subject", "tag#/unsupported/fallback", "recipients#/choose/0", "recipients#/otherwise"} <= places
    assert {"subject-length#/limit", "template#/invalid", "payload-schema#/conform"} <= places


def test_the_rules_about_version_3_1_speak_of_the_same_names() -> None:
    names = rule(RULES, "v3-1-properties")["when"]["in"][1]["const"]
    known = rule(RULES, "unknown-properties")["when"]["not"]["in"][1]["concat"][1]["const"]
    told = [row[0] for row in rule(RULES, "v3-1-properties")["hint"]["table"]]
    assert names == known
    assert set(told) < set(names)
    assert set(names) - set(told) == {"urltags", "sandboxmode", "globals", "advanceerrorhandling"}
