"""Credentials appear in no error, repr, log, traceback or dump."""

from __future__ import annotations

import base64
import io
import json
import logging
import pickle
import socket
import ssl
import sys
import traceback
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.sender import MailjetSender, NetworkError, NotCompiledError, SenderError
from compiler.sender.emulator import FAULTS, Emulator
from compiler.sender.masking import MASK, Mask
from tests.sender.helpers import MESSAGE, QUICK, SHORT
from tests.sender.recorder import RecordingServer

API_KEY, SECRET_KEY = "p\xfcblic/key+1", "priv%te key:2"
PAIR = base64.b64encode(f"{API_KEY}:{SECRET_KEY}".encode("latin-1")).decode("ascii")
SECRETS = (API_KEY, SECRET_KEY, PAIR, quote(API_KEY, safe=""), quote(SECRET_KEY, safe=""), json.dumps(API_KEY)[1:-1])
ECHO = {**MESSAGE, "subject": f"The keys are {API_KEY} and {SECRET_KEY}", "metadata": {"pair": PAIR}}


def assert_safe(text: str) -> None:
    for secret in SECRETS:
        assert secret not in text


def visible_texts(error: BaseException) -> str:
    """All text that a log, a debugger or a traceback would show of an error and its causes."""
    shown = ["".join(traceback.format_exception(error)), str(error), repr(error), repr(error.args)]
    if isinstance(error, SenderError):
        shown += [repr(error.failure), json.dumps(error.to_dict()), repr(error.diagnostics)]
    for inner in (error.__cause__, error.__context__):
        if inner is not None:
            shown.append(visible_texts(inner))
    return "\n".join(shown)


@pytest.mark.parametrize("fault", [*FAULTS, "refused connection", "none"])
def test_no_fault_reveals_a_secret(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    debug = io.StringIO()
    with (
        Emulator(api_key=API_KEY, secret_key=SECRET_KEY) as emulator,
        MailjetSender(
            API_KEY, SECRET_KEY, emulator.url, SHORT if "stall" in fault else 10, retries=QUICK, debug=debug
        ) as sender,
        caplog.at_level(logging.DEBUG, "compiler"),
    ):
        if fault in FAULTS:
            emulator.inject_faults(fault)
        elif fault == "refused connection":
            emulator.stop()
        shown = [repr(sender), repr(vars(sender)), *sender.preview(ECHO)]
        try:
            shown.append(repr(sender.send(ECHO)))
        except SenderError as error:
            shown.append(visible_texts(error))
    assert len(emulator.messages) == 1 or fault != "none"  # the keys are valid
    output = "\n".join([*shown, caplog.text, debug.getvalue()])
    assert_safe(output)
    assert "Authorization: Basic ***" in debug.getvalue()
    assert "The keys are *** and ***" in debug.getvalue()


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
def test_what_the_service_echoes_is_masked(status: int) -> None:
    output = {"ErrorMessage": f"Basic {PAIR} {API_KEY}:{SECRET_KEY}", "ErrorCode": API_KEY, "StatusCode": status}
    body = json.dumps(output).encode()
    debug = io.StringIO()
    headers = {"Set_Cookie": f"session={SECRET_KEY}", "X_Key": API_KEY}
    with (
        RecordingServer(status, body, **headers).running() as server,
        MailjetSender(API_KEY, SECRET_KEY, server.url, retries=None, debug=debug) as sender,
        pytest.raises(SenderError) as caught,
    ):
        sender.send(MESSAGE)
    assert_safe(visible_texts(caught.value) + debug.getvalue())
    assert "X-Key: ***" in debug.getvalue()
    assert "Set-Cookie: ***" in debug.getvalue()
    assert caught.value.failure.response is not None
    assert PAIR.encode() in caught.value.failure.response.body  # the raw body is not masked


def test_what_the_compiler_says_of_a_message_stays_as_it_is() -> None:
    broken = {**MESSAGE, "to": ["sk@"], "ks": 1}
    dropped = {**MESSAGE, "send_at": "2030-01-01T00:00:00Z"}
    options = {"ignore_unsupported_features": ["send_at"]}
    with Emulator(api_key="k", secret_key="s") as service, MailjetSender("k", "s", service.url) as sender:  # noqa: S106
        with pytest.raises(NotCompiledError) as caught:
            sender.send(broken)
        result = sender.send(dropped, options)
    expected = compiler.compile(broken).errors
    assert [diagnostic.to_dict() for diagnostic in caught.value.diagnostics] == [item.to_dict() for item in expected]
    assert str(expected[0]) in str(caught.value)
    warnings = compiler.compile(dropped, options=options).warnings
    assert [warning.to_dict() for warning in result.warnings] == [warning.to_dict() for warning in warnings] != []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"ErrorMessage": "the key k, the secret s", "ErrorCode": "ks"}),
        (500, {"ErrorMessage": "k"}),
        (401, {}),
        (429, {}),
        (200, {"Sent": "ks"}),
        (200, {"Sent": [{"Email": "alice@example.com"}, "ks"]}),
    ],
)
def test_a_short_key_leaves_the_diagnostics_of_a_response_readable(status: int, body: Any) -> None:
    with (
        RecordingServer(status, json.dumps(body).encode()).running() as server,
        MailjetSender("k", "s", server.url, retries=None) as sender,
        pytest.raises(SenderError) as caught,
    ):
        sender.send(MESSAGE)
    expected = compiler.decode_response(body, status, "", MESSAGE).errors
    output = caught.value.diagnostics
    assert [(diagnostic.code, diagnostic.path, diagnostic.message) for diagnostic in output] == [
        (item.code, item.path, item.message) for item in expected
    ]
    assert [dict(diagnostic.params) | {"service_message": None} for diagnostic in output] == [
        dict(item.params) | {"service_message": None} for item in expected
    ]
    assert expected[0].message in str(caught.value)
    words = body.get("ErrorMessage")
    if words is not None:
        assert caught.value.service_message == output[0].hint == words.replace("k", MASK).replace("s", MASK)
    if "ErrorCode" in body:
        assert caught.value.failure.service_code == MASK * 2


