"""A harness process: it runs in its own process group, has time limits, and is killed with all its children.

Threads read and write its pipes, so that no harness can block the runner. See `protocol` for the content of the lines.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO, Literal

FailureOutcome = Literal["timeout", "crash", "protocol_error"]

MAX_LINE_BYTES = 16 * 1024 * 1024
_CHUNK = 1 << 16
_POLL_SECONDS = 0.05  # between two checks whether the process is alive
_DRAIN_SECONDS = 0.25  # time limit for output that a process wrote before it ended
_STDERR_BYTES = 4000  # the part of standard error that is kept


class HarnessFailureError(Exception):
    """A harness gave no valid response: the outcome, and a description of the failure."""

    def __init__(self, outcome: FailureOutcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome: FailureOutcome = outcome
        self.detail = detail


class Process:
    """One process of a harness. Raises OSError if it cannot be started.

    `one_request`: the process may close its standard input after the first request.
    """

    def __init__(self, command: Sequence[str], *, one_request: bool = False) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - running the caller's command is the purpose
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        self._lines: queue.Queue[bytes | None] = queue.Queue(maxsize=2)
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._pieces: list[bytes] = []  # the output after the last line break
        self._one_request = one_request
        self._is_too_long = False
        self._input_closed = False
        self._ended = False
        self._stderr = b""
        threads = (
            (self._read, self._process.stdout),
            (self._read_stderr, self._process.stderr),
            (self._write, self._process.stdin),
        )
        self._threads = [threading.Thread(target=target, args=(pipe,), daemon=True) for target, pipe in threads]
        self._stderr_thread = self._threads[1]
        for thread in self._threads:
            thread.start()

    def send(self, request: bytes) -> None:
        """Queues a request, without waiting for its delivery."""
        self._requests.put(request)

    def close_input(self) -> None:
        """Closes standard input after all queued requests are written."""
        self._requests.put(None)

    def read_line(self, seconds: float) -> bytes:
        """Reads the next line, without its line break. Raises HarnessFailureError, also after the time limit."""
        deadline = time.monotonic() + seconds
        drain_deadline: float | None = None
        while True:
            now = time.monotonic()
            limit = deadline if drain_deadline is None else min(deadline, drain_deadline)
            try:
                line = self._lines.get(timeout=max(0.0, min(limit - now, _POLL_SECONDS)))
            except queue.Empty:
                now = time.monotonic()
                if drain_deadline is not None and now >= drain_deadline:
                    raise self._crash() from None
                if now >= deadline:
                    raise self._failure("timeout", f"no response within {seconds:g} s") from None
                if drain_deadline is None and self._is_done():
                    drain_deadline = now + _DRAIN_SECONDS
                continue
            if line is not None:
                return line
            if self._is_too_long:
                raise HarnessFailureError("protocol_error", f"a line of more than {MAX_LINE_BYTES:,} bytes")
            raise self._crash()

    def read_all(self, seconds: float) -> bytes:
        """Reads all output until the process ends, which must be with exit status 0. Raises HarnessFailureError."""
        deadline = time.monotonic() + seconds
        lines: list[bytes] = []
        size = 0
        while True:
            try:
                lines.append(self.read_line(max(0.0, deadline - time.monotonic())))
            except HarnessFailureError as failure:
                if failure.outcome == "timeout":
                    raise self._failure("timeout", f"no complete response within {seconds:g} s") from None
                if failure.outcome != "crash":
                    raise
                break
            size += len(lines[-1]) + 1
            if size > MAX_LINE_BYTES:
                raise HarnessFailureError("protocol_error", f"a response of more than {MAX_LINE_BYTES:,} bytes")
        status = self._wait(max(0.0, deadline - time.monotonic()))
        if status is None:
            raise self._failure("timeout", f"closed its output but did not end within {seconds:g} s")
        if status != 0:
            raise self._failure("crash", f"ended with {_format_status(status)}")
        return b"\n".join([*lines, b"".join(self._pieces)])

    def shut_down(self, request: bytes, seconds: float) -> str | None:
        """Sends the last request and ends the process; returns what went wrong, if anything."""
        self.send(request)
        self.close_input()
        status = self._wait(seconds)
        self.kill()
        if status is None:
            return f"did not end within {seconds:g} s after bye"
        return None if status == 0 else f"ended with {_format_status(status)} after bye"

    def kill(self) -> None:
        """Kills the process and its group immediately. A second call does nothing."""
        if self._ended:  # the process id may have been reused
            return
        self._ended = True
        if sys.platform == "win32":
            self._process.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._requests.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        for thread in self._threads:  # the threads close the pipes
            thread.join(_DRAIN_SECONDS)  # a child that left the group may hold a pipe open

    def _is_done(self) -> bool:
        """Whether no further output can be expected, except for pending output."""
        return (self._input_closed and not self._one_request) or self._process.poll() is not None

    def _wait(self, seconds: float) -> int | None:
        try:
            status = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        self._stderr_thread.join(_DRAIN_SECONDS)  # for pending output
        return status

    def _crash(self) -> HarnessFailureError:
        status = self._wait(_DRAIN_SECONDS)
        if status is not None:
            reason = f"ended with {_format_status(status)}"
        else:
            reason = "closed its standard input" if self._input_closed else "closed its standard output"
        unfinished = b"".join(self._pieces)[:80]
        if unfinished:
            reason += f", in the middle of a line: {unfinished.decode('utf-8', 'backslashreplace')!r}"
        return self._failure("crash", reason)

    def _failure(self, outcome: FailureOutcome, reason: str) -> HarnessFailureError:
        """A failure with the last line of standard error, which often explains it."""
        last = self._stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        detail = f"{reason}; standard error ends with {last[0][:200]!r}" if last else reason
        return HarnessFailureError(outcome, detail)

    def _read(self, pipe: IO[bytes]) -> None:
        size = 0
        with contextlib.suppress(OSError, ValueError), pipe:
            while piece := os.read(pipe.fileno(), _CHUNK):
                *lines, rest = piece.split(b"\n")
                if lines:
                    lines[0] = b"".join([*self._pieces, lines[0]])
                    self._pieces, size = [rest] if rest else [], len(rest)
                else:
                    self._pieces.append(rest)
                    size += len(rest)
                if size > MAX_LINE_BYTES:
                    self._is_too_long = True
                    break
                if not all(map(self._put, lines)):
                    return
        self._put(None)

    def _put(self, line: bytes | None) -> bool:
        """Queues a line as soon as there is room; False if the process was killed meanwhile."""
        while not self._ended:
            with contextlib.suppress(queue.Full):
                self._lines.put(line, timeout=_POLL_SECONDS)
                return True
        return False

    def _read_stderr(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError), pipe:
            while piece := os.read(pipe.fileno(), _CHUNK):
                self._stderr = (self._stderr + piece)[-_STDERR_BYTES:]

    def _write(self, pipe: IO[bytes]) -> None:
        try:
            while (request := self._requests.get()) is not None:
                pipe.write(request)
                pipe.flush()
        except (OSError, ValueError):
            self._input_closed = True
        finally:
            with contextlib.suppress(OSError, ValueError):
                pipe.close()


def _format_status(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-status).name}"
    return f"signal {-status}"
