"""Mutants of the front end's tables: constants in Python that rules cannot express, such as media types of files.

A mutant is another value for one attribute of a module. It is set in the module, and wherever the table was imported,
while cases run; so this only works for tables that are looked up at run time. Not mutated are: what no case can observe
(texts for people such as `ALIASES`, `_UNREADABLE` and hints; sizes of chunks; bounds that no case file should reach,
such as `MAXIMUM_CONTAINERS` and the issue budget), constants within functions, and the structure of regular
expressions, which have tests of their own; of those only the special characters are mutated.
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

from compiler.frontend.fields import Field, fields_for, parse_policy
from compiler.pipeline.targets import named_target


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
        """Its unique name."""
        return f"front-end:{self.operator}:{self.module}.{self.table}" + (f":{self.detail}" if self.detail else "")


Changes = Iterator[tuple[str, str, Any]]


def mutate_mapping(table: Mapping[str, Any]) -> Changes:
    """Drops each entry, gives it another value, and swaps the values of neighbours."""
    names = list(table)
    for index, name in enumerate(names):
        value = table[name]
        yield "drop-entry", name, {key: each for key, each in table.items() if key != name}
        if isinstance(value, str):
            yield "change-entry", name, {**table, name: f"{value}x"}
        else:
            yield "change-entry", name, {**table, name: next(each for each in table.values() if each is not value)}
        next_name = names[(index + 1) % len(names)]
        if table[next_name] != value:
            yield "swap-entries", f"{name} and {next_name}", {**table, name: table[next_name], next_name: value}


def mutate_fields(table: Mapping[str, Field]) -> Changes:
    """Drops each field, changes how it is merged with its default, and how its members are compared."""
    for name, field in table.items():
        yield "drop-entry", name, {key: each for key, each in table.items() if key != name}
        if field.merge != "replace":
            yield "change-merge", name, {**table, name: field._replace(merge="replace")}
        if field.key_of is not str:
            yield "change-key", name, {**table, name: field._replace(key_of=str)}


def mutate_names(table: tuple[str, ...] | frozenset[str]) -> Changes:
    """Drops each name, and changes it."""
    for name in sorted(table):
        others = [each for each in table if each != name]
        yield "drop-entry", name, type(table)(others)
        yield "change-entry", name, type(table)([*others, f"{name}x"])


def mutate_number(table: float) -> Changes:
    """Moves a limit by one."""
    yield "plus-one", "", table + 1
    yield "minus-one", "", table - 1


def mutate_octets(table: bytes) -> Changes:
    """Drops each octet, and adds similar ones."""
    for octet in table:
        yield "drop-entry", chr(octet), table.replace(bytes([octet]), b"")
    for octet in b"-_= \n\r\t.,":
        yield "add-entry", repr(chr(octet)), table + bytes([octet])


def mutate_spellings(table: list[str]) -> Changes:
    """Leaves each escaped printable octet unescaped, and escapes each unescaped one."""
    for octet in range(0x20, 0x7F):
        other = chr(octet) if len(table[octet]) > 1 else f"={octet:02X}"
        yield "change-entry", chr(octet), [*table[:octet], other, *table[octet + 1 :]]


_CLASS = re.compile(r"(?<!\\)\[(?P<not>\^?)(?P<members>(?:\\.|[^\]\\])+)\]", re.DOTALL)
_CHARACTER = r"(?:\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\.|.)"
_MEMBER = re.compile(rf"{_CHARACTER}(?:-{_CHARACTER})?", re.DOTALL)


def mutate_characters(table: re.Pattern[str]) -> Changes:
    """Drops each character, or range of characters, from each class of a pattern."""
    for number, character_class in enumerate(_CLASS.finditer(table.pattern)):
        members = list(_MEMBER.finditer(character_class["members"]))
        for member in members if len(members) > 1 else ():
            start = character_class.start("members")
            text = table.pattern[: start + member.start()] + table.pattern[start + member.end() :]
            yield "drop-character", f"{number} {member[0]!r}", re.compile(text, table.flags)


_TABLES: Mapping[Callable[[Any], Changes], Mapping[str, tuple[str, ...]]] = {
    mutate_mapping: {"mail.attachments": ("MEDIA_TYPES", "_EXTENSIONS")},
    mutate_names: {
        "frontend.full": ("_OPTIONS",),
        "mail.charsets": ("_CHARSETS_WITHOUT_ALIAS", "_NOT_CHARSETS"),
        "functions.decoding": ("_PHRASES",),
    },
    mutate_fields: {"frontend.fields": ("FIELDS",)},
    mutate_number: {
        "mail.addresses": ("_LONGEST_DOMAIN",),
        "json_io.plain": ("FIRST_INEXACT_FLOAT", "MAXIMUM_DEPTH", "MAXIMUM_DIGITS", "INTEGER_BOUND"),
        "mail.times": ("LAST_SECOND",),
    },
    mutate_octets: {"mail.attachments": ("_BASE64_ALPHABET",)},
    mutate_spellings: {"mail.encoded_words": ("_Q_SPELLING",)},
    mutate_characters: {
        "mail.addresses": ("LINE_BREAK", "_TOKEN", "_LIST_CHARACTER", "_QUOTE_OR_BACKSLASH"),
        "mail.encoded_words": ("_MUST_BE_ENCODED", "_MUST_BE_QUOTED", "_QUOTE_OR_BACKSLASH"),
        "mail.headers": ("_NAME",),
        "mail.lenient": ("_FIELD_NAME", "_MEDIA_TYPE"),
    },
}
"""The operator for each table, with its module."""

_FIELDS = ("frontend.fields", "FIELDS")
"""The table of which every policy has its own."""


def table_mutants() -> Iterator[TableMutant]:
    """All mutants of the front end's tables."""
    for operator, modules in _TABLES.items():
        for module, tables in modules.items():
            for table in tables:
                for name, detail, other in operator(_find_table(module, table)):
                    yield TableMutant(module, table, name, detail, other)


# --- Replacing tables -------------------------------------------------------------------------------------------------


class Watched:
    """Stands in for a table, and records whether it is accessed."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self.accessed = False

    def _access(self) -> Any:
        self.accessed = True
        return self._table

    def __getattr__(self, name: str) -> Any:
        return getattr(self._access(), name)

    def __getitem__(self, key: Any) -> Any:
        return self._access()[key]

    def __contains__(self, key: Any) -> bool:
        return key in self._access()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._access())


def watch(table: Any) -> Watched | None:
    """The watched table; None where it cannot be replaced, as with numbers."""
    return None if isinstance(table, int | float | bytes) else Watched(table)


def original(mutant: TableMutant) -> Any:
    """The original table that a mutant changes."""
    return _find_table(mutant.module, mutant.table)


def _find_table(module: str, table: str) -> Any:
    """A table; of the fields, those that the target's policy asks for."""
    if (module, table) == _FIELDS:
        return fields_for(parse_policy(named_target("mailjet-v3").rulesets["send"].policy))
    return getattr(importlib.import_module(f"compiler.{module}"), table)


@contextmanager
def replace_table(mutant: TableMutant, value: Any) -> Iterator[None]:
    """Sets the mutant's table to this value, in every module that imported it by name."""
    table = getattr(importlib.import_module(f"compiler.{mutant.module}"), mutant.table)
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if not name.startswith("compiler"):
                continue
            if vars(module).get(mutant.table) is table:
                stack.enter_context(mock.patch.object(module, mutant.table, value))
            if (mutant.module, mutant.table) == _FIELDS and vars(module).get("fields_for") is fields_for:
                stack.enter_context(mock.patch.object(module, "fields_for", return_value=value))
        yield
