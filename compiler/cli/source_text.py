"""Locates things in a JSON text: the value at a JSON Pointer, and the error in invalid JSON.

It works with offsets, lines and columns, for any text. `compiler.json_io.parse` decides whether a text is valid JSON,
and `compiler.json_io.body` whether a body is; `diagnostics` formats locations.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from compiler.json_io.body import read_body
from compiler.json_io.parse import parse_json
from compiler.json_io.plain import MAXIMUM_DEPTH

# All quantifiers are possessive, so that each character is read once, whatever the text.
_STRING = r'"(?:[^"\\]++|\\.)*+"?'
_TOKEN = re.compile(rf"{_STRING}|[\[\]{{}},]|[^\s\[\]{{}},:\"]++", re.DOTALL)
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_STRING_OR_NUMBER = re.compile(rf"{_STRING}|NaN|-?(?:Infinity|[0-9][0-9.eE+-]*+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A range of offsets in a text; `end` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextLocation:
    """The location of the value at a pointer.

    If `exists` is False there is no such value, and the location is that of the deepest existing value on the path.
    `key` is the value's key, including quotes, if it is a member of an object. `repeated_key` is the second occurrence
    of a duplicate key in the value, an object.
    """

    value: TextSpan
    key: TextSpan | None
    repeated_key: TextSpan | None
    exists: bool


class SourceText:
    """A document as text. Bytes that are not valid UTF-8 become U+FFFD, the replacement character."""

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
        """The line and column of an offset, both from 1, in characters; a line ends with a line feed.

        `json.JSONDecodeError` counts in the same way.
        """
        line = self._line_number(offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_around(self, offset: int) -> TextSpan:
        """The line that contains an offset, without its line break."""
        line = self._line_number(offset)
        start = self._line_starts[line - 1]
        end = self._line_starts[line] - 1 if line < len(self._line_starts) else len(self.text)
        return TextSpan(start, end - 1 if self.text.endswith("\r", start, end) else end)

    def _line_number(self, offset: int) -> int:
        if not self._line_starts:
            self._line_starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        return bisect_right(self._line_starts, offset)

    def error_span(self, reason: str) -> TextSpan | None:
        """The span of the error that `parse_json` reported with this reason, if there is a single one.

        For a duplicate key, see `TextLocation.repeated_key`.
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
        """The span of the error for which `read_body` rejected the text, if there is a single one."""
        if self._undecodable is not None:
            return self.error_span("encoding")
        body = read_body(self.text)
        return None if body.is_json else self.error_span(body.issues[0].reason or "")

    def locate(self, pointers: Iterable[str]) -> dict[str, TextLocation]:
        """Locates pointers in one pass; the result is empty for a text without any value.

        The last of several equal keys counts, as in Python's json. Raises nothing.
        """
        root = _PointerNode()
        paths = {pointer: _add_path(root, pointer) for pointer in pointers}
        _scan(self.text, root)
        locations = {}
        for pointer, path in paths.items():
            existing = [node for node in path if node.value is not None]
            if existing and (value := existing[-1].value) is not None:
                deepest = existing[-1]
                locations[pointer] = TextLocation(value, deepest.key, deepest.repeated_key, deepest is path[-1])
        return locations


@dataclass(slots=True)
class _PointerNode:
    """A requested pointer or a prefix of one, with the results of the scan."""

    children: dict[str, _PointerNode] = field(default_factory=dict)
    value: TextSpan | None = None
    key: TextSpan | None = None
    repeated_key: TextSpan | None = None


@dataclass(slots=True)
class _OpenContainer:
    """A container whose end was not read yet."""

    node: _PointerNode
    start: int
    is_object: bool
    index: int = 0  # of the current item of a list
    key: TextSpan | None = None  # of the current member of an object, after its key was read
    name: str = ""  # the decoded key
    keys: dict[str, list[TextSpan]] = field(default_factory=dict)

    def close(self, end: int) -> None:
        self.node.value = TextSpan(self.start, end)
        counts = Counter({name: len(spans) for name, spans in self.keys.items()})
        for name, count in counts.most_common(1):  # the key that parse_json reports
            if count > 1:
                self.node.repeated_key = self.keys[name][1]


def _add_path(root: _PointerNode, pointer: str) -> list[_PointerNode]:
    """The nodes from the root to a pointer; adds the missing ones."""
    path = [root]
    for token in pointer.split("/")[1:]:
        path.append(path[-1].children.setdefault(token.replace("~1", "/").replace("~0", "~"), _PointerNode()))
    return path


def _scan(text: str, root: _PointerNode) -> None:
    """Fills in the nodes. Skips values that were not requested; stops at the first unexpected token."""
    open_containers: list[_OpenContainer] = []
    position = 0
    while match := _TOKEN.search(text, position):
        start, position = match.span()
        first = text[start]
        parent = open_containers[-1] if open_containers else None
        if first == "]" or first == "}":
            if parent is None:
                return
            parent.close(position)
            open_containers.pop()
        elif first == ",":
            if parent is None:
                return
            parent.index += 1
            parent.key = None
        elif parent is not None and parent.is_object and parent.key is None:
            parent.key = TextSpan(start, position)
            parent.name = _decode_key(text[start:position])
            parent.keys.setdefault(parent.name, []).append(parent.key)
        else:
            if parent is None:
                node: _PointerNode | None = root
            else:
                node = parent.node.children.get(parent.name if parent.is_object else str(parent.index))
            is_object = first == "{"
            is_container = is_object or first == "["
            if is_container and (node is None or not (is_object or node.children)):
                position = _end_of_container(text, start)
                is_container = False
            if node is not None:
                node.value = TextSpan(start, position)
                node.key = parent.key if parent is not None else None
                if is_container:
                    open_containers.append(_OpenContainer(node, start, is_object))
        if not open_containers:
            return
    for container in open_containers:  # the text is truncated
        container.close(len(text))


def _decode_key(key: str) -> str:
    """Decodes a key, given with its quotes."""
    if "\\" in key:
        try:
            return str(json.loads(key, strict=False))
        except ValueError:
            pass
    return key[1:-1]


def _end_of_container(text: str, start: int) -> int:
    """The offset after the bracket that closes the one at `start`; [ and { are not distinguished."""
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
    """The first bracket that opens a container nested in `depth` others."""
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
    """The first number that `parse_json` rejects."""
    for match in _STRING_OR_NUMBER.finditer(text):
        token = match.group()
        # Only long numbers are rejected if they have no exponent; Python's lowest limit for integers is 640 digits.
        if not token.startswith('"') and (len(token) > 300 or token.strip("-.0123456789") != ""):
            _, faults = parse_json(token)
            if faults:
                return TextSpan(*match.span())
    return None
