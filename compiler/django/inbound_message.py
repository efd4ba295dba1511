"""A received message with Anymail's accessors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.utils import unquote
from typing import TYPE_CHECKING, Any, Self

from compiler.email_message import build_email_message
from compiler.mail.encoded_words import quote_name

if TYPE_CHECKING:
    from django.core.files.uploadedfile import SimpleUploadedFile


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address: `display_name` (empty if there is none) and `addr_spec`. As a string, `Name <user@domain>`."""

    display_name: str
    addr_spec: str

    @property
    def username(self) -> str:
        """The part before the `@`."""
        return self.addr_spec.rpartition("@")[0] or self.addr_spec

    @property
    def domain(self) -> str:
        """The part after the `@`."""
        return self.addr_spec.rpartition("@")[2] if "@" in self.addr_spec else ""

    @property
    def address(self) -> str:
        """The name and the address, as in a header."""
        return str(self)

    def __str__(self) -> str:
        if not self.display_name:
            return self.addr_spec
        is_plain = re.fullmatch(r"[\w !#$%&'*+/=?^`{|}~-]+", self.display_name)
        name = self.display_name if is_plain else quote_name(self.display_name)
        return f"{name} <{self.addr_spec}>"


class AnymailInboundMessage(EmailMessage):
    """A received message: the standard library's `EmailMessage`, with accessors for what its headers and parts say.

    Its parts are of this class too. The accessors return what `decode_inbound` decoded, also from headers that `email`
    cannot read; a part has those for parts only.
    """

    envelope_sender: str | None = None
    envelope_recipient: str | None = None
    spam_detected: bool | None = None
    spam_score: float | None = None
    stripped_text: str | None = None
    stripped_html: str | None = None
    _inbound: Mapping[str, Any] | None = None

    @classmethod
    def from_normalized(cls, inbound: Mapping[str, Any]) -> Self:
        """Converts a normalized received message (`schemas/inbound-message.schema.json`)."""
        mail = build_email_message(inbound, cls)
        mail._inbound = {name: value for name, value in inbound.items() if name not in ("attachments", "esp_event")}
        mail.envelope_sender = inbound["envelope_sender"]
        mail.envelope_recipient = inbound["envelope_recipient"]
        mail.spam_detected = inbound["spam_detected"]
        mail.spam_score = inbound["spam_score"]
        return mail

    def __repr__(self) -> str:
        return f"<AnymailInboundMessage {self.get_content_type()}>"

    @property
    def normalized(self) -> Mapping[str, Any]:
        """What `decode_inbound` decoded, without attachments and the service's body. Empty for a part."""
        return self._inbound or {}

    @property
    def from_email(self) -> EmailAddress | None:
        """The author."""
        address = self.normalized.get("from_email")
        return None if address is None else _build_address(address)

    @property
    def to(self) -> list[EmailAddress]:
        """The addresses of the To header."""
        return [_build_address(address) for address in self.normalized.get("to", ())]

    @property
    def cc(self) -> list[EmailAddress]:
        """The addresses of the Cc header."""
        return [_build_address(address) for address in self.normalized.get("cc", ())]

    @property
    def bcc(self) -> list[EmailAddress]:
        """The addresses of the Bcc header, which received mail rarely has."""
        return self.get_address_header("Bcc")

    @property
    def subject(self) -> str | None:
        """The subject."""
        subject: str | None = self.normalized.get("subject")
        return subject

    @property
    def date(self) -> datetime | None:
        """The date that the author's mail program gave the message, in UTC."""
        date = self.normalized.get("date")
        return None if date is None else datetime.fromisoformat(date)

    @property
    def text(self) -> str | None:
        """The text body."""
        text: str | None = self.normalized.get("text")
        return text

    @property
    def html(self) -> str | None:
        """The HTML body."""
        html: str | None = self.normalized.get("html")
        return html

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The metadata of the message that this one replies to."""
        metadata: Mapping[str, Any] = self.normalized.get("metadata", {})
        return metadata

    @property
    def attachments(self) -> list[AnymailInboundMessage]:
        """The attachments that are not inline, as parts."""
        return [part for part in self._parts() if part.is_attachment()]

    @property
    def inlines(self) -> list[AnymailInboundMessage]:
        """The inline attachments, as parts."""
        return [part for part in self._parts() if part.is_inline()]

    @property
    def inline_attachments(self) -> dict[str, AnymailInboundMessage]:
        """The inline attachments that have a content id, by that id without angle brackets."""
        return {unquote(str(part["Content-ID"])): part for part in self.inlines if part["Content-ID"] is not None}

    @property
    def content_id_map(self) -> dict[str, AnymailInboundMessage]:
        """The newer name of `inline_attachments`."""
        return self.inline_attachments

    def get_address_header(self, header: str) -> list[EmailAddress]:
        """The addresses of a header; an empty list if there is no such header."""
        values = [value for value in self.get_all(header, []) if isinstance(value, AddressHeader)]
        return [EmailAddress(each.display_name, each.addr_spec) for value in values for each in value.addresses]

    def get_date_header(self, header: str) -> datetime | None:
        """The date of a header; None if there is no such header, or it has no date."""
        date: datetime | None = getattr(self[header], "datetime", None)
        return date

    def is_inline(self) -> bool:
        """Whether this part is marked as inline."""
        return self.get_content_disposition() == "inline"

    def is_inline_attachment(self) -> bool:
        """The older name of `is_inline`."""
        return self.is_inline()

    def get_content_bytes(self) -> bytes:
        """The content of this part. Raises ValueError for one that consists of parts."""
        content = self.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise ValueError("a message that consists of parts has no content of its own: use as_bytes()")
        return content

    def get_content_text(self, charset: str | None = None, errors: str | None = None) -> str:
        """The content of this part as text, with LF line endings. Raises as `get_content_bytes`."""
        content = self.get_content_bytes()
        text = content.decode(charset or self.get_content_charset() or "utf-8", errors or "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def as_uploaded_file(self) -> SimpleUploadedFile | None:
        """This attachment as one of Django's uploaded files; None if it is not an attachment."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        if self.get_content_disposition() is None:
            return None
        return SimpleUploadedFile(
            self.get_filename() or "attachment", self.get_content_bytes(), self.get_content_type()
        )

    def _parts(self) -> list[AnymailInboundMessage]:
        return [part for part in self.walk() if isinstance(part, AnymailInboundMessage) and not part.is_multipart()]


def _build_address(address: Mapping[str, Any]) -> EmailAddress:
    return EmailAddress(address["name"] or "", address["email"])
