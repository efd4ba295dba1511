"""Peak resident memory of a process and its descendants, on systems with /proc; elsewhere 0."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Self


class MemorySampler:
    """Samples the memory of a process and its descendants at an interval, during a `with` statement.

    The kernel's own peak value cannot be used: a new process begins with that of its parent.
    """

    def __init__(self, process: int, interval: float) -> None:
        self.peak = 0
        self._interval = interval
        self._process = process
        self._stopped = Event()
        self._thread = Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _sample(self) -> None:
        if not Path("/proc/self/statm").exists():
            return
        while not self._stopped.wait(self._interval):
            self.peak = max(self.peak, sum(map(_own_bytes, _process_tree(self._process))))


def _process_tree(process: int) -> list[int]:
    """The process and all its running descendants."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):  # it may have ended meanwhile
                parent = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
                children[int(parent)].append(int(folder.name))
    process_ids = [process]
    for process_id in process_ids:
        process_ids.extend(children[process_id])
    return process_ids


def _own_bytes(process: int) -> int:
    """Its resident bytes; pages shared with other processes count proportionally (PSS)."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
