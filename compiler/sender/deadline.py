"""A deadline for one call in total: a read timeout alone does not end a response that arrives a byte at a time.

Responses are read through a file that limits each socket read to the time left, including status line and headers. It
needs no thread, and works for TLS and for the responses of proxies too.
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


class DeadlineExceededError(TimeoutError):
    """The deadline of the call has passed."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a call, in seconds of the monotonic clock."""

    end: float

    @property
    def is_expired(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self.end

    def check(self) -> None:
        """Raises DeadlineExceededError if the deadline has passed."""
        if self.is_expired:
            raise DeadlineExceededError("the deadline of the call has passed")

    def limit(self, seconds: float) -> float:
        """These seconds, or the time left if that is less. Raises DeadlineExceededError."""
        self.check()
        return min(seconds, max(self.end - time.monotonic(), 0.001))


NO_DEADLINE = Deadline(math.inf)

# A context variable, because connections outlive calls and senders can share them.
_current: ContextVar[Deadline] = ContextVar("deadline", default=NO_DEADLINE)


def current_deadline() -> Deadline:
    """The deadline of the current call."""
    return _current.get()


@contextlib.contextmanager
def call_deadline(seconds: float | None) -> Iterator[Deadline]:
    """Limits all reads in this block to so many seconds in total; None for no limit."""
    deadline = NO_DEADLINE if seconds is None else Deadline(time.monotonic() + seconds)
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)


class Pool(Protocol):
    """A connection pool; this module replaces its connection class."""

    ConnectionCls: type[Any]


def can_be_limited(pool: Pool) -> bool:
    """Whether `limit_connections` can be applied to a pool, and has not been yet."""
    return issubclass(pool.ConnectionCls, HTTPConnection) and pool.ConnectionCls.response_class is HTTPResponse


def limit_connections(pool: Pool) -> None:
    """Makes the new connections of a pool keep deadlines; outside of `call_deadline` nothing changes."""
    connection_class = pool.ConnectionCls
    pool.ConnectionCls = type(connection_class.__name__, (connection_class,), {"response_class": _LimitedResponse})


class _LimitedFile(io.RawIOBase):
    """A socket's file, read within the deadline of the current call."""

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
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_LimitedFile(raw, sock))
