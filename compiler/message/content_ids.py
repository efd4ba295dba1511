"""References from HTML to inline attachments: `cid:` URLs (RFC 2392).

Which content ids HTML refers to, and nothing else. The content id of an attachment is read in `attachments`.
"""

from __future__ import annotations

import re

_LONGEST = 255  # of a reference; what is longer is no content id, and would cost time wherever nothing ends it
_REFERENCE = re.compile(rf"""(?<=cid:)(?=([^"'<>]{{1,{_LONGEST}}}))""", re.IGNORECASE)
# Where a URL may end, besides quotation marks: the id ends there, or goes on.
_ENDS = (re.compile(r"\s"), re.compile(r"[\s()]"), re.compile(r"[\s(),;?#]"))


def content_id_references(html: str) -> frozenset[str]:
    """The content ids that the `cid:` URLs in the HTML can mean.

    An id may stand there as it is, with character references (`&amp;`), or percent-encoded (`%40`). It may hold what
    ends a URL elsewhere, such as a space or a comma: then it is read both ways.
    """
    from html import unescape
    from urllib.parse import unquote

    found: set[str] = set()
    for text in {html, unescape(html)}:
        for match in _REFERENCE.finditer(text):
            found.add(match[1])
            found.update(end.split(match[1], maxsplit=1)[0] for end in _ENDS)
    return frozenset(found | {unquote(each) for each in found if "%" in each}) - {""}
