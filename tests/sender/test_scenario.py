"""The scenario of Anymail's Mailjet page, from a message to its tracking events, over real sockets.

Source: django-anymail's page on Mailjet: batch sending and merge, ESP templates, limitations and quirks, esp_extra,
status tracking webhooks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import compiler
from compiler.sender import MailjetSender, NotCompiledError
from compiler.sender.emulator import Emulator, ReceivedMessage
from tests.sender.helpers import sender_to
from tests.sender.webhook_handler import WebhookServer

TEMPLATES = {176375: {"Headers": {"From": "Widgets, Inc. <noreply@example.com>"}, "Text-part": "Hi [[var:name]]"}}


@pytest.fixture
def emulator(webhook: WebhookServer) -> Iterator[Emulator]:
    with Emulator(templates=TEMPLATES, webhook=webhook.url()) as running:
        yield running


@pytest.fixture
def sender(emulator: Emulator) -> Iterator[MailjetSender]:
    with sender_to(emulator) as sender:
        yield sender


def people(message: ReceivedMessage) -> list[tuple[str, str | None, str]]:
    return [(recipient.email, recipient.name, recipient.kind) for recipient in message.recipients]


def test_a_batch_with_merge_data(emulator: Emulator, sender: MailjetSender) -> None:
    result = sender.send(
        {
            "from_email": "Shop <shop@example.com>",
            "to": ["alice@example.com", "Bob Jones <bob@example.com>"],
            "subject": "Your order, [[var:name]]",
            "body": "It is [[var:state:on its way]] to [[var:name]].",
            "merge_data": {"alice@example.com": {"name": "Alice"}, "bob@example.com": {"name": "Bob"}},
            "merge_global_data": {"state": "packed"},
        }
    )
    (message,) = emulator.messages
    assert people(message) == [("alice@example.com", None, "private"), ("bob@example.com", "Bob Jones", "private")]
    assert [dict(recipient.variables) for recipient in message.recipients] == [
        {"name": "Alice", "state": "packed"},
        {"name": "Bob", "state": "packed"},
    ]
    assert result.sent_to_all
    assert len(result.message_ids) == 2  # a separate message for each


def test_a_stored_template_with_its_own_sender(emulator: Emulator, sender: MailjetSender) -> None:
    message = {
        "from_email": None,
        "to": ["alice@example.com"],
        "template_id": 176375,
        "merge_data": {"alice@example.com": {"name": "Alice"}},
    }
    for _ in range(2):
        assert sender.send(message).sent_to_all
    first, second = emulator.messages
    assert (first.sender.email, first.sender.name) == ("noreply@example.com", "Widgets, Inc.")
    assert (first.template_id, first.text, first.html) == (176375, None, None)
    assert first.payload["Mj-TemplateLanguage"] is True
    assert first.payload == second.payload
    assert [call.method for call in emulator.calls] == ["GET", "POST", "POST"]


def test_cc_and_bcc_with_commas_in_their_names(emulator: Emulator, sender: MailjetSender) -> None:
    result = sender.send(
        {
            "from_email": '"Widgets, Inc." <orders@example.com>',
            "to": ['"Müller, Alice" <alice@example.com>'],
            "cc": ['"Smith, Bob" <bob@example.com>', "carol@example.com"],
            "bcc": ['"Doe, Dan" <dan@example.com>'],
            "subject": "Minutes",
            "body": "Attached.",
        }
    )
    (message,) = emulator.messages
    assert people(message) == [
        ("alice@example.com", "Müller, Alice", "to"),
        ("bob@example.com", "Smith, Bob", "cc"),
        ("carol@example.com", None, "cc"),
        ("dan@example.com", "Doe, Dan", "bcc"),
    ]
    assert (message.sender.email, message.sender.name) == ("orders@example.com", "Widgets, Inc.")
    assert result.sent_to_all
    assert len(result.message_ids) == 1  # one shared message


def test_merge_data_with_cc_cannot_be_sent(emulator: Emulator, sender: MailjetSender) -> None:
    with pytest.raises(NotCompiledError) as caught:
        sender.send(
            {
                "from_email": "shop@example.com",
                "to": ["alice@example.com"],
                "cc": ["bob@example.com"],
                "subject": "s",
                "body": "b",
                "merge_data": {"alice@example.com": {"name": "Alice"}},
            }
        )
    assert caught.value.diagnostics[0].code == "IncompatibleFields"
    assert len(emulator.calls) == 0


def test_esp_extra_replaces_what_the_message_says(emulator: Emulator, sender: MailjetSender) -> None:
    sender.send(
        {
            "from_email": "shop@example.com",
            "to": ["alice@example.com"],
            "subject": "s",
            "body": "b",
            "track_opens": False,
            "esp_extra": {"Mj-trackopen": 2, "mj-prio": 3, "Mj-MonitoringCategory": "orders"},
        }
    )
    payload = emulator.messages[0].payload
    assert (payload["Mj-trackopen"], payload["Mj-prio"], payload["Mj-MonitoringCategory"]) == (2, 3, "orders")


def test_what_became_of_it_comes_back_with_tags_and_metadata(
    emulator: Emulator, sender: MailjetSender, webhook: WebhookServer
) -> None:
    result = sender.send(
        {
            "from_email": "shop@example.com",
            "to": ["alice@example.com"],
            "subject": "s",
            "body": "b",
            "tags": ["orders"],
            "metadata": {"order": 12},
        }
    )
    events = compiler.decode_events(json.dumps(webhook.wait_for(1)[0])).unwrap()["events"]
    assert [(event["event_type"], event["message_id"], event["tags"], event["metadata"]) for event in events] == [
        ("delivered", result.message_ids[0], ["orders"], {"order": 12})
    ]
