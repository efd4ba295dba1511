"""JSON values from outside, read and copied safely.

Here lives what turns text, bytes or a Python value into plain dicts, lists, strings, numbers, booleans and None, and
says as faults what cannot be turned, with JSON Pointers (RFC 6901). It is strict: whoever reads more leniently what
comes from elsewhere derives from `Reader` and `Copier`. What a message may hold (its schema, its fields, its addresses)
does not live here, nor do diagnostics: a fault is what one is made of.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from compiler.json_io.issues import IssueList, ParseIssue
from compiler.json_io.plain import INTEGER_BOUND, MAXIMUM_CONTAINERS, MAXIMUM_DEPTH, MAXIMUM_DIGITS, is_clean

BYTE_ORDER_MARK = "\ufeff"
_LONGEST_QUOTE = 60


def token(key: str | int) -> str:
    """Give one reference token of a JSON Pointer, escaped: "a/b" is "a~1b", "~" is "~0", 3 is "3"."""
    return str(key).replace("~", "~0").replace("/", "~1")


def pointer(tokens: Iterable[str | int]) -> str:
    """Give the JSON Pointer for keys and indexes from the root down: ("to", 0) is "/to/0", () is ""."""
    return "".join(f"/{token(key)}" for key in tokens)


def parse_json(text: str | bytes) -> tuple[Any, tuple[ParseIssue, ...]]:
    r"""Read one JSON document (RFC 8259), strictly; bytes must be UTF-8.

    Gives the value and no faults, or None and the faults, all of code "InvalidJSON". Lone surrogates (``\ud800``) pass:
    plain_copy finds them, with their paths. Raises nothing.
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
    reader = Reader()
    try:
        value = reader.read(text)
    except json.JSONDecodeError as error:
        hint = next((hint for start, hint in _SYNTAX_HINTS if error.msg.startswith(start)), None)
        return _refused("syntax", syntax_message(error), hint)
    except RecursionError:
        return _refused("too-deep", TOO_DEEP)
    if _is_too_deep(value):
        return _refused("too-deep", TOO_DEEP)
    faults = [ParseIssue("", "non-finite", reader.non_finite)] if reader.non_finite else []
    if reader.has_repeated_keys:
        faults.extend(_repeated_key_faults(value))
    return (None, tuple(faults)) if faults else (value, ())


def plain_copy(value: object) -> tuple[Any, tuple[ParseIssue, ...], frozenset[str]]:
    """Copy a Python value into exact built-in dicts, lists, strings, numbers, booleans and None, deeply.

    Subclasses become the built-in they derive from and tuples become lists, without a call into the value's own code.
    Gives the copy, the faults, and the pointers of the values at fault: "InvalidMessage" for what is no JSON (a
    non-string key: at its object), "InvalidValue" with the reason "surrogate" for a string with a lone surrogate (a
    key: at its object). A value at fault stands as None in the copy, so that positions hold; a key at fault is left
    out. Too deep a value gives None and the one fault "too-deep". Raises nothing.
    """
    return Copier().copy(value)


_TOO_LARGE = f"more than {MAXIMUM_CONTAINERS:,} lists and objects stand in it"
TOO_DEEP = f"more than {MAXIMUM_DEPTH} containers stand one in another"


_SMALLEST = '{"from_email": "shop@example.com", "to": ["alice@example.com"], "subject": "Hello", "body": "Hi!"}'


# What people mostly did where Python's json module says this.
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
    """Say what keeps bytes from being UTF-8, and where."""
    return f"the text is not UTF-8: {error.reason} at byte {error.start}"


def syntax_message(error: json.JSONDecodeError) -> str:
    """Say what keeps a text from being JSON, and where."""
    return f"{error.msg}: line {error.lineno}, column {error.colno}"


