"""Decompiling is the reverse of compiling: the messages of a payload compile to it, or to one that means the same."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given

import compiler
from compiler.conformance.case_files import Case
from compiler.pipeline.targets import own_target_names
from tests.cases import about, each_area
from tests.migration.meaning import mails_of
from tests.strategies.messages import VALID_MESSAGES

V3, V3_1 = "mailjet-v3", "mailjet-v3.1"


def compiled_again(payload: Any, target: str) -> list[Any]:
    """The payloads that the messages of a payload compile to."""
    return [compiler.compile(message, target).output for message in compiler.decompile(payload, target).unwrap()]


def is_same_payload(payload: Any, target: str) -> bool:
    return compiled_again(payload, target) == [payload]


def mails_again(payload: Any, target: str) -> list[Any]:
    return [mail for each in compiled_again(payload, target) for mail in mails_of(each, target)]


@each_area(lambda case: case.ruleset == "send" and "output" in case.expect)
def test_the_payloads_of_all_cases_come_back_or_mean_the_same(cases: list[Case]) -> None:
    for case in cases:
        with about(case):
            payload = copy.deepcopy(case.expect["output"])
            assert len(compiler.decompile(payload, case.target).unwrap()) == 1
            if not is_same_payload(payload, case.target):
                assert mails_again(payload, case.target) == mails_of(payload, case.target)


def without_address_lists(part: Any) -> Any:
    """A payload without the texts that are lists of addresses."""
    if isinstance(part, list):
        return [without_address_lists(each) for each in part]
    if not isinstance(part, dict):
        return part
    lists = {"to", "cc", "bcc", "reply-to"}
    return {
        name: without_address_lists(value)
        for name, value in part.items()
        if not (isinstance(value, str) and name.lower() in lists)
    }


@pytest.mark.parametrize("target", own_target_names())
@given(VALID_MESSAGES)
def test_the_message_that_comes_back_compiles_to_an_equal_payload(target: str, pair: tuple[Any, Any]) -> None:
    message, options = pair
    result = compiler.compile(message, target, options)
    if result.ok:
        payload = result.output  # it may still need something
        before = copy.deepcopy(payload)
        (again,) = compiler.decompile(payload, target).unwrap()
        assert payload == before
        compiled = compiler.compile(again, target).output
        assert compiled is not None
        assert payload is not None
        if compiled != payload:  # esp_extra and names that are encoded words are not written as we would
            if not (message.get("esp_extra") or (options.get("send_defaults") or {}).get("esp_extra")):
                assert without_address_lists(compiled) == without_address_lists(payload)
            assert mails_of(compiled, target) == mails_of(payload, target)
        assert compiler.decompile(payload, target).unwrap() == [again]


ONE = {"FromEmail": "a@example.com", "Subject": "s", "Text-part": "t"}
TO_ONE = {**ONE, "Recipients": [{"Email": "b@example.com"}]}
TO_TWO = {**ONE, "Recipients": [{"Email": "b@example.com"}, {"Email": "c@example.com"}]}
SHARED = {**ONE, "To": "b@example.com"}
ONE_V3_1 = {"From": {"Email": "a@example.com"}, "To": [{"Email": "b@example.com"}], "Subject": "s", "TextPart": "t"}
LOGO = {"ContentType": "image/gif", "Filename": "logo", "Base64Content": "R0lG"}
SHOWN = {**ONE_V3_1, "HTMLPart": '<img src="cid:logo">', "InlinedAttachments": [LOGO]}

DIFFERENCES: dict[str, list[tuple[str, Any]]] = {
    "names of properties are spelled as documented": [
        (V3, {"fromemail": "a@example.com", "TO": "b@example.com", "Html-Part": "h", "mj-PRIO": 3}),
        (V3_1, {"messages": [{"from": {"Email": "a@example.com"}, "TO": [{"Email": "b@x.example"}], "HtmlPart": "h"}]}),
    ],
    "empty lists and objects are left out": [
        (V3, {**TO_ONE, "Vars": {}, "Attachments": [], "To": ""}),
        (V3_1, {"Messages": [{**ONE_V3_1, "Variables": {}, "Cc": [], "Headers": {}}]}),
    ],
    "international domains become ASCII": [
        (V3, {**TO_ONE, "FromEmail": "a@bücher.example"}),
        (V3_1, {"Messages": [{**ONE_V3_1, "ReplyTo": {"Email": "a@bücher.example"}}]}),
    ],
    "encoded words in plain names are decoded, and blank names left out": [
        (V3, {**TO_ONE, "FromName": "=?utf-8?q?J=C3=B6rg?="}),
        (V3, {**TO_ONE, "FromName": " "}),
        (V3_1, {"Messages": [{**ONE_V3_1, "From": {"Email": "a@example.com", "Name": "=?utf-8?q?J=C3=B6rg?="}}]}),
    ],
    "a sender's name in FromEmail becomes FromName": [(V3, {**TO_ONE, "FromEmail": "Shop <a@example.com>"})],
    "lists of addresses are written in our way": [
        (V3, {**SHARED, "To": '"B" <b@example.com>,c@example.com', "Cc": "=?utf-8?b?SsO2cmc=?= <d@example.com>"}),
        (V3, {**SHARED, "Cc": "=?utf-8?q?J=C3=B6rg?= <d@example.com>"}),
        (V3, {**TO_ONE, "Headers": {"reply-to": "B<b@example.com>,c@example.com"}}),
    ],
    "metadata is written as canonical JSON": [
        (V3, {**TO_ONE, "Mj-EventPayLoad": '{"b": 1.0, "a": "\\u00e9"}'}),
        (V3_1, {"Messages": [{**ONE_V3_1, "EventPayload": '{"b": [1, 2], "a": null}'}]}),
    ],
    "a file without a name gets one": [
        (V3, {**TO_ONE, "Attachments": [{"Content-type": "text/plain", "Filename": "", "content": "YQ=="}]}),
    ],
    "an inline attachment has a content id of its own": [(V3_1, {"Messages": [SHOWN]})],
    "Globals become properties of each message": [
        (
            V3_1,
            {
                "Messages": [{"To": [{"Email": "b@example.com"}], "TextPart": "t"}],
                "Globals": {"From": {"Email": "a@example.com"}},
            },
        ),
    ],
    "several messages become several calls, unless they are one message": [
        (V3, {"Messages": [TO_ONE, {**TO_ONE, "Subject": "another"}]}),
        (V3, {"Messages": [SHARED, {**SHARED, "Cc": "c@example.com"}]}),
        (V3_1, {"Messages": [ONE_V3_1, {**ONE_V3_1, "Subject": "another"}]}),
    ],
    "a shared message that is alone in Messages is written without Messages": [(V3, {"Messages": [SHARED]})],
    "several recipients of one message in Messages get a message each": [
        (V3, {"Messages": [{**TO_TWO, "Mj-EventPayLoad": '{"a":1}'}]}),
        (V3, {"Messages": [TO_TWO, TO_ONE]}),
    ],
    "variables of a message to one recipient become those of the recipient": [
        (
            V3,
            {
                "Messages": [
                    {**TO_ONE, "Vars": {"n": 1}},
                    {**ONE, "Recipients": [{"Email": "c@example.com"}], "Vars": {}},
                ]
            },
        ),
    ],
}
"""The kinds of payloads that come back otherwise, with examples. Their mails are the same."""


@pytest.mark.parametrize(
    ("target", "payload"),
    [each for examples in DIFFERENCES.values() for each in examples],
    ids=lambda each: str(each)[:40],
)
def test_a_payload_that_comes_back_otherwise_means_the_same(target: str, payload: Any) -> None:
    assert mails_again(payload, target) == mails_of(payload, target)
    assert not is_same_payload(payload, target)


@given(VALID_MESSAGES)
def test_joined_messages_are_split_again(pair: tuple[Any, Any]) -> None:
    message, options = pair
    result = compiler.compile(message, V3_1, options)
    if result.ok:
        payload = result.unwrap()
        one_by_one = [
            compiler.decompile({**payload, "Messages": [each]}, V3_1).unwrap() for each in payload["Messages"]
        ]
        compiled = [compiler.compile(each, V3_1).unwrap()["Messages"] for (each,) in one_by_one]
        assert [each for messages in compiled for each in messages] == payload["Messages"]


@pytest.mark.parametrize(
    "payload", [None, 5, "", "[]", b"\xff", [], {"a": {1, 2}}, {"Messages": 5}, "{" * 500, {"a": "\ud800"}]
)
@pytest.mark.parametrize("target", own_target_names())
def test_what_cannot_be_read_is_an_error(target: str, payload: Any) -> None:
    result = compiler.decompile(payload, target)
    assert result.output is None
    assert result.errors
    assert {error.document for error in result.errors} == {"body"}


def test_an_unknown_target_or_one_without_the_ruleset_raises_a_value_error(tmp_path: Any) -> None:
    with pytest.raises(ValueError, match="unknown target"):
        compiler.decompile({}, "mailjet-v4")
    target = compiler.Target("half", {"send": compiler.load_target("compiler/targets/mailjet_v3").ruleset("send")})
    with pytest.raises(ValueError, match="unknown ruleset 'decompile'"):
        compiler.decompile({}, target)
