"""Checks payloads of Send API v3 as the service does, with the service's error messages.

The only source of rules is `schemas/mailjet-v3/payload.schema.json`, with its own keywords for limits that JSON Schema
cannot express. This module implements those keywords and has the known error messages of the service. For other errors
the emulator generates a message with the path and the expectation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from compiler.json_io import resources
from compiler.mail.addresses import AddressError, ascii_domain, parse_address_list
from compiler.mail.attachments import base64_size

_MAX_DETAIL_LENGTH = 300  # characters


@dataclass(frozen=True, slots=True)
class Rejection:
    """A rejected payload. `reason`: the reason phrase of the status line, None for the default."""

    status_code: int
    message: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _ServiceMessage:
    """The service's message if this keyword rejects a value at this path (`*` matches any name)."""

    path: tuple[str, ...]
    keyword: str
    message: str


# Mailjet Send API v3 guide: Send API errors.
_INVALID_CHARACTERS = "Invalid characters detected"
_SERVICE_MESSAGES = (
    _ServiceMessage(("Headers",), "type", '"Headers" is not JSON object type'),
    _ServiceMessage(("Headers", "*"), "type", "Header [{name}] is not string type"),
    _ServiceMessage(("To",), "x-max-addresses", "Too many recipients in To"),
    _ServiceMessage(("Cc",), "x-max-addresses", "Too many recipients in Cc"),
    _ServiceMessage(("Bcc",), "x-max-addresses", "Too many recipients in Bcc"),
)
_NO_RECIPIENTS = 'Missing "To" or "Recipients" property'
# Observed with django-anymail 4.1: the reason is only in the status line.
_NULL_VALUE = Rejection(500, None, "Cannot convert data from Null value")


def read_payload(body: bytes) -> tuple[Any, Rejection | None]:
    """Parses and checks the body of a call: the payload, and its rejection, None if it is accepted."""
    payload, problem = parse_body(body)
    if problem is not None:
        return None, Rejection(400, problem)
    return payload, check_payload(payload)


def parse_body(body: bytes) -> tuple[Any, str | None]:
    """The JSON value of a body, and why there is none."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None, _INVALID_CHARACTERS
    try:
        return json.loads(text, parse_constant=_no_constant), None
    except (ValueError, RecursionError) as error:
        return None, f"emulator: the body is not valid JSON: {error}"


def check_payload(payload: Any) -> Rejection | None:
    """The rejection of a payload, None if it is accepted."""
    try:
        errors = list(_validator().iter_errors(payload))
    except RecursionError:
        return Rejection(400, "emulator: the payload is nested too deeply")
    if not errors:
        return None
    if isinstance(payload, dict) and any(error.instance is None for error in errors):
        return _NULL_VALUE
    known = next(filter(None, map(_service_message, errors)), None)
    return Rejection(
        400, known or _emulator_message(min(errors, key=lambda error: list(map(str, error.absolute_path))))
    )


def _service_message(error: Any) -> str | None:
    if isinstance(error.schema, Mapping) and error.schema.get("title") == "Has recipients":
        return _NO_RECIPIENTS
    path = [str(key) for key in error.absolute_path]
    if path[:1] == ["Messages"]:
        path = path[2:]
    for known in _SERVICE_MESSAGES:
        matches = len(path) == len(known.path) and all(
            name in ("*", key) for name, key in zip(known.path, path, strict=True)
        )
        if matches and error.validator == known.keyword:
            return known.message.format(name=path[-1])
    return None


def _emulator_message(error: Any) -> str:
    """What the schema requires at this path."""
    path = "".join(f"/{key}" for key in error.absolute_path) or "the payload"
    if error.validator in ("required", "dependentRequired") or error.validator.startswith("x-"):
        return f"emulator: {path}: {error.message}"
    message = f"emulator: {path} {describe_expectation(error)}"
    return message if len(message) <= _MAX_DETAIL_LENGTH else f"{message[:_MAX_DETAIL_LENGTH]}…"


def describe_expectation(error: Any) -> str:
    """What the schema requires of a value, without the value, which can be the entire payload."""
    expectation = json.dumps({error.validator: error.validator_value})
    description = error.schema.get("description", "") if isinstance(error.schema, Mapping) else ""
    text = f"must be: {description} {expectation}"
    return text if len(text) <= _MAX_DETAIL_LENGTH else f"{text[:_MAX_DETAIL_LENGTH]}…"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not valid JSON")


@cache
def _validator() -> Any:
    keywords = {
        "x-max-addresses": _check_addresses,
        "x-max-recipients": _check_recipients,
        "x-max-message-bytes": _check_size,
    }
    return resources.extended_validator("mailjet-v3/payload.schema.json", keywords)


def _check_addresses(_: Any, limit: int, text: Any, schema: Any) -> Iterator[Any]:
    """Counts addresses: a repeated one once, and none if the list is invalid."""
    try:
        addresses = parse_address_list(text) if isinstance(text, str) else ()
    except AddressError:
        return
    count = len({ascii_domain(address.email).lower() for address in addresses})
    yield from limit_error(count, limit, "addresses")


def _check_recipients(_: Any, limit: int, payload: Any, schema: Any) -> Iterator[Any]:
    lists = (part.get("Recipients") for part in _messages(payload))
    yield from limit_error(
        sum(len(recipients) for recipients in lists if isinstance(recipients, list)), limit, "recipients in a call"
    )


def _check_size(_: Any, limit: int, payload: Any, schema: Any) -> Iterator[Any]:
    size = 0
    for part in _messages(payload):
        for name in ("Attachments", "Inline_attachments"):
            files = part.get(name)
            for file in files if isinstance(files, list) else ():
                content = file.get("content") if isinstance(file, dict) else None
                size += (base64_size(content) or 0) if isinstance(content, str) else 0
        for name in ("Text-part", "Html-part"):
            text = part.get(name)
            size += len(text.encode("utf-8", "replace")) if isinstance(text, str) else 0
    yield from limit_error(size, limit, "bytes of texts and attachments in a call")


def _messages(payload: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(payload, dict):
        yield payload
        inner = payload.get("Messages")
        if isinstance(inner, list):
            yield from (message for message in inner if isinstance(message, dict))


def limit_error(count: int, limit: int, what: str) -> Iterator[Any]:
    """The error for a count above a limit, as a keyword of jsonschema yields it."""
    from jsonschema import ValidationError

    if count > limit:
        yield ValidationError(f"at most {limit} {what} are allowed, got {count}")
