"""Rules for single headers: what may be a header's name, and which headers name recipients.

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


def is_header_name(name: str) -> bool:
    """Say whether the name is an RFC 5322 field name: printable ASCII without colon and space, not empty."""
    return _NAME.fullmatch(name) is not None
