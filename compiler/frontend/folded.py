"""A message with the defaults written into it, as a message: what it says alone is what the two said together.

`given` combines the two for the canonical message, with a place for each value; here they become one message again, in
the spelling in which they were given. Nothing is checked here: what is invalid stays, as far as its form lets it be
combined, for whoever compiles the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.frontend.given import OBJECTS
from compiler.frontend.guard import FIELDS


def folded(message: Mapping[str, Any], defaults: Any) -> dict[str, Any]:
    """The message, plain JSON, with the defaults of any content written into it; the two share what they hold with it.

    Compiled without defaults, it gives what the message gives with them. Null drops a default, and then means no more
    than a field left out, so it is left out; so is `$schema`, which says where this message is no longer. What
    `content_subtype` says of a body holds for one from the defaults too, and so it stays with it.
    """
    whole = {name: value for name, value in message.items() if value is not None and name != "$schema"}
    if not isinstance(defaults, Mapping):
        return whole
    for name in FIELDS:
        default = defaults.get(name)
        if default is None or name == "content_subtype":
            continue
        if name not in message:
            whole[name] = default
        elif name in whole:
            whole[name] = _combined(name, default, whole[name])
    return whole


def _combined(name: str, default: Any, own: Any) -> Any:
    """What a field is that both give."""
    if isinstance(default, list) and isinstance(own, list):
        return [*default, *own]
    key_of = OBJECTS.get(name)
    if key_of is not None and isinstance(default, dict) and isinstance(own, dict):
        taken = {key_of(key) for key in own}
        return {**{key: value for key, value in default.items() if key_of(key) not in taken}, **own}
    return own
