"""Splits a message into messages for at most a hundred recipients."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.by_hand.addresses import addresses, ascii_domain
from tests.benchmarks.by_hand.errors import RefusedError

_AT_MOST = 100


def split_by_hand(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The message itself, or several messages with a share of its recipients and their merge data."""
    to = message.get("to")
    if type(to) is not list:
        raise RefusedError
    recipients = [address for item in to for address in addresses(item)]
    if len(recipients) <= _AT_MOST:
        return [message]
    merge_data = message.get("merge_data")
    keys = {ascii_domain(key): key for key in merge_data or ()}
    parts = []
    for start in range(0, len(recipients), _AT_MOST):
        batch = recipients[start : start + _AT_MOST]
        part_to = [email if name is None else {"email": email, "name": name} for email, name in batch]
        part = {**message, "to": part_to}
        if merge_data is not None:
            part["merge_data"] = {keys[email]: merge_data[keys[email]] for email, _ in batch if email in keys}
        parts.append(part)
    return parts
