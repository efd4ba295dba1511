"""Parses JSON text, by a policy: strict (messages), exact (no digit is lost) or lenient (bodies, with `body`).

Errors are issues with JSON Pointers (RFC 6901). Python values are read by `sanitize`; the content of a message is
checked later, by its schema.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from compiler.json_io.issues import IssueList, ParseIssue
from compiler.json_io.plain import FIRST_INEXACT_FLOAT, MAXIMUM_DEPTH, MAXIMUM_DIGITS, has_no_lone_surrogate
from compiler.json_io.pointer import format_pointer

BYTE_ORDER_MARK = "\ufeff"
TOO_DEEP = f"nesting deeper than {MAXIMUM_DEPTH} levels"

_LONGEST_QUOTE = 60
_LEAST_DIGIT_LIMIT = 640  # the least limit for integers that Python can be set to


class Policy(NamedTuple):
    """How numbers are read, and how deep lists and objects may be nested.

    `real` reads a number with a fraction or an exponent, `integer` any other. Both raise ValueError for what is
    refused, with the reason.
    """

    real: Callable[[str], Any]
    integer: Callable[[str], Any]
    maximum_depth: int = MAXIMUM_DEPTH


def _read_finite(text: str) -> float:
    number = float(text)
    if math.isfinite(number):
        return number
    raise ValueError(f"the number {quoted(text)} is too large for a float")


def _read_integer(text: str) -> int:
    if len(text) - text.startswith("-") <= MAXIMUM_DIGITS:
        try:
            return int(text)
        except ValueError:  # this process has set a lower limit
            pass
    raise ValueError(f"the integer {quoted(text)} has too many digits (at most {MAXIMUM_DIGITS})")


def _read_decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"number out of range: {quoted(text)}") from None


def _read_exact_integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _LEAST_DIGIT_LIMIT else Decimal(text)


def _read_lenient_real(text: str) -> float | int | str:
    number = float(text)
    if -FIRST_INEXACT_FLOAT < number < FIRST_INEXACT_FLOAT:
        return number
    if not math.isfinite(number):
        return text
    # The float is finite: the integer has 309 digits at most, whatever the exponent was.
    exact = Decimal(text)
    integral = exact.to_integral_value()
    return int(integral) if integral == exact else number


def _read_lenient_integer(text: str) -> int | str:
    if len(text) - text.startswith("-") > MAXIMUM_DIGITS:
        return text
    try:
        return int(text)
    except ValueError:  # this process has set a lower limit, which Decimal does not know
        return int(Decimal(text))


STRICT = Policy(_read_finite, _read_integer)
"""Messages and rules: floats and integers as Python has them; what they cannot represent is refused."""

EXACT = Policy(_read_decimal, _read_exact_integer, maximum_depth=2 * MAXIMUM_DEPTH)
"""Answers that are compared: numbers keep every digit; those with a fraction or an exponent are Decimals."""

LENIENT = Policy(_read_lenient_real, _read_lenient_integer)
"""Bodies from outside: no integer loses a digit, and what neither int nor float can represent stays text."""


def parse_json(text: str | bytes, policy: Policy = STRICT) -> tuple[Any, tuple[ParseIssue, ...]]:
    r"""Reads one JSON document (RFC 8259); bytes must be UTF-8.

    Gives the value and no issues, or None and the issues. Lone surrogates (``\ud800``) pass: `sanitize` finds them,
    with their paths. Raises nothing.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            return _refused("encoding", encoding_message(error), "save it as UTF-8")
    if text.startswith(BYTE_ORDER_MARK):
        return _refused("encoding", "the text starts with a byte order mark (BOM): save it without")
    if not text or text.isspace():
        return _refused("syntax", "the file or text is empty", f"give one JSON object, at least {_SMALLEST}")
    reader = Reader(policy)
    too_deep = f"nesting deeper than {policy.maximum_depth} levels"
    try:
        value = reader.read(text)
    except json.JSONDecodeError as error:
        hint = next((hint for start, hint in _SYNTAX_HINTS if error.msg.startswith(start)), None)
        return _refused("syntax", syntax_message(error), hint)
    except RecursionError:
        return _refused("too-deep", too_deep)
    if _is_deeper(value, policy.maximum_depth):
        return _refused("too-deep", too_deep)
    issues = [ParseIssue("", "non-finite", reader.refused_number)] if reader.refused_number else []
    if reader.has_repeated_keys:
        issues.extend(_repeated_key_issues(value))
    return (None, tuple(issues)) if issues else (value, ())


def require_json(text: str | bytes, policy: Policy = STRICT) -> Any:
    """The value of a JSON text. Raises ValueError with its first issue."""
    value, issues = parse_json(text, policy)
    for issue in issues:
        raise ValueError(f"not valid JSON: {issue.message}")
    return value


_SMALLEST = '{"from_email": "shop@example.com", "to": ["alice@example.com"], "subject": "Hello", "body": "Hi!"}'


