"""What the front end decides by itself about the leaves of a message: which there are, and what becomes of some.

The rules of combining are those of `given`; here they are only told, for whoever wants to know what became of what.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.frontend.given import LISTS, OBJECTS
from compiler.frontend.guard import FIELDS
from compiler.json_io.fault import Document
from compiler.json_io.parse import token
from compiler.mail.encoded_words import decode_encoded_words

_ROOM_FOR_POINTERS = 500_000  # characters

DEFAULTS = "/send_defaults"
"""Where the defaults stand in the options."""


def leaves(document: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each string, number, boolean, null, empty list and empty object of a plain value, with its pointer, in order."""
    if isinstance(document, dict) and document:
        for key, value in document.items():
            yield from leaves(value, f"{path}/{token(key)}")
    elif isinstance(document, list) and document:
        for index, value in enumerate(document):
            yield from leaves(value, f"{path}/{index}")
    else:
        yield path, document


def are_few_leaves(document: Any) -> bool:
    """Whether the pointers to the leaves of a plain value take no more room than some thirty times the value.

    A document with a long key and many leaves below it has pointers that take the square of its length.
    """
    pointers = size = 0
    waiting: list[tuple[int, Any]] = [(0, document)]
    while waiting:
        length, value = waiting.pop()
        size += 1
        if isinstance(value, dict):
            size += sum(map(len, value))
            waiting += ((length + len(key) + 1, inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting += ((length + 7, inner) for inner in value)
        else:
            size += len(value) if isinstance(value, str) else 1
            pointers += length
    return pointers <= _ROOM_FOR_POINTERS + 30 * size


def overridden_defaults(message: Any, defaults: Any) -> Iterator[tuple[str, str]]:
    """Pointers to what the message overrides in the defaults, each with the pointer to what overrides it."""
    if not isinstance(message, dict) or not isinstance(defaults, dict):
        return
    for name in FIELDS:
        if name not in message or name not in defaults:
            continue
        own, default = message[name], defaults[name]
        if own is None or not (name in LISTS or name in OBJECTS):
            yield f"{DEFAULTS}/{name}", f"/{name}"
        elif name in OBJECTS and isinstance(own, dict) and isinstance(default, dict):
            keys = {OBJECTS[name](key): key for key in own}
            for key in default:
                if OBJECTS[name](key) in keys:
                    yield f"{DEFAULTS}/{name}/{token(key)}", f"/{name}/{token(keys[OBJECTS[name](key)])}"


def decided_by(place: tuple[Document, str], message: Any, defaults: Any) -> tuple[Document, str]:
    """The leaf whose fate this one shares: what only says how another is meant is written with that."""
    document, path = place
    if place == ("message", "/content_subtype"):
        return _body(message, defaults) or place
    field, _, rest = path.removeprefix(DEFAULTS if document == "options" else "").removeprefix("/").partition("/")
    if field == "attachments" and rest.endswith(("/encoding", "/disposition")):
        return document, f"{path.rpartition('/')[0]}/content"
    return place


def says_nothing(leaf: Any) -> bool:
    """Whether there is nothing in a leaf that could be written: it is null, empty, or a blank text."""
    if isinstance(leaf, str):
        return not decode_encoded_words(leaf).strip().strip(" \t<>")  # a blank name, Reply-To header or content id
    return leaf is None or leaf in ([], {})


def _body(message: Any, defaults: Any) -> tuple[Document, str] | None:
    """Where the body stands that a content subtype is about."""
    if isinstance(message, dict) and "body" in message:
        return None if message["body"] is None else ("message", "/body")
    if isinstance(defaults, dict) and defaults.get("body") is not None:
        return "options", f"{DEFAULTS}/body"
    return None
