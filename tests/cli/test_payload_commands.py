"""The commands `decompile` and `migrate` print messages and payloads, and show errors in the payload's text."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import compiler
from compiler.cli.main import main

ROOT = Path(__file__).parent.parent.parent
PAYLOAD = {
    "FromEmail": "a@example.com",
    "Recipients": [{"Email": "b@example.com"}],
    "Subject": "s",
    "Text-part": "t",
    "Mj-prio": 1,
}
SEVERAL = {"Messages": [PAYLOAD, {**PAYLOAD, "Subject": "another"}]}


@pytest.fixture(name="payload_file")
def write_payload(tmp_path: Path) -> Any:
    """Writes a payload and returns the name of its file."""

    def write(payload: Any) -> str:
        file = tmp_path / "payload.json"
        file.write_text(payload if isinstance(payload, str) else json.dumps(payload, indent=1), encoding="utf-8")
        return str(file)

    return write


def test_one_message_is_an_object_and_several_are_a_list(payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decompile", payload_file(PAYLOAD)]) == 0
    assert [json.loads(capsys.readouterr().out)] == compiler.decompile(PAYLOAD).unwrap()
    assert main(["decompile", payload_file(SEVERAL)]) == 0
    assert json.loads(capsys.readouterr().out) == compiler.decompile(SEVERAL).unwrap()


def test_each_message_on_a_line(payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decompile", "--lines", payload_file(SEVERAL)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == compiler.decompile(SEVERAL).unwrap()
    assert main(["decompile", "--lines", payload_file({"Messages": []})]) == 0
    assert capsys.readouterr().out == ""


def test_what_was_decompiled_compiles_to_the_payload(
    payload_file: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["decompile", payload_file(PAYLOAD)]) == 0
    message = capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(message.encode())))
    assert main(["-"]) == 0
    assert json.loads(capsys.readouterr().out) == PAYLOAD


def test_an_error_is_shown_in_the_payload(payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    name = payload_file({**PAYLOAD, "Mj-prio": "high"})
    for command in ("decompile", "migrate"):
        assert main([command, name]) == 1
        output, errors = capsys.readouterr()
        assert output == ""
        assert errors.startswith(f"{name}:10:13: error: InvalidValue at /Mj-prio: ")
        assert ' 10 |  "Mj-prio": "high"' in errors


def test_a_payload_of_another_target_is_named(payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    name = payload_file(compiler.migrate(PAYLOAD).unwrap()[0])
    assert main(["decompile", name]) == 1
    assert "it can be read as a payload of mailjet-v3.1" in capsys.readouterr().err
    assert main(["migrate", name, "--to", "mailjet-v3"]) == 1
    assert "it can be read as a payload of mailjet-v3.1" in capsys.readouterr().err
    assert main(["decompile", name, "--target", "mailjet-v3.1"]) == 0


def test_the_whole_result_as_json(payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decompile", "--json", payload_file("{")]) == 1
    assert json.loads(capsys.readouterr().out)["errors"][0]["code"] == "InvalidJSON"
    assert main(["migrate", "--json", payload_file(PAYLOAD)]) == 0
    assert json.loads(capsys.readouterr().out)["output"] == compiler.migrate(PAYLOAD).unwrap()


def test_there_and_back(payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", payload_file(PAYLOAD)]) == 0
    there = json.loads(capsys.readouterr().out)
    assert there["Messages"][0]["Priority"] == 1
    assert main(["migrate", payload_file(there), "--from", "mailjet-v3.1", "--to", "mailjet-v3"]) == 0
    assert json.loads(capsys.readouterr().out) == PAYLOAD


def test_several_payloads_are_a_list_or_lines(payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    name = payload_file(SEVERAL)
    assert main(["migrate", name]) == 0
    assert json.loads(capsys.readouterr().out) == compiler.migrate(SEVERAL).unwrap()
    assert main(["migrate", name, "--lines"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == compiler.migrate(SEVERAL).unwrap()


@pytest.mark.parametrize("flag", ["--ignore-unsupported", "--ignore-unsupported=reserved header"])
def test_features_to_leave_out(flag: str, payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    name = payload_file({**PAYLOAD, "Headers": {"Return-Path": "x"}})
    assert main(["migrate", name]) == 1
    assert "UnsupportedFeature at /Headers/Return-Path" in capsys.readouterr().err
    assert main(["migrate", flag, name]) == 0
    assert "FeatureDropped at /Headers/Return-Path" in capsys.readouterr().err


def test_a_payload_that_needs_something(payload_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    template = {"Messages": [{"To": [{"Email": "b@example.com"}], "TemplateID": 5, "TemplateLanguage": True}]}
    arguments = ["migrate", payload_file(template), "--from", "mailjet-v3.1", "--to", "mailjet-v3"]
    assert main(arguments) == 3
    assert "the payload still needs: template_sender" in capsys.readouterr().err
    assert main([*arguments, "--template-sender", "a@example.com"]) == 0
    assert json.loads(capsys.readouterr().out)["FromEmail"] == "a@example.com"
    assert main([*arguments, "--template-sender", "a@"]) == 1
    assert capsys.readouterr().err.startswith("--template-sender: error: InvalidAddress")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["decompile"], "PAYLOAD"),
        (["decompile", "none.json"], "none.json: No such file"),
        (["decompile", "-", "--target", "x"], "unknown target 'x'"),
        (["migrate", "-", "--from", "x"], "unknown target 'x'"),
        (["migrate", "-", "--to", "x"], "unknown target 'x'"),
        (["migrate", "-", "--json", "--lines"], "not allowed with"),
        (["decompile", "-", "--target", str(ROOT / "examples" / "target-carrier")], "unknown ruleset 'decompile'"),
    ],
)
def test_invalid_usage(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("command", ["decompile", "migrate", "compare"])
def test_the_help_lists_the_targets(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    output = " ".join(capsys.readouterr().out.split())
    assert output.startswith("usage: ")
    assert "mailjet-v3, mailjet-v3.1, or a folder" in output
    assert "examples:" in output
