"""One MIME part: what its headers say of it, and its content, decoded.

The headers are read by this project's own parsers, for `email` could stumble over them. What a part is in a mail, a
body or an attachment, is found in `parts`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compiler.email_message.headers import decode_raw_bytes, read_header
from compiler.mail.charsets import decode_charset
from compiler.mail.encoded_words import quoted
from compiler.mail.lenient import display_name, header_parameter, header_value

if TYPE_CHECKING:
    from email.message import Message

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]++/[\w!#$&^.+-]++", re.ASCII)
_TOKEN = re.compile(r"[\w!#$%&'*+.^`{|}~-]++", re.ASCII)
_HEADERS = ("content-type", "content-disposition", "content-id", "content-transfer-encoding")

# The transfer encodings by the names that mail programs give them, letters and digits only; None for what is not
# encoded. What has another name is a file of unknown type (RFC 2045, 6.4).
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
    """A MIME part, and what its headers say of it. `number` is as in IMAP: 1.2 is the second part of the first."""

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
        """Reads the headers of a part; of several with one name, the first."""
        headers: dict[str, Any] = {}
        given: dict[str, str] = {}
        for name, value in source.raw_items():
            key = name.lower()
            if key in _HEADERS and key not in headers:
                headers[key] = value
                given[key] = read_header(name, value)
        type_header = headers.get("content-type", "")
        found = _MEDIA_TYPE.match(given.get("content-type", source.get_default_type()))
        media_type = found[0].lower() if found else "text/plain"
        encoding = _NOT_ALPHANUMERIC.sub("", (header_value(given.get("content-transfer-encoding", "")) or "").lower())
        if encoding not in _ENCODINGS and not source.is_multipart():
            media_type = _UNKNOWN_TYPE
        return cls(
            source,
            number,
            media_type,
            header_value(given.get("content-disposition", "")) or "",
            _parameter("Content-Disposition", headers.get("content-disposition", ""), "filename")
            or _parameter("Content-Type", type_header, "name"),
            given.get("content-id", ""),
            type_header,
            _ENCODINGS.get(encoding),
        )

    def __str__(self) -> str:
        return f"part {self.number} ({self.media_type})" if self.number else f"the content ({self.media_type})"

    @property
    def is_text(self) -> bool:
        """Whether its type is any text."""
        return self.media_type.startswith("text/")

    @property
    def is_file(self) -> bool:
        """Whether it says that it is an attachment, which a disposition that nobody knows is too (RFC 2183, 2.8)."""
        return self.disposition not in ("", "inline")

    def is_multipart(self) -> bool:
        """Whether other parts are in it. A mail within a mail is one part."""
        if self.source.is_multipart():
            return not self.media_type.startswith("message/")
        if not self.media_type.startswith("multipart/"):
            return False
        if self.content().strip():
            raise ValueError(f"{self} cannot be taken apart, for its boundary is missing: make it another media type")
        return True

    def is_empty(self) -> bool:
        """Whether it says nothing at all: neither a media type nor a content."""
        return not self.type_header and not self.content()

    def parts(self) -> list[Part]:
        """The parts in it."""
        if not self.source.is_multipart():
            return []
        before = f"{self.number}." if self.number else ""
        return [Part.from_message(each, f"{before}{index}") for index, each in enumerate(child_parts(self.source), 1)]

    def parameter(self, name: str) -> str:
        """A parameter of its media type, or an empty string."""
        return _parameter("Content-Type", self.type_header, name)

    def with_parameters(self, *names: str) -> str:
        """Its media type, with those of these parameters that it has."""
        given = ((name, self.parameter(name)) for name in names)
        made = (f"; {name}={value if _TOKEN.fullmatch(value) else quoted(value)}" for name, value in given if value)
        return self.media_type + "".join(made)

    def text(self) -> str:
        """Its content by its charset, or else as UTF-8; lines end with a line feed."""
        content, text = self._decoded()
        charset = self.parameter("charset")
        text = _in_charset(content, charset) if text is None else text
        if text is None:
            raise ValueError(
                f"{self} is no text in its charset ({charset or 'none given'}), nor UTF-8: set its charset"
            )
        return text.replace("\r\n", "\n")

    def content(self) -> bytes:
        """Its content, without the encoding for transport."""
        if not self.source.is_multipart():
            return self._decoded()[0]
        mail = self._serialize_children()
        if self.encoding is None:
            return mail
        # Some programs encode a mail within a mail, which RFC 2046 forbids; `email` takes the code for the mail's text.
        try:
            return _decode(mail.strip(), self.encoding)
        except ValueError as error:
            raise self._decode_error(error) from error

    def _serialize_children(self) -> bytes:
        """What a part of type message/… holds: a mail, or several blocks of headers."""
        from email.errors import MessageError

        try:
            return b"".join(
                each.as_bytes(policy=each.policy.clone(max_line_length=0, linesep="\n"))
                for each in child_parts(self.source)
            )
        except (MessageError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"{self} cannot be written: attach it as bytes ({error})") from error

    def _decoded(self) -> tuple[bytes, str | None]:
        """Its content; and as text, where it was set as text and never encoded."""
        stripped = _payload_only_copy(self.source)
        try:
            payload, raw = stripped.get_payload(), stripped.get_payload(decode=True)
            if payload is None:
                return b"", None
            if not isinstance(payload, str | bytes) or not isinstance(raw, bytes):
                raise ValueError(f"it is a {type(payload).__name__}, not text or bytes")
            # What is neither ASCII nor bytes in disguise `email` writes as \uXXXX.
            if isinstance(payload, bytes) or payload.isascii() or raw != payload.encode("raw-unicode-escape"):
                return _decode(raw, self.encoding), None
            if self.encoding is not None:
                raise ValueError(f"it is said to be {self.encoding}, and is not")
            return payload.encode(self.parameter("charset") or "utf-8"), payload
        except (LookupError, ValueError) as error:
            raise self._decode_error(error) from error

    def _decode_error(self, error: Exception) -> ValueError:
        return ValueError(f"{self} cannot be decoded: set its content again ({error})")


def child_parts(source: Message) -> list[Message]:
    """The parts, mails or blocks within a part that has some."""
    from email.message import Message

    inner: Any = _payload_only_copy(source).get_payload()
    if not all(isinstance(each, Message) for each in inner):
        raise ValueError("a list of parts holds something that is no email.message.Message: attach messages only")
    return list(inner)


def _payload_only_copy(source: Message) -> Message:
    """A shallow copy for reading the payload as it is, without the headers by which `email` would decode it."""
    import copy
    from email.policy import compat32

    stripped = copy.copy(source)
    stripped.policy = compat32
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        del stripped[name]  # gives the copy a list of headers of its own
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
    if not isinstance(decoded, bytes) or any(isinstance(each, InvalidBase64LengthDefect) for each in encoded.defects):
        raise ValueError(f"this is no {encoding}")
    return decoded


def _in_charset(content: bytes, charset: str) -> str | None:
    """Bytes as text: in this charset, ASCII where it is empty, or else in UTF-8; None where they are neither."""
    text = decode_charset(content, charset or "us-ascii")
    if text is not None:
        return text
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _parameter(header_name: str, header: Any, name: str) -> str:
    """A parameter of a header about MIME, decoded, or an empty string. The newer API may have read it already."""
    params = getattr(header, "params", None)
    if params is not None:
        return display_name(decode_raw_bytes(params.get(name, ""), f"parameter {name!r}")) or ""
    return header_parameter(read_header(header_name, header), name) or ""
