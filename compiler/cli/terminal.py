"""Reads files and standard input, and writes to stdout and stderr, for the command lines."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

from compiler.cli.arguments import UsageError
from compiler.json_io.control_characters import escape_control_characters


def read(name: str) -> bytes:
    """Reads a file, or standard input for `-`. Raises OSError, and ValueError if standard input is closed."""
    if name != "-":
        with open(name, "rb") as file:
            return file.read()
    if sys.stdin is None:
        raise ValueError("standard input is closed")
    return sys.stdin.buffer.read()


def supports_color(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that supports colors, and NO_COLOR (no-color.org) is not set."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream is not None and not stream.closed and stream.isatty()


def describe_error(error: Exception) -> str:
    """The cause of an error, on one line, with control characters escaped."""
    if isinstance(error, OSError) and error.filename is not None:
        return escape_control_characters(f"{error.filename or repr('')}: {error.strerror}")
    return escape_control_characters(str(error.strerror if isinstance(error, OSError) else error))


def print_lines(text: str) -> None:
    """Writes text and a line break to stdout. Raises UsageError if it cannot be written."""
    if sys.stdout is None:
        raise UsageError("standard output is closed")
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    except OSError as error:
        discard_stdout()
        if not isinstance(error, BrokenPipeError):  # the reader has closed the pipe, which is not an error
            raise UsageError(f"standard output: {describe_error(error)}") from error


def discard_stdout() -> None:
    """Redirects stdout to the null device, so that Python does not retry writing its buffer at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_stderr(text: str) -> None:
    """Writes to stderr if it is open; otherwise the exit status is the only report."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        buffer = getattr(sys.stderr, "buffer", None)
        if buffer is None:  # stderr was replaced by a text stream
            sys.stderr.write(f"{text}\n")
            return
        remaining = memoryview(f"{text}\n".encode(sys.stderr.encoding, "backslashreplace"))
        while remaining:  # with PYTHONUNBUFFERED, a signal can interrupt a long write
            remaining = remaining[buffer.write(remaining) :]
        sys.stderr.flush()
