"""When a call is made again, and how long to wait before.

Mailjet's v3 API has no idempotency key, so a POST that may have arrived is never made again on its own: only one that
cannot have arrived, or that was answered 429. A GET changes nothing, and may be repeated.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from compiler.sender.errors import Response


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a call is made again at most, and the seconds to wait: doubled each time, jittered, and bounded.

    Raises ValueError for numbers that make no sense.
    """

    count: int = 3
    first_pause: float = 0.5
    longest_pause: float = 8.0

    def __post_init__(self) -> None:
        if self.count < 0 or not 0 <= self.first_pause <= self.longest_pause <= 3600:
            raise ValueError("retries have a count of 0 or more, and 0 <= first_pause <= longest_pause <= 3600 seconds")

    def pause(self, attempts: int, asked: float | None = None) -> float | None:
        """The seconds to wait after so many calls, or None for no further one; `asked`: what the service asks for."""
        if attempts > self.count or (asked is not None and asked > self.longest_pause):
            return None
        longest = min(self.longest_pause, self.first_pause * 2.0 ** (attempts - 1))
        jittered = random.uniform(longest / 2, longest)  # noqa: S311 - jitter is no secret
        return max(jittered, asked or 0.0)


NO_RETRIES = Retries(count=0)

_TOO_MANY = 429
_FAILED = range(500, 600)


def is_worth_repeating(method: str, status_code: int) -> bool:
    """Whether a call that was answered with this status may be made again."""
    return status_code == _TOO_MANY or (method == "GET" and status_code in _FAILED)


def asked_pause(response: Response) -> float | None:
    """The seconds that the answer asks to wait, where it says them as a number."""
    text = (response.header("Retry-After") or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
