"""Where things stand in a JSON text: the place of the value at a JSON Pointer, and of what makes a text no JSON.

Here live offsets, lines and columns, for any text, JSON or not. Whether a text is JSON, and what is wrong with it, is
decided by `compiler.json_io.parse`, and of a body by `compiler.json_io.lenient`; `diagnostics` formats places.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from compiler.json_io.lenient import read_body
from compiler.json_io.parse import parse_json
from compiler.json_io.plain import MAXIMUM_DEPTH

# No quantifier here may give back what it took, so that each character is read once, whatever the text.
_STRING = r'"(?:[^"\\]++|\\.)*+"?'
_TOKEN = re.compile(rf"{_STRING}|[\[\]{{}},]|[^\s\[\]{{}},:\"]++", re.DOTALL)
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_STRING_OR_NUMBER = re.compile(rf"{_STRING}|NaN|-?(?:Infinity|[0-9][0-9.eE+-]*+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of a text, in offsets; `end` is the offset after it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextLocation:
    """Where a pointer leads.

    `value` is its value; where `is_there` is False the pointer leads to nothing, and this is the place of the deepest
    value on the way. `key` is the value's key, quotes included, where it is a member of an object. `repeated_key` is
    the second occurrence of a key that the value, an object, has more than once.
    """

    value: TextSpan
    key: TextSpan | None
    repeated_key: TextSpan | None
    is_there: bool


class SourceText:
    """A document as text. Bytes that are not UTF-8 read as U+FFFD, the replacement character."""

    def __init__(self, content: str | bytes) -> None:
        self._undecodable: int | None = None
        if isinstance(content, bytes):
            try:
                self.text = content.decode("utf-8")
            except UnicodeDecodeError as error:
                self._undecodable = len(content[: error.start].decode("utf-8"))
                self.text = content.decode("utf-8", "replace")
        else:
            self.text = content
        self._line_starts: list[int] = []

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1, in characters; a line ends with a line feed, as JSON's do.

        That is how `json.JSONDecodeError` counts, too.
        """
        line = self._line_of(offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_around(self, offset: int) -> TextSpan:
        """The line in which an offset stands, without what ends it."""
        line = self._line_of(offset)
        start = self._line_starts[line - 1]
        end = self._line_starts[line] - 1 if line < len(self._line_starts) else len(self.text)
        return TextSpan(start, end - 1 if self.text.endswith("\r", start, end) else end)

    def _line_of(self, offset: int) -> int:
        if not self._line_starts:
            self._line_starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        return bisect_right(self._line_starts, offset)

    def error_span(self, reason: str) -> TextSpan | None:
        """What made `parse_json` refuse the text for this reason, if that is one place in it.

        A duplicate key is none: it is in the `TextLocation` of its object.
        """
        if reason == "encoding":
            start = self._undecodable or 0
            return TextSpan(start, min(start + 1, len(self.text)))
        if reason == "syntax":
            return _syntax_error(self.text)
        if reason == "non-finite":
            return _first_invalid_number(self.text)
        return _first_bracket_deeper_than(self.text, MAXIMUM_DEPTH) if reason == "too-deep" else None

    def body_error_span(self) -> TextSpan | None:
        """What made `read_body` read nothing of the text, if that is one place in it."""
        if self._undecodable is not None:
            return self.error_span("encoding")
        read = read_body(self.text)
        return None if read.is_json else self.error_span(read.issues[0].reason or "")

    def places(self, pointers: Iterable[str]) -> dict[str, TextLocation]:
        """Where these pointers lead, found in one pass; pointers into a text without any value are left out.

        Of a key that is there twice the last counts, as it does for Python's json. Raises nothing.
        """
        root = _Node()
        wanted = {pointer: _wanted(root, pointer) for pointer in pointers}
        _scan(self.text, root)
        found = {}
        for pointer, way in wanted.items():
            reached = [node for node in way if node.value is not None]
            if reached and (value := reached[-1].value) is not None:
                deepest = reached[-1]
                found[pointer] = TextLocation(value, deepest.key, deepest.repeated_key, deepest is way[-1])
        return found


@dataclass(slots=True)
class _Node:
    """A pointer that is wanted, or on the way to one that is, and what the scan found out about it."""

    children: dict[str, _Node] = field(default_factory=dict)
    value: TextSpan | None = None
    key: TextSpan | None = None
    repeated_key: TextSpan | None = None


@dataclass(slots=True)
class _Open:
    """A container that is being read."""

    node: _Node
    start: int
    is_object: bool
    index: int = 0  # of a list's item
    key: TextSpan | None = None  # of an object's member, once its key was read
    name: str = ""  # that key, decoded
    keys: dict[str, list[TextSpan]] = field(default_factory=dict)

    def close(self, end: int) -> None:
        self.node.value = TextSpan(self.start, end)
        counts = Counter({name: len(spans) for name, spans in self.keys.items()})
        for name, count in counts.most_common(1):  # the one that parse_json names
            if count > 1:
                self.node.repeated_key = self.keys[name][1]


def _wanted(root: _Node, pointer: str) -> list[_Node]:
    """The nodes from the root down to where a pointer leads, made where they are not there yet."""
    way = [root]
    for token in pointer.split("/")[1:]:
        way.append(way[-1].children.setdefault(token.replace("~1", "/").replace("~0", "~"), _Node()))
    return way


def _scan(text: str, root: _Node) -> None:
    """Fills in the nodes. What is not wanted is passed over; the first token that cannot be placed ends the scan."""
    open_containers: list[_Open] = []
    position = 0
    while match := _TOKEN.search(text, position):
        start, position = match.span()
        first = text[start]
        above = open_containers[-1] if open_containers else None
        if first == "]" or first == "}":
            if above is None:
                return
            above.close(position)
            open_containers.pop()
        elif first == ",":
            if above is None:
                return
            above.index += 1
            above.key = None
        elif above is not None and above.is_object and above.key is None:
            above.key = TextSpan(start, position)
            above.name = _decoded(text[start:position])
            above.keys.setdefault(above.name, []).append(above.key)
        else:
            if above is None:
                node: _Node | None = root
            else:
                node = above.node.children.get(above.name if above.is_object else str(above.index))
            is_object = first == "{"
            is_container = is_object or first == "["
            if is_container and (node is None or not (is_object or node.children)):
                position = _end_of_container(text, start)
                is_container = False
            if node is not None:
                node.value = TextSpan(start, position)
                node.key = above.key if above is not None else None
                if is_container:
                    open_containers.append(_Open(node, start, is_object))
        if not open_containers:
            return
    for each in open_containers:  # the text ends too early
        each.close(len(text))


def _decoded(key: str) -> str:
    """What a key says that is written so, with its quotation marks."""
    if "\\" in key:
        try:
            return str(json.loads(key, strict=False))
        except ValueError:
            pass
    return key[1:-1]


def _end_of_container(text: str, start: int) -> int:
    """The offset after the bracket that closes the one at `start`; brackets of both kinds count as one kind."""
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, start):
        first = text[match.start()]
        if first == "[" or first == "{":
            depth += 1
        elif first != '"':
            depth -= 1
            if not depth:
                return match.end()
    return len(text)


def _first_bracket_deeper_than(text: str, depth: int) -> TextSpan | None:
    """The first bracket that opens a container within as many others as `depth` says."""
    for match in _STRING_OR_BRACKET.finditer(text):
        first = text[match.start()]
        if first == "[" or first == "{":
            depth -= 1
            if depth < 0:
                return TextSpan(*match.span())
        elif first != '"':
            depth += 1
    return None


def _syntax_error(text: str) -> TextSpan | None:
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        return TextSpan(error.pos, min(error.pos + 1, len(text)))
    except RecursionError:
        pass
    return None


def _first_invalid_number(text: str) -> TextSpan | None:
    """The first number that `parse_json` refuses."""
    for match in _STRING_OR_NUMBER.finditer(text):
        token = match.group()
        # A number without exponent has to be long to be refused. Python's least limit for integers is 640 digits.
        if not token.startswith('"') and (len(token) > 300 or token.strip("-.0123456789") != ""):
            _, faults = parse_json(token)
            if faults:
                return TextSpan(*match.span())
    return None
