"""Accepted messages, their recipients and their attachments, as frozen values.

A payload of v3 becomes one message, or one for each item of `Messages`, and each recipient gets ids; a call of v3.1 has
a message for each item. A table has the names of properties in both versions. `validation` and `validation_v3_1` check
payloads; `pages` shows messages.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from compiler.mail.addresses import AddressError, Mailbox, parse_address_list
from compiler.mail.encoded_words import decode_encoded_words

# Above 2^53, as Mailjet's ids can be, to reveal applications that read them as floats.
_FIRST_MESSAGE_ID = 1152921530000000000

Api = Literal["v3", "v3.1"]
"""The version of the Send API that a message came by."""

NAMES: Mapping[Api, Mapping[str, str]] = {
    "v3": {
        "subject": "Subject",
        "text": "Text-part",
        "html": "Html-part",
        "template": "Mj-TemplateID",
        "campaign": "Mj-campaign",
        "custom_id": "Mj-CustomID",
        "event_payload": "Mj-EventPayLoad",
        "variables": "Vars",
        "inline": "Inline_attachments",
        "media_type": "Content-type",
        "content": "content",
    },
    "v3.1": {
        "subject": "Subject",
        "text": "TextPart",
        "html": "HTMLPart",
        "template": "TemplateID",
        "campaign": "CustomCampaign",
        "custom_id": "CustomID",
        "event_payload": "EventPayload",
        "variables": "Variables",
        "inline": "InlinedAttachments",
        "media_type": "ContentType",
        "content": "Base64Content",
    },
}
"""The names of properties, and of the members of attachments, in each version."""

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
    api: Api = "v3"

    def value(self, name: str) -> Any:
        """The value of a property, by its name in `NAMES`; None if it is absent."""
        return self.payload.get(NAMES[self.api][name])

    @property
    def sender(self) -> Mailbox:
        """The sender; in v3, `FromEmail` may contain a name too. Its address is empty if a template has the sender."""
        if self.api == "v3.1":
            given = self.payload.get("From", {})
            return Mailbox(given.get("Email", ""), given.get("Name"))
        text = self.payload["FromEmail"]
        try:
            (address,) = parse_address_list(text)
        except (AddressError, ValueError):
            address = Mailbox(text, None)
        return Mailbox(address.email, self.payload.get("FromName", address.name))

    @property
    def subject(self) -> str | None:
        """The subject, None if a template sets it."""
        subject: str | None = self.value("subject")
        return subject

    @property
    def text(self) -> str | None:
        """The text body, without merging."""
        text: str | None = self.value("text")
        return text

    @property
    def html(self) -> str | None:
        """The HTML body, without merging."""
        html: str | None = self.value("html")
        return html

    @property
    def template_id(self) -> int | str | None:
        """The id of the stored template that replaces both bodies."""
        template_id: int | str | None = self.value("template")
        return template_id

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict of all fields and the original payload."""
        sender = self.sender
        return {
            "number": self.number,
            "call": self.call,
            "api": self.api,
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


def build_messages(
    parts: Iterable[Mapping[str, Any]], api: Api, call: int, first_number: int
) -> tuple[ReceivedMessage, ...]:
    """Builds the messages of an accepted call."""
    find_recipients = _recipients if api == "v3" else _recipients_v3_1
    return tuple(
        ReceivedMessage(
            number, call, part, tuple(find_recipients(part, number)), tuple(_attachments(part, NAMES[api])), api
        )
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
    addresses = (
        (Mailbox(address.email, None if address.name is None else decode_encoded_words(address.name)), kind)
        for name, kind in _SHARED
        for address in _addresses(payload.get(name, ""))
    )
    for address, kind in _distinct(addresses):
        # All share one mail, so one id.
        yield MessageRecipient(address.email, address.name, kind, base, _uuid(base), shared)


def _recipients_v3_1(payload: Mapping[str, Any], number: int) -> Iterator[MessageRecipient]:
    base = _FIRST_MESSAGE_ID + number * 1000
    given = ((each, kind) for name, kind in _SHARED for each in payload.get(name, ()))
    found = list(_distinct((Mailbox(each["Email"], each.get("Name")), kind) for each, kind in given))
    for address, kind in found:
        yield MessageRecipient(
            address.email,
            address.name,
            "private" if len(found) == 1 else kind,
            base,
            _uuid(base),
            payload.get("Variables", {}),
        )


def _distinct(recipients: Iterable[tuple[Mailbox, RecipientKind]]) -> Iterator[tuple[Mailbox, RecipientKind]]:
    """The recipients, a repeated address once."""
    seen = set()
    for address, kind in recipients:
        if address.email.lower() not in seen:
            seen.add(address.email.lower())
            yield address, kind


def _addresses(text: str) -> tuple[Mailbox, ...]:
    try:
        return tuple(parse_address_list(text)) if text else ()
    except AddressError:
        return ()


def _uuid(identity: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:payload-compiler:emulator:{identity}"))


def _attachments(payload: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[ReceivedAttachment]:
    for name, inline in (("Attachments", False), (names["inline"], True)):
        for file in payload.get(name, ()):
            filename = file.get("ContentID", file["Filename"]) if inline else file["Filename"]
            yield ReceivedAttachment(
                filename, file[names["media_type"]], _decode_base64(file[names["content"]]), inline
            )


def _decode_base64(text: str) -> bytes:
    # The schema guarantees the alphabet; invalid padding is repaired.
    text = re.sub("=", "", text)
    return base64.b64decode(text[: len(text) - (len(text) % 4 == 1)] + "=" * (-len(text) % 4))
