"""Accepted messages, their recipients and their attachments, as frozen values.

A payload becomes one message, or one for each item of `Messages`, and each recipient gets ids. `validation` checks
payloads; `pages` shows messages.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from compiler.mail.addresses import AddressError, Mailbox, parse_address_list
from compiler.mail.encoded_words import decode_encoded_words

# Above 2^53, as Mailjet's ids can be, to reveal applications that read them as floats.
_FIRST_MESSAGE_ID = 1152921530000000000

RecipientKind = Literal["private", "to", "cc", "bcc"]

_SHARED: tuple[tuple[str, RecipientKind], ...] = (("To", "to"), ("Cc", "cc"), ("Bcc", "bcc"))


@dataclass(frozen=True, slots=True)
class MessageRecipient:
    """A recipient. A `private` one gets a separate mail with these variables; the others share one mail."""

    email: str
    name: str | None
    kind: RecipientKind
    message_id: int
    message_uuid: str
    variables: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict; the id is a string, because floats cannot hold it."""
        return {
            "email": self.email,
            "name": self.name,
            "kind": self.kind,
            "message_id": str(self.message_id),
            "message_uuid": self.message_uuid,
            "variables": dict(self.variables),
        }


@dataclass(frozen=True, slots=True)
class ReceivedAttachment:
    """A file. If it is inline, `filename` is the content id that the HTML refers to as `cid:filename`."""

    filename: str
    media_type: str
    content: bytes = field(repr=False)
    inline: bool

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict, without the content."""
        return {
            "filename": self.filename,
            "media_type": self.media_type,
            "size": len(self.content),
            "inline": self.inline,
        }


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """An accepted message. `number` counts messages from 1; `call` is the number of its call."""

    number: int
    call: int
    payload: Mapping[str, Any]
    recipients: tuple[MessageRecipient, ...]
    attachments: tuple[ReceivedAttachment, ...]

    @property
    def sender(self) -> Mailbox:
        """The sender; `FromEmail` may contain a name too."""
        text = self.payload["FromEmail"]
        try:
            (address,) = parse_address_list(text)
        except (AddressError, ValueError):
            address = Mailbox(text, None)
        return Mailbox(address.email, self.payload.get("FromName", address.name))

    @property
    def subject(self) -> str | None:
        """The subject, None if a template sets it."""
        return self.payload.get("Subject")

    @property
    def text(self) -> str | None:
        """The text body, without merging."""
        return self.payload.get("Text-part")

    @property
    def html(self) -> str | None:
        """The HTML body, without merging."""
        return self.payload.get("Html-part")

    @property
    def template_id(self) -> int | str | None:
        """The id of the stored template that replaces both bodies."""
        return self.payload.get("Mj-TemplateID")

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict of all fields and the original payload."""
        sender = self.sender
        return {
            "number": self.number,
            "call": self.call,
            "from": {"email": sender.email, "name": sender.name},
            "recipients": [recipient.to_dict() for recipient in self.recipients],
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "template_id": self.template_id,
            "headers": dict(self.payload.get("Headers", {})),
            "attachments": [attachment.to_dict() for attachment in self.attachments],
            "payload": dict(self.payload),
        }


def build_messages(payload: Mapping[str, Any], call: int, first_number: int) -> tuple[ReceivedMessage, ...]:
    """Builds the messages of an accepted payload."""
    parts = payload.get("Messages", [payload])
    return tuple(
        ReceivedMessage(number, call, part, tuple(_recipients(part, number)), tuple(_attachments(part)))
        for number, part in enumerate(parts, first_number)
    )


def _recipients(payload: Mapping[str, Any], number: int) -> Iterator[MessageRecipient]:
    base = _FIRST_MESSAGE_ID + number * 1000
    shared = payload.get("Vars", {})
    for identity, recipient in enumerate(payload.get("Recipients", ()), base):
        variables = {**shared, **recipient.get("Vars", {})}
        yield MessageRecipient(
            recipient["Email"], recipient.get("Name"), "private", identity, _uuid(identity), variables
        )
    seen = set()
    for name, kind in _SHARED:
        for address in _addresses(payload.get(name, "")):
            if address.email.lower() not in seen:  # a repeated address counts once
                seen.add(address.email.lower())
                decoded = None if address.name is None else decode_encoded_words(address.name)
                # All share one mail, so one id.
                yield MessageRecipient(address.email, decoded, kind, base, _uuid(base), shared)


def _addresses(text: str) -> tuple[Mailbox, ...]:
    try:
        return tuple(parse_address_list(text)) if text else ()
    except AddressError:
        return ()


def _uuid(identity: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:payload-compiler:emulator:{identity}"))


def _attachments(payload: Mapping[str, Any]) -> Iterator[ReceivedAttachment]:
    for name, inline in (("Attachments", False), ("Inline_attachments", True)):
        for file in payload.get(name, ()):
            yield ReceivedAttachment(file["Filename"], file["Content-type"], _decode_base64(file["content"]), inline)


def _decode_base64(text: str) -> bytes:
    # The schema guarantees the alphabet; invalid padding is repaired.
    text = re.sub("=", "", text)
    return base64.b64decode(text[: len(text) - (len(text) % 4 == 1)] + "=" * (-len(text) % 4))
