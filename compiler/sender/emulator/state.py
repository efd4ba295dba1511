"""The emulator's state: its templates, what it received, and the pending faults.

Several threads may read it; what they get are frozen values.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compiler.sender.emulator.bounded_history import BoundedHistory
from compiler.sender.emulator.fault_injection import FAULTS
from compiler.sender.emulator.mailbox import Api, ReceivedMessage, build_messages

KEEP = 1_000  # messages
MAX_BYTES = 256 * 2**20  # of request bodies
_MAX_CALLS = 10_000
_MAX_POSTED = 1_000
_MAX_RECORD_BYTES = 64 * 2**20  # of calls, and of posted events
_MAX_TEMPLATES = 1_000
_MAX_TEMPLATE_BYTES = 16 * 2**20
_MAX_FAULTS = 10_000


class FullError(ValueError):
    """A limit is reached on something that is never dropped; the message names it."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call of the Send API. `status_code`: that of the response, None if there was none; `fault`: the injected fault.

    `messages`: the numbers of the messages that it delivered.
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
    """A call of the webhook: the events, and the status of the response, or the error if there was none."""

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
    """The emulator's state. Only its methods change it.

    It keeps the newest `keep` messages, within a limit on their bytes, and the newest calls and posted events. Raises
    ValueError if `keep` is less than 1.
    """

    keep: int = KEEP
    _contents: _Contents = field(init=False)
    _templates: dict[str, tuple[Mapping[str, Any], int]] = field(default_factory=dict)  # and their bytes
    _numbers: list[int] = field(default_factory=lambda: [0, 0])  # of all messages and calls so far
    _faults: deque[str] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise ValueError(f"keep must be at least 1, got {self.keep}")
        self._contents = self._empty()

    def _empty(self) -> _Contents:
        return _Contents(
            BoundedHistory(self.keep, MAX_BYTES),
            BoundedHistory(_MAX_CALLS, _MAX_RECORD_BYTES),
            BoundedHistory(_MAX_POSTED, _MAX_RECORD_BYTES),
        )

    @property
    def messages(self) -> tuple[ReceivedMessage, ...]:
        """The messages that were accepted and not dropped, oldest first."""
        return self._contents.messages.items

    @property
    def dropped(self) -> int:
        """The number of messages dropped since the last `clear`."""
        return self._contents.messages.dropped

    @property
    def calls(self) -> tuple[ApiCall, ...]:
        """The newest calls of the Send API."""
        return self._contents.calls.items

    @property
    def posted_events(self) -> tuple[PostedEvents, ...]:
        """The newest calls of the webhook."""
        return self._contents.posted.items

    @property
    def faults(self) -> tuple[str, ...]:
        """The pending faults, one for each of the next calls."""
        return tuple(self._faults)

    def begin_call(self) -> tuple[int, str | None]:
        """Begins a call: its number, and the fault to inject, if any."""
        with self._lock:
            self._numbers[1] += 1
            return self._numbers[1], self._faults.popleft() if self._faults else None

    def template(self, identity: str) -> Mapping[str, Any] | None:
        """The stored template with this id, None if there is none."""
        return self._templates.get(identity, (None, 0))[0]

    def store_template(self, identity: str, template: Mapping[str, Any], size: int) -> None:
        """Stores a template of `size` bytes, replacing one with the same id. Raises FullError."""
        with self._lock:
            other_sizes = [used for name, (_, used) in self._templates.items() if name != identity]
            if len(other_sizes) >= _MAX_TEMPLATES:
                raise FullError(f"there must be at most {_MAX_TEMPLATES:,} templates")
            if sum(other_sizes) + size > _MAX_TEMPLATE_BYTES:
                raise FullError(
                    f"templates must be at most {_MAX_TEMPLATE_BYTES:,} bytes, got {sum(other_sizes) + size:,}"
                )
            self._templates[identity] = template, size

    def accept(self, parts: Iterable[Mapping[str, Any]], api: Api, call: int, size: int) -> tuple[ReceivedMessage, ...]:
        """Accepts the valid messages of a call of `size` bytes, and returns them."""
        with self._lock:
            accepted = build_messages(parts, api, call, self._numbers[0] + 1)
            self._numbers[0] += len(accepted)
            if accepted:
                self._contents = replace(self._contents, messages=self._contents.messages.add(accepted, size))
        return accepted

    def record_call(self, call: ApiCall) -> None:
        """Records a call of the Send API."""
        with self._lock:
            calls = self._contents.calls.add([call], len(call.path) + len(call.method))
            self._contents = replace(self._contents, calls=calls)

    def record_posted(self, posted: PostedEvents) -> None:
        """Records a call of the webhook."""
        with self._lock:
            values = (value for event in posted.events for value in event.values())
            size = sum(len(value) for value in values if isinstance(value, str))
            self._contents = replace(self._contents, posted=self._contents.posted.add([posted], size))

    def clear(self) -> None:
        """Deletes what was received and the pending faults. Templates stay, and numbering continues."""
        with self._lock:
            self._contents = self._empty()
            self._faults.clear()

    def inject_faults(self, names: Iterable[str]) -> None:
        """Injects faults into the next calls, one for each call.

        Raises ValueError for unknown faults, and FullError if too many are pending.
        """
        names = tuple(names)
        unknown = sorted(set(names) - set(FAULTS))
        if unknown:
            raise ValueError(f"unknown fault {', '.join(map(repr, unknown))} (available: {', '.join(FAULTS)})")
        with self._lock:
            if len(self._faults) + len(names) > _MAX_FAULTS:
                raise FullError(
                    f"at most {_MAX_FAULTS:,} faults may be pending, got {len(self._faults) + len(names):,}"
                )
            self._faults.extend(names)
