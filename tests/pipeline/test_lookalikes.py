"""Documents passed by mistake: the error says what the document looks like and what to do."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.pipeline import lookalikes
from compiler.pipeline.lookalikes import body_hint, lookalike_of
from tests.cli.test_command_line import MESSAGE, run

EVENT = {"event": "open", "time": 1433333949, "MessageID": 19421777835146490, "email": "a@example.com"}
INBOUND = {"Sender": "a@example.com", "Recipient": "b@example.com", "Subject": "s", "Headers": {}, "Parts": []}
PAYLOAD = compiler.compile(MESSAGE).unwrap()
LOOKALIKES = [
    (EVENT, "a tracking event of a webhook", "compiler.decode_events", "--as events"),
    ([EVENT, EVENT], "a tracking event of a webhook", "compiler.decode_events", "--as events"),
    ((EVENT,), "a tracking event of a webhook", "compiler.decode_events", "--as events"),
    ({"mj_campaign_id": 1, "event": "sent"}, "a tracking event of a webhook", "compiler.decode_events", "--as events"),
    (INBOUND, "the body of an inbound webhook", "compiler.decode_inbound", "--as inbound"),
    ({"Sent": [{"Email": "a@example.com"}]}, "the answer to a send", "compiler.decode_response", "--as response"),
    (PAYLOAD, "a payload of Mailjet's", "compiler.decompile", "send it as it is"),
    ({"Messages": [PAYLOAD]}, "several messages for Mailjet", "compiler.decompile", "--target mailjet-v3.1"),
    ({"SandboxMode": True}, "several messages for Mailjet", "compiler.decode_response", "--as response"),
]
FORM_BODIES = [
    "event=open&time=1433333949&MessageID=19421777835146490&email=a%40example.com&CustomID=",
    "event=open",
    "event=open&time=1&" + "x" * 5_000 + "=1",
    '--boundary\r\nContent-Disposition: form-data; name="event"\r\n\r\nopen\r\n--boundary--\r\n',
    "event=open&time=1\n",
]


@pytest.mark.parametrize(("document", "what", "function", "flag"), LOOKALIKES)
def test_documents_that_are_not_messages_are_recognized(
    document: Any, what: str, function: str, flag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = [compiler.compile(document), compiler.compile_text(json.dumps(document))]
    results.append(compiler.explain(document).result)
    for result in results:
        errors = [error for error in result.errors if what in error.message]
        assert len(errors) == 1
        assert errors[0].code in ("InvalidMessage", "UnknownField")
        assert errors[0].hint is not None
        assert function in errors[0].hint
        assert flag in errors[0].hint
    monkeypatch.setattr(lookalikes, "lookalike_of", lambda _: None)
    assert compiler.compile(document) == results[0]  # equality ignores messages and hints


def test_a_message_with_strange_fields_is_still_a_message() -> None:
    result = compiler.compile(MESSAGE | {"event": "open", "time": 1})
    assert all("looks like" not in each.message for each in result.errors)
    assert lookalike_of({"Subject": "s", "To": "a@example.com"}) is None


@pytest.mark.parametrize("value", [None, 1, "event", b"event", [], [[]], [None], {}, {1: 2, ("event",): 3}, object()])
def test_other_values_are_not_recognized(value: Any) -> None:
    assert lookalike_of(value) is None


def test_methods_of_a_value_are_not_called() -> None:
    class Trap(dict[Any, Any]):
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

        def __iter__(self) -> Any:
            raise AssertionError

    lookalike = lookalike_of([Trap(EVENT)])
    assert lookalike is not None
    assert lookalike.what == "a tracking event of a webhook"


@pytest.mark.parametrize("body", FORM_BODIES)
@pytest.mark.parametrize("decode", [compiler.decode_events, compiler.decode_inbound])
def test_form_data_is_recognized(decode: Any, body: str) -> None:
    for body_input in (body, body.encode()):
        (error,) = decode(body_input).errors
        assert (error.code, error.path) == ("InvalidBody", "")
        assert "looks like form data" in error.hint
        assert "raw body" in error.hint


@pytest.mark.parametrize("body", ["Cg==", "eyJldmVudCI6Im9wZW4ifQ==", "eyJhIjoxfQ=", "event=", "=open"])
def test_base64_is_not_form_data(body: str) -> None:
    (error,) = compiler.decode_events(body).errors
    assert "form" not in (error.hint or "")


@pytest.mark.parametrize("body", ["", " \r\n"])
def test_an_empty_body_is_recognized(body: str) -> None:
    (error,) = compiler.decode_events(body).errors
    assert error.hint is not None
    assert error.hint.startswith("the body is empty")


@pytest.mark.parametrize("body", ["{", "[{'event': 'open'}]", "event", "a = b", "<a href=b>", "open=1 now", '{"a"=1}'])
def test_other_text_is_not_form_data(body: str) -> None:
    assert body_hint(body) is None


@given(st.text())
def test_body_hint_accepts_any_text(text: str) -> None:
    body_hint(text)


def test_long_texts_are_handled_quickly() -> None:
    start = time.process_time()
    for text in ("a" * 5_000_000, "a=&" * 2_000_000, " " * 5_000_000, "a=" * 2_000_000 + " "):
        body_hint(text)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("content", [b"", b" \r\n\t", "\u2003".encode()])
def test_an_empty_file_is_recognized_with_an_example_that_compiles(content: bytes) -> None:
    (error,) = compiler.compile_text(content).errors
    assert (error.code, error.path, error.params) == ("InvalidJSON", "", {"reason": "syntax"})
    assert error.message == "the file or text is empty"
    assert error.hint is not None
    example = error.hint[error.hint.index("{") :]
    compiler.compile_text(example).unwrap()
    status, _, stderr = run("-", stdin=content)
    assert status == 1
    assert "InvalidJSON: the file or text is empty" in stderr


def test_the_command_says_how_to_decode() -> None:
    status, _, stderr = run("-", stdin=json.dumps([EVENT]).encode())
    assert status == 1
    assert "looks like a tracking event of a webhook" in stderr
    assert "python -m compiler FILE --as events" in stderr
    status, _, stderr = run("-", "--as", "inbound", stdin=FORM_BODIES[0].encode())
    assert status == 1
    assert "hint: it looks like form data" in stderr
