"""Builds the raw headers of a mail from a received message, except MIME headers.

See `header_text` for the encoding of values, `inbound_parts` for MIME headers, and `headers` for the reverse direction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from compiler.email_message.header_text import (
    encode_unstructured,
    encode_words,
    fold_header,
    is_plain,
    replace_line_breaks,
)
from compiler.email_message.headers import OTHER_ADDRESS_HEADERS
from compiler.mail.addresses import AddressError, ascii_domain, parse_addr_spec
from compiler.mail.encoded_words import holds_part_of_encoded_word, quote_name
from compiler.mail.headers import is_header_name
from compiler.mail.lenient import parse_addresses_lenient

# The header names of the fields, used if the message has no such header.
_FIELDS = {"from": "From", "to": "To", "cc": "Cc", "subject": "Subject"}
_ADDRESS_HEADERS = {"from", "to", "cc", "bcc", "reply-to", *OTHER_ADDRESS_HEADERS}

# Headers that occur at most once (RFC 5322, 3.6). `email` rejects a second one.
_SINGLE_HEADERS = {
    *("date", "from", "sender", "reply-to", "to", "cc", "bcc"),
    *("message-id", "in-reply-to", "references", "subject"),
}

# `_ATOMS`: a name that needs no quotes. `_NONCONFORMING_ADDRESS`: an address that breaks a rule (`a..b@x.com`) but is
# unambiguous. `email` parses it in angle brackets; without them a leading dot makes it fail on the complete list.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]++(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]++)*+")
_NO_SPECIALS = r"""[^\s\x00-\x1f\x7f<>()\[\],;:"@\\]"""
_NONCONFORMING_ADDRESS = re.compile(rf"(?:{_NO_SPECIALS})++@(?!\.)(?:(?!\.\.|\.$){_NO_SPECIALS})++")
_ATOM = r"[A-Za-z0-9!#$%&'*+\-/=^_`{|}~]++"
_SPEC = rf"{_ATOM}(?:\.{_ATOM})*+@{_ATOM}(?:\.{_ATOM})*+"
_SIMPLE = rf"(?:{_ATOM}(?: {_ATOM})*+ <{_SPEC}>|{_SPEC})"
_SIMPLE_LIST = re.compile(rf"{_SIMPLE}(?:, ?{_SIMPLE})*+")
_MAX_ADDRESS = 900
_MAX_STRUCTURED = 400  # `email` needs quadratic time


def build_headers(inbound: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Builds the names and raw values of the headers, in order. They are ASCII, except addresses that cannot be.

    From, To, Cc and Subject have the value of their field, or of the header if the field is empty. Left out are MIME
    headers, invalid header names, and repeats of unique headers.
    """
    fields = {name: text for name, text in _format_fields(inbound).items() if text}
    built: list[tuple[str, str]] = []
    seen: set[str] = set()
    for name, value in inbound["headers"]:
        key = name.lower()
        if not is_header_name(name) or key.startswith("content-") or key == "mime-version":
            continue
        if not (key in _SINGLE_HEADERS and key in seen):
            built.append(
                (name, fields[key] if key in fields else _format_value(key, replace_line_breaks(value).strip(" \t")))
            )
        seen.add(key)
    built += [(_FIELDS[key], text) for key, text in fields.items() if key not in seen]
    return [(name, fold_header(name, text)) for name, text in built]


def _format_fields(inbound: Mapping[str, Any]) -> dict[str, str]:
    sender = inbound["from_email"]
    return {
        "from": _format_address_list([sender] if sender else []),
        "to": _format_address_list(inbound["to"]),
        "cc": _format_address_list(inbound["cc"]),
        "subject": encode_unstructured(replace_line_breaks(inbound["subject"] or "")),
    }


def _format_value(key: str, text: str) -> str:
    """Formats the text of a header. Its names were decoded, so that they may contain unquoted commas."""
    if key in _ADDRESS_HEADERS:
        if _SIMPLE_LIST.fullmatch(text) and is_plain(text):
            return text
        addresses = parse_addresses_lenient(text)
        if addresses:
            return _format_address_list(addresses)
        return text if is_plain(text) and _is_readable(key, text) else _format_non_address(text)
    return text if is_plain(text) and _is_readable(key, text) else encode_words(text)


def _is_readable(key: str, text: str) -> bool:
    """Whether `email` can parse a structured header without an exception."""
    from email.headerregistry import HeaderRegistry, UnstructuredHeader

    registry = HeaderRegistry()
    if issubclass(registry[key], UnstructuredHeader):
        return True
    if len(text) > _MAX_STRUCTURED:
        return False
    try:
        registry(key, text)
    except Exception:  # bugs of its parser raise different exceptions in different releases
        return False
    return True


def _format_address_list(addresses: Sequence[Mapping[str, str | None]]) -> str:
    mailboxes = (_format_mailbox(address["email"] or "", address["name"] or "") for address in addresses)
    return ", ".join(filter(None, mailboxes))


def _format_mailbox(email: str, name: str) -> str:
    """Formats an address for a header."""
    email, name = replace_line_breaks(email).strip(), replace_line_breaks(name).strip()
    spec, breaks_rule = _check_addr_spec(email)
    if spec is None:
        return _format_non_address(f"{name} <{email}>" if name else email)
    if name:
        return f"{_format_phrase(name)} <{spec}>"
    return f"<{spec}>" if breaks_rule else spec


def _format_non_address(text: str) -> str:
    """Encodes text so that it is not parsed as an address.

    Long text becomes several encoded words with commas: `email` decodes adjacent ones and parses the result again.
    """
    return encode_words(text, long=True).replace(" ", ", ")


def _check_addr_spec(email: str) -> tuple[str | None, bool]:
    """The address, or None if it is invalid, and whether it breaks a rule. Checks single addresses, never a list."""
    if len(email) > _MAX_ADDRESS:
        return None, True
    try:
        return parse_addr_spec(email), False
    except AddressError:
        email = ascii_domain(email)
        is_unambiguous = _NONCONFORMING_ADDRESS.fullmatch(email) is not None and not holds_part_of_encoded_word(email)
        return email if is_unambiguous else None, True


def _format_phrase(name: str) -> str:
    if not is_plain(name):
        return encode_words(name, long=True)
    return name if _ATOMS.fullmatch(name) else quote_name(name)
