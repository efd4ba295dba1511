"""The input and output files of a bulk run: reads and writes complete lines, whatever interrupts it."""

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

_CHUNK_SIZE = 1 << 18  # bytes
_OVERWRITE_HINT = "use --overwrite to compile everything again"


class StoppedError(BaseException):
    """A signal asks the run to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Signals:
    """Turns SIGINT and SIGTERM into StoppedError, and defers them during work that must not be interrupted."""

    def __init__(self) -> None:
        self._is_deferred = False
        self._pending: int | None = None

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Within the context, signals raise StoppedError; ignored signals (as under nohup) stay ignored."""
        previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        previous = {number: handler for number, handler in previous.items() if handler != signal.SIG_IGN}
        try:
            for number in previous:
                signal.signal(number, self._handle)
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    @contextmanager
    def deferred(self, is_deferred: bool = True) -> Iterator[None]:
        """Within the context, signals are deferred until its end or a `check`; with False, they raise immediately."""
        previous, self._is_deferred = self._is_deferred, is_deferred
        try:
            if not is_deferred:
                self.check()
            yield
        finally:
            self._is_deferred = previous
        self.check()

    def check(self) -> None:
        """Raises StoppedError if a signal is pending."""
        if self._pending is not None:
            raise StoppedError(self._pending)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._pending = number
        if not self._is_deferred:
            raise StoppedError(number)


def open_input(name: str) -> FileIO:
    """Opens a file, or standard input for `-`, unbuffered. Raises UsageError."""
    if name == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed")
        # Bypass its buffer, whose lock a thread waiting for input would never release.
        return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    try:
        return open(name, "rb", buffering=0)
    except OSError as error:
        raise UsageError(describe_error(error)) from error


def regular_file_size(file: FileIO) -> int | None:
    """The size of a regular file in bytes; None for other files."""
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def read_chunks(file: FileIO, first: int = 1) -> Iterator[Chunk]:
    """Reads the lines of a file from its position, as they become available; the last may lack its line break.

    `first` is the number of the first line. Raises UsageError if the file cannot be read.
    """
    number, parts = first, [b""]
    while True:
        content = _read(file, _CHUNK_SIZE)
        if content and b"\n" not in content:
            parts.append(content)  # joined once, because a line may have many megabytes
            continue
        complete, end, partial_line = content.rpartition(b"\n")
        lines = b"".join([*parts, complete, end])
        parts = [partial_line]
        if lines:
            yield Chunk(number, lines)
            number += lines.count(b"\n")
        if not content:
            break


def _read(file: FileIO, size: int) -> bytes:
    """Reads the available bytes, up to `size`; nothing at the end of the file. Raises UsageError."""
    while True:
        try:
            content = file.read(size)
        except OSError as error:
            raise UsageError(describe_error(error)) from error
        if content is not None:
            return content
        select([file], [], [])  # another process that shares the file made it non-blocking


