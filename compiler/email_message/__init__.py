"""Converts messages of the standard library's `email` to normalized messages, and received messages to such mails.

From a mail to the fields of a message: `headers` reads its headers, `parts` its tree of MIME parts, and `part` a single
part. The values of the fields are checked when the message is compiled, not here.

From a received message to a mail: `inbound_shape` checks it, `inbound_headers` and `header_text` build its headers, and
`inbound_parts` its content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from email.message import EmailMessage, Message

_Mail = TypeVar("_Mail", bound="EmailMessage")


def from_email_message(email_message: Message) -> dict[str, Any]:
    """Converts an `email.message.EmailMessage`, or a legacy `Message`, to a message (a dict).

    Shape: `schemas/message.schema.json`. From, To, Cc, Bcc, Reply-To and Subject become fields, other headers
    `extra_headers`, all decoded. MIME headers are left out, and so are headers added in transport (Received,
    DKIM-Signature and similar), which describe the received mail. Of other repeated headers the first is kept. An
    address header that cannot be parsed is passed on unchanged; `compile` reports it. The first text is the body, or
    the first HTML if there is no text; other versions of it are `alternatives`, all other parts `attachments`. The
    mail is not modified.

    Raises TypeError if it is not a Message, and ValueError for a mail that no message can represent: a repeated
    header that must be unique (From, Subject, Date and similar), text that cannot be decoded, or more than 100 nested
    parts.
    """
    from email.message import Message

    from compiler.email_message.headers import read_headers
    from compiler.email_message.parts import read_parts

    if not isinstance(email_message, Message):
        raise TypeError(f"email_message must be an email.message.Message, got {type(email_message).__name__}")
    fields, extra_headers = read_headers(email_message)
    message = fields | read_parts(email_message)
    return message | {"extra_headers": extra_headers} if extra_headers else message


def read_attachment(part: Message) -> dict[str, str]:
    """Converts a single MIME part, such as `MIMEImage`, to an attachment of a message.

    It is inline if its disposition is inline, or if it has a content id and no disposition. Raises ValueError if it
    cannot be decoded.
    """
    from compiler.email_message.part import Part
    from compiler.email_message.parts import attachment_fields

    source = Part.from_message(part, "")
    is_inline = source.disposition == "inline" or (not source.disposition and bool(source.content_id))
    return attachment_fields(source, inline=is_inline)


def to_email_message(inbound: Mapping[str, Any]) -> EmailMessage:
    """Converts a received message, as returned by `decode_inbound`, to an `email.message.EmailMessage`.

    Shape of `inbound`: `schemas/inbound-message.schema.json`. Absent members count as null or empty; only the `email`
    of an address and the `content` of an attachment are required. `inbound` is not modified. Equal input gives an equal
    mail.

    Headers: those of `headers` in their order, with repeats. From, To, Cc and Subject have the values of the fields,
    and are added if missing; an empty field leaves its header unchanged. Names in other address headers are quoted
    again. Left out are MIME headers (the mail has its own), invalid header names, and repeats of unique headers
    (RFC 5322, 3.6). Line breaks become spaces. An invalid address, or a list that cannot be parsed, becomes text that
    is not an address.

    Content: text and HTML are alternatives; inline attachments with a content id are related to the HTML; all other
    attachments are mixed with it. Text and attachments are preserved byte for byte. Attachments with the type message/…
    or multipart/…, which `email` would parse, or with an invalid type, get application/octet-stream. A content id that
    a header cannot represent (not ASCII, with angle brackets) is left out.

    The policy of the mail is `email.policy.default`, with `refold_source="none"`, because `email` corrupts some headers
    when it folds them, and with `utf8` if an address cannot be written in ASCII.

    Raises TypeError if `inbound` is not a mapping, and ValueError with a JSON Pointer if it has another shape.
    """
    from email.message import EmailMessage

    return build_email_message(inbound, EmailMessage)


def build_email_message(inbound: Mapping[str, Any], message_class: type[_Mail]) -> _Mail:
    """Converts a received message as `to_email_message` does; the mail and its parts are of the given class."""
    from email.policy import default
    from hashlib import sha256
    from json import dumps

    from compiler.email_message.inbound_headers import build_headers
    from compiler.email_message.inbound_parts import add_content
    from compiler.email_message.inbound_shape import with_defaults

    if not isinstance(inbound, Mapping):
        raise TypeError(f"inbound must be a mapping, got {type(inbound).__name__}")
    complete = with_defaults(inbound)
    headers = build_headers(complete)
    ascii_only = all(value.isascii() for _, value in headers)
    policy = default.clone(refold_source="none", utf8=not ascii_only)
    mail = message_class(policy)
    for name, value in headers:
        mail.set_raw(name, value)
    # Derived from the content, so that a mail and a mail within it have different boundaries.
    add_content(mail, policy, complete, sha256(dumps(complete).encode("ascii")).hexdigest()[:24])
    return mail