def reachable_objects(error: BaseException) -> list[Any]:
    """All objects reachable from an error by causes, arguments and attributes."""
    reachable: list[Any] = []
    queue: list[Any] = [error]
    while queue:
        obj = queue.pop()
        if any(obj is seen for seen in reachable) or len(reachable) > 100_000:
            continue
        reachable.append(obj)
        if isinstance(obj, BaseException):
            queue += [obj.__cause__, obj.__context__, *obj.args]
        if isinstance(obj, dict):
            queue += [*obj, *obj.values()]
        elif isinstance(obj, list | tuple | set | frozenset):
            queue += obj
        elif not isinstance(obj, type):
            names = [*getattr(obj, "__dict__", ()), *getattr(type(obj), "__slots__", ())]
            queue += [getattr(obj, name, None) for name in names]
    return reachable


# The system error that caused each failure.
CAUSES: dict[str, type[OSError]] = {
    "refused connection": ConnectionRefusedError,
    "unknown host": socket.gaierror,
    "reset-after-body": ConnectionResetError,
    "close-after-body": ConnectionResetError,
    "stall": TimeoutError,
    "stall-half-body": TimeoutError,
    "garbage": OSError,
    "half-body": OSError,
    "bad-compression": OSError,
    "no time": TimeoutError,
    "a hook's mistake": OSError,
    "tls": ssl.SSLError,
}


@pytest.mark.parametrize("fault", CAUSES)
def test_a_network_error_keeps_its_cause_and_not_the_request(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    session = requests.Session()

    def raise_all(response: requests.Response, **_: Any) -> None:
        raise requests.ConnectionError(f"{API_KEY} {SECRET_KEY}", request=response.request, response=response)

    with Emulator(api_key=API_KEY, secret_key=SECRET_KEY) as emulator, session:
        url = emulator.url
        if fault in FAULTS:
            emulator.inject_faults(fault)
        elif fault == "refused connection":
            emulator.stop()
        elif fault == "unknown host":
            unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(unknown))
        elif fault == "tls":
            url = url.replace("http:", "https:")
        elif fault == "a hook's mistake":
            session.hooks["response"].append(raise_all)
        timeout = SHORT if "stall" in fault else 10
        total = 1e-9 if fault == "no time" else 60
        with (
            MailjetSender(API_KEY, SECRET_KEY, url, timeout, session, retries=None, total_timeout=total) as sender,
            pytest.raises(NetworkError) as caught,
        ):
            sender.send(MESSAGE)
    error = caught.value
    assert isinstance(error.__cause__, CAUSES[fault])
    assert type(error.__cause__).__module__.split(".")[0] in sys.stdlib_module_names
    assert error.__suppress_context__
    assert error.__context__ is None
    assert (error.__cause__.__traceback__, error.__cause__.__context__) == (None, None)
    kinds = (requests.PreparedRequest, requests.Response, requests.Session)
    assert not [obj for obj in reachable_objects(error) if isinstance(obj, kinds)]
    assert_safe("\n".join(obj for obj in reachable_objects(error) if isinstance(obj, str)))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(again), again, str(again)) == (type(error), error, str(error))


def test_a_short_key_leaves_what_the_sender_says_of_the_network_readable() -> None:
    with MailjetSender("k", "s", "http://127.0.0.1:9/v3", retries=None) as sender, pytest.raises(SenderError) as caught:
        sender.send(MESSAGE)
    assert "nothing was sent: no response from" in str(caught.value)
    assert "the connection failed" in str(caught.value)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=["Cc"]), min_size=4), st.text())
