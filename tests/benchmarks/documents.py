"""Builds the messages and webhook bodies for the benchmarks; deterministic."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent

Message = dict[str, Any]

_TEXT = """Dear Alice,

thank you for your order 12345. It left our warehouse this morning, and should be with you within three days.
You can follow it at https://www.example.com/orders/12345 at any time. If something is not as you expected, answer
this mail, and somebody who can help will read it.

With kind regards,
Example Shop
"""
_HTML = (
    "<html><body>"
    + "".join(f"<p>{line}</p>\n" for line in _TEXT.splitlines() if line)
    + '<p><a href="https://www.example.com/orders/12345">Follow your order</a></p></body></html>'
)


def simple(number: int = 12345) -> Message:
    """A typical message with eleven fields: one recipient, text, HTML, and what a shop usually sets."""
    return {
        "from_email": "Example Shop <orders@example.com>",
        "to": [f"Alice <alice{number}@example.com>"],
        "reply_to": ["Example Shop Help <help@example.com>"],
        "subject": f"Your order {number} has shipped",
        "body": _TEXT,
        "alternatives": [{"content": _HTML, "mimetype": "text/html"}],
        "extra_headers": {"X-Order": str(number)},
        "metadata": {"order": number, "customer": f"C-{number}"},
        "tags": ["orders"],
        "track_clicks": True,
        "track_opens": True,
    }


def merged(recipients: int) -> Message:
    """A batch message: each recipient with two values, every other one with a name, and one value for all."""
    emails = [f"customer{number}@example.com" for number in range(recipients)]
    return {
        "from_email": "Example Shop <orders@example.com>",
        "to": [f"Customer {number} <{email}>" if number % 2 else email for number, email in enumerate(emails)],
        "subject": "Your order has shipped",
        "body": "Dear [[var:name]]: Your order [[var:order]] shipped on [[var:date]].",
        "alternatives": [{"content": "<p>Dear [[var:name]]: [[var:order]], [[var:date]]</p>", "mimetype": "text/html"}],
        "merge_data": {
            email: {"name": f"Customer {number}", "order": str(10000 + number)} for number, email in enumerate(emails)
        },
        "merge_global_data": {"date": "May 15"},
    }


def attached(size: int) -> Message:
    """A message with one attachment of this many bytes, in base64."""
    content = base64.b64encode(random.Random(0).randbytes(size)).decode("ascii")  # noqa: S311 - no secret
    return {
        "from_email": "Example Shop <orders@example.com>",
        "to": ["alice@example.com"],
        "subject": "Your pictures",
        "body": "The pictures are attached.",
        "attachments": [{"filename": "pictures.zip", "content": content}],
    }


def four_mistakes() -> Message:
    """The example with four mistakes."""
    message: Message = json.loads((ROOT / "examples/four-mistakes.json").read_text(encoding="utf-8"))
    return message


_KINDS: tuple[Message, ...] = (
    {"event": "sent", "smtp_reply": "250 2.0.0 OK"},
    {"event": "open", "ip": "192.0.2.7", "geo": "FR", "agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101"},
    {"event": "click", "url": "https://www.example.com/orders/12345", "ip": "192.0.2.7", "geo": "FR", "agent": "Mail"},
    {
        "event": "bounce",
        "blocked": False,
        "hard_bounce": True,
        "error_related_to": "recipient",
        "error": "user unknown",
        "comment": "550 5.1.1 no such user",
    },
)


def event(number: int = 0) -> Message:
    """A tracking event; four kinds in turn."""
    return {
        **_KINDS[number % len(_KINDS)],
        "time": 1755859209 + number,
        "MessageID": 1152921530982467712 + number,
        "Message_GUID": "6f1d9c5a-3c0e-4c39-9f0b-0f4f5bb0c0a1",
        "email": f"customer{number}@example.com",
        "mj_campaign_id": 7257,
        "mj_contact_id": number,
        "customcampaign": "orders",
        "CustomID": "",
        "Payload": json.dumps({"order": 10000 + number}),
    }


def events(count: int) -> str:
    """The body of a webhook call: one bare event, or a list."""
    return json.dumps(event() if count == 1 else [event(number) for number in range(count)])


def inbound(attachment_size: int) -> str:
    """The body of an inbound webhook call: the example, with two attachments of this many bytes each."""
    body = json.loads((ROOT / "examples/inbound.json").read_text(encoding="utf-8"))
    content = base64.b64encode(random.Random(1).randbytes(attachment_size)).decode("ascii")  # noqa: S311 - no secret
    return json.dumps(body | {"InlineAttachment1": content, "Attachment1": content})


def write_many(file: Path, count: int) -> None:
    """Writes different typical messages, one per line."""
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            lines.write(json.dumps(simple(number)) + "\n")
