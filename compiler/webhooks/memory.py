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
    """Where handled events are kept, as strings. Implement it over a database to share it between processes.

    A string has the kind of webhook and the event's fingerprint, `tracking-6037b9…`: letters, digits and a hyphen, 73
    at most.
    """

    def find(self, events: Iterable[str]) -> Set[str]:
        """Those of the events that were added before."""

    def add(self, event: str) -> None:
        """Keeps an event that was handled, for two days or more: Mailjet repeats calls for one day."""


class RecentEvents:
    """The newest events, in the memory of this process; safe for threads."""

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._events: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, events: Iterable[str]) -> Set[str]:
        """Those of the events that were added before."""
        with self._lock:
            return self._events.keys() & set(events)

    def add(self, event: str) -> None:
        """Keeps an event, and forgets the oldest if there are too many."""
        with self._lock:
            self._events[event] = None
            self._events.move_to_end(event)
            while len(self._events) > self._size:
                self._events.popitem(last=False)
