"""The schema guard: a document held against its schema, every fault at the deepest value concerned.

It says what is wrong with types, shapes and field names. What a string holds (an address, a header, base64) is found
later, when the canonical message is made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from compiler.frontend.schema_errors import describe_error, find_nearest, reason_of
from compiler.json_io.fault import Document, Fault, FaultList
from compiler.json_io.parse import pointer, quoted, token
from compiler.json_io.resources import validator

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
                hint = _suggest(key, [name for name in known if name != "$schema"])
                yield Fault("UnknownField", f"{path}/{token(key)}", None, f"unknown field {quoted(key)}", hint, kind)
        else:
            message, advice = describe_error(error)
            yield Fault("InvalidMessage", path, reason_of(error), message, advice, kind)


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
