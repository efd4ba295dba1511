"""The canonical message: every field of the message in the form that rules for a service read.

One step for each field. A value that cannot be used becomes a fault and is poisoned: it keeps its place, and nobody
reads it. Types and shapes were checked before (`guard`); bodies and attachments stand in `parts`, headers in
`header_fields`.
"""

from __future__ import annotations

from typing import Any

from compiler.frontend.draft import Draft
from compiler.frontend.given import OBJECTS, Fields, Given
from compiler.frontend.header_fields import add_headers
from compiler.frontend.parts import add_attachments, add_bodies
from compiler.json_io.canonical import number_text


def canonical(fields: Fields, template_sender: Given | None) -> Draft:
    """The canonical message of these fields; `template_sender` is the sender that the options give for a template."""
    draft = Draft(fields)
    for name in ("from_email", "to", "cc", "bcc", "reply_to"):
        _address_list(draft, name)
    _from_defaults(draft)
    draft.copy("subject", one_line=True)
    add_bodies(draft)
    add_attachments(draft)
    add_headers(draft)
    draft.one_address("envelope_sender", fields.single("envelope_sender"))
    for name in ("metadata", "merge_global_data"):
        _object(draft, name)
    for name in ("send_at", "track_clicks", "track_opens"):
        draft.copy(name)
    _tags(draft)
    draft.copy("template_id", convert=lambda value: value if isinstance(value, str) else number_text(value))
    _recipient_data(draft, "merge_data", nulls=False)
    _recipient_data(draft, "merge_metadata", nulls=True)
    _esp_extra(draft)
    draft.one_address("template_sender", template_sender)
    return draft


def _address_list(draft: Draft, name: str) -> None:
    above = draft.fields.single(name)
    if above is None:
        return
    if draft.fields.is_invalid(name):
        draft.poison(name, above)
        return
    rows: list[Any] = []
    givens = [above] if name == "from_email" else draft.fields.items(name)
    for given in givens:
        addresses = draft.addresses(given)
        for address in addresses or ():
            rows.append(draft.address(f"/{name}/{len(rows)}", address, given))
        if addresses is None:
            draft.place(f"/{name}/{len(rows)}", given)
            draft.invalid.add(f"/{name}/{len(rows)}")
            rows.append(None)
    draft.put(name, rows, above, whole=name == "from_email" and isinstance(above.value, str))


def _from_defaults(draft: Draft) -> None:
    names = []
    for name in ("cc", "bcc"):
        items = list(draft.fields.items(name))
        if items and all(item.from_defaults and not item.invalid for item in items):
            names.append(name)
    if names:
        draft.document["from_defaults"] = names


def _tags(draft: Draft) -> None:
    rows = [(tag.value, tag, tag.invalid or not draft.is_one_line(tag)) for tag in draft.fields.items("tags")]
    draft.rows("tags", rows)


def _object(draft: Draft, name: str) -> None:
    for key, _, given in draft.members(name):
        refused = given.invalid or (name == "merge_global_data" and _has_null(draft, given, given.value, []))
        draft.member(name, key, given.value, given, invalid=refused)


def _has_null(draft: Draft, above: Given, value: Any, tokens: list[str | int]) -> bool:
    """Whether there is a null in merge data; each is a fault. `tokens` lead to the value from what is given."""
    if value is None:
        hint = "leave the variable out, or give it an empty string"
        return draft.fault_below(above, tokens, "InvalidValue", "null", "a merge value must not be null", hint)
    found = False
    if isinstance(value, dict | list):
        for key, inner in sorted(value.items()) if isinstance(value, dict) else enumerate(value):
            tokens.append(key)
            found |= _has_null(draft, above, inner, tokens)
            tokens.pop()
    return found


def _recipient_data(draft: Draft, name: str, *, nulls: bool) -> None:
    for key, _, given in draft.members(name, OBJECTS[name]):
        refused = given.invalid or (not nulls and _has_null(draft, given, given.value, []))
        draft.member(name, key, given.value, given, invalid=refused)


def _esp_extra(draft: Draft) -> None:
    for _, spelling, given in draft.members("esp_extra", OBJECTS["esp_extra"]):
        draft.member("esp_extra", spelling, given.value, given, invalid=given.invalid)
