"""How diagnostics are shown to people: a headline with the place, the line it speaks of, and what to do.

    message.json:7:23: error: UnsupportedFeature at /tags/1: not supported: multiple tags
      7 |   "tags": ["welcome", "spring"],
        |                       ^^^^^^^^
        = hint: keep one tag, or ignore this feature to use the first

Here lives text, made of values: nothing is read or printed. Where a value stands is found by `source_text`. Whatever
the documents hold, what is shown is harmless: control characters, and those that turn the direction of text, are
written out as escapes.
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
from compiler.mail.headers import valid_header_name
from compiler.results import Diagnostic

_WINDOW = 100  # columns of a line that are shown
_AFTER_START = 60  # of these, how many are for the value and what follows it, where there is something before it
_TAB = "    "

_STYLES = {"error": "1;31", "warning": "1;33", "place": "1", "text": "1", "margin": "1;34"}

# Diagnostics that speak of an object's key, not of its value.
_CODES_OF_KEYS = frozenset({"CaseMismatch", "ReservedHeader", "UnknownField", "UnknownProperty", "UnusedData"})
_REASONS_OF_KEYS = frozenset({"v3.1-property"})

# Python's json says where in its message; the headline has said so already.
_PLACE_IN_MESSAGE = re.compile(r"(?:(?: starting)? at)?: line \d+,? column \d+\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """Something that was handed in: a file's name and text, or a flag's name and value."""

    name: str
    text: SourceText
    is_flag: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """The message, what the options came from, and the body where one is decoded; then a message need not be there."""

    message: Source | None
    defaults: Source | None = None
    template_sender: Source | None = None
    body: Source | None = None

    @property
    def main(self) -> Source | None:
        """What is compiled or decoded."""
        return self.message if self.body is None else self.body

    def resolve(self, document: str, path: str) -> tuple[str, str, Source | None]:
        """The name of what a place in a document is in, the path in there, and the source if it can be shown."""
        if document != "options":
            source = self.body if document == "body" else self.message
            return document if source is None else source.name, path, source
        first, _, below = path[1:].partition("/")
        if first == "send_defaults" and self.defaults is not None:
            return self.defaults.name, f"/{below}" if below or path.endswith("/") else "", self.defaults
        if first == "template_sender" and self.template_sender is not None:
            return self.template_sender.name, "", self.template_sender
        return "options", path, None


def format_diagnostics(diagnostics: Iterable[Diagnostic], sources: Sources, *, color: bool) -> Iterator[str]:
    """Each diagnostic as a text of one or more lines."""
    diagnostics = tuple(diagnostics)
    places = _places(diagnostics, sources)
    for each in diagnostics:
        yield "\n".join(_lines(each, sources, places, color=color))


def format_requirement(requirement: Mapping[str, Any], sources: Sources, *, color: bool) -> str:
    """What the payload still needs, as a text of one or more lines."""
    name = "message" if sources.main is None else sources.main.name
    place = style(f"{escape_control_characters(name)}:", "place", color=color)
    text = f"{place} {describe_requirement(requirement)}"
    if requirement["kind"] == "template_sender":
        text += "\n" + _note("hint", "give it as --template-sender ADDRESS, or give from_email", color=color)
    return text


def describe_requirement(requirement: Mapping[str, Any]) -> str:
    """What the payload still needs, on one line."""
    details = ", ".join(f"{key} {value}" for key, value in requirement.items() if key != "kind")
    return escape_control_characters(f"the payload still needs: {requirement['kind']} ({details})")


def style(text: str, style: str, *, color: bool) -> str:
    """The text in the color of a style, or as it is."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if color else text


_Places = Mapping[int, Mapping[str, TextLocation]]  # by the identity of the source, then by path


def _places(diagnostics: Iterable[Diagnostic], sources: Sources) -> _Places:
    """Where everything is that the diagnostics speak of, found in one pass over each text."""
    wanted: dict[int, tuple[Source, list[str]]] = {}
    for diagnostic in diagnostics:
        for pointer in (diagnostic.path, *diagnostic.related):
            _, path, source = sources.resolve(diagnostic.document, pointer)
            if source is not None and not source.is_flag:
                wanted.setdefault(id(source), (source, []))[1].append(path)
    return {identity: source.text.places(paths) for identity, (source, paths) in wanted.items()}


