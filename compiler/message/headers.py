"""Rules for single headers: what may be a header's name, how a number reads as its value, which name recipients.

Nothing here knows which headers mean something to Mailjet; nor is the search for line breaks in values here, which
concerns subjects, tags and names as well.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

SHOWN_RECIPIENTS: Mapping[str, str] = MappingProxyType({"to": "header_to", "cc": "header_cc", "bcc": "header_bcc"})
"""The headers that only show who receives a mail, in lower case, and the canonical message's members for them."""

# RFC 5322, 3.6.8: printable US-ASCII but the colon.
_NAME = re.compile("[!-9;-~]+")


def valid_header_name(name: str) -> bool:
    """Say whether the name is an RFC 5322 field name: printable ASCII without colon and space, not empty."""
    return _NAME.fullmatch(name) is not None


def ascii_lower(name: str) -> str:
    """Give what two spellings of a name share. Names are ASCII; another, as with a Kelvin sign, is like no other."""
    return name.lower() if name.isascii() else name


def number_text(value: int | float) -> str:
    """Give a header value's text for a JSON number: 3.0 is "3", 1e22 "10000000000000000000000", 0.5 "0.5", -0.0 "0".

    The value is finite and no boolean: plain_copy and the schema have seen to that. JSON does not tell 3 from 3.0, so
    neither does the text; floats read by repr, the shortest text that gives the same float.
    """
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    from decimal import Decimal

    if isinstance(value, float):
        # The number that was written, as repr has it, not the binary one behind it: 1e23, no 99999999999999991611392.
        return str(int(Decimal(repr(value))))
    try:
        return str(value)
    except ValueError:  # more digits than this process lets Python write
        return format(Decimal(value), "f")
