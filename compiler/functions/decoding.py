"""The functions that rules call to read what a service sends back.

Such documents come from outside and may contain anything. So most of these functions accept any JSON, and return None
(absent, for the rules) if it is not of their kind. Like all functions of rules they are pure, total and typed, and know
no service. The readers of mail texts are in `compiler.mail.lenient`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

from compiler.engine import Function
from compiler.mail import lenient as mime
from compiler.mail.fragments import join_html, join_texts
from compiler.mail.times import LAST_SECOND, format_time

_ANY: Mapping[str, Any] = {}
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_ADDRESS = {
    "type": "object",
    "properties": {"email": _TEXT, "name": {"type": ["string", "null"]}},
    "additionalProperties": False,
}

# --- JSON -------------------------------------------------------------------------------------------------------------


def _nonempty_text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _trimmed(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


# The reason phrases of RFC 9110, of its predecessors and of RFC 6585 that can come with an error or with a 200.
_PHRASES = frozenset(
    (
        "Bad Request", "Payment Required", "Forbidden", "Not Found", "Method Not Allowed", "Not Acceptable",
        "Proxy Authentication Required", "Request Timeout", "Conflict", "Gone", "Length Required",
        "Precondition Failed", "Content Too Large", "Payload Too Large", "Request Entity Too Large", "URI Too Long",
        "Request-URI Too Long", "Unsupported Media Type", "Expectation Failed", "Unprocessable Content",
        "Unprocessable Entity", "Locked", "Upgrade Required", "Precondition Required",
        "Request Header Fields Too Large", "Internal Server Error", "Not Implemented", "Bad Gateway",
        "Service Unavailable", "Gateway Timeout", "Gateway Time-out", "HTTP Version Not Supported", "OK",
    )
)  # fmt: skip


def _own_phrase(value: Any) -> str | None:
    return value if isinstance(value, str) and value not in _PHRASES else None


_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")


def _finite_number(value: Any) -> int | float | None:
    if isinstance(value, str):
        text = value.strip()
        value = float(text) if _NUMBER.fullmatch(text) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return value + 0.0 if isinstance(value, float) and isfinite(value) else None  # + 0.0: there is no -0.0


# A number with more digits than Python converts is text already.
_HUGE = re.compile(r"-?[1-9][0-9]{4300,}")


def _decimal_text(value: Any) -> str | None:
    if isinstance(value, str) and _HUGE.fullmatch(value):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return str(value)
    except ValueError:  # more digits than the limit of this process
        from decimal import Decimal

        return format(Decimal(value), "f")


_DIGITS = re.compile(r"[0-9]+")


def _message_id(value: Any) -> str | None:
    return value if isinstance(value, str) and _DIGITS.fullmatch(value) else _decimal_text(value)


def _json_object(text: str) -> dict[str, Any] | None:
    from compiler.json_io.fast import NOT_PARSED, parse_body_fast
    from compiler.json_io.parse import parse_json
    from compiler.json_io.sanitize import sanitize

    value = parse_body_fast(text)
    if value is not NOT_PARSED:
        return value if isinstance(value, dict) and _has_exact_numbers(text) else None
    value, faults = parse_json(text)
    if faults or not isinstance(value, dict) or not _has_exact_numbers(text):
        return None
    _, faults, _ = sanitize(value)  # a lone surrogate can be parsed, but not written
    return None if faults else value


_FRACTION = re.compile(r"[0-9][.eE]")


def _has_exact_numbers(text: str) -> bool:
    """Whether each number of a valid JSON text is written again with its value: none has more digits than a double."""
    import json
    from decimal import Decimal

    if _FRACTION.search(text) is None:
        return True
    is_exact = True

    def check(number: str) -> float:
        nonlocal is_exact
        value = float(number)
        is_exact = is_exact and Decimal(number) == Decimal(repr(value))
        return value

    json.loads(text, parse_float=check)
    return is_exact


_NUMBERS_IN_TEXT = re.compile(r"([0-9]+)")


def _natural_order(texts: list[str]) -> list[str]:
    def key(text: str) -> list[tuple[int, str]]:
        # A number is compared by its number of digits, then by the digits, so that it need not be converted.
        pieces = enumerate(_NUMBERS_IN_TEXT.split(text))
        return [(len(piece.lstrip("0")), piece.lstrip("0")) if index % 2 else (0, piece) for index, piece in pieces]

    return sorted(texts, key=lambda text: (key(text), text))


# --- Time -------------------------------------------------------------------------------------------------------------

_ISO_TIME = re.compile(
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})[T ]([0-9]{2})(:?)([0-9]{2})\6([0-9]{2})(?:Z|\+00:?00)?", re.ASCII
)


def _timestamp(value: Any) -> str | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(LAST_SECOND)):
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LAST_SECOND:
        return None
    return format_time(int(value))


def _iso_timestamp(text: str) -> str | None:
    from datetime import datetime

    match = _ISO_TIME.fullmatch(text.strip())
    if match is None:
        return None
    year, _, month, day, hour, _, minute, second = match.groups()
    try:
        datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))
    except ValueError:
        return None
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}Z"


def _text_base64(text: str) -> str:
    from binascii import b2a_base64

    return b2a_base64(text.encode("utf-8", "replace"), newline=False).decode("ascii")


def _base64(text: str) -> str | None:
    from compiler.mail.attachments import base64_size

    packed = "".join(text.split())
    return None if base64_size(packed) is None else packed


DECODING_FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        Function(
            "base64", (_TEXT,), _TEXT, _base64, doc="Base64 without the white space in it; absent if it is invalid."
        ),
        Function("content_id", (_TEXT,), _TEXT, mime.content_id, doc="A Content-ID without its angle brackets."),
        Function(
            "decimal_text",
            (_ANY,),
            _TEXT,
            _decimal_text,
            ("type({0}) is int and -1 < {0} < 1000000000000000000", "str({0})"),
            doc="An integer's decimal digits; absent for anything else.",
        ),
        Function(
            "display_name",
            (_TEXT,),
            _TEXT,
            mime.display_name,
            doc="A display name as people read it: encoded words decoded, on one line; absent if it is blank.",
        ),
        Function(
            "finite_number",
            (_ANY,),
            {"type": "number"},
            _finite_number,
            doc="A number, or the number that a text denotes.",
        ),
        Function(
            "header",
            (_ANY, _TEXT),
            _TEXT,
            mime.header,
            doc="The value of the header with this name, in any case; the first of several.",
        ),
        Function(
            "header_pairs",
            (_ANY,),
            {"type": "array", "items": _TEXTS},
            mime.header_pairs,
            doc="All headers as pairs of name and value, one for each value.",
        ),
        Function(
            "header_parameter",
            (_TEXT, _TEXT),
            _TEXT,
            mime.header_parameter,
            doc="A parameter of a MIME header, decoded (RFC 2045, 2231).",
        ),
        Function(
            "header_text",
            (_TEXT,),
            _TEXT,
            mime.header_text,
            doc="The text of an unstructured header: unfolded, encoded words decoded, on one line.",
        ),
        Function(
            "header_value",
            (_TEXT,),
            _TEXT,
            mime.header_value,
            doc="The value of a MIME header before its parameters, in lower case.",
        ),
        Function(
            "header_values",
            (_ANY, _TEXT),
            _TEXTS,
            mime.header_values,
            doc="The values of all headers with this name, in any case.",
        ),
        Function(
            "iso_timestamp",
            (_TEXT,),
            _TEXT,
            _iso_timestamp,
            doc="An ISO 8601 date and time in UTC, in the basic or extended format, as a timestamp; see timestamp.",
        ),
        Function(
            "json_object",
            (_TEXT,),
            {"type": "object"},
            _json_object,
            doc="The object in a JSON text; absent if a number in it has more digits than a double.",
        ),
        Function(
            "joined_html",
            (_TEXTS,),
            _TEXT,
            join_html,
            doc="Pieces of HTML joined: those that are visible and not contained in another.",
        ),
        Function(
            "joined_texts",
            (_TEXTS,),
            _TEXT,
            join_texts,
            doc="Pieces of text joined: those that are not blank and not contained in another.",
        ),
        Function(
            "loose_addresses",
            (_TEXT,),
            {"type": "array", "items": _ADDRESS},
            mime.parse_addresses_lenient,
            doc="The addresses in a text; names may contain unquoted commas, and anything else is skipped.",
        ),
        Function(
            "mail_date", (_TEXT,), _TEXT, mime.mail_date, doc="The date of a Date header (RFC 5322) as a timestamp."
        ),
        Function(
            "media_type",
            (_TEXT,),
            _TEXT,
            mime.media_type,
            doc="The media type that a Content-Type header names, in lower case.",
        ),
        Function(
            "message_id",
            (_ANY,),
            _TEXT,
            _message_id,
            ("type({0}) is int and -1 < {0} < 1000000000000000000", "str({0})"),
            doc="A message's id, an integer or a text of its digits, as its digits.",
        ),
        Function("natural_order", (_TEXTS,), _TEXTS, _natural_order, doc="Texts in natural order: a2 before a10."),
        Function(
            "nonempty_text",
            (_ANY,),
            _TEXT,
            _nonempty_text,
            ("type({0}) is str", "({0} or None)"),
            doc="A string that is not empty; absent for anything else.",
        ),
        Function(
            "own_phrase",
            (_ANY,),
            _TEXT,
            _own_phrase,
            doc="The reason phrase of a status line; absent if it is a standard one, which adds nothing to the status.",
        ),
        Function("text_base64", (_TEXT,), _TEXT, _text_base64, doc="A text's UTF-8 form in base64."),
        Function(
            "timestamp",
            (_ANY,),
            _TEXT,
            _timestamp,
            doc="POSIX seconds, a number or a text of digits, as a timestamp like 2030-01-31T12:00:00Z.",
        ),
        Function(
            "trimmed",
            (_ANY,),
            _TEXT,
            _trimmed,
            doc="A string without surrounding white space; absent if nothing is left.",
        ),
    )
}
