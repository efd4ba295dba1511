"""Runs the selected cases against a harness, optionally in several processes.

A harness that fails is restarted, and only the current case fails. Each case gets a verdict; see `reports` for
their output.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from compiler.conformance.case_files import Case
from compiler.conformance.expected_failures import ExpectedFailures, apply_expectation
from compiler.conformance.judge import ComparisonMode, Verdict, evaluate_answer
from compiler.conformance.process import HarnessFailureError, Process
from compiler.conformance.protocol import Hello, unknown_names
from compiler.conformance.selection import Selection
from compiler.conformance.session import HandshakeError, HarnessConfig, Session, open_session
from compiler.engine.schema import Schema

_MAX_HANDSHAKES = 3  # failed ones in a row
_MAX_TIMEOUTS = 10  # in a row
_POLL_SECONDS = 0.1
_JOIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Run:
    """The result of a run: a verdict for each selected case, ordered by id. `notes` are further observations."""

    hello: Hello
    verdicts: tuple[Verdict, ...]
    mode: ComparisonMode
    selection: Selection
    suite: str
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether every selected case was run or is unsupported."""
        return all(verdict.status != "not_run" for verdict in self.verdicts)

    @property
    def judged(self) -> int:
        """The number of cases that were run."""
        return sum(verdict.status not in ("not_run", "unsupported") for verdict in self.verdicts)


@dataclass(slots=True)
class _Shared:
    """The shared state of the workers of a run."""

    config: HarnessConfig
    mode: ComparisonMode
    schemas: Mapping[str, Schema] | None
    cases: queue.SimpleQueue[Case]
    results: queue.SimpleQueue[Verdict | str | None] = field(default_factory=queue.SimpleQueue)
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    processes: set[Process] = field(default_factory=set)
    seq: int = 0

    def next_seq(self) -> int:
        with self.lock:
            self.seq += 1
            return self.seq

    def end(self, threads: Sequence[threading.Thread]) -> None:
        """Kills all processes and waits for the workers."""
        self.stopped.set()
        for _ in range(2):  # a worker may just have started another process
            for process in list(self.processes):
                process.kill()
            for thread in threads:
                thread.join(_JOIN_SECONDS)


def run(
    cases: Sequence[Case],
    config: HarnessConfig,
    *,
    mode: ComparisonMode | None = None,
    selection: Selection | None = None,
    expected: ExpectedFailures | None = None,
    schemas: Mapping[str, Schema] | None = None,
    jobs: int = 1,
    on_verdict: Callable[[Hello, Verdict], None] | None = None,
) -> Run:
    """Runs the cases and returns the verdicts.

    `schemas` are those of the outputs, by ruleset, if the cases are not of the suite. `on_verdict` is called with each
    verdict immediately, in this thread. An interrupt ends the run: the remaining cases are `not_run`. Raises
    HandshakeError if the first handshake fails.
    """
    started = time.monotonic()
    mode = mode or ComparisonMode()
    shared = _Shared(config, mode, schemas, queue.SimpleQueue())
    try:
        first = open_session(config, shared.processes)
    except BaseException:
        shared.end(())
        raise
    threads: list[threading.Thread] = []
    verdicts: dict[str, Verdict] = {}
    notes = unknown_names(first.hello)

    def record(verdict: Verdict) -> None:
        final = apply_expectation(verdict, expected or {})
        verdicts[final.case.id] = final
        if on_verdict is not None:
            on_verdict(first.hello, final)

    try:
        queued = 0
        for case in cases:
            lacking = first.hello.lacks(case)
            if lacking is not None:
                record(Verdict.from_outcome(case, "unsupported", detail=lacking))
            else:
                shared.cases.put(case)
                queued += 1
        for number in range(max(1, min(jobs, queued))):
            session = first if number == 0 else None
            threads.append(threading.Thread(target=_work, args=(shared, session), daemon=True))
            threads[-1].start()
        notes += _collect(shared, len(threads), record)
    except KeyboardInterrupt:
        notes.append("interrupted")
    finally:
        shared.end(threads)
    for case in cases:
        if case.id not in verdicts:
            record(Verdict.from_outcome(case, "not_run"))
    return Run(
        first.hello,
        tuple(verdicts[case.id] for case in cases),
        mode,
        selection or Selection(),
        config.suite,
        tuple(notes),
        time.monotonic() - started,
    )


def _collect(shared: _Shared, workers: int, record: Callable[[Verdict], None]) -> list[str]:
    """Records the verdicts of the workers until all have ended, and returns their notes."""
    notes: list[str] = []
    while workers:
        try:
            result = shared.results.get(timeout=_POLL_SECONDS)  # short, so that interrupts work on all platforms
        except queue.Empty:
            continue
        if result is None:
            workers -= 1
        elif isinstance(result, str):
            notes.append(result)
        else:
            record(result)
    return notes


def _work(shared: _Shared, session: Session | None) -> None:
    """A worker: runs cases in one session at a time, until no cases are left."""
    timeouts = 0
    try:
        while not shared.stopped.is_set() and not shared.cases.empty():
            if session is None:
                session = _restart(shared)
                if session is None:
                    return
            try:
                case = shared.cases.get_nowait()
            except queue.Empty:
                break
            verdict, has_failed = _run_case(shared, session, case)
            shared.results.put(verdict)
            if has_failed and not session.survives_failure:
                session.kill()
                session = None
            timeouts = timeouts + 1 if verdict.outcome == "timeout" else 0
            if timeouts == _MAX_TIMEOUTS:
                shared.results.put(f"gave up after {_MAX_TIMEOUTS} timeouts in a row")
                return
        if session is not None and not shared.stopped.is_set():
            note = session.close()
            if note is not None:
                shared.results.put(f"the harness {note}")
    finally:
        if session is not None:
            session.kill()
        shared.results.put(None)


def _restart(shared: _Shared) -> Session | None:
    """Restarts the harness; None if that fails repeatedly."""
    reason = ""
    for _ in range(_MAX_HANDSHAKES):
        if shared.stopped.is_set():
            return None
        try:
            return open_session(shared.config, shared.processes)
        except HandshakeError as error:
            reason = str(error)
    shared.results.put(f"gave up after {_MAX_HANDSHAKES} failed starts in a row: {reason}")
    return None


def _run_case(shared: _Shared, session: Session, case: Case) -> tuple[Verdict, bool]:
    """The verdict on a case, and whether the harness failed on it."""
    seq = shared.next_seq()
    started = time.monotonic()
    try:
        response = session.ask(case, seq)
    except HarnessFailureError as failure:
        seconds = time.monotonic() - started
        return Verdict.from_outcome(case, failure.outcome, detail=failure.detail, seconds=seconds), True
    seconds = time.monotonic() - started
    return evaluate_answer(case, response, session.hello, shared.mode, seconds, shared.schemas), False
