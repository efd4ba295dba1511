"""Anymail's Mailjet page, heading by heading and code block by code block, in a Django project against the emulator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import override_settings
from django.urls import reverse

from compiler.django import AnymailMessage, AnymailUnsupportedFeature, inbound, tracking
from compiler.django.settings import read_backend_settings
from compiler.sender.emulator import Emulator
from tests.django.helpers import INBOUND, OPEN, TRACKING, post, received

ROOT = Path(__file__).parent.parent.parent


def changed(**anymail: Any) -> override_settings:
    """The project's settings with other members of ANYMAIL."""
    return override_settings(ANYMAIL={**settings.ANYMAIL, **anymail})


def sent(emulator: Emulator) -> dict[str, Any]:
    """The payload of the only message."""
    (message,) = emulator.messages
    return dict(message.payload)


# Settings


def test_email_backend(project: Emulator) -> None:
    assert settings.EMAIL_BACKEND == "compiler.django.EmailBackend"
    assert mail.send_mail("Hello", "Hi!", None, ["alice@example.com"]) == 1
    assert sent(project) == {
        "FromEmail": "shop@example.com",
        "Recipients": [{"Email": "alice@example.com"}],
        "Subject": "Hello",
        "Text-part": "Hi!",
    }


@pytest.mark.parametrize("form", ["ANYMAIL", "ANYMAIL_MAILJET_API_KEY", "MAILJET_API_KEY"])
def test_api_key_and_secret_key(project: Emulator, form: str) -> None:
    keys = {"MAILJET_API_KEY": project.api_key, "MAILJET_SECRET_KEY": project.secret_key}
    forms: dict[str, dict[str, Any]] = {
        "ANYMAIL": {"ANYMAIL": {**keys, "MAILJET_API_URL": project.url}},
        "ANYMAIL_MAILJET_API_KEY": {
            "ANYMAIL": {"MAILJET_API_URL": project.url},
            **{f"ANYMAIL_{name}": key for name, key in keys.items()},
        },
        "MAILJET_API_KEY": {"ANYMAIL": {"MAILJET_API_URL": project.url}, **keys},
    }
    with override_settings(**forms[form]):
        assert mail.send_mail("Hello", "Hi!", None, ["alice@example.com"]) == 1
    assert len(project.messages) == 1


