"""Sending: statuses, ids and warnings; template senders; streams, and split messages."""

from __future__ import annotations

import contextlib
import json
import pickle
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.mail.addresses import Mailbox
from compiler.pipeline import compile as pipeline_compile
from compiler.sender import (
    Failure,
    HttpResponse,
    InvalidResponseError,
    MailjetSender,
    NoRecipientAcceptedError,
    NotCompiledError,
    NotSentError,
    RejectedError,
    Retries,
    SenderError,
    SettingsError,
)
from compiler.sender.emulator import Emulator
from tests.sender.helpers import MESSAGE, sender_to, wait_until_idle

TEMPLATED = {"from_email": None, "to": ["alice@example.com"], "template_id": 176375}


def test_a_result_has_the_status_of_every_recipient_and_the_ids(emulator: Emulator, sender: MailjetSender) -> None:
    result = sender.send(MESSAGE)
    (message,) = emulator.messages
    assert [(recipient["email"], recipient["status"], recipient["message_id"]) for recipient in result.recipients] == [
        (recipient.email, "sent", str(recipient.message_id)) for recipient in message.recipients
    ]
    assert result.message_ids == tuple(dict.fromkeys(str(recipient.message_id) for recipient in message.recipients))
    assert (result.warnings, result.unexpected, result.sent_to_all) == ((), (), True)
    assert result.response.status_code == 200
    assert result.response.attempts == 1
    assert result.response.header("content-type") == "application/json"
    assert json.loads(result.response.body)["Sent"][0]["Email"] == "alice@example.com"


def test_what_is_sent_is_what_compiles(emulator: Emulator, sender: MailjetSender) -> None:
    sender.send(MESSAGE)
    assert emulator.messages[0].payload == compiler.compile(MESSAGE).output


def test_options_are_those_of_compile(emulator: Emulator, sender: MailjetSender) -> None:
    message = {**MESSAGE, "metadata": {"a": 1}, "send_at": "2030-01-01T00:00:00Z"}
    with pytest.raises(NotCompiledError):
        sender.send(message)
    options = {"ignore_unsupported_features": ["send_at"], "send_defaults": {"tags": ["t"]}}
    for form in (options, compiler.Options(**options)):
        result = sender.send(message, form)
        assert [warning.code for warning in result.warnings] == ["FeatureDropped"]
    assert emulator.messages[-1].payload == compiler.compile(message, options=options).output


def test_a_message_that_does_not_compile_opens_no_connection(emulator: Emulator, sender: MailjetSender) -> None:
    with pytest.raises(NotCompiledError) as caught:
        sender.send({**MESSAGE, "to": ["alice"]})
    assert caught.value.diagnostics == compiler.compile({**MESSAGE, "to": ["alice"]}).errors
    assert (caught.value.may_have_sent, caught.value.failure.endpoint, caught.value.failure.attempts) == (
        False,
        None,
        0,
    )
    assert str(caught.value).startswith("the message does not compile (error: InvalidAddress at message /to/0")
    assert len(emulator.calls) == 0


# --- Stored templates -------------------------------------------------------------------------------------------------


def test_a_template_s_sender_is_looked_up_once_while_the_sender_lives(emulator: Emulator) -> None:
    with sender_to(emulator) as sender:
        for _ in range(3):
            assert sender.send(TEMPLATED).sent_to_all
        sender.send({**TEMPLATED, "template_id": 8})
    with sender_to(emulator) as another:
        another.send(TEMPLATED)
    look_up, send = "/v3/REST/template/176375/detailcontent", "/v3/send"
    other = "/v3/REST/template/8/detailcontent"
    assert [call.path for call in emulator.calls] == [look_up, send, send, send, other, send, look_up, send]
    assert [message.sender for message in emulator.messages[2:4]] == [
        Mailbox("noreply@example.com", "Widgets, Inc."),
        Mailbox("shop@example.com", "Shop"),
    ]


