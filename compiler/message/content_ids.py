"""References from HTML to inline attachments: `cid:` URLs (RFC 2392).

Whether HTML refers to a content id, and nothing else. The content id of an attachment is read in `attachments`.
"""

from __future__ import annotations

import re

# What ends a URL in an attribute, in a style sheet's url(), or in plain text.
_END = r"""(?=["'<>()\s]|$)"""


def refers_to_content_id(html: str, content_id: str) -> bool:
    """Whether there is a `cid:` URL for this content id in the HTML.

    The id may stand there as it is, with character references (`&amp;`), or percent-encoded (`%40`).
    """
    from html import unescape
    from urllib.parse import unquote

    if "cid:" not in html.lower():
        return False
    reference = re.compile(f"(?i:cid:){re.escape(content_id)}{_END}")
    unescaped = unescape(html)
    return any(reference.search(text) for text in (html, unescaped, unquote(html), unquote(unescaped)))
