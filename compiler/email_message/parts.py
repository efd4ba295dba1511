"""The parts of a mail: which are the body and other versions of it, and which are attachments.

Here the MIME tree is walked. Where a part stands decides what it is: `_Content` says how. What a single part says and
holds is read in `part`.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from compiler.email_message.part import Part, inner_parts
from compiler.message.attachments import bare_content_id
from compiler.message.content_ids import content_id_references

if TYPE_CHECKING:
    from email.message import Message

_DEEPEST = 100
_UTF_8 = ("", "us-ascii", "ascii", "utf-8", "utf8")

_Place = Literal["body", "version", "related", "file"]


def read_parts(source: Message) -> dict[str, Any]:
    """The fields of a message that hold its content. Raises ValueError for what cannot be decoded."""
    _check_depth(source)
    part = Part.of(source, "")
    content = _Content()
    if not part.is_empty():
        content.add(part, "body")
    return content.fields()


@dataclass(slots=True)
class _Content:
    """Collects bodies and attachments.

    The place of a part says what it can be. At `body`, the first text or HTML that is no file is the body; of a
    multipart/alternative each part is a `version` of the body. What is `related` to it, or says that it is shown
    inline, is an inline attachment if it has a content id. Everything else is a `file`.
    """

    texts: list[str] = field(default_factory=list)
    versions: list[dict[str, str]] = field(default_factory=list)
    attachments: list[dict[str, str]] = field(default_factory=list)
    related_files: list[dict[str, str]] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """The fields of a message.

        HTML without text is the body, not an alternative to nothing; so no body of the defaults gets in beside it.
        """
        made: dict[str, Any] = {}
        versions = list(self.versions)
        html = next((each for each in versions if each["mimetype"] == "text/html"), None)
        # `email` calls a file with a name an attachment, also one that it adds to be shown within the HTML.
        shown = content_id_references(html["content"]) if html is not None and self.related_files else frozenset()
        for each in self.related_files:
            if bare_content_id(each["content_id"]) in shown:
                each["disposition"] = "inline"
        if self.texts:
            made["body"] = self.texts[0]
        elif html is not None:
            versions.remove(html)
            made |= {"body": html["content"], "content_subtype": "html"}
        if versions:
            made["alternatives"] = versions
        if self.attachments:
            made["attachments"] = self.attachments
        return made

    def add(self, part: Part, place: _Place) -> bool:
        """Adds a part with all that is in it. Whether something became the body, or a version of it."""
        if part.is_multipart():
            return self._add_parts(part, place)
        if place == "version" and part.is_text and not part.is_file:
            self._add_version(part)
            return True
        # A text with a name is a file, also where nothing else could be the body: the name must not be lost.
        if (
            place == "body"
            and part.media_type in ("text/plain", "text/html")
            and not part.is_file
            and not part.filename
        ):
            self._add_version(part)
            return True
        shown_inside = place == "related" or part.disposition == "inline"
        self._add_attachment(part, inline=shown_inside and bool(part.content_id) and not part.is_file)
        if place == "related" and part.content_id and part.is_file:
            self.related_files.append(self.attachments[-1])
        return False

    def _add_parts(self, part: Part, place: _Place) -> bool:
        parts = part.parts()
        can_be_body = place in ("body", "version")
        start = bare_content_id(part.parameter("start"))
        roots = [each for each in parts if start and bare_content_id(each.content_id) == start] or parts
        found = False
        for each in parts:
            inner = place
            if part.media_type == "multipart/alternative" and can_be_body:
                inner = "version"
            elif part.media_type == "multipart/related" and each is not roots[0]:
                inner = "related"
            elif found and can_be_body:
                inner = "file"
            found |= self.add(each, inner)
        return found

    def _add_version(self, part: Part) -> None:
        text = part.text()
        if part.media_type == "text/plain" and not self.texts:
            self.texts.append(text)
        elif part.media_type in ("text/plain", "text/html"):
            self.versions.append({"content": text, "mimetype": part.media_type})
        else:
            self.versions.append({"content": text, "mimetype": part.with_parameters("method")})

    def _add_attachment(self, part: Part, *, inline: bool) -> None:
        made = {"filename": part.filename} if part.filename else {}
        names = ("method",) if part.parameter("charset").lower() in _UTF_8 else ("charset", "method")
        made["content"] = b64encode(part.content()).decode("ascii")
        made["mimetype"] = part.with_parameters(*names)
        if inline:
            made["disposition"] = "inline"
        if part.content_id:
            made["content_id"] = part.content_id
        self.attachments.append(made)


def _check_depth(source: Message) -> None:
    waiting = [(source, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError(f"more than {_DEEPEST} parts stand within each other: flatten the mail")
        if part.is_multipart():
            waiting.extend((inner, depth + 1) for inner in inner_parts(part))
