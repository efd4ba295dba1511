"""The extra headers: folded case-blind, their values made text, and From, To and Reply-To taken out of them.

These three are no mere headers: they decide who sends, who is said to receive, and where answers go.
"""

from __future__ import annotations

from typing import Any

from compiler.message.addresses import has_line_break
from compiler.message.draft import LINE_BREAK, Draft
from compiler.message.given import OBJECTS, Given
from compiler.message.headers import number_text, valid_header_name


def add_headers(draft: Draft) -> None:
    """The extra headers; From, To and Reply-To are no mere headers, and are taken out."""
    for key, spelling, given in draft.members("extra_headers", OBJECTS["extra_headers"]):
        usable = not given.invalid and _is_usable_header(draft, spelling, given)
        value = given.value
        if usable and isinstance(value, int | float):
            value = number_text(value)
        if key == "from":
            _header_from(draft, value, given, usable=usable)
        elif key == "to":
            _special_header(draft, "header_to", value, given, usable=usable)
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
        draft.invalid.update(("/headers", "/header_from", "/header_to", "/header_reply_to"))
        draft.document.update(header_from=None, header_to=None, header_reply_to=None)
        draft.places.update({"/header_from": above, "/header_to": above, "/header_reply_to": above})
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
