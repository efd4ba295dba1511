"""The functions that rules call to write a message: each pure, total and typed.

They know mail and text, not any service. A function returns None if it has no result; for the rules that is absent. The
functions that read a service's responses are in `decoding`.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import mul
from typing import Any

from compiler.engine import Function
from compiler.functions.merge_fields import find_merge_fields, find_unread_merge_fields
from compiler.json_io.canonical import json_text, number_text
from compiler.json_io.pointer import caseless
from compiler.mail.addresses import AddressError, ascii_domain, find_line_break, parse_addr_spec, parse_address_list
from compiler.mail.attachments import base64_size
from compiler.mail.content_ids import find_content_ids, find_unanswered
from compiler.mail.encoded_words import (
    build_message_address,
    decode_encoded_words,
    format_mailbox,
    format_mailbox_without_comma,
)
from compiler.mail.times import parse_time

_TEXT = {"type": "string"}
_WHOLE = {"type": "integer"}
_TEXTS = {"type": "array", "items": _TEXT}
_WHOLES = {"type": "array", "items": _WHOLE}
_ADDRESS = {"type": "object", "properties": {"email": _TEXT, "name": _TEXT}, "additionalProperties": False}


def _mailbox_without_comma(address: dict[str, str]) -> str | None:
    return format_mailbox_without_comma(address["email"], address.get("name")) if "email" in address else None


def _address_key(text: str) -> str:
    return caseless(ascii_domain(text))


def _addresses(text: str) -> list[dict[str, str]] | None:
    try:
        mailboxes = parse_address_list(text)
    except AddressError:
        return None
    return [
        {"email": mailbox.email} if mailbox.name is None else {"email": mailbox.email, "name": mailbox.name}
        for mailbox in mailboxes
    ]


def _bare_address(text: str) -> str | None:
    if text.strip(" \t") != text:
        return None
    try:
        return parse_addr_spec(text)
    except AddressError:
        return None


def _whole_number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) < _SHORT:
        return int(text)
    from decimal import Decimal

    # As a decimal first: the process may have set a lower limit for converting text to integers.
    return int(Decimal(text))


def _content_id_references(html: str) -> list[str]:
    return sorted(find_content_ids(html))


def _has_line_break(text: str) -> bool:
    return find_line_break(text) is not None


def _all_keys(objects: list[Any]) -> list[str]:
    return list(dict.fromkeys(key for item in objects if isinstance(item, dict) for key in item))


def _common_keys(objects: list[Any]) -> list[str]:
    """The keys that all of these objects have; none without objects."""
    if not objects:
        return []
    first, *others = [item if isinstance(item, dict) else {} for item in objects]
    common = set(first).intersection(*others)
    return [key for key in first if key in common]


def _suggestion(text: str, texts: list[str]) -> str | None:
    """A hint that asks whether one of these texts was meant; None if the text is one of them or like none."""
    from compiler.json_io.suggestions import find_nearest

    if text in texts:
        return None
    near = find_nearest(
        text, [candidate for candidate in texts[:_MOST_LIKELY] if abs(len(candidate) - len(text)) <= len(text)]
    )
    return None if near is None else f"did you mean '{near}'?"


def _holds(text: str, part: str) -> bool:
    return part in text


def _byte_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _total(numbers: list[Any]) -> int:
    return sum(number for number in numbers if isinstance(number, int) and not isinstance(number, bool))


def _message_address(address: dict[str, str]) -> str | dict[str, str] | None:
    return build_message_address(address["email"], address.get("name")) if "email" in address else None


def _mailbox(address: dict[str, str]) -> str | None:
    return format_mailbox(address["email"], address.get("name")) if "email" in address else None


def _join(texts: list[str], separator: str) -> str | None:
    return separator.join(texts) if texts else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _scalar_text(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else number_text(value)


def _json_text(value: dict[str, Any]) -> str | None:
    return json_text(value) if value else None


_MOST_LIKELY = 50
_SHORT = 600  # Python converts fewer digits than this, whatever its limit is
_IN_LOWER_CASE = ("{0}.isascii()", "{0}.lower()")

MESSAGE_FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        Function(
            "address_key",
            (_TEXT,),
            _TEXT,
            _address_key,
            _IN_LOWER_CASE,
            doc="A key that is equal for all spellings of an address: the domain in ASCII, all in lower case.",
        ),
        Function(
            "addresses",
            (_TEXT,),
            {"type": "array", "items": _ADDRESS},
            _addresses,
            doc="The addresses in a header's text.",
        ),
        Function(
            "bare_address",
            (_TEXT,),
            _TEXT,
            _bare_address,
            doc="A bare address, with its domain in ASCII; absent for any other text.",
        ),
        Function(
            "base64_size",
            (_TEXT,),
            _WHOLE,
            base64_size,
            doc="The size in bytes of what a base64 text decodes to; absent if it is not base64.",
        ),
        Function(
            "content_id_references",
            (_TEXT,),
            _TEXTS,
            _content_id_references,
            doc="The content ids that an HTML text refers to, in every way its references can be read.",
        ),
        Function(
            "count", ({"type": "array"},), _WHOLE, len, ("True", "len({0})"), doc="The number of items of a list."
        ),
        Function(
            "byte_length",
            (_TEXT,),
            _WHOLE,
            _byte_length,
            ("{0}.isascii()", "len({0})"),
            doc="The number of bytes of a text in UTF-8.",
        ),
        Function("all_keys", ({"type": "array"},), _TEXTS, _all_keys, doc="The keys that any of these objects has."),
        Function(
            "common_keys", ({"type": "array"},), _TEXTS, _common_keys, doc="The keys that all of these objects have."
        ),
        Function(
            "decoded",
            (_TEXT,),
            _TEXT,
            decode_encoded_words,
            ("'=?' not in {0}", "{0}"),
            doc="RFC 2047 encoded words decoded.",
        ),
        Function(
            "has_line_break",
            (_TEXT,),
            {"type": "boolean"},
            _has_line_break,
            doc="Whether there is a line break in a text of one line, as it is or as any reader may decode it.",
        ),
        Function(
            "holds",
            (_TEXT, _TEXT),
            {"type": "boolean"},
            _holds,
            ("True", "({1} in {0})"),
            doc="Whether a text contains another.",
        ),
        Function(
            "json_text",
            ({"type": "object"},),
            _TEXT,
            _json_text,
            doc="An object as JSON text, the same for equal objects; absent for an empty one.",
        ),
        Function(
            "join",
            (_TEXTS, _TEXT),
            _TEXT,
            _join,
            ("{0}", "{1}.join({0})"),
            doc="Texts with a separator between them; absent if there are none.",
        ),
        Function(
            "lower_case",
            (_TEXT,),
            _TEXT,
            caseless,
            _IN_LOWER_CASE,
            doc="A name in lower case; one that is not ASCII is unchanged.",
        ),
        Function(
            "mailbox",
            (_ADDRESS,),
            _TEXT,
            _mailbox,
            doc="An address as in RFC 5322: a name that is not ASCII is an encoded word, one with a comma is quoted.",
        ),
        Function(
            "message_address",
            (_ADDRESS,),
            {"anyOf": [_TEXT, _ADDRESS]},
            _message_address,
            doc="An address as in a message: an object if it has a name, else its text.",
        ),
        Function(
            "mailbox_without_comma",
            (_ADDRESS,),
            _TEXT,
            _mailbox_without_comma,
            doc="The same for a service that separates addresses at every comma: one in a name is in an encoded word.",
        ),
        Function(
            "merge_fields",
            (_TEXT, _TEXT),
            _TEXTS,
            find_merge_fields,
            ("{1} not in {0}", "[]"),
            doc="The names of the merge fields in a text that have no default; the second text is their opening.",
        ),
        Function(
            "suggestion",
            (_TEXT, _TEXTS),
            _TEXT,
            _suggestion,
            doc="A hint with the one of these texts that another may be a misspelling of.",
        ),
        Function("product", (_WHOLE, _WHOLE), _WHOLE, mul, ("True", "{0} * {1}"), doc="One integer times another."),
        Function(
            "scalar_text",
            ({"type": ["string", "number", "boolean"]},),
            _TEXT,
            _scalar_text,
            ("type({0}) is str", "{0}"),
            doc="A string itself; a number or boolean as JSON text.",
        ),
        Function(
            "seconds",
            (_TEXT,),
            _WHOLE,
            parse_time,
            doc="Seconds since 1970 (POSIX) of an ISO 8601 date and time, which is UTC without an offset.",
        ),
        Function("text", ({},), _TEXT, _text, ("type({0}) is str", "{0}"), doc="A string."),
        Function("total", (_WHOLES,), _WHOLE, _total, doc="The sum of these integers."),
        Function(
            "unanswered_references",
            (_TEXT, _TEXTS),
            _TEXTS,
            find_unanswered,
            doc="The references in HTML that match none of these content ids.",
        ),
        Function(
            "unread_merge_fields",
            (_TEXT, _TEXT),
            _TEXTS,
            find_unread_merge_fields,
            ("{1} not in {0}", "[]"),
            doc="What looks like a merge field in a text but is not read as one; the second text is the opening.",
        ),
        Function(
            "whole_number", (_TEXT,), _WHOLE, _whole_number, doc="The integer that a text of decimal digits denotes."
        ),
    )
}
