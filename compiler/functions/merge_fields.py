"""Merge fields in texts: `[[var:NAME]]` and, in the template language, `{{var:NAME}}`, each perhaps with a default.

Finds the fields in a text, and what looks like a field but has a spelling that the service does not read. The values
for them are not known here. Source: Mailjet's guide and its reference of the template language; for spellings,
mailjet-apiv3-nodejs#82 and mailjet-apiv3-php#258.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_MAXIMUM_FIELDS = 200  # of one text; each is looked up among the values, so more would cost too much
_LONGEST_NAME = 200
_LONGEST_DEFAULT = 1_000
_SPACE = r"\s{0,10}+"

# Generous, so that what is nearly a merge field is found. In the template language a name can be followed by a path
# into the value (`person.name`, `list[0]`); expressions are ignored.
_FIELDS: Mapping[str, re.Pattern[str]] = {
    "[[": re.compile(
        rf"\[\[({_SPACE}var{_SPACE}:{_SPACE})([^:\[\]{{}}\s]{{1,{_LONGEST_NAME}}}(?:[ ][^:\[\]{{}}\s]{{1,50}}){{0,5}})"
        rf"({_SPACE})(?::([^\[\]]{{0,{_LONGEST_DEFAULT}}}))?\]\]",
        re.IGNORECASE,
    ),
    "{{": re.compile(
        rf"\{{\{{({_SPACE}var{_SPACE}:{_SPACE})([\w-]{{1,{_LONGEST_NAME}}})(?:[.\[][^{{}}:]{{0,{_LONGEST_NAME}}}?)?"
        rf"({_SPACE})(?::([^{{}}]{{0,{_LONGEST_DEFAULT}}}))?\}}\}}",
        re.IGNORECASE,
    ),
}


def find_merge_fields(text: str, opening: str) -> list[str]:
    """The names of the merge fields in a text that have no default, each once; at most 200. Never raises.

    `opening` is `[[` or `{{`. For a path into a value, the name of the value counts: `{{var:person.name}}` is
    `person`.
    """
    names = [field[2] for field in _fields(text, opening) if field[4] is None and _is_read(field)]
    return _first(dict.fromkeys(names))


def find_unread_merge_fields(text: str, opening: str) -> list[str]:
    """What looks like a merge field but has a spelling that the service does not read; at most 200. Never raises.

    Such are `[[ var:x ]]`, with spaces, `[[VAR:x]]`, and `[[var:x:]]`, with an empty default.
    """
    return _first(dict.fromkeys([field[0] for field in _fields(text, opening) if not _is_read(field)]))


def _first(texts: Mapping[str, None]) -> list[str]:
    return list(texts)[:_MAXIMUM_FIELDS]


def _fields(text: str, opening: str) -> Iterator[re.Match[str]]:
    return _FIELDS[opening].finditer(text) if opening in text else iter(())


def _is_read(field: re.Match[str]) -> bool:
    """Whether the service reads this spelling: without spaces, and without a default that is empty."""
    return field[1] == "var:" and not field[3] and field[4] != ""
