"""Bodies and attachments: which part is the text and which the HTML, and what each file is called, holds and weighs."""

from __future__ import annotations

from typing import Any

from compiler.frontend.draft import Draft
from compiler.frontend.given import Given
from compiler.mail.attachments import (
    bare_content_id,
    bare_media_type,
    base64_size,
    default_filename,
    media_type_of,
    text_to_base64,
)


def add_bodies(draft: Draft) -> None:
    """Finds the text, the HTML parts, and the alternatives that are neither."""
    body, subtype = draft.fields.single("body"), draft.fields.single("content_subtype")
    if body is None:
        draft.copy("content_subtype")
    html: list[Any] = []
    others: list[Any] = []
    if body is not None and subtype is not None and subtype.invalid:  # it may be either
        draft.poison("text", body)
        draft.poison("html", body)
    elif body is not None and subtype is not None and subtype.value == "html":
        draft.place("/html/0", body, whole=True)
        html.append({"content": body.value})
        if body.invalid:
            draft.invalid.add("/html/0")
    elif body is not None:
        _copy_text(draft, body)
    if draft.fields.is_invalid("alternatives"):
        for name in ("html", "other_parts"):
            draft.document[name] = None
            draft.invalid.add(f"/{name}")
        return
    for part in draft.fields.items("alternatives"):
        if draft.is_invalid_within(part, "mimetype"):
            draft.place(f"/html/{len(html)}", part, whole=True)
            draft.invalid.add(f"/html/{len(html)}")
            html.append(None)
            continue
        media_type = bare_media_type(part.value["mimetype"])
        if media_type == "text/plain" and "/text" not in draft.places:  # it is HTML whose other version this is
            draft.put("text", part.value["content"], part, whole=True)
            if draft.is_invalid_within(part, "content"):
                draft.invalid.add("/text")
            continue
        is_html = media_type == "text/html"
        name, parts = ("html", html) if is_html else ("other_parts", others)
        draft.place(f"/{name}/{len(parts)}", part, whole=True)  # what is said of a part is said of all of it
        if draft.is_invalid_within(part, "content"):
            draft.invalid.add(f"/{name}/{len(parts)}")
        parts.append({key: part.value[key] for key in (("content",) if is_html else ("content", "mimetype"))})
    for name, parts in (("html", html), ("other_parts", others)):
        if parts and f"/{name}" not in draft.invalid:
            draft.document[name] = parts


def _copy_text(draft: Draft, body: Given) -> None:
    draft.put("text", body.value, body)
    if body.invalid:
        draft.invalid.add("/text")


def add_attachments(draft: Draft) -> None:
    """Adds the attachments, each with its type, name and base64 content."""
    rows: list[tuple[Any, Given, bool]] = []
    for given in draft.fields.items("attachments"):
        parts = ("filename", "content", "encoding", "mimetype", "disposition", "content_id")
        pointer = f"/attachments/{len(rows)}"
        made = None if draft.is_invalid_within(given, *parts) else _attachment(draft, pointer, given)
        rows.append((made, given, made is None))
    draft.rows("attachments", rows)


def _attachment(draft: Draft, pointer: str, given: Given) -> dict[str, Any] | None:
    members = {key: value for key, value in given.value.items() if value is not None}
    places = {key: Given(value, given.document, f"{given.path}/{key}") for key, value in members.items()}
    one_lines = [draft.is_one_line(places[key]) for key in ("filename", "mimetype", "content_id") if key in members]
    usable = all(one_lines)
    content, size = members["content"], base64_size(members["content"])
    if members.get("encoding") == "utf-8":
        content, size = text_to_base64(content)
    if size is None:
        hint = "base64 is RFC 4648, padded, without white space; for plain text set encoding to utf-8"
        draft.fault("InvalidValue", places["content"], "base64", "this is no base64", hint)
        usable = False
    inline = members.get("disposition") == "inline"
    content_id = bare_content_id(members.get("content_id", ""))
    if inline and not content_id:
        there = Given(None, given.document, f"{given.path}/content_id")
        hint = "the HTML refers to an inline attachment by its content_id, as cid:…"
        draft.fault("MissingField", there, None, "an inline attachment needs a content_id", hint)
        usable = False
    if not usable:
        return None
    filename = members.get("filename", "")
    mimetype = members.get("mimetype") or media_type_of(filename or None)
    made: dict[str, Any] = {"mimetype": mimetype, "content": content, "inline": inline}
    # What is guessed or made up comes from what it is guessed from.
    if not members.get("mimetype"):
        draft.place(f"{pointer}/mimetype", places["filename" if filename else "content"])
    if not filename:
        draft.place(f"{pointer}/filename", places["mimetype" if members.get("mimetype") else "content"])
    if filename or not inline:
        made["filename"] = filename or default_filename(mimetype)
    if content_id:
        made["content_id"] = content_id
    return made
