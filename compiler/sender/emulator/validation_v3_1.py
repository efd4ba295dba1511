"""Checks calls of Send API v3.1 as the service does: each message by itself, with the service's error codes.

The only source of rules is `schemas/mailjet-v3.1/payload.schema.json`, with its own keywords for limits that JSON
Schema cannot express. This module implements those keywords, and has the code of each error. Where the service's text
is not known, the emulator writes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from compiler.json_io import resources
from compiler.mail.addresses import AddressError, ascii_domain, parse_address_list
from compiler.mail.attachments import base64_size
from compiler.sender.emulator.validation import describe_expectation, limit_error, parse_body

_SCHEMA = "mailjet-v3.1/payload.schema.json"
_BAD_REQUEST = 400

_MALFORMED = "Malformed JSON, please review the syntax and properties types."  # a sample in Mailjet's guide
_MISSING_CONTENT = 'At least "HTMLPart", "TextPart" or "TemplateID" must be provided.'  # another

# Mailjet Send API v3.1 guide: Send API errors. By the title of a condition in the schema, else by the keyword.
_CODES: Mapping[str, str] = {
    "Has content": "send-0003",
    "Campaign to deduplicate": "send-0012",
    "Language to report errors of": "send-0016",
    "Has a sender": "mj-0003",
    "No null": "mj-0003",
    "required": "mj-0003",
    "type": "mj-0004",
    "enum": "mj-0005",
    "maxLength": "mj-0006",
    "minItems": "mj-0007",
    "maxItems": "mj-0008",
    "minLength": "mj-0012",
    "x-forbidden-names": "send-0011",
    "x-max-distinct-addresses": "send-0015",
    "x-max-message-bytes": "mj-0011",
    "x-address": "mj-0013",
}
_OTHER = "mj-0005"  # a value that is not allowed

# The texts of conditions, and the properties that they are about.
_RELATED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Has content": (_MISSING_CONTENT, ("HTMLPart", "TextPart")),
    "Has a sender": ("emulator: From is mandatory without a template", ("From",)),
    "Campaign to deduplicate": (
        "emulator: DeduplicateCampaign requires CustomCampaign",
        ("CustomCampaign", "DeduplicateCampaign"),
    ),
    "Language to report errors of": (
        "emulator: TemplateErrorReporting and TemplateErrorDeliver require TemplateLanguage",
        ("TemplateLanguage",),
    ),
}

_FILES = ("Attachments", "InlinedAttachments")
_TEXTS = ("TextPart", "HTMLPart")


@dataclass(frozen=True, slots=True)
class CallError:
    """One error, of a message or of the call as a whole; `related_to` are the properties that it is about."""

    code: str
    message: str
    related_to: tuple[str, ...] = ()
    status_code: int = _BAD_REQUEST


@dataclass(frozen=True, slots=True)
class CheckedCall:
    """A call: its messages, each with the properties of `Globals`, and the errors of each; or an error of it all."""

    messages: tuple[Mapping[str, Any], ...] = ()
    errors: tuple[tuple[CallError, ...], ...] = ()
    sandbox: bool = False
    error: CallError | None = None


def check_call(body: bytes) -> CheckedCall:
    """Parses and checks the body of a call."""
    payload, problem = parse_body(body)
    if problem is not None or not isinstance(payload, dict):
        return CheckedCall(error=CallError("mj-0002", _MALFORMED))
    try:
        error = next(iter(_errors(_root_validator(), payload)), None)
        if error is not None:
            return CheckedCall(error=error)
        shared = payload.get("Globals", {})
        messages = tuple({**shared, **message} for message in payload["Messages"])
        errors = tuple(tuple(_message_errors(message)) for message in messages)
    except RecursionError:
        return CheckedCall(error=CallError("mj-0002", _MALFORMED))
    return CheckedCall(messages, errors, payload.get("SandboxMode", False))


def _message_errors(message: Mapping[str, Any]) -> Iterator[CallError]:
    """The errors of a message, one for each place."""
    seen = set()
    for error in _errors(_message_validator(), message):
        if (error.code, error.related_to) not in seen:
            seen.add((error.code, error.related_to))
            yield error


def _errors(validator: Any, document: Any) -> Iterator[CallError]:
    for error in sorted(validator.iter_errors(document), key=lambda each: list(map(str, each.absolute_path))):
        yield _call_error(error)


def _call_error(error: Any) -> CallError:
    place = _place(error.absolute_path)
    title = error.schema.get("title", "") if isinstance(error.schema, Mapping) else ""
    if error.instance is None:
        title = "No null"
    code = _CODES.get(title, _CODES.get(error.validator, _OTHER))
    if title in _RELATED:
        text, related = _RELATED[title]
        return CallError(code, text, related)
    if error.validator == "required":
        return CallError(code, f"emulator: {place or 'the message'}: {error.message}", (place,) if place else ())
    text = error.message if error.validator.startswith("x-") else describe_expectation(error)
    return CallError(code, f"emulator: {place or 'the call'}: {text}", (place,) if place else ())


def _place(path: Any) -> str:
    """A place as the service writes it, such as `To[0].Email`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


