"""Cases too large for a file: messages near the size limit of a call.

They are checked like any other case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from compiler.conformance.case_files import Case

_LIMIT = 15_000_000
_HALF_FOR_TWO = (2, _LIMIT // 2 + 100)
_ONE_BYTE_TOO_MANY = (1, _LIMIT + 1)


def large_cases(template: Case) -> tuple[Case, ...]:
    """Messages one byte over the limit, and messages that exceed it only if counted once per recipient."""
    return tuple(
        _case(template, f"{name}-{part}", part, recipients, size)
        for name, (recipients, size) in (("one-byte-too-many", _ONE_BYTE_TOO_MANY), ("half-for-two", _HALF_FOR_TWO))
        for part in ("text", "html", "attachments")
    )


def _case(template: Case, name: str, part: str, recipients: int, size: int) -> Case:
    text, html = "Here.", "<p>Here."
    if part == "text":
        text += "x" * (size - len(text) - len(html))
    if part == "html":
        html += "x" * (size - len(text) - len(html))
    content = _content(size - len(text) - len(html))
    to = [f"user{index}@example.com" for index in range(recipients)]
    message: dict[str, Any] = {
        "from_email": "a@example.com",
        "to": to,
        "subject": "Files",
        "body": text,
        "alternatives": [{"content": html, "mimetype": "text/html"}],
    }
    output: dict[str, Any] = {
        "FromEmail": "a@example.com",
        "Recipients": [{"Email": each} for each in to],
        "Subject": "Files",
        "Text-part": text,
        "Html-part": html,
    }
    if content:
        message["attachments"] = [{"filename": "a.bin", "content": content}]
        attached = {"Content-type": "application/octet-stream", "Filename": "a.bin", "content": content}
        output["Attachments"] = [attached]
    path = {"text": "/body", "html": "/alternatives/0", "attachments": "/attachments"}[part]
    error = {"code": "LimitExceeded", "path": path, "params": {"limit": _LIMIT, "actual": size}}
    expect: Mapping[str, Any] = {"errors": [error]} if size > _LIMIT else {"output": output}
    return replace(
        template,
        id=f"mailjet-v3/send/large/{name}",
        level="should",
        rules=("message-size",),
        input={"message": message, "options": {}},
        expect=expect,
    )


def _content(octets: int) -> str:
    """The base64 of this many zero bytes."""
    return "AAAA" * (octets // 3) + ("", "AA==", "AAA=")[octets % 3]
