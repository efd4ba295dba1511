"""With MAILJET_TARGET, Django's messages go to Send API v3.1, as django-anymail sends them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.mail import get_connection
from django.test import override_settings

from compiler.django import AnymailInvalidMessage, AnymailRequestsAPIError
from compiler.sender.emulator import Emulator
from tests.django.anymail_on_v3_1 import build

V3_1 = "mailjet-v3.1"


@pytest.fixture(autouse=True)
def emulator_of_v3_1(project: Emulator) -> Iterator[None]:
    project.clear()
    anymail = {**settings.ANYMAIL, "MAILJET_API_URL": project.url_v3_1, "MAILJET_TARGET": V3_1}
    with override_settings(ANYMAIL=anymail):
        yield


def test_a_message_goes_to_v3_1(project: Emulator) -> None:
    message = build(to=["Alice <alice@example.com>"], tags=["welcome"], metadata={"order": 1})
    assert message.send() == 1
    (call,) = project.calls
    assert (call.path, call.status_code) == ("/v3.1/send", 200)
    (received,) = project.messages
    assert received.value("campaign") == "welcome"
    status = message.anymail_status  # type: ignore[attr-defined] # the backend sets it
    assert status.status == {"sent"}
    assert status.message_id == str(received.recipients[0].message_id)
    assert status.esp_response.json()["Messages"][0]["Status"] == "success"


def test_a_template_s_sender_is_not_looked_up(project: Emulator) -> None:
    message = build(template_id="176375")
    message.from_email = None  # type: ignore[assignment] # a template has it
    message.subject = message.body = ""
    assert message.send() == 1
    assert [call.path for call in project.calls] == ["/v3.1/send"]


def test_the_status_says_which_message_failed(project: Emulator) -> None:
    project.inject_faults("first-message-fails")
    message = build(to=["alice@example.com", "bob@example.com"], merge_data={})
    assert message.send() == 1
    recipients = message.anymail_status.recipients  # type: ignore[attr-defined] # the backend sets it
    assert {email: (each.status, each.message_id is None) for email, each in recipients.items()} == {
        "alice@example.com": ("failed", True),
        "bob@example.com": ("sent", False),
    }
    assert message.anymail_status.status == {"failed", "sent"}  # type: ignore[attr-defined] # the backend sets it


def test_an_error_is_raised_if_all_messages_failed(project: Emulator) -> None:
    project.inject_faults("first-message-fails")
    with pytest.raises(AnymailRequestsAPIError, match="not authorized") as raised:
        build().send()
    assert not raised.value.may_have_sent
    assert raised.value.status_code == 403
    assert project.messages == ()


def test_a_property_of_v3_is_named_with_that_of_v3_1() -> None:
    with pytest.raises(AnymailInvalidMessage, match="Priority"):
        build(esp_extra={"Mj-prio": 2}).send()


def test_compatibility_splits_at_the_limit_of_v3_1(project: Emulator) -> None:
    message = build(to=[f"r{number}@example.com" for number in range(60)], merge_data={})
    with pytest.raises(AnymailInvalidMessage, match="split-recipients"):
        message.send()
    with get_connection(compatibility=["split-recipients", "integer-custom-id"]) as connection:
        message.connection = connection
        message.esp_extra = {"CustomID": 5}  # type: ignore[attr-defined] # the backend reads it
        assert message.send() == 1
    assert [len(call.messages) for call in project.calls] == [50, 10]
    assert {each.value("custom_id") for each in project.messages} == {"5"}
