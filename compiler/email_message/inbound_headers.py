"""The headers that a received message gives a mail, but for those about MIME.

Each comes out as the raw value of a header, ready to be built. How text becomes such a value is the business of
`header_text`; the headers of MIME parts are built in `inbound_parts`. The other way round is in `headers`.
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
from compiler.mail.encoded_words import holds_part_of_encoded_word, quoted
from compiler.mail.headers import valid_header_name
from compiler.mail.lenient import loose_addresses

# The fields that are headers, as they are spelled where the message has no header of this name.
_FIELDS = {"from": "From", "to": "To", "cc": "Cc", "subject": "Subject"}
_ADDRESS_HEADERS = {"from", "to", "cc", "bcc", "reply-to", *OTHER_ADDRESS_HEADERS}

# What a mail has once (RFC 5322, 3.6). `email` refuses a second one, and nobody could say which of two holds.
_SINGLE_HEADERS = {
    *("date", "from", "sender", "reply-to", "to", "cc", "bcc"),
    *("message-id", "in-reply-to", "references", "subject"),
}

# A name whose words stand bare, and an address that breaks a rule (`a..b@x.com`) but cannot be taken for two. `email`
# reads it in angle brackets wherever it stands; a bare one that begins with a dot makes it fail on a whole list.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]++(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]++)*+")
_NO_SPECIALS = r"""[^\s\x00-\x1f\x7f<>()\[\],;:"@\\]"""
_NONCONFORMING_ADDRESS = re.compile(rf"(?:{_NO_SPECIALS})++@(?!\.)(?:(?!\.\.|\.$){_NO_SPECIALS})++")
_ATOM = r"[A-Za-z0-9!#$%&'*+\-/=^_`{|}~]++"
_SPEC = rf"{_ATOM}(?:\.{_ATOM})*+@{_ATOM}(?:\.{_ATOM})*+"
_SIMPLE = rf"(?:{_ATOM}(?: {_ATOM})*+ <{_SPEC}>|{_SPEC})"
_SIMPLE_LIST = re.compile(rf"{_SIMPLE}(?:, ?{_SIMPLE})*+")
_MAX_ADDRESS = 900
_MAX_STRUCTURED = 400  # `email` takes a time that grows with the square of the length


def build_headers(inbound: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The names and raw values of the headers, in order. They are ASCII, but for addresses that ASCII cannot write.

    From, To, Cc and Subject say what the field of the name says; where that holds nothing, what the header says. Left
    out are headers with an impossible name, those about MIME, and repeats of a header that a mail has once.
    """
    fields = {name: text for name, text in _format_fields(inbound).items() if text}
    built: list[tuple[str, str]] = []
    seen: set[str] = set()
    for name, value in inbound["headers"]:
        key = name.lower()
        if not valid_header_name(name) or key.startswith("content-") or key == "mime-version":
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
    """A header by its own text, in which names were decoded, so that commas in them may stand unquoted."""
    if key in _ADDRESS_HEADERS:
        if _SIMPLE_LIST.fullmatch(text) and is_plain(text):
            return text
        addresses = loose_addresses(text)
        if addresses:
            return _format_address_list(addresses)
        return text if is_plain(text) and _is_readable(key, text) else _format_non_address(text)
    return text if is_plain(text) and _is_readable(key, text) else encode_words(text)


def _is_readable(key: str, text: str) -> bool:
    """Whether `email` can read a header that has a form of its own, without stumbling over it."""
    from email.headerregistry import HeaderRegistry, UnstructuredHeader

    registry = HeaderRegistry()
    if issubclass(registry[key], UnstructuredHeader):
        return True
    if len(text) > _MAX_STRUCTURED:
        return False
    try:
        registry(key, text)
    except Exception:  # its parser has flaws: which exceptions they show as, differs from release to release
        return False
    return True


def _format_address_list(addresses: Sequence[Mapping[str, str | None]]) -> str:
    built = (_format_address(each["email"] or "", each["name"] or "") for each in addresses)
    return ", ".join(each for each in built if each)


def _format_address(email: str, name: str) -> str:
    """An address as it stands in a header."""
    email, name = replace_line_breaks(email).strip(), replace_line_breaks(name).strip()
    spec, breaks_rule = _check_addr_spec(email)
    if spec is None:
        return _format_non_address(f"{name} <{email}>" if name else email)
    if name:
        return f"{_format_phrase(name)} <{spec}>"
    return f"<{spec}>" if breaks_rule else spec


def _format_non_address(text: str) -> str:
    """Text in the place of an address: an encoded word, which is none.

    Where one cannot hold it, several with commas: `email` decodes what follows one directly and reads it once more.
    """
    return encode_words(text, long=True).replace(" ", ", ")


def _check_addr_spec(email: str) -> tuple[str | None, bool]:
    """An address that addresses somebody, and whether it breaks a rule. Each is judged by itself, never in a list."""
    if len(email) > _MAX_ADDRESS:
        return None, True
    try:
        return parse_addr_spec(email), False
    except AddressError:
        email = ascii_domain(email)
        is_one = _NONCONFORMING_ADDRESS.fullmatch(email) is not None and not holds_part_of_encoded_word(email)
        return email if is_one else None, True


def _format_phrase(name: str) -> str:
    if not is_plain(name):
        return encode_words(name, long=True)
    return name if _ATOMS.fullmatch(name) else quoted(name)
