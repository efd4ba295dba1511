"""Recognizes repeated events with Django's cache, which the processes of an application may share."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from django.core.cache import caches

_PREFIX = "payload_compiler:"
_SECONDS = 2 * 24 * 60 * 60  # Mailjet repeats a call for one day


@dataclass(frozen=True, slots=True)
class CachedEvents:
    """The handled events in one of Django's caches. An `EventMemory`."""

    alias: str

    def find(self, events: Iterable[str]) -> Set[str]:
        """Those of the events that were added before."""
        known = caches[self.alias].get_many([_PREFIX + event for event in events])
        return {key.removeprefix(_PREFIX) for key in known}

    def add(self, event: str) -> None:
        """Keeps an event for two days."""
        caches[self.alias].set(_PREFIX + event, 1, _SECONDS)
