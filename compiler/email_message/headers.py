"""The headers of a mail: the fields of a message that they give, and the extra headers.

Headers are read by this project's own parsers, from their source text. For `email` decodes the encoded words of an
address before it looks for commas, so that a name can become recipients: `=?utf-8?q?b=40x.com=2C?= c@x.com` gives two
in Python 3.11. The headers of parts are read in `part`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compiler.json_io.plain import is_clean
from compiler.mail.addresses import Address, AddressError, parse_address_list
from compiler.mail.charsets import decode_charset
from compiler.mail.encoded_words import decode_encoded_words, quoted

if TYPE_CHECKING:
    from email.message import Message

_UNDECODED = re.compile("[\udc80-\udcff]+")

_FOLD = re.compile(r"(?:\r\n|[\r\n])(?=[ \t])")

# An empty group gets a member while it is parsed, as `addresses` knows none. What is quoted is passed over.
_EMPTY_GROUP = re.compile(r'"(?:[^"\\]|\\.)*+"|:[ \t]*+;', re.DOTALL)
_EMPTY_GROUP_MEMBER = "nobody@empty-group.invalid"

_RECIPIENT_FIELDS = {"to": "to", "cc": "cc", "bcc": "bcc", "reply-to": "reply_to"}
OTHER_ADDRESS_HEADERS = {
    *("disposition-notification-to", "errors-to", "return-receipt-to", "sender"),
    *(f"resent-{name}" for name in ("bcc", "cc", "from", "reply-to", "sender", "to")),
}


# What a mail has once by RFC 5322, section 3.6: twice, nobody knows which of them holds.
_SINGLE_HEADERS = {"from", "subject", "sender", "date", "message-id", "in-reply-to", "references"}

# What servers add on the way, or say of how a mail came: true of the mail that was received, not of one to be sent.
_TRANSPORT_HEADERS = {
    *("received", "x-received", "return-path", "delivered-to", "x-original-to", "authentication-results"),
    *("received-spf", "dkim-signature", "domainkey-signature"),
    *("arc-seal", "arc-message-signature", "arc-authentication-results"),
}


def read_headers(source: Message) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields that headers give, and the headers that are no fields, but for those of the way a mail has come."""
    headers: dict[str, list[tuple[str, Any]]] = {}
    for name, value in source.raw_items():
        headers.setdefault(name.lower(), []).append((name, value))
    message: dict[str, Any] = {}
    extra: dict[str, str] = {}
    first = {key: None for key in ("from", *_RECIPIENT_FIELDS, "subject") if key in headers}
    for key in {**first, **headers}:
        name, value = headers[key][0]
        if key in _RECIPIENT_FIELDS:
            message[_RECIPIENT_FIELDS[key]] = [item for each in headers[key] for item in _read_recipients(*each)]
        elif key.startswith("content-") or key == "mime-version" or key in _TRANSPORT_HEADERS:
            continue
        elif len(headers[key]) > 1 and key in _SINGLE_HEADERS:
            raise ValueError(
                f"header {name!r} is there {len(headers[key])} times, and a message holds it once: "
                f"delete all but one of them, or all (del email_message[{name!r}])"
            )
        elif key == "from":
            message["from_email"] = _read_sender(name, value)
        elif key == "subject":
            message["subject"] = _read_text(name, value)
        else:  # of several the first, which stands above the others for being the latest
            extra[decode_raw_bytes(name, "the name of a header")] = _read_text(name, value)
    return message, extra


def read_header(name: str, value: Any) -> str:
    """A header on one line. Encoded words stay, but in what the newer API has parsed already, which keeps none."""
    from email.header import Header

    if isinstance(value, Header):
        from email.errors import HeaderParseError

        try:
            value = value.encode(maxlinelen=0)
        except (HeaderParseError, LookupError, ValueError) as error:
            raise ValueError(f"header {name!r} cannot be encoded: set it again ({error})") from error
    if not isinstance(value, str):
        raise ValueError(f"header {name!r} is no text but {type(value).__name__}: set it again, or delete it")
    return decode_raw_bytes(_FOLD.sub("", value), f"header {name!r}").strip(" \t\r\n")