def test_the_option_template_sender_saves_the_lookup(emulator: Emulator, sender: MailjetSender) -> None:
    sender.send(TEMPLATED, {"template_sender": "shop@example.com"})
    assert [call.path for call in emulator.calls] == ["/v3/send"]


@pytest.mark.parametrize(("template_id", "expected"), [(404, "Object not found"), (9, "no stored sender")])
def test_a_template_without_a_sender_sends_nothing(
    template_id: int, expected: str, emulator: Emulator, sender: MailjetSender
) -> None:
    with pytest.raises(SenderError, match=expected) as caught:
        sender.send({**TEMPLATED, "template_id": template_id})
    assert "its template's sender could not be looked up" in str(caught.value)
    assert not caught.value.may_have_sent
    assert caught.value.failure.endpoint is not None
    assert caught.value.failure.endpoint.startswith("GET ")
    assert len(emulator.messages) == 0
    assert [call.method for call in emulator.calls] == ["GET"]


NO_IDS: list[Any] = [
    "../../send",
    "..",
    ".",
    "%2e%2e",
    "a/b",
    "a b?x=1#y",
    "ü",
    " 8",
    "8 ",
    "+8",
    "-8",
    "8.0",
    "\u0668",
    "9" * 20,
]
NO_IDS += [-1, 10**19, 8.0]


@pytest.mark.parametrize("template_id", NO_IDS, ids=range(len(NO_IDS)))
def test_a_template_is_looked_up_by_a_number_only(template_id: Any, emulator: Emulator, sender: MailjetSender) -> None:
    message = {"from_email": None, "to": ["alice@example.com"], "esp_extra": {"Mj-TemplateID": template_id}}
    for call in (sender.send, sender.preview):
        with pytest.raises(NotCompiledError, match=r"numeric id, got .*set from_email") as caught:
            call(message)
        assert not caught.value.may_have_sent
        assert len(str(caught.value)) < 300
    (sending,) = sender.send_many([message])
    assert isinstance((sending.error or sending.errors[0]), NotCompiledError)
    assert len(emulator.calls) == 0


@pytest.mark.parametrize("template_id", [True, None, "", [1], {"a": 1}, 10**5000, -(10**5000)], ids=range(7))
def test_a_value_that_is_not_an_id_makes_no_call(template_id: Any, emulator: Emulator, sender: MailjetSender) -> None:
    message = {"from_email": None, "to": ["alice@example.com"], "esp_extra": {"Mj-TemplateID": template_id}}
    with pytest.raises(NotCompiledError):
        sender.send(message)
    assert len(emulator.calls) == 0


@pytest.mark.parametrize("template_id", [8, "8", 0, 2**63 - 1, "0008"])
def test_a_template_s_number_can_be_a_text(template_id: Any, emulator: Emulator, sender: MailjetSender) -> None:
    message = {"from_email": None, "to": ["alice@example.com"], "esp_extra": {"Mj-TemplateID": template_id}}
    path = f"/v3/REST/template/{template_id}/detailcontent"
    assert f"{path} " in f"{sender.preview(message)[0]} ".replace("\n", " ")
    with contextlib.suppress(RejectedError):
        sender.send(message)
    assert emulator.calls[0].path == path


# --- Streams ----------------------------------------------------------------------------------------------------------


def test_a_stream_is_sent_in_order_and_one_failure_affects_only_its_message(
    emulator: Emulator, sender: MailjetSender
) -> None:
    emulator.inject_faults("close-silently", "error-code", "server-error", "close-silently")
    messages = [{**MESSAGE, "subject": str(number)} for number in range(4)]
    messages.insert(1, {})

    def stream() -> Iterator[Any]:
        for message in messages:
            wait_until_idle(emulator)  # so that no call uses a connection that is about to close
            yield message

    results = list(sender.send_many(stream()))
    assert [result.index for result in results] == [0, 1, 2, 3, 4]
    assert [[type(error).__name__ for error in result.errors] for result in results] == [
        [],
        ["NotCompiledError"],
        ["RejectedError"],
        ["ServerError"],
        [],
    ]
    assert [result.ok for result in results] == [True, False, False, False, True]
    assert [len(result.receipts) for result in results] == [1, 0, 1, 1, 1]
    assert [message.subject for message in emulator.messages] == ["0", "2", "3"]
    assert json.loads(json.dumps(results[2].to_dict()))["receipts"][0]["error"]["service_code"] == 17


