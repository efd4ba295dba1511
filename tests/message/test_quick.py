"""The quick way gives what `prepare` gives, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler.conformance.case_files import read_cases
from compiler.guards import guard_of
from compiler.message import prepare
from compiler.message.addresses import AddressError, parse_address_list
from compiler.message.quick import addresses, quick
from tests.strategies import ADDRESSES, ANY_MESSAGES, NAMES, SENDABLE

ACCEPTS = guard_of("message.schema.json")
assert ACCEPTS is not None
CASES = [case.input["message"] for case in read_cases() if case.ruleset == "send" and "message" in case.input]


def agree(message: Any) -> bool:
    """Whether the quick way gave something; if so, it is what `prepare` gives, and shares nothing with the message."""
    assert ACCEPTS is not None
    if not ACCEPTS(message):
        return False
    prepared = prepare(message, {})
    document = quick(message)
    if document is None:
        return False
    assert not prepared.faults
    assert not prepared.invalid
    assert document == prepared.document
    assert repr(document.get("metadata")) == repr(prepared.document.get("metadata"))  # also the order of its members
    assert not identities(document) & identities(message)
    return True


def identities(value: Any) -> set[int]:
    """The objects in it that could be changed."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    own = {id(value)} if isinstance(value, dict | list) else set()
    return own.union(*map(identities, inner))


def test_the_quick_way_is_that_of_most_cases() -> None:
    without_faults = [
        each for each in CASES if isinstance(each, dict) and None not in each.values() and not prepare(each, {}).faults
    ]
    assert sum(map(agree, without_faults)) > 0.9 * len(without_faults) > 200


@given(message=SENDABLE)
def test_it_agrees_on_messages_that_mostly_compile(message: Any) -> None:
    agree(message)


@given(message=ANY_MESSAGES)
def test_it_agrees_on_any_message(message: Any) -> None:
    agree(message)


PIECES = st.sampled_from(
    ["a", "B.c", "example", ".", "..", "@", "<", ">", " ", "  ", '"', "\\", "(", ")", ",", ";", ":", "\t", "\n", "\r",
     "\0", "\u2028", "\x85", "\xa0", "é", "=?utf-8?q?=0A?=", "?", "=", "=?", "?=", "[192.0.2.1]", "[", "]", "\ud800",
     "a@example.com", "<a@example.com>", "A B <a@example.com>", '"A, B" <a@example.com>', "²", "_", "-", "'"]
)  # fmt: skip
ALIKE = st.lists(PIECES, min_size=1, max_size=8).map("".join)
NAMED = st.builds(
    "{} <{}>".format, NAMES | ALIKE, st.sampled_from(["a@example.com", "a.b@c", "a@b.", "é@b.c", "a@é.c"])
)
QUOTED = st.builds('"{}" <{}>'.format, NAMES | ALIKE, st.sampled_from(["a@example.com", "a..b@c", "a@[::1]"]))


@given(texts=st.lists(ALIKE | NAMED | QUOTED | ADDRESSES.filter(lambda each: isinstance(each, str)), max_size=4))
@example(texts=["a@b\nc@d", "x"])
@example(texts=["a@b\nc@d"])
@example(texts=["a@b\n"])
@example(texts=['"\u3000" <a@b>'])
@example(texts=["a\u3000 <a@b>"])
@example(texts=["", ""])
def test_addresses_are_read_as_the_parser_reads_them(texts: list[str]) -> None:
    try:
        expected = [
            {"email": each.email} | ({} if each.name is None else {"name": each.name})
            for text in texts
            for each in parse_address_list(text)
        ]
    except AddressError:
        with pytest.raises(AddressError):
            addresses(texts)
    else:
        assert addresses(texts) == expected


@given(email=ALIKE, name=st.none() | NAMES | ALIKE)
def test_address_objects_are_read_as_prepare_reads_them(email: str, name: str | None) -> None:
    agree({"from_email": {"email": email, "name": name}, "to": [{"email": email}, {"email": "a@b.c", "name": name}]})
