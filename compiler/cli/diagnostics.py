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

from compiler.cli.source_text import Place, SourceText, Span
from compiler.json_io.control_characters import visible
from compiler.mail.headers import is_header_name
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

    def whence(self, document: str, path: str) -> tuple[str, str, Source | None]:
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


def shown_diagnostics(diagnostics: Iterable[Diagnostic], sources: Sources, *, colour: bool) -> Iterator[str]:
    """Each diagnostic as a text of one or more lines."""
    diagnostics = tuple(diagnostics)
    places = _places(diagnostics, sources)
    for each in diagnostics:
        yield "\n".join(_lines(each, sources, places, colour=colour))


def shown_requirement(requirement: Mapping[str, Any], sources: Sources, *, colour: bool) -> str:
    """What the payload still needs, as a text of one or more lines."""
    details = ", ".join(f"{key} {value}" for key, value in requirement.items() if key != "kind")
    name = "message" if sources.main is None else sources.main.name
    place = painted(f"{visible(name)}:", "place", colour=colour)
    needed = visible(f"{requirement['kind']} ({details})")
    text = f"{place} the payload still needs: {needed}"
    if requirement["kind"] == "template_sender":
        text += "\n" + _note("hint", "give it as --template-sender ADDRESS, or give from_email", colour=colour)
    return text


def painted(text: str, style: str, *, colour: bool) -> str:
    """The text in the colour of a style, or as it is."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text


_Places = Mapping[int, Mapping[str, Place]]  # by the identity of the source, then by path


def _places(diagnostics: Iterable[Diagnostic], sources: Sources) -> _Places:
    """Where everything is that the diagnostics speak of, found in one pass over each text."""
    wanted: dict[int, tuple[Source, list[str]]] = {}
    for diagnostic in diagnostics:
        for pointer in (diagnostic.path, *diagnostic.related):
            _, path, source = sources.whence(diagnostic.document, pointer)
            if source is not None and not source.is_flag:
                wanted.setdefault(id(source), (source, []))[1].append(path)
    return {identity: source.text.places(paths) for identity, (source, paths) in wanted.items()}


def _lines(diagnostic: Diagnostic, sources: Sources, places: _Places, *, colour: bool) -> Iterator[str]:
    name, path, source = sources.whence(diagnostic.document, diagnostic.path)
    span = None if source is None else _span(diagnostic, path, source, places)
    severity = painted(f"{diagnostic.severity}:", diagnostic.severity, colour=colour)
    where = painted(_where(name, source, span), "place", colour=colour)
    what = f"{diagnostic.code} at {visible(path)}" if path else diagnostic.code
    message = diagnostic.message if span is None else _PLACE_IN_MESSAGE.sub("", diagnostic.message)
    yield f"{where} {severity} {painted(f'{what}: {visible(message)}', 'text', colour=colour)}"
    if source is not None and span is not None:
        number = "" if source.is_flag else str(source.text.position(span.start)[0])
        line, underline = shown_line(source.text, span)
        margin = painted(f"{number:>3} |", "margin", colour=colour)
        yield f"{margin} {line}".rstrip()
        margin = painted(f"{'':>{max(3, len(number))}} |", "margin", colour=colour)
        blank = len(underline) - len(underline.lstrip(" "))
        yield f"{margin} {underline[:blank]}{painted(underline[blank:], diagnostic.severity, colour=colour)}"
    if diagnostic.hint:
        yield _note("hint", diagnostic.hint, colour=colour)
    for pointer in diagnostic.related:
        yield _note("also", _related(pointer, diagnostic, sources, places), colour=colour)


def _note(label: str, text: str, *, colour: bool) -> str:
    return f"{painted('    =', 'margin', colour=colour)} {painted(f'{label}:', 'text', colour=colour)} {visible(text)}"


def _where(name: str, source: Source | None, span: Span | None) -> str:
    if source is None or source.is_flag or span is None:
        return f"{visible(name)}:"
    line, column = source.text.position(span.start)
    return f"{visible(name)}:{line}:{column}:"


def _related(pointer: str, diagnostic: Diagnostic, sources: Sources, places: _Places) -> str:
    name, path, source = sources.whence(diagnostic.document, pointer)
    span = None if source is None else _span_at(path, source, places, is_about_key=False)
    return f"{_where(name, source, span)[:-1]} ({path})"


def _span(diagnostic: Diagnostic, path: str, source: Source, places: _Places) -> Span | None:
    """What a diagnostic points at."""
    reason = diagnostic.params.get("reason")
    if diagnostic.code == "InvalidJSON" and not source.is_flag:
        if reason == "duplicate-key" and path in places[id(source)]:
            repeated = places[id(source)][path].repeated_key
            if repeated is not None:
                return repeated
        trouble = source.text.trouble(str(reason))
        if trouble is not None:
            return trouble
    if diagnostic.document == "body" and not path:
        trouble = source.text.trouble_of_body()
        if trouble is not None:
            return trouble
    return _span_at(path, source, places, is_about_key=_is_about_key(diagnostic.code, reason, path))


def _is_about_key(code: str, reason: Any, path: str) -> bool:
    above, _, last = path.rpartition("/")
    # What is wrong with a header of such a name is the name.
    is_invalid_name = above == "/extra_headers" and not is_header_name(last.replace("~1", "/").replace("~0", "~"))
    return code in _CODES_OF_KEYS or reason in _REASONS_OF_KEYS or is_invalid_name


def _span_at(path: str, source: Source, places: _Places, *, is_about_key: bool) -> Span | None:
    if source.is_flag:
        return Span(0, len(source.text.text))
    place = places[id(source)].get(path)
    if place is None:
        return None
    if place.is_there:
        return place.key if is_about_key and place.key is not None else place.value
    # It should stand in here: the whole of it is not to blame, so its name, or where it begins, has to do.
    return place.key or Span(place.value.start, place.value.start + 1)


def shown_line(source: SourceText, span: Span) -> tuple[str, str]:
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
    shown = visible(character)
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
