"""One webhook call, without a framework: authentication, limits, and what becomes of events."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Iterable, Set
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.webhooks import Delivery, RecentEvents, WebhookSecrets
from compiler.webhooks.calls import INBOUND, MAX_BODY_BYTES, TRACKING, check_call


def basic(pair: str | bytes) -> str:
    raw = pair.encode() if isinstance(pair, str) else pair
    return f"Basic {base64.b64encode(raw).decode()}"


def event(number: int) -> dict[str, Any]:
    return {"event": "open", "time": 1433333949 + number, "email": f"a{number}@example.com"}


def deliver(body: object, memory: Any = None, failing: Iterable[str] = ()) -> tuple[list[str], Delivery]:
    """The recipients of the events that a receiver got, and the delivery. The receiver fails for some."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    delivery = Delivery(TRACKING, raw, memory)
    handled: list[str] = []
    for item, fingerprint in delivery.read_events():
        with delivery.handling(fingerprint):
            if item["recipient"] in failing:
                raise LookupError(item["recipient"])
            handled.append(item["recipient"])
    return handled, delivery


# Authentication


@pytest.mark.parametrize(
    "authorization",
    [
        basic("user:password"),
        basic("user:password").replace("Basic", "bAsIc"),
        basic("user:password").replace("Basic ", "Basic   "),
        basic("other:geheim, wörter"),
    ],
)
def test_the_right_secret(authorization: str) -> None:
    assert WebhookSecrets.parse(["user:password", "other:geheim, wörter"]).allow(authorization)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Basic !!!!",
        "Basic dXNlcjpwYXNzd29yZA",  # no padding
        "Bearer dXNlcjpwYXNzd29yZA==",
        "dXNlcjpwYXNzd29yZA==",
        basic("user:passwor"),
        basic("user:password2"),
        basic("User:password"),
        basic("user"),
        basic(b"\xff\xfe"),
        "Basic " + "A" * 100_000,
        "Basic ü",
    ],
)
def test_a_wrong_secret(authorization: str | None) -> None:
    assert not WebhookSecrets.parse("user:password").allow(authorization)
    response = check_call("POST", authorization, "5", WebhookSecrets.parse("user:password"))
    assert response is not None
    assert response.status == 401
    assert dict(response.headers)["WWW-Authenticate"].startswith("Basic realm=")


@given(st.text(), st.text())
def test_only_equal_secrets_are_equal(one: str, other: str) -> None:
    try:
        secrets = WebhookSecrets.parse(one)
        header = basic(other.encode("utf-8", "surrogatepass"))
    except ValueError:
        return
    assert secrets.allow(header) == (one == other)


@given(st.text())
def test_any_header_is_answered(authorization: str) -> None:
    assert not WebhookSecrets.parse("user:password").allow(authorization) or authorization == basic("user:password")


def test_no_secret_accepts_everyone() -> None:
    assert WebhookSecrets.parse(None).allow(None)
    assert check_call("POST", None, None, WebhookSecrets()) is None


def test_an_empty_list_of_secrets_is_an_error() -> None:
    with pytest.raises(ValueError, match="got an empty list"):
        WebhookSecrets.parse([])


def test_secrets_are_not_shown() -> None:
    secrets = WebhookSecrets.parse(["user:password"])
    assert repr(secrets) == "<WebhookSecrets: 1>"


# Methods and sizes


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "", "post", "X" * 10_000, "Ü\n"])
def test_other_methods(method: str) -> None:
    response = check_call(method, None, None, WebhookSecrets.parse("a:b"))
    assert response is not None
    assert response.status == 405
    assert response.headers == (("Allow", "POST, HEAD, OPTIONS"),)
    assert len(response.text) < 100


def test_head_and_options_need_no_secret() -> None:
    for method in ("HEAD", "OPTIONS"):
        response = check_call(method, None, None, WebhookSecrets.parse("a:b"))
        assert response is not None
        assert response.status == 200


@pytest.mark.parametrize(
    ("length", "status"),
    [
        (None, None),
        ("", None),
        ("x", None),
        ("-1", None),
        (str(MAX_BODY_BYTES), None),
        (str(MAX_BODY_BYTES + 1), 413),
        ("9" * 5000, 413),
    ],
)
def test_a_declared_length(length: str | None, status: int | None) -> None:
    response = check_call("POST", None, length, WebhookSecrets())
    assert (None if response is None else response.status) == status


# Events


def test_events_are_delivered_in_order() -> None:
    handled, delivery = deliver([event(1), event(2)])
    assert handled == ["a1@example.com", "a2@example.com"]
    assert delivery.response.status == 200


def test_a_failing_receiver_does_not_affect_other_events(caplog: pytest.LogCaptureFixture) -> None:
    memory = RecentEvents()
    events = [event(number) for number in range(4)]
    handled, delivery = deliver(events, memory, failing=["a1@example.com", "a2@example.com"])
    assert handled == ["a0@example.com", "a3@example.com"]
    assert [str(error) for error in delivery.errors] == ["a1@example.com", "a2@example.com"]
    assert delivery.response.status == 500
    assert [record.getMessage() for record in caplog.records] == ["a receiver of a tracking event failed"]
    # The repeated call: only what failed before is handled again.
    assert deliver(events, memory)[0] == ["a1@example.com", "a2@example.com"]
    assert deliver(events, memory)[0] == []


