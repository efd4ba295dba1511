"""Header injection: no name, address or header adds a line break or a recipient to a payload."""

from __future__ import annotations

from collections.abc import Iterator
from email.policy import default
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.frontend.full import canonicalize

PIECES = (
    *(",", ", ", ";", ":", "<", ">", "@", '"', "\\", "(", ")", "[", "]", ".", " ", "\t", "ü", "x", "\U0001f600"),
    *("\r\n", "\n", "\x00", "\x0b", "\x85", "\u2028", "%0a", "=?utf-8?q?=0A?=", "=?utf-8?b?DQo=?="),
    *("Bcc: ", "Group:", "evil@example.net", "<evil@example.net>", "=?utf-8?q?=2C_evil=40example.net?="),
    "=?us-ascii?q?a?=",
)
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
LOCALS = st.sampled_from(["bob", '"b b"', "b.b"]) | HOSTILE
STRINGS = st.one_of(
    HOSTILE.map("{} <bob@example.com>".format),
    HOSTILE.map('"{}" <bob@example.com>'.format),
    LOCALS.map("{}@example.com".format),
    st.just("Bob <bob@example.com>"),
)
ADDRESSES = st.one_of(
    STRINGS,
    st.fixed_dictionaries({"email": st.just("bob@example.com") | LOCALS.map("{}@example.com".format), "name": HOSTILE}),
)
LISTS = st.lists(ADDRESSES, min_size=1, max_size=3)
FILES = st.lists(
    st.fixed_dictionaries(
        {"content": st.just(""), "filename": HOSTILE, "content_id": HOSTILE, "disposition": st.just("attachment")}
    ),
    max_size=1,
)
MESSAGES = st.fixed_dictionaries(
    {"from_email": ADDRESSES, "to": LISTS, "body": st.just("x")},
    optional={
        "cc": LISTS,
        "bcc": LISTS,
        "reply_to": LISTS,
        "subject": HOSTILE,
        "tags": st.lists(HOSTILE, max_size=1),
        "extra_headers": st.dictionaries(st.sampled_from(["X-A", "From", "Reply-To"]) | HOSTILE, HOSTILE, max_size=2),
        "envelope_sender": ADDRESSES,
        "attachments": FILES,
        "esp_extra": st.dictionaries(
            st.sampled_from(["FromName", "Subject", "Mj-campaign", "To", "Cc"]), HOSTILE | STRINGS, max_size=1
        )
        | st.builds(lambda headers: {"Headers": headers}, st.dictionaries(HOSTILE, HOSTILE, max_size=2)),
    },
)


@given(MESSAGES)
def test_header_values_never_contain_a_line_break(message: Any) -> None:
    result = compiler.compile(message)
    if not result.ok:  # rejecting the message is safe too
        return
    for text in header_texts(result.payload):
        assert "\x00" not in text
        assert len(f"{text}|".splitlines()) == 1


def header_texts(payload: Any) -> Iterator[str]:
    """All strings of a payload that become part of a header."""
    for name, value in payload.items():
        if name in ("Attachments", "Inline_attachments"):
            for each in value:
                yield each["Filename"]
                yield each["Content-type"]
        elif name == "Recipients":
            for each in value:
                yield each["Email"]
                yield each.get("Name", "")
        elif name == "Headers":
            yield from value
            yield from value.values()
        elif name != "Text-part":
            yield value


@given(MESSAGES)
def test_a_payload_names_exactly_the_recipients_of_the_message(message: Any) -> None:
    message = {key: value for key, value in message.items() if key != "esp_extra"}
    result = compiler.compile(message)
    if not result.ok:  # rejecting the message is safe too
        return
    payload: Any = result.payload
    canonical = canonicalize(message, {}).document
    for field, name in (("to", "To"), ("cc", "Cc"), ("bcc", "Bcc")):
        expected = [each["email"] for each in canonical.get(field, [])]
        if name in payload:
            # A service may simply split at commas and use what is in angle brackets.
            assert [extract_address(part) for part in payload[name].split(", ")] == expected
            assert parse_with_stdlib(payload[name]) == expected
    if "Recipients" in payload:
        assert [each["Email"] for each in payload["Recipients"]] == [each["email"] for each in canonical["to"]]
    reply_to = payload.get("Headers", {}).get("Reply-To")
    if reply_to is not None:
        expected = canonical.get("header_reply_to", canonical.get("reply_to"))
        assert parse_with_stdlib(reply_to) == [each["email"] for each in expected]


def extract_address(text: str) -> str:
    """The address in a string that contains one."""
    return text.rpartition("<")[2].rstrip(">").strip()


def parse_with_stdlib(text: str) -> list[str]:
    """The addresses that the standard library parses from a header."""
    header: Any = default.header_factory("To", text)
    return [each.addr_spec for each in header.addresses]
