"""The emulator's HTML pages: the list of messages, one message, and a mail's HTML body for its frame.

The templates and the style are in the folder `pages`. All contents of a mail are untrusted: values are escaped, no page
has a script, and each kind of page has its own Content-Security-Policy. `admin_api` serves the pages.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jinja2
from markupsafe import Markup

from compiler.mail.content_ids import unescape_html
from compiler.sender.emulator.mailbox import ReceivedAttachment, ReceivedMessage

_FOLDER = Path(__file__).parent / "pages"
_STYLE = (_FOLDER / "style.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode("utf-8")).digest()).decode("ascii")

PAGE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""The Content-Security-Policy of the emulator's own pages. `frame-src` also keeps links of a mail on this server."""

MAIL_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""The Content-Security-Policy of a mail's HTML, in the frame and opened alone: no script runs, nothing is fetched."""

# The page shows these in their own sections, and all other properties of the payload in one table.
_PROPERTIES_SHOWN_SEPARATELY = (
    *("FromEmail", "FromName", "Subject", "To", "Cc", "Bcc", "Recipients"),
    *("Text-part", "Html-part", "Headers", "Attachments", "Inline_attachments"),
    *("From", "TextPart", "HTMLPart", "InlinedAttachments"),  # of v3.1
)
_MAX_VALUE_LENGTH = 2000
_MAX_RECIPIENTS_LISTED = 3

# References in quotes or brackets, or after an equals sign. Security does not depend on finding them.
_REFERENCE = re.compile(
    r"""(?P<before>["'(=;]\s{0,9})cid:(?P<name>[^"'<>()\s&]{1,300})(?=\s{0,9}["')>&\s/]|$)""", re.IGNORECASE
)
_IMAGE_TYPE = re.compile(r"image/[a-z0-9.+-]+", re.IGNORECASE)
_MAX_IMAGE_CHARACTERS = 64 * 2**20  # so that many references to a large image do not fill the memory


def list_page(
    messages: Sequence[ReceivedMessage], *, dropped: int = 0, api_url: str, api_url_v3_1: str, webhook: str | None
) -> str:
    """The page of all messages, newest first; if there are none, it says how to send one to `api_url`.

    `dropped`: the number of older messages that were dropped.
    """
    newest_first = sorted(messages, key=lambda message: message.number, reverse=True)
    return _render(
        "list.html",
        messages=newest_first,
        dropped=dropped,
        listed=_MAX_RECIPIENTS_LISTED,
        api_url=api_url,
        api_url_v3_1=api_url_v3_1,
        webhook=webhook,
    )


def message_page(message: ReceivedMessage, *, webhook: str | None, events: Sequence[str]) -> str:
    """The page of one message. With a webhook, each recipient has a form to post one of `events`."""
    other = {name: value for name, value in message.payload.items() if name not in _PROPERTIES_SHOWN_SEPARATELY}
    headers = message.payload.get("Headers", {})
    return _render("message.html", message=message, headers=headers, rest=other, webhook=webhook, events=events)


def html_body(message: ReceivedMessage) -> str:
    """The message's HTML for the frame: `cid:NAME` of an inline image becomes a `data:` URI, the rest is unchanged.

    It must be served with MAIL_POLICY, which makes it harmless. Empty if the message has no HTML.
    """
    images = {image.filename: image for image in reversed(message.attachments) if image.inline}
    budget = _MAX_IMAGE_CHARACTERS

    def replace_reference(reference: re.Match[str]) -> str:
        nonlocal budget
        name = unquote(unescape_html(reference["name"]))
        uri = _data_uri(images.get(name))
        if uri is None or len(uri) > budget:
            return reference[0]
        budget -= len(uri)
        return f"{reference['before']}{uri}"

    return _replace_surrogates(_REFERENCE.sub(replace_reference, message.html or ""))


def _data_uri(image: ReceivedAttachment | None) -> str | None:
    media_type = "" if image is None else image.media_type.partition(";")[0].strip()
    if image is None or not _IMAGE_TYPE.fullmatch(media_type):
        return None
    return f"data:{media_type.lower()};base64,{base64.b64encode(image.content).decode('ascii')}"


def _render(name: str, **values: Any) -> str:
    return _replace_surrogates(_environment().get_template(name).render(values))


def _replace_surrogates(text: str) -> str:
    # JSON can contain lone surrogates, which UTF-8 cannot encode.
    return text.encode("utf-8", "replace").decode("utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    environment.filters["clip"] = _truncate_value
    environment.globals["style"] = Markup(_STYLE)  # noqa: S704 - the emulator's own style
    return environment


def _truncate_value(text: str) -> str:
    return text if len(text) <= _MAX_VALUE_LENGTH else f"{text[:_MAX_VALUE_LENGTH]}… ({len(text)} characters in all)"
