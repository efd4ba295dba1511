"""What operators mean, where both backends can share it: functions of plain values, without origins.

The interpreter calls them on the data of traced values, generated code on plain JSON (see `codegen.runtime`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from compiler.json_io.pointer import caseless

T = TypeVar("T")


def contains_in_sequence(texts: tuple[str, ...], value: str) -> bool:
    """Whether a string contains these texts, one after the other."""
    position = 0
    for text in texts:
        position = value.find(text, position)
        if position < 0:
            return False
        position += len(text)
    return True


def byte_length(text: str) -> int:
    """The number of bytes of a string in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def match_members(
    members: dict[str, T], names: Iterable[str], documented: Mapping[str, str] | None, absent: T
) -> Iterator[tuple[str, str, T]]:
    """For each name to merge into `members`, in code-point order: the name, its spelling, and the member it replaces.

    The caller writes each member before it takes the next. With `documented` spellings (by lower-case name) names are
    compared without case, and a member that is spelled otherwise is removed from `members`.
    """
    if documented is None:
        for name in sorted(names):
            yield name, name, members.get(name, absent)
        return
    current_names = {caseless(name): name for name in sorted(members)}
    for name in sorted(names):
        spelling = documented.get(caseless(name), name)
        current = current_names.get(caseless(spelling), spelling)
        previous = members.get(current, absent)
        if current != spelling:
            del members[current]
        current_names[caseless(spelling)] = spelling
        yield name, spelling, previous
