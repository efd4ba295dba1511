"""The command `schema` prints every schema of the package, and the file it is in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from compiler.cli.main import main
from compiler.cli.schema_command import schema_names
from compiler.json_io import resources

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_and_its_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["$id"] == f"{resources.BASE}{name}.schema.json"
    assert main(["schema", "--path", f"{name}.schema.json"]) == 0
    assert Path(capsys.readouterr().out.strip()).read_text(encoding="utf-8") == printed


def test_the_schema_of_a_message_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Message"


def test_the_help_lists_all_schemas(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--help"]) == 0
    assert set(schema_names()) <= set(capsys.readouterr().out.split())


def test_the_schemas_of_a_target_are_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    carrier = str(ROOT / "examples" / "target-carrier")
    assert main(["schema", "https://carrier.example/payload.schema.json", "--target", carrier]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(Path(carrier, "payload.schema.json").read_text("utf-8"))
    declared = {"NoEffect": {"too-late": "It is too late."}}
    shutil.copytree(carrier, tmp_path / "carrier")
    manifest = json.loads((tmp_path / "carrier" / "target.json").read_text("utf-8"))
    (tmp_path / "carrier" / "target.json").write_text(json.dumps(manifest | {"reasons": declared}), "utf-8")
    assert main(["schema", "diagnostic", "--target", str(tmp_path / "carrier")]) == 0
    assert "too-late" in capsys.readouterr().out
    assert main(["schema", "diagnostic"]) == 0
    assert "too-late" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mesage"], "unknown schema 'mesage' (available: canonical-message, case, "),
        (["message", "options"], "unrecognized arguments: options"),
        (["--file"], "unrecognized arguments: --file"),
    ],
)
def test_invalid_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_file_called_schema_needs_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("schema").write_text(
        '{"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}', encoding="utf-8"
    )
    assert main(["./schema"]) == 0
    assert json.loads(capsys.readouterr().out)["FromEmail"] == "a@example.com"
