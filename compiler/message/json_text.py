"""JSON text for a value, always the same for the same value.

Where such text becomes a string in a payload, it may not depend on the order of keys or on how a number was spelled.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any

from compiler.message.headers import number_text


def json_text(value: Any) -> str:
    """The JSON text of a plain value: keys sorted, no spaces, Unicode as it is, 3.0 as 3.

    The value is a plain copy (`json_values`): finite, not too deep, without lone surrogates.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        members = [
            f"{encode_basestring(key)}:{encode_basestring(inner) if type(inner) is str else json_text(inner)}"
            for key, inner in sorted(value.items())
        ]
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return number_text(value)


_WORDS = {None: "null", True: "true", False: "false"}
