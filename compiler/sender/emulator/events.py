"""The tracking events of deliveries and of what recipients do.

Their fields are those of `schemas/mailjet-v3/events.schema.json`; a table lists those of each kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.sender.emulator.mailbox import MessageRecipient, ReceivedMessage

_READER_FIELDS = {"ip": "192.0.2.1", "geo": "FR", "agent": "Mozilla/5.0 (emulator)"}

# The fields of each kind beyond the common ones. Source: Mailjet's guide, Event API.
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
"""The kinds of events; `sent` is a delivery."""


def build_event(kind: str, message: ReceivedMessage, recipient: MessageRecipient, time: int) -> dict[str, Any]:
    """Builds an event of one of `KINDS` for a recipient of a message; `time` in POSIX seconds."""
    event = {
        "event": kind,
        "time": time,
        "MessageID": recipient.message_id,
        "Message_GUID": recipient.message_uuid,
        "email": recipient.email,
        "mj_campaign_id": 1,
        "mj_contact_id": 1,
        "customcampaign": message.value("campaign") or "",
        "CustomID": message.value("custom_id") or "",
        "Payload": message.value("event_payload") or "",
        **_FIELDS[kind],
    }
    return event | {"mj_message_id": str(recipient.message_id)} if kind == "sent" else event
