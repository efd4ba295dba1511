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
from io import FileIO
from select import select
from types import FrameType

from compiler._visible import visible
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
    """SIGINT and SIGTERM as StoppedError, but not while something is done that has to be done whole."""

    def __init__(self) -> None:
        self._holds = False
        self._waiting: int | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While it is open, the signals raise; what is ignored, as under nohup, stays so."""
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        before = {number: handler for number, handler in before.items() if handler != signal.SIG_IGN}
        try:
            for number in before:
                signal.signal(number, self._stop)
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self, holds: bool = True) -> Iterator[None]:
        """While it is open, they wait until its end or a `check`; or they do not, within another one where they do."""
        before, self._holds = self._holds, holds
        try:
            if not holds:
                self.check()
            yield
        finally:
            self._holds = before
        self.check()

    def check(self) -> None:
        """Raises StoppedError where a signal waits."""
        if self._waiting is not None:
            raise StoppedError(self._waiting)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._waiting = number
        if not self._holds:
            raise StoppedError(number)


def opened_input(name: str) -> FileIO:
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


def size_of(file: FileIO) -> int | None:
    """How many bytes a regular file has; None for anything else."""
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def chunks(file: FileIO, skipped: int = 0) -> Iterator[Chunk]:
    """The lines of a file but for the first ones, as they become there; the last may lack its end.

    Raises UsageError where the file has fewer lines than are to be skipped, or cannot be read.
    """
    number, parts = 1, [b""]
    while True:
        try:
            content = file.read(_SIZE)  # what is there now, be it less
        except OSError as error:
            raise UsageError(reason(error)) from error
        if content is None:  # whoever shares it with us has made it non-blocking
            select([file], [], [])
            continue
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

    def __init__(self, name: str, source: FileIO, *, resumes: bool, overwrites: bool) -> None:
        """Opens it. Raises UsageError where that cannot be, or would destroy something.

        `lines` is how many whole lines are there already, where the output `resumes`.
        """
        self.name = "standard output" if name == "-" else visible(name)
        self.lines = 0
        try:
            self._file = _opened_output(name)
            size = size_of(self._file)
            self.is_regular = size is not None
            if size is not None and os.path.samestat(os.fstat(self._file.fileno()), os.fstat(source.fileno())):
                raise UsageError(f"{self.name}: this is the input")
            if size is not None and name != "-":
                self._begin(size, resumes=resumes, overwrites=overwrites)
        except OSError as error:
            raise UsageError(reason(error)) from error

    def _begin(self, size: int, *, resumes: bool, overwrites: bool) -> None:
        if size and not resumes and not overwrites:
            raise UsageError(
                f"{self.name}: there is something in it: --resume goes on with it, --overwrite begins anew"
            )
        if not _is_ours(self._file):
            raise UsageError(f"{self.name}: another process is writing it")
        whole = 0
        if size and resumes:
            while content := self._file.read(_SIZE):
                self.lines += content.count(b"\n")
                end = content.rfind(b"\n") + 1
                whole = self._file.tell() - len(content) + end if end else whole
        self._file.truncate(whole)
        self._file.seek(whole)

    def write(self, content: bytes) -> None:
        """Writes whole lines. Raises BrokenPipeError, and UsageError where it cannot write.

        Of what was written until then, a regular file keeps the whole lines.
        """
        done = 0
        try:
            while done < len(content):
                written = self._file.write(memoryview(content)[done:])
                if written is None:  # whoever shares it with us has made it non-blocking
                    select([], [self._file], [])
                done += written or 0
        except BrokenPipeError:
            raise
        except OSError as error:
            self._keep_whole_lines(torn=done - content.rfind(b"\n", 0, done) - 1)
            raise UsageError(f"{self.name}: {reason(error)}") from error

    def _keep_whole_lines(self, *, torn: int) -> None:
        # Where it is standard output, somebody else may have written after us: that is not ours to cut.
        if torn and self.is_regular and self._file.tell() == size_of(self._file):
            self._file.truncate(self._file.tell() - torn)

    def close(self) -> None:
        """Closes what was opened."""
        self._file.close()


def _opened_output(name: str) -> FileIO:
    if name == "-":
        if sys.stdout is None:
            raise UsageError("standard output: it is closed")
        return open(sys.stdout.fileno(), "wb", buffering=0, closefd=False)
    with suppress(OSError):
        if not stat.S_ISREG(os.stat(name).st_mode):
            # For writing only: as long as we could read it ourselves, a pipe would never tell that its reader is gone.
            return open(name, "wb", buffering=0)
    return open(name, "r+b", buffering=0, opener=lambda path, flags: os.open(path, flags | os.O_CREAT, 0o666))


def _is_ours(file: FileIO) -> bool:
    """Whether nobody else is writing a file in this way; where files cannot be locked, it is."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        pass
    return True
