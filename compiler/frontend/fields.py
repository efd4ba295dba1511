"""The table of the message's fields: how each is read, how defaults combine with it, and what it becomes.

A new field is a row here and a property of the schema (`message.schema.json`, and `canonical-message.schema.json` for
what it becomes). `python -m tools.generate` derives `options.schema.json` and the types from that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def _addresses(name: str) -> Field:
    return build_field(name, readers.read_addresses, "append", read=readers.address_list(name))


def _recipient_data(name: str, read_item: Callable[..., Any], *, has_nulls: bool) -> Field:
    read = readers.recipient_data(name, has_nulls=has_nulls)
    return build_field(name, read_item, "merge", ascii_domain, read=read, spells_keys=False)


_AS_IS = readers.read_as_is
_HEADERS = ("headers", *readers.SPECIAL_HEADERS)

_ROWS = (
    build_field("from_email", readers.read_addresses),
    _addresses("to"),
    _addresses("cc"),
    _addresses("bcc"),
    _addresses("reply_to"),
    build_field("subject", readers.read_line),
    build_field("body", _AS_IS, read=readers.read_body, canonical=("text", "html")),
    build_field("content_subtype", _AS_IS, read=readers.read_content_subtype),
    build_field("alternatives", _AS_IS, "append", read=readers.read_alternatives, canonical=("html", "other_parts")),
    build_field("attachments", readers.read_attachment, "append"),
    build_field("extra_headers", readers.read_header, "merge", caseless, read=readers.read_headers, canonical=_HEADERS),
    build_field("envelope_sender", readers.read_one_address),
    build_field("metadata", deep_copy, "merge"),
    build_field("send_at", _AS_IS),
    build_field("tags", readers.read_line, "append"),
    build_field("track_clicks", _AS_IS),
    build_field("track_opens", _AS_IS),
    build_field("template_id", readers.read_template_id),
    _recipient_data("merge_data", readers.read_merge_member, has_nulls=False),
    build_field("merge_global_data", readers.read_merge_member, "merge"),
    _recipient_data("merge_metadata", deep_copy, has_nulls=True),
    build_field("esp_extra", deep_copy, "merge", caseless),
)

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _ROWS})
"""The fields by name, in the order in which what is wrong with them is listed."""
