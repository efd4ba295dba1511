"""One MIME part: its headers, and its decoded content.

The headers are parsed by `compiler.mail`, because `email` could fail on them. `parts` decides whether a part is a body
or an attachment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compiler.email_message.headers import decode_raw_bytes, read_header
from compiler.mail.charsets import decode_charset
from compiler.mail.encoded_words import quote_name
from compiler.mail.lenient import display_name, header_parameter, header_value

if TYPE_CHECKING:
    from email.message import Message

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]++/[\w!#$&^.+-]++", re.ASCII)
_TOKEN = re.compile(r"[\w!#$%&'*+.^`{|}~-]++", re.ASCII)
_HEADERS = ("content-type", "content-disposition", "content-id", "content-transfer-encoding")

# Transfer encodings by the names that mail programs use, reduced to letters and digits; None means not encoded. A part
# with another encoding has an unknown type (RFC 2045, 6.4).
_ENCODINGS: Mapping[str, str | None] = {
    **dict.fromkeys(("", "7bit", "7bits", "8bit", "8bits", "binary", "none", "plain", "text", "ascii", "utf8")),
    **dict.fromkeys(("base64", "b64"), "base64"),
    **dict.fromkeys(("quotedprintable", "quoted", "qp"), "quoted-printable"),
    **dict.fromkeys(("uuencode", "xuuencode", "uue", "xuue"), "x-uuencode"),
}
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")
_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Part:
    """A MIME part with the values of its headers. `number` is that of IMAP: 1.2 is the second part of the first."""

    source: Message
    number: str
    media_type: str
    disposition: str
    filename: str
    content_id: str
    type_header: Any
    encoding: str | None

    @classmethod
    def from_message(cls, source: Message, number: str) -> Part:
        """Reads the headers of a part; of repeated headers the first."""
        headers: dict[str, Any] = {}
        texts: dict[str, str] = {}
        for name, value in source.raw_items():
            key = name.lower()
            if key in _HEADERS and key not in headers:
                headers[key] = value
                texts[key] = read_header(name, value)
        type_header = headers.get("content-type", "")
        match = _MEDIA_TYPE.match(texts.get("content-type", source.get_default_type()))
        media_type = match[0].lower() if match else "text/plain"
        encoding = _NOT_ALPHANUMERIC.sub("", (header_value(texts.get("content-transfer-encoding", "")) or "").lower())
        if encoding not in _ENCODINGS and not source.is_multipart():
            media_type = _UNKNOWN_TYPE
        return cls(
            source,
            number,
            media_type,
            header_value(texts.get("content-disposition", "")) or "",
            _parameter("Content-Disposition", headers.get("content-disposition", ""), "filename")
            or _parameter("Content-Type", type_header, "name"),
            texts.get("content-id", ""),
            type_header,
            _ENCODINGS.get(encoding),
        )

    def __str__(self) -> str:
        return f"part {self.number} ({self.media_type})" if self.number else f"the content ({self.media_type})"

    @property
    def is_text(self) -> bool:
        """Whether its media type is a text type."""
        return self.media_type.startswith("text/")

    @property
    def is_file(self) -> bool:
        """Whether its disposition is an attachment, as is an unknown one (RFC 2183, 2.8)."""
        return self.disposition not in ("", "inline")

    def is_multipart(self) -> bool:
        """Whether it contains other parts. A mail within a mail is a single part. Raises ValueError."""
        if self.source.is_multipart():
            return not self.media_type.startswith("message/")
        if not self.media_type.startswith("multipart/"):
            return False
        if self.content().strip():
            raise ValueError(f"{self} cannot be parsed: the boundary is missing; use another media type")
        return True

    def is_empty(self) -> bool:
        """Whether it has neither a media type nor content."""
        return not self.type_header and not self.content()

    def parts(self) -> list[Part]:
        """The parts that it contains."""
        if not self.source.is_multipart():
            return []
        prefix = f"{self.number}." if self.number else ""
        return [Part.from_message(child, f"{prefix}{index}") for index, child in enumerate(child_parts(self.source), 1)]

    def parameter(self, name: str) -> str:
        """The value of a parameter of its media type, or an empty string."""
        return _parameter("Content-Type", self.type_header, name)

    def with_parameters(self, *names: str) -> str:
        """Its media type with the given parameters, as far as it has them."""
        values = ((name, self.parameter(name)) for name in names)
        return self.media_type + "".join(
            f"; {name}={value if _TOKEN.fullmatch(value) else quote_name(value)}" for name, value in values if value
        )

    def text(self) -> str:
        """Its content, decoded by its charset or else as UTF-8, with LF line endings. Raises ValueError."""
        content, text = self._decoded()
        charset = self.parameter("charset")
        text = _decode_text(content, charset) if text is None else text
        if text is None:
            raise ValueError(
                f"{self} is valid neither in its charset ({charset or 'none given'}) nor in UTF-8: set its charset"
            )
        return text.replace("\r\n", "\n")

    def content(self) -> bytes:
        """Its content after transfer decoding. Raises ValueError."""
        if not self.source.is_multipart():
            return self._decoded()[0]
        mail = self._serialize_children()
        if self.encoding is None:
            return mail
        # Some programs encode a mail within a mail, which RFC 2046 forbids; `email` does not decode it.
        try:
            return _decode(mail.strip(), self.encoding)
        except ValueError as error:
            raise self._decode_error(error) from error

    def _serialize_children(self) -> bytes:
        """Serializes the content of a part of type message/…: a mail, or several header blocks."""
        from email.errors import MessageError

        try:
            return b"".join(
                child.as_bytes(policy=child.policy.clone(max_line_length=0, linesep="\n"))
                for child in child_parts(self.source)
            )
        except (MessageError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"{self} cannot be serialized: attach it as bytes ({error})") from error

    def _decoded(self) -> tuple[bytes, str | None]:
        """Its content, and also as text if it was set as text and never encoded."""
        stripped = _payload_only_copy(self.source)
        try:
            payload, raw = stripped.get_payload(), stripped.get_payload(decode=True)
            if payload is None:
                return b"", None
            if not isinstance(payload, str | bytes) or not isinstance(raw, bytes):
                raise ValueError(f"the payload must be a string or bytes, got {type(payload).__name__}")
            # `email` encodes text as \uXXXX if it is neither ASCII nor bytes represented as surrogates.
            if isinstance(payload, bytes) or payload.isascii() or raw != payload.encode("raw-unicode-escape"):
                return _decode(raw, self.encoding), None
            if self.encoding is not None:
                raise ValueError(f"the payload is not valid {self.encoding}")
            return payload.encode(self.parameter("charset") or "utf-8"), payload
        except (LookupError, ValueError) as error:
            raise self._decode_error(error) from error

    def _decode_error(self, error: Exception) -> ValueError:
        return ValueError(f"{self} cannot be decoded: set its content again ({error})")


def child_parts(source: Message) -> list[Message]:
    """The parts, mails or header blocks that a part contains. Raises ValueError."""
    from email.message import Message

    children: Any = _payload_only_copy(source).get_payload()
    if not all(isinstance(child, Message) for child in children):
        raise ValueError("parts must be email.message.Message objects: attach messages only")
    return list(children)


def _payload_only_copy(source: Message) -> Message:
    """A shallow copy for reading the raw payload, without the headers that would make `email` decode it."""
    import copy
    from email.policy import compat32

    stripped = copy.copy(source)
    stripped.policy = compat32
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        del stripped[name]  # gives the copy its own list of headers
    return stripped


def _decode(raw: bytes, encoding: str | None) -> bytes:
    from email.errors import InvalidBase64LengthDefect
    from email.message import Message

    if encoding is None:
        return raw
    encoded = Message()
    encoded["Content-Transfer-Encoding"] = encoding
    encoded.set_payload(raw.decode("ascii", "surrogateescape"))
    decoded = encoded.get_payload(decode=True)
    if not isinstance(decoded, bytes) or any(
        isinstance(defect, InvalidBase64LengthDefect) for defect in encoded.defects
    ):
        raise ValueError(f"invalid {encoding}")
    return decoded


def _decode_text(content: bytes, charset: str) -> str | None:
    """Decodes bytes in this charset (default: ASCII), or else as UTF-8; None if they are neither."""
    text = decode_charset(content, charset or "us-ascii")
    if text is not None:
        return text
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _parameter(header_name: str, header: Any, name: str) -> str:
    """A decoded parameter of a MIME header, or an empty string. The newer API may have parsed it already."""
    params = getattr(header, "params", None)
    if params is not None:
        return display_name(decode_raw_bytes(params.get(name, ""), f"parameter {name!r}")) or ""
    return header_parameter(read_header(header_name, header), name) or ""
