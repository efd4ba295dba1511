"""Migrated payloads cause the same mails, seen by the same people; what cannot be said is reported at its place."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given

import compiler
from compiler.conformance.case_files import Case
from compiler.pipeline.migrate import translation_ruleset
from compiler.pipeline.targets import own_target_names
from tests.cases import about, each_area
from tests.migration.meaning import mails_of
from tests.strategies.messages import VALID_MESSAGES

V3, V3_1 = "mailjet-v3", "mailjet-v3.1"
OTHER = {V3: V3_1, V3_1: V3}

INEXPRESSIBLE: dict[str, set[tuple[str, Any]]] = {
    V3: {
        ("UnsupportedFeature", "reserved header"),
        ("UnsupportedFeature", "multiple reply_to addresses"),
        ("InvalidValue", "empty-attachment"),
    },
    V3_1: {
        ("UnsupportedFeature", "URL tags"),
        ("UnsupportedFeature", "sandbox mode"),
        ("UnsupportedFeature", "advance error handling"),
    },
}
"""Codes of errors, with their feature or reason, for what payloads of a target have and the other cannot say."""


def mails_of_all(payloads: list[Any], target: str) -> list[Any]:
    return [mail for payload in payloads for mail in mails_of(payload, target)]


def assert_same_mails(payload: Any, source: str) -> bool:
    """Whether a payload can be migrated; the mails are then the same."""
    before = copy.deepcopy(payload)
    result = compiler.migrate(payload, source, OTHER[source])
    assert payload == before
    if result.output is None:
        found = {(each.code, each.params.get("feature", each.params.get("reason"))) for each in result.errors}
        assert found <= INEXPRESSIBLE[source]
        assert {each.document for each in result.errors} == {"body"}
        return False
    assert mails_of_all(result.output, OTHER[source]) == mails_of(payload, source)
    return True


@each_area(lambda case: case.ruleset == "send" and "output" in case.expect)
def test_the_payloads_of_all_cases_mean_the_same_or_are_reported(cases: list[Case]) -> None:
    for case in cases:
        with about(case):
            assert_same_mails(case.expect["output"], case.target)


@pytest.mark.parametrize("source", own_target_names())
@given(VALID_MESSAGES)
def test_the_payload_of_any_message_means_the_same_or_is_reported(source: str, pair: tuple[Any, Any]) -> None:
    message, options = pair
    payload = compiler.compile(message, source, options).output
    if payload is not None:
        assert_same_mails(payload, source)


@pytest.mark.parametrize("source", own_target_names())
@given(VALID_MESSAGES)
def test_what_was_migrated_comes_back(source: str, pair: tuple[Any, Any]) -> None:
    message, options = pair
    payload = compiler.compile(message, source, options).output
    if payload is not None and (there := compiler.migrate(payload, source, OTHER[source])).output is not None:
        back = [each for one in there.output for each in compiler.migrate(one, OTHER[source], source).output or ()]
        assert mails_of_all(back, source) == mails_of(payload, source)


ONE = {"FromEmail": "a@example.com", "Subject": "s", "Text-part": "t"}


def test_recipients_beyond_a_call_get_payloads_of_their_own() -> None:
    recipients = [{"Email": f"r{number}@example.com"} for number in range(120)]
    payloads = compiler.migrate({**ONE, "Recipients": recipients}).unwrap()
    assert [len(payload["Messages"]) for payload in payloads] == [50, 50, 20]
    assert all(len(message["To"]) == 1 for payload in payloads for message in payload["Messages"])


def test_a_shared_message_is_never_split() -> None:
    (error,) = compiler.migrate({**ONE, "To": ",".join(f"r{number}@example.com" for number in range(51))}).errors
    assert (error.code, error.document, error.path, error.params) == (
        "LimitExceeded", "body", "/To", {"limit": 50, "actual": 51},
    )  # fmt: skip


def test_an_error_is_at_its_place_as_it_is_spelled() -> None:
    messages = [{**ONE, "recipients": [{"Email": f"{name}@example.com"}]} for name in "bc"]
    payload = {"messages": [*messages, {**messages[0], "HEADERS": {"Return-Path": "x@example.com"}}]}
    (error,) = compiler.migrate(payload).errors
    assert error.path == "/messages/2/HEADERS/Return-Path"


def test_an_error_in_joined_messages_is_at_the_place_of_its_message() -> None:
    one = {"From": {"Email": "a@example.com"}, "Subject": "s", "TextPart": "{{var:a}}", "Variables": {"a": 1}}
    messages = [{**one, "To": [{"Email": f"{name}@example.com"}]} for name in "bbd"]
    result = compiler.migrate({"Messages": messages}, V3_1, V3)
    assert len(result.unwrap()) == 1
    assert [each.path for each in result.warnings if each.code == "DuplicateRecipient"] == ["/Messages/1/To/0/Email"]


def test_a_value_that_only_the_target_knows_is_not_carried_over() -> None:
    payload = {
        **ONE,
        "Recipients": [{"Email": "b@example.com"}],
        "From": {"Email": "z@example.com"},
        "sandboxMode": True,
    }
    result = compiler.migrate(payload)
    (migrated,) = result.unwrap()
    assert migrated.keys() == {"Messages"}
    assert migrated["Messages"][0]["From"] == {"Email": "a@example.com"}
    assert {(each.code, each.path) for each in result.warnings} == {
        ("UnknownProperty", "/From"),
        ("UnknownProperty", "/sandboxMode"),
    }


def test_a_field_of_several_properties_is_at_the_place_of_the_first() -> None:
    payload = {**ONE, "FromEmail": "M <a@example.com>", "FromName": "N", "Recipients": [{"Email": "b@example.com"}]}
    result = compiler.migrate({**payload, "Mj-TemplateID": 5})
    assert {each.path for each in (*result.errors, *result.warnings)} <= {"/FromEmail", "/Text-part"}


def test_the_options_are_those_of_compile() -> None:
    payload = {**ONE, "Recipients": [{"Email": "b@example.com"}], "Headers": {"Return-Path": "x"}, "FromName": "n"}
    assert not compiler.migrate(payload).ok
    for ignored in (True, ["reserved header"]):
        result = compiler.migrate(payload, options={"ignore_unsupported_features": ignored})
        assert [each.code for each in result.warnings] == ["FeatureDropped"]
        assert "Headers" not in result.unwrap()[0]["Messages"][0]
    options = {"ignore_unsupported_features": ["reserved header", "URL tags", "sandbox moode"]}
    found = {each.path: each for each in compiler.migrate(payload, options=options).warnings}
    assert found["/ignore_unsupported_features/1"].document == "options"
    assert "sender name without address" in found["/ignore_unsupported_features/2"].message


@pytest.mark.parametrize("ignored", [5, [5], "reserved header", [[]]])
def test_invalid_options_are_errors(ignored: Any) -> None:
    result = compiler.migrate(
        {**ONE, "Recipients": [{"Email": "b@example.com"}]}, options={"ignore_unsupported_features": ignored}
    )
    assert {each.document for each in result.errors} == {"options"}


def test_a_payload_that_cannot_be_read_is_an_error() -> None:
    for payload in (None, 5, "[]", "{", b"\xff", {"Mj-prio": "high"}):
        result = compiler.migrate(payload)
        assert result.output is None
        assert result.errors


def test_extra_properties_need_rules_of_the_target() -> None:
    bare = compiler.Target(V3_1, {"send": compiler.load_target("compiler/targets/mailjet_v3_1").ruleset("send")})
    payload = {**ONE, "Recipients": [{"Email": "b@example.com"}]}
    assert compiler.migrate(payload, V3, bare).ok
    (error,) = compiler.migrate({**payload, "Mj-prio": 1}, V3, bare).errors
    assert (error.code, error.params) == ("UnsupportedFeature", {"feature": "esp_extra"})


def test_a_payload_can_be_migrated_to_its_own_target() -> None:
    payload = {**ONE, "Recipients": [{"Email": "b@example.com"}], "Mj-prio": 1}
    assert compiler.migrate(payload, V3, V3).unwrap() == [payload]


def test_unknown_targets_raise_a_value_error() -> None:
    for source, target in (("x", V3), (V3, "x")):
        with pytest.raises(ValueError, match="unknown target"):
            compiler.migrate({}, source, target)
    with pytest.raises(TypeError):
        compiler.migrate({}, options=5)  # type: ignore[arg-type] # which is tested


def test_the_name_of_a_translation_ruleset() -> None:
    assert translation_ruleset(V3_1) == "from_mailjet_v3_1"