@cache
def _root_validator() -> Any:
    """Checks a call without the contents of its messages."""
    schema = dict(resources.schemas()[resources.BASE + _SCHEMA])
    del schema["$schema"]  # or the validator that it names would be used, which does not have our keywords
    messages = {key: value for key, value in schema["$defs"]["Messages"].items() if key != "items"}
    properties = {"Messages": {**messages, "items": {"type": "object"}}, "Globals": {"type": "object"}}
    root = {**schema, "properties": {**schema["properties"], **properties}, "allOf": []}
    return resources.extended_validator(_SCHEMA, {"x-max-message-bytes": _check_size}).evolve(schema=root)


@cache
def _message_validator() -> Any:
    keywords = {
        "x-max-distinct-addresses": _check_addresses,
        "x-forbidden-names": _check_names,
        "x-address": _check_address,
    }
    validator = resources.extended_validator(_SCHEMA, keywords)
    reference = f"{resources.BASE}{_SCHEMA}#/$defs/"
    return validator.evolve(
        schema={"allOf": [{"$ref": f"{reference}message"}, {"$ref": f"{reference}noNull"}, {"type": "object"}]}
    )


def _check_addresses(_: Any, limit: int, addresses: Any, schema: Any) -> Iterator[Any]:
    """Counts addresses: a repeated one once."""
    texts = [each.get("Email") for each in addresses if isinstance(each, dict)] if isinstance(addresses, list) else ()
    count = len({_comparable(text) for text in texts if isinstance(text, str)})
    yield from limit_error(count, limit, "recipients")


def _comparable(text: str) -> str:
    try:
        return ascii_domain(text).lower()
    except AddressError:
        return text.lower()


def _check_address(_: Any, is_checked: bool, text: Any, schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if not is_checked or not isinstance(text, str) or not text:  # an empty one has an error of its own
        return
    try:
        (address,) = parse_address_list(text)
        is_valid = address.email == text
    except (AddressError, ValueError):
        is_valid = False
    if not is_valid:
        yield ValidationError(f'"{text[:100]}" is an invalid email address.')


def _check_names(_: Any, forbidden: list[str], headers: Any, schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    names = {name.lower() for name in forbidden}
    for name in headers if isinstance(headers, dict) else ():
        if name.lower() in names:
            yield ValidationError(f'the header "{name[:100]}" must be set by a property of its own, or not at all')


def _check_size(_: Any, limit: int, payload: Any, schema: Any) -> Iterator[Any]:
    size = 0
    for message in payload.get("Messages", ()) if isinstance(payload.get("Messages"), list) else ():
        if isinstance(message, dict):
            size += _message_size(message)
    yield from limit_error(size, limit, "bytes of texts and attachments in a call")


def _message_size(message: Mapping[str, Any]) -> int:
    size = 0
    for name in _FILES:
        files = message.get(name)
        for file in files if isinstance(files, list) else ():
            content = file.get("Base64Content") if isinstance(file, dict) else None
            size += (base64_size(content) or 0) if isinstance(content, str) else 0
    for name in _TEXTS:
        text = message.get(name)
        size += len(text.encode("utf-8", "replace")) if isinstance(text, str) else 0
    return size


def error_document(error: CallError, identifier: str) -> dict[str, Any]:
    """An error as the service writes it."""
    document: dict[str, Any] = {
        "ErrorIdentifier": identifier,
        "ErrorCode": error.code,
        "StatusCode": error.status_code,
        "ErrorMessage": error.message,
    }
    return {**document, "ErrorRelatedTo": list(error.related_to)} if error.related_to else document
