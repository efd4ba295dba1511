"""The tracking events that a delivery, or what a recipient does then, would cause.

Their fields are those of `schemas/mailjet-v3/events.schema.json`; which come with which kind of event is a table here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.sender.emulator.mailbox import MessageRecipient, ReceivedMessage

_READER_FIELDS = {"ip": "192.0.2.1", "geo": "FR", "agent": "Mozilla/5.0 (emulator)"}

# What each kind of event has beyond the fields that all have. Source: Mailjet's guide, Event API.
_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "sent": {"smtp_reply": "250 2.0.0 OK (emulator)"},
    "open": _READER_FIELDS,
    "click": {**_READER_FIELDS, "url": "https://www.example.com/"},
    "bounce": {
        "blocked": False,
        "hard_bounce": True,
        "error_related_to": "recipient",
        "error": "user unknown",
        "comment": "550 5.1.1 no such user (emulator)",
    },
    "blocked": {"error_related_to": "recipient", "error": "preblocked"},
    "spam": {"source": "emulator"},
    "unsub": {"mj_list_id": 1, **_READER_FIELDS},
}

KINDS = tuple(_FIELDS)
"""The kinds of events: `sent` is a delivery."""


def event(kind: str, message: ReceivedMessage, recipient: MessageRecipient, time: int) -> dict[str, Any]:
    """An event of one of `KINDS` for a recipient of a message, at a time in POSIX seconds."""
    payload = message.payload
    made = {
        "event": kind,
        "time": time,
        "MessageID": recipient.message_id,
        "Message_GUID": recipient.message_uuid,
        "email": recipient.email,
        "mj_campaign_id": 1,
        "mj_contact_id": 1,
        "customcampaign": payload.get("Mj-campaign", ""),
        "CustomID": payload.get("Mj-CustomID", ""),
        "Payload": payload.get("Mj-EventPayLoad", ""),
        **_FIELDS[kind],
    }
    return made | {"mj_message_id": str(recipient.message_id)} if kind == "sent" else made
