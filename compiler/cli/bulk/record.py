"""The record beside an output of many messages: how much of the input is done, by which settings, and what came of it.

`--resume` reads it to go on with the same input and the same settings. It holds sizes, counts and digests only, nothing
of the messages or of the options. It may lag behind the output, never the other way round, unless the machine lost
power.
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
_LONGEST = 1 << 16  # bytes, far more than a record has

NOTHING = sha256().hexdigest()
"""The digest of no input."""


@dataclass(frozen=True, slots=True)
class Record:
    """What was done: whole lines of the input, and the output they gave.

    `settings` has a digest for each setting by its name, `input_digest` is the SHA-256 of the first `input_size` bytes
    of the input, `output_size` the bytes of the output that belong to them, and `counts` what they came to.
    """

    settings: Mapping[str, str]
    input_size: int = 0
    input_digest: str = NOTHING
    output_size: int = 0
    counts: BulkCounts = field(default_factory=BulkCounts)


def record_path(output: str) -> str:
    """Where the record of an output is: beside the file itself, also where `output` is a link to it."""
    return f"{os.path.realpath(output) if os.path.islink(output) else output}.state.json"


def hash_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """A digest for each setting, whose values are plain JSON."""
    return {name: sha256(json.dumps(value).encode()).hexdigest() for name, value in settings.items()}


def read_record(path: str) -> Record | None:
    """The record in a file, or None where there is no such file.

    Raises UsageError where it is another file, which must not be lost, or a record of another version.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(_LONGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(describe_error(error)) from error
    with suppress(ValueError, RecursionError, LookupError, TypeError, AttributeError):
        found = json.loads(content)
        if found["kind"] == _KIND and found["version"] == _VERSION:
            return Record(
                {str(name): str(digest) for name, digest in found["settings"].items()},
                _size(found["input"]["bytes"]),
                str(found["input"]["sha256"]),
                _size(found["output"]["bytes"]),
                BulkCounts(**{name: _size(count) for name, count in found["counts"].items()}),
            )
    raise UsageError(
        f"{escape_control_characters(path)} must be the record of an earlier run, got something else: "
        "move it away, and use --overwrite to compile everything again"
    )


def _size(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def write_record(path: str, record: Record, mode: int) -> None:
    """Puts a record in the place of an earlier one, at once. Raises UsageError where it cannot."""
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
        os.chmod(part, mode)  # whatever the umask takes away
        os.replace(part, path)
    except BaseException as error:  # a signal too
        with suppress(OSError):
            os.unlink(part)
        if isinstance(error, OSError):
            raise UsageError(f"{escape_control_characters(path)}: {error.strerror}") from error
        raise