def quoted(text: str) -> str:
    """Quote text for a message: short, on one line, without surrogates (repr escapes what cannot be printed)."""
    return repr(text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…")


def has_surrogate(text: str) -> bool:
    """Tell whether a lone surrogate stands in a text, which UTF-8 cannot carry."""
    return not is_clean(text)


@dataclass(frozen=True, slots=True)
class _RepeatedKeys:
    """A JSON object that has a key twice, while it is read: all of its pairs, and the key."""

    pairs: list[tuple[str, Any]]
    key: str


@dataclass(slots=True)
class Reader:
    """One json.loads call: its hooks, and what they noticed. A number refused reads as 0: it is never handed out."""

    non_finite: str | None = None
    has_repeated_keys: bool = False

    def read(self, text: str) -> Any:
        """Read JSON text; raises json.JSONDecodeError, and RecursionError where containers stand too deep."""
        return json.loads(
            text,
            object_pairs_hook=self.from_pairs,
            parse_constant=self.constant,
            parse_float=self.real,
            parse_int=self.integer,
        )

    def from_pairs(self, pairs: list[tuple[str, Any]]) -> Any:
        """Give what stands for an object."""
        result = dict(pairs)
        if len(result) == len(pairs):
            return result
        self.has_repeated_keys = True
        return _RepeatedKeys(pairs, most_repeated_key(pairs))

    def constant(self, name: str) -> Any:
        """Give what stands for NaN, Infinity or -Infinity."""
        return self._refuse(f"{name} is no JSON number")

    def real(self, text: str) -> Any:
        """Give what stands for a number written with a fraction or an exponent."""
        number = float(text)
        return number if math.isfinite(number) else self._refuse(f"the number {quoted(text)} is too large for a float")

    def integer(self, text: str) -> Any:
        """Give what stands for any other number."""
        if len(text) - text.startswith("-") <= MAXIMUM_DIGITS:
            try:
                return int(text)
            except ValueError:  # this process has set a lower limit
                pass
        return self._refuse(f"the integer {quoted(text)} has too many digits (at most {MAXIMUM_DIGITS})")

    def _refuse(self, message: str) -> int:
        self.non_finite = self.non_finite or message
        return 0


def most_repeated_key(pairs: list[tuple[str, Any]]) -> str:
    """Give the key that stands most often among an object's pairs."""
    [(key, _)] = Counter(key for key, _ in pairs).most_common(1)
    return key


def _members(container: Any) -> Iterable[tuple[str | int, Any]]:
    """Give the keys or indexes of a container just read, with their values; those of repeated keys too."""
    if type(container) is _RepeatedKeys:
        return container.pairs
    return container.items() if type(container) is dict else enumerate(container)


def _is_too_deep(value: Any) -> bool:
    containers = (dict, list, _RepeatedKeys)
    level = [value] if isinstance(value, containers) else []
    for _ in range(MAXIMUM_DEPTH):
        level = [item for container in level for _, item in _members(container) if isinstance(item, containers)]
        if not level:
            return False
    return True


def _repeated_key_faults(value: Any) -> Iterable[ParseIssue]:
    """Give one fault for each object with repeated keys, in the document's order. The value is not too deep."""
    faults = IssueList()
    containers = (dict, list, _RepeatedKeys)
    path: list[str | int] = []
    # A container, its members that were not looked at yet, and whether the path follows them (it stops above a key that
    # UTF-8 cannot carry). The path has a token for each container but the first, where it follows.
    stack: list[tuple[Iterator[tuple[str | int, Any]], bool]] = []

    def enter(container: Any, follows: bool) -> None:
        if type(container) is _RepeatedKeys and faults.has_room(sum(len(str(each)) + 1 for each in path)):
            message = f"the key {quoted(container.key)} is repeated"
            faults.note(ParseIssue(pointer(path), "duplicate-key", message))
        stack.append((iter(_members(container)), follows))

    if isinstance(value, containers):
        enter(value, follows=True)
    while stack:
        members, follows = stack[-1]
        for key, item in members:
            if isinstance(item, containers):
                goes_on = follows and not has_surrogate(str(key))
                if goes_on:
                    path.append(key)
                enter(item, goes_on)
                break
        else:
            stack.pop()
            if follows and path:
                path.pop()
    return tuple(faults)


@dataclass(slots=True)
class Copier:
    """One run of plain_copy: a walk with a stack of its own, in the document's order."""

    # Whether too deep a container is a fault at its place like any other, instead of the one fault of the whole value.
    prunes: ClassVar[bool] = False

    # The key or index of the member at hand in each open container. The first belongs to a list around the whole value,
    # which spares the root a treatment of its own.
    path: list[str | int] = field(default_factory=list)
    faults: IssueList = field(default_factory=IssueList)
    faulty: set[str] = field(default_factory=set)

    def copy(self, value: object) -> tuple[Any, tuple[ParseIssue, ...], frozenset[str]]:
        """Give the copy, the faults and the pointers of the values at fault."""
        around: Any = [None]
        stack: list[tuple[Iterator[tuple[str | int, Any]], Any, int]] = [(enumerate([value]), around, id(around))]
        open_containers = {id(around)}  # by identity: equality would run the value's own code
        self.path = [0]
        containers = 0
        while stack:
            members, target, identity = stack[-1]
            for key, item in members:
                self.path[-1] = key
                kind = type(item)
                if kind is str and item.isascii():  # the commonest first
                    target[key] = item
                elif issubclass(kind, dict | list | tuple):
                    target[key] = None
                    if id(item) in open_containers:
                        self.refuse("InvalidMessage", "not-json", "the value contains itself")
                        continue
                    if len(stack) > MAXIMUM_DEPTH:
                        if self.prunes:
                            self.refuse("InvalidJSON", "too-deep", TOO_DEEP)
                            continue
                        return None, (ParseIssue("", "too-deep", TOO_DEEP),), frozenset({""})
                    containers += 1
                    if containers > MAXIMUM_CONTAINERS:
                        return None, (ParseIssue("", "not-json", _TOO_LARGE, code="InvalidMessage"),), frozenset({""})
                    opened: Iterator[tuple[str | int, Any]]
                    inner: Any
                    if issubclass(kind, dict):
                        opened, inner = self.pairs(item), {}
                    else:
                        base = list if issubclass(kind, list) else tuple
                        opened, inner = enumerate(base.__iter__(item)), [None] * base.__len__(item)
                    target[key] = inner
                    stack.append((opened, inner, id(item)))
                    open_containers.add(id(item))
                    self.path.append("")
                    break
                else:
                    target[key] = self.scalar(item, kind)
            else:
                stack.pop()
                self.path.pop()
                open_containers.remove(identity)
        if not self.faults.is_complete:  # what is not listed is not known to be at fault either
            self.faulty.add("")
        return around[0], tuple(self.faults), frozenset(self.faulty)

    def refuse(self, code: str, reason: str | None, message: str) -> None:
        """Record a fault at the path at hand, once for each code and reason."""
        if self.faults.has_room(sum(len(str(each)) + 1 for each in self.path[1:])):
            path = pointer(self.path[1:])
            self.faults.note(ParseIssue(path, reason, message, code=code))
            self.faulty.add(path)

    def scalar(self, value: Any, kind: type) -> Any:
        """Give the plain form of what is no container, or None and a fault."""
        if kind is bool or value is None:
            return value
        # By type, not isinstance, which would ask the value for its __class__.
        if issubclass(kind, str):
            text = str.__str__(value)
            if not has_surrogate(text):
                return text
            self.refuse("InvalidValue", "surrogate", "the text holds a lone surrogate, which UTF-8 cannot carry")
        elif issubclass(kind, int):
            integer = int.__int__(value)
            if -INTEGER_BOUND < integer < INTEGER_BOUND:
                return integer
            self.refuse("InvalidMessage", "not-json", f"the integer has more than {MAXIMUM_DIGITS} digits")
        elif issubclass(kind, float):
            number = float.__float__(value)
            if math.isfinite(number):
                return number
            self.refuse("InvalidMessage", "not-json", f"{number!r} is not a JSON number")
        else:
            self.refuse("InvalidMessage", "not-json", f"a value of the Python type {kind.__name__} is not JSON")
        return None

    def pairs(self, source: dict[Any, Any]) -> Iterator[tuple[str | int, Any]]:
        """Give a dict's items under exact strings; refuse its other keys, at the path at hand."""
        if all(type(key) is str and key.isascii() for key in dict.keys(source)):
            return iter(dict.items(source))
        result: dict[str | int, Any] = {}
        faults: dict[str, tuple[str, str]] = {}  # the first of each reason: each counts once for this object
        for key, item in dict.items(source):
            kind = type(key)
            if not issubclass(kind, str):
                message = f"a key is of the Python type {kind.__name__}, not a string"
                faults.setdefault("not-json", ("InvalidMessage", message))
                continue
            text = str.__str__(key)
            if has_surrogate(text):
                faults.setdefault("surrogate", ("InvalidValue", f"the key {quoted(text)} holds a lone surrogate"))
            elif text in result:  # keys of a str subclass may differ as keys and read the same
                faults.setdefault("not-json", ("InvalidMessage", f"two keys read {quoted(text)}"))
            else:
                result[text] = item
        for reason, (code, message) in faults.items():
            self.refuse(code, reason, message)
        return iter(result.items())
