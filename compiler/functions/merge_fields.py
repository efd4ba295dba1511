"""Merge fields in texts: `[[var:NAME]]` and, in the template language, `{{var:NAME}}`, each perhaps with a default.

Which fields a text holds, and which it only seems to hold because the service reads no such spelling. What values there
are for them is not known here. Source: Mailjet's guide and its reference of the template language; for spellings,
mailjet-apiv3-nodejs#82 and mailjet-apiv3-php#258.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_MAXIMUM_FIELDS = 200  # of one text: more would cost too much: each is looked up among the values
_LONGEST_NAME = 200
_LONGEST_DEFAULT = 1_000
_SPACE = r"\s{0,10}+"

# Generous, so that what is nearly a merge field is found. In the template language a name can lead on to what is inside
# the value (`person.name`, `list[0]`), expressions are not looked at.
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

    `opening` is `[[` or `{{`. Of a field within a value the name of the value counts: `{{var:person.name}}` is
    `person`.
    """
    found = [each[2] for each in _fields(text, opening) if each[4] is None and _is_read(each)]
    return _first(dict.fromkeys(found))


def find_unread_merge_fields(text: str, opening: str) -> list[str]:
    """What in a text looks like a merge field in a spelling that the service does not read; at most 200. Never raises.

    Such are `[[ var:x ]]`, with spaces, `[[VAR:x]]`, and `[[var:x:]]`, with an empty default.
    """
    return _first(dict.fromkeys([each[0] for each in _fields(text, opening) if not _is_read(each)]))


def _first(found: Mapping[str, None]) -> list[str]:
    return list(found)[:_MAXIMUM_FIELDS]


def _fields(text: str, opening: str) -> Iterator[re.Match[str]]:
    return _FIELDS[opening].finditer(text) if opening in text else iter(())


def _is_read(field: re.Match[str]) -> bool:
    """Whether the service reads this spelling: without spaces, and without a default that is empty."""
    return field[1] == "var:" and not field[3] and field[4] != ""
