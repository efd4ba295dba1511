"""Compiles one message to one payload, field by field."""

from __future__ import annotations

import re
from typing import Any

from tests.benchmarks.by_hand.addresses import addresses, ascii_domain, one_address
from tests.benchmarks.by_hand.errors import NotCoveredError, RefusedError
from tests.benchmarks.by_hand.files import LARGEST, MEDIA_TYPE, add_files
from tests.benchmarks.by_hand.headers import add_headers
from tests.benchmarks.by_hand.names import Address, in_header
from tests.benchmarks.by_hand.notices import add_warnings
from tests.benchmarks.by_hand.values import deep_copy_object, is_line, is_text, json_text

_FIELDS = frozenset(
    (
        "$schema", "from_email", "to", "cc", "bcc", "reply_to", "subject", "body", "content_subtype", "alternatives",
        "attachments", "extra_headers", "envelope_sender", "metadata", "send_at", "tags", "track_clicks", "track_opens",
        "template_id", "merge_data", "merge_global_data", "merge_metadata", "esp_extra",
        "delivery",
    )
)  # fmt: skip
_NOT_COVERED = ("esp_extra", "merge_metadata")
_DIGITS = re.compile("[0-9]{1,4300}")
_LONGEST_LINE = 255
_MOST_SHARED = 50
_MOST_RECIPIENTS = 100


