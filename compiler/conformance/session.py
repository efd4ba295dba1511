"""A talk with a harness: hello, one case after the other, bye. Two kinds of it, told apart by nobody but this module.

A `Conversation` is one process that answers all; `SingleShots` are a process for each request. What an answer is worth
is judged in `judge`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from compiler.conformance.case_files import Case
from compiler.conformance.process import BreakdownError, Process
from compiler.conformance.protocol import (
    Answer,
    Hello,
    ProtocolError,
    bye_request,
    case_request,
    hello_request,
    read_answer,
    read_hello,
)

_GOODBYE = 2.0  # seconds


class HandshakeError(Exception):
    """A harness that did not get through its hello; the text says why."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a harness is talked to: its command, whether it is started anew for each case, and time limits in seconds."""

    command: tuple[str, ...]
    single_shots: bool = False
    hello_seconds: float = 10.0
    case_seconds: float = 10.0
    suite: str = "1.0.0"


class Session(Protocol):
    """A talk that has begun. `outlives_breakdowns`: whether it can go on after one."""

    hello: Hello
    outlives_breakdowns: bool

    def ask(self, case: Case, seq: int) -> Answer:
        """The answer to a case. Raises BreakdownError."""

    def close(self) -> str | None:
        """Takes leave, and says what was wrong with that."""

    def kill(self) -> None:
        """Ends it at once."""


def begin(manner: Manner, living: set[Process]) -> Session:
    """Begins a talk. `living` holds the processes that run, for whoever has to end them all. Raises HandshakeError."""
    return SingleShots(manner, living) if manner.single_shots else Conversation(manner, living)


class Conversation:
    """One process, which answers line by line."""

    outlives_breakdowns = False

    def __init__(self, manner: Manner, living: set[Process]) -> None:
        self._manner = manner
        self._living = living
        self._process = _started(manner.command, living, one_request=False)
        self.hello = _greeted(self._process, manner, lambda: self._process.line(manner.hello_seconds), ends_input=False)

    def ask(self, case: Case, seq: int) -> Answer:
        """The answer to a case. Raises BreakdownError."""
        self._process.send(case_request(case, seq))
        return _read(self._process.line(self._manner.case_seconds), seq)

    def close(self) -> str | None:
        """Says bye."""
        wrong = self._process.goodbye(bye_request(), _GOODBYE)
        self._living.discard(self._process)
        return wrong

    def kill(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._living.discard(self._process)


class SingleShots:
    """A process for each request, which is all of its input."""

    outlives_breakdowns = True

    def __init__(self, manner: Manner, living: set[Process]) -> None:
        self._manner = manner
        self._living = living
        process = _started(manner.command, living, one_request=True)
        try:
            self.hello = _greeted(process, manner, lambda: process.everything(manner.hello_seconds), ends_input=True)
        finally:
            self._end(process)

    def ask(self, case: Case, seq: int) -> Answer:
        """The answer to a case. Raises BreakdownError."""
        try:
            process = Process(self._manner.command, one_request=True)
        except OSError as error:
            raise BreakdownError("crash", f"cannot be started: {error}") from None
        self._living.add(process)
        try:
            process.send(case_request(case, seq))
            process.close_input()
            return _read(process.everything(self._manner.case_seconds), seq)
        finally:
            self._end(process)

    def close(self) -> str | None:
        """There is nobody to take leave of."""
        return None

    def kill(self) -> None:
        """There is nothing left to end: each process is ended with its case."""

    def _end(self, process: Process) -> None:
        process.kill()
        self._living.discard(process)


def _started(command: Sequence[str], living: set[Process], *, one_request: bool) -> Process:
    try:
        process = Process(command, one_request=one_request)
    except OSError as error:
        raise HandshakeError(f"{command[0]}: {error.strerror or error}") from None
    living.add(process)
    return process


def _greeted(process: Process, manner: Manner, answer: Callable[[], bytes], *, ends_input: bool) -> Hello:
    process.send(hello_request(manner.suite))
    if ends_input:
        process.close_input()
    try:
        return read_hello(answer())
    except ProtocolError as error:
        process.kill()
        raise HandshakeError(f"{error}") from None
    except BreakdownError as breakdown:
        process.kill()
        raise HandshakeError(f"hello: {breakdown.outcome}: {breakdown.detail}") from None


def _read(text: bytes, seq: int) -> Answer:
    try:
        return read_answer(text, seq)
    except ProtocolError as error:
        raise BreakdownError("protocol_error", str(error)) from None
