"""Mutants of the front end's tables: constants in Python that say what the rules cannot, such as a file's media type.

A mutant is another value for one attribute of a module, put there, and wherever the module's table was imported, while
cases run; so only tables are here that are looked up when they are needed. Left out is what no case can see: texts for
people (`ALIASES`, `_UNREADABLE`, hints), sizes of chunks, and guards against floods that no file should hold
(`MAXIMUM_CONTAINERS`, `_ROOM_FOR_FLAWS`); what stands within functions; and regular expressions as grammars, whose own
tests stand beside them: of those only the characters are mutated that a table of special characters would hold.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from compiler.frontend.fields import Field


@dataclass(frozen=True, slots=True)
class TableMutant:
    """One attribute of a module with another value."""

    module: str
    table: str
    operator: str
    detail: str
    value: Any

    @property
    def id(self) -> str:
        """Its name."""
        return f"front-end:{self.operator}:{self.module}.{self.table}" + (f":{self.detail}" if self.detail else "")


Changes = Iterator[tuple[str, str, Any]]


def of_mapping(table: Mapping[str, Any]) -> Changes:
    """Drops each entry, gives it another value, and swaps the values of neighbours."""
    names = list(table)
    for index, name in enumerate(names):
        value = table[name]
        yield "drop-entry", name, {key: each for key, each in table.items() if key != name}
        if isinstance(value, str):
            yield "change-entry", name, {**table, name: f"{value}x"}
        else:
            yield "change-entry", name, {**table, name: next(each for each in table.values() if each is not value)}
        after = names[(index + 1) % len(names)]
        if table[after] != value:
            yield "swap-entries", f"{name} and {after}", {**table, name: table[after], after: value}


def of_fields(table: Mapping[str, Field]) -> Changes:
    """Drops each field, combines it with its default in another way, and tells its members apart by their spelling."""
    for name, field in table.items():
        yield "drop-entry", name, {key: each for key, each in table.items() if key != name}
        if field.merge != "replace":
            yield "change-merge", name, {**table, name: field._replace(merge="replace")}
        if field.key_of is not str:
            yield "change-key", name, {**table, name: field._replace(key_of=str)}


def of_names(table: tuple[str, ...] | frozenset[str]) -> Changes:
    """Drops each name, and changes it."""
    for name in sorted(table):
        others = [each for each in table if each != name]
        yield "drop-entry", name, type(table)(others)
        yield "change-entry", name, type(table)([*others, f"{name}x"])


def of_number(table: float) -> Changes:
    """Moves a limit by one."""
    yield "plus-one", "", table + 1
    yield "minus-one", "", table - 1


def of_octets(table: bytes) -> Changes:
    """Drops each octet, and adds some that are like them."""
    for octet in table:
        yield "drop-entry", chr(octet), table.replace(bytes([octet]), b"")
    for octet in b"-_= \n\r\t.,":
        yield "add-entry", repr(chr(octet)), table + bytes([octet])


def of_spellings(table: list[str]) -> Changes:
    """Spells each printable octet as it is where it is escaped, and escapes it where it is not."""
    for octet in range(0x20, 0x7F):
        other = chr(octet) if len(table[octet]) > 1 else f"={octet:02X}"
        yield "change-entry", chr(octet), [*table[:octet], other, *table[octet + 1 :]]


_CLASS = re.compile(r"(?<!\\)\[(?P<not>\^?)(?P<members>(?:\\.|[^\]\\])+)\]", re.DOTALL)
_CHARACTER = r"(?:\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\.|.)"
_MEMBER = re.compile(rf"{_CHARACTER}(?:-{_CHARACTER})?", re.DOTALL)


def of_characters(table: re.Pattern[str]) -> Changes:
    """Drops each character, or range of characters, from each class of a pattern."""
    for number, found in enumerate(_CLASS.finditer(table.pattern)):
        members = list(_MEMBER.finditer(found["members"]))
        for member in members if len(members) > 1 else ():
            start = found.start("members")
            text = table.pattern[: start + member.start()] + table.pattern[start + member.end() :]
            yield "drop-character", f"{number} {member[0]!r}", re.compile(text, table.flags)


_TABLES: Mapping[Callable[[Any], Changes], Mapping[str, tuple[str, ...]]] = {
    of_mapping: {"mail.attachments": ("MEDIA_TYPES", "_EXTENSIONS")},
    of_names: {
        "frontend.full": ("_OPTIONS",),
        "mail.charsets": ("_CHARSETS_WITHOUT_ALIAS", "_NOT_CHARSETS"),
        "functions.decoding": ("_PHRASES",),
    },
    of_fields: {"frontend.fields": ("FIELDS",)},
    of_number: {
        "mail.addresses": ("_LONGEST_DOMAIN",),
        "json_io.plain": ("MAXIMUM_DEPTH", "MAXIMUM_DIGITS", "INTEGER_BOUND"),
        "json_io.parse": ("_FIRST_INEXACT_FLOAT",),
        "functions.decoding": ("_LAST_SECOND",),
    },
    of_octets: {"mail.attachments": ("_BASE64_ALPHABET",)},
    of_spellings: {"mail.encoded_words": ("_Q_SPELLING",)},
    of_characters: {
        "mail.addresses": ("LINE_BREAK", "_TOKEN", "_LIST_CHARACTER", "_QUOTE_OR_BACKSLASH"),
        "mail.encoded_words": ("_MUST_BE_ENCODED", "_MUST_BE_QUOTED", "_QUOTE_OR_BACKSLASH"),
        "mail.headers": ("_NAME",),
        "mail.lenient": ("_FIELD_NAME", "_MEDIA_TYPE"),
    },
}
"""What can be done to each table, by the module it stands in."""


def table_mutants() -> Iterator[TableMutant]:
    """All mutants of the front end's tables."""
    for operator, modules in _TABLES.items():
        for module, tables in modules.items():
            for table in tables:
                value = getattr(importlib.import_module(f"compiler.{module}"), table)
                for name, detail, other in operator(value):
                    yield TableMutant(module, table, name, detail, other)


# --- Putting a table in its place -------------------------------------------------------------------------------------


class Watched:
    """Stands in for a table, and notes whether anybody looks at it."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self.looked_at = False

    def _look(self) -> Any:
        self.looked_at = True
        return self._table

    def __getattr__(self, name: str) -> Any:
        return getattr(self._look(), name)

    def __getitem__(self, key: Any) -> Any:
        return self._look()[key]

    def __contains__(self, key: Any) -> bool:
        return key in self._look()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._look())


def watch(table: Any) -> Watched | None:
    """The table, watched; None where nothing can stand in for it, as for a number."""
    return None if isinstance(table, int | float | bytes) else Watched(table)


def original(mutant: TableMutant) -> Any:
    """The table that a mutant changes, as it is."""
    return getattr(importlib.import_module(f"compiler.{mutant.module}"), mutant.table)


@contextmanager
def put(mutant: TableMutant, value: Any) -> Iterator[None]:
    """While it is open, the mutant's table has this value, wherever it goes by its name."""
    table = original(mutant)
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("compiler") and vars(module).get(mutant.table) is table:
                stack.enter_context(mock.patch.object(module, mutant.table, value))
        yield
