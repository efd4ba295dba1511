"""What a payload means: the mails that it causes, with who sees whom. Written by hand, without the rules.

Two payloads, of one version of the Send API or of both, mean the same if their mails are equal. Addresses are parsed by
the standard library; names are compared decoded, domains in ASCII, headers and properties without regard to case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from email.header import decode_header, make_header
from typing import Any

import idna

from tests.migration.by_hand import parse_addresses

Mail = dict[str, Any]

_TRACKING = {0: "account_default", 1: "disabled", 2: "enabled"}


def mails_of(payload: Mapping[str, Any], target: str) -> list[Mail]:
    """The mails of a payload, in its order."""
    return list(_mails_of_v3(payload) if target == "mailjet-v3" else _mails_of_v3_1(payload))


def _mails_of_v3(payload: Mapping[str, Any]) -> Iterator[Mail]:
    for message in payload.get("Messages", [payload]):
        given = _caseless(message)
        common = {
            "from": _person(given.get("fromemail"), given.get("fromname")),
            "sender": given.get("sender"),
            "text": given.get("text-part"),
            "html": given.get("html-part"),
            "template": given.get("mj-templateid"),
            "language": given.get("mj-templatelanguage", False),
            "error_reporting": given.get("mj-templateerrorreporting"),
            "error_deliver": given.get("mj-templateerrordeliver") == "deliver",
            "attachments": [
                (f["Content-type"], _file_name(f["Filename"]), f["content"]) for f in given.get("attachments", ())
            ],
            "inline": [(f["Content-type"], f["Filename"], f["content"]) for f in given.get("inline_attachments", ())],
            "priority": given.get("mj-prio"),
            "campaign": given.get("mj-campaign"),
            "deduplicate": bool(given.get("mj-deduplicatecampaign", 0)),
            "track_opens": _TRACKING[given.get("mj-trackopen", 0)],
            "track_clicks": _TRACKING[given.get("mj-trackclick", 0)],
            "custom_id": given.get("mj-customid"),
            "metadata": _metadata(given.get("mj-eventpayload")),
            "monitoring": given.get("mj-monitoringcategory"),
            **_headers(given),
            "subject": given.get("subject"),
        }
        variables = given.get("vars", {})
        for recipient in given.get("recipients", ()):
            to = [_person(recipient["Email"], recipient.get("Name"))]
            yield {**common, "to": to, "cc": [], "bcc": [], "variables": {**variables, **recipient.get("Vars", {})}}
        if not given.get("recipients"):
            lists = {name: _people(given.get(name, "")) for name in ("to", "cc", "bcc")}
            yield {**common, **lists, "variables": variables}


def _mails_of_v3_1(payload: Mapping[str, Any]) -> Iterator[Mail]:
    root = _caseless(payload)
    for message in root["messages"]:
        given = {**_caseless(root.get("globals", {})), **_caseless(message)}
        yield {
            "from": _object(given.get("from")),
            "sender": given.get("sender", {}).get("Email"),
            "text": given.get("textpart"),
            "html": given.get("htmlpart"),
            "template": given.get("templateid"),
            "language": given.get("templatelanguage", False),
            "error_reporting": given.get("templateerrorreporting", {}).get("Email"),
            "error_deliver": given.get("templateerrordeliver", False),
            "attachments": [
                (file["ContentType"], _file_name(file["Filename"]), file["Base64Content"])
                for file in given.get("attachments", ())
            ],
            "inline": [
                (file["ContentType"], file.get("ContentID", file["Filename"]), file["Base64Content"])
                for file in given.get("inlinedattachments", ())
            ],
            "priority": given.get("priority"),
            "campaign": given.get("customcampaign"),
            "deduplicate": given.get("deduplicatecampaign", False),
            "track_opens": given.get("trackopens", "account_default"),
            "track_clicks": given.get("trackclicks", "account_default"),
            "custom_id": given.get("customid"),
            "metadata": _metadata(given.get("eventpayload")),
            "monitoring": given.get("monitoringcategory"),
            **_headers(given),
            **({"reply_to": [_object(given["replyto"])]} if "replyto" in given else {}),
            "subject": given.get("subject"),
            **{name: [_object(each) for each in given.get(name, ())] for name in ("to", "cc", "bcc")},
            "variables": given.get("variables", {}),
        }


def _caseless(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members with their names in lower case; a name beyond ASCII is another one."""
    return {name.lower() if name.isascii() else name: value for name, value in members.items()}


def _file_name(name: str) -> str:
    """A file's name; empty if it is the one that files without a name get."""
    return "" if name.startswith("attachment.") else name


def _headers(given: Mapping[str, Any]) -> dict[str, Any]:
    headers = _caseless(given.get("headers", {}))
    replies = headers.pop("reply-to", "")
    return {"headers": headers, "reply_to": _people(replies)}


def _metadata(text: str | None) -> Any:
    try:
        return text if text is None else {"json": json.loads(text)}
    except ValueError:
        return text


def _person(email: str | None, name: str | None) -> tuple[str, str] | None:
    if email is None:
        return None
    email = _ascii(email)
    if not name and "<" in email:
        (found,) = _people(email)
        return found
    return email, _decoded(name or "")


def _object(address: Mapping[str, str] | None) -> tuple[str, str] | None:
    return None if address is None else (_ascii(address["Email"]), _decoded(address.get("Name", "")))


def _people(text: str) -> list[tuple[str, str]]:
    return [(_ascii(email), _decoded(name)) for name, email in parse_addresses(text) if email]


def _decoded(name: str) -> str:
    """A name without encoded words, of which one can contain another."""
    try:
        while "=?" in name and (decoded := str(make_header(decode_header(name)))) != name:
            name = decoded
    except (LookupError, UnicodeError):  # a charset that is not known
        pass
    return name.strip()


def _ascii(email: str) -> str:
    local, at, domain = email.rpartition("@")
    return email if domain.isascii() else f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
