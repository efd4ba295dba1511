"""The codes of the warnings that concern more than one field."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import unquote

from tests.benchmarks.by_hand.addresses import ascii_domain
from tests.benchmarks.by_hand.errors import NotCoveredError
from tests.benchmarks.by_hand.names import Address

_REFERENCE = re.compile(r"""(?<=(?<![A-Za-z0-9])cid:)(?=([^"'<>]{1,255}))""", re.IGNORECASE)
_CONTENT_ID = re.compile(r"(?<![A-Za-z0-9])cid:([\w.@-]*)", re.IGNORECASE)
_FIELD = re.compile(r"\[\[var:(\w+)\]\]")
_END = re.compile(r"\s"), re.compile(r"[\s()]"), re.compile(r"[\s(),;?#]")


def add_warnings(
    message: dict[str, Any],
    payload: dict[str, Any],
    to: list[Address],
    all_recipients: tuple[Address, ...],
    variables: dict[str, dict[str, Any]] | None,
    warnings: set[str],
) -> None:
    """Adds the warnings about a message and its payload."""
    if len(all_recipients) > 1 and len({email.lower() for email, _ in all_recipients}) < len(all_recipients):
        warnings.add("DuplicateRecipient")
    if variables:
        _check_variables(to, variables, warnings)
    has_template = "Mj-TemplateID" in payload
    subject, text, html = payload.get("Subject"), payload.get("Text-part"), payload.get("Html-part")
    if not subject and not has_template:
        warnings.add("MissingSubject")
    if (
        (has_template and (text or html))
        or (subject and "[[" in subject and "]]" in subject[subject.index("[[") :])
        or (not has_template and any(map(_is_templated, (subject, text, html))))
        or (message.get("body") is None and message.get("content_subtype") is not None)
        or (not html and not has_template and ("Mj-trackopen" in payload or "Mj-trackclick" in payload))
        or (not has_template and "Inline_attachments" in payload and not _are_shown(payload, html or ""))
    ):
        warnings.add("NoEffect")
    if html and not has_template and "cid:" in html.lower():
        shown = {each["Filename"] for each in payload.get("Inline_attachments", ())}
        if not shown.issuperset(_CONTENT_ID.findall(html)) or _CONTENT_ID.search(html) is None:
            raise NotCoveredError
    if not has_template and ((text and "[[" in text) or (html and "[[" in html)):
        _check_fields(f"{text} {html}", payload, to, variables or {}, warnings)


def _check_fields(
    text: str,
    payload: dict[str, Any],
    to: list[Address],
    variables: dict[str, dict[str, Any]],
    warnings: set[str],
) -> None:
    names = set(_FIELD.findall(text))
    if len(_FIELD.findall(text)) != text.count("[["):
        raise NotCoveredError
    known = payload.get("Vars", {})
    variables_of_recipients = [variables.get(email, {}) for email, _ in to] if "Recipients" in payload else []
    for name in names:
        if name not in known and not (
            variables_of_recipients and all(name in each for each in variables_of_recipients)
        ):
            warnings.add("UnknownMergeField")


def _check_variables(to: list[Address], variables: dict[str, dict[str, Any]], warnings: set[str]) -> None:
    emails = {email for email, _ in to}
    lower = {email.lower() for email in emails}
    for key in variables:
        if key not in emails:
            alike = ascii_domain(key)
            alike = alike.lower() if alike.isascii() else alike
            warnings.add("CaseMismatch" if alike in lower else "UnusedData")
    if 0 < sum(email in variables for email in emails) < len(emails):
        warnings.add("RecipientWithoutData")


def _is_templated(text: str | None) -> bool:
    return text is not None and "{{" in text and "}}" in text[text.index("{{") :]


def _are_shown(payload: dict[str, Any], html: str) -> bool:
    content_ids = set()
    for text in {html, unescape(html)}:
        for match in _REFERENCE.finditer(text):
            content_ids.add(match[1])
            content_ids.update(end.split(match[1], maxsplit=1)[0] for end in _END)
    content_ids |= {unquote(each) for each in content_ids}
    return all(each["Filename"] in content_ids for each in payload["Inline_attachments"])
