"""The emulator of v3.1 accepts what the payload schema accepts, and refuses the rest with the service's codes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.json_io import resources
from compiler.pipeline.targets import named_target
from compiler.sender.emulator import Emulator
from compiler.sender.emulator.validation_v3_1 import CheckedCall, check_call
from tests.cases import CASES
from tests.sender.payloads import HOSTILE

SCHEMA = resources.validator("mailjet-v3.1/payload.schema.json")
SENT = [
    case.expect["output"]
    for case in CASES
    if (case.target, case.ruleset) == ("mailjet-v3.1", "send") and "output" in case.expect
]
LOGO = {"ContentType": "image/gif", "Filename": "logo.gif", "Base64Content": "R0lG"}


def message(**properties: Any) -> dict[str, Any]:
    return {
        "From": {"Email": "a@example.com"},
        "To": [{"Email": "b@example.com"}],
        "Subject": "s",
        "TextPart": "t",
        **properties,
    }


def check(payload: Any) -> CheckedCall:
    return check_call(json.dumps(payload).encode())


def codes(checked: CheckedCall) -> list[Any]:
    """The code of the call, or the codes of each message with the properties they are about."""
    if checked.error is not None:
        return [checked.error.code]
    return [[(error.code, *error.related_to) for error in errors] for errors in checked.errors]


def post(emulator: Emulator, body: Any, **kwargs: Any) -> requests.Response:
    kwargs = {"auth": (emulator.api_key, emulator.secret_key), **kwargs}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return requests.post(f"{emulator.url_v3_1}/send", data=data, timeout=10, **kwargs)


def test_every_payload_that_a_case_expects_is_accepted() -> None:
    assert len(SENT) > 100
    for output in SENT:
        assert not any(check(output).errors), output
        assert check(output).error is None


CHANGES = st.sampled_from(
    [..., None, "", [], {}, 0, -1, True, 1.5, "x", "a\nb", "x" * 300, ["x"], {"x": None}, {"Email": "a@b.example"}]
)


@given(st.sampled_from(SENT), st.data())
def test_exactly_what_the_schema_accepts_is_accepted(output: Any, data: st.DataObject) -> None:
    changed = copy.deepcopy(output)
    part = data.draw(st.sampled_from([changed, *changed["Messages"], changed["Messages"][0].get("From", changed)]))
    name = data.draw(st.sampled_from([*part]))
    change = data.draw(CHANGES)
    if change is ...:
        del part[name]
    else:
        part[name] = change
    checked = check(changed)
    is_accepted = checked.error is None and not any(checked.errors)
    if "Globals" not in changed:
        text = json.dumps(changed)
        is_address_only = all(error.code == "mj-0013" for errors in checked.errors for error in errors)
        assert is_accepted == SCHEMA.is_valid(changed) or (is_address_only and checked.error is None), text


def without(**properties: Any) -> dict[str, Any]:
    return {name: value for name, value in message().items() if name not in properties}


ERRORS: list[tuple[Any, list[Any]]] = [
    (message(TextPart=""), [("send-0003", "HTMLPart", "TextPart")]),
    (without(TextPart=1), [("send-0003", "HTMLPart", "TextPart")]),
    (without(From=1), [("mj-0003", "From")]),
    (without(To=1), [("mj-0003",)]),
    (message(To=[]), [("mj-0007", "To")]),
    (message(To=None), [("mj-0003", "To")]),
    (message(To="b@example.com"), [("mj-0004", "To")]),
    (message(To=[{"Email": "b"}]), [("mj-0013", "To[0].Email")]),
    (message(To=[{"Email": "B <b@example.com>"}]), [("mj-0013", "To[0].Email")]),
    (message(To=[{"Email": ""}]), [("mj-0012", "To[0].Email")]),
    (message(To=[{"Name": "B"}]), [("mj-0003", "To[0]")]),
    (message(Cc=[{"Email": f"r{number}@example.com"} for number in range(51)]), [("send-0015", "Cc")]),
    (message(Subject="x" * 256), [("mj-0006", "Subject")]),
    (message(URLTags="x" * 257), [("mj-0006", "URLTags")]),
    (message(TrackOpens="yes"), [("mj-0005", "TrackOpens")]),
    (message(TemplateID="name"), [("mj-0004", "TemplateID")]),
    (message(DeduplicateCampaign=True), [("send-0012", "CustomCampaign", "DeduplicateCampaign")]),
    (message(TemplateErrorDeliver=True), [("send-0016", "TemplateLanguage")]),
    (message(TemplateErrorDeliver=True, TemplateLanguage=False), [("send-0016", "TemplateLanguage")]),
    (message(Headers={"reply-to": "a@example.com"}), [("send-0011", "Headers")]),
    (message(Attachments=[{**LOGO, "Base64Content": ""}]), [("mj-0012", "Attachments[0].Base64Content")]),
    (message(ReplyTo={"Email": "x", "Name": None}), [("mj-0013", "ReplyTo.Email"), ("mj-0003", "ReplyTo.Name")]),
]


@pytest.mark.parametrize(("refused", "expected"), ERRORS, ids=lambda each: str(each)[:60])
def test_a_message_is_refused_with_the_service_s_code(refused: Any, expected: list[Any]) -> None:
    assert codes(check({"Messages": [refused]})) == [expected]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, "mj-0003"),
        ({"Messages": None}, "mj-0003"),
        ({"Messages": []}, "mj-0007"),
        ({"Messages": [message()] * 51}, "mj-0008"),
        ({"Messages": {}}, "mj-0004"),
        ({"Messages": ["x"]}, "mj-0004"),
        ({"Messages": [message()], "SandboxMode": "yes"}, "mj-0004"),
        ({"Messages": [message(Attachments=[{**LOGO, "Base64Content": "A" * 20_000_004}])]}, "mj-0011"),
        ([], "mj-0002"),
        ("x", "mj-0002"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_a_call_is_refused_as_a_whole(payload: Any, code: str) -> None:
    assert codes(check(payload)) == [code]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"Messages": NaN}', b"[" * 100_000])
def test_a_body_that_is_not_json_is_refused(body: bytes) -> None:
    assert codes(check_call(body)) == ["mj-0002"]


def test_the_properties_of_globals_are_those_of_each_message() -> None:
    shared = {"From": {"Email": "a@example.com"}, "Subject": "s"}
    checked = check({"Globals": shared, "Messages": [{"To": [{"Email": "b@example.com"}], "TextPart": "t"}]})
    assert codes(checked) == [[]]
    assert checked.messages[0]["Subject"] == "s"


def test_some_messages_fail_and_others_are_sent(emulator: Emulator) -> None:
    response = post(emulator, {"Messages": [message(), message(TextPart=""), message(CustomID="x")]})
    assert response.status_code == 200
    first, second, third = response.json()["Messages"]
    assert [first["Status"], second["Status"], third["Status"]] == ["success", "error", "success"]
    assert third["CustomID"] == "x"
    assert second["Errors"][0]["ErrorCode"] == "send-0003"
    assert len(emulator.messages) == 2


def test_a_call_in_which_all_messages_fail_has_their_status(emulator: Emulator) -> None:
    response = post(emulator, {"Messages": [message(TextPart="")]})
    assert response.status_code == 400
    assert emulator.messages == ()


def test_a_wrong_key_is_refused_with_a_code(emulator: Emulator) -> None:
    response = post(emulator, {"Messages": [message()]}, auth=("a", "b"))
    assert (response.status_code, response.json()["ErrorCode"]) == (401, "mj-0015")


def test_other_resources_are_not_found(emulator: Emulator) -> None:
    assert requests.get(f"{emulator.url_v3_1}/REST/template/1/detailcontent", timeout=10).status_code == 401
    response = requests.post(f"{emulator.url_v3_1}/other", auth=(emulator.api_key, emulator.secret_key), timeout=10)
    assert response.status_code == 404


def test_the_pages_show_the_messages(emulator: Emulator) -> None:
    named = {"Name": HOSTILE, "Email": "b@example.com"}
    inline = {**LOGO, "ContentID": "logo"}
    html = '<img src="cid:logo">'
    payload = message(To=[named], Subject=HOSTILE, HTMLPart=html, InlinedAttachments=[inline], Priority=2)
    template = {"To": [{"Email": "b@example.com"}, {"Email": "c@example.com"}], "TemplateID": 5, "Variables": {"n": 1}}
    assert post(emulator, {"Messages": [payload, template]}).status_code == 200
    listing = requests.get(emulator.page_url, timeout=10).text
    assert "the template's sender" in listing
    assert "<script>alert" not in listing
    first, second = (requests.get(f"{emulator.page_url}messages/{each.number}", timeout=10).text
                     for each in emulator.messages)  # fmt: skip
    assert "of v3.1" in first
    assert "Priority" in first
    assert "InlinedAttachments" not in first
    assert "<script>alert" not in first
    assert "the template's sender" in second
    body = requests.get(f"{emulator.page_url}messages/{emulator.messages[0].number}/html", timeout=10).text
    assert "data:image/gif;base64,R0lG" in body


def test_the_forbidden_headers_are_those_of_the_rules() -> None:
    schema = resources.schemas()[f"{resources.BASE}mailjet-v3.1/payload.schema.json"]
    forbidden = {name.lower() for name in schema["$defs"]["Headers"]["x-forbidden-names"]}
    letter = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}
    own = {"from", "to", "cc", "bcc", "reply-to"}  # which the fields of a message say
    for name in forbidden - own:
        (error,) = compiler.compile({**letter, "extra_headers": {name: "x"}}, "mailjet-v3.1").errors
        assert error.params == {"feature": "reserved header"}
    rules = json.dumps([repr(rule) for rule in named_target("mailjet-v3.1").ruleset("send").all_rules])
    assert all(name in rules for name in forbidden - own)


def test_a_body_that_is_not_compressed_as_it_says_is_refused(emulator: Emulator) -> None:
    for url in (emulator.url, emulator.url_v3_1):
        auth = (emulator.api_key, emulator.secret_key)
        headers = {"Content-Encoding": "gzip"}
        assert requests.post(f"{url}/send", data=b"{}", auth=auth, headers=headers, timeout=10).status_code == 400
