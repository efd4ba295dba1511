"""The example of a distributed engine, run as people run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_messages_are_compiled_in_a_cluster() -> None:
    command = [sys.executable, "examples/dask-bulk/compile_in_dask.py", "examples/newsletter.jsonl"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == ["3 of 4 messages compile", "line 3: UnsupportedFeature at /tags/1"]
