"""Validates a received message against `schemas/inbound-message.schema.json` and adds absent members.

Texts are not checked, except for base64 and characters that UTF-8 cannot encode.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.json_io.pointer import format_pointer
from compiler.json_io.sanitize import sanitize
from compiler.mail.attachments import base64_size

_NULLABLE_MEMBERS = (
    *("envelope_sender", "envelope_recipient", "from_email", "subject", "date", "text", "html"),
    *("spam_detected", "spam_score", "custom_id", "timestamp", "event_id", "esp_event"),
)
_LIST_MEMBERS = ("to", "cc", "html_parts", "headers", "attachments")
_ADDRESS_DEFAULTS = {"name": None}
_ATTACHMENT_DEFAULTS = {"filename": None, "mimetype": "application/octet-stream", "inline": False, "content_id": None}
_MAX_REASON = 200


def with_defaults(inbound: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with all members; absent ones are null or empty. `metadata` and `esp_event` are not copied.

    Raises ValueError with a JSON Pointer if it does not match the schema. The `email` of an address and the `content`
    of an attachment are required.
    """
    members = dict(inbound) | {"esp_event": None}
    if isinstance(members.get("metadata"), Mapping):
        members["metadata"] = {}
    copy, faults, _ = sanitize(members)
    for fault in faults:
        raise _invalid(fault.path, fault.message)
    complete = {**dict.fromkeys(_NULLABLE_MEMBERS), **{name: [] for name in _LIST_MEMBERS}, "metadata": {}, **copy}
    complete["from_email"] = _fill_members(complete["from_email"], _ADDRESS_DEFAULTS)
    for name, defaults in (("to", _ADDRESS_DEFAULTS), ("cc", _ADDRESS_DEFAULTS), ("attachments", _ATTACHMENT_DEFAULTS)):
        if isinstance(complete[name], list):
            complete[name] = [_fill_members(item, defaults) for item in complete[name]]
    _check_schema(complete)
    for index, attachment in enumerate(complete["attachments"]):
        if base64_size(attachment["content"]) is None:
            raise _invalid(format_pointer(("attachments", index, "content")), "invalid base64")
    return complete


def _fill_members(value: Any, defaults: Mapping[str, Any]) -> Any:
    return {**defaults, **value} if isinstance(value, dict) else value


def _check_schema(complete: Mapping[str, Any]) -> None:
    from compiler.json_io.resources import validator

    for error in validator("inbound-message.schema.json").iter_errors(complete):
        path = list(error.absolute_path)
        if error.validator == "additionalProperties":
            path += [name for name in error.instance if name not in error.schema["properties"]][:1]
            raise _invalid(format_pointer(path), "unknown member")
        reason = str(error.message)  # it begins with the value, which may be long
        if len(reason) > _MAX_REASON:
            reason = f"violates {error.validator!r} of the schema ({error.validator_value!r})"
        raise _invalid(format_pointer(path), reason)


def _invalid(path: str, reason: str) -> ValueError:
    return ValueError(f"invalid inbound message at {path or 'the root'}: {reason}")
