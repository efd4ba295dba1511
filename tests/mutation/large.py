"""Cases too large for a file: messages near the size limit of a call.

They are checked like any other case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from compiler.conformance.case_files import Case

_LIMIT = 15_000_000
_HALF = _LIMIT // 2 + 100
_PATHS = {"text": "/body", "html": "/alternatives/0", "attachments": "/attachments", "inline": "/attachments"}
_TYPE = "application/octet-stream"


def large_cases(template: Case) -> tuple[Case, ...]:
    """Messages one byte over the limit, and messages that exceed it only if counted once per recipient.

    In v3.1 each recipient of an individual message has a message, so that it counts.
    """
    cases = []
    for part in _PATHS:
        cases.append(_case(template, f"one-byte-too-many-{part}", part, 1, _LIMIT + 1))
        cases.append(_case(template, f"half-for-two-{part}", part, 2, _HALF))
        if template.target == "mailjet-v3.1":
            cases.append(_case(template, f"half-for-two-shared-{part}", part, 2, _HALF, delivery="shared"))
    if template.target == "mailjet-v3.1":
        esp_extra = {"To": [{"Email": "a@example.com"}, {"Email": "b@example.com"}]}
        cases.append(_case(template, "one-byte-too-many-shared", "text", 1, _LIMIT + 1, delivery="shared"))
        copies = {"cc": ["c@example.com"], "merge_data": {}}
        cases.append(_case(template, "half-for-two-with-copies", "text", 2, _HALF, **copies))
        cases.append(_case(template, "half-for-two-in-esp-extra", "text", 0, _HALF, esp_extra=esp_extra))
        other = {"Priority": 2}
        cases.append(_case(template, "half-for-two-beside-esp-extra", "text", 2, _HALF, esp_extra=other))
    return tuple(cases)


def _case(template: Case, name: str, part: str, recipients: int, size: int, **more: Any) -> Case:
    text, html = "Here.", '<p><img src="cid:a">' if part == "inline" else "<p>Here."
    if part == "text":
        text += "x" * (size - len(text) - len(html))
    if part == "html":
        html += "x" * (size - len(text) - len(html))
    message: dict[str, Any] = {
        "from_email": "a@example.com",
        "to": [f"user{index}@example.com" for index in range(recipients)],
        "subject": "Files",
        "body": text,
        "alternatives": [{"content": html, "mimetype": "text/html"}],
        **more,
    }
    content = _content(size - len(text) - len(html))
    if content:
        inline = {"disposition": "inline", "content_id": "a"} if part == "inline" else {}
        filename = {} if part == "inline" and template.target == "mailjet-v3" else {"filename": "a.bin"}
        message["attachments"] = [{**filename, "content": content, "mimetype": _TYPE, **inline}]
    is_v3_1 = template.target == "mailjet-v3.1"
    is_individual = is_v3_1 and "delivery" not in more and recipients > 0
    counted = size * recipients if is_individual else size
    error = {"code": "LimitExceeded", "path": _PATHS[part], "params": {"limit": _LIMIT, "actual": counted}}
    expect: Mapping[str, Any] = (
        {"errors": [error]}
        if counted > _LIMIT
        else {"output": (_payload_v3_1 if is_v3_1 else _payload_v3)(message, text, html, content)}
    )
    if "merge_data" in more:
        expect = {**expect, "warnings": [{"code": "CopiesRepeated", "path": "/cc"}]}
    return replace(
        template,
        id=f"{template.target}/send/large/{name}",
        level="should",
        rules=("message-size",),
        input={"message": message, "options": {}},
        expect=expect,
    )


def _payload_v3(message: Mapping[str, Any], text: str, html: str, content: str) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "FromEmail": message["from_email"],
        "Recipients": [{"Email": each} for each in message["to"]],
        "Subject": message["subject"],
        "Text-part": text,
        "Html-part": html,
    }
    for file in message.get("attachments", ()):
        name = "Inline_attachments" if "content_id" in file else "Attachments"
        filename = file.get("content_id", "a.bin")
        payload[name] = [{"Content-type": _TYPE, "Filename": filename, "content": content}]
    return payload


def _payload_v3_1(message: Mapping[str, Any], text: str, html: str, content: str) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "From": {"Email": message["from_email"]},
        "To": [{"Email": each} for each in message["to"]],
        "Subject": message["subject"],
        "TextPart": text,
        "HTMLPart": html,
        **message.get("esp_extra", {}),
    }
    for file in message.get("attachments", ()):
        attached = {"ContentType": _TYPE, "Filename": "a.bin", "Base64Content": content}
        if "content_id" in file:
            payload["InlinedAttachments"] = [attached | {"ContentID": "a"}]
        else:
            payload["Attachments"] = [attached]
    return {"Messages": [payload]}


def _content(octets: int) -> str:
    """The base64 of this many zero bytes."""
    return "AAAA" * (octets // 3) + ("", "AA==", "AAA=")[octets % 3]
