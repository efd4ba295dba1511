"""Formats diagnostics for people: a headline with the location, the source line, and a hint.

    message.json:7:23: error: UnsupportedFeature at /tags/1: not supported: multiple tags
      7 |   "tags": ["welcome", "spring"],
        |                       ^^^^^^^^
        = hint: keep one tag, or ignore this feature to use the first
        = see: https://payload-compiler.example/diagnostics/#unsupportedfeature

Nothing is read or printed here; `source_text` locates values. The output is safe to print whatever the documents
contain: control characters, including those that change the direction of text, are escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from compiler.cli.source_text import SourceText, TextLocation, TextSpan
from compiler.json_io.control_characters import escape_control_characters
from compiler.mail.headers import is_header_name
from compiler.results import Diagnostic, Result

_WINDOW = 100  # the columns of a line to show
_AFTER_START = 60  # columns for the value and the text after it, if there is text before it
_TAB = "    "

_STYLES = {"error": "1;31", "warning": "1;33", "position": "1", "text": "1", "margin": "1;34"}

# Diagnostics about an object's key, not its value.
_KEY_CODES = frozenset({"CaseMismatch", "ReservedHeader", "UnknownField", "UnknownProperty", "UnusedData"})
_KEY_REASONS = frozenset({"v3-property", "v3.1-property"})

# The position in messages of Python's json; the headline has it already.
_POSITION_IN_MESSAGE = re.compile(r"(?:(?: starting)? at)?: line \d+,? column \d+\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name and text, or a flag's name and value."""

    name: str
    text: SourceText
    is_flag: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """The message, the sources of the options, and the body if one is decoded; then the message is optional."""

    message: Source | None
    defaults: Source | None = None
    template_sender: Source | None = None
    body: Source | None = None

    @property
    def main(self) -> Source | None:
        """The source that is compiled or decoded."""
        return self.message if self.body is None else self.body

    def resolve(self, document: str, path: str) -> tuple[str, str, Source | None]:
        """The name of the source that a path of a document belongs to, the path in it, and the source, if any."""
        if document != "options":
            source = self.body if document == "body" else self.message
            return document if source is None else source.name, path, source
        first, _, rest = path[1:].partition("/")
        if first == "send_defaults" and self.defaults is not None:
            return self.defaults.name, f"/{rest}" if rest or path.endswith("/") else "", self.defaults
        if first == "template_sender" and self.template_sender is not None:
            return self.template_sender.name, "", self.template_sender
        return "options", path, None


def format_result(result: Result, sources: Sources, *, color: bool) -> str:
    """The errors, warnings and unmet requirements of a result, as lines; empty if there are none."""
    lines = [*format_diagnostics((*result.errors, *result.warnings), sources, color=color)]
    lines += [format_requirement(requirement, sources, color=color) for requirement in result.requires]
    return "\n".join(lines)


def format_diagnostics(diagnostics: Iterable[Diagnostic], sources: Sources, *, color: bool) -> Iterator[str]:
    """Formats each diagnostic, as one or more lines; the first of each code with a link to its documentation."""
    diagnostics = tuple(diagnostics)
    locations = _locate(diagnostics, sources)
    codes: set[str] = set()
    for diagnostic in diagnostics:
        lines = [*_format_diagnostic(diagnostic, sources, locations, color=color)]
        if diagnostic.code not in codes:
            codes.add(diagnostic.code)
            lines.append(_note("see", diagnostic.url, color=color))
        yield "\n".join(lines)


def format_requirement(requirement: Mapping[str, Any], sources: Sources, *, color: bool) -> str:
    """Formats an unmet requirement, as one or more lines."""
    name = "message" if sources.main is None else sources.main.name
    position = style(f"{escape_control_characters(name)}:", "position", color=color)
    text = f"{position} {describe_requirement(requirement)}"
    if requirement["kind"] == "template_sender":
        text += "\n" + _note("hint", "pass --template-sender ADDRESS, or set from_email", color=color)
    return text


def describe_requirement(requirement: Mapping[str, Any]) -> str:
    """An unmet requirement, on one line."""
    details = ", ".join(f"{key} {value}" for key, value in requirement.items() if key != "kind")
    return escape_control_characters(f"the payload still needs: {requirement['kind']} ({details})")


def style(text: str, name: str, *, color: bool) -> str:
    """The text in the style with this name, or unchanged without `color`."""
    return f"\x1b[{_STYLES[name]}m{text}\x1b[0m" if color else text


_Locations = Mapping[int, Mapping[str, TextLocation]]  # by the identity of the source, then by path


def _locate(diagnostics: Iterable[Diagnostic], sources: Sources) -> _Locations:
    """Locates the paths of all diagnostics, in one pass over each text."""
    paths_by_source: dict[int, tuple[Source, list[str]]] = {}
    for diagnostic in diagnostics:
        for pointer in (diagnostic.path, *diagnostic.related):
            _, path, source = sources.resolve(diagnostic.document, pointer)
            if source is not None and not source.is_flag:
                paths_by_source.setdefault(id(source), (source, []))[1].append(path)
    return {identity: source.text.locate(paths) for identity, (source, paths) in paths_by_source.items()}


