"""The functions that rules may call: a closed list, each pure, total and typed.

They know mail and text, not any service. A function gives None where there is nothing to give; the rules take that as
absent.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler._decoding_functions import DECODING_FUNCTIONS
from compiler.engine import Function

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_ADDRESS = {"type": "object", "properties": {"email": _TEXT, "name": _TEXT}, "additionalProperties": False}


def _address_header(address: dict[str, str]) -> str:
    from compiler.message.encoded_words import address_header

    return address_header(address["email"], address.get("name"))


def _address_key(text: str) -> str:
    from compiler.message.addresses import ascii_domain

    return ascii_domain(text).lower()


def _addresses(text: str) -> list[dict[str, str]] | None:
    from compiler.message.addresses import AddressError, parse_address_list

    try:
        found = parse_address_list(text)
    except AddressError:
        return None
    return [{"email": each.email} if each.name is None else {"email": each.email, "name": each.name} for each in found]


def _decoded(text: str) -> str:
    from compiler.message.encoded_words import decode_encoded_words

    return decode_encoded_words(text)


def _whole_number(text: str) -> int | None:
    from decimal import Decimal

    # By way of a decimal, for Python may be told to refuse to convert long texts.
    return int(Decimal(text)) if text.isascii() and text.isdigit() else None


def _join(texts: list[str], separator: str) -> str | None:
    return separator.join(texts) if texts else None


def _lower_case(text: str) -> str:
    return text.lower()


FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        # An address as it stands in a header: a name with a comma, or that is not ASCII, as an encoded word.
        Function("address_header", (_ADDRESS,), _TEXT, _address_header),
        # What two spellings of one address share: the domain in ASCII, all in lower case.
        Function("address_key", (_TEXT,), _TEXT, _address_key),
        # The addresses in a header's text.
        Function("addresses", (_TEXT,), {"type": "array", "items": _ADDRESS}, _addresses),
        # RFC 2047 encoded words decoded.
        Function("decoded", (_TEXT,), _TEXT, _decoded),
        # Texts with a separator between them; nothing where there are none.
        Function("join", (_TEXTS, _TEXT), _TEXT, _join),
        # A text in lower case.
        Function("lower_case", (_TEXT,), _TEXT, _lower_case),
        # The whole number that a text of decimal digits means.
        Function("whole_number", (_TEXT,), {"type": "integer"}, _whole_number),
        *DECODING_FUNCTIONS.values(),
    )
}
