"""What the message and the defaults give for each field, and which of the two it came from.

Here defaults are combined with the message, as Anymail does: single values are the message's where it has one, lists
are joined, the default's first; objects are merged one level deep, the message winning. Null drops a default. What
the values mean is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.json_io.fault import Document
from compiler.json_io.parse import token
from compiler.mail.addresses import ascii_domain
from compiler.mail.headers import ascii_lower

LISTS = ("to", "cc", "bcc", "reply_to", "alternatives", "attachments", "tags")
"""The fields whose items are joined, the default's first."""

OBJECTS: Mapping[str, Callable[[str], str]] = {
    "extra_headers": ascii_lower,
    "metadata": str,
    "merge_data": ascii_domain,
    "merge_global_data": str,
    "merge_metadata": ascii_domain,
    "esp_extra": ascii_lower,
}
"""The fields whose members are merged one by one, and what two names share that mean the same member."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value with the place where it stands; `invalid` if it was refused already."""

    value: Any
    document: Document
    path: str
    invalid: bool = False

    @property
    def from_defaults(self) -> bool:
        """Whether the defaults gave it."""
        return self.document == "options"


@dataclass(frozen=True, slots=True)
class Source:
    """A message-shaped object, the place where it stands, and which pointers below it are invalid."""

    fields: Mapping[str, Any]
    document: Document
    path: str
    invalid: Collection[str]

    def given(self, name: str) -> Given:
        """What it gives for a field that it has."""
        return self._at(self.fields[name], f"{self.path}/{token(name)}")

    def _at(self, value: Any, path: str) -> Given:
        return Given(value, self.document, path, path in self.invalid)

    def items(self, given: Given) -> Iterator[Given]:
        """The items of a list that it gives."""
        for index, item in enumerate(given.value):
            yield self._at(item, f"{given.path}/{index}")

    def members(self, given: Given) -> Iterator[tuple[str, Given]]:
        """The members of an object that it gives, in the code-point order of their keys."""
        for key in sorted(given.value):
            yield key, self._at(given.value[key], f"{given.path}/{token(key)}")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a message over those of the defaults."""

    message: Source
    defaults: Source

    def sources(self, name: str) -> list[tuple[Source, Given]]:
        """Who says something about a field, the defaults first; nobody where the message says null."""
        found = []
        for source in (self.defaults, self.message):
            if name in source.fields:
                given = source.given(name)
                if given.value is not None or given.invalid:
                    found.append((source, given))
                elif source is self.message:
                    return []
        return found

    def single(self, name: str) -> Given | None:
        """A single value: the message's, else the default's."""
        found = self.sources(name)
        return found[-1][1] if found else None

    def is_invalid(self, name: str) -> bool:
        """Whether the message or the defaults give something for a field that was refused as a whole."""
        return any(given.invalid for _, given in self.sources(name))

    def items(self, name: str) -> Iterator[Given]:
        """The items of a list, the defaults' first; an invalid list is one invalid item."""
        for source, given in self.sources(name):
            if given.invalid:
                yield given
            else:
                yield from source.items(given)

    def members(self, name: str, key_of: Callable[[str], str] = str) -> tuple[dict[str, list[tuple[str, Given]]], bool]:
        """The members of an object, the message's over the defaults', grouped by what `key_of` makes of their names.

        Several in a group are names in one document that mean the same. Also tells whether one of the objects is
        invalid.
        """
        merged: dict[str, list[tuple[str, Given]]] = {}
        invalid = False
        for source, given in self.sources(name):
            if given.invalid:
                invalid = True
                continue
            own: dict[str, list[tuple[str, Given]]] = {}
            for key, value in source.members(given):
                own.setdefault(key_of(key), []).append((key, value))
            merged.update(own)
        return merged, invalid
