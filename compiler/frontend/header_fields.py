"""The extra headers: folded case-blind, their values made text, and those that name somebody taken out of them.

From, To, Cc, Bcc and Reply-To decide who sends, who is said to receive, and where answers go.
"""

from __future__ import annotations

from typing import Any

from compiler.frontend.draft import LINE_BREAK, Draft
from compiler.frontend.given import OBJECTS, Given
from compiler.json_io.canonical import number_text
from compiler.mail.addresses import has_line_break
from compiler.mail.headers import SHOWN_RECIPIENTS, valid_header_name

_TAKEN_OUT = ("/header_from", *(f"/{name}" for name in SHOWN_RECIPIENTS.values()), "/header_reply_to")


def add_headers(draft: Draft) -> None:
    """The extra headers; those that name somebody are taken out."""
    for key, spelling, given in draft.members("extra_headers", OBJECTS["extra_headers"]):
        usable = not given.invalid and _is_usable_header(draft, spelling, given)
        value = given.value
        if usable and isinstance(value, int | float):
            value = number_text(value)
        if key == "from":
            _header_from(draft, value, given, usable=usable)
        elif key in SHOWN_RECIPIENTS:
            _special_header(draft, SHOWN_RECIPIENTS[key], value, given, usable=usable)
        elif key == "reply-to":
            _header_reply_to(draft, value, given, usable=usable)
        else:
            draft.document.setdefault("headers", {})
            draft.member("headers", spelling, value, given, invalid=not usable)
    _rename_headers(draft)


def _rename_headers(draft: Draft) -> None:
    """`extra_headers` was the place to merge them; canonically the rest is called `headers`."""
    above = draft.places.pop("/extra_headers", None)
    draft.document.pop("extra_headers", None)
    if above is None:
        return
    if "/extra_headers" in draft.invalid:
        draft.invalid.remove("/extra_headers")
        draft.document["headers"] = None
        draft.invalid.update(("/headers", *_TAKEN_OUT))
        draft.document.update(dict.fromkeys(name.removeprefix("/") for name in _TAKEN_OUT))
        draft.places.update(dict.fromkeys(_TAKEN_OUT, above))
    draft.places["/headers"] = above


def _is_usable_header(draft: Draft, name: str, given: Given) -> bool:
    if has_line_break(name):
        draft.fault("InvalidValue", given, "line-break", "there is a line break or NUL in its name", LINE_BREAK)
        return False
    if not valid_header_name(name):
        hint = "a header's name is visible ASCII characters, without colons and spaces (RFC 5322)"
        draft.fault("InvalidMessage", given, "header-name", "this is not a valid header name", hint)
        return False
    return draft.is_one_line(given)


def _special_header(draft: Draft, name: str, value: Any, given: Given, *, usable: bool) -> None:
    if usable:
        draft.put(name, value, given)
    else:
        draft.poison(name, given)


def _header_from(draft: Draft, value: Any, given: Given, *, usable: bool) -> None:
    if not usable:
        draft.poison("header_from", given)
        return
    draft.one_address("header_from", Given(value, given.document, given.path), "a From header holds one address here")
    senders = draft.document.get("from_email") or []
    above = draft.fields.single("from_email")
    if len(senders) > 1 and above is not None:
        message = "beside a From header this is the envelope sender, which is one address"
        draft.fault("InvalidAddress", above, None, message)
        draft.poison("from_email", above)


def _header_reply_to(draft: Draft, value: str, given: Given, *, usable: bool) -> None:
    if not usable:
        draft.poison("header_reply_to", given)
        return
    if not value.strip():
        return
    addresses = draft.addresses(Given(value, given.document, given.path))
    if addresses is None:
        draft.poison("header_reply_to", given)
        return
    text = Given(value, given.document, given.path)
    rows = [draft.address(f"/header_reply_to/{i}", each, text) for i, each in enumerate(addresses)]
    draft.put("header_reply_to", rows, given, whole=True)
