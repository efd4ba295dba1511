"""JSON Pointers (RFC 6901), as tuples of tokens and as text, and names. Nothing here reads a document."""

from __future__ import annotations

from collections.abc import Iterable

Tokens = tuple[str, ...]


def escape(token: str | int) -> str:
    """One reference token as it is written in a pointer."""
    return str(token).replace("~", "~0").replace("/", "~1")


def text_of(tokens: Iterable[str | int]) -> str:
    """The pointer that these tokens make: `("a", 0)` is `/a/0`, none at all is the whole document."""
    return "".join("/" + escape(token) for token in tokens)


def tokens_of(text: str) -> Tokens:
    """The tokens of a pointer. Raises ValueError where the text is no pointer."""
    if text == "":
        return ()
    if not text.startswith("/"):
        raise ValueError(f"a JSON Pointer is empty or begins with a slash: {text!r}")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in text[1:].split("/"))


def caseless(name: str) -> str:
    """What two spellings of a name share. Names are ASCII; another one, such as with a Kelvin sign, is no other's."""
    return name.lower() if name.isascii() else name
