"""The table of the message's fields: how each is read, how defaults combine with it, and what it becomes.

A new field is a row here and a property of the schema (`message.schema.json`, and `canonical-message.schema.json` for
what it becomes). `python -m tools.generate` derives `options.schema.json` and the types from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from compiler.frontend import readers
from compiler.frontend.readers import Merge, Reader
from compiler.json_io.plain import deep_copy
from compiler.json_io.pointer import caseless
from compiler.mail.addresses import ascii_domain


class Field(NamedTuple):
    """One field of the message.

    read: the reader of the whole field. read_item: the reader of its value, of one item of a list, or of one member of
    an object. merge: whether the message's value replaces the default's ("replace"), its items follow the default's
    ("append"), or its members override the default's one by one ("merge"). key_of: normalizes the name of a member;
    two names with the same result are the same member. canonical: the members of the canonical message that the field
    becomes, if not the one of its name. spells_keys: whether a member keeps its spelling.
    """

    name: str
    read: Reader
    read_item: Callable[..., Any]
    merge: Merge = "replace"
    key_of: Callable[[str], str] = str
    canonical: tuple[str, ...] = ()
    spells_keys: bool = True


def build_field(
    name: str,
    read_item: Callable[..., Any],
    merge: Merge = "replace",
    key_of: Callable[[str], str] = str,
    *,
    read: Reader | None = None,
    canonical: tuple[str, ...] = (),
    spells_keys: bool = True,
) -> Field:
    """A row of the table; the reader of the whole field is built from that of its items, unless one is given."""
    reader = read or readers.build_reader(name, read_item, merge, key_of)
    return Field(name, reader, read_item, merge, key_of, canonical, spells_keys)


class TargetPolicy(NamedTuple):
    """What a target asks of the front end: where services differ, the message itself favors none.

    case_blind: objects in which two names that differ only in case mean the same. refuse_null: objects in which no
    value may be null, at any depth. ascii_local_parts: whether the local part of every address must be ASCII.
    """

    case_blind: frozenset[str] = frozenset()
    refuse_null: frozenset[str] = frozenset()
    ascii_local_parts: bool = False


NEUTRAL = TargetPolicy()
"""The policy of a target that asks for nothing."""


def parse_policy(raw: Mapping[str, Any]) -> TargetPolicy:
    """The policy that a ruleset gives. Raises ValueError for an unknown member and for a field that cannot have it."""
    _check_known("member", raw, TargetPolicy._fields)
    names = {}
    for member, known in (("case_blind", _CASE_BLIND), ("refuse_null", _REFUSE_NULL)):
        value = raw.get(member, [])
        if not isinstance(value, list):
            raise ValueError(f"{member} must be a list of fields")
        _check_known(f"field in {member}", value, known)
        names[member] = frozenset(value)
    ascii_local_parts = raw.get("ascii_local_parts", False)
    if not isinstance(ascii_local_parts, bool):
        raise ValueError("ascii_local_parts must be true or false")
    return TargetPolicy(names["case_blind"], names["refuse_null"], ascii_local_parts)


def narrow_canonical_schema(raw: Mapping[str, Any], schema_id: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of canonical messages under a policy: without null where that is refused. Raises ValueError.

    A schema of other documents is unchanged.
    """
    refuse_null = parse_policy(raw).refuse_null
    if schema_id != CANONICAL_MESSAGE:
        return schema
    properties = dict(schema["properties"])
    for name in refuse_null:
        properties[name] = _without_null(properties[name], depth=1 if name == "merge_global_data" else 2)
    return {**schema, "properties": properties}


def _without_null(schema: Mapping[str, Any], depth: int) -> Mapping[str, Any]:
    if depth == 0:
        return {**schema, "type": [kind for kind in schema["type"] if kind != "null"]}
    return {**schema, "additionalProperties": _without_null(schema["additionalProperties"], depth - 1)}


def _check_known(what: str, names: Iterable[Any], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"unknown {what} {name!r} (available: {', '.join(known)})")


CANONICAL_MESSAGE = "https://payload-compiler.example/schemas/canonical-message.schema.json"
"""The `$id` of the schema of canonical messages."""

_CASE_BLIND = ("metadata", "merge_global_data", "esp_extra")
_REFUSE_NULL = ("merge_data", "merge_global_data")
_AS_IS = readers.read_as_is
_HEADERS = ("headers", *readers.SPECIAL_HEADERS)


@cache
def fields_for(policy: TargetPolicy) -> Mapping[str, Field]:
    """The fields by name, as a target asks for them, in the order in which what is wrong with them is listed."""
    addresses = address_reader(policy)

    def address_list(name: str) -> Field:
        return build_field(name, addresses.read_addresses, "append", read=addresses.list_reader(name))

    def recipient_data(name: str) -> Field:
        has_nulls = name not in policy.refuse_null
        read_item = readers.read_recipient_member if has_nulls else readers.read_merge_member
        read = readers.recipient_data(name, has_nulls=has_nulls)
        return build_field(name, read_item, "merge", ascii_domain, read=read, spells_keys=False)

    def data(name: str) -> Field:
        read_item = readers.read_merge_member if name in policy.refuse_null else deep_copy
        return build_field(name, read_item, "merge", caseless if name in policy.case_blind else str)

    read_headers = addresses.read_headers
    rows = (
        build_field("from_email", addresses.read_addresses),
        address_list("to"),
        address_list("cc"),
        address_list("bcc"),
        build_field("delivery", _AS_IS),
        address_list("reply_to"),
        build_field("subject", readers.read_line),
        build_field("body", _AS_IS, read=readers.read_body, canonical=("text", "html")),
        build_field("content_subtype", _AS_IS, read=readers.read_content_subtype),
        build_field(
            "alternatives", _AS_IS, "append", read=readers.read_alternatives, canonical=("html", "other_parts")
        ),
        build_field("attachments", readers.read_attachment, "append"),
        build_field("extra_headers", addresses.read_header, "merge", caseless, read=read_headers, canonical=_HEADERS),
        build_field("envelope_sender", addresses.read_one_address),
        data("metadata"),
        build_field("send_at", readers.read_send_at),
        build_field("tags", readers.read_line, "append"),
        build_field("track_clicks", _AS_IS),
        build_field("track_opens", _AS_IS),
        build_field("template_id", readers.read_template_id),
        recipient_data("merge_data"),
        data("merge_global_data"),
        recipient_data("merge_metadata"),
        data("esp_extra"),
    )
    return MappingProxyType({field.name: field for field in rows})


@cache
def address_reader(policy: TargetPolicy) -> readers.AddressReader:
    """The reader of addresses that a target asks for."""
    return readers.AddressReader(ascii_only=policy.ascii_local_parts)


FIELDS = fields_for(NEUTRAL)
"""The fields for a target that asks for nothing; their names and the canonical members are the same for all targets."""
