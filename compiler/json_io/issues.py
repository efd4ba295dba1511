"""Issues: what is wrong with JSON text or a Python value, and bounded lists of that."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

MAXIMUM_LISTED = 1_000
"""How many issues of one document are listed; a last one counts the rest."""

MORE_ERRORS = "MoreErrors"
"""The code of the issue that counts those that are not listed."""

MORE_HINT = "correct the listed ones to see the others"

# The maximum total length of the paths of the listed issues, in characters. A small document can have thousands of
# issues below a key that takes up half of it.
_ROOM_FOR_PATHS = 1_000_000


class ParseIssue(NamedTuple):
    """One thing wrong with a document. `path` is a JSON Pointer that UTF-8 can encode; `more` is set in the last issue.

    `code` and `reason` are those of the diagnostic that a message gets for it.
    """

    path: str
    reason: str | None
    message: str
    hint: str | None = None
    code: str = "InvalidJSON"
    more: int | None = None


class BoundedList(Generic[T]):
    """The first issues of a document, each once, and how many more there are."""

    def __init__(self) -> None:
        self._listed: dict[Hashable, T] = {}
        self._room = _ROOM_FOR_PATHS
        self._more = 0
        self._is_cut = False

    def has_room(self, path_size: int) -> bool:
        """Whether another issue whose path has so many characters can be listed; if not, it is counted."""
        if len(self._listed) < MAXIMUM_LISTED and (path_size <= self._room or not self._listed):
            return True
        self._more += 1
        return False

    def add(self, key: Hashable, item: T, path_size: int) -> None:
        """Lists an item once for each key, or counts it if there is no room for it."""
        if self.has_room(path_size):
            self._room -= path_size
            self._listed.setdefault(key, item)

    def cut(self) -> None:
        """Notes that the search for issues was ended early."""
        self._is_cut = True

    @property
    def is_complete(self) -> bool:
        """Whether every issue is listed."""
        return not self._more and not self._is_cut

    @property
    def more(self) -> int | None:
        """How many issues are not listed; None if that is not known."""
        return None if self._is_cut else self._more

    def __iter__(self) -> Iterator[T]:
        return iter(self._listed.values())


class IssueList(BoundedList[ParseIssue]):
    """The issues of a document; if some are not listed, the last one counts them."""

    def note(self, issue: ParseIssue) -> None:
        """Lists an issue once, or counts it."""
        self.add((issue.code, issue.path, issue.reason), issue, len(issue.path))

    def __iter__(self) -> Iterator[ParseIssue]:
        yield from super().__iter__()
        if not self.is_complete:
            yield ParseIssue("", None, more_message("error", self.more), MORE_HINT, MORE_ERRORS, self.more)


def more_message(severity: str, count: int | None) -> str:
    """How many diagnostics of a severity are not listed, in words."""
    if count is None:
        return f"there are more {severity}s"
    return f"{count:,} more {severity}s are not listed" if count > 1 else f"one more {severity} is not listed"