def _lines(diagnostic: Diagnostic, sources: Sources, places: _Places, *, color: bool) -> Iterator[str]:
    name, path, source = sources.resolve(diagnostic.document, diagnostic.path)
    span = None if source is None else _span(diagnostic, path, source, places)
    severity = style(f"{diagnostic.severity}:", diagnostic.severity, color=color)
    where = style(_where(name, source, span), "place", color=color)
    what = f"{diagnostic.code} at {escape_control_characters(path)}" if path else diagnostic.code
    message = diagnostic.message if span is None else _PLACE_IN_MESSAGE.sub("", diagnostic.message)
    yield f"{where} {severity} {style(f'{what}: {escape_control_characters(message)}', 'text', color=color)}"
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
        yield _note("also", _related(pointer, diagnostic, sources, places), color=color)


def _note(label: str, text: str, *, color: bool) -> str:
    margin, label = style("    =", "margin", color=color), style(f"{label}:", "text", color=color)
    return f"{margin} {label} {escape_control_characters(text)}"


def _where(name: str, source: Source | None, span: TextSpan | None) -> str:
    if source is None or source.is_flag or span is None:
        return f"{escape_control_characters(name)}:"
    line, column = source.text.position(span.start)
    return f"{escape_control_characters(name)}:{line}:{column}:"


def _related(pointer: str, diagnostic: Diagnostic, sources: Sources, places: _Places) -> str:
    name, path, source = sources.resolve(diagnostic.document, pointer)
    span = None if source is None else _span_at(path, source, places, is_about_key=False)
    return f"{_where(name, source, span)[:-1]} ({path})"


def _span(diagnostic: Diagnostic, path: str, source: Source, places: _Places) -> TextSpan | None:
    """What a diagnostic points at."""
    reason = diagnostic.params.get("reason")
    if diagnostic.code == "InvalidJSON" and not source.is_flag:
        if reason == "duplicate-key" and path in places[id(source)]:
            repeated = places[id(source)][path].repeated_key
            if repeated is not None:
                return repeated
        span = source.text.error_span(str(reason))
        if span is not None:
            return span
    if diagnostic.document == "body" and not path:
        span = source.text.body_error_span()
        if span is not None:
            return span
    return _span_at(path, source, places, is_about_key=_is_about_key(diagnostic.code, reason, path))


def _is_about_key(code: str, reason: Any, path: str) -> bool:
    above, _, last = path.rpartition("/")
    # What is wrong with a header of such a name is the name.
    is_header_name = above == "/extra_headers" and not valid_header_name(last.replace("~1", "/").replace("~0", "~"))
    return code in _CODES_OF_KEYS or reason in _REASONS_OF_KEYS or is_header_name


def _span_at(path: str, source: Source, places: _Places, *, is_about_key: bool) -> TextSpan | None:
    if source.is_flag:
        return TextSpan(0, len(source.text.text))
    place = places[id(source)].get(path)
    if place is None:
        return None
    if place.is_there:
        return place.key if is_about_key and place.key is not None else place.value
    # It should stand in here: the whole of it is not to blame, so its name, or where it begins, has to do.
    return place.key or TextSpan(place.value.start, place.value.start + 1)


def format_source_line(source: SourceText, span: TextSpan) -> tuple[str, str]:
    """The line in which a span begins, or a window of it, and what to put below: carets under the span."""
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
    text = "".join(shown for shown, _ in (*reversed(before), *marked, *after))
    return f"{left}{text}{right}", " " * (len(left) + _width(before)) + "^" * max(1, _width(marked))


_Cells = list[tuple[str, int]]  # characters as they are shown, each with the columns it takes


def _cells(text: Iterable[str], columns: int) -> _Cells:
    return _first([_cell(each) for each in text], columns)


def _cell(character: str) -> tuple[str, int]:
    if character == "\t":
        return _TAB, len(_TAB)
    if " " <= character <= "~":
        return character, 1
    shown = escape_control_characters(character)
    if shown != character:
        return shown, len(shown)
    if unicodedata.category(character) in ("Mn", "Me"):
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _width(cells: _Cells) -> int:
    return sum(width for _, width in cells)


def _first(cells: _Cells, columns: int) -> _Cells:
    """As many cells as these columns have room for."""
    used = 0

    def has_room(cell: tuple[str, int]) -> bool:
        nonlocal used
        used += cell[1]
        return used <= columns

    return list(takewhile(has_room, cells))
