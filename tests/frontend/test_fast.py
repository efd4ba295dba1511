"""The fast driver gives what the full driver gives, or nothing."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler.conformance.case_files import read_cases
from compiler.frontend.fast import canonicalize_fast
from compiler.frontend.full import canonicalize
from compiler.frontend.readers import Invalid, read_address_items
from compiler.mail.addresses import AddressError, parse_address_list
from tests.strategies.messages import ADDRESSES, ANY_MESSAGES, ANY_OPTIONS, NAMES, SENDABLE

CASES = [case.input["message"] for case in read_cases() if case.ruleset == "send" and "message" in case.input]


def agree(message: Any, options: Any = MappingProxyType({})) -> bool:
    """Whether the fast driver gave a result; then the full driver agrees, and nothing is shared."""
    found = canonicalize_fast(message, dict(options))
    if found is None:
        return False
    document, ignored = found
    prepared = canonicalize(message, dict(options))
    assert not prepared.diagnostics
    assert not prepared.poisoned
    assert document == prepared.document
    assert ignored == (prepared.ignored or frozenset())
    assert not identities(document) & identities([message, *dict(options).values()])
    return True


def identities(value: Any) -> set[int]:
    """The objects in it that could be changed."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    own = {id(value)} if isinstance(value, dict | list) else set()
    return own.union(*map(identities, inner))


def test_the_fast_driver_handles_most_cases() -> None:
    valid = [each for each in CASES if isinstance(each, dict) and not canonicalize(each, {}).diagnostics]
    assert sum(map(agree, valid)) > 0.9 * len(valid) > 200


@given(pair=SENDABLE)
def test_it_agrees_on_messages_that_mostly_compile(pair: tuple[Any, Any]) -> None:
    agree(*pair)


@given(message=ANY_MESSAGES, options=ANY_OPTIONS.filter(lambda each: isinstance(each, dict)))
def test_it_agrees_on_any_message(message: Any, options: Any) -> None:
    agree(message, options)


def test_null_in_the_message_drops_a_default_and_is_otherwise_nothing() -> None:
    message = {"from_email": "a@b.c", "to": ["d@e.f"], "cc": None, "subject": None}
    assert agree(message)
    assert agree(message, {"send_defaults": {"cc": ["x@y.z"], "subject": "s", "bcc": ["u@v.w"]}})
    assert agree({"to": [], "cc": []}, {"send_defaults": {"cc": ["x@y.z"]}, "template_sender": "A <a@b.c>"})
    assert agree({"to": []}, {"ignore_unsupported_features": ["multiple tags"], "send_defaults": None})


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
        with pytest.raises(Invalid):
            read_address_items(texts)
    else:
        assert read_address_items(texts) == expected


@given(email=ALIKE, name=st.none() | NAMES | ALIKE)
def test_both_drivers_read_address_objects_alike(email: str, name: str | None) -> None:
    agree({"from_email": {"email": email, "name": name}, "to": [{"email": email}, {"email": "a@b.c", "name": name}]})
