"""Joins messages that differ only in their recipients, and in the data of these: the reverse of `split`.

Each message is one of the list of a decompiled payload. Messages are joined if the joined one means the same: each
recipient still gets a message of their own, with the same copies, variables and metadata. Nothing here knows a service.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.json_io.pointer import Tokens
from compiler.mail.addresses import AddressError, parse_address_list

_OWN = ("to", "merge_data", "merge_global_data", "metadata", "merge_metadata")
"""The fields in which joined messages may differ."""

_DATA = (("merge_global_data", "merge_data"), ("metadata", "merge_metadata"))
"""Fields with data for all recipients, each with the field of the data of single ones."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A message, and those that it was joined from: their first position in the list, and the messages themselves."""

    message: dict[str, Any]
    start: int
    parts: Sequence[Mapping[str, Any]]

    def separate(self) -> list[Joined]:
        """The messages that it was joined from, each alone."""
        return [
            Joined(_without_empty_data(part), self.start + number, [part]) for number, part in enumerate(self.parts)
        ]

    def origin(self, tokens: Tokens) -> Tokens:
        """The pointer into the list of messages, as tokens, of a value in the joined message."""
        match tokens:
            case ("to", index, *rest) if index.isdecimal():
                position = int(index)
                for number, part in enumerate(self.parts):
                    if position < len(part["to"]):
                        return str(self.start + number), "to", str(position), *rest
                    position -= len(part["to"])
            case ("merge_data" | "merge_metadata" as name, address, *rest):
                for number, part in enumerate(self.parts):
                    if address in _addresses(part):
                        shared = {own: shared for shared, own in _DATA}[name]
                        where = (name, address) if address in part.get(name, {}) else (shared,)
                        return str(self.start + number), *where, *rest
        return str(self.start), *tokens


def join_messages(messages: Sequence[Mapping[str, Any]]) -> list[Joined]:
    """The messages, with neighbours joined where that means the same."""
    joined: list[Joined] = []
    start = 0
    for group in _groups(messages):
        joined.append(Joined(_join(group), start, group))
        start += len(group)
    return joined


def _groups(messages: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    group: list[Mapping[str, Any]] = []
    common: str | None = None
    data: dict[str, str] = {}
    for message in messages:
        own, rest = _data_by_address(message), _common_part(message)
        # An address has its data once.
        if (
            group
            and rest is not None
            and rest == common
            and all(data.get(each, own[each]) == own[each] for each in own)
        ):
            group.append(message)
            data |= own
            continue
        if group:
            yield group
        group, common, data = [message], rest, own
    if group:
        yield group


def _common_part(message: Mapping[str, Any]) -> str | None:
    """What messages must have in common to be joined; None if a message cannot be joined with another."""
    is_individual = "merge_data" in message or "merge_metadata" in message
    has_copies = bool(message.get("cc") or message.get("bcc"))
    if not message.get("to") or "delivery" in message or (has_copies and not is_individual):
        return None
    return json.dumps({name: value for name, value in message.items() if name not in _OWN}, sort_keys=True)


def _join(group: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if len(group) == 1:
        return _without_empty_data(group[0])
    joined = dict(group[0])
    joined["to"] = [address for message in group for address in message["to"]]
    for shared, own in _DATA:
        values = [message.get(shared, {}) for message in group]
        has_differences = any(value != values[0] for value in values)
        if has_differences or any(own in message for message in group):
            joined[own] = {address: data for message in group for address, data in message.get(own, {}).items()}
        if has_differences:
            joined.pop(shared, None)
            for message, value in zip(group, values, strict=True):
                for address in _addresses(message):
                    joined[own][address] = {**value, **joined[own].get(address, {})}
    return joined


def _data_by_address(message: Mapping[str, Any]) -> dict[str, str]:
    """The data of each recipient of a message, in a form to compare."""
    found = {}
    for address in _addresses(message):
        data = [{**message.get(shared, {}), **message.get(own, {}).get(address, {})} for shared, own in _DATA]
        found[address] = json.dumps(data, sort_keys=True)
    return found


def _without_empty_data(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message alone: one with copies and without data of its recipient is a shared one."""
    alone = dict(message)
    if (alone.get("cc") or alone.get("bcc")) and not alone.get("merge_data", True) and "merge_metadata" not in alone:
        del alone["merge_data"]
    return alone


def _addresses(message: Mapping[str, Any]) -> list[str]:
    """The bare addresses in `to`, as they are written."""
    found: list[str] = []
    for address in message.get("to") or ():
        if isinstance(address, dict):
            found.append(address["email"])
            continue
        try:
            found += [each.email for each in parse_address_list(address)]
        except AddressError:
            found.append(address)
    return found
