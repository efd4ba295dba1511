"""The command line, run as people run it: what it prints, where, and how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from compiler import _resources

ROOT = Path(__file__).parent.parent
MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "Grüße", "body": "x"}


def run(*arguments: str, stdin: bytes = b"", cwd: Path = ROOT) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `python -m compiler` with these arguments."""
    ran = subprocess.run([sys.executable, "-m", "compiler", *arguments], input=stdin, capture_output=True, cwd=cwd)
    return ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8")


def write(folder: Path, message: object) -> str:
    file = folder / "message.json"
    file.write_text(json.dumps(message), encoding="utf-8")
    return str(file)


def test_a_payload_goes_to_stdout_and_nothing_to_stderr(tmp_path: Path) -> None:
    status, out, err = run(write(tmp_path, MESSAGE))
    assert (status, err) == (0, "")
    assert json.loads(out)["Subject"] == "Grüße"
    assert "Grüße" in out


def test_a_dash_is_standard_input() -> None:
    status, out, _ = run("-", stdin=json.dumps(MESSAGE).encode())
    assert status == 0
    assert json.loads(out)["FromEmail"] == "a@example.com"


def test_errors_go_to_stderr_with_file_code_path_and_hint(tmp_path: Path) -> None:
    file = write(tmp_path, MESSAGE | {"tags": ["a", "b"]})
    status, out, err = run(file)
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        f"{file}: error: UnsupportedFeature at /tags/1: multiple tags is not supported",
        "    keep one tag, or ignore this feature to use the first",
    ]


def test_warnings_go_to_stderr_beside_the_payload(tmp_path: Path) -> None:
    status, out, err = run(write(tmp_path, MESSAGE | {"subject": None}))
    assert status == 0
    assert json.loads(out)
    assert ": warning: MissingSubject at /subject: " in err


def test_an_unmet_requirement_has_a_status_of_its_own(tmp_path: Path) -> None:
    file = write(tmp_path, {"to": ["b@example.com"], "template_id": 7})
    status, out, err = run(file)
    assert status == 3
    assert json.loads(out)["Mj-TemplateID"] == 7
    assert err == f"{file}: the payload still needs: template_sender (template_id 7)\n"
    status, out, err = run(file, "--template-sender", "Shop <orders@example.com>")
    assert (status, err) == (0, "")
    assert json.loads(out)["FromName"] == "Shop"


def test_json_prints_the_whole_result(tmp_path: Path) -> None:
    status, out, _ = run(write(tmp_path, MESSAGE | {"tags": ["a", "b"]}), "--json")
    assert status == 1
    assert _resources.validator("result.schema.json").is_valid(json.loads(out))
    assert json.loads(out)["errors"][0]["rule"] == "tag"


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        (["--ignore-unsupported"], 0),
        (["--ignore-unsupported=multiple tags", "--ignore-unsupported=send_at"], 0),
        (["--ignore-unsupported=multiple tags"], 1),
    ],
)
def test_unsupported_features_are_ignored_all_or_by_name(tmp_path: Path, flags: list[str], status: int) -> None:
    file = write(tmp_path, MESSAGE | {"tags": ["a", "b"], "send_at": 0})
    assert run(*flags, file)[0] == status
    assert run(file, *flags)[0] == status


def test_defaults_come_from_a_file_and_faults_in_them_name_it(tmp_path: Path) -> None:
    defaults = tmp_path / "defaults.json"
    defaults.write_text('{"from_email": "d@example.com", "subject": 5}', encoding="utf-8")
    file = write(tmp_path, {"to": ["b@example.com"], "body": "x", "subject": "s"})
    status, _, err = run(file, "--defaults", str(defaults))
    assert status == 1
    assert err.startswith(f"{defaults}: error: InvalidMessage at /subject: a number stands where")


