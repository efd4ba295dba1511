"""The example of a distributed engine, run from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr; stderr is only shown on failure, because Dask logs warnings there."""
    command = [sys.executable, "examples/dask-bulk/compile_in_dask.py", *arguments]
    process = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    return process.returncode, process.stdout, process.stderr


@pytest.mark.slow
def test_messages_are_compiled_in_a_cluster() -> None:
    status, stdout, stderr = run("examples/newsletter.jsonl")
    assert status == 1, stderr
    assert stdout.splitlines() == [
        "3 of 4 messages compile",
        "line 3: UnsupportedFeature at /tags/1: not supported: multiple tags",
    ]


@pytest.mark.slow
def test_the_example_accepts_unusual_lines(tmp_path: Path) -> None:
    message = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "a\u2028b"}
    lines = [json.dumps(message, ensure_ascii=False), "", json.dumps(message | {"to": 7}), ""]
    (tmp_path / "messages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    status, stdout, stderr = run(str(tmp_path / "messages.jsonl"))
    assert status == 1, stderr
    assert stdout.startswith("1 of 2 messages compile\nline 3: InvalidMessage at /to")


def test_its_help_describes_the_input() -> None:
    status, stdout, stderr = run("--help")
    assert status == 0, stderr
    assert "one message per line" in stdout
