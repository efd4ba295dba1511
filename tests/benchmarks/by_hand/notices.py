"""What is sent, but hardly meant: the codes of the warnings that concern more than one field."""

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


def notices(
    message: dict[str, Any],
    payload: dict[str, Any],
    to: list[Address],
    everybody: tuple[Address, ...],
    variables: dict[str, dict[str, Any]] | None,
    warnings: set[str],
) -> None:
    """Adds the warnings that a message deserves once its payload is made."""
    if len(everybody) > 1 and len({email.lower() for email, _ in everybody}) < len(everybody):
        warnings.add("DuplicateRecipient")
    if variables:
        _of_variables(to, variables, warnings)
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
        _of_fields(f"{text} {html}", payload, to, variables or {}, warnings)


def _of_fields(
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
    own = [variables.get(email, {}) for email, _ in to] if "Recipients" in payload else []
    for name in names:
        if name not in known and not (own and all(name in each for each in own)):
            warnings.add("UnknownMergeField")


def _of_variables(to: list[Address], variables: dict[str, dict[str, Any]], warnings: set[str]) -> None:
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
    found = set()
    for text in {html, unescape(html)}:
        for match in _REFERENCE.finditer(text):
            found.add(match[1])
            found.update(end.split(match[1], maxsplit=1)[0] for end in _END)
    found |= {unquote(each) for each in found}
    return all(each["Filename"] in found for each in payload["Inline_attachments"])
