"""The standard library's e-mail messages, turned into normalized ones; and received messages turned into such mails.

A mail that is already written becomes the fields of a message: its headers by `headers`, its tree of MIME parts by
`parts`, with `part` for a single one. What the fields may hold is checked when the message is compiled, not here.

A received message becomes a mail: `inbound_shape` checks it, `inbound_headers` and `header_text` write its headers, and
`inbound_parts` its content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from email.message import EmailMessage, Message


def from_email_message(email_message: Message) -> dict[str, Any]:
    """Turns an `email.message.EmailMessage`, or a `Message` of the older API, into a message, a plain dict.

    Shape: `schemas/message.schema.json`. From, To, Cc, Bcc, Reply-To and Subject become fields, other headers
    `extra_headers`, all of them decoded. Left out are the headers about MIME, and those that servers add on the way
    (Received, DKIM-Signature and the like), which are true of the mail that came, not of one to be sent. Of another
    header that is there several times the first is kept, for a message holds it once. An address header that is no
    list of addresses is handed on as it stands, for `compile` to say what is wrong. The first text is the body, or
    the first HTML where there is no text; other versions of it are `alternatives`, all other parts `attachments`.
    The mail is not changed.

    Raises TypeError for anything but a Message, and ValueError for a mail with something in it that no message can
    hold: two of a header that a mail has once (From, Subject, Date and the like), bytes that are no text, more than 100
    parts within each other.
    """
    from email.message import Message

    from compiler.email_message.headers import read_headers
    from compiler.email_message.parts import read_parts

    if not isinstance(email_message, Message):
        raise TypeError(f"email_message is an email.message.Message, not {type(email_message).__name__}")
    fields, extra_headers = read_headers(email_message)
    message = fields | read_parts(email_message)
    return message | {"extra_headers": extra_headers} if extra_headers else message


def to_email_message(inbound: Mapping[str, Any]) -> EmailMessage:
    """Turns a received message, as `decode_inbound` gives it, into an `email.message.EmailMessage`.

    Shape of `inbound`: `schemas/inbound-message.schema.json`; members that are absent count as null or empty, but an
    address has its `email` and an attachment its `content`. It is not changed, and what it gives is always the same.

    Headers: those of `headers`, in their order, repeats too. From, To, Cc and Subject say what the fields say, and are
    added where they are missing; a field that is empty leaves the header as it stands. Names in other address headers
    get the quotation marks that they lost when they were decoded. Left out: headers about MIME, which the mail has of
    its own, headers with an impossible name, and repeats of what a mail has once (RFC 5322, 3.6). Line breaks become
    spaces. An address that is none, or a list that cannot be read, stands there as text and addresses nobody.

    Content: text and HTML as alternatives; inline attachments with a content id related to the HTML, all others, in
    line or not, mixed with it. Text and attachments come back from the mail as they were, byte for byte. Attachments
    of type message/… and multipart/… are of type application/octet-stream, as is what has no possible type: `email`
    would take them apart. A content id that a header cannot hold (not ASCII, with angle brackets) is left out.

    The mail's policy is `email.policy.default`, but headers are written as they stand (`refold_source="none"`), for
    `email` mangles some when it folds them; and with `utf8` where an address cannot be written in ASCII.

    Raises TypeError for anything but a mapping, and ValueError, with a JSON Pointer, for one of another shape.
    """
    from email.message import EmailMessage
    from email.policy import default
    from hashlib import sha256
    from json import dumps

    from compiler.email_message.inbound_headers import build_headers
    from compiler.email_message.inbound_parts import add_content
    from compiler.email_message.inbound_shape import with_defaults

    if not isinstance(inbound, Mapping):
        raise TypeError(f"inbound is a mapping, not {type(inbound).__name__}")
    complete = with_defaults(inbound)
    headers = build_headers(complete)
    ascii_only = all(value.isascii() for _, value in headers)
    policy = default.clone(refold_source="none", utf8=not ascii_only)
    mail = EmailMessage(policy)
    for name, value in headers:
        mail.set_raw(name, value)
    # From the content, and so not the same in two mails, one of which may be put into the other.
    add_content(mail, policy, complete, sha256(dumps(complete).encode("ascii")).hexdigest()[:24])
    return mail
