"""Lenient readers for the texts of a mail as a service passes them on: addresses, headers and their parameters.

Other programs have changed such texts: names were decoded, so that their commas are unquoted, lines were unfolded with
tabs, parameters were never quoted. Each function accepts any text, and returns None if it finds nothing of its kind.
The names by which rules call them are in `compiler.functions.decoding`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

# --- Addresses --------------------------------------------------------------------------------------------------------

_FOLD = re.compile(r"[\t\r\n]+ *")
_ADDRESS_PIECE = re.compile(r'"[^"]*+"|<[^<>]*+>|[^,;]')
_BARE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]++@[^\s<>(),;:\"@]++")


def parse_addresses_lenient(text: str) -> list[dict[str, str | None]] | None:
    """The addresses in a text; names may contain unquoted commas, and anything else is skipped."""
    from compiler.mail.addresses import AddressError, parse_address_list

    text = _FOLD.sub(" ", text)
    try:
        mailboxes = [(mailbox.email, mailbox.name) for mailbox in parse_address_list(text)]
    except AddressError:
        mailboxes = list(_recover_addresses(text))
    return [{"email": email, "name": None if name is None else display_name(name)} for email, name in mailboxes] or None


def _recover_addresses(text: str) -> Iterator[tuple[str, str | None]]:
    """The addresses in an invalid list: a piece between commas that has no address belongs to the next name."""
    from compiler.mail.addresses import ascii_domain

    before: list[str] = []  # pieces that begin the next name
    in_group = False
    for piece in _split_address_list(text):
        words, bracket, after = piece.rpartition("<")
        email = after.partition(">")[0].strip() if bracket else next((w for w in piece.split() if "@" in w), "")
        email = email.rstrip(",;")
        if not _BARE_ADDRESS.fullmatch(email):
            in_group = in_group or ":" in piece
            if in_group and piece.endswith(";"):  # it ends the group, and an empty one begins no name
                before, in_group = [], False
            elif before or piece.strip(" ,;"):
                before.append(piece)
            continue
        name = "".join((*before, words)).strip() if bracket else ""
        quoted = len(name) > 1 and name[0] == name[-1] == '"'
        yield ascii_domain(email), (re.sub(r"\\(.)", r"\1", name[1:-1]) if quoted else name) or None
        before, in_group = [], False


def _split_address_list(text: str) -> Iterator[str]:
    """The pieces of a text, each up to a comma or semicolon outside quotation marks and angle brackets."""
    start = position = 0
    while position < len(text):
        match = _ADDRESS_PIECE.match(text, position)
        position = position + 1 if match is None else match.end()
        if match is None:
            yield text[start:position]
            start = position
    yield text[start:]


def display_name(text: str) -> str | None:
    """A display name as people read it: encoded words decoded, on one line; None if it is blank."""
    from compiler.mail.encoded_words import decode_encoded_words

    return _on_one_line(decode_encoded_words(text))


def _on_one_line(text: str) -> str | None:
    from compiler.mail.addresses import LINE_BREAK

    return LINE_BREAK.sub(" ", text).strip() or None


# --- MIME headers -----------------------------------------------------------------------------------------------------


def header(headers: Any, name: str) -> str | None:
    """The value of the header with this name, in any case; the first of several."""
    values = header_values(headers, name)
    return values[0] if values else None


def header_values(headers: Any, name: str) -> list[str] | None:
    """The values of all headers with this name, in any case."""
    pairs = [pair for pair in _pairs(headers) if pair[0].lower() == name.lower()]
    # If the name has two spellings, their order in the object must not matter.
    return [value for _, value in sorted(pairs, key=lambda pair: pair[0])] or None


_FIELD_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322, section 2.2


def header_pairs(headers: Any) -> list[list[str]] | None:
    """All headers as pairs of name and value, one for each value; invalid names are left out."""
    if not isinstance(headers, dict):
        return None
    return [[name, value] for name, value in _pairs(headers) if _FIELD_NAME.fullmatch(name)]


def _pairs(headers: Any) -> Iterator[tuple[str, str]]:
    for name, parameters in headers.items() if isinstance(headers, dict) else ():
        for value in parameters if isinstance(parameters, list) else (parameters,):
            if isinstance(value, str):
                yield name, value


def header_text(text: str) -> str:
    """The text of an unstructured header: unfolded, encoded words decoded, on one line."""
    from compiler.mail.encoded_words import decode_encoded_words

    return _on_one_line(decode_encoded_words(_FOLD.sub(" ", text))) or ""


def mail_date(text: str) -> str | None:
    """The date of a Date header (RFC 5322) as a timestamp in UTC; None if it has no time zone."""
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(_FOLD.sub(" ", text).strip())
        if date.tzinfo is None and "-0000" not in text:  # -0000 is UTC, from an unknown zone
            return None
        in_utc = date.astimezone(UTC) if date.tzinfo is not None else date
    except (ValueError, TypeError, IndexError, OverflowError):  # it raises any of these for an invalid date
        return None
    return f"{in_utc.year:04}-{in_utc:%m-%dT%H:%M:%S}Z"


def header_value(text: str) -> str | None:
    """The value of a MIME header before its parameters, in lower case."""
    return text.partition(";")[0].strip().lower() or None


_MEDIA_TYPE = re.compile(r"[!#$&^_.+a-z0-9-]++/[!#$&^_.+a-z0-9-]++")  # RFC 6838, section 4.2


def media_type(text: str) -> str | None:
    """The media type that a Content-Type header names, in lower case."""
    value = header_value(text)
    return value if value is not None and _MEDIA_TYPE.fullmatch(value) else None


# The value of a parameter is quoted, or extends to the next semicolon: mail programs leave spaces in it unquoted.
_PARAMETER = re.compile(r';\s*+([^\s=;"]++)\s*+=\s*+("(?:[^"\\]++|\\.)*+"|[^;]*+)', re.DOTALL)


def header_parameter(text: str, name: str) -> str | None:
    """The parameter, decoded and joined by RFC 2231; else as it is, with its encoded words decoded."""
    parameters: dict[str, str] = {}
    for key, raw in _PARAMETER.findall(_FOLD.sub(" ", text)):
        quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
        parameters.setdefault(key.lower(), re.sub(r"(?s)\\(.)", r"\1", raw[1:-1]) if quoted else raw.strip().strip('"'))
    name = name.lower()
    for sections in (_sections(parameters, name), [(True, parameters[f"{name}*"])] if f"{name}*" in parameters else []):
        if sections:
            return _on_one_line(_joined_sections(sections))
    return display_name(parameters[name]) if name in parameters else None


def _sections(parameters: Mapping[str, str], name: str) -> list[tuple[bool, str]]:
    """The sections `name*0`, `name*1*` and so on, each with whether it is percent-encoded (the asterisk at its end)."""
    sections: list[tuple[bool, str]] = []
    while (encoded := f"{name}*{len(sections)}*") in parameters or encoded[:-1] in parameters:
        sections.append((True, parameters[encoded]) if encoded in parameters else (False, parameters[encoded[:-1]]))
    return sections


def _joined_sections(sections: list[tuple[bool, str]]) -> str:
    from urllib.parse import unquote_to_bytes

    (encoded, first), charset = sections[0], ""
    if encoded and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    text_so_far = ""
    # A character may be split between two encoded sections, so that neighbours are decoded together.
    for is_encoded, run in groupby([(encoded, first), *sections[1:]], key=lambda section: section[0]):
        text = "".join(part for _, part in run)
        text_so_far += _in_charset(unquote_to_bytes(text.encode("utf-8", "replace")), charset) if is_encoded else text
    return text_so_far


def _in_charset(content: bytes, charset: str) -> str:
    """Bytes as text: in their charset, or else in UTF-8."""
    from compiler.mail.charsets import decode_charset

    text = decode_charset(content, charset) if charset else None
    return content.decode("utf-8", "replace") if text is None else text


def content_id(text: str) -> str | None:
    """A Content-ID without its angle brackets."""
    from compiler.mail.attachments import bare_content_id

    return bare_content_id(text) or None
