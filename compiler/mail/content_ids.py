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
# Unicode ends at U+10FFFF: a character reference with more digits, leading zeros aside, is not a character. It is
# removed before `html.unescape` sees it, which raises ValueError for one of more than 4,300 digits.
_NO_CHARACTER = re.compile(r"&#(?:0*+[1-9][0-9]{7,}+|[xX]0*+[1-9a-fA-F][0-9a-fA-F]{6,}+);?")
_ZEROS = re.compile(r"(?<=&#)([xX]?)0{5,}+")


def find_content_ids(html: str) -> frozenset[str]:
    """The content ids that the `cid:` URLs in the HTML can mean.

    An id may be written as it is, with character references (`&amp;`), or percent-encoded (`%40`). It may contain
    characters that elsewhere end a URL, such as a space or a comma: then it is read both ways.
    """
    from urllib.parse import unquote

    content_ids: set[str] = set()
    for text in {html, unescape_html(html)}:
        for match in _REFERENCE.finditer(text):
            content_ids.add(match[1])
            content_ids.update(end.split(match[1], maxsplit=1)[0] for end in _ENDS)
    return frozenset(content_ids | {unquote(content_id) for content_id in content_ids if "%" in content_id}) - {""}


def find_unanswered(html: str, content_ids: Collection[str]) -> list[str]:
    """The references in attributes and style sheets of HTML that match none of these content ids, as written.

    A reference matches if any way to read it is one of the ids. Never raises.
    """
    if "cid:" not in html and "cid:" not in html.lower():
        return []
    known = frozenset(content_ids)
    text = unescape_html(_without_comments(html))
    references = dict.fromkeys(match[1] for match in _AS_URL.finditer(text))
    return [reference for reference in references if known.isdisjoint(find_content_ids(f"cid:{reference}"))]


def _without_comments(html: str) -> str:
    """The HTML without comments, except those that some mail programs read (`<!--[if mso]>`)."""
    first, *others = html.split("<!--")
    sections = [first]
    for section in others:
        comment, end, after = section.partition("-->")
        sections.append(f"<!--{section}" if comment.startswith("[if") or not end else after)
    return "".join(sections)


def unescape_html(html: str) -> str:
    """Returns the HTML with its character references replaced, as `html.unescape` does. Never raises."""
    from html import unescape

    if "&#" in html:
        html = _ZEROS.sub(r"\g<1>0", _NO_CHARACTER.sub("\ufffd", html))
    return unescape(html)
