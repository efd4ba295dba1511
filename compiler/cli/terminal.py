"""Files, standard input and output, and the terminal, as the command lines use them.

What is read or written means nothing here.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

from compiler.cli.arguments import UsageError
from compiler.json_io.control_characters import escape_control_characters


def read(name: str) -> bytes:
    """The content of a file, or of standard input for `-`. Raises OSError, and ValueError where that is closed."""
    if name != "-":
        with open(name, "rb") as file:
            return file.read()
    if sys.stdin is None:
        raise ValueError("standard input is closed")
    return sys.stdin.buffer.read()


def supports_color(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that shows colors, and whose owner has nothing against them (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream is not None and not stream.closed and stream.isatty()


def describe_error(error: Exception) -> str:
    """Why something failed, as one harmless line."""
    if isinstance(error, OSError) and error.filename is not None:
        return escape_control_characters(f"{error.filename or repr('')}: {error.strerror}")
    return escape_control_characters(str(error.strerror if isinstance(error, OSError) else error))


def print_lines(text: str) -> None:
    """Writes lines to stdout, all of them, or says why not by UsageError."""
    if sys.stdout is None:
        raise UsageError("standard output: it is closed")
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    except OSError as error:
        discard_stdout()
        if not isinstance(error, BrokenPipeError):  # else whoever read it has seen enough
            raise UsageError(f"standard output: {describe_error(error)}") from error


def discard_stdout() -> None:
    """Lets what is still buffered for stdout go nowhere, or Python would try again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_stderr(text: str) -> None:
    """Writes to stderr, where there is somebody to tell; the exit status says the rest."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        buffer = getattr(sys.stderr, "buffer", None)
        if buffer is None:  # somebody has put a stream of text in its place
            sys.stderr.write(f"{text}\n")
            return
        left = memoryview(f"{text}\n".encode(sys.stderr.encoding, "backslashreplace"))
        while left:  # under PYTHONUNBUFFERED a signal cuts a long text, and nobody else writes the rest
            left = left[buffer.write(left) :]
        sys.stderr.flush()
