"""What the front end decides by itself about the leaves of a message: which there are, and which defaults give way.

The rules of combining are those of `given`; here they are only told, for whoever wants to know what became of what.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.message.given import LISTS, OBJECTS
from compiler.message.guard import FIELDS
from compiler.message.json_values import token

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