def decode_raw_bytes(text: str, what: str) -> str:
    """The text with its undecoded bytes, which `email` keeps as surrogates, read as UTF-8 or else as windows-1252."""
    read = _UNDECODED.sub(_read_bytes, str(text))
    if not is_clean(read):
        raise ValueError(f"{what} holds half of a surrogate pair: set it again as text, or delete it")
    return read


def _read_bytes(run: re.Match[str]) -> str:
    return decode_charset(run[0].encode("ascii", "surrogateescape"), "us-ascii") or ""


def _read_text(name: str, value: Any) -> str:
    from email.headerregistry import BaseHeader

    text = read_header(name, value)
    if isinstance(value, BaseHeader) or "=?" not in text:
        return text
    if name.lower() not in OTHER_ADDRESS_HEADERS:
        return decode_encoded_words(text)
    # A comma within a name must not become one between addresses.
    addresses = _parse_addresses(text)
    return ", ".join(_format_address(each.name, each.email) for each in addresses) if addresses else text


def _read_sender(name: str, value: Any) -> str | dict[str, str]:
    addresses = _read_addresses(name, value)
    if isinstance(addresses, str):
        return addresses
    if not addresses:  # a group that is empty, or nothing at all
        return read_header(name, value)
    if len(addresses) > 1:
        return ", ".join(_format_address(each.name, each.email) for each in addresses)
    return _message_address(addresses[0])


def _read_recipients(name: str, value: Any) -> list[str | dict[str, str]]:
    addresses = _read_addresses(name, value)
    return [addresses] if isinstance(addresses, str) else [_message_address(each) for each in addresses]


def _message_address(address: Address) -> str | dict[str, str]:
    return address.email if address.name is None else {"email": address.email, "name": address.name}


def _format_address(name: str | None, email: str) -> str:
    """An address as `addresses` reads it back."""
    return f"{quoted(name)} <{email}>" if name else email


def _read_addresses(name: str, value: Any) -> tuple[Address, ...] | str:
    """The addresses in a header, their names decoded; where there is something else in it, its text."""
    from email.headerregistry import AddressHeader

    if isinstance(value, AddressHeader):
        return _read_parsed_addresses(name, value)
    text = read_header(name, value)
    parsed = _parse_addresses(text)
    return text if parsed is None else parsed


def _read_parsed_addresses(name: str, header: Any) -> tuple[Address, ...] | str:
    """The addresses that the newer API has read, or was given, in so far as our own parser has no doubt about them.

    A defect means that the source, which is lost, may have said something else.
    """
    from email import policy

    folded = header.fold(policy=policy.SMTPUTF8.clone(max_line_length=0)).partition(":")[2]
    text = read_header(name, folded)
    if not text:
        return ()
    # "J. Smith <a@x.com>" is a defect by RFC 5322, and harmless.
    doubtful = any(str(defect) != "period in 'phrase'" for defect in header.defects)
    own = _parse_addresses(text)
    addresses: list[Address] = []
    for address in header.addresses:
        read = _parse_addresses(_format_address(address.display_name, address.addr_spec)) or ()
        doubtful |= len(read) != 1
        addresses.extend(read)
    # Our own parser cannot always read the text, for the newer API drops quotation marks; but it must not contradict.
    if own is not None and [each.email for each in own] != [each.email for each in addresses]:
        doubtful = True
    if not doubtful:
        comments = [each.name for each in own] if own else [None] * len(addresses)
        return tuple(Address(each.email, each.name or name) for each, name in zip(addresses, comments, strict=True))
    if own is not None:
        raise ValueError(
            f"header {name!r} ({text}) can be read in more than one way: "
            "set it again, as a list of email.headerregistry.Address objects"
        )
    return text


def _parse_addresses(text: str) -> tuple[Address, ...] | None:
    """The addresses in a text, their names decoded; None where our own parser refuses it."""
    if not text:
        return ()
    if "(" not in text and _EMPTY_GROUP_MEMBER not in text:  # in a comment nothing is a group
        text = _EMPTY_GROUP.sub(lambda match: match[0] if match[0][0] == '"' else f":{_EMPTY_GROUP_MEMBER};", text)
    try:
        addresses = parse_address_list(text)
    except AddressError:
        return None
    return tuple(
        Address(each.email, None if each.name is None else decode_encoded_words(each.name).strip())
        for each in addresses
        if each.email != _EMPTY_GROUP_MEMBER
    )
