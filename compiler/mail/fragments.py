"""Joins the pieces of a mail's body: which pieces are visible, and which are contained in another.

Some programs cut a mail into pieces with pictures between them, and some send empty shells beside the real body. The
names that a service gives to the pieces are not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_MAXIMUM_COMPARED = 100  # pieces that are searched for in each other; the time grows with the number of pairs

# Elements that are visible without text.
_PICTURE = re.compile(r"<(?:img|svg|video|audio|object|embed|iframe|canvas|picture)\b", re.IGNORECASE)
# What is not displayed, from where it begins.
_UNSHOWN = re.compile(r"<!--|<(?P<name>style|script|title|head|template)(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*+>")
_BODY = re.compile(r"<body(?=[\s>])[^<>]*+>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*+>", re.IGNORECASE)


def join_html(pieces: Sequence[str]) -> str | None:
    """Pieces of HTML, joined by line breaks: those that show a text or a picture and are not contained in another.

    If none of them is visible, the result is the longest; None if there are no pieces.
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
    """The pieces whose content is not contained in another; the first of equal ones."""
    contents = [content_of(piece) for piece in pieces]
    firsts: dict[str, int] = {}
    for index, content in enumerate(contents):
        firsts.setdefault(content, index)
    distinct = list(firsts.values())
    if len(distinct) > _MAXIMUM_COMPARED:
        return [pieces[index] for index in distinct]
    return [
        pieces[index]
        for index in distinct
        if not any(_holds(contents[other], contents[index]) for other in distinct if other != index)
    ]


def _holds(whole: str, part: str) -> bool:
    """Whether a text contains a part, and not only within a word."""
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
    """The content of the body element of a page; all of the HTML if it has none."""
    begin = _BODY.search(html)
    if begin is None:
        return html.strip()
    end = _BODY_END.search(html, begin.end())
    return html[begin.end() : len(html) if end is None else end.start()].strip()


def _shows(html: str) -> bool:
    """Whether anything in the HTML is visible."""
    from compiler.mail.content_ids import unescape_html

    seen = _without_unshown(html)
    return _PICTURE.search(seen) is not None or bool(
        unescape_html(_TAG.sub("", seen)).strip(" \t\r\n\v\f\xa0\u200b\ufeff")
    )


def _without_unshown(html: str) -> str:
    """The HTML without comments, styles and scripts, in one pass: if one of a kind has no end, no later one has."""
    visible = []
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
        visible.append(html[position : match.start()])
        position = end + len(ending)
        if ending != "-->":
            position = html.find(">", position) + 1 or len(html)
    visible.append(html[position:])
    return "".join(visible)


def _find_caseless(text: str, part: str, start: int) -> int:
    match = re.compile(re.escape(part), re.IGNORECASE).search(text, start)
    return -1 if match is None else match.start()
