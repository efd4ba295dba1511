"""The emulator's pages for the browser, as text: the list of messages, one message, and a mail's HTML for its frame.

The templates and the style are in the folder `pages`. Whatever a mail holds is hostile here: values are escaped, no
page has a script, and each kind of page has its Content-Security-Policy. What is served at which URL, and with which
headers, is the business of `application`; what a message is, that of `mailbox`.
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
"""The Content-Security-Policy of the emulator's own pages. `frame-src` also keeps a link in a mail from leading out."""

MAIL_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""The Content-Security-Policy of a mail's HTML, in the frame and opened by itself: nothing runs, nothing is fetched."""

# These have a place of their own on the page; every other property of the payload is in the table of the rest.
_PROPERTIES_SHOWN_SEPARATELY = (
    *("FromEmail", "FromName", "Subject", "To", "Cc", "Bcc", "Recipients"),
    *("Text-part", "Html-part", "Headers", "Attachments", "Inline_attachments"),
)
_MAX_VALUE_LENGTH = 2000
_MAX_RECIPIENTS_LISTED = 3

# A reference is what stands in quotes or brackets, or after an equals sign. No safety rests on finding them.
_REFERENCE = re.compile(
    r"""(?P<before>["'(=;]\s{0,9})cid:(?P<name>[^"'<>()\s&]{1,300})(?=\s{0,9}["')>&\s/]|$)""", re.IGNORECASE
)
_IMAGE_TYPE = re.compile(r"image/[a-z0-9.+-]+", re.IGNORECASE)
_MAX_IMAGE_CHARACTERS = 64 * 2**20  # characters; a large image that is named very often would fill the memory


def list_page(messages: Sequence[ReceivedMessage], *, dropped: int = 0, api_url: str, webhook: str | None) -> str:
    """The page of all messages, newest first; where there are none, how to send one to `api_url`.

    `dropped`: how many older ones are not kept.
    """
    newest_first = sorted(messages, key=lambda each: each.number, reverse=True)
    return _render(
        "list.html",
        messages=newest_first,
        dropped=dropped,
        listed=_MAX_RECIPIENTS_LISTED,
        api_url=api_url,
        webhook=webhook,
    )


def message_page(message: ReceivedMessage, *, webhook: str | None, events: Sequence[str]) -> str:
    """The page of one message. Where there is a webhook, each recipient has a form that sends it one of `events`."""
    rest = {name: value for name, value in message.payload.items() if name not in _PROPERTIES_SHOWN_SEPARATELY}
    headers = message.payload.get("Headers", {})
    return _render("message.html", message=message, headers=headers, rest=rest, webhook=webhook, events=events)


def html_body(message: ReceivedMessage) -> str:
    """The message's HTML as the frame shows it: `cid:NAME` of an inline image is a `data:` URI, all else as it came.

    It is to be served with MAIL_POLICY, which is what makes it harmless. Empty where the message has no HTML.
    """
    images = {each.filename: each for each in reversed(message.attachments) if each.inline}
    left = _MAX_IMAGE_CHARACTERS

    def shown(reference: re.Match[str]) -> str:
        nonlocal left
        name = unquote(unescape_html(reference["name"]))
        uri = _data_uri(images.get(name))
        if uri is None or len(uri) > left:
            return reference[0]
        left -= len(uri)
        return f"{reference['before']}{uri}"

    return _replace_surrogates(_REFERENCE.sub(shown, message.html or ""))


def _data_uri(image: ReceivedAttachment | None) -> str | None:
    media_type = "" if image is None else image.media_type.partition(";")[0].strip()
    if image is None or not _IMAGE_TYPE.fullmatch(media_type):
        return None
    return f"data:{media_type.lower()};base64,{base64.b64encode(image.content).decode('ascii')}"


def _render(name: str, **values: Any) -> str:
    return _replace_surrogates(_environment().get_template(name).render(values))


def _replace_surrogates(text: str) -> str:
    # JSON can hold half of a surrogate pair, which UTF-8 cannot.
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
    environment.globals["style"] = Markup(_STYLE)  # noqa: S704 - the emulator's own style, not a mail's
    return environment


def _truncate_value(text: str) -> str:
    return text if len(text) <= _MAX_VALUE_LENGTH else f"{text[:_MAX_VALUE_LENGTH]}… ({len(text)} characters in all)"
