"""What jsonschema finds wrong with a document, in words: what is wrong, why in one word, and what to do about it.

Values are not quoted: one may be long, or nobody's business. Advice comes from the schema: its keyword `x-hint`, or the
first of its `examples`. Which documents are held against which schema is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

_LONGEST_KEY = 60  # characters of a key that are compared and quoted
_MOST_KEYS = 20
_FEW = 3  # types that are listed where null is not one of them

_NAMES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def describe_error(error: Any) -> tuple[str, str | None]:
    """What is wrong with a value, "must be a string, got a number", and what to do, where that is known.

    `error` is a `jsonschema.ValidationError`.
    """
    wanted, value = error.validator_value, error.instance
    match error.validator:
        case "type" if value is None and len(wanted) > _FEW and not isinstance(wanted, str):
            return "must not be null", _advice(error)
        case "type":
            names = [_NAMES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
            return f"must be {' or '.join(names)}, got {_NAMES[type_of(value)]}", _advice(error)
        case "required":
            missing = [name for name in wanted if name not in value]
            listed = ", ".join(map(repr, missing))
            return f"must have {listed}", _renamings(missing, value, error.schema) or _advice(error)
        case "enum":
            return f"must be one of {', '.join(repr(each) for each in wanted if each is not None)}", _advice(error)
        case "const":
            return f"must be {json.dumps(wanted)}", _advice(error)
        case "minLength" | "minItems" | "minProperties":
            return "must not be empty", _advice(error)
        case "minimum" | "maximum":
            bound = "at least" if error.validator == "minimum" else "at most"
            return f"must be {bound} {wanted}", _advice(error)
        case _:
            return "has an invalid form", _advice(error)


def reason_of(error: Any) -> Literal["type", "value", "missing"]:
    """Why a value is refused: another JSON type, the right type and a value that is not allowed, a missing member."""
    if error.validator == "required":
        return "missing"
    if error.validator == "enum" and type_of(error.instance) not in {type_of(each) for each in error.validator_value}:
        return "type"
    return "type" if error.validator == "type" else "value"


def find_nearest(key: str, known: Iterable[str]) -> str | None:
    """The known key that another may be misspelt from; what are no letters and digits, and their case, count less."""
    from difflib import get_close_matches

    if len(key) > _LONGEST_KEY:
        return None
    known = list(known)
    same = next((each for each in known if _letters(each) == _letters(key)), None)
    if same is not None:
        return same
    near = get_close_matches(key.lower(), [each.lower() for each in known], n=1)
    return next((each for each in known if near and each.lower() == near[0]), None)


def type_of(value: Any) -> str:
    """The JSON type of a plain value."""
    if isinstance(value, bool):
        return "boolean"
    types = {dict: "object", list: "array", str: "string", int: "number", float: "number", type(None): "null"}
    return types[type(value)]


def _letters(key: str) -> str:
    return "".join(filter(str.isalnum, key)).lower()


def _advice(error: Any) -> str | None:
    schema = error.schema if isinstance(error.schema, dict) else {}
    is_type = error.validator == "type"
    if is_type and "array" in error.validator_value and type_of(error.instance) in ("object", "string"):
        return "put it in a list, in square brackets"
    hint = schema.get("x-hint")
    if hint is not None and (not is_type or "examples" not in schema):
        return str(hint)
    if schema.get("examples"):
        return f"for example: {json.dumps(schema['examples'][0], ensure_ascii=False)}"
    return None


def _renamings(missing: list[str], value: dict[str, Any], schema: Any) -> str | None:
    """What members are called that seem to be meant for the missing ones: "write 'ContentType' as 'Content-type'"."""
    known = schema.get("properties", {}) if isinstance(schema, dict) else {}
    left = [key for key in list(value)[:_MOST_KEYS] if key not in known]
    found = []
    for name in missing:
        key = find_nearest(name, left)
        if key is not None:
            left.remove(key)
            found.append(f"{key!r} as {name!r}")
    return f"write {', '.join(found)}" if found else None
