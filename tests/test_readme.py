"""The README: every command prints what is shown, and every example equals the file that it shows."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from compiler import sender
from compiler.engine import ir
from compiler.frontend.fields import FIELDS
from compiler.pipeline.targets import named_target
from compiler.sender import errors
from compiler.sender.__main__ import exit_status

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
ERRORS = [name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)]
CONSOLE = [body for language, body in BLOCKS if language == "console"]


@pytest.mark.parametrize("session", CONSOLE, ids=lambda session: session.splitlines()[0])
def test_a_command_prints_what_is_shown(session: str, tmp_path: Path) -> None:
    command, _, shown = session.partition("\n")
    assert command.startswith("$ python -m ")
    line = command.removeprefix("$ ").replace("python -m", f'"{sys.executable}" -m', 1)
    line = line.replace("> payload.json", f'> "{tmp_path}/payload.json"')
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAILJET_", "MJ_"))}
    process = subprocess.run(
        ["/bin/sh", "-c", line],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=ROOT,
        env=environment,
    )
    assert process.stdout == shown


@pytest.mark.parametrize("index", [number for number, (language, _) in enumerate(BLOCKS) if language == "python"])
def test_a_python_example_prints_what_is_shown(index: int) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(BLOCKS[index][1], {})  # noqa: S102 - the README's own example
    assert BLOCKS[index + 1] == ("text", printed.getvalue())


def test_the_table_of_fields_has_every_field() -> None:
    rows = re.findall(r"^\| (`.*?`) \| (.*) \|$", README.split("### What becomes of each field")[1], re.MULTILINE)
    documented = {
        name: set(re.findall(r"`([\w-]+)[`/]", what)) for names, what in rows for name in re.findall(r"`(\w+)`", names)
    }
    assert set(FIELDS) <= set(documented)
    rules = {rule.id: rule for rule in named_target("mailjet-v3").ruleset("send").all_rules}
    written = {rule.target[0] for rule in rules.values() if isinstance(rule, ir.Put) and rule.target}
    assert written <= set().union(*(documented[name] for name in FIELDS))


def test_the_message_shown_is_the_example_file() -> None:
    (shown,) = (body for language, body in BLOCKS if language == "json")
    assert shown == (ROOT / "examples/order-shipped.json").read_text(encoding="utf-8")


def test_the_two_setup_commands_are_self_contained() -> None:
    commands = [body.strip() for language, body in BLOCKS if language == "sh"]
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert commands[0].endswith("-m compiler examples/order-shipped.json")
    assert commands[1].endswith("-m pytest --quiet --numprocesses auto")


def test_the_table_of_sender_errors_is_correct() -> None:
    rows = re.findall(r"^\| `(\w+Error)` \| .* \| (yes|no) \| (\d) \|$", README, re.MULTILINE)
    kinds = {name: getattr(sender, name) for name in sender.__all__ if name.endswith("Error")}
    assert [name for name, _, _ in rows] == [name for name in ERRORS if not kinds[name].__subclasses__()]
    for name, may_have_sent, status in rows:
        error = kinds[name](sender.Failure("why", may_have_sent=may_have_sent == "yes"))
        if name == "NotCompiledError":
            assert exit_status(sender.BulkSendResult(0, error=error)) == int(status)
        elif name != "SettingsError":  # which is raised before anything is sent
            assert exit_status(sender.BulkSendResult(0, (sender.Receipt({}, None, error),))) == int(status)


def test_every_file_and_folder_named_exists() -> None:
    named = re.findall(r"`((?:compiler|schemas|golden|examples|tests|\.ci)/[\w./-]*)`", README)
    assert len(named) > 8
    for name in named:
        assert (ROOT / name).exists(), name


def test_the_list_of_ignorable_features_matches_the_rules() -> None:
    (listed,) = re.findall(r"^Features that can be ignored: ([\s\S]*?)\.", README, re.MULTILINE)
    rules = named_target("mailjet-v3").ruleset("send").all_rules
    unsupported = [rule.unsupported for rule in rules if isinstance(rule, ir.Put | ir.UnsupportedRule)]
    features = {each.feature for each in unsupported if each is not None and each.ignorable}
    assert set(re.findall(r"`([\w ]+)`", listed)) == features
