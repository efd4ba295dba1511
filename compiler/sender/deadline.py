"""A limit on one call as a whole: a service that says a byte now and then keeps every limit on its silence.

Answers are read through a file that allows the socket no more time than is left, so that also status line and headers
cannot drip for longer. It takes no thread, and serves TLS and the answers of proxies alike.
"""

from __future__ import annotations

import contextlib
import io
import math
import socket
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any, Protocol


class OverTimeError(TimeoutError):
    """The time for the call is over."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a call has to be over, on the monotonic clock, in seconds."""

    end: float

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self.end

    def check(self) -> None:
        """Raises OverTimeError where no time is left."""
        if self.is_over:
            raise OverTimeError("the time for the call is over")

    def limit(self, seconds: float) -> float:
        """No more of these seconds than are left. Raises OverTimeError where none are."""
        self.check()
        return min(seconds, max(self.end - time.monotonic(), 0.001))


NO_DEADLINE = Deadline(math.inf)

# Of the call that this thread makes: connections outlive calls, and senders can share them.
_current: ContextVar[Deadline] = ContextVar("deadline", default=NO_DEADLINE)


def current_deadline() -> Deadline:
    """The deadline of the call that this thread makes."""
    return _current.get()


@contextlib.contextmanager
def within(seconds: float | None) -> Iterator[Deadline]:
    """Limits what is read in this block; None for no limit."""
    deadline = NO_DEADLINE if seconds is None else Deadline(time.monotonic() + seconds)
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)


class Pool(Protocol):
    """A pool of connections, of which this module has to know the class that makes them."""

    ConnectionCls: type[Any]


def can_be_limited(pool: Pool) -> bool:
    """Whether the connections of a pool keep no deadlines yet, and can."""
    return issubclass(pool.ConnectionCls, HTTPConnection) and pool.ConnectionCls.response_class is HTTPResponse


def limit_connections(pool: Pool) -> None:
    """Makes the new connections of a pool keep deadlines. Outside of `within` they do what they did before."""
    kind = pool.ConnectionCls
    pool.ConnectionCls = type(kind.__name__, (kind,), {"response_class": _LimitedResponse})


class _LimitedFile(io.RawIOBase):
    """What comes over a socket, read within the deadline of the call."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, buffer: Any) -> int | None:
        deadline = current_deadline()
        if deadline is not NO_DEADLINE:
            self._sock.settimeout(deadline.limit(math.inf if self._timeout is None else self._timeout))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _LimitedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_LimitedFile(raw, sock))
