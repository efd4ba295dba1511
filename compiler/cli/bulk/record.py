"""The record of a bulk run, next to its output: how much of the input is done, with which settings, and the counts.

`--resume` reads it to continue with the same input and settings. It contains sizes, counts and digests only, nothing
of the messages or options. It may lag behind the output but is never ahead of it, except after a power failure.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from compiler.cli.arguments import UsageError
from compiler.cli.bulk.lines import BulkCounts
from compiler.cli.terminal import describe_error
from compiler.json_io.control_characters import escape_control_characters

_KIND, _VERSION = "payload-compiler bulk run", 1
_MAX_SIZE = 1 << 16  # bytes, far more than any record needs

EMPTY_DIGEST = sha256().hexdigest()
"""The digest of an empty input."""


@dataclass(frozen=True, slots=True)
class Record:
    """The completed lines of the input, and their output.

    `settings` maps the name of each setting to its digest, `input_digest` is the SHA-256 of the first `input_size`
    bytes of the input, `output_size` the number of output bytes for them, and `counts` their counts.
    """

    settings: Mapping[str, str]
    input_size: int = 0
    input_digest: str = EMPTY_DIGEST
    output_size: int = 0
    counts: BulkCounts = field(default_factory=BulkCounts)


def record_path(output: str) -> str:
    """The path of the record: next to the output file, or next to the link's target if `output` is a link."""
    return f"{os.path.realpath(output) if os.path.islink(output) else output}.state.json"


def hash_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """A digest of each setting; the values are plain JSON."""
    return {name: sha256(json.dumps(value).encode()).hexdigest() for name, value in settings.items()}


def read_record(path: str) -> Record | None:
    """Reads a record; None if there is no such file.

    Raises UsageError for any other file, which must not be overwritten, and for a record of another version.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(_MAX_SIZE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(describe_error(error)) from error
    with suppress(ValueError, RecursionError, LookupError, TypeError, AttributeError):
        record = json.loads(content)
        if record["kind"] == _KIND and record["version"] == _VERSION:
            return Record(
                {str(name): str(digest) for name, digest in record["settings"].items()},
                _check_size(record["input"]["bytes"]),
                str(record["input"]["sha256"]),
                _check_size(record["output"]["bytes"]),
                BulkCounts(**{name: _check_size(count) for name, count in record["counts"].items()}),
            )
    raise UsageError(
        f"{escape_control_characters(path)} is not the record of an earlier run; "
        "move it away, and use --overwrite to compile everything again"
    )


def _check_size(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def write_record(path: str, record: Record, mode: int) -> None:
    """Writes a record with these file permissions, replacing an earlier one atomically. Raises UsageError."""
    content = {
        "kind": _KIND,
        "version": _VERSION,
        "settings": dict(record.settings),
        "input": {"bytes": record.input_size, "sha256": record.input_digest},
        "output": {"bytes": record.output_size},
        "counts": asdict(record.counts),
    }
    part = f"{path}.part"
    try:
        with suppress(FileNotFoundError):
            os.unlink(part)
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(json.dumps(content, indent=1).encode() + b"\n")
        os.chmod(part, mode)  # the umask may have removed permissions
        os.replace(part, path)
    except BaseException as error:  # also a signal
        with suppress(OSError):
            os.unlink(part)
        if isinstance(error, OSError):
            raise UsageError(f"{escape_control_characters(path)}: {error.strerror}") from error
        raise
