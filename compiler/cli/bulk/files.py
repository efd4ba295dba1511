"""The files of many messages: whole lines in, as many as there are now, and whole lines out, whatever happens.

What stands in the lines means nothing here.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import FileIO
from select import select
from types import FrameType

from compiler.cli.arguments import UsageError
from compiler.cli.bulk.lines import BulkCounts, Chunk
from compiler.cli.bulk.record import Record, read_record, record_path, write_record
from compiler.cli.terminal import describe_error, print_stderr
from compiler.json_io.control_characters import escape_control_characters

_SIZE = 1 << 18  # bytes of lines compiled at a time
_AGAIN = "use --overwrite to compile everything again"


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
    def deferred(self, holds: bool = True) -> Iterator[None]:
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


def open_input(name: str) -> FileIO:
    """The file, or standard input for `-`, unbuffered. Raises UsageError."""
    if name == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed")
        # Not through its buffer, whose lock a thread that waits for input would hold for ever.
        return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    try:
        return open(name, "rb", buffering=0)
    except OSError as error:
        raise UsageError(describe_error(error)) from error


def regular_file_size(file: FileIO) -> int | None:
    """How many bytes a regular file has; None for anything else."""
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def read_chunks(file: FileIO, first: int = 1) -> Iterator[Chunk]:
    """The lines of a file from where it stands, as they become there; the last may lack its end.

    `first` is the number of the first line. Raises UsageError where the file cannot be read.
    """
    number, parts = first, [b""]
    while True:
        content = _read(file, _SIZE)
        if content and b"\n" not in content:
            parts.append(content)  # a line of many megabytes is joined once
            continue
        whole, end, rest = content.rpartition(b"\n")
        lines = b"".join([*parts, whole, end])
        parts = [rest]
        count = lines.count(b"\n") + (not content and bool(lines))
        if lines:
            yield Chunk(number, lines)
            number += count
        if not content:
            break


def _read(file: FileIO, size: int) -> bytes:
    """What is there now, of so many bytes at most; nothing at the end. Raises UsageError."""
    while True:
        try:
            content = file.read(size)
        except OSError as error:
            raise UsageError(describe_error(error)) from error
        if content is not None:
            return content
        select([file], [], [])  # another process that shares it has made it non-blocking


class Output:
    """Where the lines go: a file, or standard output for `-`. Of a regular file, every line stays whole.

    Beside a file there is a record of what was done (`bulk_record`). For it, the lines of the input go through `seen`,
    and `keep` follows each `write`.
    """

    def __init__(
        self, name: str, source: FileIO, settings: Mapping[str, str], *, resumes: bool, overwrites: bool
    ) -> None:
        """Opens it. Raises UsageError where that cannot be, or would destroy something.

        `settings` are digests by name, for the record. Where the output `resumes`, what is done of the source is read,
        and `before` is what it came to.
        """
        self.name = "standard output" if name == "-" else escape_control_characters(name)
        self._record = Record(settings)
        self._record_path: str | None = None
        self._digest = sha256()  # of the input so far
        self._seen: deque[tuple[int, str] | None] = deque()  # for each chunk under way what the record will say of it
        try:
            self._file = _open_output(name)
            size = regular_file_size(self._file)
            self.is_regular = size is not None
            if size is not None and os.path.samestat(os.fstat(self._file.fileno()), os.fstat(source.fileno())):
                raise UsageError(f"{self.name}: this is the input")
            if size is not None and name != "-":
                self._begin(name, size, source, resumes=resumes, overwrites=overwrites)
        except OSError as error:
            raise UsageError(describe_error(error)) from error

    @property
    def before(self) -> BulkCounts:
        """What was done until now, by this run or earlier ones, as far as it is in the record."""
        return self._record.counts

    def _begin(self, name: str, size: int, source: FileIO, *, resumes: bool, overwrites: bool) -> None:
        if size and not resumes and not overwrites:
            raise UsageError(f"{self.name}: the file is not empty: --resume goes on with it, --overwrite replaces it")
        if not _acquire_lock(self._file):
            raise UsageError(f"{self.name}: another process is writing it")
        path = record_path(name)
        found = read_record(path)
        if size and resumes:
            if found is None:
                raise UsageError(f"cannot resume: the record {escape_control_characters(path)} is missing; {_AGAIN}")
            self._check_settings(found)
            if found.output_size <= size:
                self._skip(source, found)
                self._record = found
            else:  # nobody knows what the lines left came to
                print_stderr(f"{self.name}: the file is shorter than its record says, and everything is compiled again")
        self._record_path = path
        self._write_record()  # first, for where that cannot be, nothing may be lost
        self._file.truncate(self._record.output_size)
        self._file.seek(self._record.output_size)

    def _check_settings(self, found: Record) -> None:
        given = self._record.settings
        others = [name for name in {**found.settings, **given} if found.settings.get(name) != given.get(name)]
        if others:
            got = " and another ".join(others)
            raise UsageError(f"{self.name}: the options must be those of the earlier run, got another {got}: {_AGAIN}")

    def _skip(self, source: FileIO, found: Record) -> None:
        """Reads what is done of the input. Raises UsageError where it is no longer what it was."""
        left = found.input_size
        while left and (content := _read(source, min(left, _SIZE))):
            self._digest.update(content)
            left -= len(content)
        told = ""
        if left:
            told = f"the input must have at least the {found.input_size:,} bytes that are done, got {left:,} fewer"
        elif self._digest.hexdigest() != found.input_digest:
            told = f"the first {found.input_size:,} bytes of the input must be those of the earlier run, got others"
        if told:
            raise UsageError(f"{self.name}: {told}: {_AGAIN}")

    def seen(self, lines: Iterable[Chunk]) -> Iterator[Chunk]:
        """The chunks as they are, noted for the record. Another thread may take them."""
        size = self._record.input_size
        for chunk in lines:
            if self._record_path is not None:
                self._digest.update(chunk.content)
                size += len(chunk.content)
                # A last line without its end may go on, so it is done again.
                self._seen.append((size, self._digest.hexdigest()) if chunk.content.endswith(b"\n") else None)
            yield chunk

    def keep(self, counts: BulkCounts) -> None:
        """Records that the next chunk was written, and what it came to. Raises UsageError where it cannot."""
        if self._record_path is None:
            return
        seen = self._seen.popleft()
        if seen is not None:
            self._record = Record(self._record.settings, *seen, self._file.tell(), self.before + counts)
            self._write_record()

    def _write_record(self) -> None:
        if self._record_path is not None:
            mode = stat.S_IMODE(os.fstat(self._file.fileno()).st_mode)
            write_record(self._record_path, self._record, mode)

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
            raise UsageError(f"{self.name}: {describe_error(error)}") from error

    def _keep_whole_lines(self, *, torn: int) -> None:
        # Where it is standard output, somebody else may have written after us: that is not ours to cut.
        if torn and self.is_regular and self._file.tell() == regular_file_size(self._file):
            self._file.truncate(self._file.tell() - torn)

    def close(self) -> None:
        """Closes what was opened."""
        self._file.close()


def _open_output(name: str) -> FileIO:
    if name == "-":
        if sys.stdout is None:
            raise UsageError("standard output: it is closed")
        return open(sys.stdout.fileno(), "wb", buffering=0, closefd=False)
    with suppress(OSError):
        if not stat.S_ISREG(os.stat(name).st_mode):
            # For writing only: as long as we could read it ourselves, a pipe would never tell that its reader is gone.
            return open(name, "wb", buffering=0)
    return open(name, "r+b", buffering=0, opener=lambda path, flags: os.open(path, flags | os.O_CREAT, 0o666))


def _acquire_lock(file: FileIO) -> bool:
    """Whether nobody else is writing a file in this way; where files cannot be locked, it is."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        pass
    return True
