"""How much memory a process and all that it starts have resident at most, where there is /proc to ask; else 0."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Self


class Watch:
    """Looks at a process and its descendants again and again, with so long a pause, from beginning to end of a `with`.

    The kernel's own highest mark will not do: a process that was just started has that of whoever started it.
    """

    def __init__(self, process: int, pause: float) -> None:
        self.most = 0
        self._pause = pause
        self._process = process
        self._over = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        if not Path("/proc/self/statm").exists():
            return
        while not self._over.wait(self._pause):
            self.most = max(self.most, sum(map(_own_bytes, _process_tree(self._process))))


def _process_tree(process: int) -> list[int]:
    """The process and all its descendants that are running now."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):  # it may have ended meanwhile
                parent = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
                children[int(parent)].append(int(folder.name))
    found = [process]
    for each in found:
        found.extend(children[each])
    return found


def _own_bytes(process: int) -> int:
    """What is resident of it, each page shared with others counted once for all: the kernel's proportional size."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
