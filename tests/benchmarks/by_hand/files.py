"""Attachments: validation, names and sizes."""

from __future__ import annotations

import base64
import re
from typing import Any

from tests.benchmarks.by_hand.errors import NotCoveredError, RefusedError
from tests.benchmarks.by_hand.values import is_line, is_text

MEDIA_TYPE = re.compile(r"[^\s/;]+/[^\s/;]+")
_MEMBERS = frozenset(("filename", "content", "encoding", "mimetype", "disposition", "content_id"))
LARGEST = 15_000_000
_UNKNOWN = "application/octet-stream"
_TYPES = {
    "bin": _UNKNOWN,
    "csv": "text/csv",
    "gif": "image/gif",
    "html": "text/html",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
    "zip": "application/zip",
}
_EXTENSIONS = {kind: extension for extension, kind in _TYPES.items()}
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_SLICE = 1 << 16


def add_files(raw: Any, payload: dict[str, Any], warnings: set[str]) -> int:
    """Adds the attachments of a message to its payload, and returns their size in bytes."""
    if type(raw) is not list:
        raise RefusedError
    total = 0
    for raw_file in raw:
        inline, attachment, size = _file(raw_file, warnings)
        total += size
        payload.setdefault("Inline_attachments" if inline else "Attachments", []).append(attachment)
    return total


def _file(raw: Any, warnings: set[str]) -> tuple[bool, dict[str, str], int]:
    if type(raw) is not dict or "content" not in raw or not raw.keys() <= _MEMBERS:
        raise RefusedError
    content, encoding, disposition = raw["content"], raw.get("encoding"), raw.get("disposition")
    if encoding == "utf-8":
        if not is_text(content):
            raise RefusedError
        octets = content.encode()
        content, size = base64.b64encode(octets).decode("ascii"), len(octets)
    elif encoding is None or encoding == "base64":
        size = _size(content)
    else:
        raise RefusedError
    if disposition not in (None, "attachment", "inline"):
        raise RefusedError
    inline = disposition == "inline"
    filename, kind = _line(raw, "filename"), _line(raw, "mimetype")
    if raw.get("mimetype") is not None and not MEDIA_TYPE.match(kind):
        raise RefusedError
    content_id = _bare(_line(raw, "content_id"))
    if inline and not content_id:
        raise RefusedError
    if (inline and filename) or (not inline and content_id):
        warnings.add("NoEffect")
    kind = kind or _kind_of(filename)
    return (
        inline,
        {"Content-type": kind, "Filename": _name(inline, filename, content_id, kind), "content": content},
        size,
    )


def _line(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if not is_line(value):
        raise RefusedError
    return str(value)


def _size(content: Any) -> int:
    if type(content) is not str or len(content) % 4 or not content.isascii():
        raise RefusedError
    padding = 2 if content.endswith("==") else 1 if content.endswith("=") else 0
    end = len(content) - padding
    for start in range(0, end, _SLICE):
        if content[start : min(end, start + _SLICE)].encode().translate(None, _ALPHABET):
            raise RefusedError
    return len(content) // 4 * 3 - padding


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if text.startswith("<") and text.endswith(">") else text


def _kind_of(filename: str) -> str:
    stem, dot, extension = filename.rpartition(".")
    if not dot or not stem.strip(".") or "/" in extension:
        return _UNKNOWN
    kind = _TYPES.get(extension.lower())
    if kind is None:
        raise NotCoveredError
    return kind


def _name(inline: bool, filename: str, content_id: str, kind: str) -> str:
    if inline:
        return content_id
    if filename:
        return filename
    extension = _EXTENSIONS.get(kind.partition(";")[0].strip().lower())
    if extension is None:
        raise NotCoveredError
    return f"attachment.{extension}"
