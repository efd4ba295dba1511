"""A harness's process: started in a group of its own, talked to within time limits, and ended with all it started.

Threads read and write, so that no harness can block the runner, whatever it does with its pipes. What the lines mean
is the business of `protocol`.
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

Outcome = Literal["timeout", "crash", "protocol_error"]

MAX_LINE_BYTES = 16 * 1024 * 1024
_CHUNK = 1 << 16
_POLL_SECONDS = 0.05  # seconds between two looks at whether the process still lives
_DRAIN_SECONDS = 0.25  # seconds that what a process wrote before its end has to arrive
_STDERR_BYTES = 4000  # bytes


class HarnessFailureError(Exception):
    """A harness that gave no answer: how it failed, and what was seen of it."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome: Outcome = outcome
        self.detail = detail


class Process:
    """One process of a harness. Raises OSError where it cannot be started.

    `one_request`: what it does with its standard input after that is its own affair.
    """

    def __init__(self, command: Sequence[str], *, one_request: bool = False) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - running a command of the caller's is what this is for
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        self._lines: queue.Queue[bytes | None] = queue.Queue(maxsize=2)
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._pieces: list[bytes] = []  # what came after the last line break
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
        """Hands over a request; that it arrives is not waited for."""
        self._requests.put(request)

    def close_input(self) -> None:
        """Ends standard input, once all that was sent has been written."""
        self._requests.put(None)

    def line(self, seconds: float) -> bytes:
        """The next line, without its end. Raises HarnessFailureError where none comes within the time."""
        until = time.monotonic() + seconds
        last_words: float | None = None
        while True:
            now = time.monotonic()
            limit = until if last_words is None else min(until, last_words)
            try:
                line = self._lines.get(timeout=max(0.0, min(limit - now, _POLL_SECONDS)))
            except queue.Empty:
                now = time.monotonic()
                if last_words is not None and now >= last_words:
                    raise self._crash() from None
                if now >= until:
                    raise HarnessFailureError("timeout", self._told(f"no answer within {seconds:g} s")) from None
                if last_words is None and self._is_done():
                    last_words = now + _DRAIN_SECONDS
                continue
            if line is not None:
                return line
            if self._is_too_long:
                raise HarnessFailureError("protocol_error", f"a line of more than {MAX_LINE_BYTES:,} bytes")
            raise self._crash()

    def everything(self, seconds: float) -> bytes:
        """All that is written until the output ends and the process with it, with exit status 0."""
        until = time.monotonic() + seconds
        lines: list[bytes] = []
        size = 0
        while True:
            try:
                lines.append(self.line(max(0.0, until - time.monotonic())))
            except HarnessFailureError as failure:
                if failure.outcome == "timeout":
                    raise HarnessFailureError("timeout", self._told(f"no whole answer within {seconds:g} s")) from None
                if failure.outcome != "crash":
                    raise
                break
            size += len(lines[-1]) + 1
            if size > MAX_LINE_BYTES:
                raise HarnessFailureError("protocol_error", f"an answer of more than {MAX_LINE_BYTES:,} bytes")
        status = self._wait(max(0.0, until - time.monotonic()))
        if status is None:
            raise HarnessFailureError("timeout", self._told(f"closed its output, and did not end within {seconds:g} s"))
        if status != 0:
            raise HarnessFailureError("crash", self._told(f"ended with {_format_status(status)}"))
        return b"\n".join([*lines, b"".join(self._pieces)])

    def shut_down(self, request: bytes, seconds: float) -> str | None:
        """Takes leave and ends the process; says what was wrong with its end."""
        self.send(request)
        self.close_input()
        status = self._wait(seconds)
        self.kill()
        if status is None:
            return f"did not end within {seconds:g} s after bye"
        return None if status == 0 else f"ended with {_format_status(status)} after bye"

    def kill(self) -> None:
        """Ends the process and all of its group, at once; the second time nothing is done."""
        if self._ended:  # the number may belong to another process by now
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
        for thread in self._threads:  # they close the pipes
            thread.join(_DRAIN_SECONDS)  # no longer, for what left the group may hold a pipe open

    def _is_done(self) -> bool:
        """Whether no more can be expected than what is on its way."""
        return (self._input_closed and not self._one_request) or self._process.poll() is not None

    def _wait(self, seconds: float) -> int | None:
        try:
            status = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        self._stderr_thread.join(_DRAIN_SECONDS)  # what it said last is on its way
        return status

    def _crash(self) -> HarnessFailureError:
        status = self._wait(_DRAIN_SECONDS)
        if status is not None:
            told = f"ended with {_format_status(status)}"
        else:
            told = "closed its standard input" if self._input_closed else "closed its standard output"
        rest = b"".join(self._pieces)[:80]
        if rest:
            told += f", in the middle of a line: {rest.decode('utf-8', 'backslashreplace')!r}"
        return HarnessFailureError("crash", self._told(told))

    def _told(self, what: str) -> str:
        """What happened, and the last line of standard error, which often says why."""
        last = self._stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return f"{what}; standard error ends with {last[0][:200]!r}" if last else what

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
        """Hands a line over, as soon as there is room for it; False where nobody wants it any more."""
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
