"""Posts tracking events to a webhook on this machine, as Mailjet does, but without retries."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import aiohttp

from compiler.sender.emulator.state import PostedEvents
from compiler.sender.settings import is_loopback

_TIMEOUT = 10  # seconds


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook URL without credentials, and its credentials. `grouped`: whether events are posted as a list."""

    display_url: str
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    grouped: bool = True

    async def post(self, events: Sequence[Mapping[str, Any]]) -> PostedEvents:
        """Posts events, and returns the outcome of the last call."""
        bodies: Sequence[Any] = [list(events)] if self.grouped else events
        pair = base64.b64encode(f"{self.user}:{self.password or ''}".encode()).decode("ascii")
        headers = {} if self.user is None else {"Authorization": f"Basic {pair}"}
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
        status, failure = None, None
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            for body in bodies:
                try:
                    async with session.post(self.display_url, json=body, allow_redirects=False) as response:
                        status, failure = response.status, None
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    status, failure = None, type(error).__name__
        return PostedEvents(tuple(events), status, failure)


def parse_webhook_url(url: str, *, grouped: bool = True) -> Webhook:
    """Parses a webhook URL, which may contain a user and a password. Raises ValueError if it is not on this machine."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname is None or not is_loopback(parts.hostname):
        raise ValueError(
            "the webhook must be a URL on this machine, such as http://127.0.0.1:8000/anymail/mailjet/tracking/"
        )
    display_url = urlunsplit((parts.scheme, parts.netloc.rsplit("@", 1)[-1], parts.path, parts.query, ""))
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    return Webhook(display_url, user, password, grouped)
