"""`python -m compiler.sender` and `python -m compiler.sender.emulator`: their output and exit status."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from compiler.sender.__main__ import main
from compiler.sender.emulator import FAULTS, Emulator
from compiler.sender.emulator.__main__ import main as emulate
from tests.sender.helpers import MESSAGE, SHORT
from tests.sender.recorder import RecordingServer

VARIABLES = ("MAILJET_API_KEY", "MAILJET_SECRET_KEY", "MAILJET_API_URL", "MJ_APIKEY_PUBLIC", "MJ_APIKEY_PRIVATE")


@pytest.fixture(autouse=True)
def _environment(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MAILJET_API_KEY", emulator.api_key)
    monkeypatch.setenv("MAILJET_SECRET_KEY", emulator.secret_key)
    monkeypatch.setenv("MAILJET_API_URL", emulator.url)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command with a message; returns exit status, stdout and stderr."""

    def runs(message: Any, *arguments: str) -> tuple[int, str, str]:
        file = tmp_path / "message.json"
        file.write_text(message if isinstance(message, str) else json.dumps(message), encoding="utf-8")
        status = main([str(file), *arguments])
        return status, *capsys.readouterr()

    return runs


def test_it_sends_and_prints_every_recipient_s_status(run: Run, emulator: Emulator) -> None:
    status, out, err = run(MESSAGE)
    ids = [recipient.message_id for recipient in emulator.messages[0].recipients]
    assert out == f"sent     alice@example.com  {ids[0]}\nsent     bob@example.com  {ids[1]}\n"
    assert (status, err) == (0, "")


def test_json_has_everything(run: Run, emulator: Emulator) -> None:
    status, out, err = run({**MESSAGE, "subject": None}, "--json")
    printed = json.loads(out)
    assert (status, printed["ok"], printed["index"]) == (0, True, 0)
    (receipt,) = printed["receipts"]
    assert [recipient["status"] for recipient in receipt["result"]["recipients"]] == ["sent", "sent"]
    assert [warning["code"] for warning in receipt["result"]["warnings"]] == ["MissingSubject"]
    assert "MissingSubject" in err
    assert receipt["error"] is None


# For each fault: the exit status, and what is printed for a recipient.
ENDS = {
    "reset-after-body": (5, "unknown"),
    "half-body": (5, "unknown"),
    "stall": (5, "unknown"),
    "not-json": (5, "unknown"),
    "server-error": (5, "unknown"),
    "null-value": (5, "unknown"),
    "error-code": (3, "unsent"),
    "empty-400": (3, "unsent"),
    "unauthorized": (3, "unsent"),
    "redirect": (3, "unsent"),
    "nobody": (3, "unsent"),
    "rate-limited": (4, "unsent"),
}


@pytest.mark.parametrize("fault", ENDS)
def test_exit_statuses_distinguish_refused_failed_and_unknown(fault: str, run: Run, emulator: Emulator) -> None:
    expected, word = ENDS[fault]
    emulator.inject_faults(fault)
    status, out, err = run(MESSAGE, "--no-retries", *(["--timeout", str(SHORT)] if fault == "stall" else []))
    assert status == expected, err
    assert out == f"{word:<7}  alice@example.com\n{word:<7}  bob@example.com\n"
    assert err.startswith("python -m compiler.sender: ")
    assert ("it may have been accepted: check before sending it again" in err) == (expected == 5)


def test_a_recipient_missing_from_the_response_is_unknown(run: Run) -> None:
    response = b'{"Sent": [{"Email": "bob@example.com", "MessageID": 7, "MessageUUID": "u"}]}'
    with RecordingServer(200, response).running() as server:
        status, out, _ = run(MESSAGE, "--api-url", server.url)
    assert (status, out) == (5, "unknown  alice@example.com\nsent     bob@example.com  7\n")


def test_a_refused_connection_has_failed(run: Run, emulator: Emulator) -> None:
    with emulator.connection_refused():
        status, out, err = run(MESSAGE, "--no-retries")
    assert (status, out) == (4, "unsent   alice@example.com\nunsent   bob@example.com\n")
    assert "nothing was sent: no response from POST" in err


