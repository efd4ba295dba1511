"""Compiles a chunk of a file, bytes to bytes. It needs nothing but the chunk, so that any process can do it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from compiler.pipeline.compile import compile_text, safely
from compiler.pipeline.target_files import TargetFolder
from compiler.pipeline.targets import Target, find_target, is_target_folder, requested_backend
from compiler.results import Diagnostic, Result


@dataclass(frozen=True, slots=True)
class BulkSettings:
    """How to compile lines; `name` is the input file's name in diagnostics, `target` a name or a folder."""

    name: str
    target: str
    options: dict[str, Any] = field(hash=False)
    whole_results: bool
    color: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """Complete lines of a file; `first` is the number of the first line."""

    first: int
    content: bytes


@dataclass(frozen=True, slots=True)
class BulkCounts:
    """Numbers of lines: all, those with a payload, those whose payload is incomplete, and those with errors."""

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
    """An output line for each line of a chunk, and its diagnostics and requirements as text.

    `size` is that of the chunk, in bytes.
    """

    output: bytes
    stderr_text: str
    counts: BulkCounts
    size: int
    has_diagnostics: bool


@cache
def cached_target(name: str) -> Target:
    """A target by name or folder, loaded once per process."""
    target = find_target(name)
    choice = requested_backend(os.environ)
    return target if choice is None else replace(target, choice=choice)


def target_digest(name: str) -> str:
    """Identifies a target: its name, or a hash of the files in its folder. Raises RulesetError and OSError."""
    return TargetFolder(name).fingerprint() if is_target_folder(name) else name


def compile_chunk(chunk: Chunk, settings: BulkSettings) -> CompiledChunk:
    """Compiles each line to its payload (with `whole_results`, to its result), or to null if there is none."""
    target = cached_target(settings.target)
    output: list[str] = []
    stderr_lines: list[str] = []
    payloads = unmet = errors = 0
    has_diagnostics = False
    lines = chunk.content.split(b"\n")
    if not lines[-1]:
        lines.pop()  # the text after the last line break is not a line
    for number, line in enumerate(lines, chunk.first):
        if not line.strip(b" \t\r"):
            output.append("null")
            continue
        result = safely(partial(compile_text, line, target, settings.options))
        output.append(_json_line(result.to_dict() if settings.whole_results else result.output))
        if result.errors:
            errors += 1
        else:
            payloads += 1
            unmet += bool(result.requires)
        has_diagnostics |= bool(result.errors or result.warnings)
        if result.errors or result.warnings or result.requires:
            stderr_lines += _format_result(result, settings.name, number, color=settings.color)
    text = "".join(f"{line}\n" for line in output)
    counts = BulkCounts(len(lines), payloads, unmet, errors)
    encoded, stderr_text = text.encode("utf-8", "backslashreplace"), "\n".join(stderr_lines)
    return CompiledChunk(encoded, stderr_text, counts, len(chunk.content), has_diagnostics)


def applies_to_all_lines(diagnostic: Diagnostic) -> bool:
    """Whether a diagnostic depends on the options alone; it is then reported once, before the first line."""
    return diagnostic.document == "options" and diagnostic.params.get("reason") == "unknown-feature"


def _json_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _format_result(result: Result, name: str, number: int, *, color: bool) -> Iterator[str]:
    """The diagnostics and requirements of a line, without its text, to stay short for a million lines."""
    from compiler.cli.diagnostics import describe_requirement, style
    from compiler.json_io.control_characters import escape_control_characters

    position = style(f"{escape_control_characters(name)}:{number}:", "position", color=color)
    for diagnostic in (*result.errors, *result.warnings):
        if applies_to_all_lines(diagnostic):
            continue
        yield f"{position} {_headline(diagnostic, color=color)}"
        if diagnostic.hint:
            yield f"{style('    =', 'margin', color=color)} hint: {escape_control_characters(diagnostic.hint)}"
    for requirement in result.requires:
        yield f"{position} {describe_requirement(requirement)}"


def _headline(diagnostic: Diagnostic, *, color: bool) -> str:
    from compiler.cli.diagnostics import style
    from compiler.json_io.control_characters import escape_control_characters

    document = "" if diagnostic.document == "message" else f"{diagnostic.document} "
    at = f" at {document}{diagnostic.path}" if diagnostic.path or document else ""
    severity = style(f"{diagnostic.severity}:", diagnostic.severity, color=color)
    text = escape_control_characters(f"{diagnostic.code}{at}: {diagnostic.message}")
    return f"{severity} {style(text, 'text', color=color)}"
