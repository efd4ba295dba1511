"""Checks documents by their schemas, and describes what is wrong: in words, with a reason, and what to do about it.

The precompiled validators accept fast; jsonschema checks only what they reject. Values are not quoted:
one may be long, or private. Advice comes from the schema: its keyword `x-hint`, or the first of its `examples`. The
content of strings (an address, a header, base64) is checked later, by the readers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal

from compiler.frontend.defaults import Document
from compiler.generated.validators import fast_validator
from compiler.json_io.issues import MORE_ERRORS, MORE_HINT, BoundedList, more_message
from compiler.json_io.parse import quoted
from compiler.json_io.pointer import escape_token, format_pointer
from compiler.json_io.resources import validator
from compiler.json_io.suggestions import find_nearest
from compiler.results import Diagnostic

_MOST_KEYS = 20
_FEW = 3  # a value with more types than these is only said not to be null

_NAMES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


# The schemas whose members are checked one by one, since the errors of one do not depend on the others; with the
# members that are checked in the same way.
_CHECKED_BY_MEMBER: Mapping[str, tuple[str, ...]] = {
    "message.schema.json": (),
    "options.schema.json": ("send_defaults",),
}

ALIASES = {
    "attachment": "attachments",
    "content_type": "content_subtype",
    "custom_args": "metadata",
    "from": "from_email",
    "global_merge_data": "merge_global_data",
    "headers": "extra_headers",
    "html": "alternatives",
    "html_body": "alternatives",
    "html_content": "alternatives",
    "message": "body",
    "plain": "body",
    "recipients": "to",
    "recipient": "to",
    "reply-to": "reply_to",
    "replyto": "reply_to",
    "return_path": "envelope_sender",
    "sender": "from_email",
    "substitutions": "merge_data",
    "template": "template_id",
    "text": "body",
    "variables": "merge_global_data",
    "vars": "merge_global_data",
}
"""Names that people use elsewhere for our fields."""


def check_schema(document: Any, schema: str, refused: Collection[str], kind: Document = "message") -> list[Diagnostic]:
    """The errors of a plain document by the schema at this path; values that were `refused` already are skipped."""
    accepts = fast_validator(schema)
    if accepts is not None:
        if accepts(document):
            return []
        document = _rejected_members(document, accepts, _CHECKED_BY_MEMBER[schema])
    errors: BoundedList[Diagnostic] = BoundedList()
    for error in _errors(document, schema, refused, kind):
        errors.add((error.code, error.path, error.params.get("reason")), error, len(error.path))
        if not errors.is_complete:  # a schema is too slow to look for all of them
            more = more_message("error", None)
            return [*errors, Diagnostic("error", MORE_ERRORS, "", kind, message=more, hint=MORE_HINT)]
    return list(errors)


def _rejected_members(document: Any, accepts: Callable[[Any], bool], nested: Collection[str]) -> Any:
    """The document without the members that are valid by themselves, and so without those of its `nested` members."""
    if type(document) is not dict:
        return document
    rejected = {key: value for key, value in document.items() if not accepts({key: value})}
    for name in nested:
        inner = rejected.get(name)
        if type(inner) is dict:
            rejected[name] = {key: value for key, value in inner.items() if not accepts({name: {key: value}})}
    return rejected


def _errors(document: Any, schema: str, refused: Collection[str], kind: Document) -> Iterator[Diagnostic]:
    for error in validator(schema).iter_errors(document):
        path = format_pointer(error.absolute_path)
        if _is_within(path, refused):
            continue
        if error.validator == "additionalProperties" and error.validator_value is False:
            known = tuple(error.schema.get("properties", {}))
            for key in sorted(set(error.instance) - set(known)):
                hint = _suggest(key, [name for name in known if name != "$schema"])
                message = f"unknown field {quoted(key)}"
                yield Diagnostic(
                    "error", "UnknownField", f"{path}/{escape_token(key)}", kind, message=message, hint=hint
                )
        else:
            message, advice = describe_error(error)
            params = {"reason": reason_of(error)}
            yield Diagnostic("error", "InvalidMessage", path, kind, params, message=message, hint=advice)


def _is_within(path: str, invalid: Collection[str]) -> bool:
    """Whether the path, or anything it is part of, is invalid."""
    while path not in invalid:
        if not path:
            return False
        path = path.rpartition("/")[0]
    return True


def _suggest(key: str, known: Collection[str]) -> str:
    """What to write instead of an unknown field."""
    plain = key.strip().lower().replace("-", "_").replace(" ", "_")
    alias = ALIASES.get(plain, ALIASES.get(key.lower()))
    if alias in known:
        as_what = ', as {"content": "…", "mimetype": "text/html"}' if alias == "alternatives" else ""
        return f"it is called {alias!r} here{as_what}"
    near = find_nearest(plain, known)
    return f"did you mean {near!r}?" if near else f"the fields are {', '.join(sorted(known))}"


def describe_error(error: Any) -> tuple[str, str | None]:
    """What is wrong with a value ("must be a string, got a number"), and what to do, if that is known.

    `error` is a `jsonschema.ValidationError`.
    """
    expected, value = error.validator_value, error.instance
    match error.validator:
        case "type" if value is None and len(expected) > _FEW and not isinstance(expected, str):
            return "must not be null", _advice(error)
        case "type":
            names = [_NAMES[name] for name in ([expected] if isinstance(expected, str) else expected)]
            return f"must be {' or '.join(names)}, got {_NAMES[type_of(value)]}", _advice(error)
        case "required":
            missing = [name for name in expected if name not in value]
            listed = ", ".join(map(repr, missing))
            return f"must have {listed}", _renamings(missing, value, error.schema) or _advice(error)
        case "enum":
            return f"must be one of {', '.join(repr(value) for value in expected if value is not None)}", _advice(error)
        case "const":
            return f"must be {json.dumps(expected)}", _advice(error)
        case "minLength" | "minItems" | "minProperties":
            return "must not be empty", _advice(error)
        case "additionalProperties" if expected is False:
            known = tuple(error.schema.get("properties", {}))
            patterns = tuple(error.schema.get("patternProperties", {}))
            unknown = sorted(
                name
                for name in value
                if name not in known and not any(re.search(pattern, name) for pattern in patterns)
            )
            listed = ", ".join(map(quoted, unknown[:_FEW])) + (", …" if len(unknown) > _FEW else "")
            return f"must not have {listed}", _advice(error) or (_suggest(unknown[0], known) if known else None)
        case "minimum" | "maximum":
            bound = "at least" if error.validator == "minimum" else "at most"
            return f"must be {bound} {expected}", _advice(error)
        case _:
            return "has an invalid form", _advice(error)


def reason_of(error: Any) -> Literal["type", "value", "missing"]:
    """Why a value is refused: wrong JSON type, value that is not allowed, or missing member."""
    if error.validator == "required":
        return "missing"
    if error.validator == "enum" and type_of(error.instance) not in {
        type_of(allowed) for allowed in error.validator_value
    }:
        return "type"
    return "type" if error.validator == "type" else "value"


def type_of(value: Any) -> str:
    """The JSON type of a plain value."""
    if isinstance(value, bool):
        return "boolean"
    types = {dict: "object", list: "array", str: "string", int: "number", float: "number", type(None): "null"}
    return types[type(value)]


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
    """Which unknown members are probably the missing ones, misspelt: "write 'ContentType' as 'Content-type'"."""
    known = schema.get("properties", {}) if isinstance(schema, dict) else {}
    unknown = [key for key in list(value)[:_MOST_KEYS] if key not in known]
    renamings = []
    for name in missing:
        key = find_nearest(name, unknown)
        if key is not None:
            unknown.remove(key)
            renamings.append(f"{key!r} as {name!r}")
    return f"write {', '.join(renamings)}" if renamings else None