def test_a_stream_is_read_no_faster_than_it_is_sent(emulator: Emulator, sender: MailjetSender) -> None:
    read = []

    def stream() -> Iterator[Any]:
        for number in range(9):
            read.append(number)
            yield MESSAGE

    results = sender.send_many(stream())
    assert (read, len(emulator.messages)) == ([], 0)
    next(results)
    next(results)
    assert (read, len(emulator.messages)) == ([0, 1], 2)


def test_all_calls_of_a_sender_share_one_connection(sender: MailjetSender, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", "urllib3"):
        assert all(sending.ok for sending in sender.send_many([TEMPLATED, MESSAGE, MESSAGE]))
    assert caplog.text.count("Starting new HTTP connection") == 1


def many(count: int, **fields: Any) -> dict[str, Any]:
    return {**MESSAGE, "to": [f"a{number}@example.com" for number in range(count)], **fields}


def test_a_message_over_the_limit_is_split_with_a_receipt_for_each_call(
    emulator: Emulator, sender: MailjetSender
) -> None:
    message = many(130, merge_data={"a7@example.com": {"x": 1}, "a129@example.com": {"x": 2}})
    (sending,) = sender.send_many([message])
    assert sending.ok
    assert [len(receipt.message["to"]) for receipt in sending.receipts] == [
        len(message.recipients) for message in emulator.messages
    ]
    assert len(sending.receipts) == 2
    assert [recipient["email"] for recipient in sending.recipients] == message["to"]
    assert {recipient["status"] for recipient in sending.recipients} == {"sent"}


def test_defaults_apply_once_to_a_message_that_is_split(emulator: Emulator, sender: MailjetSender) -> None:
    terms = {"filename": "terms.txt", "content": "SGVsbG8="}
    options = {"send_defaults": {"merge_global_data": {"x": 1}, "metadata": {"b": 2}, "attachments": [terms]}}
    (sending,) = sender.send_many([many(101, metadata={"a": 1})], options)
    assert sending.ok
    payloads = [message.payload for message in emulator.messages]
    assert [len(payload["Recipients"]) for payload in payloads] == [100, 1]
    assert [len(payload["Attachments"]) for payload in payloads] == [1, 1]
    assert [payload["Vars"] for payload in payloads] == [{"x": 1}] * 2
    assert [json.loads(payload["Mj-EventPayLoad"]) for payload in payloads] == [{"b": 2, "a": 1}] * 2


def test_a_failed_call_affects_only_its_part(emulator: Emulator, sender: MailjetSender) -> None:
    emulator.inject_faults("error-code")
    (sending,) = sender.send_many([many(250, merge_global_data={"x": 1})])
    assert [receipt.error is None for receipt in sending.receipts] == [False, True, True]
    assert [type(error) for error in sending.errors] == [RejectedError]
    assert [recipient["email"] for recipient in sending.recipients] == [
        f"a{number}@example.com" for number in range(100, 250)
    ]
    assert not sending.ok


def test_the_parts_lookup_their_template_s_sender_once(emulator: Emulator, sender: MailjetSender) -> None:
    (sending,) = sender.send_many(
        [many(101, from_email=None, template_id=8, body=None, merge_data={"a0@example.com": {}})]
    )
    assert sending.errors == ()
    assert [call.method for call in emulator.calls] == ["GET", "POST", "POST"]


def test_a_message_that_cannot_be_split_says_why_and_is_not_sent(emulator: Emulator, sender: MailjetSender) -> None:
    (sending,) = sender.send_many([many(101, cc=["carol@example.com"])])
    assert isinstance(sending.error, NotCompiledError)
    assert [diagnostic.code for diagnostic in sending.error.diagnostics] == ["LimitExceeded"]
    assert sending.receipts == ()
    assert len(emulator.calls) == 0


# --- Closing ----------------------------------------------------------------------------------------------------------


def test_a_sender_that_is_closed_sends_nothing(emulator: Emulator) -> None:
    with sender_to(emulator) as sender:
        sender.send(MESSAGE)
    with pytest.raises(RuntimeError, match="closed"):
        sender.send(MESSAGE)
    with pytest.raises(RuntimeError, match="closed"):
        list(sender.send_many([MESSAGE]))
    assert len(emulator.messages) == 1


def test_invalid_options_raise_type_error(sender: MailjetSender) -> None:
    with pytest.raises(TypeError, match="options must be"):
        sender.send(MESSAGE, 5)  # type: ignore[arg-type]


# --- Values -----------------------------------------------------------------------------------------------------------


def test_results_and_errors_are_values_that_compare_and_travel(emulator: Emulator, sender: MailjetSender) -> None:
    result = sender.send(MESSAGE)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own
    assert json.loads(json.dumps(result.to_dict()))["message_ids"] == list(result.message_ids)
    emulator.inject_faults("error-code", "error-code")
    errors = []
    for _ in range(2):
        with pytest.raises(RejectedError) as caught:
            sender.send(MESSAGE)
        errors.append(caught.value)
    copy = pickle.loads(pickle.dumps(errors[0]))  # noqa: S301 - our own
    assert copy == errors[0]
    assert hash(copy) == hash(errors[0])
    assert str(copy) == str(errors[0])
    assert errors[0] != RejectedError(Failure("another"))
    assert errors[0] != SenderError(errors[0].failure)
    with pytest.raises(FrozenInstanceError):
        errors[0].failure.message = "x"  # type: ignore[misc]


SETTLED = {"send_at": "2030-01-01T00:00:00Z"}
IGNORED = {"ignore_unsupported_features": ["send_at"]}


def test_an_response_without_recipients_shows_the_status_of_each(emulator: Emulator, sender: MailjetSender) -> None:
    emulator.inject_faults("nobody")
    with pytest.raises(NoRecipientAcceptedError) as caught:
        sender.send({**MESSAGE, **SETTLED}, IGNORED)
    failure = caught.value.failure
    assert [(recipient["email"], recipient["status"]) for recipient in failure.recipients] == [
        ("alice@example.com", "unknown"),
        ("bob@example.com", "unknown"),
    ]
    assert failure.unexpected == ()
    assert [warning.code for warning in failure.warnings] == ["FeatureDropped"]
    output = json.loads(json.dumps(caught.value.to_dict()))
    assert [recipient["email"] for recipient in output["recipients"]] == ["alice@example.com", "bob@example.com"]
    assert [warning["code"] for warning in output["warnings"]] == ["FeatureDropped"]


@pytest.mark.parametrize("fault", ["nobody", "reset-after-body", "unauthorized", "rate-limited", "not-json", "none"])
def test_every_error_travels(fault: str, emulator: Emulator) -> None:
    errors: list[SenderError] = []
    with sender_to(emulator, retries=None) as sender:
        try:
            if fault == "none":
                sender.send({**MESSAGE, "to": []})
            emulator.inject_faults(fault)
            sender.send({**MESSAGE, **SETTLED}, IGNORED)
        except SenderError as error:
            errors.append(error)
    with pytest.raises(SettingsError) as caught:
        MailjetSender("public", "private", timeout=0)
    for original in (*errors, caught.value):
        again = pickle.loads(pickle.dumps(original))  # noqa: S301 - our own
        assert (type(again), again, str(again), again.to_dict()) == (
            type(original),
            original,
            str(original),
            original.to_dict(),
        )
    assert len(errors) == 1


def test_contents_are_not_in_the_repr_of_results_and_errors(emulator: Emulator, sender: MailjetSender) -> None:
    secret = {**MESSAGE, "subject": "Confidential"}
    assert "Confidential" not in repr(next(sender.send_many([secret])))
    emulator.inject_faults("server-error")
    assert "Confidential" not in repr(next(sender.send_many([secret])))


@given(st.integers(0, 12), st.floats(0, 10), st.floats(0, 10), st.none() | st.floats(0, 100))
def test_pauses_are_bounded_and_no_shorter_than_asked(
    count: int, first: float, longest: float, asked: float | None
) -> None:
    first, longest = sorted((first, longest))
    retries = Retries(count, first, longest)
    for attempts in range(1, count + 1):
        pause = retries.pause(attempts, asked)
        if asked is not None and asked > longest:
            assert pause is None
        else:
            assert pause is not None
            assert min(longest, first * 2 ** (attempts - 1)) / 2 <= pause <= longest or pause == asked
            assert pause >= (asked or 0)
    assert retries.pause(count + 1) is None


@pytest.mark.parametrize("arguments", [(-1, 0.5, 8), (3, -1, 8), (3, 9, 8), (3, 0.5, float("inf"))])
def test_invalid_retries_are_rejected(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="count must be at least 0"):
        Retries(*arguments)


def test_a_too_long_pause_is_reported_instead(emulator: Emulator) -> None:
    response = HttpResponse(429, "", (("Retry-After", "120"),), b"")
    assert response.header("retry-after") == "120"
    assert Retries().pause(1, 120.0) is None


def test_an_unreachable_service_is_reported_without_a_trace_of_contents() -> None:
    with (
        MailjetSender("public", "private", "http://127.0.0.1:9/v3", retries=None) as sender,
        pytest.raises(NotSentError) as caught,
    ):
        sender.send({**MESSAGE, "subject": "Confidential"})
    assert "Confidential" not in str(caught.value) + repr(caught.value) + str(caught.value.to_dict())


def test_a_compiler_failure_affects_one_message_of_a_stream(
    emulator: Emulator, sender: MailjetSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(message: Any, *args: Any, **options: Any) -> Any:
        if message["subject"] == "hunter2":
            raise ValueError(message)
        return _try_fast_path(message, *args, **options)

    _try_fast_path = pipeline_compile._try_fast_path
    monkeypatch.setattr(pipeline_compile, "_try_fast_path", broken)
    breaking = {**MESSAGE, "subject": "hunter2"}
    first, second, third = sender.send_many([MESSAGE, breaking, MESSAGE])
    assert (first.ok, second.ok, third.ok) == (True, False, True)
    assert isinstance(second.error, NotCompiledError)
    assert [diagnostic.code for diagnostic in second.error.diagnostics] == ["InternalError"]
    assert not second.error.may_have_sent
    assert "hunter2" not in str(second.error)
    assert len(emulator.messages) == 2
    with pytest.raises(ValueError, match="hunter2"):
        sender.send(breaking)


def test_a_response_that_the_compiler_fails_on_may_be_of_a_message_that_was_sent(
    emulator: Emulator, sender: MailjetSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("hunter2")

    monkeypatch.setattr(compiler, "decode_response", broken)
    first, second = sender.send_many([MESSAGE, MESSAGE])
    assert len(emulator.messages) == 2
    for result in (first, second):
        (error,) = result.errors
        assert isinstance(error, InvalidResponseError)
        assert error.may_have_sent
        assert [diagnostic.code for diagnostic in error.diagnostics] == ["InternalError"]
        assert "hunter2" not in str(error)


def test_options_of_a_wrong_type_are_no_fault_of_the_compiler(sender: MailjetSender) -> None:
    with pytest.raises(TypeError):
        next(sender.send_many([MESSAGE], ["send_at"]))  # type: ignore[arg-type]
