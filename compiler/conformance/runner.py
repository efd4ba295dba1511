"""A run: the selected cases put to a harness, by several processes of it where that is asked for.

A harness that breaks down costs its case, and is started anew. What came of each case is a verdict; what is made of
the verdicts is the business of `reports`.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from compiler.conformance.case_files import Case
from compiler.conformance.expected_failures import ExpectedFailures, apply_expectation
from compiler.conformance.judge import ComparisonMode, Verdict, evaluate_answer
from compiler.conformance.process import HarnessFailureError, Process
from compiler.conformance.protocol import Hello, unknown_names
from compiler.conformance.selection import Selection
from compiler.conformance.session import HandshakeError, HarnessConfig, Session, begin

_HANDSHAKES = 3
_TIMEOUTS = 10
_POLL_SECONDS = 0.1  # seconds
_JOIN_SECONDS = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run: a verdict for each selected case, in the order of their ids.

    `notes` tell what else was seen, `is_unfiltered` whether the selection left nothing of its levels out, `seconds` how
    long it took.
    """

    hello: Hello
    verdicts: tuple[Verdict, ...]
    mode: ComparisonMode
    selection: Selection
    suite: str
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether every selected case was put, or is not for this harness."""
        return all(verdict.status != "not_run" for verdict in self.verdicts)

    @property
    def judged(self) -> int:
        """How many cases the harness was judged by."""
        return sum(verdict.status not in ("not_run", "unsupported") for verdict in self.verdicts)


@dataclass(slots=True)
class _Shared:
    """What the workers of one run share."""

    config: HarnessConfig
    mode: ComparisonMode
    cases: queue.SimpleQueue[Case]
    told: queue.SimpleQueue[Verdict | str | None] = field(default_factory=queue.SimpleQueue)
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    processes: set[Process] = field(default_factory=set)
    seq: int = 0

    def next_seq(self) -> int:
        with self.lock:
            self.seq += 1
            return self.seq

    def end(self, threads: Sequence[threading.Thread]) -> None:
        """Ends all processes, and waits for the workers to see it."""
        self.stopped.set()
        for _ in range(2):  # a worker may have been about to start another
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
    jobs: int = 1,
    tell: Callable[[Hello, Verdict], None] | None = None,
) -> Run:
    """Puts the cases to the harness, and gives what came of them.

    `tell` is called with each verdict as it comes, in this thread. An interrupt ends the run: what was not put is
    `not_run`. Raises HandshakeError where the first hello fails.
    """
    begun = time.monotonic()
    mode = mode or ComparisonMode()
    shared = _Shared(config, mode, queue.SimpleQueue())
    try:
        first = begin(config, shared.processes)
    except BaseException:
        shared.end(())
        raise
    threads: list[threading.Thread] = []
    verdicts: dict[str, Verdict] = {}
    notes = unknown_names(first.hello)

    def settle(verdict: Verdict) -> None:
        final = apply_expectation(verdict, expected or {})
        verdicts[final.case.id] = final
        if tell is not None:
            tell(first.hello, final)

    try:
        waiting = 0
        for case in cases:
            lacking = first.hello.lacks(case)
            if lacking is not None:
                settle(Verdict.from_outcome(case, "unsupported", detail=lacking))
            else:
                shared.cases.put(case)
                waiting += 1
        for number in range(max(1, min(jobs, waiting))):
            session = first if number == 0 else None
            threads.append(threading.Thread(target=_work, args=(shared, session), daemon=True))
            threads[-1].start()
        notes += _collect(shared, len(threads), settle)
    except KeyboardInterrupt:
        notes.append("interrupted")
    finally:
        shared.end(threads)
    for case in cases:
        if case.id not in verdicts:
            settle(Verdict.from_outcome(case, "not_run"))
    return Run(
        first.hello,
        tuple(verdicts[case.id] for case in cases),
        mode,
        selection or Selection(),
        config.suite,
        tuple(notes),
        time.monotonic() - begun,
    )


def _collect(shared: _Shared, working: int, settle: Callable[[Verdict], None]) -> list[str]:
    """Hears of what the workers find, until all are done, and gives what else they have to tell."""
    notes: list[str] = []
    while working:
        try:
            told = shared.told.get(
                timeout=_POLL_SECONDS
            )  # in short waits, so that an interrupt comes through everywhere
        except queue.Empty:
            continue
        if told is None:
            working -= 1
        elif isinstance(told, str):
            notes.append(told)
        else:
            settle(told)
    return notes


def _work(shared: _Shared, session: Session | None) -> None:
    """One worker: a process of the harness at a time, until there are no more cases."""
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
            verdict, is_broken = _put(shared, session, case)
            shared.told.put(verdict)
            if is_broken and not session.survives_failure:
                session.kill()
                session = None
            timeouts = timeouts + 1 if verdict.outcome == "timeout" else 0
            if timeouts == _TIMEOUTS:
                shared.told.put(f"gave up after {_TIMEOUTS} time-outs in a row")
                return
        if session is not None and not shared.stopped.is_set():
            note = session.close()
            if note is not None:
                shared.told.put(f"the harness {note}")
    finally:
        if session is not None:
            session.kill()
        shared.told.put(None)


def _restart(shared: _Shared) -> Session | None:
    """The harness started anew; None where that fails again and again."""
    why = ""
    for _ in range(_HANDSHAKES):
        if shared.stopped.is_set():
            return None
        try:
            return begin(shared.config, shared.processes)
        except HandshakeError as error:
            why = str(error)
    shared.told.put(f"gave up after {_HANDSHAKES} failed starts in a row: {why}")
    return None


def _put(shared: _Shared, session: Session, case: Case) -> tuple[Verdict, bool]:
    """What comes of a case, and whether the harness broke down over it."""
    seq = shared.next_seq()
    begun = time.monotonic()
    try:
        answer = session.ask(case, seq)
    except HarnessFailureError as failure:
        return Verdict.from_outcome(
            case, failure.outcome, detail=failure.detail, seconds=time.monotonic() - begun
        ), True
    return evaluate_answer(case, answer, session.hello, shared.mode, time.monotonic() - begun), False
