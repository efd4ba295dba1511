"""Leniency for applications that switch from django-anymail, off by default: the setting COMPATIBILITY.

django-anymail passes some messages on to Mailjet that `compile` reports as errors. Each entry of `COMPATIBILITY`
recognizes one such error, and changes the message so that it can be sent. Nothing runs unless a message has errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from compiler.json_io.pointer import parse_pointer
from compiler.results import Diagnostic

Document = Mapping[str, Any]


Documents = tuple[Document, Document]
"""A message and its defaults."""


@dataclass(frozen=True, slots=True)
class Compatibility:
    """One kind of leniency. `code` and `path`: the error. `change`: removes it, or returns None if it cannot."""

    description: str
    code: str
    path: str
    change: Callable[[Document, Document, Diagnostic], Documents | None]

    def apply(self, message: Document, defaults: Document, error: Diagnostic) -> Documents | None:
        """The message and its defaults without the error; None if it is not the error that this is for."""
        if error.code != self.code or re.fullmatch(self.path, error.path) is None:
            return None
        return self.change(message, defaults, error)


def _move_copies(message: Document, defaults: Document, error: Diagnostic) -> Documents | None:
    """Bcc alone: a message of its own for each. Otherwise the first cc is the recipient of the message they share."""
    cc, bcc = message.get("cc") or [], message.get("bcc") or []
    if message.get("to") or any(defaults.get(name) for name in ("to", "cc", "bcc")):
        return None
    if cc:
        return {**message, "to": cc[:1], "cc": cc[1:]}, defaults
    return ({**message, "to": bcc, "bcc": []}, defaults) if bcc else None


def _add_body(message: Document, defaults: Document, error: Diagnostic) -> Documents | None:
    return {**message, "body": " "}, defaults


def _convert_custom_id(message: Document, defaults: Document, error: Diagnostic) -> Documents | None:
    extra = (message if error.document == "message" else defaults).get("esp_extra")
    key = parse_pointer(error.path)[-1]
    if not isinstance(extra, Mapping) or type(value := extra.get(key)) is not int:
        return None
    return _change_field(message, defaults, error, "esp_extra", {**extra, key: str(value)})


def _add_content_id(message: Document, defaults: Document, error: Diagnostic) -> Documents | None:
    attachments = list((message if error.document == "message" else defaults)["attachments"])
    index = int(parse_pointer(error.path)[-2])
    taken = {attachment.get("content_id") for attachment in attachments}
    name = attachments[index].get("filename")
    if not name or name in taken:
        name = f"inline-{index + 1}"
    attachments[index] = {**attachments[index], "content_id": name}
    return _change_field(message, defaults, error, "attachments", attachments)


def _change_field(message: Document, defaults: Document, error: Diagnostic, name: str, value: Any) -> Documents:
    """The documents with another value of a field, in the one that has the error."""
    if error.document == "message":
        return {**message, name: value}, defaults
    return message, {**defaults, name: value}


def _split(message: Document, defaults: Document, error: Diagnostic) -> Documents | None:
    return message, defaults  # the sender splits it


SPLIT = "split-recipients"

COMPATIBILITY: Mapping[str, Compatibility] = {
    "cc-or-bcc-alone": Compatibility(
        "A message without `to`: the first cc becomes the recipient; with bcc alone, each gets a message of its own.",
        "MissingField",
        "/to",
        _move_copies,
    ),
    "empty-body": Compatibility(
        "A message without text, HTML and template: its text is a space.", "MissingField", "/body", _add_body
    ),
    "integer-custom-id": Compatibility(
        "An integer `Mj-CustomID` (`CustomID` of v3.1) in `esp_extra`: written as a string.",
        "InvalidValue",
        "(?i:(/send_defaults)?/esp_extra/(Mj-)?CustomID)",
        _convert_custom_id,
    ),
    SPLIT: Compatibility(
        "A message for more than 100 recipients, or 50 with v3.1: sent in several calls.",
        "LimitExceeded",
        "/to",
        _split,
    ),
    "inline-without-content-id": Compatibility(
        "An inline image without a content id: its file name is the content id.",
        "MissingField",
        r"(/send_defaults)?/attachments/\d+/content_id",
        _add_content_id,
    ),
}


def apply_compatibility(
    message: Document, defaults: Document, errors: Sequence[Diagnostic], enabled: Collection[str]
) -> tuple[Document, Document, set[str]]:
    """The message and its defaults without the errors that are tolerated, and the names of those."""
    used: set[str] = set()
    for error in errors:
        for name in COMPATIBILITY.keys() & enabled:
            if (changed := COMPATIBILITY[name].apply(message, defaults, error)) is not None:
                message, defaults = changed
                used.add(name)
                break
    return message, defaults, used


def name_settings(message: Document, defaults: Document, errors: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The errors; the hint of one that can be tolerated names the setting."""
    return tuple(_name_setting(message, defaults, error) for error in errors)


def _name_setting(message: Document, defaults: Document, error: Diagnostic) -> Diagnostic:
    for name, compatibility in COMPATIBILITY.items():
        if compatibility.apply(message, defaults, error) is not None:
            hint = f'or allow it as django-anymail does: ANYMAIL = {{"COMPATIBILITY": ["{name}"]}}'
            return replace(error, hint=f"{error.hint}; {hint}" if error.hint else hint)
    return error
