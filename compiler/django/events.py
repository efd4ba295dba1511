"""What receivers of the signals `tracking` and `inbound` get."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from compiler.django.anymail_classes import extends_anymail
from compiler.django.inbound_message import AnymailInboundMessage


class EventType:
    """The types of events that Mailjet reports."""

    BOUNCED = "bounced"
    CLICKED = "clicked"
    COMPLAINED = "complained"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    INBOUND = "inbound"
    OPENED = "opened"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    UNSUBSCRIBED = "unsubscribed"


class RejectReason:
    """The reasons why a message was not delivered."""

    BLOCKED = "blocked"
    BOUNCED = "bounced"
    INVALID = "invalid"
    OTHER = "other"
    SPAM = "spam"


@extends_anymail("signals")
class AnymailTrackingEvent:
    """A tracking event: the members of `schemas/tracking-event.schema.json`, with the timestamp as a datetime.

    `fingerprint` is that of `compiler.event_fingerprint`: the same if Mailjet reports the same event again.
    """

    def __init__(self, event: Mapping[str, Any], fingerprint: str) -> None:
        self.event_type: str = event["event_type"]
        self.timestamp = _parse_timestamp(event["timestamp"])
        self.event_id: str | None = event["event_id"]
        self.message_id: str | None = event["message_id"]
        self.recipient: str | None = event["recipient"]
        self.reject_reason: str | None = event["reject_reason"]
        self.bounce_type: str | None = event["bounce_type"]
        self.mta_response: str | None = event["mta_response"]
        self.description: str | None = event["description"]
        self.tags: list[str] = event["tags"]
        self.metadata: dict[str, Any] = event["metadata"]
        self.click_url: str | None = event["click_url"]
        self.user_agent: str | None = event["user_agent"]
        self.esp_event: Any = event["esp_event"]
        self.fingerprint = fingerprint

    def __repr__(self) -> str:
        return f"<AnymailTrackingEvent {self.event_type} {self.message_id}>"


def _parse_timestamp(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@extends_anymail("signals")
class AnymailInboundEvent:
    """A received message; for Mailjet, which gives neither, the timestamp and the id of the event are None."""

    def __init__(self, inbound: Mapping[str, Any], fingerprint: str) -> None:
        self.event_type = EventType.INBOUND
        self.timestamp = _parse_timestamp(inbound["timestamp"])
        self.event_id: str | None = inbound["event_id"]
        self.esp_event: Any = inbound["esp_event"]
        self.message = AnymailInboundMessage.from_normalized(inbound)
        self.fingerprint = fingerprint

    def __repr__(self) -> str:
        return "<AnymailInboundEvent>"
