"""The table of the message's fields: how each is read, how defaults combine with it, and what it becomes.

A new field is a row here and a property of the schema (`message.schema.json`, and `canonical-message.schema.json` for
what it becomes). `python -m tools.generate` derives `options.schema.json` and the types from that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from compiler.frontend import readers
from compiler.json_io.pointer import caseless
from compiler.mail.addresses import ascii_domain

Merge = Literal["replace", "append", "merge"]


class Field(NamedTuple):
    """One field of the message.

    read: the reader of the whole field. read_item: the reader of its value, of one item of a list, or of one member of
    an object. merge: whether the message's value replaces the default's ("replace"), its items follow the default's
    ("append"), or its members override the default's one by one ("merge"). key_of: normalizes the name of a member;
    two names with the same result are the same member. canonical: the members of the canonical message that the field
    becomes, if not the one of its name. spells_keys: whether a member keeps its spelling.
    """

    name: str
    read: Callable[[dict[str, Any], Any, Mapping[str, Any]], None]
    read_item: Callable[..., Any]
    merge: Merge = "replace"
    key_of: Callable[[str], str] = str
    canonical: tuple[str, ...] = ()
    spells_keys: bool = True


def _addresses(name: str) -> Field:
    return Field(name, readers.address_list(name), readers.read_addresses, "append")


def _scalar(name: str) -> Field:
    return Field(name, readers.read_scalar(name), readers.read_as_is)


_HEADERS = ("headers", *readers.SPECIAL_HEADERS)

_ROWS = (
    Field("from_email", readers.read_from_email, readers.read_addresses),
    _addresses("to"),
    _addresses("cc"),
    _addresses("bcc"),
    _addresses("reply_to"),
    Field("subject", readers.single("subject", readers.read_line), readers.read_line),
    Field("body", readers.read_body, readers.read_as_is, canonical=("text", "html")),
    Field("content_subtype", readers.read_content_subtype, readers.read_as_is),
    Field("alternatives", readers.read_alternatives, readers.read_as_is, "append", canonical=("html", "other_parts")),
    Field("attachments", readers.read_attachments, readers.read_attachment, "append"),
    Field("extra_headers", readers.read_headers, readers.read_header, "merge", caseless, canonical=_HEADERS),
    Field("envelope_sender", readers.read_envelope_sender, readers.read_one_address),
    Field("metadata", readers.members("metadata"), readers.read_member, "merge"),
    _scalar("send_at"),
    Field("tags", readers.lines("tags"), readers.read_line, "append"),
    _scalar("track_clicks"),
    _scalar("track_opens"),
    Field("template_id", readers.single("template_id", readers.read_template_id), readers.read_template_id),
    Field(
        "merge_data",
        readers.recipient_data("merge_data", has_nulls=False),
        readers.read_merge_member,
        "merge",
        ascii_domain,
        spells_keys=False,
    ),
    Field("merge_global_data", readers.read_merge_global_data, readers.read_merge_member, "merge"),
    Field(
        "merge_metadata",
        readers.recipient_data("merge_metadata", has_nulls=True),
        readers.read_member,
        "merge",
        ascii_domain,
        spells_keys=False,
    ),
    Field("esp_extra", readers.read_esp_extra, readers.read_member, "merge", caseless),
)

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _ROWS})
"""The fields by name, in the order in which what is wrong with them is listed."""