def test_api_url() -> None:
    with override_settings(ANYMAIL={"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "secret"}):
        assert read_backend_settings({}).api_url == "https://api.mailjet.com/v3"


# esp_extra support


def test_esp_extra(project: Emulator) -> None:
    my_event_tracking_id = "order-1234"
    message = EmailMessage("Hello", "Hi!", to=["alice@example.com"])
    message.esp_extra = {  # type: ignore[attr-defined]
        # Mailjet v3.0 Send API options:
        "Mj-prio": 3,  # Use Mailjet critically-high priority queue
        "Mj-CustomID": my_event_tracking_id,
        "Subject": "esp_extra has precedence",
    }
    assert message.send() == 1
    payload = sent(project)
    assert (payload["Mj-prio"], payload["Mj-CustomID"]) == (3, "order-1234")
    assert payload["Subject"] == "esp_extra has precedence"


def test_esp_extra_in_send_defaults(project: Emulator) -> None:
    with changed(SEND_DEFAULTS={"esp_extra": {"Mj-prio": 1, "Mj-CustomID": "default"}}):
        message = AnymailMessage("Hello", "Hi!", to=["alice@example.com"], esp_extra={"Mj-prio": 3})
        assert message.send() == 1
    assert (sent(project)["Mj-prio"], sent(project)["Mj-CustomID"]) == (3, "default")


# Limitations and quirks


def test_single_tag(project: Emulator) -> None:
    with pytest.raises(AnymailUnsupportedFeature, match="multiple tags"):
        AnymailMessage("Hello", "Hi!", to=["alice@example.com"], tags=["a", "b"]).send()
    assert project.messages == ()
    with changed(IGNORE_UNSUPPORTED_FEATURES=True):
        assert AnymailMessage("Hello", "Hi!", to=["alice@example.com"], tags=["a", "b"]).send() == 1
    assert sent(project)["Mj-campaign"] == "a"


def test_no_delayed_sending(project: Emulator) -> None:
    with pytest.raises(AnymailUnsupportedFeature, match="send_at"):
        AnymailMessage("Hello", "Hi!", to=["alice@example.com"], send_at="2030-01-31T12:00:00Z").send()
    assert project.messages == ()


def test_envelope_sender(project: Emulator) -> None:
    message = AnymailMessage("Hello", "Hi!", to=["alice@example.com"], envelope_sender="bounces@example.com")
    assert message.send() == 1
    assert sent(project)["Sender"] == "bounces@example.com"
    assert [warning.code for warning in message.anymail_status.warnings] == ["NeedsApproval"]


def test_commas_in_recipient_names(project: Emulator) -> None:
    message = EmailMessage("Hello", "Hi!", to=['"Smith, Bob" <bob@example.com>'], cc=["carol@example.com"])
    assert message.send() == 1
    assert sent(project)["To"] == "=?utf-8?q?Smith=2C_Bob?= <bob@example.com>"
    project.clear()
    assert EmailMessage("Hello", "Hi!", to=['"Smith, Bob" <bob@example.com>']).send() == 1
    assert sent(project)["Recipients"] == [{"Email": "bob@example.com", "Name": "Smith, Bob"}]


@pytest.mark.parametrize("field", ["cc", "bcc"])
def test_merge_data_is_not_compatible_with_cc_and_bcc(project: Emulator, field: str) -> None:
    arguments: dict[str, Any] = {field: ["carol@example.com"], "merge_data": {"alice@example.com": {"name": "Alice"}}}
    with pytest.raises(AnymailUnsupportedFeature, match="merge_data"):
        AnymailMessage("Hello", "Hi!", to=["alice@example.com"], **arguments).send()
    with changed(IGNORE_UNSUPPORTED_FEATURES=True), pytest.raises(AnymailUnsupportedFeature, match="merge_data"):
        AnymailMessage("Hello", "Hi!", to=["alice@example.com"], **arguments).send()
    assert project.messages == ()


# Batch sending/merge and ESP templates


MERGE_DATA = {
    "alice@example.com": {"name": "Alice", "order_no": "12345"},
    "bob@example.com": {"name": "Bob", "order_no": "54321"},
}
RECIPIENTS = [
    {"Email": "alice@example.com", "Vars": {"name": "Alice", "order_no": "12345"}},
    {"Email": "bob@example.com", "Name": "Bob", "Vars": {"name": "Bob", "order_no": "54321"}},
]


def test_a_stored_template(project: Emulator) -> None:
    message = EmailMessage(
        # omit subject and body (or set to None) to use template content
        to=["alice@example.com", "Bob <bob@example.com>"]
    )
    message.template_id = "176375"  # type: ignore[attr-defined]  # Mailjet numeric template id
    message.from_email = None  # type: ignore[assignment]  # Use the From address stored with the template
    message.merge_data = MERGE_DATA  # type: ignore[attr-defined]
    message.merge_global_data = {"ship_date": "May 15"}  # type: ignore[attr-defined]
    assert message.send() == 1
    assert sent(project) == {
        "FromEmail": "template@example.com",
        "FromName": "Template Shop",
        "Recipients": RECIPIENTS,
        "Mj-TemplateID": 176375,
        "Mj-TemplateLanguage": True,
        "Vars": {"ship_date": "May 15"},
    }


def test_subject_and_body_may_be_none_for_a_template(project: Emulator) -> None:
    message = AnymailMessage(to=["alice@example.com"], template_id=176375)
    message.subject = message.body = None  # type: ignore[assignment]
    assert message.send() == 1
    assert not sent(project).keys() & {"Subject", "Text-part", "Html-part"}


def test_from_email_overrides_the_sender_of_a_template(project: Emulator) -> None:
    template = {"to": ["alice@example.com"], "template_id": "176375"}
    assert AnymailMessage(from_email="own@example.com", **template).send() == 1
    assert AnymailMessage(**template).send() == 1  # if you omit it, Django's DEFAULT_FROM_EMAIL is used
    senders = [message.payload["FromEmail"] for message in project.messages]
    assert senders == ["own@example.com", "shop@example.com"]


def test_an_on_the_fly_template(project: Emulator) -> None:
    message = EmailMessage(
        from_email="orders@example.com",
        to=["alice@example.com", "Bob <bob@example.com>"],
        subject="Your order has shipped",  # subject doesn't support on-the-fly merge fields
        # Use [[var:FIELD]] to for on-the-fly merge into plaintext or html body:
        body="Dear [[var:name]]: Your order [[var:order_no]] shipped on [[var:ship_date]].",
    )
    message.merge_data = MERGE_DATA  # type: ignore[attr-defined]
    message.merge_global_data = {"ship_date": "May 15"}  # type: ignore[attr-defined]
    assert message.send() == 1
    assert sent(project) == {
        "FromEmail": "orders@example.com",
        "Recipients": RECIPIENTS,
        "Subject": "Your order has shipped",
        "Text-part": "Dear [[var:name]]: Your order [[var:order_no]] shipped on [[var:ship_date]].",
        "Vars": {"ship_date": "May 15"},
    }
    status = message.anymail_status  # type: ignore[attr-defined]
    assert status.status == {"sent"}
    assert set(status.recipients) == {"alice@example.com", "bob@example.com"}
    assert status.message_id == {recipient.message_id for recipient in status.recipients.values()}


# Status tracking webhooks


@pytest.mark.parametrize(
    ("event", "event_type"),
    [
        ({"event": "blocked", "error": "preblocked"}, "rejected"),
        ({"event": "bounce", "error": "user unknown", "hard_bounce": True}, "bounced"),
        ({"event": "bounce", "error": "greylisted", "hard_bounce": False}, "deferred"),
        ({"event": "sent"}, "delivered"),
        ({"event": "open"}, "opened"),
        ({"event": "click", "url": "https://example.com/"}, "clicked"),
        ({"event": "spam"}, "complained"),
        ({"event": "unsub"}, "unsubscribed"),
    ],
)
def test_status_tracking(event: dict[str, Any], event_type: str) -> None:
    assert reverse("anymail:mailjet_tracking_webhook") == TRACKING
    with received(tracking) as calls:
        assert post({**OPEN, **event}).status_code == 200
    ((call),) = calls
    assert (call["event"].event_type, call["esp_name"]) == (event_type, "Mailjet")
    assert call["event"].esp_event == {**OPEN, **event}  # a dict of Mailjet event fields, for a single event


def test_a_receiver_is_called_for_each_event_of_a_batch() -> None:
    events = [{**OPEN, "time": OPEN["time"] + second} for second in range(3)]  # type: ignore[operator]
    with received(tracking) as calls:
        assert post(events).status_code == 200
    assert [call["event"].esp_event for call in calls] == events


# Inbound webhook


def test_inbound() -> None:
    assert reverse("anymail:mailjet_inbound_webhook") == INBOUND
    body = (ROOT / "examples/inbound.json").read_bytes()
    with received(inbound) as calls:
        assert post(body, INBOUND).status_code == 200
    (call,) = calls
    message = call["event"].message
    assert (call["event"].event_type, call["esp_name"]) == ("inbound", "Mailjet")
    assert (message.subject, str(message.from_email)) == (
        "Re: Your order has shipped",
        '"Meyer, Alice" <alice@example.com>',
    )
    assert call["event"].esp_event == json.loads(body)
