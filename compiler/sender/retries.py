"""The retry policy: which calls to repeat, and how long to wait first.

Mailjet's API has no idempotency key. A POST is repeated only if it cannot have arrived or the response is 429. A GET
changes nothing and may be repeated.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from compiler.sender.errors import HttpResponse


@dataclass(frozen=True, slots=True)
class Retries:
    """The number of retries and the pauses between them, in seconds: exponential backoff with jitter.

    Raises ValueError for a negative count or for pauses out of order or range.
    """

    count: int = 3
    first_pause: float = 0.5
    longest_pause: float = 8.0

    def __post_init__(self) -> None:
        if self.count < 0 or not 0 <= self.first_pause <= self.longest_pause <= 3600:
            raise ValueError("count must be at least 0, and 0 <= first_pause <= longest_pause <= 3600 seconds")

    def pause(self, attempts: int, requested: float | None = None) -> float | None:
        """The seconds to wait after `attempts` calls, None to stop; `requested`: the wait that the service asks for."""
        if attempts > self.count or (requested is not None and requested > self.longest_pause):
            return None
        longest = min(self.longest_pause, self.first_pause * 2.0 ** (attempts - 1))
        jittered = random.uniform(longest / 2, longest)  # noqa: S311 - jitter need not be secure
        return max(jittered, requested or 0.0)


NO_RETRIES = Retries(count=0)

_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = range(500, 600)


def is_retryable(method: str, status_code: int) -> bool:
    """Whether a call with this response status may be repeated."""
    return status_code == _TOO_MANY_REQUESTS or (method == "GET" and status_code in _SERVER_ERRORS)


def retry_after(response: HttpResponse) -> float | None:
    """The seconds of the response's Retry-After header; None if it is missing or not a number."""
    text = (response.header("Retry-After") or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
