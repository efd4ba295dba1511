"""Rules for single headers: valid header names, and the headers that name recipients.

Which headers have a meaning for Mailjet is not known here. Line breaks in values are found in `addresses`, also
for subjects, tags and names.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

SHOWN_RECIPIENTS: Mapping[str, str] = MappingProxyType({"to": "header_to", "cc": "header_cc", "bcc": "header_bcc"})
"""The headers that only show the recipients of a mail, in lower case, and the canonical message's members for them."""

# RFC 5322, 3.6.8: printable US-ASCII but the colon.
_NAME = re.compile("[!-9;-~]+")


def is_header_name(name: str) -> bool:
    """Whether the name is an RFC 5322 field name: printable ASCII without colon and space, not empty."""
    return _NAME.fullmatch(name) is not None