def test_a_masked_text_holds_no_key(key: str, text: str) -> None:
    mask = Mask(key, f"{key}{key[0]}")
    masked = mask.text(f"{text}{key}{text}{key}{key[0]}{text}{quote(key, safe='')}")
    assert key not in masked.replace(MASK, "") or key in text + text or set(key) <= {"*"}
    assert mask.value({key: [key, 1, {"a": f"x{key}"}]}) == {MASK: [MASK, 1, {"a": f"x{MASK}"}]} or key in "x*a"


# --- The log ----------------------------------------------------------------------------------------------------------


def test_the_log_has_one_line_for_each_call_and_no_contents(
    emulator: Emulator, sender: MailjetSender, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.inject_faults("rate-limited")
    with caplog.at_level(logging.DEBUG, "compiler.sender"):
        sender.send({**MESSAGE, "subject": "Confidential"})
    lines = [record.getMessage() for record in caplog.records if record.name == "compiler.sender"]
    assert len(lines) == len(emulator.calls) == 2
    endpoint = f"POST {emulator.url}/send"
    assert lines[0].startswith(f"{endpoint}: 429 in ")
    assert lines[1].startswith(f"{endpoint}: 200 in ")
    assert " ms, " in lines[1]
    assert lines[1].endswith(f"{len(emulator_answer(emulator))} received")
    for text in ("Confidential", "alice", "example.com"):
        assert text not in "".join(lines)
    assert {record.levelname for record in caplog.records if record.name == "compiler.sender"} == {"INFO"}


def emulator_answer(emulator: Emulator) -> bytes:
    """The emulator's response to its last message."""
    sent = [
        {"Email": recipient.email, "MessageID": recipient.message_id, "MessageUUID": recipient.message_uuid}
        for recipient in emulator.messages[-1].recipients
    ]
    return json.dumps({"Sent": sent}).encode()


def test_a_call_without_a_response_is_a_warning_in_the_log(
    emulator: Emulator, sender: MailjetSender, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.inject_faults("reset-after-body")
    with caplog.at_level(logging.DEBUG, "compiler.sender"), pytest.raises(SenderError):
        sender.send(MESSAGE)
    (record,) = [record for record in caplog.records if record.name == "compiler.sender"]
    assert record.levelname == "WARNING"
    assert "Connection reset by peer, after" in record.getMessage()


def test_without_configuration_there_is_no_log(
    emulator: Emulator, sender: MailjetSender, capfd: pytest.CaptureFixture[str]
) -> None:
    emulator.inject_faults("reset-after-body")
    with pytest.raises(SenderError):
        sender.send(MESSAGE)
    assert capfd.readouterr() == ("", "")


# --- The dump ---------------------------------------------------------------------------------------------------------


def test_the_dump_has_request_and_answer_in_full(emulator: Emulator) -> None:
    debug = io.StringIO()
    with MailjetSender(emulator.api_key, emulator.secret_key, emulator.url, debug=debug) as sender:
        result = sender.send({**MESSAGE, "subject": "Grüße"})
        (shown,) = sender.preview({**MESSAGE, "subject": "Grüße"})
    dump = debug.getvalue()
    assert dump.startswith(f"> POST {emulator.url}/send\n")
    assert shown in dump  # a dry run shows exactly what is sent
    body = next(line for line in dump.split("\n") if line.startswith("> {")).removeprefix("> ")
    assert json.loads(body) == emulator.messages[0].payload
    assert f"> Content-Length: {len(body.encode())}" in dump
    assert "\n< 200 OK\n" in dump
    assert f"\n< {result.response.body.decode()}\n" in dump


def test_a_dump_that_cannot_be_written_does_not_lose_the_response(emulator: Emulator) -> None:
    closed = io.StringIO()
    closed.close()
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    for debug in (closed, narrow):
        with MailjetSender(emulator.api_key, emulator.secret_key, emulator.url, debug=debug) as sender:
            assert sender.send({**MESSAGE, "subject": "Grüße"}).sent_to_all


def test_a_dump_cannot_move_the_cursor_or_forge_a_line(emulator: Emulator) -> None:
    debug = io.StringIO()
    with MailjetSender(emulator.api_key, emulator.secret_key, emulator.url, debug=debug) as sender:
        sender.send({**MESSAGE, "subject": "\x9b31m \u202e", "body": "a\n< 200 OK\x85\u2028"})
    for line in debug.getvalue().split("\n"):
        assert not line or line[:2] in ("> ", "< ") or line in "><"
        assert not any(character in line for character in "\x9b\u202e\x85\u2028")
