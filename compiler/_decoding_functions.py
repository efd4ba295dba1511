"""The functions that rules call to read what a service sends back: JSON, time, addresses, MIME headers.

Such documents come from outside and hold what they like. So a function that stands at the edge takes any JSON and gives
nothing (None, which the rules take as absent) where that is not of its kind. Like all functions of rules these are
pure, total and typed, and know no service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from math import isfinite
from typing import Any

from compiler.engine import Function

_ANY: Mapping[str, Any] = {}
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_ADDRESS = {
    "type": "object",
    "properties": {"email": _TEXT, "name": {"type": ["string", "null"]}},
    "additionalProperties": False,
}

# --- JSON -------------------------------------------------------------------------------------------------------------


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _filled_text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")


def _finite_number(value: Any) -> int | float | None:
    if isinstance(value, str):
        text = value.strip()
        value = float(text) if _NUMBER.fullmatch(text) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return value + 0.0 if isinstance(value, float) and isfinite(value) else None  # + 0.0: there is no -0.0


def _decimal_text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return str(value)
    except ValueError:  # more digits than this process lets Python write
        from decimal import Decimal

        return format(Decimal(value), "f")


def _json_object(text: str) -> dict[str, Any] | None:
    from compiler.message.json_values import parse_json, plain_copy

    value, faults = parse_json(text)
    if faults or not isinstance(value, dict):
        return None
    _, faults, _ = plain_copy(value)  # half a surrogate pair can be parsed, and cannot be written again
    return None if faults else value


def _longest(texts: list[str]) -> str | None:
    return max(texts, key=len, default=None)


# --- Time -------------------------------------------------------------------------------------------------------------

_LAST_SECOND = 253402300799  # of the year 9999
_ISO_TIME = re.compile(
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})[T ]([0-9]{2})(:?)([0-9]{2})\6([0-9]{2})(?:Z|\+00:?00)?", re.ASCII
)


def _timestamp(value: Any) -> str | None:
    from datetime import UTC, datetime, timedelta

    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(_LAST_SECOND)):
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _LAST_SECOND:
        return None
    return (datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(value))).strftime("%Y-%m-%dT%H:%M:%SZ")


def _iso_timestamp(text: str) -> str | None:
    from datetime import datetime

    found = _ISO_TIME.fullmatch(text.strip())
    if found is None:
        return None
    year, _, month, day, hour, _, minute, second = found.groups()
    try:
        datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))
    except ValueError:
        return None
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}Z"


# --- Addresses --------------------------------------------------------------------------------------------------------

_FOLD = re.compile(r"[\t\r\n]+ *")
_ADDRESS_PIECE = re.compile(r'"[^"]*+"|<[^<>]*+>|[^,;]')
_BARE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]++@[^\s<>(),;:\"@]++")


def _loose_addresses(text: str) -> list[dict[str, str | None]] | None:
    from compiler.message.addresses import AddressError, parse_address_list

    text = _FOLD.sub(" ", text)
    try:
        found = [(each.email, each.name) for each in parse_address_list(text)]
    except AddressError:
        found = list(_guessed_addresses(text))
    return [{"email": email, "name": None if name is None else _display_name(name)} for email, name in found] or None


def _guessed_addresses(text: str) -> Iterator[tuple[str, str | None]]:
    """The addresses in a text that breaks the rules: a piece between commas without an address begins the next name."""
    from compiler.message.addresses import ascii_domain

    before = ""
    for piece in _pieces(text):
        words, bracket, after = piece.rpartition("<")
        email = after.partition(">")[0].strip() if bracket else next((w for w in piece.split() if "@" in w), "")
        email = email.rstrip(",;")
        if not _BARE_ADDRESS.fullmatch(email):
            before += piece
            continue
        name = f"{before}{words}".strip() if bracket else ""
        quoted = len(name) > 1 and name[0] == name[-1] == '"'
        yield ascii_domain(email), (re.sub(r"\\(.)", r"\1", name[1:-1]) if quoted else name) or None
        before = ""


def _pieces(text: str) -> Iterator[str]:
    """What ends with a comma or semicolon that is outside quotation marks and angle brackets."""
    start = position = 0
    while position < len(text):
        found = _ADDRESS_PIECE.match(text, position)
        position = position + 1 if found is None else found.end()
        if found is None:
            yield text[start:position]
            start = position
    yield text[start:]


def _display_name(text: str) -> str | None:
    from compiler.message.encoded_words import decode_encoded_words

    return _on_one_line(decode_encoded_words(text))


def _on_one_line(text: str) -> str | None:
    from compiler.message.addresses import LINE_BREAK

    return LINE_BREAK.sub(" ", text).strip() or None


# --- MIME headers -----------------------------------------------------------------------------------------------------


def _header(headers: Any, name: str) -> str | None:
    found = [pair for pair in _header_pairs(headers) or () if pair[0].lower() == name.lower()]
    # Where two spellings of the name are there, their order in the object must not matter.
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _header_pairs(headers: Any) -> list[list[str]] | None:
    if not isinstance(headers, dict):
        return None
    return [
        [name, value]
        for name, given in headers.items()
        for value in (given if isinstance(given, list) else [given])
        if isinstance(value, str)
    ]


def _header_value(text: str) -> str | None:
    return text.partition(";")[0].strip().lower() or None


# The value of a parameter is quoted, or goes on to the next semicolon: mail programs leave spaces in it unquoted.
_PARAMETER = re.compile(r';\s*+([^\s=;"]++)\s*+=\s*+("(?:[^"\\]++|\\.)*+"|[^;]*+)', re.DOTALL)


def _header_parameter(text: str, name: str) -> str | None:
    """The parameter as RFC 2231 encodes or continues it; else as it stands, with what encoded words it may hold."""
    given: dict[str, str] = {}
    for key, raw in _PARAMETER.findall(_FOLD.sub(" ", text)):
        quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
        given.setdefault(key.lower(), re.sub(r"(?s)\\(.)", r"\1", raw[1:-1]) if quoted else raw.strip().strip('"'))
    name = name.lower()
    for sections in (_sections(given, name), [(True, given[f"{name}*"])] if f"{name}*" in given else []):
        if sections:
            return _on_one_line(_joined_sections(sections))
    return _display_name(given[name]) if name in given else None


def _sections(given: Mapping[str, str], name: str) -> list[tuple[bool, str]]:
    """The sections `name*0`, `name*1*` and so on, each with whether it is percent-encoded (the asterisk at its end)."""
    found: list[tuple[bool, str]] = []
    while (encoded := f"{name}*{len(found)}*") in given or encoded[:-1] in given:
        found.append((True, given[encoded]) if encoded in given else (False, given[encoded[:-1]]))
    return found


def _joined_sections(sections: list[tuple[bool, str]]) -> str:
    from urllib.parse import unquote_to_bytes

    (encoded, first), charset = sections[0], ""
    if encoded and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    made = ""
    # A character may be split between two encoded sections, so that neighbours are decoded together.
    for is_encoded, run in groupby([(encoded, first), *sections[1:]], key=lambda section: section[0]):
        text = "".join(part for _, part in run)
        made += _in_charset(unquote_to_bytes(text.encode("utf-8", "replace")), charset) if is_encoded else text
    return made


def _in_charset(content: bytes, charset: str) -> str:
    """Bytes as text. RFC 2231 takes its charsets from RFC 2047, so whoever reads encoded words knows them."""
    from binascii import b2a_base64

    from compiler.message.encoded_words import decode_encoded_words

    word = f"=?{charset}?b?{b2a_base64(content, newline=False).decode('ascii')}?="
    decoded = decode_encoded_words(word) if charset and content else word
    return content.decode("utf-8", "replace") if decoded == word else decoded


def _content_id(text: str) -> str | None:
    from compiler.message.attachments import bare_content_id

    return bare_content_id(text) or None


def _base64(text: str) -> str | None:
    from compiler.message.attachments import base64_size

    packed = "".join(text.split())
    return None if base64_size(packed) is None else packed


DECODING_FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        # Base64 without the white space in it; absent where it is none.
        Function("base64", (_TEXT,), _TEXT, _base64),
        # A Content-ID without its angle brackets.
        Function("content_id", (_TEXT,), _TEXT, _content_id),
        # A whole number's decimal digits.
        Function("decimal_text", (_ANY,), _TEXT, _decimal_text),
        # A display name as people read it: encoded words decoded, on one line; absent where it is blank.
        Function("display_name", (_TEXT,), _TEXT, _display_name),
        # A string that holds more than white space.
        Function("filled_text", (_ANY,), _TEXT, _filled_text),
        # A number, or the one that a text means.
        Function("finite_number", (_ANY,), {"type": "number"}, _finite_number),
        # The value of the header with this name, in any case; of several the first.
        Function("header", (_ANY, _TEXT), _TEXT, _header),
        # All headers as pairs of name and value, one for each value.
        Function("header_pairs", (_ANY,), {"type": "array", "items": _TEXTS}, _header_pairs),
        # A parameter of a MIME header, decoded (RFC 2045, 2231).
        Function("header_parameter", (_TEXT, _TEXT), _TEXT, _header_parameter),
        # What a MIME header says before its parameters, in lower case.
        Function("header_value", (_TEXT,), _TEXT, _header_value),
        # A date and time of ISO 8601 in UTC, with or without hyphens and colons, as a timestamp.
        Function("iso_timestamp", (_TEXT,), _TEXT, _iso_timestamp),
        # The object that a JSON text holds.
        Function("json_object", (_TEXT,), {"type": "object"}, _json_object),
        # The longest of these texts, the first of several.
        Function("longest", (_TEXTS,), _TEXT, _longest),
        # The addresses in a text, where names may hold commas unquoted; what is no address is passed over.
        Function("loose_addresses", (_TEXT,), {"type": "array", "items": _ADDRESS}, _loose_addresses),
        # A string.
        Function("text", (_ANY,), _TEXT, _text),
        # POSIX seconds, a number or a text of digits, as a timestamp.
        Function("timestamp", (_ANY,), _TEXT, _timestamp),
    )
}
