"""Work spread over processes: an ordered, bounded map, whose workers end when it does.

What the work is lives elsewhere. Each worker has a pipe of its own, which nobody else holds: so when a worker is
killed, whatever it was doing, its pipe ends, and who waits for its answer learns of it.
"""

from __future__ import annotations

import pickle
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.connection import Connection

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")

_PREFETCH_PER_WORKER = 3  # items for each process that are under way: one at work, one waiting, one done
_KILLED = "a worker process ended all of a sudden: it was killed, or ran out of memory"


class WorkerError(RuntimeError):
    """A process that was to do a part of the work has ended without saying why, or could not be started."""


def ordered_map(
    work: Callable[[_Item], _Done], items: Iterable[_Item | None], jobs: int
) -> Generator[_Done, None, None]:
    """What `work` makes of each item, in their order, made by so many processes.

    `work`, the items and what is made of them have to be picklable. Few items are taken ahead of what was given. An
    item None says that there is nothing to do for now, so that what is done can be given meanwhile. Raises what the
    items or the work raise, and WorkerError where a process was killed or cannot be started; what was made of the
    items before comes first.
    """
    from concurrent.futures import ThreadPoolExecutor

    pending: deque[Future[_Done]] = deque()
    workers = _Workers(work, jobs)
    threads = ThreadPoolExecutor(jobs)  # each waits for one process
    try:
        for item in items:
            if item is not None:
                workers.start(sum(not each.done() for each in pending) + 1)
                pending.append(threads.submit(workers.do, item))
            while pending and (pending[0].done() or len(pending) >= jobs * _PREFETCH_PER_WORKER):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
        workers.end()


class _Workers:
    """Processes that all do the same work, at most so many; they are started as there is something to do."""

    def __init__(self, work: Callable[[Any], Any], most: int) -> None:
        from multiprocessing import get_context
        from queue import LifoQueue

        self._context = get_context("spawn")
        self._work = pickle.dumps(work)
        self._most = most
        self._processes: list[Any] = []
        self._connections: list[Connection] = []
        self._idle: LifoQueue[Connection] = LifoQueue()

    def start(self, wanted: int) -> None:
        """Starts processes until there are enough for so many items at once. Raises WorkerError."""
        while len(self._processes) < min(wanted, self._most):
            _start_resource_tracker()
            self._start_one()

    def _start_one(self) -> None:
        with _no_interrupts():
            try:
                ours, theirs = self._context.Pipe()
                self._connections.append(ours)
                with theirs:  # only the worker is to hold it
                    process = self._context.Process(target=_serve, args=(theirs, self._work), daemon=True)
                    process.start()
            except OSError as error:
                raise WorkerError(f"a worker process cannot be started: {error.strerror or error}") from error
        self._processes.append(process)
        self._idle.put(ours)

    def do(self, item: Any) -> Any:
        """What a process makes of an item, as soon as one is idle. Raises what the work raises, and WorkerError."""
        sent = pickle.dumps(item)
        connection = self._idle.get()
        try:
            connection.send_bytes(sent)
            answer = connection.recv_bytes()
        except (OSError, EOFError):
            raise WorkerError(_KILLED) from None
        finally:
            self._idle.put(connection)  # of a process that is gone too, for the next one to learn of it
        made, error = pickle.loads(answer)  # noqa: S301 - our own worker's
        if error is not None:
            raise error
        return made

    def end(self) -> None:
        """Ends all processes, once they have nothing to do."""
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            process.join()


def _serve(connection: Connection, pickled: bytes) -> None:
    """What a worker does: the work, with each item that comes, until no more can come."""
    _init_worker()
    work: Callable[[Any], Any] | None = None
    with suppress(OSError, EOFError):  # the parent has closed the pipe, or is gone
        while True:
            sent = connection.recv_bytes()
            try:
                work = work or pickle.loads(pickled)  # noqa: S301 - our own parent's
                answer = pickle.dumps((work(pickle.loads(sent)), None))  # noqa: S301 - our own parent's
            except BaseException as error:
                answer = _pickled_error(error)
            connection.send_bytes(answer)


def _pickled_error(error: BaseException) -> bytes:
    """An error for the parent, with the worker's traceback as a note."""
    from traceback import format_exception

    error.add_note("".join(format_exception(error)))
    try:
        answer = pickle.dumps((None, error))
        pickle.loads(answer)  # noqa: S301 - our own; some errors can be written, and not be read
    except Exception:
        told = f"{type(error).__name__}: {error}"
        return pickle.dumps((None, RuntimeError(f"a worker's error cannot be pickled: {told}")))
    return answer


def _start_resource_tracker() -> None:
    """Starts the process that `multiprocessing` needs for "spawn"; doing so ends any blocking of signals."""
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing.resource_tracker import ensure_running

        ensure_running()


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Blocks interrupts for processes started meanwhile, until `_init_worker`; this process gets its own later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _init_worker() -> None:
    """What a worker does first: it leaves interrupts to its parent, and ends when that is gone."""
    import os
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # one that waited is ignored now

    def watch(parent: Any) -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, args=(parent_process(),), daemon=True).start()


def available_cpus() -> int:
    """How many processors this process may use."""
    import os

    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
