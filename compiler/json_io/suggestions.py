"""Suggestions: the name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_LONGEST_KEY = 60  # characters of a key that are compared


def find_nearest(key: str, known: Iterable[str]) -> str | None:
    """The known key that another may be a misspelling of; letters and digits count most, their case does not."""
    return None if len(key) > _LONGEST_KEY else _find_nearest(key, tuple(known))


@lru_cache(maxsize=1_000)  # many messages have the same mistake, and difflib is slow
def _find_nearest(key: str, known: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches

    letters = _letters(key)
    same = next((candidate for candidate in known if _letters(candidate) == letters), None)
    if same is not None:
        return same
    near = get_close_matches(key.lower(), [candidate.lower() for candidate in known], n=1)
    return next((candidate for candidate in known if near and candidate.lower() == near[0]), None)


def _letters(key: str) -> str:
    return "".join(filter(str.isalnum, key)).lower()
