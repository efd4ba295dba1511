"""The parts of a mail: which are the body and alternatives to it, and which are attachments.

This module walks the MIME tree. The position of a part decides its role, see `_ContentCollector`. `part` reads a
single part.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from compiler.email_message.part import Part, child_parts
from compiler.mail.attachments import bare_content_id
from compiler.mail.content_ids import find_content_ids

if TYPE_CHECKING:
    from email.message import Message

_MAX_DEPTH = 100
_UTF_8 = ("", "us-ascii", "ascii", "utf-8", "utf8")

_Role = Literal["body", "version", "related", "file"]


def read_parts(source: Message) -> dict[str, Any]:
    """Reads the content of a mail as message fields. Raises ValueError if it cannot be decoded."""
    _check_depth(source)
    part = Part.from_message(source, "")
    content = _ContentCollector()
    if not part.is_empty():
        content.add(part, "body")
    return content.fields()


@dataclass(slots=True)
class _ContentCollector:
    """Collects bodies and attachments.

    A part has a role, by its position. With the role `body`, the first text or HTML that is not a file is the body. The
    parts of a multipart/alternative are each a `version` of the body. A `related` part, or one with the disposition
    inline, is an inline attachment if it has a content id; so is any file whose content id the HTML refers to. All
    other parts are a `file`. Body pieces with images or files between them (Apple Mail) are joined.
    """

    texts: list[dict[str, str]] = field(default_factory=list)
    versions: list[dict[str, str]] = field(default_factory=list)
    attachments: list[dict[str, str]] = field(default_factory=list)
    pieces: list[tuple[dict[str, str], list[str]]] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """The message fields. HTML without text is the body, so that no default body is used beside it."""
        fields: dict[str, Any] = {}
        for version, pieces in self.pieces:
            version["content"] = "\n".join(pieces)
        versions = list(self.versions)
        html = next((version for version in versions if version["mimetype"] == "text/html"), None)
        # `email` marks every named file as an attachment, even if it is related to the HTML, and some programs put
        # images beside the HTML, not in a multipart/related.
        files = [file for file in self.attachments if "content_id" in file and "disposition" not in file]
        referenced = find_content_ids(html["content"]) if html is not None and files else frozenset()
        for file in files:
            if bare_content_id(file["content_id"]) in referenced:
                file["disposition"] = "inline"
        if self.texts:
            fields["body"] = self.texts[0]["content"]
        elif html is not None:
            versions.remove(html)
            fields |= {"body": html["content"], "content_subtype": "html"}
        if versions:
            fields["alternatives"] = versions
        if self.attachments:
            fields["attachments"] = self.attachments
        return fields

    def add(self, part: Part, role: _Role) -> bool:
        """Adds a part with its children. Returns whether a body or a version of it was added."""
        if part.is_multipart():
            return self._add_parts(part, role)
        # A text with a file name is a file, even if there is no other body: the name must not be lost.
        if (role == "version" and part.is_text and not part.is_file) or (role == "body" and _is_displayed(part)):
            self._add_version(part)
            return True
        is_inline = role == "related" or part.disposition == "inline"
        self._add_attachment(part, inline=is_inline and bool(part.content_id) and not part.is_file)
        return False

    def _add_parts(self, part: Part, role: _Role) -> bool:
        parts = part.parts()
        can_be_body = role in ("body", "version")
        root = _find_root(part, parts) if part.media_type == "multipart/related" else None
        joins_pieces = can_be_body and part.media_type not in ("multipart/alternative", "multipart/related")
        pieces: dict[str, list[str]] = {}
        has_body = False
        for child in parts:
            child_role = role
            if part.media_type == "multipart/alternative" and can_be_body:
                child_role = "version"
            elif root is not None and child is not root:
                child_role = "related"
            elif has_body and can_be_body:
                child_role = "file"
            if joins_pieces and _is_body_piece(child) and child.media_type in pieces:
                with suppress(ValueError):  # a part that cannot be decoded is a file
                    pieces[child.media_type].append(child.text())
                    continue
            is_body = self.add(child, child_role)
            if is_body and joins_pieces and _is_body_piece(child):
                version = self._last_version(child)
                pieces[child.media_type] = [version["content"]]
                self.pieces.append((version, pieces[child.media_type]))
            has_body |= is_body
        return has_body

    def _last_version(self, part: Part) -> dict[str, str]:
        """The entry of the part that was added last as a version."""
        if self.versions and self.versions[-1]["mimetype"] == part.media_type:
            return self.versions[-1]
        return self.texts[-1]

    def _add_version(self, part: Part) -> None:
        text = part.text()
        if part.media_type == "text/plain" and not self.texts:
            self.texts.append({"content": text, "mimetype": part.media_type})
        elif part.media_type in ("text/plain", "text/html"):
            self.versions.append({"content": text, "mimetype": part.media_type})
        else:
            self.versions.append({"content": text, "mimetype": part.with_parameters("method")})

    def _add_attachment(self, part: Part, *, inline: bool) -> None:
        self.attachments.append(attachment_fields(part, inline=inline))


def attachment_fields(part: Part, *, inline: bool) -> dict[str, str]:
    """A part as an attachment of a message. Raises ValueError if it cannot be decoded."""
    fields = {"filename": part.filename} if part.filename else {}
    names = ("method",) if part.parameter("charset").lower() in _UTF_8 else ("charset", "method")
    fields["content"] = b64encode(part.content()).decode("ascii")
    fields["mimetype"] = part.with_parameters(*names)
    if inline:
        fields["disposition"] = "inline"
    if part.content_id:
        fields["content_id"] = part.content_id
    return fields


def _is_displayed(part: Part) -> bool:
    """Whether it is text or HTML that is displayed as part of the mail."""
    return part.media_type in ("text/plain", "text/html") and not part.is_file and not part.filename


def _is_body_piece(part: Part) -> bool:
    """Whether it can be one of several pieces of a body: it has neither disposition nor content id."""
    return _is_displayed(part) and not part.disposition and not part.content_id


def _find_root(related: Part, parts: list[Part]) -> Part | None:
    """The root of a multipart/related: the part named by `start`, or the first (RFC 2387).

    Some programs put an image first; then it is the first text, HTML or multipart.
    """
    start = bare_content_id(related.parameter("start"))
    named = (child for child in parts if start and bare_content_id(child.content_id) == start)
    readable = (child for child in parts if _is_displayed(child) or child.media_type.startswith("multipart/"))
    return next(named, None) or next(readable, None) or next(iter(parts), None)


def _check_depth(source: Message) -> None:
    pending = [(source, 0)]
    while pending:
        part, depth = pending.pop()
        if depth > _MAX_DEPTH:
            raise ValueError(f"parts must be nested at most {_MAX_DEPTH} deep: flatten the mail")
        if part.is_multipart():
            pending.extend((child, depth + 1) for child in child_parts(part))
