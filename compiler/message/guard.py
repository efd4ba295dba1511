"""The schema guard: a document held against its schema, every fault at the deepest value concerned.

It says what is wrong with types, shapes and field names. What a string holds (an address, a header, base64) is found
later, when the canonical message is made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from compiler._resources import validator
from compiler.message.fault import Document, Fault, FaultList
from compiler.message.json_values import pointer, token

FIELDS = (
    "from_email", "to", "cc", "bcc", "reply_to", "subject", "body", "content_subtype", "alternatives", "attachments",
    "extra_headers", "envelope_sender", "metadata", "send_at", "tags", "track_clicks", "track_opens", "template_id",
    "merge_data", "merge_global_data", "merge_metadata", "esp_extra",
)  # fmt: skip
"""The fields of a message, in the order in which faults are told."""

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


def check(document: Any, schema: str, invalid: Collection[str], kind: Document = "message") -> FaultList:
    """The faults of a document by the schema at this path; values that are `invalid` already are passed over."""
    faults = FaultList(kind)
    for fault in _faults(document, schema, invalid, kind):
        faults.add(fault)
        if not faults.is_complete:  # a schema is too slow to look for all of them
            faults.cut()
            break
    return faults


def _faults(document: Any, schema: str, invalid: Collection[str], kind: Document) -> Iterator[Fault]:
    for error in validator(schema).iter_errors(document):
        path = pointer(error.absolute_path)
        if _is_within(path, invalid):
            continue
        if error.validator == "additionalProperties" and error.validator_value is False:
            known = tuple(error.schema.get("properties", {}))
            for key in sorted(set(error.instance) - set(known)):
                hint = _nearest(key, [name for name in known if name != "$schema"])
                message = f"there is no field {key!r}"
                yield Fault("UnknownField", f"{path}/{token(key)}", None, message, hint, kind)
        else:
            yield Fault("InvalidMessage", path, _reason(error), _in_words(error), _hint(error), kind)


def _is_within(path: str, invalid: Collection[str]) -> bool:
    """Whether the path, or anything it is part of, is invalid."""
    while path not in invalid:
        if not path:
            return False
        path = path.rpartition("/")[0]
    return True


def _nearest(key: str, known: Iterable[str]) -> str | None:
    from difflib import get_close_matches

    plain = key.strip().lower().replace("-", "_").replace(" ", "_")
    alias = ALIASES.get(plain, ALIASES.get(key.lower()))
    if alias in set(known):
        as_what = ', as {"content": "…", "mimetype": "text/html"}' if alias == "alternatives" else ""
        return f"it is called {alias!r} here{as_what}"
    near = get_close_matches(plain, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else f"the fields are {', '.join(sorted(known))}"


_ARTICLES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def _reason(error: Any) -> str:
    """The reason of an `InvalidMessage`: a wrong JSON type, a value that is not allowed, or a missing member."""
    if error.validator == "required":
        return "missing"
    if error.validator == "enum" and _type_of(error.instance) not in {_type_of(each) for each in error.validator_value}:
        return "type"
    return "type" if error.validator == "type" else "value"


def _in_words(error: Any) -> str:
    """What is wrong, without quoting the value: it may be long, or nobody's business."""
    wanted = error.validator_value
    if error.validator == "type":
        names = [_ARTICLES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
        return f"{_ARTICLES[_type_of(error.instance)]} stands where {' or '.join(names)} is expected"
    if error.validator == "required":
        lacking = [repr(name) for name in wanted if name not in error.instance]
        return f"{', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} missing here"
    if error.validator == "enum":
        return f"one of {', '.join(repr(value) for value in wanted if value is not None)} is expected"
    return "this does not have the expected form"


def _hint(error: Any) -> str | None:
    if error.validator == "type" and "array" in error.validator_value and not isinstance(error.instance, list):
        return "put it in a list, in square brackets"
    return error.schema.get("description") if isinstance(error.schema, dict) else None


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    types = {dict: "object", list: "array", str: "string", int: "number", float: "number", type(None): "null"}
    return types[type(value)]