def test_a_failed_lookup_has_failed_and_sent_nothing(run: Run, emulator: Emulator) -> None:
    emulator.inject_faults("server-error")
    message = {"from_email": None, "to": ["a@example.com"], "template_id": 8}
    status, out, _ = run(message, "--no-retries")
    assert (status, out) == (4, "unsent   a@example.com\n")
    assert run(message)[0] == 0
    assert run({**message, "template_id": 404})[0] == 3


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({**MESSAGE, "to": ["alice"]}, "InvalidAddress"),
        ("{", "InvalidJSON"),
        ("[]", "InvalidMessage"),
        ('{"subject": "a", "subject": "b"}', "InvalidJSON"),
    ],
)
def test_a_message_that_does_not_compile_is_shown_where_and_sent_nowhere(
    message: Any, expected: str, run: Run, emulator: Emulator
) -> None:
    for arguments in ((), ("--json",), ("--dry-run",)):
        status, out, err = run(message, *arguments)
        assert status == 1
        assert expected in err
        assert err.count(expected) == 1
        if arguments == ("--json",):
            assert json.loads(out)["error"]["error"] == "NotCompiledError"
    assert len(emulator.calls) == 0


def test_a_message_for_too_many_is_sent_in_several_calls(run: Run, emulator: Emulator) -> None:
    emulator.inject_faults("wrong-content-type", "error-code")  # the first still counts as a response
    status, out, err = run({**MESSAGE, "to": [f"a{number}@example.com" for number in range(201)]}, "--no-retries")
    assert status == 5  # sent to some recipients only
    words = [line.split()[0] for line in out.splitlines()]
    assert words == ["sent"] * 100 + ["unsent"] * 100 + ["sent"]
    assert "The sender is not active" in err
    assert [len(message.recipients) for message in emulator.messages] == [100, 1]


def test_options_of_the_compiler_are_known(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    defaults = tmp_path / "defaults.json"
    defaults.write_text('{"tags": ["t"]}')
    message = {**MESSAGE, "send_at": "2030-01-01T00:00:00Z"}
    assert run(message)[0] == 1
    status, _, err = run(message, "--ignore-unsupported=send_at", "--defaults", str(defaults))
    assert status == 0
    assert "FeatureDropped" in err
    assert emulator.messages[0].payload["Mj-campaign"] == "t"
    message = {"from_email": None, "to": ["a@example.com"], "template_id": 8}
    assert run(message, "--template-sender", "given@example.com")[0] == 0
    assert emulator.messages[1].sender.email == "given@example.com"
    assert [call.method for call in emulator.calls] == ["POST", "POST"]


# --- Dry runs ---------------------------------------------------------------------------------------------------------


def test_a_dry_run_shows_the_exact_request_and_opens_no_socket(
    run: Run, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = {**MESSAGE, "subject": "Grüße"}
    assert run(message, "--debug")[0] == 0
    status, _, debug = run(message, "--debug")

    def refused(*_: object, **__: object) -> Any:
        raise AssertionError("a dry run opens no socket")

    with monkeypatch.context() as patched:
        patched.setattr(socket, "socket", refused)
        patched.setattr(socket, "getaddrinfo", refused)
        status, out, err = run(message, "--dry-run")
    assert (status, err) == (0, "")
    assert debug.startswith(out)  # exactly what is sent
    assert out.startswith(f"> POST {emulator.url}/send\n")
    assert "> Authorization: Basic ***\n" in out
    assert json.loads(out.splitlines()[-1].removeprefix("> "))["Subject"] == "Grüße"
    assert len(emulator.calls) == 2


def test_a_dry_run_needs_no_keys(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    status, out, _ = run(MESSAGE, "--dry-run")
    assert status == 0
    assert out.startswith("> POST https://api.mailjet.com/v3/send\n")
    assert "no-key" not in out


def test_a_dry_run_shows_the_lookup_too(run: Run, emulator: Emulator) -> None:
    status, out, _ = run({"from_email": None, "to": ["a@example.com"], "template_id": 8}, "--dry-run")
    first, second = out.split("\n\n> POST")
    assert first.startswith(f"> GET {emulator.url}/REST/template/8/detailcontent\n")
    assert "FromEmail" not in second
    assert status == 0
    assert len(emulator.calls) == 0


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_a_template_that_cannot_be_looked_up_is_reported(arguments: list[str], run: Run, emulator: Emulator) -> None:
    message = {"from_email": None, "to": ["a@example.com"], "esp_extra": {"Mj-TemplateID": ".."}}
    status, out, err = run(message, *arguments)
    assert (status, out) == (1, "")
    assert "numeric id, got '..' (set from_email in the message, or the option template_sender)" in err
    assert len(emulator.calls) == 0


# --- Usage ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--timeout", "0"], "timeout"),
        (["--total-timeout", "nan"], "total_timeout must be a positive number of seconds"),
        (["--timeout", "soon"], "--timeout"),
        (["--api-url", "http://example.com/v3"], "plain http"),
        (["--api-key", "x"], "--api-key"),
        (["--defaults", "missing.json"], "missing.json"),
        (["second.json"], "second.json"),
        (["--dry-run", "--json"], "cannot be combined with --json"),
    ],
)
def test_wrong_usage_is_reported(arguments: list[str], expected: str, run: Run, emulator: Emulator) -> None:
    status, out, err = run(MESSAGE, *arguments)
    assert (status, out) == (2, "")
    assert expected in err
    assert len(emulator.calls) == 0


def test_missing_keys_and_files_are_reported(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["missing.json"]) == 2
    assert "missing.json" in capsys.readouterr().err
    assert main([]) == 2
    assert main(["-", "--defaults", "-"]) == 2
    capsys.readouterr()
    monkeypatch.delenv("MAILJET_SECRET_KEY")
    status, _, err = run(MESSAGE)
    assert status == 2
    assert "set MAILJET_SECRET_KEY" in err


def test_the_help_teaches_and_no_flag_takes_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    output = capsys.readouterr().out
    for text in ("MAILJET_API_KEY", "--dry-run", "exit status", "unknown", "compiler.sender.emulator"):
        assert text in output
    assert "--api-key" not in output
    assert main(["--version"]) == 0
    assert emulate(["--help"]) == 0
    output = capsys.readouterr().out
    for fault in FAULTS:
        assert fault in output


def test_a_message_comes_from_standard_input_too(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(MESSAGE).encode())))
    assert main(["-"]) == 0
    assert len(emulator.messages) == 1


