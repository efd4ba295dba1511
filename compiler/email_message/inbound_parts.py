"""Builds the content of a received message as a tree of MIME parts: text, HTML and attachments.

All content is base64, to preserve it byte for byte, line endings included. See `parts` for the reverse direction, and
`inbound_headers` for the headers of the mail.
"""

from __future__ import annotations

import re
from base64 import b64decode, encodebytes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compiler.email_message.header_text import replace_line_breaks
from compiler.mail.attachments import bare_content_id
from compiler.mail.encoded_words import quote_name

if TYPE_CHECKING:
    from email.message import EmailMessage
    from email.policy import EmailPolicy

_UNKNOWN_TYPE = "application/octet-stream"
# Maximum lengths: RFC 6838, 4.2.
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}")
# `email` would parse such content, encoded or not, and so change it.
_PARSED_BY_EMAIL = ("message/", "multipart/")

_CONTENT_ID = re.compile(r"[!-;=?-~](?:[ -;=?-~]{0,898}[!-;=?-~])?")
_PLAIN_FILENAME = re.compile(r"[A-Za-z0-9!#$&()+,\-.;=@\[\]^_`{}~']++(?: [A-Za-z0-9!#$&()+,\-.;=@\[\]^_`{}~']++)*+")
_MAX_FILENAME = 50  # characters per parameter


def add_content(mail: EmailMessage, policy: EmailPolicy[Any], inbound: Mapping[str, Any], boundary_seed: str) -> None:
    """Adds the content and its MIME headers to the mail. `boundary_seed` makes the boundaries unique.

    The parts are of the same class as the mail. Without text, HTML and attachments the mail has no content and no MIME
    headers.
    """
    content = _PartBuilder(type(mail), policy, boundary_seed).build(inbound)
    if content is None:
        mail.set_payload("")
        return
    mail.set_raw("MIME-Version", "1.0")
    for name, value in content.raw_items():
        mail.set_raw(name, value)
    mail.set_payload(content.get_payload())


@dataclass(frozen=True, slots=True)
class _PartBuilder:
    part_class: type[EmailMessage]
    policy: EmailPolicy[Any]
    boundary_seed: str

    def build(self, inbound: Mapping[str, Any]) -> EmailMessage | None:
        """Builds mixed(alternative(text, related(HTML, inline files)), other files), without single-part levels."""
        text, html = inbound["text"], inbound["html"]
        inline: list[Mapping[str, Any]] = []
        others: list[Mapping[str, Any]] = []
        for attachment in inbound["attachments"]:
            is_inline = html is not None and attachment["inline"] and _content_id(attachment)
            (inline if is_inline else others).append(attachment)
        bodies = [] if text is None else [self._text("plain", text)]
        if html is not None:
            html_part = self._text("html", html)
            related = [html_part, *map(self._attachment, inline)]
            bodies.append(self._multipart('related; type="text/html"', related) if inline else html_part)
        if not bodies and any(map(_could_be_body, others)):
            bodies.append(self._text("plain", ""))
        body = self._multipart("alternative", bodies) if len(bodies) > 1 else next(iter(bodies), None)
        if not others:
            return body
        return self._multipart("mixed", [*([] if body is None else [body]), *map(self._attachment, others)])

    def _text(self, subtype: str, text: str) -> EmailMessage:
        return self._leaf([("Content-Type", f'text/{subtype}; charset="utf-8"')], text.encode())

    def _attachment(self, attachment: Mapping[str, Any]) -> EmailMessage:
        disposition = "inline" if attachment["inline"] else "attachment"
        filename, content_id = _filename(attachment), _content_id(attachment)
        headers = [
            ("Content-Type", _media_type(attachment["mimetype"])),
            (
                "Content-Disposition",
                disposition + "".join(f";\n {parameter}" for parameter in _filename_parameters(filename)),
            ),
        ]
        if content_id:
            headers.append(("Content-ID", f"<{content_id}>"))
        return self._leaf(headers, b64decode(attachment["content"]))

    def _leaf(self, headers: Iterable[tuple[str, str]], content: bytes) -> EmailMessage:
        part = self._part([*headers, ("Content-Transfer-Encoding", "base64")])
        part.set_payload(encodebytes(content).decode("ascii"))
        return part

    def _multipart(self, kind: str, parts: list[EmailMessage]) -> EmailMessage:
        # Base64 has neither hyphens nor underscores, so no content can contain a boundary.
        subtype = kind.partition(";")[0]
        part = self._part([("Content-Type", f'multipart/{kind};\n boundary="=_{subtype}_{self.boundary_seed}"')])
        part.set_payload([*parts])
        return part

    def _part(self, headers: Iterable[tuple[str, str]]) -> EmailMessage:
        part = self.part_class(self.policy)
        for name, value in headers:
            part.set_raw(name, value)
        return part


def _media_type(mimetype: str) -> str:
    if _MEDIA_TYPE.fullmatch(mimetype) is None or mimetype.lower().startswith(_PARSED_BY_EMAIL):
        return _UNKNOWN_TYPE
    return mimetype


def _could_be_body(attachment: Mapping[str, Any]) -> bool:
    """Whether it would be read as the body of a mail that has no other body."""
    is_text = _media_type(attachment["mimetype"]).lower() in ("text/plain", "text/html")
    return is_text and attachment["inline"] and not _filename(attachment)


def _content_id(attachment: Mapping[str, Any]) -> str:
    """The content id, or an empty string if there is none or a header cannot represent it."""
    content_id = bare_content_id(attachment["content_id"] or "")
    return content_id if _CONTENT_ID.fullmatch(content_id) and "=?" not in content_id else ""


def _filename(attachment: Mapping[str, Any]) -> str:
    return replace_line_breaks(attachment["filename"] or "").strip()


def _filename_parameters(filename: str) -> list[str]:
    """Formats the file name as parameters: a quoted string, or percent-encoded in numbered pieces (RFC 2231)."""
    from urllib.parse import quote

    if not filename:
        return []
    if len(filename) <= _MAX_FILENAME and _PLAIN_FILENAME.fullmatch(filename) and "=?" not in filename:
        return [f"filename={quote_name(filename)}"]
    pieces = [""]
    for character in filename:
        encoded = quote(character, safe="")
        if len(pieces[-1]) + len(encoded) > _MAX_FILENAME:  # never within a character: `email` cannot decode that
            pieces.append("")
        pieces[-1] += encoded
    if len(pieces) == 1:
        return [f"filename*=utf-8''{pieces[0]}"]
    first, *continued = pieces
    numbered = [f"filename*{number}*={piece}" for number, piece in enumerate(continued, 1)]
    return [";\n ".join([f"filename*0*=utf-8''{first}", *numbered])]
