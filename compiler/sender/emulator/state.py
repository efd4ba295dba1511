"""What the emulator knows: its keys, its templates, what it received, and how it is to misbehave.

Several threads look at it; what they get are frozen values.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.sender.emulator.faults import FAULTS
from compiler.sender.emulator.mailbox import Message, messages_of


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the API. `status_code`: what was answered, if anything; `fault`: how it went wrong, where it was to.

    `messages`: the numbers of those that it brought.
    """

    number: int
    method: str
    path: str
    status_code: int | None
    fault: str | None = None
    messages: tuple[int, ...] = ()

    @classmethod
    def of(
        cls, number: int, method: str, path: str, status: int | None, fault: str | None, messages: Iterable[Message]
    ) -> Call:
        """A call that brought these messages."""
        return cls(number, method, path, status, fault, tuple(each.number for each in messages))

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "status_code": self.status_code,
            "fault": self.fault,
            "messages": list(self.messages),
        }


@dataclass(frozen=True, slots=True)
class PostedEvents:
    """A call of the webhook: the events, and the status of its answer, or why there is none."""

    events: tuple[Mapping[str, Any], ...]
    status_code: int | None
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {"events": list(self.events), "status_code": self.status_code, "error": self.error}


@dataclass(frozen=True, slots=True)
class _Contents:
    messages: tuple[Message, ...] = ()
    calls: tuple[Call, ...] = ()
    posted: tuple[PostedEvents, ...] = ()


@dataclass(slots=True)
class State:
    """The emulator's memory. Only its methods change it."""

    templates: dict[str, Mapping[str, Any]]
    _contents: _Contents = _Contents()
    _numbers: list[int] = field(default_factory=lambda: [0, 0])  # of messages and calls so far, cleared ones too
    _faults: deque[str] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was taken, the first one first."""
        return self._contents.messages

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call of the API."""
        return self._contents.calls

    @property
    def posted(self) -> tuple[PostedEvents, ...]:
        """Every call of the webhook."""
        return self._contents.posted

    @property
    def faults(self) -> tuple[str, ...]:
        """How the next calls will go wrong."""
        return tuple(self._faults)

    def begin_call(self) -> tuple[int, str | None]:
        """The number of a call that begins, and the fault by which it is to go wrong, if any."""
        with self._lock:
            self._numbers[1] += 1
            return self._numbers[1], self._faults.popleft() if self._faults else None

    def take(self, payload: Mapping[str, Any], call: int) -> tuple[Message, ...]:
        """Takes the acceptable payload of a call: the messages that come of it."""
        with self._lock:
            taken = messages_of(payload, call, self._numbers[0] + 1)
            self._numbers[0] += len(taken)
            self._contents = _Contents(self.messages + taken, self.calls, self.posted)
        return taken

    def end_call(self, call: Call) -> None:
        """Remembers a call."""
        with self._lock:
            self._contents = _Contents(self.messages, (*self.calls, call), self.posted)

    def note_posted(self, posted: PostedEvents) -> None:
        """Remembers a call of the webhook."""
        with self._lock:
            self._contents = _Contents(self.messages, self.calls, (*self.posted, posted))

    def clear(self) -> None:
        """Forgets what was received, and how to misbehave; templates stay, and numbers go on."""
        with self._lock:
            self._contents = _Contents()
            self._faults.clear()

    def misbehave(self, names: Iterable[str]) -> None:
        """Lets the next calls go wrong, one after the other. Raises ValueError for a fault that there is not."""
        names = tuple(names)
        unknown = sorted(set(names) - set(FAULTS))
        if unknown:
            raise ValueError(f"there is no fault {', '.join(unknown)}; there is {', '.join(FAULTS)}")
        with self._lock:
            self._faults.extend(names)
