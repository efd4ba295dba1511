"""An ordered, bounded parallel map; its worker processes end with it.

Each worker has its own pipe, which no other process holds. If a worker is killed, its pipe closes, so the thread that
waits for the response is notified.
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
_Result = TypeVar("_Result")

_PREFETCH_PER_WORKER = 3  # items in progress per process: one running, one waiting, one completed
_KILLED = "a worker process ended unexpectedly: it was killed, or ran out of memory"


class WorkerError(RuntimeError):
    """A worker process ended unexpectedly, or could not be started."""


def ordered_map(
    work: Callable[[_Item], _Result], items: Iterable[_Item | None], jobs: int
) -> Generator[_Result, None, None]:
    """Applies `work` to each item in `jobs` processes, and yields the results in the order of the items.

    `work`, the items and the results must be picklable. Only a few items are read ahead. An item None means that no
    item is available yet; completed results are yielded meanwhile. Raises the errors of `items` and `work`, and
    WorkerError if a process was killed or cannot be started; the results of earlier items are yielded first.
    """
    from concurrent.futures import ThreadPoolExecutor

    pending: deque[Future[_Result]] = deque()
    workers = _Workers(work, jobs)
    threads = ThreadPoolExecutor(jobs)  # one per process
    try:
        for item in items:
            if item is not None:
                workers.start(sum(not future.done() for future in pending) + 1)
                pending.append(threads.submit(workers.do, item))
            while pending and (pending[0].done() or len(pending) >= jobs * _PREFETCH_PER_WORKER):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
        workers.end()


class _Workers:
    """Up to `limit` processes that all do the same work; they are started on demand."""

    def __init__(self, work: Callable[[Any], Any], limit: int) -> None:
        from multiprocessing import get_context
        from queue import LifoQueue

        self._context = get_context("spawn")
        self._work = pickle.dumps(work)
        self._limit = limit
        self._processes: list[Any] = []
        self._connections: list[Connection] = []
        self._idle: LifoQueue[Connection] = LifoQueue()

    def start(self, count: int) -> None:
        """Starts processes until there are enough for this many concurrent items. Raises WorkerError."""
        while len(self._processes) < min(count, self._limit):
            _start_resource_tracker()
            self._start_one()

    def _start_one(self) -> None:
        with _no_interrupts():
            try:
                parent_end, child_end = self._context.Pipe()
                self._connections.append(parent_end)
                with child_end:  # only the worker may hold it
                    process = self._context.Process(target=_serve, args=(child_end, self._work), daemon=True)
                    process.start()
            except OSError as error:
                raise WorkerError(f"a worker process cannot be started: {error.strerror or error}") from error
        self._processes.append(process)
        self._idle.put(parent_end)

    def do(self, item: Any) -> Any:
        """Waits for an idle process and runs an item in it. Raises the errors of the work, and WorkerError."""
        request = pickle.dumps(item)
        connection = self._idle.get()
        try:
            connection.send_bytes(request)
            response = connection.recv_bytes()
        except (OSError, EOFError):
            raise WorkerError(_KILLED) from None
        finally:
            self._idle.put(connection)  # even if its process is gone, so that the next item fails too
        result, error = pickle.loads(response)  # noqa: S301 - from our own worker
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        """Ends all processes, after their current items."""
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            process.join()


def _serve(connection: Connection, pickled: bytes) -> None:
    """The main loop of a worker: does the work for each item, until the parent closes the pipe."""
    _init_worker()
    work: Callable[[Any], Any] | None = None
    with suppress(OSError, EOFError):  # the parent has closed the pipe, or is gone
        while True:
            request = connection.recv_bytes()
            try:
                work = work or pickle.loads(pickled)  # noqa: S301 - from our own parent
                response = pickle.dumps((work(pickle.loads(request)), None))  # noqa: S301 - from our own parent
            except BaseException as error:
                response = _pickle_error(error)
            connection.send_bytes(response)


def _pickle_error(error: BaseException) -> bytes:
    """Pickles an error for the parent, with the worker's traceback as a note."""
    from traceback import format_exception

    error.add_note("".join(format_exception(error)))
    try:
        response = pickle.dumps((None, error))
        pickle.loads(response)  # noqa: S301 - our own; some errors can be pickled but not unpickled
    except Exception:
        message = f"a worker's error cannot be pickled: {type(error).__name__}: {error}"
        return pickle.dumps((None, RuntimeError(message)))
    return response


def _start_resource_tracker() -> None:
    """Starts the process that `multiprocessing` needs for "spawn"; this unblocks signals."""
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing.resource_tracker import ensure_running

        ensure_running()


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Blocks interrupts in processes started in the context, until `_init_worker`; here they are delivered later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def _init_worker() -> None:
    """Prepares a worker: it ignores interrupts, which the parent handles, and exits when the parent is gone."""
    import os
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # a pending interrupt is ignored now

    def watch(parent: Any) -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, args=(parent_process(),), daemon=True).start()


def available_cpus() -> int:
    """The number of CPUs that this process may use."""
    import os

    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
