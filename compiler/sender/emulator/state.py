"""What the emulator knows: its keys, its templates, what it received, and how it is to misbehave.

Several threads look at it; what they get are frozen values.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compiler.sender.emulator.bounded_history import BoundedHistory
from compiler.sender.emulator.fault_injection import FAULTS
from compiler.sender.emulator.mailbox import ReceivedMessage, build_messages

KEEP = 1_000  # messages
MAX_BYTES = 256 * 2**20  # of the bodies that brought them
_MAX_CALLS = 10_000
_MAX_POSTED = 1_000
_MAX_RECORD_BYTES = 64 * 2**20  # of calls, and of events posted
_MAX_TEMPLATES = 1_000
_MAX_TEMPLATE_BYTES = 16 * 2**20
_FAULTS = 10_000


class FullError(ValueError):
    """There is no room for more of what does not make room by itself; the text says what."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call of the API. `status_code`: what was answered, if anything; `fault`: how it went wrong, where it was to.

    `messages`: the numbers of those that it brought.
    """

    number: int
    method: str
    path: str
    status_code: int | None
    fault: str | None = None
    messages: tuple[int, ...] = ()

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
    messages: BoundedHistory[ReceivedMessage]
    calls: BoundedHistory[ApiCall]
    posted: BoundedHistory[PostedEvents]


@dataclass(slots=True)
class State:
    """The emulator's memory. Only its methods change it.

    Of messages it keeps the newest `keep`, and of their bodies some bytes; of calls and posted events the newest too.
    Raises ValueError where `keep` is less than 1.
    """

    keep: int = KEEP
    _contents: _Contents = field(init=False)
    _templates: dict[str, tuple[Mapping[str, Any], int]] = field(default_factory=dict)  # and their bytes
    _numbers: list[int] = field(default_factory=lambda: [0, 0])  # of messages and calls so far, cleared ones too
    _faults: deque[str] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise ValueError(f"keep must be 1 or more, got {self.keep}")
        self._contents = self._empty()

    def _empty(self) -> _Contents:
        return _Contents(
            BoundedHistory(self.keep, MAX_BYTES),
            BoundedHistory(_MAX_CALLS, _MAX_RECORD_BYTES),
            BoundedHistory(_MAX_POSTED, _MAX_RECORD_BYTES),
        )

    @property
    def messages(self) -> tuple[ReceivedMessage, ...]:
        """What was taken, the first one first; those that were dropped are not among them."""
        return self._contents.messages.items

    @property
    def dropped(self) -> int:
        """How many messages were dropped to make room, since the last `clear`."""
        return self._contents.messages.dropped

    @property
    def calls(self) -> tuple[ApiCall, ...]:
        """The newest calls of the API."""
        return self._contents.calls.items

    @property
    def posted_events(self) -> tuple[PostedEvents, ...]:
        """The newest calls of the webhook."""
        return self._contents.posted.items

    @property
    def faults(self) -> tuple[str, ...]:
        """How the next calls will go wrong."""
        return tuple(self._faults)

    def begin_call(self) -> tuple[int, str | None]:
        """The number of a call that begins, and the fault by which it is to go wrong, if any."""
        with self._lock:
            self._numbers[1] += 1
            return self._numbers[1], self._faults.popleft() if self._faults else None

    def template(self, identity: str) -> Mapping[str, Any] | None:
        """A stored template; None where there is none of this id."""
        return self._templates.get(identity, (None, 0))[0]

    def store(self, identity: str, template: Mapping[str, Any], size: int) -> None:
        """Stores a template of so many bytes, in place of one of the same id. Raises FullError."""
        with self._lock:
            others = [each for name, (_, each) in self._templates.items() if name != identity]
            if len(others) >= _MAX_TEMPLATES:
                raise FullError(f"there must be at most {_MAX_TEMPLATES:,} templates")
            if sum(others) + size > _MAX_TEMPLATE_BYTES:
                raise FullError(f"templates must be at most {_MAX_TEMPLATE_BYTES:,} bytes, got {sum(others) + size:,}")
            self._templates[identity] = template, size

    def take(self, payload: Mapping[str, Any], call: int, size: int) -> tuple[ReceivedMessage, ...]:
        """Takes the acceptable payload of a call, which has so many bytes: the messages that come of it."""
        with self._lock:
            taken = build_messages(payload, call, self._numbers[0] + 1)
            self._numbers[0] += len(taken)
            if taken:
                self._contents = replace(self._contents, messages=self._contents.messages.added(taken, size))
        return taken

    def record_call(self, call: ApiCall) -> None:
        """Remembers a call."""
        with self._lock:
            calls = self._contents.calls.added([call], len(call.path) + len(call.method))
            self._contents = replace(self._contents, calls=calls)

    def record_posted(self, posted: PostedEvents) -> None:
        """Remembers a call of the webhook."""
        with self._lock:
            values = (value for event in posted.events for value in event.values())
            size = sum(len(value) for value in values if isinstance(value, str))
            self._contents = replace(self._contents, posted=self._contents.posted.added([posted], size))

    def clear(self) -> None:
        """Forgets what was received, and how to misbehave; templates stay, and numbers go on."""
        with self._lock:
            self._contents = self._empty()
            self._faults.clear()

    def inject_faults(self, names: Iterable[str]) -> None:
        """Lets the next calls go wrong, one after the other.

        Raises ValueError for unknown faults, and FullError where too many wait.
        """
        names = tuple(names)
        unknown = sorted(set(names) - set(FAULTS))
        if unknown:
            raise ValueError(f"there is no fault {', '.join(unknown)}; there is {', '.join(FAULTS)}")
        with self._lock:
            if len(self._faults) + len(names) > _FAULTS:
                raise FullError(f"at most {_FAULTS:,} faults can wait, got {len(self._faults) + len(names):,}")
            self._faults.extend(names)
