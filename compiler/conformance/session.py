"""A session with a harness: hello, one case after the other, bye.

A `PersistentSession` is one process that answers all requests; a `ProcessPerCaseSession` starts a process for each.
`judge` evaluates the responses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from compiler.conformance.case_files import Case
from compiler.conformance.process import HarnessFailureError, Process
from compiler.conformance.protocol import (
    HarnessResponse,
    Hello,
    ProtocolError,
    bye_request,
    case_request,
    hello_request,
    read_hello,
    read_response,
)

_SHUTDOWN_SECONDS = 2.0


class HandshakeError(Exception):
    """The handshake with a harness failed; the message says why."""


@dataclass(frozen=True, slots=True)
class HarnessConfig:
    """The configuration of a harness: its command, whether each case gets its own process, and time limits."""

    command: tuple[str, ...]
    process_per_case: bool = False
    hello_seconds: float = 10.0
    case_seconds: float = 10.0
    suite: str = "1.0.0"


class Session(Protocol):
    """An open session. `survives_failure`: whether it can continue after a failed case."""

    hello: Hello
    survives_failure: bool

    def ask(self, case: Case, seq: int) -> HarnessResponse:
        """The response to a case. Raises HarnessFailureError."""

    def close(self) -> str | None:
        """Closes the session; returns what went wrong, if anything."""

    def kill(self) -> None:
        """Ends the session immediately."""


def open_session(config: HarnessConfig, processes: set[Process]) -> Session:
    """Opens a session. It registers its running processes in `processes`. Raises HandshakeError."""
    return ProcessPerCaseSession(config, processes) if config.process_per_case else PersistentSession(config, processes)


class PersistentSession:
    """A session with one process, which answers line by line."""

    survives_failure = False

    def __init__(self, config: HarnessConfig, processes: set[Process]) -> None:
        self._config = config
        self._processes = processes
        self._process = _start_process(config.command, processes, one_request=False)
        self.hello = _shake_hands(
            self._process, config, lambda: self._process.read_line(config.hello_seconds), ends_input=False
        )

    def ask(self, case: Case, seq: int) -> HarnessResponse:
        """The response to a case. Raises HarnessFailureError."""
        self._process.send(case_request(case, seq))
        return _read_response(self._process.read_line(self._config.case_seconds), seq)

    def close(self) -> str | None:
        """Sends bye."""
        problem = self._process.shut_down(bye_request(), _SHUTDOWN_SECONDS)
        self._processes.discard(self._process)
        return problem

    def kill(self) -> None:
        """Kills the process."""
        self._process.kill()
        self._processes.discard(self._process)


class ProcessPerCaseSession:
    """A session with a new process for each request."""

    survives_failure = True

    def __init__(self, config: HarnessConfig, processes: set[Process]) -> None:
        self._config = config
        self._processes = processes
        process = _start_process(config.command, processes, one_request=True)
        try:
            self.hello = _shake_hands(process, config, lambda: process.read_all(config.hello_seconds), ends_input=True)
        finally:
            self._end(process)

    def ask(self, case: Case, seq: int) -> HarnessResponse:
        """The response to a case. Raises HarnessFailureError."""
        try:
            process = Process(self._config.command, one_request=True)
        except OSError as error:
            raise HarnessFailureError("crash", f"cannot be started: {error}") from None
        self._processes.add(process)
        try:
            process.send(case_request(case, seq))
            process.close_input()
            return _read_response(process.read_all(self._config.case_seconds), seq)
        finally:
            self._end(process)

    def close(self) -> str | None:
        """Nothing to close: there is no process."""
        return None

    def kill(self) -> None:
        """Nothing to end: each process ends with its case."""

    def _end(self, process: Process) -> None:
        process.kill()
        self._processes.discard(process)


def _start_process(command: Sequence[str], processes: set[Process], *, one_request: bool) -> Process:
    try:
        process = Process(command, one_request=one_request)
    except OSError as error:
        raise HandshakeError(f"{command[0]}: {error.strerror or error}") from None
    processes.add(process)
    return process


def _shake_hands(process: Process, config: HarnessConfig, read: Callable[[], bytes], *, ends_input: bool) -> Hello:
    process.send(hello_request(config.suite))
    if ends_input:
        process.close_input()
    try:
        return read_hello(read())
    except ProtocolError as error:
        process.kill()
        raise HandshakeError(f"{error}") from None
    except HarnessFailureError as failure:
        process.kill()
        raise HandshakeError(f"hello: {failure.outcome}: {failure.detail}") from None


def _read_response(text: bytes, seq: int) -> HarnessResponse:
    try:
        return read_response(text, seq)
    except ProtocolError as error:
        raise HarnessFailureError("protocol_error", str(error)) from None
