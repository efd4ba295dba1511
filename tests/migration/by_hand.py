"""Mailjet's table for the migration from Send API v3 to v3.1, written by hand: what it makes of a payload.

The table is in the section "Send API v3 to v3.1" of Mailjet's guide (`guides/_send-api-V3.md`). Nothing here uses the
rules; address texts are parsed by the standard library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.header import decode_header, make_header
from email.utils import getaddresses
from inspect import signature
from typing import Any

Value = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def address_object(text: str) -> dict[str, str]:
    """An address text as an object: a display name is plain text."""
    (found,) = address_objects(text)
    return found


def parse_addresses(text: str) -> list[tuple[str, str]]:
    """The names and addresses of a list, also of domains in brackets, which newer versions of Python do not find."""
    strict: dict[str, Any] = {"strict": False} if "strict" in signature(getaddresses).parameters else {}
    return getaddresses([text], **strict)


def address_objects(text: str) -> list[dict[str, str]]:
    """The addresses of a text as objects."""
    return [
        {"Email": email} | ({"Name": str(make_header(decode_header(name)))} if name else {})
        for name, email in parse_addresses(text)
    ]


def _attachment(file: Mapping[str, Any]) -> dict[str, Any]:
    names = {"Content-type": "ContentType", "content": "Base64Content"}
    return {names.get(name, name): value for name, value in file.items()}


def _attachments(files: list[Any]) -> list[Any]:
    return [_attachment(file) for file in files]


_TRACKING = {0: "account_default", 1: "disabled", 2: "enabled"}

ROWS: Mapping[str, tuple[str, Value]] = {
    "Sender": ("Sender", lambda email: {"Email": email}),
    "To": ("To", address_objects),
    "Cc": ("Cc", address_objects),
    "Bcc": ("Bcc", address_objects),
    "Subject": ("Subject", _same),
    "Text-part": ("TextPart", _same),
    "Html-part": ("HTMLPart", _same),
    "Mj-TemplateID": ("TemplateID", _same),
    "Mj-TemplateLanguage": ("TemplateLanguage", _same),
    "MJ-TemplateErrorReporting": ("TemplateErrorReporting", lambda email: {"Email": email}),
    "MJ-TemplateErrorDeliver": ("TemplateErrorDeliver", lambda value: value == "deliver"),
    "Attachments": ("Attachments", _attachments),
    "Inline_attachments": ("InlinedAttachments", _attachments),
    "Mj-prio": ("Priority", _same),
    "Mj-campaign": ("CustomCampaign", _same),
    "Mj-deduplicatecampaign": ("DeduplicateCampaign", bool),
    "Mj-trackopen": ("TrackOpens", _TRACKING.__getitem__),
    "Mj-trackclick": ("TrackClicks", _TRACKING.__getitem__),
    "Mj-CustomID": ("CustomID", _same),
    "Mj-EventPayLoad": ("EventPayload", _same),
    "Mj-MonitoringCategory": ("MonitoringCategory", _same),
    "Vars": ("Variables", _same),
}
"""The rows of one property each: the name in v3, that in v3.1, and what becomes of the value."""


def migrate_by_hand(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of v3.1 that the table makes of one of v3. Raises KeyError for a property without a row."""
    messages = payload.get("Messages", [payload])
    return {"Messages": [each for message in messages for each in _messages(message)]}


def _messages(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    migrated: dict[str, Any] = {}
    for name, value in message.items():
        match name:
            case "FromEmail":
                migrated.setdefault("From", {})["Email"] = value
            case "FromName":
                migrated.setdefault("From", {})["Name"] = value
            case "Headers":
                headers = {header: text for header, text in value.items() if header.lower() != "reply-to"}
                migrated |= {"Headers": headers} if headers else {}
                replies = [text for header, text in value.items() if header.lower() == "reply-to"]
                migrated |= {"ReplyTo": address_object(replies[0])} if replies else {}
            case "Recipients":
                pass
            case _:
                new_name, convert = ROWS[name]
                migrated[new_name] = convert(value)
    if "Recipients" not in message:
        return [migrated]
    return [_message_for(migrated, recipient) for recipient in message["Recipients"]]


def _message_for(migrated: Mapping[str, Any], recipient: Mapping[str, Any]) -> dict[str, Any]:
    """A message for one recipient, whose own variables override the global ones."""
    variables = {**migrated.get("Variables", {}), **recipient.get("Vars", {})}
    address = {name: value for name, value in recipient.items() if name != "Vars"}
    rest = {name: value for name, value in migrated.items() if name != "Variables"}
    return rest | {"To": [address]} | ({"Variables": variables} if variables else {})
