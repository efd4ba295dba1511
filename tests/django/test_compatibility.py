"""The setting COMPATIBILITY: each leniency on, off, and named in the error's hint."""

from __future__ import annotations

from email.mime.image import MIMEImage
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from compiler.django import (
    AnymailError,
    AnymailInvalidMessage,
    AnymailMessage,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    post_send,
)
from compiler.django.compatibility import COMPATIBILITY
from compiler.sender.emulator import Emulator
from tests.django.helpers import received


def changed(**anymail: Any) -> override_settings:
    return override_settings(ANYMAIL={**settings.ANYMAIL, **anymail})


def image(filename: str | None = None) -> MIMEImage:
    part = MIMEImage(b"GIF89a;", "gif")
    part.add_header("Content-Disposition", "inline", **({"filename": filename} if filename else {}))
    return part


CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "cc-or-bcc-alone",
        {"to": [], "cc": ["a@example.com", "b@example.com"]},
        {"To": "a@example.com", "Cc": "b@example.com"},
    ),
    ("cc-or-bcc-alone", {"to": [], "cc": ["a@example.com"]}, {"Recipients": [{"Email": "a@example.com"}]}),
    (
        "cc-or-bcc-alone",
        {"to": [], "cc": ["a@example.com"], "bcc": ["b@example.com"]},
        {"To": "a@example.com", "Bcc": "b@example.com"},
    ),
    (
        "cc-or-bcc-alone",
        {"to": [], "bcc": ["a@example.com", "b@example.com"]},
        {"Recipients": [{"Email": "a@example.com"}, {"Email": "b@example.com"}]},
    ),
    ("empty-body", {"body": ""}, {"Text-part": " "}),
    ("integer-custom-id", {"esp_extra": {"Mj-CustomID": 17}}, {"Mj-CustomID": "17"}),
    (
        "inline-without-content-id",
        {"attachments": [image("logo.gif"), image()]},
        {
            "Inline_attachments": [
                {"Content-type": "image/gif", "Filename": "logo.gif", "content": "R0lGODlhOw=="},
                {"Content-type": "image/gif", "Filename": "inline-2", "content": "R0lGODlhOw=="},
            ]
        },
    ),
    ("split-recipients", {"to": [f"a{number}@example.com" for number in range(250)]}, {}),
]


def build(attributes: dict[str, Any]) -> AnymailMessage:
    return AnymailMessage(**{"subject": "Hello", "body": "Hi!", "to": ["alice@example.com"], **attributes})


@pytest.mark.parametrize(("name", "attributes", "payload"), CASES)
def test_off_by_default_and_named_in_the_hint(
    project: Emulator, name: str, attributes: dict[str, Any], payload: dict[str, Any]
) -> None:
    for allowed in ([], [other for other in COMPATIBILITY if other != name]):
        with changed(COMPATIBILITY=allowed), pytest.raises(AnymailError) as caught:
            build(attributes).send()
        hint = f'or allow it as django-anymail does: ANYMAIL = {{"COMPATIBILITY": ["{name}"]}}'
        assert all(str(diagnostic.hint).endswith(hint) for diagnostic in caught.value.diagnostics)
        assert hint in str(caught.value)
    assert project.calls == ()


@pytest.mark.parametrize(("name", "attributes", "payload"), CASES)
@pytest.mark.parametrize("everything", [False, True])
def test_on(
    project: Emulator, name: str, attributes: dict[str, Any], payload: dict[str, Any], everything: bool
) -> None:
    with changed(COMPATIBILITY=everything or [name]):
        message = build(attributes)
        assert message.send() == 1
    if name != "split-recipients":
        (sent,) = project.messages
        assert {key: sent.payload[key] for key in payload} == payload
    assert message.anymail_status.status == {"sent"}
    assert len(message.anymail_status.recipients) == len(message.recipients())


def test_every_name_has_a_case_and_a_description() -> None:
    assert {name for name, _, _ in CASES} == set(COMPATIBILITY)
    assert all(each.description.endswith(".") for each in COMPATIBILITY.values())


def test_all_together(project: Emulator) -> None:
    attributes = {
        "to": [],
        "bcc": [f"a{number}@example.com" for number in range(101)],
        "body": "",
        "esp_extra": {"mj-customid": 17},
        "attachments": [image()],
    }
    with changed(COMPATIBILITY=True):
        assert build(attributes).send() == 1
    assert [len(each.recipients) for each in project.messages] == [100, 1]