def test_many_failing_events_do_not_affect_later_ones(caplog: pytest.LogCaptureFixture) -> None:
    events = [event(number) for number in range(60)]
    handled, delivery = deliver(events, failing=[f"a{number}@example.com" for number in range(50)])
    assert handled == [f"a{number}@example.com" for number in range(50, 60)]
    assert (len(delivery.errors), len(caplog.records), delivery.response.status) == (10, 9, 500)


def test_a_call_whose_receivers_fail_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("compiler.webhooks.calls.time", SimpleNamespace(monotonic=lambda: next(clock)))
    events = [event(number) for number in range(20)]
    everyone = [f"a{number}@example.com" for number in range(20)]
    assert deliver(events, failing=everyone[:2])[0] == everyone[2:]  # a success ends the series of failures
    handled, delivery = deliver(events, failing=everyone[2:])
    assert handled == everyone[:2]
    assert (len(delivery.errors), delivery.response.status) == (4, 500)


def test_too_many_events_are_not_lost_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    events = [{"time": number} for number in range(20_001)]
    delivery = Delivery(TRACKING, json.dumps(events).encode(), None)
    for _, fingerprint in delivery.read_events():
        delivery.add_handled(fingerprint)
    assert len(delivery.handled) == 20_000
    assert delivery.response.status == 413
    assert delivery.response.text == "too many events; the first 20000 were handled"
    assert caplog.records[-1].levelno == logging.ERROR


def test_a_receiver_whose_work_is_cancelled_has_failed() -> None:
    delivery = Delivery(TRACKING, json.dumps([event(1), event(2)]).encode(), None)
    handled = []
    for item, fingerprint in delivery.read_events():
        with delivery.handling(fingerprint):
            handled.append(item["recipient"])
            raise asyncio.CancelledError
    assert handled == ["a1@example.com", "a2@example.com"]
    assert [str(error) for error in delivery.errors] == ["a receiver was cancelled"] * 2


def test_equal_events_of_a_call_count_as_one() -> None:
    assert deliver([event(1), event(1), event(2)])[0] == ["a1@example.com", "a2@example.com"]


def test_an_event_is_recognized_in_another_group() -> None:
    memory = RecentEvents()
    assert deliver(event(1), memory)[0] == ["a1@example.com"]
    reordered = dict(reversed(event(1).items()))
    assert deliver([event(2), reordered], memory)[0] == ["a2@example.com"]


class BrokenMemory:
    """A memory whose database is down."""

    def find(self, fingerprints: Iterable[str]) -> Set[str]:
        raise OSError("the database is down")

    def add(self, fingerprint: str) -> None:
        raise OSError("the database is down")


def test_a_broken_memory_loses_no_event(caplog: pytest.LogCaptureFixture) -> None:
    handled, delivery = deliver([event(1), event(2)], BrokenMemory())
    assert (handled, delivery.response.status) == (["a1@example.com", "a2@example.com"], 200)
    assert len(caplog.records) == 3


def test_recent_events_forget_the_oldest() -> None:
    memory = RecentEvents(2)
    for fingerprint in ("a", "b", "a", "c"):
        memory.add(fingerprint)
    assert memory.find(["a", "b", "c", "d"]) == {"a", "c"}


@pytest.mark.parametrize("body", [b"", b"{", b"5", b'"x"', b"null", b"\xff\xfe\x00", b"<html>", b"[" * 100_000])
def test_invalid_bodies(body: bytes) -> None:
    handled, delivery = deliver(body)
    assert (handled, delivery.response.status) == ([], 400)
    assert delivery.response.text.startswith("the body is invalid: ")


@given(st.binary(max_size=200))
def test_any_body_is_answered(body: bytes) -> None:
    for kind in (TRACKING, INBOUND):
        delivery = Delivery(kind, body, None)
        list(delivery.read_events())
        assert delivery.response.status in (200, 400)


def test_malformed_events_are_logged_without_their_content(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    delivery = Delivery(TRACKING, b'[{"event": "open", "time": "private"}, 17]', None)
    assert len(list(delivery.read_events())) == 2
    assert [record.getMessage() for record in caplog.records] == [
        "tracking webhook: MalformedEvent at /0/time",
        "tracking webhook: MalformedEvent at /1",
    ]


def test_many_warnings_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    list(Delivery(TRACKING, json.dumps([{}, *range(50)]).encode(), None).read_events())
    assert len(caplog.records) == 11
    assert caplog.records[-1].getMessage() == "tracking webhook: 40 more warnings"


def test_a_received_message_at_the_wrong_url_is_not_lost() -> None:
    memory = RecentEvents()
    body = b'{"From": "a@example.com", "Text-part": "Hello", "Headers": {}}'
    delivery = Delivery(TRACKING, body, memory)
    assert list(delivery.read_events()) == []
    assert delivery.response.status == 400
    assert delivery.response.text.endswith("its URL ends with mailjet/inbound/")
    assert len(list(Delivery(INBOUND, body, memory).read_events())) == 1


def test_a_body_may_reach_both_webhooks() -> None:
    memory = RecentEvents()
    for kind in (TRACKING, INBOUND):
        delivery = Delivery(kind, b'{"event": "open", "From": "a@example.com"}', memory)
        ((_, fingerprint),) = delivery.read_events()
        delivery.add_handled(fingerprint)


def test_a_received_message_is_one_event() -> None:
    delivery = Delivery(INBOUND, b'{"From": "a@example.com", "Text-part": "Hello"}', None)
    ((message, fingerprint),) = delivery.read_events()
    assert message["text"] == "Hello"
    assert fingerprint == compiler.event_fingerprint(message)
