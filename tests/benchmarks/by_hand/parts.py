"""Cuts a message for too many recipients into messages for a hundred at most."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.by_hand.addresses import addresses, ascii_domain
from tests.benchmarks.by_hand.errors import RefusedError

_AT_MOST = 100


def split_by_hand(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The message itself, or messages for some of its recipients each, with the merge data that is theirs."""
    to = message.get("to")
    if type(to) is not list:
        raise RefusedError
    rows = [address for each in to for address in addresses(each)]
    if len(rows) <= _AT_MOST:
        return [message]
    merge_data = message.get("merge_data")
    keys = {ascii_domain(key): key for key in merge_data or ()}
    parts = []
    for start in range(0, len(rows), _AT_MOST):
        some = rows[start : start + _AT_MOST]
        written = [email if name is None else {"email": email, "name": name} for email, name in some]
        part = {**message, "to": written}
        if merge_data is not None:
            part["merge_data"] = {keys[email]: merge_data[keys[email]] for email, _ in some if email in keys}
        parts.append(part)
    return parts
