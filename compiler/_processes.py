"""Work spread over processes: an ordered, bounded map, whose workers end when it does.

What the work is lives elsewhere. `concurrent.futures` does most of it; here it is kept from reading far ahead, from
outliving a parent that is killed, and from interrupting workers one by one.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")

_AHEAD = 3  # items for each process that are under way: one at work, one waiting, one done


class WorkerError(RuntimeError):
    """A process that was to do a part of the work has ended without saying why, or could not be started."""


def in_order(work: Callable[[_Item], _Done], items: Iterable[_Item | None], jobs: int) -> Generator[_Done, None, None]:
    """What `work` makes of each item, in their order, made by so many processes.

    `work`, the items and what is made of them have to be picklable. Few items are taken ahead of what was given. An
    item None says that there is nothing to do for now, so that what is done can be given meanwhile. Raises what the
    items or the work raise, and WorkerError where a process was killed or cannot be started.
    """
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    pending: deque[Future[_Done]] = deque()
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin)
    try:
        for item in items:
            if item is not None:
                with _no_interrupts():
                    try:
                        pending.append(pool.submit(work, item))
                    except OSError as error:
                        raise WorkerError(f"a worker process cannot be started: {error.strerror or error}") from error
            while pending and (pending[0].done() or len(pending) >= jobs * _AHEAD):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    except BrokenProcessPool:
        raise WorkerError("a worker process ended all of a sudden: it was killed, or ran out of memory") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Keeps interrupts from processes that are started meanwhile, until `_begin`; this process gets its own later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
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


def usable_processors() -> int:
    """How many processors this process may use."""
    import os

    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
