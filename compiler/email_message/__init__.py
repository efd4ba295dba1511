"""The standard library's e-mail messages, turned into normalized ones.

A mail that is already written becomes the fields of a message: its headers by `headers`, its tree of MIME parts by
`parts`, with `part` for a single one. What the fields may hold is checked when the message is compiled, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from email.message import Message


def from_email_message(email_message: Message) -> dict[str, Any]:
    """Turns an `email.message.EmailMessage`, or a `Message` of the older API, into a message, a plain dict.

    Shape: `schemas/message.schema.json`. From, To, Cc, Bcc, Reply-To and Subject become fields, other headers
    `extra_headers`, all of them decoded. Left out are the headers about MIME, and those that servers add on the way
    (Received, DKIM-Signature and the like), which are true of the mail that came, not of one to be sent. An address
    header that is no list of addresses is handed on as it stands, for `compile` to say what is wrong. The first text
    is the body, or the first HTML where there is no text; other versions of it are `alternatives`, all other parts
    `attachments`. The mail is not changed.

    Raises TypeError for anything but a Message, and ValueError for a mail with something in it that no message can
    hold: a header that is there several times, bytes that are no text, more than 100 parts within each other.
    """
    from email.message import Message

    from compiler.email_message.headers import read_headers
    from compiler.email_message.parts import read_parts

    if not isinstance(email_message, Message):
        raise TypeError(f"email_message is an email.message.Message, not {type(email_message).__name__}")
    fields, extra_headers = read_headers(email_message)
    message = fields | read_parts(email_message)
    return message | {"extra_headers": extra_headers} if extra_headers else message
