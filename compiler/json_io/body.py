r"""The bodies of webhooks and API responses, read as far as possible.

Such a body comes from outside, and what is wrong with one value in it must not cost its neighbors. Where `parse`
refuses a whole document, this reader repairs each fault at its place and lists it as an issue; only invalid syntax
leaves nothing. What a body should contain is not known here.

Numbers are read exactly, because some of them are message ids: an integer stays exact however it was written
(`19421777835146490003.0` too), and what neither int nor float can represent is kept as its text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, cast

from compiler.json_io.fast import NOT_PARSED, parse_body_fast
from compiler.json_io.issues import ParseIssue
from compiler.json_io.parse import (
    BYTE_ORDER_MARK,
    LENIENT,
    TOO_DEEP,
    Reader,
    encoding_message,
    most_repeated_key,
    syntax_message,
)
from compiler.json_io.plain import MAXIMUM_DEPTH
from compiler.json_io.sanitize import DictWithDuplicateKey, replace_lone_surrogates, sanitize


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of a body.

    value is plain JSON (dict, list, str, int, float, bool, None), or None if is_json is False. text is the
    body's text if text or bytes were given, whether or not it is JSON, without a byte order mark and with U+FFFD for
    what UTF-8 cannot encode; it is None if parsed JSON was given. issues are in the document's order.
    """

    value: Any
    is_json: bool
    text: str | None
    issues: tuple[ParseIssue, ...]


def read_body(body: object) -> Body:
    r"""Reads a body: bytes, bytearray, memoryview and str are JSON text (RFC 8259), anything else is parsed JSON.

    Raises nothing, for any content; the value shares nothing mutable with what was given, and `json.dumps` writes it.
    What is wrong becomes an issue with one of these reasons:

    - "encoding": bytes that are not UTF-8; "syntax": invalid JSON; "non-finite": NaN, Infinity or -Infinity in
      it. Nothing is read then. A byte order mark before the text is skipped.
    - "duplicate-key": an object has a key twice. The last one wins, as with most parsers, and what it overrides is not
      looked into.
    - "surrogate": a string contains a lone surrogate (``\ud83d``), which UTF-8 cannot encode. U+FFFD replaces it, also
      in a key; that issue is at the object.
    - "too-deep": a container is nested in MAXIMUM_DEPTH others. It is read as null, and its content is not checked,
      except that its brackets and quotation marks must be closed.
    - "not-json": a Python value that is not JSON. It is read as null; a key is left out, with an issue at its object.
      At the root, nothing is read; nor if there are more than MAXIMUM_CONTAINERS lists and objects.

    The first thousand issues are listed, fewer below long keys; a last one says how many more there are ("more").

    Numbers written with a fraction or an exponent are floats, but exact ints if they denote an integer of 2**53 or
    more. An integer of more than 4,300 digits (Python's own default limit, whatever the process has set, and so the
    largest that json.dumps writes) is kept as a string of its digits, any other number too large for a float as
    the string it was written as.
    """
    kind = type(body)  # not isinstance, which would ask the value for its __class__
    if issubclass(kind, str):
        return _read_text(str.__str__(cast(str, body)))
    if not issubclass(kind, bytes | bytearray | memoryview):
        return _sanitized(body, None)
    try:
        octets = memoryview(cast(bytes, body)).tobytes()
    except ValueError as error:  # a memoryview that was released
        return Body(None, False, None, (ParseIssue("", "not-json", str(error)),))
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        issue = ParseIssue("", "encoding", encoding_message(error))
        return Body(None, False, octets.decode("utf-8", "replace").removeprefix(BYTE_ORDER_MARK), (issue,))
    return _read_text(text)


def _read_text(text: str) -> Body:
    text = text.removeprefix(BYTE_ORDER_MARK)
    quick = parse_body_fast(text)
    if quick is not NOT_PARSED:
        return Body(quick, True, text, ())
    value, issue = _parsed(text, text)
    # Content that is too deep may break the parser or contain the fault. Whether it is checked must not depend on how
    # deep the parser could go, which differs between processes, so then it is always removed.
    if issue is not None and text.count("[") + text.count("{") > MAXIMUM_DEPTH:
        value, issue = _parsed(_blank_deep_containers(text), text)
    readable = replace_lone_surrogates(text)
    return _sanitized(value, readable) if issue is None else Body(None, False, readable, (issue,))


def _sanitized(value: object, text: str | None) -> Body:
    copy, issues, _ = sanitize(value, mends=True)
    return Body(copy, copy is not None or not issues, text, issues)


def _parsed(text: str, original: str) -> tuple[Any, ParseIssue | None]:
    """The value of JSON text, not copied yet, or why it is not valid JSON; the original is for positions."""
    reader = _BodyReader(LENIENT)
    try:
        value = reader.read(text)
    except json.JSONDecodeError as error:
        return None, ParseIssue("", "syntax", syntax_message(json.JSONDecodeError(error.msg, original, error.pos)))
    except RecursionError:
        return None, ParseIssue("", "too-deep", TOO_DEEP)
    if reader.refused_number is not None:
        return None, ParseIssue("", "non-finite", reader.refused_number)
    return value, None


# A string, or a bracket, or the quotation mark of a string that does not end. Possessive, so that it is linear.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
_CLOSING = {"[": "]", "{": "}"}


def _blank_deep_containers(text: str) -> str:
    """Blanks out the content of containers that are too deep, so that a parser finds them empty.

    Length and positions do not change. If brackets or quotation marks do not match, the text from there on is left as
    it is: a parser finds a fault there, if not before.
    """
    pieces = []
    expected: list[str] = []  # the closing brackets of the containers that are open
    kept = 0  # up to here the text is in the pieces
    end = len(text)
    for match in _STRING_OR_BRACKET.finditer(text):
        start = match.start()
        mark = text[start]
        if mark in _CLOSING:
            expected.append(_CLOSING[mark])
            if len(expected) == MAXIMUM_DEPTH + 1:
                pieces.append(text[kept : start + 1])
                kept = start + 1
        elif mark == '"':
            if match.end() == start + 1:
                end = start
                break
        elif expected and expected[-1] == mark:
            if len(expected) == MAXIMUM_DEPTH + 1:
                pieces.append(" " * (start - kept))
                kept = start
            expected.pop()
        else:
            end = start
            break
    if len(expected) > MAXIMUM_DEPTH:
        pieces.append(" " * (end - kept))
        kept = end
    return "".join(pieces) + text[kept:]


class _BodyReader(Reader):
    """One json.loads call in which the last of repeated keys wins."""

    def from_pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) == len(pairs):
            return result
        repeated = DictWithDuplicateKey(result)
        repeated.duplicate = most_repeated_key(pairs)
        return repeated
