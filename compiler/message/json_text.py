"""JSON text for a value, always the same for the same value.

Where such text becomes a string in a payload, it may not depend on the order of keys or on how a number was spelled.
"""

from __future__ import annotations

import json
from typing import Any

from compiler.message.headers import number_text


def json_text(value: Any) -> str:
    """The JSON text of a plain value: keys sorted, no spaces, Unicode as it is, 3.0 as 3.

    The value is a plain copy (`json_values`): finite, not too deep, without lone surrogates.
    """
    if isinstance(value, dict):
        return "{" + ",".join(f"{_string(key)}:{json_text(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return number_text(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
