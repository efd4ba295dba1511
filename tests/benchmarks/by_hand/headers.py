"""The extra headers, and Reply-To among them."""

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
    """The headers of a payload, and the sender of a From header."""
    headers: dict[str, str] = {}
    header_from, reply_to = None, None
    raw = message.get("extra_headers")
    if raw is not None:
        if type(raw) is not dict or (len(raw) > 1 and len({name.lower() for name in raw}) < len(raw)):
            raise RefusedError
        for name, value in raw.items():
            text = _text(name, value)
            lower = name.lower()
            if lower == "from":
                header_from = one_address(text)
            elif lower in ("to", "cc", "bcc"):
                raise RefusedError
            elif lower == "reply-to":
                reply_to = addresses(text) if text.strip() else None
            else:
                headers[name] = text
                if lower in _RESERVED or lower.startswith("x-mj-"):
                    warnings.add("ReservedHeader")
    raw = message.get("reply_to")
    if raw is not None:
        if type(raw) is not list:
            raise RefusedError
        reply_to_field = [address for each in raw for address in addresses(each)]
        if reply_to is None:
            reply_to = reply_to_field
        elif reply_to_field:
            warnings.add("NoEffect")
    if reply_to:
        headers["Reply-To"] = ", ".join([in_header(each, encode_commas=False) for each in reply_to])
    return headers, header_from


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
