"""The functions that rules call to write a message: each pure, total and typed.

They know mail and text, not any service. A function gives None if it has no result; rules take that as absent. What
reads a service's answers is in `decoding`.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import mul
from typing import Any

from compiler.engine import Function
from compiler.functions.merge_fields import find_merge_fields, find_unread_merge_fields
from compiler.json_io.canonical import json_text
from compiler.json_io.pointer import caseless
from compiler.mail.addresses import AddressError, ascii_domain, find_line_break, parse_address_list
from compiler.mail.attachments import base64_size
from compiler.mail.content_ids import find_content_ids, find_unanswered
from compiler.mail.encoded_words import decode_encoded_words, format_address, format_reply_to

_TEXT = {"type": "string"}
_WHOLE = {"type": "integer"}
_TEXTS = {"type": "array", "items": _TEXT}
_WHOLES = {"type": "array", "items": _WHOLE}
_ADDRESS = {"type": "object", "properties": {"email": _TEXT, "name": _TEXT}, "additionalProperties": False}


def _address_header(address: dict[str, str]) -> str:
    return format_address(address["email"], address.get("name"))


def _address_key(text: str) -> str:
    return caseless(ascii_domain(text))


def _addresses(text: str) -> list[dict[str, str]] | None:
    try:
        found = parse_address_list(text)
    except AddressError:
        return None
    return [{"email": each.email} if each.name is None else {"email": each.email, "name": each.name} for each in found]


def _whole_number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) < _SHORT:
        return int(text)
    from decimal import Decimal

    # By way of a decimal: the process may have limited how long texts Python converts.
    return int(Decimal(text))


def _content_id_references(html: str) -> list[str]:
    return sorted(find_content_ids(html))


def _has_line_break(text: str) -> bool:
    return find_line_break(text) is not None


def _all_keys(objects: list[Any]) -> list[str]:
    return list(dict.fromkeys(key for each in objects if isinstance(each, dict) for key in each))


def _common_keys(objects: list[Any]) -> list[str]:
    """The keys that each of these objects has; none without objects."""
    if not objects:
        return []
    first, *others = [each if isinstance(each, dict) else {} for each in objects]
    common = set(first).intersection(*others)
    return [key for key in first if key in common]


def _suggestion(text: str, texts: list[str]) -> str | None:
    """Asks whether one of these texts was meant, where another seems to be misspelt; none where it is one of them."""
    from compiler.json_io.suggestions import find_nearest

    if text in texts:
        return None
    near = find_nearest(text, [each for each in texts[:_MOST_LIKELY] if abs(len(each) - len(text)) <= len(text)])
    return None if near is None else f"did you mean '{near}'?"


def _holds(text: str, part: str) -> bool:
    return part in text


def _byte_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _total(numbers: list[Any]) -> int:
    return sum(each for each in numbers if isinstance(each, int) and not isinstance(each, bool))


def _reply_to_header(address: dict[str, str]) -> str:
    return format_reply_to(address["email"], address.get("name"))


def _join(texts: list[str], separator: str) -> str | None:
    return separator.join(texts) if texts else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _json_text(value: dict[str, Any]) -> str | None:
    return json_text(value) if value else None


_MOST_LIKELY = 50
_SHORT = 600  # Python converts fewer digits than this, whatever its limit is
_IN_LOWER_CASE = ("{0}.isascii()", "{0}.lower()")

MESSAGE_FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        # An address as it stands in a header: a name with a comma, or that is not ASCII, as an encoded word.
        Function("address_header", (_ADDRESS,), _TEXT, _address_header),
        # What two spellings of one address share: the domain in ASCII, all in lower case.
        Function("address_key", (_TEXT,), _TEXT, _address_key, _IN_LOWER_CASE),
        # The addresses in a header's text.
        Function("addresses", (_TEXT,), {"type": "array", "items": _ADDRESS}, _addresses),
        # The size in bytes of what a base64 text decodes to; absent if it is not base64.
        Function("base64_size", (_TEXT,), _WHOLE, base64_size),
        # The content ids that an HTML text refers to, in every way in which its references can be read.
        Function("content_id_references", (_TEXT,), _TEXTS, _content_id_references),
        # How many items a list has.
        Function("count", ({"type": "array"},), _WHOLE, len, ("True", "len({0})")),
        # How many bytes a text has in UTF-8.
        Function("byte_length", (_TEXT,), _WHOLE, _byte_length, ("{0}.isascii()", "len({0})")),
        # The keys that any of these objects has.
        Function("all_keys", ({"type": "array"},), _TEXTS, _all_keys),
        # The keys that each of these objects has.
        Function("common_keys", ({"type": "array"},), _TEXTS, _common_keys),
        # RFC 2047 encoded words decoded.
        Function("decoded", (_TEXT,), _TEXT, decode_encoded_words, ("'=?' not in {0}", "{0}")),
        # Whether there is a line break in a text of one line, as it is or as any reader may decode it.
        Function("has_line_break", (_TEXT,), {"type": "boolean"}, _has_line_break),
        # Whether a text holds another.
        Function("holds", (_TEXT, _TEXT), {"type": "boolean"}, _holds, ("True", "({1} in {0})")),
        # An object as JSON text, the same for the same object; nothing for an empty one.
        Function("json_text", ({"type": "object"},), _TEXT, _json_text),
        # Texts with a separator between them; nothing where there are none.
        Function("join", (_TEXTS, _TEXT), _TEXT, _join, ("{0}", "{1}.join({0})")),
        # A name in lower case; one beyond ASCII as it is.
        Function("lower_case", (_TEXT,), _TEXT, caseless, _IN_LOWER_CASE),
        # The names of the merge fields in a text that have no default; the second text is how they begin.
        Function("merge_fields", (_TEXT, _TEXT), _TEXTS, find_merge_fields, ("{1} not in {0}", "[]")),
        # The one of these texts that another may be misspelt from.
        Function("suggestion", (_TEXT, _TEXTS), _TEXT, _suggestion),
        # One integer times another.
        Function("product", (_WHOLE, _WHOLE), _WHOLE, mul, ("True", "{0} * {1}")),
        # An address as it stands in a Reply-To header: a name with a comma is quoted there.
        Function("reply_to_header", (_ADDRESS,), _TEXT, _reply_to_header),
        # A string.
        Function("text", ({},), _TEXT, _text, ("type({0}) is str", "{0}")),
        # The sum of these integers.
        Function("total", (_WHOLES,), _WHOLE, _total),
        # The references in HTML that none of these content ids answers.
        Function("unanswered_references", (_TEXT, _TEXTS), _TEXTS, find_unanswered),
        # What in a text looks like a merge field and is not read as one; the second text is how they begin.
        Function("unread_merge_fields", (_TEXT, _TEXT), _TEXTS, find_unread_merge_fields, ("{1} not in {0}", "[]")),
        # The integer that a text of decimal digits means.
        Function("whole_number", (_TEXT,), _WHOLE, _whole_number),
    )
}
