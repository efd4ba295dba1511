"""What the front end finds wrong, as values. Turning a fault into a diagnostic is the business of whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

Document = Literal["message", "options"]

MAXIMUM_FAULTS = 1_000
"""How many faults of one document are listed; how many more there are is said in one."""

MORE_ERRORS = "MoreErrors"
"""The code that says how many faults are not listed."""

# What the paths of all faults of one document may amount to, in characters. A small document can hold thousands of
# faults below a key that takes up half of it.
_ROOM_FOR_PATHS = 1_000_000


class Fault(NamedTuple):
    """One thing wrong with a document.

    path and related are JSON Pointers that UTF-8 can always carry; reason and feature are the diagnostic's parameters
    of those names, more is its count; message and hint are for people.
    """

    code: str
    path: str
    reason: str | None
    message: str
    hint: str | None = None
    document: Document = "message"
    related: tuple[str, ...] = ()
    feature: str | None = None
    more: int | None = None

    @property
    def params(self) -> dict[str, str | int]:
        """The diagnostic's parameters."""
        given: dict[str, str | int | None] = {"reason": self.reason, "feature": self.feature, "count": self.more}
        return {name: value for name, value in given.items() if value is not None}


class FaultList:
    """The faults of one document: the first of them as they are, the others counted."""

    def __init__(self, document: Document = "message") -> None:
        self._document: Document = document
        self._listed: dict[tuple[str, str, str, str | None, str | None], Fault] = {}
        self._room = _ROOM_FOR_PATHS
        self._more = 0
        self._is_cut = False

    def has_room(self, path_size: int) -> bool:
        """Whether one more fault can be listed, whose path has so many characters; where not, it is counted."""
        if len(self._listed) < MAXIMUM_FAULTS and (path_size <= self._room or not self._listed):
            return True
        self._more += 1
        return False

    def add(self, fault: Fault) -> None:
        """Lists a fault once, or counts it where there is no room for it."""
        if self.has_room(len(fault.path)):
            self._room -= len(fault.path)
            self._listed.setdefault((fault.document, fault.code, fault.path, fault.reason, fault.feature), fault)

    def cut(self) -> None:
        """Notes that nobody looked for further faults."""
        self._is_cut = True

    @property
    def is_complete(self) -> bool:
        """Whether every fault is listed."""
        return not self._more and not self._is_cut

    def __iter__(self) -> Iterator[Fault]:
        yield from self._listed.values()
        if not self.is_complete:
            count = None if self._is_cut else self._more
            if count is None:
                message = "there are more errors"
            else:
                message = f"{count:,} more errors are not listed" if count > 1 else "one more error is not listed"
            hint = "correct the listed ones; the others are told then"
            yield Fault(MORE_ERRORS, "", None, message, hint, self._document, more=count)
