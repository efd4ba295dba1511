"""Benchmarks of programs: failures raise, memory includes child processes, bulk gives positive ratios."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.growth import of_bulk
from tests.benchmarks.programs import ONE_PROCESS, ProgramFailedError, bulk, bulk_times, million, run
from tests.benchmarks.timing import QUICK

_MEGABYTE = 1_000_000
_HOLDS = "held = bytearray(60_000_000); import time; time.sleep(0.3)"
_STARTS_ANOTHER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_HOLDS!r}])"
_ON_LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="there is no /proc")


def _require_bulk() -> None:
    try:
        bulk_times(1, variants=(ONE_PROCESS,), repeats=1)
    except ProgramFailedError as error:
        if "unrecognized arguments" not in str(error):
            raise
        pytest.skip("the command line takes no bulk yet")


def test_a_failing_program_raises_with_its_stderr() -> None:
    with pytest.raises(ProgramFailedError, match="unrecognized arguments: --never"):
        run((sys.executable, "-m", "tests.benchmarks", "--never"), None)


def test_programs_find_their_modules_as_bytecode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    run((sys.executable, "-c", "import compiler"), None, str(tmp_path))
    assert any(tmp_path.rglob("compiler/__init__.*.pyc"))


@_ON_LINUX
@pytest.mark.parametrize("code", [_HOLDS, _STARTS_ANOTHER], ids=["itself", "another"])
def test_memory_includes_child_processes(code: str) -> None:
    assert 60 * _MEGABYTE < run((sys.executable, "-c", code), 0.01).memory < 200 * _MEGABYTE


@_ON_LINUX
def test_memory_excludes_the_measuring_process() -> None:
    held = bytearray(100 * _MEGABYTE)
    assert 0 < run((sys.executable, "-c", "import json"), 0.001).memory < len(held)


@pytest.mark.slow
def test_bulk_gives_positive_ratios() -> None:
    _require_bulk()
    for each in (*bulk(QUICK), *million(QUICK)):
        assert each.time is None or each.time > 0
    assert all(point.ours > 0 for point in of_bulk(QUICK).points)