class Output:
    """The output file, or standard output for `-`. A regular file always ends with a complete line.

    A file opened by name has a record next to it (see `record`). For it, pass the input lines through `track_input`,
    and call `write_progress` after each `write`.
    """

    def __init__(
        self, name: str, source: FileIO, settings: Mapping[str, str], *, resumes: bool, overwrites: bool
    ) -> None:
        """Opens the output. Raises UsageError if it cannot be opened, or would overwrite something.

        `settings` maps names to digests, for the record. If the output `resumes`, the completed part of the source is
        read, and `completed` has its counts.
        """
        self.name = "standard output" if name == "-" else escape_control_characters(name)
        self._record = Record(settings)
        self._record_path: str | None = None
        self._digest = sha256()  # of the input so far
        self._tracked: deque[tuple[int, str] | None] = deque()  # input size and digest after each pending chunk
        try:
            self._file = _open_output(name)
            size = regular_file_size(self._file)
            self.is_regular = size is not None
            if size is not None and os.path.samestat(os.fstat(self._file.fileno()), os.fstat(source.fileno())):
                raise UsageError(f"{self.name}: the output is the input file")
            if size is not None and name != "-":
                self._prepare(name, size, source, resumes=resumes, overwrites=overwrites)
        except OSError as error:
            raise UsageError(describe_error(error)) from error

    @property
    def completed(self) -> BulkCounts:
        """The counts of the recorded lines, of this run and earlier ones."""
        return self._record.counts

    def _prepare(self, name: str, size: int, source: FileIO, *, resumes: bool, overwrites: bool) -> None:
        if size and not resumes and not overwrites:
            raise UsageError(
                f"{self.name}: file exists and is not empty; use --resume to continue or --overwrite to replace it"
            )
        if not _acquire_lock(self._file):
            raise UsageError(f"{self.name}: another process is writing to this file")
        path = record_path(name)
        record = read_record(path)
        if size and resumes:
            if record is None:
                raise UsageError(
                    f"cannot resume: the record {escape_control_characters(path)} is missing; {_OVERWRITE_HINT}"
                )
            self._check_settings(record)
            if record.output_size <= size:
                self._skip_completed(source, record)
                self._record = record
            else:  # the counts of the remaining lines are unknown
                print_stderr(f"{self.name}: the file is shorter than recorded; compiling everything again")
        self._record_path = path
        self._write_record()  # before truncating, so that nothing is lost if it fails
        self._file.truncate(self._record.output_size)
        self._file.seek(self._record.output_size)

    def _check_settings(self, record: Record) -> None:
        old, new = record.settings, self._record.settings
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if changed:
            raise UsageError(
                f"{self.name}: cannot resume: changed since the earlier run: {', '.join(changed)}; {_OVERWRITE_HINT}"
            )

    def _skip_completed(self, source: FileIO, record: Record) -> None:
        """Reads the completed part of the input. Raises UsageError if it has changed."""
        remaining = record.input_size
        while remaining and (content := _read(source, min(remaining, _CHUNK_SIZE))):
            self._digest.update(content)
            remaining -= len(content)
        reason = ""
        if remaining:
            reason = f"the input is {remaining:,} bytes shorter than the part already compiled"
        elif self._digest.hexdigest() != record.input_digest:
            reason = f"the first {record.input_size:,} bytes of the input have changed"
        if reason:
            raise UsageError(f"{self.name}: cannot resume: {reason} (is this the right input file?); {_OVERWRITE_HINT}")

    def track_input(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yields the chunks unchanged, and notes them for the record. May run in another thread."""
        size = self._record.input_size
        for chunk in chunks:
            if self._record_path is not None:
                self._digest.update(chunk.content)
                size += len(chunk.content)
                # A last line without its line break may grow, so it is not recorded as completed.
                self._tracked.append((size, self._digest.hexdigest()) if chunk.content.endswith(b"\n") else None)
            yield chunk

    def write_progress(self, counts: BulkCounts) -> None:
        """Records that the next chunk was written, with its counts. Raises UsageError."""
        if self._record_path is None:
            return
        tracked = self._tracked.popleft()
        if tracked is not None:
            self._record = Record(self._record.settings, *tracked, self._file.tell(), self.completed + counts)
            self._write_record()

    def _write_record(self) -> None:
        if self._record_path is not None:
            mode = stat.S_IMODE(os.fstat(self._file.fileno()).st_mode)
            write_record(self._record_path, self._record, mode)

    def write(self, content: bytes) -> None:
        """Writes complete lines. Raises BrokenPipeError, and UsageError for other errors.

        After an error, a regular file keeps the complete lines that were written.
        """
        position = 0
        try:
            while position < len(content):
                count = self._file.write(memoryview(content)[position:])
                if count is None:  # another process that shares the file made it non-blocking
                    select([], [self._file], [])
                position += count or 0
        except BrokenPipeError:
            raise
        except OSError as error:
            self._remove_partial_line(size=position - content.rfind(b"\n", 0, position) - 1)
            raise UsageError(f"{self.name}: {describe_error(error)}") from error

    def _remove_partial_line(self, *, size: int) -> None:
        # If this is standard output, another process may have written after us; do not truncate that.
        if size and self.is_regular and self._file.tell() == regular_file_size(self._file):
            self._file.truncate(self._file.tell() - size)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def _open_output(name: str) -> FileIO:
    if name == "-":
        if sys.stdout is None:
            raise UsageError("standard output is closed")
        return open(sys.stdout.fileno(), "wb", buffering=0, closefd=False)
    with suppress(OSError):
        if not stat.S_ISREG(os.stat(name).st_mode):
            # Write-only: if we also held the reading end, a pipe would never report that its reader is gone.
            return open(name, "wb", buffering=0)
    return open(name, "r+b", buffering=0, opener=lambda path, flags: os.open(path, flags | os.O_CREAT, 0o666))


def _acquire_lock(file: FileIO) -> bool:
    """Locks a file; False if another process holds the lock. Succeeds where files cannot be locked."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        pass
    return True
