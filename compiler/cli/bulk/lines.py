"""Lines of messages to lines of output: what one process does with a chunk of a file, bytes in and bytes out.

Nothing is read or printed here, and nothing is known of other chunks, so that any process can do it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from typing import Any

from compiler.pipeline.compile import compile_text, safely
from compiler.pipeline.targets import Target, load_target, named_target, target_names
from compiler.results import Diagnostic, Result


@dataclass(frozen=True, slots=True)
class BulkSettings:
    """How lines are compiled: the name of the file in diagnostics, and what is asked for."""

    name: str
    target: str
    options: dict[str, Any] = field(hash=False)
    whole_results: bool
    color: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of a file, and the number of the first."""

    first: int
    content: bytes


@dataclass(frozen=True, slots=True)
class BulkCounts:
    """How many lines there were, and of these how many gave a payload, one that still needs something, and none."""

    lines: int = 0
    payloads: int = 0
    unmet: int = 0
    errors: int = 0

    def __add__(self, other: BulkCounts) -> BulkCounts:
        return BulkCounts(
            self.lines + other.lines,
            self.payloads + other.payloads,
            self.unmet + other.unmet,
            self.errors + other.errors,
        )


@dataclass(frozen=True, slots=True)
class CompiledChunk:
    """What became of a chunk: a line for each of its lines, and what is to be said of them."""

    output: bytes
    told: str
    counts: BulkCounts
    size: int


@cache
def cached_target(name: str) -> Target:
    """A target by name, or by folder, loaded once in each process."""
    return load_target(name) if _is_folder(name) else named_target(name)


def target_digest(name: str) -> str:
    """What tells a target from another: its name, or the SHA-256 of the files in its folder. Raises OSError."""
    if not _is_folder(name):
        return name
    digest = sha256()
    for file in sorted(each for each in os.listdir(name) if each.endswith(".json")):
        with open(os.path.join(name, file), "rb") as opened:
            content = opened.read()
        digest.update(f"{file!r} {len(content)}\n".encode("utf-8", "backslashreplace") + content)
    return digest.hexdigest()


def _is_folder(name: str) -> bool:
    return name not in target_names() and os.path.isdir(name)


def compile_chunk(chunk: Chunk, settings: BulkSettings) -> CompiledChunk:
    """Compiles each line: its payload (or, with `whole_results`, its result), or null where there is none."""
    target = cached_target(settings.target)
    output: list[str] = []
    told: list[str] = []
    payloads = unmet = errors = 0
    lines = chunk.content.split(b"\n")
    if not lines[-1]:
        lines.pop()  # what follows the last line's end is no line
    for number, line in enumerate(lines, chunk.first):
        if not line.strip(b" \t\r"):
            output.append("null")
            continue
        result = safely(partial(compile_text, line, target, settings.options))
        output.append(_line(result.to_dict() if settings.whole_results else result.output))
        if result.errors:
            errors += 1
        else:
            payloads += 1
            unmet += bool(result.requires)
        if result.errors or result.warnings or result.requires:
            told += _told(result, settings.name, number, color=settings.color)
    text = "".join(f"{each}\n" for each in output)
    counts = BulkCounts(len(lines), payloads, unmet, errors)
    return CompiledChunk(text.encode("utf-8", "backslashreplace"), "\n".join(told), counts, len(chunk.content))


def applies_to_all_lines(each: Diagnostic) -> bool:
    """Whether a diagnostic is about the options alone, and so the same for all lines: it is told once, before."""
    return each.document == "options" and each.params.get("reason") == "unknown-feature"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _told(result: Result, name: str, number: int, *, color: bool) -> Iterator[str]:
    """What is to be said of a line, without the line itself: there may be a million of them."""
    from compiler.cli.diagnostics import describe_requirement, style
    from compiler.json_io.control_characters import escape_control_characters

    place = style(f"{escape_control_characters(name)}:{number}:", "place", color=color)
    for each in (*result.errors, *result.warnings):
        if applies_to_all_lines(each):
            continue
        yield f"{place} {_headline(each, color=color)}"
        if each.hint:
            yield f"{style('    =', 'margin', color=color)} hint: {escape_control_characters(each.hint)}"
    for requirement in result.requires:
        yield f"{place} {describe_requirement(requirement)}"


def _headline(each: Diagnostic, *, color: bool) -> str:
    from compiler.cli.diagnostics import style
    from compiler.json_io.control_characters import escape_control_characters

    document = "" if each.document == "message" else f"{each.document} "
    at = f"{each.code} at {document}{escape_control_characters(each.path)}" if each.path or document else each.code
    severity = style(f"{each.severity}:", each.severity, color=color)
    return f"{severity} {style(f'{at}: {escape_control_characters(each.message)}', 'text', color=color)}"
