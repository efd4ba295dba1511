"""Cases too large for a file: messages about as large as a call may have them.

They are judged like any other case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compiler.conformance.case_files import Case

_LIMIT = 15_000_000


def large_cases(like: Case) -> tuple[Case, ...]:
    """One message over the limit by a byte; one that is far below it, though not if each recipient counted."""
    return (
        _case(like, "one-byte-too-many", 1, _LIMIT + 1, "errors"),
        _case(like, "half-for-two", 2, _LIMIT // 2 + 1, "output"),
    )


def _case(like: Case, name: str, recipients: int, size: int, what: str) -> Case:
    text = "Here."
    octets = size - len(text)
    content = "AAAA" * (octets // 3) + ("", "AA==", "AAA=")[octets % 3]
    to = [f"user{index}@example.com" for index in range(recipients)]
    message: dict[str, Any] = {"from_email": "a@example.com", "to": to, "subject": "Files", "body": text}
    attached = {"filename": "a.bin", "content": content}
    output = {
        "FromEmail": "a@example.com",
        "Recipients": [{"Email": each} for each in to],
        "Subject": "Files",
        "Text-part": text,
        "Attachments": [{"Content-type": "application/octet-stream", "Filename": "a.bin", "content": content}],
    }
    errors = [{"code": "LimitExceeded", "path": "/attachments", "params": {"limit": _LIMIT, "actual": size}}]
    return replace(
        like,
        id=f"mailjet-v3/send/large/{name}",
        level="should",
        rules=("message-size",),
        input={"message": {**message, "attachments": [attached]}, "options": {}},
        expect={what: errors if what == "errors" else output},
    )
