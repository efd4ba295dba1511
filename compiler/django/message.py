"""Messages with Anymail's attributes, and the status of sent messages.

The attributes can be set on any of Django's messages; `AnymailMessage` takes them as arguments too, for type checkers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from email.message import MIMEPart
from email.mime.image import MIMEImage
from email.utils import make_msgid, unquote
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.core.mail import EmailMessage, EmailMultiAlternatives

from compiler.django.anymail_classes import extends_anymail, find_in_anymail

if TYPE_CHECKING:
    import requests

    from compiler.results import Diagnostic


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"  # pickled by name, so that there is only one


UNSET: Any = find_in_anymail("utils", "UNSET", _Unset())
"""The value of an attribute that is not set; None is a value, which drops a default."""

ATTRIBUTES = (
    "delivery",
    "esp_extra",
    "envelope_sender",
    "metadata",
    "send_at",
    "tags",
    "track_clicks",
    "track_opens",
    "template_id",
    "merge_data",
    "merge_global_data",
    "merge_headers",
    "merge_metadata",
)
"""Anymail's attributes of a message, and `delivery`, our own. Mailjet's v3 API does not support `merge_headers`."""

STATUSES = ("sent", "queued", "invalid", "rejected", "failed", "unknown")


@extends_anymail("message")
class AnymailRecipientStatus:
    """The status of one recipient: `status`, one of `STATUSES`, and Mailjet's `message_id`, a string of digits."""

    def __init__(self, message_id: str | None, status: str | None) -> None:
        if status is not None and status not in STATUSES:
            raise ValueError(f"status must be one of {', '.join(STATUSES)}, got {status!r}")
        self.message_id = message_id
        self.status = status

    def __repr__(self) -> str:
        return f"AnymailRecipientStatus({self.message_id!r}, {self.status!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AnymailRecipientStatus):
            return NotImplemented
        return (self.message_id, self.status) == (other.message_id, other.status)

    def __hash__(self) -> int:
        return hash((self.message_id, self.status))


@extends_anymail("message")
class AnymailStatus:
    """The status of a message, the attribute `anymail_status` after sending.

    `status`: the set of the recipients' statuses, None if not sent. `message_id`: their id, or the set of their ids.
    `recipients`: the status of each, by address. `esp_response`: the `requests.Response` of the last call, without its
    request. `warnings`: the compiler's warnings.
    """

    def __init__(self) -> None:
        self.message_id: str | set[str | None] | None = None
        self.status: set[str | None] | None = None
        self.recipients: dict[str, AnymailRecipientStatus] = {}
        self.esp_response: requests.Response | None = None
        self.warnings: tuple[Diagnostic, ...] = ()

    def __repr__(self) -> str:
        statuses = None if self.status is None else sorted(map(str, self.status))
        return f"AnymailStatus<status={statuses}, {len(self.recipients)} recipients>"

    def set_recipient_status(self, recipients: Mapping[str, AnymailRecipientStatus]) -> None:
        """Adds the status of recipients, and derives `status` and `message_id`."""
        self.recipients.update(recipients)
        ids = {recipient.message_id for recipient in self.recipients.values()}
        self.message_id = next(iter(ids)) if len(ids) == 1 else ids
        self.status = {recipient.status for recipient in self.recipients.values()}


class AnymailMessageMixin(EmailMessage):
    """Adds the attributes in `ATTRIBUTES` to a subclass of Django's EmailMessage, also as arguments."""

    delivery: str | None
    esp_extra: Mapping[str, Any] | None
    envelope_sender: str | None
    metadata: Mapping[str, Any] | None
    send_at: datetime | date | float | str | None
    tags: Iterable[str] | None
    track_clicks: bool | None
    track_opens: bool | None
    template_id: str | int | None
    merge_data: Mapping[str, Mapping[str, Any]] | None
    merge_global_data: Mapping[str, Any] | None
    merge_headers: Mapping[str, Mapping[str, str]] | None
    merge_metadata: Mapping[str, Mapping[str, Any]] | None
    anymail_status: AnymailStatus

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        for name in ATTRIBUTES:
            setattr(self, name, kwargs.pop(name, UNSET))
        self.anymail_status = AnymailStatus()
        super().__init__(*args, **kwargs)

    def attach_inline_image_file(
        self, path: str | PathLike[str], subtype: str | None = None, idstring: str = "img", domain: str | None = None
    ) -> str:
        """Attaches an image file for the HTML, and returns its content id. See `attach_inline_image_file`."""
        return attach_inline_image_file(self, path, subtype, idstring, domain)

    def attach_inline_image(
        self,
        content: bytes,
        filename: str | None = None,
        subtype: str | None = None,
        idstring: str = "img",
        domain: str | None = None,
    ) -> str:
        """Attaches an image for the HTML, and returns its content id. See `attach_inline_image`."""
        return attach_inline_image(self, content, filename, subtype, idstring, domain)


class AnymailMessage(AnymailMessageMixin, EmailMultiAlternatives):
    """Django's EmailMultiAlternatives with Anymail's attributes."""


def attach_inline_image_file(
    message: EmailMessage,
    path: str | PathLike[str],
    subtype: str | None = None,
    idstring: str = "img",
    domain: str | None = None,
) -> str:
    """Attaches an image file for the HTML of a message, and returns its content id, for `<img src="cid:…">`."""
    file = Path(path)
    return attach_inline_image(message, file.read_bytes(), file.name, subtype, idstring, domain)


def attach_inline_image(
    message: EmailMessage,
    content: bytes,
    filename: str | None = None,
    subtype: str | None = None,
    idstring: str = "img",
    domain: str | None = None,
) -> str:
    """Attaches an image for the HTML of a message, and returns its content id, for `<img src="cid:…">`.

    `subtype` is that of the media type, such as `png`; it is guessed from the content if it is omitted. `idstring` and
    `domain` become parts of the content id. Raises TypeError if the content is not bytes, and if the subtype cannot be
    guessed.
    """
    if not isinstance(content, bytes | bytearray):
        raise TypeError(f"content must be the bytes of an image, got {type(content).__name__}")
    # Not the host name: it would be visible to every recipient.
    content_id = make_msgid(idstring, domain or "inline")
    image = MIMEImage(content, subtype)
    if django.VERSION < (6, 0):
        image.add_header("Content-Disposition", "inline", **({"filename": filename} if filename else {}))
        image.add_header("Content-ID", content_id)
        message.attach(image)
    else:  # MIMEBase is deprecated there
        part = MIMEPart()
        names: dict[str, Any] = {"filename": filename} if filename else {}
        part.set_content(content, "image", image.get_content_subtype(), disposition="inline", cid=content_id, **names)
        message.attach(part)
    return unquote(content_id)
