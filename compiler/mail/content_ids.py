"""References from HTML to inline attachments: `cid:` URLs (RFC 2392).

Which content ids HTML refers to, and nothing else. The content id of an attachment is read in `attachments`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_LONGEST = 255  # of a reference; longer texts are not content ids, and would cost time
_REFERENCE = re.compile(rf"""(?<=(?<![A-Za-z0-9])cid:)(?=([^"'<>]{{1,{_LONGEST}}}))""", re.IGNORECASE)
# A whole URL of an attribute or a style sheet: neither `cid:` in a text nor in another URL.
_AS_URL = re.compile(
    rf"""(?:\s[a-z:-]{{1,30}}+\s{{0,9}}+=\s{{0,9}}+["']?|\burl\(\s{{0,9}}+["']?)\s{{0,9}}+cid:(?=([^"'<>]{{1,{_LONGEST}}}))""",
    re.IGNORECASE,
)
# Where a URL may end, besides quotation marks: the id may end there.
_ENDS = (re.compile(r"\s"), re.compile(r"[\s()]"), re.compile(r"[\s(),;?#]"))
# Unicode ends at U+10FFFF: a character reference with more digits, leading zeros aside, stands for no character. It is
# taken out before `html.unescape` sees it, which raises ValueError for one of more than 4,300 digits.
_NO_CHARACTER = re.compile(r"&#(?:0*+[1-9][0-9]{7,}+|[xX]0*+[1-9a-fA-F][0-9a-fA-F]{6,}+);?")
_ZEROS = re.compile(r"(?<=&#)([xX]?)0{5,}+")


def find_content_ids(html: str) -> frozenset[str]:
    """The content ids that the `cid:` URLs in the HTML can mean.

    An id may stand there as it is, with character references (`&amp;`), or percent-encoded (`%40`). It may hold what
    ends a URL elsewhere, such as a space or a comma: then it is read both ways.
    """
    from urllib.parse import unquote

    found: set[str] = set()
    for text in {html, unescape_html(html)}:
        for match in _REFERENCE.finditer(text):
            found.add(match[1])
            found.update(end.split(match[1], maxsplit=1)[0] for end in _ENDS)
    return frozenset(found | {unquote(each) for each in found if "%" in each}) - {""}


def find_unanswered(html: str, content_ids: Collection[str]) -> list[str]:
    """The references in attributes and style sheets of HTML that none of these content ids answers, as they stand.

    A reference is answered where any way to read it is one of the ids. Never raises.
    """
    if "cid:" not in html and "cid:" not in html.lower():
        return []
    known = frozenset(content_ids)
    text = unescape_html(_without_comments(html))
    found = dict.fromkeys(match[1] for match in _AS_URL.finditer(text))
    return [each for each in found if known.isdisjoint(find_content_ids(f"cid:{each}"))]


def _without_comments(html: str) -> str:
    """The HTML without comments, but with those that some mail programs read (`<!--[if mso]>`)."""
    first, *others = html.split("<!--")
    kept = [first]
    for each in others:
        comment, end, after = each.partition("-->")
        kept.append(f"<!--{each}" if comment.startswith("[if") or not end else after)
    return "".join(kept)


def unescape_html(html: str) -> str:
    """Return the HTML with its character references replaced, as `html.unescape` does. Never raises."""
    from html import unescape

    if "&#" in html:
        html = _ZEROS.sub(r"\g<1>0", _NO_CHARACTER.sub("\ufffd", html))
    return unescape(html)