@pytest.mark.parametrize("output", ["/dev/full", None])
def test_the_exit_status_says_what_was_sent_where_printing_fails(
    output: str | None, emulator: Emulator, tmp_path: Path
) -> None:
    file = tmp_path / "message.json"
    file.write_text(json.dumps(MESSAGE))
    command = f'"{sys.executable}" -m compiler.sender "{file}" ' + (">&-" if output is None else f"> {output}")
    done = subprocess.run(["/bin/sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr.startswith("python -m compiler.sender: standard output")
    assert len(emulator.messages) == 1


def test_an_interrupt_says_what_may_have_happened(emulator: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "message.json"
    file.write_text(json.dumps(MESSAGE))
    emulator.inject_faults("stall")
    with subprocess.Popen(
        [sys.executable, "-m", "compiler.sender", str(file)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 20
        while not emulator.calls and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert err == "python -m compiler.sender: interrupted; the current message may have been accepted\n"


# --- The emulator's command -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", [signal.SIGINT, signal.SIGTERM])
def test_the_emulator_runs_until_it_is_stopped(ended: signal.Signals, tmp_path: Path) -> None:
    templates, file = tmp_path / "templates.json", tmp_path / "message.json"
    templates.write_text('{"176375": {"Headers": {"From": "Shop <shop@example.com>"}}}')
    file.write_text('{"from_email": null, "to": ["a@example.com"], "template_id": 176375}')
    command = [sys.executable, "-m", "compiler.sender.emulator", "--port", "0", "--templates", str(templates)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        output = [process.stdout.readline() for _ in range(5)]
        exports = dict(line.split()[1].split("=", 1) for line in output[1:4])
        page = output[4].split()[-1]
        sent = subprocess.run(
            [sys.executable, "-m", "compiler.sender", str(file)],
            env={**os.environ, **exports},
            capture_output=True,
            text=True,
            check=False,
        )
        messages = requests.get(f"{page}emulator/messages", timeout=10).json()["messages"]
        process.send_signal(ended)
        out, err = process.communicate(timeout=20)
    assert sent.returncode == 0, sent.stderr
    assert sent.stdout.startswith("sent     a@example.com  ")
    assert messages[0]["from"] == {"email": "shop@example.com", "name": "Shop"}
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--port", "65536"], "PORT must be an integer from 0 to 65535"),
        (["--host", "0.0.0.0"], "this machine"),  # noqa: S104 - it is refused
        (["--webhook", "http://example.com/"], "on this machine"),
        (["--templates", "missing.json"], "missing.json"),
    ],
)
def test_the_emulator_s_wrong_usage_is_reported(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert emulate(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("python -m compiler.sender.emulator: ")
    assert expected in captured.err


def test_a_port_that_is_taken_is_reported(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    port = emulator.page_url.rsplit(":", 1)[1].strip("/")
    assert emulate(["--port", port]) == 2
    assert "in use" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["[]", "{", '{"1": []}', '{"1": 2}'])
def test_invalid_templates_are_reported(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "templates.json"
    file.write_text(content)
    assert emulate(["--port", "0", "--templates", str(file)]) == 2
    assert "templates" in capsys.readouterr().err
