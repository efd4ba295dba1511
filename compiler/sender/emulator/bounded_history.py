"""A memory of bounded size: the newest of what came, and how many older ones were dropped for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class BoundedHistory(Generic[_Item]):
    """The newest items, the oldest of them first: at most `most`, and of `most_bytes` in all but for the last one."""

    most: int
    most_bytes: int
    items: tuple[_Item, ...] = ()
    dropped: int = 0
    sizes: tuple[int, ...] = ()  # bytes of each item, about

    def added(self, items: Sequence[_Item], size: int) -> BoundedHistory[_Item]:
        """With items that came together and have so many bytes in all."""
        kept = (*self.items, *items)
        sizes = (*self.sizes, *(size // len(items) for _ in items))
        first, total = max(0, len(kept) - self.most), 0
        for index in range(len(kept) - 1, first - 1, -1):
            total += sizes[index]
            if total > self.most_bytes and index < len(kept) - 1:
                first = index + 1
                break
        return BoundedHistory(self.most, self.most_bytes, kept[first:], self.dropped + first, sizes[first:])
