"""Reads the headers of a mail: message fields and extra headers.

This module parses the source text of headers with the parsers of `compiler.mail`. `email` decodes the encoded words of
an address before it splits at commas, so a name can become recipients: `=?utf-8?q?b=40x.com=2C?= c@x.com` gives two in
Python 3.11. `part` reads the headers of MIME parts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compiler.json_io.plain import has_no_lone_surrogate
from compiler.mail.addresses import AddressError, Mailbox, parse_address_list
from compiler.mail.charsets import decode_charset
from compiler.mail.encoded_words import decode_encoded_words, quote_name

if TYPE_CHECKING:
    from email.message import Message

_UNDECODED = re.compile("[\udc80-\udcff]+")

_FOLD = re.compile(r"(?:\r\n|[\r\n])(?=[ \t])")

# An empty group temporarily gets a member, because `addresses` does not support empty groups. Skips quoted strings.
_EMPTY_GROUP = re.compile(r'"(?:[^"\\]|\\.)*+"|:[ \t]*+;', re.DOTALL)
_EMPTY_GROUP_MEMBER = "nobody@empty-group.invalid"

_RECIPIENT_FIELDS = {"to": "to", "cc": "cc", "bcc": "bcc", "reply-to": "reply_to"}
OTHER_ADDRESS_HEADERS = {
    *("disposition-notification-to", "errors-to", "return-receipt-to", "sender"),
    *(f"resent-{name}" for name in ("bcc", "cc", "from", "reply-to", "sender", "to")),
}

# Headers that occur at most once (RFC 5322, 3.6): if repeated, it is unclear which one is valid.
_SINGLE_HEADERS = {"from", "subject", "sender", "date", "message-id", "in-reply-to", "references"}

# Headers added in transport: they describe the received mail, not one to be sent.
_TRANSPORT_HEADERS = {
    *("received", "x-received", "return-path", "delivered-to", "x-original-to", "authentication-results"),
    *("received-spf", "dkim-signature", "domainkey-signature"),
    *("arc-seal", "arc-message-signature", "arc-authentication-results"),
}


def read_headers(source: Message) -> tuple[dict[str, Any], dict[str, str]]:
    """Reads the message fields, and the other headers except MIME and transport headers. Raises ValueError."""
    headers: dict[str, list[tuple[str, Any]]] = {}
    for name, value in source.raw_items():
        headers.setdefault(name.lower(), []).append((name, value))
    message: dict[str, Any] = {}
    extra: dict[str, str] = {}
    first = {key: None for key in ("from", *_RECIPIENT_FIELDS, "subject") if key in headers}
    for key in {**first, **headers}:
        name, value = headers[key][0]
        if key in _RECIPIENT_FIELDS:
            message[_RECIPIENT_FIELDS[key]] = [
                address for header in headers[key] for address in _read_recipients(*header)
            ]
        elif key.startswith("content-") or key == "mime-version" or key in _TRANSPORT_HEADERS:
            continue
        elif len(headers[key]) > 1 and key in _SINGLE_HEADERS:
            raise ValueError(
                f"header {name!r} must occur at most once, got {len(headers[key])}: "
                f"delete all but one of them, or all (del email_message[{name!r}])"
            )
        elif key == "from":
            message["from_email"] = _read_sender(name, value)
        elif key == "subject":
            message["subject"] = _read_text(name, value)
        else:  # of several the first, which is the latest
            extra[decode_raw_bytes(name, "a header name")] = _read_text(name, value)
    return message, extra


def read_header(name: str, value: Any) -> str:
    """The source of a header on one line. Encoded words remain, except in headers that the newer API has parsed."""
    from email.header import Header

    if isinstance(value, Header):
        from email.errors import HeaderParseError

        try:
            value = value.encode(maxlinelen=0)
        except (HeaderParseError, LookupError, ValueError) as error:
            raise ValueError(f"header {name!r} cannot be encoded: set it again ({error})") from error
    if not isinstance(value, str):
        raise ValueError(f"header {name!r} must be a string, got {type(value).__name__}: set it again, or delete it")
    return decode_raw_bytes(_FOLD.sub("", value), f"header {name!r}").strip(" \t\r\n")


def decode_raw_bytes(text: str, what: str) -> str:
    """Decodes raw bytes, which `email` represents as surrogates, as UTF-8 or else windows-1252. Raises ValueError."""
    decoded = _UNDECODED.sub(_decode_match, str(text))
    if not has_no_lone_surrogate(decoded):
        raise ValueError(f"{what} contains a lone surrogate: set it again as text, or delete it")
    return decoded


def _decode_match(match: re.Match[str]) -> str:
    return decode_charset(match[0].encode("ascii", "surrogateescape"), "us-ascii") or ""


def _read_text(name: str, value: Any) -> str:
    from email.headerregistry import BaseHeader

    text = read_header(name, value)
    if isinstance(value, BaseHeader) or "=?" not in text:
        return text
    if name.lower() not in OTHER_ADDRESS_HEADERS:
        return decode_encoded_words(text)
    # A comma within a name must not separate addresses.
    addresses = _parse_addresses(text)
    return _format_addresses(addresses) if addresses else text


def _read_sender(name: str, value: Any) -> str | dict[str, str]:
    addresses = _read_addresses(name, value)
    if isinstance(addresses, str):
        return addresses
    if not addresses:  # an empty group, or an empty header
        return read_header(name, value)
    if len(addresses) > 1:
        return _format_addresses(addresses)
    return _message_address(addresses[0])


def _read_recipients(name: str, value: Any) -> list[str | dict[str, str]]:
    addresses = _read_addresses(name, value)
    return [addresses] if isinstance(addresses, str) else [_message_address(address) for address in addresses]


def _message_address(address: Mailbox) -> str | dict[str, str]:
    return address.email if address.name is None else {"email": address.email, "name": address.name}


def _format_addresses(addresses: tuple[Mailbox, ...]) -> str:
    return ", ".join(_format_address(address.name, address.email) for address in addresses)


def _format_address(name: str | None, email: str) -> str:
    """Formats an address so that `addresses` parses it."""
    return f"{quote_name(name)} <{email}>" if name else email


def _read_addresses(name: str, value: Any) -> tuple[Mailbox, ...] | str:
    """The addresses in a header with decoded names, or the text of a header that cannot be parsed."""
    from email.headerregistry import AddressHeader

    if isinstance(value, AddressHeader):
        return _read_parsed_addresses(name, value)
    text = read_header(name, value)
    parsed = _parse_addresses(text)
    return text if parsed is None else parsed


def _read_parsed_addresses(name: str, header: Any) -> tuple[Mailbox, ...] | str:
    """The addresses of a header that the newer API has parsed, if our own parser confirms them.

    After a defect they may differ from the source, which is not available any more.
    """
    from email import policy

    folded = header.fold(policy=policy.SMTPUTF8.clone(max_line_length=0)).partition(":")[2]
    text = read_header(name, folded)
    if not text:
        return ()
    # "J. Smith <a@x.com>" is a defect by RFC 5322, but harmless.
    doubtful = any(str(defect) != "period in 'phrase'" for defect in header.defects)
    reparsed = _parse_addresses(text)
    addresses: list[Mailbox] = []
    for address in header.addresses:
        parsed = _parse_addresses(_format_address(address.display_name, address.addr_spec)) or ()
        doubtful |= len(parsed) != 1
        addresses.extend(parsed)
    # The newer API drops quotation marks, so our parser may reject the text; but it must not find other addresses.
    if reparsed is not None and [item.email for item in reparsed] != [item.email for item in addresses]:
        doubtful = True
    if not doubtful:
        comments = [item.name for item in reparsed] if reparsed else [None] * len(addresses)
        return tuple(
            Mailbox(item.email, item.name or comment) for item, comment in zip(addresses, comments, strict=True)
        )
    if reparsed is not None:
        raise ValueError(
            f"header {name!r} ({text}) is ambiguous: set it again, as a list of email.headerregistry.Address objects"
        )
    return text


def _parse_addresses(text: str) -> tuple[Mailbox, ...] | None:
    """Parses addresses and decodes their names; None if our own parser rejects the text."""
    if not text:
        return ()
    if "(" not in text and _EMPTY_GROUP_MEMBER not in text:  # a comment contains no groups
        text = _EMPTY_GROUP.sub(lambda match: match[0] if match[0][0] == '"' else f":{_EMPTY_GROUP_MEMBER};", text)
    try:
        addresses = parse_address_list(text)
    except AddressError:
        return None
    return tuple(
        Mailbox(address.email, None if address.name is None else decode_encoded_words(address.name).strip())
        for address in addresses
        if address.email != _EMPTY_GROUP_MEMBER
    )