def test_a_folder_of_rulesets_is_a_target_of_ones_own(tmp_path: Path) -> None:
    status, out, _ = run(write(tmp_path, MESSAGE), "--target", str(_resources.TARGETS / "mailjet_v3"))
    assert status == 0
    assert json.loads(out)["FromEmail"] == "a@example.com"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-file.json"], "no-such-file.json: No such file or directory"),
        (["examples"], "examples: Is a directory"),
        (["examples/order-shipped.json", "--target", "mailjet-v9"], "there is no target 'mailjet-v9'"),
        (["examples/order-shipped.json", "--target", "examples"], "unknown key; known are"),
        (["examples/order-shipped.json", "--defaults", "README.md"], "README.md: "),
        (["examples/order-shipped.json", "--wrong"], "unrecognized arguments: --wrong"),
        ([], "the following arguments are required: FILE"),
    ],
)
def test_wrong_usage_and_unreadable_files_exit_with_2(arguments: list[str], words: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "syntax"),
        (b"{", "syntax"),
        (b'{"subject": "\xff"}', "encoding"),
        (b"\xef\xbb\xbf{}", "encoding"),
        (b'{"to": [], "to": []}', "duplicate-key"),
        (b'{"send_at": NaN}', "non-finite"),
        (b"[" * 100_000, "too-deep"),
    ],
)
def test_a_file_that_is_no_json_is_an_error_of_the_message(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "message.json"
    file.write_bytes(content)
    status, out, err = run(str(file), "--json")
    assert status == 1
    assert json.loads(out)["errors"][0]["params"] == {"reason": reason}
    assert err.startswith(f"{file}: error: InvalidJSON: ")


def test_what_cannot_be_printed_is_escaped(tmp_path: Path) -> None:
    file = write(tmp_path, MESSAGE | {"tags": ["\ud800"], "\udfff": 1})
    status, out, err = run(file, "--json")
    assert status == 1
    assert {each["code"] for each in json.loads(out)["errors"]} == {"InvalidValue"}
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("{python} -m compiler {file} | head -c 1", 0, b""),
        ("{python} -m compiler {file} > /dev/full", 2, b"standard output: No space left on device"),
        ("{python} -m compiler {file} >&-", 2, b"standard output: it is closed"),
        ("{python} -m compiler - <&-", 2, b"standard input is closed"),
        ("{python} -m compiler {file} >/dev/null 2>&-", 0, b""),
        ("{python} -m compiler {broken} 2>/dev/full", 1, b""),
        ("{python} -m compiler {broken} 2>&1 | true", 1, b""),
        ("{python} -m compiler -- {file} >/dev/null", 0, b""),
    ],
)
def test_streams_that_are_closed_or_full_are_no_traceback(tmp_path: Path, line: str, status: int, words: bytes) -> None:
    file = write(tmp_path, MESSAGE | {"body": "x" * 1_000_000})
    broken = tmp_path / "broken.json"
    broken.write_text("[]", encoding="utf-8")
    command = line.format(python=f'"{sys.executable}"', file=f'"{file}"', broken=f'"{broken}"')
    ran = subprocess.run(
        ["/bin/bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        cwd=ROOT,
    )
    assert ran.returncode == status
    assert words in ran.stderr
    assert b"Traceback" not in ran.stderr
    assert b"Exception ignored" not in ran.stderr


def test_a_key_cannot_forge_a_line_or_colour_the_terminal(tmp_path: Path) -> None:
    _, _, err = run(write(tmp_path, MESSAGE | {"a\nmessage.json: error: Fake": 1, "\x1b[31mred": 1}))
    assert len([line for line in err.splitlines() if not line.startswith("    ")]) == 2
    assert "\x1b" not in err


def test_help_teaches_by_example() -> None:
    status, out, _ = run("--help")
    assert status == 0
    for words in ("python -m compiler message.json", "--ignore-unsupported=", "exit status:", "mailjet-v3"):
        assert words in out


def test_the_checker_is_a_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "compiler.engine", "check", "mailjet-v3"], capture_output=True, text=True, cwd=ROOT
    )
    assert (ran.returncode, ran.stdout) == (0, "mailjet-v3: 0 problems found\n")
