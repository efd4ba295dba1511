"""Whether the service takes a payload, and in what words it refuses one.

One source says what is taken: `schemas/mailjet-v3/payload.schema.json`, with its own keywords for limits that JSON
Schema cannot say. Here stand how those are counted, and the service's words, where it is known to have some for what
the schema finds; where not, the emulator says in its own words what is wrong, and at which place.
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

_MAX_DETAIL_LENGTH = 300  # characters of what the emulator says by itself


@dataclass(frozen=True, slots=True)
class Rejection:
    """A payload that is not taken. `reason`: the phrase of the status line, None for the usual one."""

    status_code: int
    message: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _ServiceMessage:
    """What the service says of a value at this place (`*` is any name) that this keyword refuses."""

    place: tuple[str, ...]
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
# django-anymail 4.1, observed: the status line alone tells.
_NULL_VALUE = Rejection(500, None, "Cannot convert data from Null value")


def read_payload(body: bytes) -> tuple[Any, Rejection | None]:
    """The payload in a call's body, and why it is refused, None where it is taken."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None, Rejection(400, _INVALID_CHARACTERS)
    try:
        payload = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return None, Rejection(400, f"emulator: the body is no JSON: {error}")
    return payload, check_payload(payload)


def check_payload(payload: Any) -> Rejection | None:
    """Why a payload is refused, None where it is taken."""
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
    place = [str(key) for key in error.absolute_path]
    if place[:1] == ["Messages"]:
        place = place[2:]
    for words in _SERVICE_MESSAGES:
        fits = len(place) == len(words.place) and all(
            at in ("*", key) for at, key in zip(words.place, place, strict=True)
        )
        if fits and error.validator == words.keyword:
            return words.message.format(name=place[-1])
    return None


def _emulator_message(error: Any) -> str:
    """What the schema asks for at this place, and without the value, which can be the whole payload."""
    place = "".join(f"/{key}" for key in error.absolute_path) or "the payload"
    if error.validator in ("required", "dependentRequired") or error.validator.startswith("x-"):
        return f"emulator: {place}: {error.message}"
    asked = json.dumps({error.validator: error.validator_value})
    described = error.schema.get("description", "") if isinstance(error.schema, Mapping) else ""
    told = f"emulator: {place} should be: {described} {asked}"
    return told if len(told) <= _MAX_DETAIL_LENGTH else f"{told[:_MAX_DETAIL_LENGTH]}…"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


@cache
def _validator() -> Any:
    keywords = {
        "x-max-addresses": _check_addresses,
        "x-max-recipients": _check_recipients,
        "x-max-message-bytes": _check_size,
    }
    return resources.extended_validator("mailjet-v3/payload.schema.json", keywords)


def _check_addresses(_: Any, most: int, text: Any, schema: Any) -> Iterator[Any]:
    """A repeated address counts once, and what nobody can read counts as none."""
    try:
        addresses = parse_address_list(text) if isinstance(text, str) else ()
    except AddressError:
        return
    count = len({ascii_domain(each.email).lower() for each in addresses})
    yield from _check_limit(count, most, "addresses")


def _check_recipients(_: Any, most: int, payload: Any, schema: Any) -> Iterator[Any]:
    lists = (part.get("Recipients") for part in _messages(payload))
    yield from _check_limit(sum(len(each) for each in lists if isinstance(each, list)), most, "recipients in a call")


def _check_size(_: Any, most: int, payload: Any, schema: Any) -> Iterator[Any]:
    size = 0
    for part in _messages(payload):
        for name in ("Attachments", "Inline_attachments"):
            files = part.get(name)
            contents = (
                [each.get("content") for each in files if isinstance(each, dict)] if isinstance(files, list) else []
            )
            size += sum(base64_size(each) or 0 for each in contents if isinstance(each, str))
        for name in ("Text-part", "Html-part"):
            text = part.get(name)
            size += len(text.encode("utf-8", "replace")) if isinstance(text, str) else 0
    yield from _check_limit(size, most, "bytes of texts and attachments in a call")


def _messages(payload: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(payload, dict):
        yield payload
        inner = payload.get("Messages")
        yield from (each for each in inner if isinstance(each, dict)) if isinstance(inner, list) else ()


def _check_limit(count: int, most: int, what: str) -> Iterator[Any]:
    from jsonschema import ValidationError

    if count > most:
        yield ValidationError(f"there are {count} {what}, and at most {most} are taken")