def _format_diagnostic(
    diagnostic: Diagnostic, sources: Sources, locations: _Locations, *, color: bool
) -> Iterator[str]:
    name, path, source = sources.resolve(diagnostic.document, diagnostic.path)
    span = None if source is None else _find_span(diagnostic, path, source, locations)
    severity = style(f"{diagnostic.severity}:", diagnostic.severity, color=color)
    position = style(_position(name, source, span), "position", color=color)
    subject = f"{diagnostic.code} at {escape_control_characters(path)}" if path else diagnostic.code
    message = diagnostic.message if span is None else _POSITION_IN_MESSAGE.sub("", diagnostic.message)
    yield f"{position} {severity} {style(f'{subject}: {escape_control_characters(message)}', 'text', color=color)}"
    if source is not None and span is not None:
        number = "" if source.is_flag else str(source.text.position(span.start)[0])
        line, underline = format_source_line(source.text, span)
        margin = style(f"{number:>3} |", "margin", color=color)
        yield f"{margin} {line}".rstrip()
        margin = style(f"{'':>{max(3, len(number))}} |", "margin", color=color)
        blank = len(underline) - len(underline.lstrip(" "))
        yield f"{margin} {underline[:blank]}{style(underline[blank:], diagnostic.severity, color=color)}"
    if diagnostic.hint:
        yield _note("hint", diagnostic.hint, color=color)
    for pointer in diagnostic.related:
        yield _note("also", _format_related(pointer, diagnostic, sources, locations), color=color)


def _note(label: str, text: str, *, color: bool) -> str:
    margin, label = style("    =", "margin", color=color), style(f"{label}:", "text", color=color)
    return f"{margin} {label} {escape_control_characters(text)}"


def _position(name: str, source: Source | None, span: TextSpan | None) -> str:
    if source is None or source.is_flag or span is None:
        return f"{escape_control_characters(name)}:"
    line, column = source.text.position(span.start)
    return f"{escape_control_characters(name)}:{line}:{column}:"


def _format_related(pointer: str, diagnostic: Diagnostic, sources: Sources, locations: _Locations) -> str:
    name, path, source = sources.resolve(diagnostic.document, pointer)
    span = None if source is None else _span_at(path, source, locations, is_about_key=False)
    return f"{_position(name, source, span)[:-1]} ({path})"


def _find_span(diagnostic: Diagnostic, path: str, source: Source, locations: _Locations) -> TextSpan | None:
    """The span that a diagnostic points at."""
    reason = diagnostic.params.get("reason")
    if diagnostic.code == "InvalidJSON" and not source.is_flag:
        if reason == "duplicate-key" and path in locations[id(source)]:
            repeated = locations[id(source)][path].repeated_key
            if repeated is not None:
                return repeated
        span = source.text.error_span(str(reason))
        if span is not None:
            return span
    if diagnostic.document == "body" and not path:
        span = source.text.body_error_span()
        if span is not None:
            return span
    return _span_at(path, source, locations, is_about_key=_is_about_key(diagnostic.code, reason, path))


def _is_about_key(code: str, reason: Any, path: str) -> bool:
    parent, _, last = path.rpartition("/")
    # A header with an invalid name is reported for its name.
    has_invalid_name = parent == "/extra_headers" and not is_header_name(last.replace("~1", "/").replace("~0", "~"))
    return code in _KEY_CODES or reason in _KEY_REASONS or has_invalid_name


def _span_at(path: str, source: Source, locations: _Locations, *, is_about_key: bool) -> TextSpan | None:
    if source.is_flag:
        return TextSpan(0, len(source.text.text))
    location = locations[id(source)].get(path)
    if location is None:
        return None
    if location.exists:
        return location.key if is_about_key and location.key is not None else location.value
    # The value is missing from this container: point at the container's key, or at its first character.
    return location.key or TextSpan(location.value.start, location.value.start + 1)


def format_source_line(source: SourceText, span: TextSpan) -> tuple[str, str]:
    """The line in which a span begins, cut to a window, and carets that underline the span."""
    line = source.line_around(span.start)
    start = min(span.start, line.end)
    end = max(start, min(span.end, line.end))
    before = _cells(reversed(source.text[max(line.start, start - _WINDOW) : start]), _WINDOW)
    marked = _cells(source.text[start : min(end, start + _WINDOW)], _WINDOW)
    after = _cells(source.text[end : min(line.end, end + _WINDOW)], _WINDOW - _width(marked))
    is_cut = len(before) < start - line.start or len(marked) + len(after) < line.end - start
    if is_cut or _width(before) + _width(marked) + _width(after) > _WINDOW:
        following = min(_width(marked) + _width(after), _AFTER_START)
        before = _first(before, _WINDOW - following)
        marked = _first(marked, _WINDOW - _width(before))
        after = _first(after, _WINDOW - _width(before) - _width(marked))
    left = "…" if len(before) < start - line.start else ""
    right = "…" if len(marked) + len(after) < line.end - start else ""
    text = "".join(character for character, _ in (*reversed(before), *marked, *after))
    return f"{left}{text}{right}", " " * (len(left) + _width(before)) + "^" * max(1, _width(marked))


_Cells = list[tuple[str, int]]  # escaped characters, each with its width in columns


def _cells(text: Iterable[str], columns: int) -> _Cells:
    return _first([_cell(character) for character in text], columns)


def _cell(character: str) -> tuple[str, int]:
    if character == "\t":
        return _TAB, len(_TAB)
    if " " <= character <= "~":
        return character, 1
    escaped = escape_control_characters(character)
    if escaped != character:
        return escaped, len(escaped)
    if unicodedata.category(character) in ("Mn", "Me"):
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _width(cells: _Cells) -> int:
    return sum(width for _, width in cells)


def _first(cells: _Cells, columns: int) -> _Cells:
    """The first cells that fit into these columns."""
    used = 0

    def fits(cell: tuple[str, int]) -> bool:
        nonlocal used
        used += cell[1]
        return used <= columns

    return list(takewhile(fits, cells))