# The usual cause of each message of Python's json module.
_SYNTAX_HINTS = (
    ("Expecting property name", "keys stand in double quotes, and no comma before a closing bracket"),
    (
        "Expecting value",
        "no comma stands before a closing bracket; true, false and null are in lower case; text is quoted",
    ),
    ("Illegal trailing comma", "leave out the comma before the closing bracket"),
    ("Expecting ',' delimiter", "a comma or a closing bracket is missing before this"),
    ("Expecting ':' delimiter", "a key is followed by a colon and its value"),
    ("Invalid control character", "within quotes write \\n for a line break and \\t for a tab"),
    ("Unterminated string", "a closing quotation mark is missing"),
    ("Invalid \\escape", "write \\\\ for a backslash"),
    ("Extra data", "a message is one JSON object; nothing stands after it"),
)


def _refused(reason: str, message: str, hint: str | None = None) -> tuple[None, tuple[ParseIssue, ...]]:
    return None, (ParseIssue("", reason, message, hint),)


def encoding_message(error: UnicodeDecodeError) -> str:
    """Describes why bytes are not valid UTF-8, and where."""
    return f"invalid UTF-8: {error.reason} at byte {error.start}"


def syntax_message(error: json.JSONDecodeError) -> str:
    """Describes why a text is not valid JSON, and where."""
    return f"{error.msg}: line {error.lineno}, column {error.colno}"


def quoted(text: str) -> str:
    """Quotes text for a message: short, on one line, without surrogates (repr escapes what cannot be printed)."""
    return repr(text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…")


@dataclass(frozen=True, slots=True)
class _RepeatedKeys:
    """A JSON object with a duplicate key, while it is read: all of its pairs, and the key."""

    pairs: list[tuple[str, Any]]
    key: str


class Reader:
    """One json.loads call by a policy: its hooks, and what they noticed. A refused number reads as 0."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.refused_number: str | None = None
        self.has_repeated_keys = False

    def read(self, text: str) -> Any:
        """Reads JSON text; raises json.JSONDecodeError, and RecursionError if containers are nested too deeply."""
        return json.loads(
            text,
            object_pairs_hook=self.from_pairs,
            parse_constant=self._constant,
            parse_float=lambda digits: self._number(self._policy.real, digits),
            parse_int=lambda digits: self._number(self._policy.integer, digits),
        )

    def from_pairs(self, pairs: list[tuple[str, Any]]) -> Any:
        """What represents an object."""
        result = dict(pairs)
        if len(result) == len(pairs):
            return result
        self.has_repeated_keys = True
        return _RepeatedKeys(pairs, most_repeated_key(pairs))

    def _constant(self, name: str) -> Any:
        return self._refuse(f"{name} is not a JSON number")

    def _number(self, read: Callable[[str], Any], digits: str) -> Any:
        try:
            return read(digits)
        except ValueError as error:
            return self._refuse(str(error))

    def _refuse(self, message: str) -> int:
        self.refused_number = self.refused_number or message
        return 0


def most_repeated_key(pairs: list[tuple[str, Any]]) -> str:
    """The key that occurs most often among an object's pairs."""
    [(key, _)] = Counter(key for key, _ in pairs).most_common(1)
    return key


def _members(container: Any) -> Iterable[tuple[str | int, Any]]:
    """The keys or indexes of a container just read, with their values; also those of repeated keys."""
    if type(container) is _RepeatedKeys:
        return container.pairs
    return container.items() if type(container) is dict else enumerate(container)


def _is_deeper(value: Any, depth: int) -> bool:
    containers = (dict, list, _RepeatedKeys)
    level = [value] if isinstance(value, containers) else []
    for _ in range(depth):
        level = [item for container in level for _, item in _members(container) if isinstance(item, containers)]
        if not level:
            return False
    return True


def _repeated_key_issues(value: Any) -> Iterable[ParseIssue]:
    """One issue for each object with repeated keys, in the document's order. The value is not too deep."""
    issues = IssueList()
    containers = (dict, list, _RepeatedKeys)
    path: list[str | int] = []
    # A container: its members that are still to be read, and whether the path follows them (it stops above a key that
    # UTF-8 cannot encode). The path has a token for each container but the first, as long as it follows.
    stack: list[tuple[Iterator[tuple[str | int, Any]], bool]] = []

    def enter(container: Any, follows: bool) -> None:
        if type(container) is _RepeatedKeys and issues.has_room(sum(len(str(token)) + 1 for token in path)):
            message = f"duplicate key {quoted(container.key)}"
            issues.note(ParseIssue(format_pointer(path), "duplicate-key", message))
        stack.append((iter(_members(container)), follows))

    if isinstance(value, containers):
        enter(value, follows=True)
    while stack:
        members, follows = stack[-1]
        for key, item in members:
            if isinstance(item, containers):
                goes_on = follows and has_no_lone_surrogate(str(key))
                if goes_on:
                    path.append(key)
                enter(item, goes_on)
                break
        else:
            stack.pop()
            if follows and path:
                path.pop()
    return tuple(issues)