def test_other_errors_remain(project: Emulator) -> None:
    with changed(COMPATIBILITY=True), pytest.raises(AnymailError) as caught:
        build({"body": "", "tags": ["a", "b"]}).send()
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["UnsupportedFeature"]
    assert project.calls == ()


@pytest.mark.parametrize(
    "attributes",
    [
        {"esp_extra": {"Mj-CustomID": 1.5}},
        {"esp_extra": {"Mj-CustomID": True}},
        {"esp_extra": {"Mj-CustomID": [1]}},
        {"to": [], "cc": []},
    ],
)
def test_what_no_leniency_covers(project: Emulator, attributes: dict[str, Any]) -> None:
    with changed(COMPATIBILITY=True):
        if attributes.get("cc") == []:
            assert build(attributes).send() == 0
            return
        with pytest.raises(AnymailError) as caught:
            build(attributes).send()
    assert all("COMPATIBILITY" not in str(diagnostic.hint) for diagnostic in caught.value.diagnostics)


def test_defaults_are_covered_too(project: Emulator) -> None:
    defaults = {"esp_extra": {"Mj-CustomID": 17}, "attachments": [image("logo.gif")]}
    with changed(SEND_DEFAULTS=defaults, COMPATIBILITY=True):
        assert build({}).send() == 1
    (sent,) = project.messages
    assert sent.payload["Mj-CustomID"] == "17"
    assert sent.payload["Inline_attachments"][0]["Filename"] == "logo.gif"


def test_a_split_message_of_which_a_part_fails(project: Emulator) -> None:
    message = build({"to": [f"a{number}@example.com" for number in range(250)]})
    project.inject_faults("wrong-content-type", "empty-400")
    splits = changed(COMPATIBILITY=["split-recipients"])
    with splits, received(post_send) as after, pytest.raises(AnymailRequestsAPIError) as caught:
        message.send()
    assert caught.value.may_have_sent
    assert "other recipients of the message were accepted" in str(caught.value)
    assert [call.status_code for call in project.calls] == [200, 400, 200]
    assert len(message.anymail_status.recipients) == 150
    assert len(after) == 1


@pytest.mark.parametrize(
    ("faults", "error", "may_have_sent"),
    [
        (["empty-400", "server-error", "empty-400"], AnymailRequestsAPIError, True),
        (["empty-400", "empty-400", "empty-400"], AnymailRequestsAPIError, False),
        (["nobody", "empty-400", "nobody"], AnymailRequestsAPIError, False),
        (["nobody", "nobody", "nobody"], AnymailRecipientsRefused, False),
    ],
)
def test_a_split_message_of_which_all_parts_fail(
    project: Emulator, faults: list[str], error: type[AnymailError], may_have_sent: bool
) -> None:
    project.inject_faults(*faults)
    with changed(COMPATIBILITY=["split-recipients"]), pytest.raises(AnymailError) as caught:
        build({"to": [f"a{number}@example.com" for number in range(250)]}).send()
    assert (type(caught.value), caught.value.may_have_sent) == (error, may_have_sent)
    assert len(project.calls) == 3


def test_a_split_message_of_which_a_part_is_refused(project: Emulator) -> None:
    recipients = [f"a{number}@example.com" for number in range(150)]
    project.inject_faults("nobody")
    with changed(COMPATIBILITY=["split-recipients"]), pytest.raises(AnymailRequestsAPIError) as caught:
        build({"to": recipients}).send()
    assert caught.value.may_have_sent
    project.inject_faults("nobody", "empty-400")
    with changed(COMPATIBILITY=True, IGNORE_RECIPIENT_STATUS=True), pytest.raises(AnymailRequestsAPIError) as caught:
        build({"to": recipients}).send()
    assert not caught.value.may_have_sent
    project.inject_faults("nobody")
    with changed(COMPATIBILITY=True, IGNORE_RECIPIENT_STATUS=True):
        message = build({"to": recipients})
        assert message.send() == 1
    assert message.anymail_status.status == {"sent", "unknown"}


def test_a_split_message_whose_template_has_no_number(project: Emulator) -> None:
    message = build({"to": [f"a{number}@example.com" for number in range(150)], "template_id": "9" * 30, "body": ""})
    message.from_email = None  # type: ignore[assignment]
    with changed(COMPATIBILITY=["split-recipients"]), pytest.raises(AnymailInvalidMessage, match="numeric id"):
        message.send()
    assert project.calls == ()
