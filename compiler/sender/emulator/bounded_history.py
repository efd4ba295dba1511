"""A history of bounded size, which counts the items that it drops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class BoundedHistory(Generic[_Item]):
    """The newest items, oldest first: at most `max_items`, and `max_bytes` in total except for the last one."""

    max_items: int
    max_bytes: int
    items: tuple[_Item, ...] = ()
    dropped: int = 0
    sizes: tuple[int, ...] = ()  # approximate bytes of each item

    def add(self, items: Sequence[_Item], size: int) -> BoundedHistory[_Item]:
        """A copy with these items added, which have `size` bytes in total."""
        all_items = (*self.items, *items)
        sizes = (*self.sizes, *(size // len(items) for _ in items))
        first, total = max(0, len(all_items) - self.max_items), 0
        for index in range(len(all_items) - 1, first - 1, -1):
            total += sizes[index]
            if total > self.max_bytes and index < len(all_items) - 1:
                first = index + 1
                break
        return BoundedHistory(self.max_items, self.max_bytes, all_items[first:], self.dropped + first, sizes[first:])
