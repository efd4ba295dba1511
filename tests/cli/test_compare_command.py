"""The command `compare` prints a table of what each service makes of a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compiler.cli.main import main
from compiler.json_io import resources

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}


@pytest.fixture(name="message_file")
def write_message(tmp_path: Path) -> Any:
    """Writes a message and returns the name of its file."""

    def write(message: Any) -> str:
        file = tmp_path / "message.json"
        file.write_text(message if isinstance(message, str) else json.dumps(message), encoding="utf-8")
        return str(file)

    return write


def test_the_table(message_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", message_file({**MESSAGE, "reply_to": ["c@example.com", "d@example.com"]})]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "                                         mailjet-v3  mailjet-v3.1",
        "outcome                                  compiles    refuses",
        "multiple reply_to addresses /reply_to/1  -           droppable",
        "",
        "compiles: there is a payload",
        "refuses: there are errors",
        "droppable: an error, but --ignore-unsupported leaves it out",
    ]


def test_markdown(message_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    name = message_file({**MESSAGE, "tags": ["a", "b"], "esp_extra": {"a|b": 1}})
    assert main(["compare", name, "--markdown", "--ignore-unsupported", "--target", "mailjet-v3"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "|  | mailjet-v3 |",
        "| --- | --- |",
        "| outcome | warns |",
        "| UnknownProperty /esp_extra/a\\|b | warning |",
        "| multiple tags /tags/1 | dropped |",
    ]


def test_json(message_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", message_file(MESSAGE), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    resources.validator("comparison.schema.json").validate(document)
    assert [each["outcome"] for each in document["targets"]] == ["compiles", "compiles"]


def test_no_service_takes_the_message(message_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", message_file({})]) == 1
    assert "MissingField" in capsys.readouterr().out


def test_a_message_that_cannot_be_read(message_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    name = message_file('{"to": [,]}')
    assert main(["compare", name]) == 1
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith(f"{name}:1:9: error: InvalidJSON")


def test_a_folder_of_ones_own(message_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(EXAMPLES / "target-carrier")
    assert main(["compare", message_file(MESSAGE), "--target", folder, "--target", "mailjet-v3.1", "--json"]) == 0
    targets = json.loads(capsys.readouterr().out)["targets"]
    assert [each["target"] for each in targets] == ["carrier", "mailjet-v3.1"]


def test_invalid_usage(message_file: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", message_file(MESSAGE), "--target", "mailjet-v4"]) == 2
    assert "unknown target 'mailjet-v4'" in capsys.readouterr().err
    assert main(["compare", "none.json"]) == 2
    assert main(["compare", message_file(MESSAGE), "--json", "--markdown"]) == 2
