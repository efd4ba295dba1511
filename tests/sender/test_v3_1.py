"""Sending by Send API v3.1: the same promises, with errors of single messages, and the sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compiler.json_io.parse import parse_json
from compiler.sender import (
    AuthenticationError,
    MailjetSender,
    MaybeSentError,
    NotCompiledError,
    RejectedError,
    ServerError,
    SettingsError,
)
from compiler.sender.__main__ import main
from compiler.sender.emulator import Emulator
from tests.sender.helpers import MESSAGE, sender_to

V3_1 = "mailjet-v3.1"


@pytest.fixture
def sender(emulator: Emulator) -> Iterator[MailjetSender]:
    with sender_to(emulator, target=V3_1) as sender:
        yield sender


def test_each_recipient_gets_a_message(emulator: Emulator, sender: MailjetSender) -> None:
    result = sender.send(MESSAGE)
    assert [(each["email"], each["status"]) for each in result.recipients] == [
        ("alice@example.com", "sent"),
        ("bob@example.com", "sent"),
    ]
    assert result.sent_to_all
    messages = emulator.messages
    assert [each.api for each in messages] == ["v3.1", "v3.1"]
    assert [[one.email for one in each.recipients] for each in messages] == [["alice@example.com"], ["bob@example.com"]]
    assert result.message_ids == tuple(str(one.message_id) for each in messages for one in each.recipients)
    assert [(call.path, call.status_code) for call in emulator.calls] == [("/v3.1/send", 200)]


def test_a_shared_message_has_one_id(emulator: Emulator, sender: MailjetSender) -> None:
    result = sender.send({**MESSAGE, "cc": ["carol@example.com"], "bcc": ["dave@example.com"]})
    assert len(result.message_ids) == 1
    assert [(each["email"], each["status"]) for each in result.recipients] == [
        (f"{name}@example.com", "sent") for name in ("alice", "bob", "carol", "dave")
    ]
    assert [each.kind for each in emulator.messages[0].recipients] == ["to", "to", "cc", "bcc"]


def test_a_stored_template_is_not_looked_up(emulator: Emulator, sender: MailjetSender) -> None:
    sender.send({"to": ["alice@example.com"], "template_id": 176375})
    assert [call.path for call in emulator.calls] == ["/v3.1/send"]
    assert emulator.messages[0].sender.email == ""
    assert emulator.messages[0].template_id == 176375


def test_a_batch_in_which_some_messages_failed_says_which(emulator: Emulator, sender: MailjetSender) -> None:
    emulator.inject_faults("first-message-fails")
    result = sender.send(MESSAGE)
    assert not result.sent_to_all
    failed, sent = result.recipients
    assert (failed["email"], failed["status"]) == ("alice@example.com", "failed")
    assert [each["code"] for each in failed.get("errors", ())] == ["send-0008"]
    assert (sent["email"], sent["status"]) == ("bob@example.com", "sent")
    assert [each.recipients[0].email for each in emulator.messages] == ["bob@example.com"]


def test_a_call_in_which_all_messages_failed_was_not_sent(emulator: Emulator, sender: MailjetSender) -> None:
    emulator.inject_faults("first-message-fails")
    with pytest.raises(RejectedError) as raised:
        sender.send({**MESSAGE, "to": ["alice@example.com"]})
    assert not raised.value.may_have_sent
    assert raised.value.failure.service_code == "send-0008"
    assert "(status 403, code send-0008)" in str(raised.value)
    assert raised.value.status_code == 403
    assert emulator.messages == ()


def test_too_many_recipients_are_sent_in_several_calls(emulator: Emulator, sender: MailjetSender) -> None:
    message = {**MESSAGE, "to": [f"r{number}@example.com" for number in range(60)]}
    (result,) = sender.send_many([message])
    assert [len(receipt.result.recipients) for receipt in result.receipts if receipt.result] == [50, 10]
    assert len(emulator.messages) == 60
    with pytest.raises(NotCompiledError):
        sender.send({**message, "delivery": "shared"})


@pytest.mark.parametrize("own", [{}, {"esp_extra": {"SandboxMode": False}}, {"esp_extra": {"sandboxmode": False}}])
def test_nothing_is_delivered_in_the_sandbox(own: Any, emulator: Emulator) -> None:
    with sender_to(emulator, target=V3_1, sandbox=True) as sender:
        result = sender.send({**MESSAGE, **own})
        assert '"SandboxMode": true' in sender.preview({**MESSAGE, **own})[0]
    assert [each["status"] for each in result.recipients] == ["sent", "sent"]
    assert result.message_ids == ()
    assert emulator.messages == ()


def test_the_sandbox_needs_a_target_that_has_one(emulator: Emulator) -> None:
    with pytest.raises(
        SettingsError, match=r"sandbox requires a target with a sandbox, got mailjet-v3 \(choose .*v3.1"
    ):
        sender_to(emulator, sandbox=True)


def test_a_wrong_key_is_an_error(emulator: Emulator) -> None:
    with MailjetSender("wrong", "key", emulator.url_v3_1, target=V3_1) as sender, pytest.raises(AuthenticationError):
        sender.send(MESSAGE)


@pytest.mark.parametrize(
    ("fault", "error", "may_have_sent"),
    [
        ("close-after-body", MaybeSentError, True),
        ("server-error", ServerError, True),
        ("empty-400", RejectedError, False),
        ("error-code", RejectedError, False),
    ],
)
def test_a_message_is_never_sent_twice(
    fault: str, error: Any, may_have_sent: bool, emulator: Emulator, sender: MailjetSender
) -> None:
    emulator.inject_faults(fault)
    with pytest.raises(error) as raised:
        sender.send(MESSAGE)
    assert raised.value.may_have_sent is may_have_sent
    assert len(emulator.calls) == 1


@pytest.mark.parametrize(
    ("target", "url", "default"),
    [("mailjet-v3", "v3.1", "v3"), (V3_1, "v3", "v3.1"), (V3_1, "v3.2", "v3.1")],
)
def test_a_url_of_another_version_is_refused(target: str, url: str, default: str) -> None:
    with pytest.raises(SettingsError, match=f"another API version than the target {target}") as raised:
        MailjetSender("a", "b", f"https://api.mailjet.com/{url}", target=target)
    assert f"(use https://api.mailjet.com/{default}" in str(raised.value)


def test_the_target_has_its_default_url_and_must_be_known() -> None:
    assert repr(MailjetSender("key", "secret", target=V3_1)) == "<MailjetSender for https://api.mailjet.com/v3.1>"
    for target in ("mailjet-v4", None, ["mailjet-v3"]):
        with pytest.raises(SettingsError, match=r"unknown target .*\(available: mailjet-v3, mailjet-v3.1\)"):
            MailjetSender("a", "b", target=target)  # type: ignore[arg-type] # which is tested


@pytest.fixture
def message_file(tmp_path: Path) -> str:
    file = tmp_path / "message.json"
    file.write_text(json.dumps(MESSAGE), encoding="utf-8")
    return str(file)


def test_the_command_line(
    message_file: str, emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILJET_API_KEY", emulator.api_key)
    monkeypatch.setenv("MAILJET_SECRET_KEY", emulator.secret_key)
    command = [message_file, "--target", V3_1, "--api-url", emulator.url_v3_1]
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("sent     alice@example.com  11529215300")
    emulator.clear()
    assert main([*command, "--sandbox"]) == 0
    output, errors = capsys.readouterr()
    assert output == "sent     alice@example.com\nsent     bob@example.com\n"
    assert "in the sandbox, so nothing is delivered" in errors
    assert emulator.messages == ()
    emulator.inject_faults("first-message-fails")
    assert main(command) == 5
    assert "failed   alice@example.com  send-0008: emulator: injected fault" in capsys.readouterr().out
    emulator.inject_faults("server-error")
    assert main(command) == 5
    assert capsys.readouterr().out == "unknown  alice@example.com\nunknown  bob@example.com\n"
    assert main([message_file, "--sandbox"]) == 2
    assert main([message_file, "--target", "mailjet-v4"]) == 2


def test_a_dry_run_shows_the_call(message_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([message_file, "--target", V3_1, "--sandbox", "--dry-run"]) == 0
    head, _, body = capsys.readouterr().out.rpartition("> ")
    assert head.startswith("> POST https://api.mailjet.com/v3.1/send\n")
    payload, faults = parse_json(body.strip())
    assert not faults
    assert payload["SandboxMode"] is True
