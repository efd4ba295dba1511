"""Messages to send, and senders with short pauses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from compiler.sender import MailjetSender, Retries
from compiler.sender.emulator import Emulator

MESSAGE: Mapping[str, Any] = {
    "from_email": "Shop <shop@example.com>",
    "to": ["alice@example.com", "Bob <bob@example.com>"],
    "subject": "Hello",
    "body": "Hi!",
}
TEMPLATES: Mapping[int, Mapping[str, Any]] = {
    176375: {"Headers": {"From": "Widgets, Inc. <noreply@example.com>"}, "Text-part": "Hi!"},
    8: {"Headers": {"SenderName": "Shop", "SenderEmail": "shop@example.com"}},
    9: {"Headers": {}},
}
QUICK = Retries(count=2, first_pause=0.001, longest_pause=0.002)


SHORT = 0.5  # seconds; only for calls that get no response, because a busy machine can be slow


def sender_to(emulator: Emulator, **settings: Any) -> MailjetSender:
    settings = {"retries": QUICK, "timeout": 10, **settings}
    url = emulator.url_v3_1 if settings.get("target") == "mailjet-v3.1" else emulator.url
    return MailjetSender(emulator.api_key, emulator.secret_key, url, **settings)


def wait_until_idle(emulator: Emulator) -> None:
    """Waits until the emulator has finished all its responses, including closing their connections."""
    requests.get(f"{emulator.page_url}emulator/faults", timeout=10).raise_for_status()
