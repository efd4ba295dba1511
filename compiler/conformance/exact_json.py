"""JSON that keeps every digit: what a harness writes is read without rounding, and shown again as it was meant.

Numbers with a fraction or an exponent are Decimals here. A key that is there twice, NaN and text that is not UTF-8 are
refused, and so is what is nested so deep that showing it would fail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

MAXIMUM_DEPTH = 200  # twice what a message may have
_MAXIMUM_DIGITS = 640  # the least limit that Python can be set to


def read_json(text: bytes | str) -> Any:
    """The value of a JSON text. Raises ValueError, which says what is wrong with it."""
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        value = json.loads(
            decoded,
            object_pairs_hook=_object,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"no UTF-8: {error.reason} at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    level = _containers([value])
    for _ in range(MAXIMUM_DEPTH):
        level = [item for each in level for item in _containers(each.values() if isinstance(each, dict) else each)]
        if not level:
            return value
    raise ValueError(f"nested more than {MAXIMUM_DEPTH} deep")


def dump_json(value: Any) -> str:
    """A value as JSON text on one line, Decimals included. What is no JSON is shown as Python does."""
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


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, dict | list)]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r:.80} is there twice")
    return made


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"a number beyond all measure: {text[:40]}") from None


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _MAXIMUM_DIGITS else Decimal(text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
