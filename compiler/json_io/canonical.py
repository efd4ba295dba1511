"""JSON text for a value, always the same for the same value.

Such text can become a string in a payload, so it must not depend on the order of keys or the spelling of numbers.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any


def json_text(value: Any) -> str:
    """The JSON text of a plain value: keys sorted, no spaces, Unicode as it is, 3.0 as 3.

    The value is plain JSON (see `sanitize`): finite, not too deep, without lone surrogates.
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


def number_text(value: int | float) -> str:
    """The text of a JSON number: 3.0 is "3", 1e22 "10000000000000000000000", 0.5 "0.5", -0.0 "0".

    The value is finite and not a boolean. JSON does not distinguish 3 from 3.0, so neither does the text; other floats
    are written by repr, the shortest text for the same float.
    """
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    from decimal import Decimal

    if isinstance(value, float):
        # The number as repr writes it, not the exact binary value: 1e23, not 99999999999999991611392.
        return str(int(Decimal(repr(value))))
    try:
        return str(value)
    except ValueError:  # more digits than the limit of this process
        return format(Decimal(value), "f")
