"""JSON Pointers (RFC 6901), as tuples of tokens and as text, and names. Nothing here reads a document."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

Tokens = tuple[str, ...]


class Origin(NamedTuple):
    """A place in a document: that of its parent (an object or list), and its key or index there.

    The pointer is written only if it is read (`str`): the pointers to all values of a document with a long
    key can take far more room than the document.
    """

    parent: Origin | None
    token: str | int

    def __str__(self) -> str:
        tokens: list[str | int] = []
        origin = self
        while origin.parent is not None:
            tokens.append(origin.token)
            origin = origin.parent
        return format_pointer(reversed(tokens))


ROOT = Origin(None, "")
"""The whole document."""


def escape_token(token: str | int) -> str:
    """One reference token as it is written in a pointer."""
    return str(token).replace("~", "~0").replace("/", "~1")


def format_pointer(tokens: Iterable[str | int]) -> str:
    """The pointer with these tokens: `("a", 0)` is `/a/0`, no tokens are the whole document."""
    return "".join("/" + escape_token(token) for token in tokens)


def parse_pointer(text: str) -> Tokens:
    """The tokens of a pointer. Raises ValueError if the text is not a pointer."""
    if text == "":
        return ()
    if not text.startswith("/"):
        raise ValueError(f"a JSON Pointer is empty or begins with a slash: {text!r}")
    tokens = text[1:].split("/")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens) if "~" in text else tuple(tokens)


def build_origin(tokens: Iterable[str | int]) -> Origin:
    """The place that these tokens lead to."""
    origin = ROOT
    for token in tokens:
        origin = Origin(origin, token)
    return origin


class PointerTree:
    """Pointers into a document as a tree, for a walk through the document."""

    def __init__(self, pointers: Collection[str] = ()) -> None:
        self.is_marked = False
        self._below: dict[str, PointerTree] = {}
        for pointer in pointers:
            inner = self
            for token in parse_pointer(pointer):
                inner = inner._below.setdefault(token, PointerTree())
            inner.is_marked = True

    def below(self, token: str | int) -> PointerTree | None:
        """The pointers at or below a member or item; None if there are none."""
        return self._below.get(str(token)) if self._below else None


def caseless(name: str) -> str:
    """A name in lower case, to compare spellings. Names are ASCII; others are unchanged."""
    return name.lower() if name.isascii() else name
