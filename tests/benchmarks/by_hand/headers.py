"""The extra headers, and the answers' address among them."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from tests.benchmarks.by_hand.addresses import addresses, one_address
from tests.benchmarks.by_hand.errors import RefusedError
from tests.benchmarks.by_hand.names import Address, in_header
from tests.benchmarks.by_hand.values import is_line, number_text

_NAME = re.compile("[!-9;-~]+")
_RESERVED = frozenset(
    (
        "content-transfer-encoding", "content-type", "dkim-signature", "mime-version", "received", "return-path",
        "x-mailjet-campaign", "x-mailjet-deduplicatecampaign", "x-mailjet-prio", "x-mailjet-trackclick",
        "x-mailjet-trackopen",
    )
)  # fmt: skip


def add_headers(message: dict[str, Any], warnings: set[str]) -> tuple[dict[str, str], Address | None]:
    """The headers of a payload, and the sender that a From header names."""
    made: dict[str, str] = {}
    header_from, reply_to = None, None
    given = message.get("extra_headers")
    if given is not None:
        if type(given) is not dict or (len(given) > 1 and len({name.lower() for name in given}) < len(given)):
            raise RefusedError
        for name, value in given.items():
            text = _text(name, value)
            lower = name.lower()
            if lower == "from":
                header_from = one_address(text)
            elif lower in ("to", "cc", "bcc"):
                raise RefusedError
            elif lower == "reply-to":
                reply_to = addresses(text) if text.strip() else None
            else:
                made[name] = text
                if lower in _RESERVED or lower.startswith("x-mj-"):
                    warnings.add("ReservedHeader")
    given = message.get("reply_to")
    if given is not None:
        if type(given) is not list:
            raise RefusedError
        own = [address for each in given for address in addresses(each)]
        if reply_to is None:
            reply_to = own
        elif own:
            warnings.add("NoEffect")
    if reply_to:
        made["Reply-To"] = ", ".join([in_header(each, encode_commas=False) for each in reply_to])
    return made, header_from


def _text(name: str, value: Any) -> str:
    if not _NAME.fullmatch(name):
        raise RefusedError
    if type(value) is str:
        if not is_line(value):
            raise RefusedError
        return value
    if type(value) is int or (type(value) is float and isfinite(value)):
        return number_text(value)
    raise RefusedError