def message_by_hand(message: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """The payload, and the codes of the warnings. Raises RefusedError for what must not be sent."""
    if type(message) is not dict or not message.keys() <= _FIELDS:
        raise RefusedError
    get = message.get
    if not is_text(get("$schema", "")) or get("send_at") is not None:
        raise RefusedError
    if any(get(name) is not None for name in _NOT_COVERED):
        raise NotCoveredError
    payload: dict[str, Any] = {}
    warnings: set[str] = set()

    raw = get("from_email")
    senders = [] if raw is None else addresses(raw)
    headers, header_from = add_headers(message, warnings)
    _add_sender(get("envelope_sender"), senders, header_from, payload, warnings)

    to = _address_list(get("to"))
    copies = _address_list(get("cc")), _address_list(get("bcc"))
    variables = _variables(get("merge_data"))
    if not to:
        raise RefusedError
    delivery = get("delivery")
    has_copies = bool(copies[0] or copies[1])
    if delivery not in (None, "individual", "shared") or (delivery == "individual" and has_copies):
        raise RefusedError
    if has_copies or delivery == "shared":
        if variables is not None:
            raise RefusedError
        for name, group in (("To", to), ("Cc", copies[0]), ("Bcc", copies[1])):
            if group:
                payload[name] = _shared(group)
    else:
        payload["Recipients"] = _private(to, variables or {})

    _add_subject_and_bodies(get, payload)
    _add_template(get("template_id"), payload)
    _add_tag(get("tags"), payload)
    raw = get("merge_global_data")
    if raw is not None and (global_variables := deep_copy_object(raw, 1, nulls=False)):
        payload["Vars"] = global_variables
    raw = get("attachments")
    weight = sum(len(payload[name].encode()) for name in ("Text-part", "Html-part") if name in payload)
    if raw is not None:
        weight += add_files(raw, payload, warnings)
    if weight > LARGEST:
        raise RefusedError
    if headers:
        payload["Headers"] = headers
    raw = get("metadata")
    if raw is not None and (metadata := deep_copy_object(raw, 1, nulls=True)):
        payload["Mj-EventPayLoad"] = json_text(metadata)
    for name, property_name in (("track_clicks", "Mj-trackclick"), ("track_opens", "Mj-trackopen")):
        raw = get(name)
        if raw is not None:
            if type(raw) is not bool:
                raise RefusedError
            payload[property_name] = 2 if raw else 1

    has_template = "Mj-TemplateID" in payload
    if not (has_template or ("FromEmail" in payload and (payload.get("Text-part") or payload.get("Html-part")))):
        raise RefusedError
    add_warnings(message, payload, to, (*to, *copies[0], *copies[1]), variables, warnings)
    return payload, frozenset(warnings)


def _address_list(raw: Any) -> list[Address]:
    if raw is None:
        return []
    if type(raw) is not list:
        raise RefusedError
    return [address for each in raw for address in addresses(each)]


def _add_sender(
    envelope: Any, senders: list[Address], header_from: Address | None, payload: dict[str, Any], warnings: set[str]
) -> None:
    if len(senders) > 1:
        raise RefusedError
    sender = header_from or (senders[0] if senders else None)
    if sender is not None:
        payload["FromEmail"] = sender[0]
        if sender[1] is not None:
            payload["FromName"] = sender[1]
    if envelope is not None:
        email, name = one_address(envelope)
        payload["Sender"] = email
        if name is not None:
            warnings.add("NoEffect")
    elif header_from is not None and senders:
        payload["Sender"] = senders[0][0]
    if "Sender" in payload:
        warnings.add("NeedsApproval")


def _shared(group: list[Address]) -> str:
    if len(group) > _MOST_SHARED and len({email.lower() for email, _ in group}) > _MOST_SHARED:
        raise RefusedError
    return ", ".join([in_header(each, encode_commas=True) for each in group])


def _private(to: list[Address], variables: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    if len(to) > _MOST_RECIPIENTS:
        raise RefusedError
    recipients = []
    for email, name in to:
        recipient: dict[str, Any] = {"Email": email}
        if name is not None:
            recipient["Name"] = name
        recipient_variables = variables.get(email)
        if recipient_variables:
            recipient["Vars"] = recipient_variables
        recipients.append(recipient)
    return recipients


def _variables(raw: Any) -> dict[str, dict[str, Any]] | None:
    if raw is None:
        return None
    if type(raw) is not dict:
        raise RefusedError
    result = {}
    for key, values in raw.items():
        if not is_text(key):
            raise RefusedError
        result[ascii_domain(key)] = deep_copy_object(values, 2, nulls=False)
    if len(result) < len(raw):
        raise RefusedError
    return result


def _add_subject_and_bodies(get: Any, payload: dict[str, Any]) -> None:
    subject, body, subtype, alternatives = get("subject"), get("body"), get("content_subtype"), get("alternatives")
    if subject is not None:
        if not is_line(subject) or len(subject) > _LONGEST_LINE:
            raise RefusedError
        payload["Subject"] = subject
    if subtype not in (None, "plain", "html"):
        raise RefusedError
    if body is not None:
        if not is_text(body):
            raise RefusedError
        payload["Html-part" if subtype == "html" else "Text-part"] = body
    if alternatives is None:
        return
    if type(alternatives) is not list:
        raise RefusedError
    for each in alternatives:
        if type(each) is not dict or each.keys() != {"content", "mimetype"}:
            raise RefusedError
        content, kind = each["content"], each["mimetype"]
        if not is_text(content) or not is_text(kind) or not MEDIA_TYPE.match(kind):
            raise RefusedError
        bare = kind if kind == "text/html" else kind.partition(";")[0].strip().lower()
        name = {"text/html": "Html-part", "text/plain": "Text-part"}.get(bare)
        if name is None or name in payload:
            raise RefusedError
        payload[name] = content


def _add_template(raw: Any, payload: dict[str, Any]) -> None:
    if raw is None:
        return
    if type(raw) is float and raw.is_integer():
        raw = int(raw)
    text = str(raw) if type(raw) is int else raw
    if type(text) is not str or not _DIGITS.fullmatch(text):
        raise RefusedError
    payload["Mj-TemplateID"] = int(text)
    payload["Mj-TemplateLanguage"] = True


def _add_tag(raw: Any, payload: dict[str, Any]) -> None:
    if raw is None:
        return
    if type(raw) is not list or len(raw) > 1:
        raise RefusedError
    if raw:
        if not is_line(raw[0]) or len(raw[0]) > _LONGEST_LINE:
            raise RefusedError
        payload["Mj-campaign"] = raw[0]
