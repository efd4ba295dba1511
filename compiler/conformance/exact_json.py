"""JSON text of values that were read exactly: every digit is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def dump_json(value: Any) -> str:
    """A value as JSON text on one line, Decimals included. What is not JSON is shown as Python shows it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_string(str(key))}: {dump_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(dump_json, value)) + "]"
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value) if isinstance(value, Decimal) else repr(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
