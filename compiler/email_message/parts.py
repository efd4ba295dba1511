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
from compiler.mail.content_ids import content_id_references

if TYPE_CHECKING:
    from email.message import Message

_MAX_DEPTH = 100
_UTF_8 = ("", "us-ascii", "ascii", "utf-8", "utf8")

_Role = Literal["body", "version", "related", "file"]


def read_parts(source: Message) -> dict[str, Any]:
    """The fields of a message that hold its content. Raises ValueError for what cannot be decoded."""
    _check_depth(source)
    part = Part.from_message(source, "")
    content = _ContentCollector()
    if not part.is_empty():
        content.add(part, "body")
    return content.fields()


@dataclass(slots=True)
class _ContentCollector:
    """Collects bodies and attachments.

    The role of a part says what it can be. At `body`, the first text or HTML that is no file is the body; of a
    multipart/alternative each part is a `version` of the body. What is `related` to it, or says that it is shown
    inline, is an inline attachment if it has a content id; so is any file whose content id the HTML refers to.
    Everything else is a `file`. Pieces of one body with pictures or files between them, as Apple Mail writes them, are
    put together again.
    """

    texts: list[dict[str, str]] = field(default_factory=list)
    versions: list[dict[str, str]] = field(default_factory=list)
    attachments: list[dict[str, str]] = field(default_factory=list)
    pieces: list[tuple[dict[str, str], list[str]]] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """The fields of a message.

        HTML without text is the body, not an alternative to nothing; so no body of the defaults gets in beside it.
        """
        fields: dict[str, Any] = {}
        for version, pieces in self.pieces:
            version["content"] = "\n".join(pieces)
        versions = list(self.versions)
        html = next((each for each in versions if each["mimetype"] == "text/html"), None)
        # `email` calls a file with a name an attachment, also one that it adds to be shown within the HTML, and some
        # programs put pictures beside the HTML, not in a multipart/related with it.
        files = [each for each in self.attachments if "content_id" in each and "disposition" not in each]
        shown = content_id_references(html["content"]) if html is not None and files else frozenset()
        for each in files:
            if bare_content_id(each["content_id"]) in shown:
                each["disposition"] = "inline"
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
        """Adds a part with all that is in it. Whether something became the body, or a version of it."""
        if part.is_multipart():
            return self._add_parts(part, role)
        # A text with a name is a file, also where nothing else could be the body: the name must not be lost.
        if (role == "version" and part.is_text and not part.is_file) or (role == "body" and _is_displayed(part)):
            self._add_version(part)
            return True
        shown_inside = role == "related" or part.disposition == "inline"
        self._add_attachment(part, inline=shown_inside and bool(part.content_id) and not part.is_file)
        return False

    def _add_parts(self, part: Part, role: _Role) -> bool:
        parts = part.parts()
        can_be_body = role in ("body", "version")
        root = _find_root(part, parts) if part.media_type == "multipart/related" else None
        joins = can_be_body and part.media_type not in ("multipart/alternative", "multipart/related")
        pieces: dict[str, list[str]] = {}
        found = False
        for each in parts:
            inner = role
            if part.media_type == "multipart/alternative" and can_be_body:
                inner = "version"
            elif root is not None and each is not root:
                inner = "related"
            elif found and can_be_body:
                inner = "file"
            if joins and _is_body_piece(each) and each.media_type in pieces:
                with suppress(ValueError):  # what cannot be read is a file
                    pieces[each.media_type].append(each.text())
                    continue
            is_body = self.add(each, inner)
            if is_body and joins and _is_body_piece(each):
                version = self._last_version(each)
                pieces[each.media_type] = [version["content"]]
                self.pieces.append((version, pieces[each.media_type]))
            found |= is_body
        return found

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
        fields = {"filename": part.filename} if part.filename else {}
        names = ("method",) if part.parameter("charset").lower() in _UTF_8 else ("charset", "method")
        fields["content"] = b64encode(part.content()).decode("ascii")
        fields["mimetype"] = part.with_parameters(*names)
        if inline:
            fields["disposition"] = "inline"
        if part.content_id:
            fields["content_id"] = part.content_id
        self.attachments.append(fields)


def _is_displayed(part: Part) -> bool:
    """Whether it is text or HTML that is meant to be read in the mail itself."""
    return part.media_type in ("text/plain", "text/html") and not part.is_file and not part.filename


def _is_body_piece(part: Part) -> bool:
    """Whether it can be one of several pieces of a body; what has a disposition or a content id stands alone."""
    return _is_displayed(part) and not part.disposition and not part.content_id


def _find_root(related: Part, parts: list[Part]) -> Part | None:
    """The part of a multipart/related that the others belong to: the one it names, or the first (RFC 2387).

    Some programs put a picture first: then it is the first that can be read.
    """
    start = bare_content_id(related.parameter("start"))
    named = (each for each in parts if start and bare_content_id(each.content_id) == start)
    readable = (each for each in parts if _is_displayed(each) or each.media_type.startswith("multipart/"))
    return next(named, None) or next(readable, None) or next(iter(parts), None)


def _check_depth(source: Message) -> None:
    waiting = [(source, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            raise ValueError(f"more than {_MAX_DEPTH} parts stand within each other: flatten the mail")
        if part.is_multipart():
            waiting.extend((inner, depth + 1) for inner in child_parts(part))
