"""Whether a received message has the shape that `schemas/inbound-message.schema.json` says, and what it leaves out.

What its texts hold is not looked at here, but for base64 and what UTF-8 cannot carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.json_io.parse import plain_copy, pointer
from compiler.mail.attachments import base64_size

_NULL = ("envelope_sender", "envelope_recipient", "from_email", "subject", "date", "text", "html")
_NULL_TOO = ("spam_detected", "spam_score", "custom_id", "timestamp", "event_id", "esp_event")
_LIST_MEMBERS = ("to", "cc", "html_parts", "headers", "attachments")
_ADDRESS = {"name": None}
_ATTACHMENT = {"filename": None, "mimetype": "application/octet-stream", "inline": False, "content_id": None}
_MAX_REASON = 200


def with_defaults(inbound: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with every member; those that are absent are null or empty. `metadata` and `esp_event` are not copied.

    Raises ValueError, with a JSON Pointer, where it has not the schema's shape. An address needs its `email` and an
    attachment its `content`, which can be neither null nor empty.
    """
    given = dict(inbound) | {"esp_event": None}
    if isinstance(given.get("metadata"), Mapping):
        given["metadata"] = {}
    copy, faults, _ = plain_copy(given)
    for fault in faults:
        raise _invalid(fault.path, fault.message)
    complete = {**dict.fromkeys((*_NULL, *_NULL_TOO)), **{name: [] for name in _LIST_MEMBERS}, "metadata": {}, **copy}
    complete["from_email"] = _fill_members(complete["from_email"], _ADDRESS)
    for name, members in (("to", _ADDRESS), ("cc", _ADDRESS), ("attachments", _ATTACHMENT)):
        if isinstance(complete[name], list):
            complete[name] = [_fill_members(each, members) for each in complete[name]]
    _check_schema(complete)
    for index, attachment in enumerate(complete["attachments"]):
        if base64_size(attachment["content"]) is None:
            raise _invalid(pointer(("attachments", index, "content")), "this is no base64")
    return complete


def _fill_members(value: Any, members: Mapping[str, Any]) -> Any:
    return {**members, **value} if isinstance(value, dict) else value


def _check_schema(complete: Mapping[str, Any]) -> None:
    from compiler.json_io.resources import validator

    for error in validator("inbound-message.schema.json").iter_errors(complete):
        path = list(error.absolute_path)
        if error.validator == "additionalProperties":
            path += [name for name in error.instance if name not in error.schema["properties"]][:1]
            raise _invalid(pointer(path), "there is no such member")
        reason = str(error.message)  # it begins with the value, which may be long
        if len(reason) > _MAX_REASON:
            reason = f"this is not as the schema's {error.validator!r} says ({error.validator_value!r})"
        raise _invalid(pointer(path), reason)


def _invalid(path: str, reason: str) -> ValueError:
    return ValueError(f"this is no inbound message, at {path or 'its root'}: {reason}")
