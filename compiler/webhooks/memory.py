"""Recognizes events that were handled before, so that a repeated call does not report them again.

Mailjet calls again if a call fails or is answered too late, also with events that were handled in that call. An event
is recognized by its fingerprint (`compiler.event_fingerprint`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Set
from typing import Protocol


class EventMemory(Protocol):
    """Where the fingerprints of handled events are kept. Implement it over a database to share it between processes."""

    def find(self, fingerprints: Iterable[str]) -> Set[str]:
        """Those of the fingerprints that were added before."""

    def add(self, fingerprint: str) -> None:
        """Keeps the fingerprint of an event that was handled, for two days or more: Mailjet repeats calls for one."""


class RecentEvents:
    """The newest fingerprints, in the memory of this process; safe for threads."""

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._fingerprints: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, fingerprints: Iterable[str]) -> Set[str]:
        """Those of the fingerprints that were added before."""
        with self._lock:
            return self._fingerprints.keys() & set(fingerprints)

    def add(self, fingerprint: str) -> None:
        """Keeps a fingerprint, and forgets the oldest if there are too many."""
        with self._lock:
            self._fingerprints[fingerprint] = None
            self._fingerprints.move_to_end(fingerprint)
            while len(self._fingerprints) > self._size:
                self._fingerprints.popitem(last=False)
