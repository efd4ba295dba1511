"""The fast driver returns the same result as the full driver, or None."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler.frontend.fast import canonicalize_fast
from compiler.frontend.fields import TargetPolicy, address_reader
from compiler.frontend.full import canonicalize
from compiler.frontend.readers import Invalid
from compiler.mail.addresses import AddressError, parse_address_list
from tests.cases import CASES
from tests.frontend.policies import POLICIES, STRICT
from tests.strategies.messages import ADDRESSES, ANY_MESSAGES, ANY_OPTIONS, NAMES, VALID_MESSAGES

MESSAGES = [case.input["message"] for case in CASES if case.ruleset == "send" and "message" in case.input]


def drivers_agree(message: Any, options: Any = MappingProxyType({})) -> bool:
    """Whether the fast driver returns results; if so, asserts that the full driver agrees and nothing is shared."""
    agreed = [drivers_agree_for(policy, message, options) for policy in POLICIES]
    return all(agreed)


def drivers_agree_for(policy: TargetPolicy, message: Any, options: Any) -> bool:
    result = canonicalize_fast(message, dict(options), policy)
    if result is None:
        return False
    document, ignored = result
    full_result = canonicalize(message, dict(options), policy)
    assert not full_result.diagnostics
    assert not full_result.poisoned
    assert document == full_result.document
    assert ignored == (full_result.ignored or frozenset())
    assert not container_ids(document) & container_ids([message, *dict(options).values()])
    return True


def container_ids(value: Any) -> set[int]:
    """The ids of all mutable containers in a value."""
    children = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    own_id = {id(value)} if isinstance(value, dict | list) else set()
    return own_id.union(*map(container_ids, children))


def test_the_fast_driver_handles_most_cases() -> None:
    valid = [each for each in MESSAGES if isinstance(each, dict) and not canonicalize(each, {}, STRICT).diagnostics]
    assert sum(map(drivers_agree, valid)) > 0.9 * len(valid) > 200


@given(pair=VALID_MESSAGES)
def test_drivers_agree_on_valid_messages(pair: tuple[Any, Any]) -> None:
    drivers_agree(*pair)


@given(message=ANY_MESSAGES, options=ANY_OPTIONS.filter(lambda options: isinstance(options, dict)))
def test_drivers_agree_on_any_message(message: Any, options: Any) -> None:
    drivers_agree(message, options)


def test_drivers_agree_on_null_fields() -> None:
    message = {"from_email": "a@b.c", "to": ["d@e.f"], "cc": None, "subject": None}
    assert drivers_agree(message)
    assert drivers_agree(message, {"send_defaults": {"cc": ["x@y.z"], "subject": "s", "bcc": ["u@v.w"]}})
    assert drivers_agree({"to": [], "cc": []}, {"send_defaults": {"cc": ["x@y.z"]}, "template_sender": "A <a@b.c>"})
    assert drivers_agree({"to": []}, {"ignore_unsupported_features": ["multiple tags"], "send_defaults": None})


PIECES = st.sampled_from(
    ["a", "B.c", "example", ".", "..", "@", "<", ">", " ", "  ", '"', "\\", "(", ")", ",", ";", ":", "\t", "\n", "\r",
     "\0", "\u2028", "\x85", "\xa0", "é", "=?utf-8?q?=0A?=", "?", "=", "=?", "?=", "[192.0.2.1]", "[", "]", "\ud800",
     "a@example.com", "<a@example.com>", "A B <a@example.com>", '"A, B" <a@example.com>', "²", "_", "-", "'"]
)  # fmt: skip
ADDRESS_LIKE = st.lists(PIECES, min_size=1, max_size=8).map("".join)
NAMED = st.builds(
    "{} <{}>".format, NAMES | ADDRESS_LIKE, st.sampled_from(["a@example.com", "a.b@c", "a@b.", "é@b.c", "a@é.c"])
)
QUOTED = st.builds('"{}" <{}>'.format, NAMES | ADDRESS_LIKE, st.sampled_from(["a@example.com", "a..b@c", "a@[::1]"]))


@given(texts=st.lists(ADDRESS_LIKE | NAMED | QUOTED | ADDRESSES.filter(lambda each: isinstance(each, str)), max_size=4))
@example(texts=["a@b\nc@d", "x"])
@example(texts=["a@b\nc@d"])
@example(texts=["a@b\n"])
@example(texts=['"\u3000" <a@b>'])
@example(texts=["a\u3000 <a@b>"])
@example(texts=["", ""])
@pytest.mark.parametrize("policy", POLICIES)
def test_addresses_are_read_as_the_parser_reads_them(policy: TargetPolicy, texts: list[str]) -> None:
    read = address_reader(policy).list_reader("to")
    canonical: dict[str, Any] = {}
    try:
        expected = [
            {"email": each.email} | ({} if each.name is None else {"name": each.name})
            for text in texts
            for each in parse_address_list(text, allow_utf8=not policy.ascii_local_parts)
        ]
    except AddressError:
        with pytest.raises(Invalid):
            read(canonical, texts, {})
    else:
        read(canonical, texts, {})
        assert canonical == {"to": expected}


@given(email=ADDRESS_LIKE, name=st.none() | NAMES | ADDRESS_LIKE)
def test_drivers_agree_on_address_objects(email: str, name: str | None) -> None:
    drivers_agree(
        {"from_email": {"email": email, "name": name}, "to": [{"email": email}, {"email": "a@b.c", "name": name}]}
    )
