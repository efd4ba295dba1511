"""A mail's body in pieces, put together again: which pieces show something, and which are whole in another.

Some programs cut a mail into pieces with pictures between them, and some send empty shells beside the real body. What
the pieces are called in a service's call is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_MAXIMUM_COMPARED = 100  # pieces that are looked for in each other, which takes a time for each pair

# What shows something without a text of its own.
_PICTURE = re.compile(r"<(?:img|svg|video|audio|object|embed|iframe|canvas|picture)\b", re.IGNORECASE)
# What is read and not shown, each with how it ends.
_UNSHOWN = re.compile(r"<!--|<(?P<name>style|script|title|head|template)(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*+>")
_BODY = re.compile(r"<body(?=[\s>])[^<>]*+>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*+>", re.IGNORECASE)


def join_html(pieces: Sequence[str]) -> str | None:
    """Pieces of HTML, joined by line breaks: those that show a text or a picture, and that no other holds whole.

    Where none shows anything the longest is given, and None where there is none.
    """
    return _join(pieces, _shows, _body)


def join_texts(pieces: Sequence[str]) -> str | None:
    """Pieces of text, joined in the same way."""
    return _join(pieces, lambda text: bool(text.strip()), str.strip)


def _join(pieces: Sequence[str], shows: Callable[[str], bool], content_of: Callable[[str], str]) -> str | None:
    if len(pieces) < 2:
        return next(iter(pieces), None)
    shown = [piece for piece in pieces if shows(piece)]
    if not shown:
        return max(pieces, key=len)
    if len(shown) > 1:
        shown = _without_repeated(shown, content_of)
    return "\n".join(shown)


def _without_repeated(pieces: list[str], content_of: Callable[[str], str]) -> list[str]:
    """The pieces whose content is whole in no other; of equal ones the first."""
    contents = [content_of(piece) for piece in pieces]
    firsts: dict[str, int] = {}
    for index, content in enumerate(contents):
        firsts.setdefault(content, index)
    kept = list(firsts.values())
    if len(kept) > _MAXIMUM_COMPARED:
        return [pieces[index] for index in kept]
    return [
        pieces[index]
        for index in kept
        if not any(_holds(contents[other], contents[index]) for other in kept if other != index)
    ]


def _holds(whole: str, part: str) -> bool:
    """Whether a part is in a whole, not as a part of a word there."""
    start = whole.find(part) if part else -1
    while start >= 0:
        end = start + len(part)
        if not (start and whole[start - 1].isalnum() and part[0].isalnum()) and not (
            end < len(whole) and whole[end].isalnum() and part[-1].isalnum()
        ):
            return True
        start = whole.find(part, end)
    return False


def _body(html: str) -> str:
    """What stands in the body of a page; all of it where it is none."""
    begin = _BODY.search(html)
    if begin is None:
        return html.strip()
    end = _BODY_END.search(html, begin.end())
    return html[begin.end() : len(html) if end is None else end.start()].strip()


def _shows(html: str) -> bool:
    """Whether a reader sees anything of the HTML."""
    from compiler.mail.content_ids import unescape_html

    seen = _without_unshown(html)
    return _PICTURE.search(seen) is not None or bool(
        unescape_html(_TAG.sub("", seen)).strip(" \t\r\n\v\f\xa0\u200b\ufeff")
    )


def _without_unshown(html: str) -> str:
    """The HTML without comments, styles and scripts. Read once: where one kind has no end, no other of it has."""
    kept = []
    position = 0
    endless: set[str] = set()
    for match in _UNSHOWN.finditer(html):
        if match.start() < position:
            continue
        ending = "-->" if match["name"] is None else f"</{match['name'].lower()}"
        if ending in endless:
            continue
        end = html.find(ending, match.end()) if ending == "-->" else _find_caseless(html, ending, match.end())
        if end < 0:
            endless.add(ending)
            continue
        kept.append(html[position : match.start()])
        position = end + len(ending)
        if ending != "-->":
            position = html.find(">", position) + 1 or len(html)
    kept.append(html[position:])
    return "".join(kept)


def _find_caseless(text: str, wanted: str, start: int) -> int:
    found = re.compile(re.escape(wanted), re.IGNORECASE).search(text, start)
    return -1 if found is None else found.start()
