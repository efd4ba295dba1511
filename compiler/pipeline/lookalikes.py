"""Recognizes by a few names what is often passed instead of a message or a webhook's body, and says what to do with it.

It is used only if there is an error already, to explain it; errors are decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

_MOST_KEYS = 1_000  # the most keys that are compared
_START = 1_000  # characters of a text that are compared


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Something that is not a message: `what` it looks like, and a `hint` that says what to do."""

    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class _Sign:
    """Names of which an object of one kind has at least `least`. A message has none of them."""

    names: frozenset[str]
    least: int
    lookalike: Lookalike


def _decoded(what: str, document: str) -> Lookalike:
    hint = f"decode it, with python -m compiler FILE --as {document}, or in Python with compiler.decode_{document}"
    return Lookalike(what, hint)


_SIGNS = (
    _Sign(
        frozenset(
            {"CustomID", "MessageID", "Message_GUID", "Payload", "customcampaign", "email", "event", "mj_campaign_id"}
            | {"mj_contact_id", "time"}
        ),
        2,
        _decoded("a tracking event of a webhook", "events"),
    ),
    _Sign(
        frozenset({"Date", "Headers", "Parts", "Recipient", "Sender", "SpamAssassinScore"}),
        3,
        _decoded("the body of an inbound webhook", "inbound"),
    ),
    _Sign(frozenset({"Sent"}), 1, _decoded("the answer to a send", "response")),
    _Sign(
        frozenset(
            {"FromEmail", "FromName", "Html-part", "Inline_attachments", "Mj-CustomID", "Mj-EventPayLoad"}
            | {"Mj-TemplateID", "Mj-campaign", "Recipients", "Text-part"}
        ),
        2,
        Lookalike(
            "a payload of Mailjet's",
            "a payload is what compiling gives, and needs no compiling: send it as it is, or give the message, "
            "which python -m compiler decompile FILE prints, or in Python compiler.decompile",
        ),
    ),
    _Sign(
        frozenset({"Messages", "Globals", "SandboxMode", "AdvanceErrorHandling"}),
        1,
        Lookalike(
            "several messages for Mailjet, or the answer to these",
            "decompile a payload, with python -m compiler decompile FILE --target mailjet-v3.1, or in Python with "
            "compiler.decompile; decode an answer, with --as response, or compiler.decode_response",
        ),
    ),
)

_OF_A_MESSAGE = frozenset({"alternatives", "bcc", "body", "cc", "extra_headers", "from_email", "template_id", "to"})

_PAIR = r"[\w.%+\[\]-]++=[^&\s]*+"
_FORM = re.compile(rf"{_PAIR}(?:&{_PAIR})*+(?:&[^&\s]*+)?+", re.ASCII)
_VALUE = re.compile(r"=[^=&\s]")  # base64 has nothing behind its equals signs
_FORM_HINT = "it looks like form data: the webhook must hand over the raw body of the request, which is JSON"


def lookalike_of(value: object) -> Lookalike | None:
    """What a value that is not a message looks like; for a list, its first item.

    Accepts any value, calls none of its code, and raises nothing.
    """
    for candidate in _first_of(value):
        if issubclass(type(candidate), dict):
            keys = {key for key in islice(dict.keys(cast(dict[Any, Any], candidate)), _MOST_KEYS) if type(key) is str}
            if keys & _OF_A_MESSAGE:  # a message, whatever else is in it
                return None
            return next((sign.lookalike for sign in _SIGNS if len(sign.names & keys) >= sign.least), None)
    return None


def _first_of(value: object) -> Iterator[object]:
    # By type, not isinstance, which would ask the value for its __class__.
    for base in (list, tuple):
        if issubclass(type(value), base):
            return islice(base.__iter__(cast(Any, value)), 1)
    return iter((value,))


def body_hint(text: str) -> str | None:
    """What to do about a webhook's body that is not JSON; None if it looks like nothing known."""
    start = text[:_START].strip()
    if not start and not text.strip():
        return "the body is empty: the webhook must hand over the raw body of the request"
    is_in_parts = start.startswith("--") and "content-disposition: form-data" in start.lower()
    is_form = _FORM.fullmatch(start) is not None and _VALUE.search(start) is not None
    return _FORM_HINT if is_in_parts or is_form else None
