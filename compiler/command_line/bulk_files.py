"""The files of many messages: whole lines in, as many as there are now, and whole lines out, whatever happens.

What stands in the lines means nothing here.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

from compiler.command_line.arguments import UsageError
from compiler.command_line.bulk_lines import Chunk
from compiler.command_line.terminal import reason

_SIZE = 1 << 18  # bytes of lines that are compiled at once


class StoppedError(BaseException):
    """A signal asks to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Signals:
    """SIGINT and SIGTERM as StoppedError, but not while something is written."""

    def __init__(self) -> None:
        self._holds = False
        self._waiting: int | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While it is open, the signals raise."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """While it is open, they wait."""
        self._holds = True
        try:
            yield
        finally:
            self._holds = False
        if self._waiting is not None:
            raise StoppedError(self._waiting)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._waiting = number
        if not self._holds:
            raise StoppedError(number)


def opened_input(name: str) -> IO[bytes]:
    """The file, or standard input for `-`, unbuffered. Raises UsageError."""
    if name == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed")
        # Not through its buffer, whose lock a thread that waits for input would hold for ever.
        return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    try:
        return open(name, "rb", buffering=0)
    except OSError as error:
        raise UsageError(reason(error)) from error


def size_of(file: IO[bytes]) -> int | None:
    """How many bytes a regular file has; None for anything else."""
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def chunks(file: IO[bytes], skipped: int = 0) -> Iterator[Chunk]:
    """The lines of a file but for the first ones, as they become there; the last may lack its end.

    Raises UsageError where the file has fewer lines than are to be skipped, or cannot be read.
    """
    number, parts = 1, [b""]
    while True:
        try:
            content = file.read(_SIZE)  # what is there now, be it less
        except OSError as error:
            raise UsageError(reason(error)) from error
        if content and b"\n" not in content:
            parts.append(content)  # a line of many megabytes is joined once
            continue
        whole, end, rest = content.rpartition(b"\n")
        lines = b"".join([*parts, whole, end])
        parts = [rest]
        count = lines.count(b"\n") + (not content and bool(lines))
        if skipped > 0 and lines:
            left = lines.split(b"\n", skipped)[skipped:] if count > skipped else []
            done = min(skipped, count)
            skipped, number, count, lines = skipped - done, number + done, count - done, left[0] if left else b""
        if lines:
            yield Chunk(number, lines)
            number += count
        if not content:
            break
    if skipped > 0:
        raise UsageError(f"there are {skipped:,} lines less than there are in the output: that is of another file")


class Output:
    """Where the lines go: a file, or standard output for `-`. Of a regular file, every line stays whole."""

    def __init__(self, name: str, source: IO[bytes], *, resumes: bool, overwrites: bool, signals: Signals) -> None:
        """Opens it. Raises UsageError where that cannot be, or would destroy something.

        `lines` is how many whole lines are there already, where the output `resumes`.
        """
        self.name = name
        self.lines = 0
        self._signals = signals
        self._file: IO[bytes]
        self._size: int | None = None
        if name == "-":
            if sys.stdout is None:
                raise UsageError("standard output: it is closed")
            self._file = open(sys.stdout.fileno(), "wb", buffering=0, closefd=False)  # noqa: SIM115 - closed by `close`
            return
        with suppress(OSError):
            if os.path.samestat(os.stat(name), os.fstat(source.fileno())):
                raise UsageError(f"{name}: this is the input")
        try:
            self._file = open(name, "r+b" if Path(name).exists() else "xb", buffering=0)  # noqa: SIM115 - likewise
            if size_of(self._file) is not None:
                self._begin(resumes=resumes, overwrites=overwrites)
        except OSError as error:
            raise UsageError(reason(error)) from error

    def _begin(self, *, resumes: bool, overwrites: bool) -> None:
        size = size_of(self._file)
        if size and not resumes and not overwrites:
            raise UsageError(
                f"{self.name}: there is something in it: --resume goes on with it, --overwrite begins anew"
            )
        whole = 0
        if size and resumes:
            while content := self._file.read(_SIZE):
                self.lines += content.count(b"\n")
                end = content.rfind(b"\n") + 1
                whole = self._file.tell() - len(content) + end if end else whole
        self._size = whole
        self._file.truncate(whole)
        self._file.seek(whole)

    def write(self, content: bytes) -> None:
        """Writes whole lines. Raises OSError; of what was written of them, a regular file keeps the whole ones."""
        with self._signals.held():
            done = 0
            try:
                while done < len(content):
                    done += self._file.write(memoryview(content)[done:]) or 0
            except OSError:
                if self._size is not None:
                    self._file.truncate(self._size + content.rfind(b"\n", 0, done) + 1)
                raise
            if self._size is not None:
                self._size += len(content)

    def close(self) -> None:
        """Closes what was opened."""
        self._file.close()
