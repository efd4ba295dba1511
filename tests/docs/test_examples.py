"""The commands and examples of all pages: each prints what is shown."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, Block, read_blocks, run_command

BLOCKS = [block for page in PAGES for block in read_blocks(page)]


def blocks_in(*languages: str) -> list[Block]:
    return [block for block in BLOCKS if block.language in languages]


@pytest.mark.parametrize("block", blocks_in("console"), ids=str)
def test_a_command_prints_what_is_shown(block: Block, tmp_path: Path) -> None:
    sessions = re.findall(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE)
    assert "".join(f"$ {command}\n{shown}" for command, shown in sessions) == block.text
    for command, shown in sessions:
        assert run_command(command, tmp_path).stdout == shown


@pytest.mark.parametrize("block", blocks_in("sh"), ids=str)
def test_a_command_without_output_succeeds(block: Block, tmp_path: Path) -> None:
    for command in re.sub(r" *\\\n *", " ", block.text).splitlines():
        if not command.startswith("python3 -m venv "):  # CI runs those
            process = run_command(command, tmp_path)
            assert process.returncode == 0, process.stdout


@pytest.mark.parametrize("block", blocks_in("python"), ids=str)
def test_a_python_example_prints_what_is_shown(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    if block.page == "golden/README.md":
        assert block.text == (ROOT / "examples/harness-skeleton/harness.py").read_text(encoding="utf-8")
        return
    monkeypatch.chdir(ROOT)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(block.text, {"__name__": "example"})  # noqa: S102 - the page's own example
    if printed.getvalue():
        assert block.following == ("text", printed.getvalue())
