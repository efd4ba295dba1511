"""Where a value of the canonical message came from: derived from message and defaults when a diagnostic asks.

Nothing is recorded while the canonical message is built; for a pointer that is asked for, the steps of the readers are
repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from compiler.frontend.defaults import Document, Layer, LayeredMessage, default_layer
from compiler.frontend.fields import FIELDS, NEUTRAL, TargetPolicy, address_reader
from compiler.frontend.readers import SPECIAL_HEADERS, Invalid, assign_parts, header_member
from compiler.json_io.pointer import format_pointer, parse_pointer

Location = tuple[Document, str]
Tokens = Sequence[str | int]

_ADDRESS_LISTS = ("to", "cc", "bcc", "reply_to")
_PARTS = ("text", "html", "other_parts")


def message_locator(message: Mapping[str, Any], options: Mapping[str, Any], policy: TargetPolicy = NEUTRAL) -> Locator:
    """A locator for a message and options in which nothing was refused, for a target that asks for this."""
    layered = LayeredMessage(Layer(message, "message", ""), default_layer(options), policy)
    return Locator(layered, options.get("template_sender"))


class Locator:
    """Finds the places of canonical values in the message and its options."""

    def __init__(self, message: LayeredMessage, template_sender: Any = None) -> None:
        self._message = message
        self._template_sender = template_sender
        self._rows: dict[str, list[tuple[int, bool]]] = {}
        self._keys: dict[str, Mapping[str, str]] = {}

    def locate(self, pointer: str) -> Location:
        """Where the canonical value at a pointer came from, or would be."""
        tokens = parse_pointer(pointer)
        if not tokens:
            return "message", ""
        if tokens[0] == "template_sender":
            return "options", "/template_sender" if isinstance(self._template_sender, str) else pointer
        source = self._source(tokens[0], tokens[1:])
        if source is None:
            return "message", pointer
        if source == tokens and not self._message.defaults.fields:
            return "message", pointer
        layer, own_tokens = self._message.find(source)
        return layer.document, layer.path + format_pointer(own_tokens)

    def locate_missing(self, pointer: str) -> Location:
        """Where in the message a missing value with this canonical pointer should be."""
        return "message", {"/text": "/body"}.get(pointer, pointer)

    def _source(self, name: str, subpath: Sequence[str]) -> Tokens | None:
        """The tokens of the value in the message that a canonical value was made of; None if there is none."""
        fields = self._message.fields
        if name in _PARTS:
            return self._part(name, subpath)
        if name == "headers" and "extra_headers" in fields:
            return ("extra_headers", *subpath)
        if name in SPECIAL_HEADERS:
            return self._special_header(name)
        if name not in fields:
            return None
        if not subpath or name == "send_at":
            return (name,)
        if name in _ADDRESS_LISTS and subpath[0].isdecimal():
            positions = self._address_rows(name)
            index = int(subpath[0])
            if index >= len(positions):
                return (name, *subpath)
            item, is_text = positions[index]
            return (name, item) if is_text else (name, item, *subpath[1:])
        if name == "from_email":
            return (name,) if isinstance(fields[name], str) else (name, *subpath[1:])
        if name == "envelope_sender" and isinstance(fields[name], str):
            return (name,)
        if name == "attachments" and len(subpath) > 1:
            return self._attachment(subpath)
        if not FIELDS[name].spells_keys and "xn--" in subpath[0]:  # other keys are as they are spelled
            return (name, self._spellings(name).get(subpath[0], subpath[0]), *subpath[1:])
        return (name, *subpath)

    def _part(self, name: str, subpath: Sequence[str]) -> Tokens | None:
        sources = self._part_sources[name]
        if name == "text":
            return sources[0] if sources else None
        if not subpath:
            is_open = self._message.is_refused("content_subtype") and name == "html"
            return ("body",) if is_open and ("body",) in sources else None
        index = int(subpath[0]) if subpath[0].isdecimal() else len(sources)
        return sources[index] if index < len(sources) else None

    @cached_property
    def _part_sources(self) -> Mapping[str, list[Tokens]]:
        """For each kind of part the sources of its parts, in order."""
        sources: dict[str, list[Tokens]] = {name: [] for name in _PARTS}
        for kind, source, _ in assign_parts(self._message.fields, self._message.is_refused):
            sources[kind].append(source)
        return sources

    def _special_header(self, name: str) -> Tokens | None:
        headers = self._message.fields.get("extra_headers")
        if not isinstance(headers, dict) or self._message.is_refused("extra_headers"):
            return ("extra_headers",) if "extra_headers" in self._message.fields else None
        spelling = min((key for key in headers if header_member(key) == name), default=None)
        return None if spelling is None else ("extra_headers", spelling)

    def _attachment(self, subpath: Sequence[str]) -> Tokens:
        """The place of an attachment's member; for a guessed media type or name, what it was guessed from."""
        items = self._message.fields["attachments"]
        item = items[int(subpath[0])] if subpath[0].isdecimal() and int(subpath[0]) < len(items) else None
        member = "filename" if subpath[1] == "name" else subpath[1]
        guessed_from = {"mimetype": "filename", "filename": "mimetype"}.get(member)
        if isinstance(item, dict) and guessed_from is not None and not item.get(member):
            return ("attachments", int(subpath[0]), guessed_from if item.get(guessed_from) else "content")
        return ("attachments", subpath[0], member, *subpath[2:])

    def _address_rows(self, name: str) -> list[tuple[int, bool]]:
        """For each address of a list, the index of its item, and whether that item is a text."""
        if name not in self._rows:
            self._rows[name] = positions = []
            for index, item in enumerate(self._message.fields[name]):
                positions += [(index, isinstance(item, str))] * self._count(name, index, item)
        return self._rows[name]

    def _count(self, name: str, index: int, item: Any) -> int:
        if not isinstance(item, str) or self._message.is_refused(name, index):
            return 1
        try:
            return len(address_reader(self._message.policy).read_addresses(item))
        except Invalid:
            return 1

    def _spellings(self, name: str) -> Mapping[str, str]:
        """How each key of an object whose keys are addresses is spelled in the message."""
        if name not in self._keys:
            keys = sorted(self._message.fields[name] or (), reverse=True)
            self._keys[name] = {FIELDS[name].key_of(key): key for key in keys}
        return self._keys[name]
