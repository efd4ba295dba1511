"""Any Python value to plain JSON: exact built-in dicts, lists, strings, numbers, booleans and None.

What cannot be copied is an issue at its path, and null in the copy; the lenient mode (`mends`) repairs it at its place
if possible. JSON text is read by `parse`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from compiler.json_io.issues import IssueList, ParseIssue
from compiler.json_io.parse import TOO_DEEP, quoted
from compiler.json_io.plain import (
    INTEGER_BOUND,
    MAXIMUM_CONTAINERS,
    MAXIMUM_DEPTH,
    MAXIMUM_DIGITS,
    SURROGATE,
    has_no_lone_surrogate,
)
from compiler.json_io.pointer import format_pointer

_TOO_LARGE = f"more than {MAXIMUM_CONTAINERS:,} lists and objects"
_REPLACEMENT = "\ufffd"

Sanitized = tuple[Any, tuple[ParseIssue, ...], frozenset[str]]
"""The copy, the issues, and the pointers of the invalid values."""


class DictWithDuplicateKey(dict[str, Any]):
    """An object of a JSON text with a duplicate key; the last value of each key counts."""

    duplicate: str


def sanitize(value: object, *, mends: bool = False) -> Sanitized:
    """Copies a Python value into plain JSON, deeply, and without calling the value's own code. Raises nothing.

    Subclasses become the built-in they derive from, and tuples become lists. The issues are "InvalidMessage" for what
    is not JSON (a non-string key: at its object) and "InvalidValue" with the reason "surrogate" for a string with a
    lone surrogate (a key: at its object). An invalid value is None in the copy, so that positions do not change; an
    invalid key is left out. Too deep a value gives None and the one issue "too-deep".

    With `mends`, a lone surrogate becomes U+FFFD, an integer that is too long its digits as text, and only the
    container that is too deep is None.
    """
    return _Sanitizer(mends).copy(value)


def replace_lone_surrogates(text: str) -> str:
    """The text with U+FFFD for each lone surrogate."""
    return text if has_no_lone_surrogate(text) else SURROGATE.sub(_REPLACEMENT, text)


@dataclass(slots=True)
class _Sanitizer:
    """One run of `sanitize`: a walk with a stack of its own, in the document's order."""

    mends: bool
    # The key or index of the current member in each open container. The first belongs to a list around the whole value,
    # so that the root needs no special case.
    path: list[str | int] = field(default_factory=list)
    issues: IssueList = field(default_factory=IssueList)
    refused: set[str] = field(default_factory=set)

    def copy(self, value: object) -> Sanitized:
        """The copy, the issues and the pointers of the invalid values."""
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
                if kind is str and item.isascii():  # the most common first
                    target[key] = item
                elif issubclass(kind, dict | list | tuple):
                    target[key] = None
                    if id(item) in open_containers:
                        self._refuse("InvalidMessage", "not-json", "the value contains itself")
                        continue
                    if len(stack) > MAXIMUM_DEPTH:
                        if self.mends:
                            self._refuse("InvalidJSON", "too-deep", TOO_DEEP)
                            continue
                        return None, (ParseIssue("", "too-deep", TOO_DEEP),), frozenset({""})
                    containers += 1
                    if containers > MAXIMUM_CONTAINERS:
                        return None, (ParseIssue("", "not-json", _TOO_LARGE, code="InvalidMessage"),), frozenset({""})
                    opened: Iterator[tuple[str | int, Any]]
                    inner: Any
                    if issubclass(kind, dict):
                        opened, inner = self._pairs(item), {}
                    else:
                        base = list if issubclass(kind, list) else tuple
                        opened, inner = enumerate(base.__iter__(item)), [None] * base.__len__(item)
                    target[key] = inner
                    stack.append((opened, inner, id(item)))
                    open_containers.add(id(item))
                    self.path.append("")
                    break
                else:
                    target[key] = self._scalar(item, kind)
            else:
                stack.pop()
                self.path.pop()
                open_containers.remove(identity)
        if not self.issues.is_complete:  # what is not listed may be invalid too
            self.refused.add("")
        return around[0], tuple(self.issues), frozenset(self.refused)

    def _refuse(self, code: str, reason: str | None, message: str) -> None:
        """Records an issue at the current path, once for each code and reason."""
        if self.issues.has_room(sum(len(str(token)) + 1 for token in self.path[1:])):
            path = format_pointer(self.path[1:])
            self.issues.note(ParseIssue(path, reason, message, code=code))
            self.refused.add(path)

    def _scalar(self, value: Any, kind: type) -> Any:
        """The plain form of what is not a container, or None and an issue."""
        if kind is bool or value is None:
            return value
        # By type, not isinstance, which would ask the value for its __class__.
        if issubclass(kind, str):
            text = str.__str__(value)
            if has_no_lone_surrogate(text):
                return text
            self._refuse("InvalidValue", "surrogate", "the text holds a lone surrogate, which UTF-8 cannot carry")
            return replace_lone_surrogates(text) if self.mends else None
        if issubclass(kind, int):
            integer = int.__int__(value)
            if -INTEGER_BOUND < integer < INTEGER_BOUND:
                return integer
            if self.mends:
                return format(Decimal(integer), "f")  # str() refuses as many digits
            self._refuse("InvalidMessage", "not-json", f"the integer has more than {MAXIMUM_DIGITS} digits")
        elif issubclass(kind, float):
            number = float.__float__(value)
            if math.isfinite(number):
                return number
            self._refuse("InvalidMessage", "not-json", f"{number!r} is not a JSON number")
        else:
            self._refuse("InvalidMessage", "not-json", f"a value of the Python type {kind.__name__} is not JSON")
        return None

    def _pairs(self, source: dict[Any, Any]) -> Iterator[tuple[str | int, Any]]:
        """A dict's items under exact strings; its other keys are issues at the current path."""
        if type(source) is DictWithDuplicateKey:
            self._refuse("InvalidJSON", "duplicate-key", f"duplicate key {quoted(source.duplicate)}")
        elif all(type(key) is str and key.isascii() for key in dict.keys(source)):
            return iter(dict.items(source))
        result: dict[str | int, Any] = {}
        issues: dict[str, tuple[str, str]] = {}  # the first of each reason: each counts once for this object
        for key, item in dict.items(source):
            kind = type(key)
            if not issubclass(kind, str):
                message = f"a key is of the Python type {kind.__name__}, not a string"
                issues.setdefault("not-json", ("InvalidMessage", message))
                continue
            text = str.__str__(key)
            if not has_no_lone_surrogate(text):
                issues.setdefault("surrogate", ("InvalidValue", f"the key {quoted(text)} holds a lone surrogate"))
                if not self.mends:
                    continue
                text = replace_lone_surrogates(text)
            if text in result:  # keys that differ only in their surrogates, or keys of a str subclass
                reason, code = ("duplicate-key", "InvalidJSON") if self.mends else ("not-json", "InvalidMessage")
                issues.setdefault(reason, (code, f"two keys read {quoted(text)}"))
                if not self.mends:
                    continue
            result[text] = item
        for reason, (code, message) in issues.items():
            self._refuse(code, reason, message)
        return iter(result.items())
