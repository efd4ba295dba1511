"""Suggestions: the name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST_KEY = 60  # characters of a key that are compared


def find_nearest(key: str, known: Iterable[str]) -> str | None:
    """The known key that another may be a misspelling of; letters and digits count most, their case does not."""
    from difflib import get_close_matches

    if len(key) > _LONGEST_KEY:
        return None
    known = list(known)
    letters = _letters(key)
    same = next((candidate for candidate in known if _letters(candidate) == letters), None)
    if same is not None:
        return same
    near = get_close_matches(key.lower(), [candidate.lower() for candidate in known], n=1)
    return next((candidate for candidate in known if near and candidate.lower() == near[0]), None)


def _letters(key: str) -> str:
    return "".join(filter(str.isalnum, key)).lower()
