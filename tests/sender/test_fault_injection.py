"""Injected faults: what the caller sees, what the server counted, and that no mail is sent twice."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.sender import (
    AuthenticationError,
    InvalidResponseError,
    MailjetSender,
    MaybeSentError,
    NoRecipientAcceptedError,
    NotSentError,
    RateLimitedError,
    RejectedError,
    Retries,
    SenderError,
    ServerError,
)
from compiler.sender.emulator import FAULTS, Emulator
from tests.sender.helpers import MESSAGE, QUICK, SHORT, sender_to, wait_until_idle

# For each fault: what the caller sees (None: a result), and how many messages the server counted.
TABLE: dict[str, tuple[type[SenderError] | None, int]] = {
    "reset-before-body": (MaybeSentError, 0),
    "reset-after-body": (MaybeSentError, 1),
    "close-after-body": (MaybeSentError, 1),
    "stall": (MaybeSentError, 1),
    "half-header": (MaybeSentError, 1),
    "half-body": (MaybeSentError, 1),
    "stall-half-body": (MaybeSentError, 1),
    "garbage": (MaybeSentError, 1),
    "bad-compression": (MaybeSentError, 1),
    "close-silently": (None, 1),
    "wrong-content-type": (None, 1),
    "not-json": (InvalidResponseError, 1),
    "see-other": (InvalidResponseError, 1),
    "server-error": (ServerError, 1),
    "null-value": (ServerError, 0),
    "unavailable": (ServerError, 0),
    "redirect": (InvalidResponseError, 0),
    "unauthorized": (AuthenticationError, 0),
    "rate-limited": (None, 1),  # because the call is repeated
    "empty-400": (RejectedError, 0),
    "error-code": (RejectedError, 0),
    "first-message-fails": (None, 1),  # of v3.1, see test_v3_1
    "nobody": (NoRecipientAcceptedError, 0),
}


def test_every_fault_is_in_the_table() -> None:
    assert set(TABLE) == set(FAULTS)


@pytest.mark.parametrize("fault", TABLE)
def test_what_the_caller_sees_and_what_the_server_counted(fault: str, emulator: Emulator) -> None:
    expected, counted = TABLE[fault]
    emulator.inject_faults(fault)
    seen = None
    with sender_to(emulator, timeout=SHORT if "stall" in fault else 10) as sender:
        try:
            result = sender.send(MESSAGE)
            assert result.sent_to_all
        except SenderError as error:
            seen = error
    assert (type(seen) if seen else None, len(emulator.messages)) == (expected, counted)
    # One POST, and a second one only after a 429; no redirect was followed.
    assert [call.path for call in emulator.calls] == ["/v3/send"] * (2 if fault == "rate-limited" else 1)
    if seen is not None:
        assert seen.may_have_sent or counted == 0
        assert seen.failure.attempts == 1
        assert seen.failure.endpoint == f"POST {emulator.url}/send"


@pytest.mark.parametrize("fault", ["redirect", "unauthorized", "empty-400", "error-code", "nobody"])
def test_a_refusal_says_that_nothing_was_sent(fault: str, emulator: Emulator, sender: MailjetSender) -> None:
    emulator.inject_faults(fault)
    with pytest.raises(SenderError) as caught:
        sender.send(MESSAGE)
    assert not caught.value.may_have_sent
    assert "may have been accepted" not in str(caught.value)


def test_the_service_s_code_and_words_are_handed_on(emulator: Emulator, sender: MailjetSender) -> None:
    emulator.inject_faults("error-code", "null-value", "server-error")
    with pytest.raises(RejectedError) as refused:
        sender.send(MESSAGE)
    assert (refused.value.status_code, refused.value.failure.service_code) == (200, 17)
    assert refused.value.service_message == "The sender is not active"
    with pytest.raises(ServerError) as failed:
        sender.send(MESSAGE)
    assert failed.value.service_message == "Cannot convert data from Null value"
    assert failed.value.failure.service_code == 500
    with pytest.raises(ServerError, match="Unexpected error") as failed:
        sender.send(MESSAGE)
    assert failed.value.failure.response is not None
    assert b"Unexpected" in failed.value.failure.response.body
    assert [diagnostic.code for diagnostic in failed.value.diagnostics] == ["ServiceFailed"]


def test_a_refused_connection_is_tried_again_and_nothing_was_sent(emulator: Emulator) -> None:
    with sender_to(emulator) as sender, emulator.connection_refused():
        with pytest.raises(NotSentError, match="Connection refused") as caught:
            sender.send(MESSAGE)
        assert caught.value.failure.attempts == 1 + QUICK.count
        assert not caught.value.may_have_sent
    assert (emulator.messages, emulator.calls) == ((), ())


def test_a_service_that_comes_back_gets_the_message_once(emulator: Emulator) -> None:
    patient = Retries(count=40, first_pause=0.02, longest_pause=0.05)
    with sender_to(emulator, retries=patient) as sender:
        results: list[Any] = []
        sender.preview(MESSAGE)  # loads files and modules that are loaded once
        with emulator.connection_refused():
            thread = threading.Thread(target=lambda: results.append(sender.send(MESSAGE)))
            thread.start()
            time.sleep(0.3)
        thread.join(10)
    assert results[0].response.attempts > 1
    assert len(emulator.messages) == 1


@pytest.mark.parametrize("retries", [None, Retries(count=0)])
def test_retries_can_be_switched_off(retries: Retries | None, emulator: Emulator) -> None:
    emulator.inject_faults("rate-limited")
    with sender_to(emulator, retries=retries) as sender:
        with pytest.raises(RateLimitedError) as caught:
            sender.send(MESSAGE)
        assert caught.value.failure.attempts == 1
        with emulator.connection_refused(), pytest.raises(NotSentError) as refused:
            sender.send(MESSAGE)
        assert refused.value.failure.attempts == 1
    assert len(emulator.calls) == 1


def test_a_rate_limit_that_lasts_is_reported_after_the_last_retry(emulator: Emulator, sender: MailjetSender) -> None:
    emulator.inject_faults(*["rate-limited"] * 5)
    with pytest.raises(RateLimitedError) as caught:
        sender.send(MESSAGE)
    assert caught.value.failure.attempts == len(emulator.calls) == 1 + QUICK.count
    assert not caught.value.may_have_sent
    assert len(emulator.messages) == 0


def test_a_connection_closed_in_between_is_reopened(emulator: Emulator, sender: MailjetSender) -> None:
    for _ in range(3):
        emulator.inject_faults("close-silently")
        assert sender.send(MESSAGE).response.attempts == 1
        wait_until_idle(emulator)  # until the client has seen the close
    assert len(emulator.messages) == 3


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["reset-after-body", "stall", "half-body", "garbage", "server-error", "rate-limited"])
def test_a_lookup_is_repeated_and_says_that_nothing_was_sent(fault: str, emulator: Emulator) -> None:
    timeout = SHORT if fault == "stall" else 10
    message = {"from_email": None, "to": ["alice@example.com"], "template_id": 176375}
    emulator.inject_faults(fault)
    with sender_to(emulator, timeout=timeout) as sender:
        assert sender.send(message).sent_to_all
    assert len(emulator.messages) == 1
    emulator.clear()
    emulator.inject_faults(*[fault] * 9)
    with sender_to(emulator, timeout=timeout) as another, pytest.raises(SenderError) as caught:
        another.send(message)
    assert not caught.value.may_have_sent
    assert caught.value.failure.attempts == 1 + QUICK.count
    assert len(emulator.messages) == 0


QUICK_FAULTS = sorted(set(FAULTS) - {"stall", "stall-half-body", "close-silently"})


@given(
    st.lists(st.sampled_from(QUICK_FAULTS) | st.just("rate-limited"), max_size=6),
    st.sampled_from([None, 176375]),
    st.booleans(),
)
def test_no_message_is_ever_counted_twice(faults: list[str], template_id: int | None, retrying: bool) -> None:
    message = {**MESSAGE, "metadata": {"n": 0}}
    if template_id is not None:
        message = {"from_email": None, "to": ["alice@example.com"], "template_id": template_id, "metadata": {"n": 0}}
    emulator = _EMULATOR[0]
    emulator.clear()
    emulator.inject_faults(*faults)
    with sender_to(emulator, retries=QUICK if retrying else None) as sender:
        for number in range(4):
            before = len(emulator.messages)
            try:
                sender.send({**message, "metadata": {"n": number}})
                expected = {1}
            except SenderError as error:
                expected = {0, 1} if error.may_have_sent else {0}
            assert len(emulator.messages) - before in expected


_EMULATOR: list[Emulator] = []


@pytest.fixture(autouse=True, scope="module")
def _shared(running: Emulator) -> None:
    _EMULATOR[:] = [running]
