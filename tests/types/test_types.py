"""Type checkers see what the public functions return."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import compiler

USES = Path(__file__).parent / "uses.py"
ROOT = USES.parent.parent.parent


def test_mypy_accepts_the_uses(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(USES)]
    process = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert process.stdout == "Success: no issues found in 1 source file\n", process.stderr


@pytest.mark.slow  # the first run downloads pyright, which is not a Python package
def test_pyright_accepts_the_uses(tmp_path: Path) -> None:
    shutil.copy(USES, tmp_path)
    settings: dict[str, Any] = {
        "include": [USES.name],
        "typeCheckingMode": "strict",
        "reportUnnecessaryTypeIgnoreComment": "error",
    }
    settings |= {"enableTypeIgnoreComments": False, "pythonVersion": "3.11"}
    settings |= {"reportUnusedExpression": "none", "reportUnusedFunction": "none"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = ["-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(tmp_path)]
    process = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=ROOT)
    assert process.stdout.startswith("{"), process.stdout + process.stderr
    report = json.loads(process.stdout)
    assert [(each["range"]["start"]["line"] + 1, each["message"]) for each in report["generalDiagnostics"]] == []
    assert report["summary"]["filesAnalyzed"] == 1


def test_a_parameterized_class_can_be_called() -> None:
    result = compiler.Result[compiler.Payload]({"Subject": "s"})
    assert result == compiler.Result({"Subject": "s"})
    explanation = compiler.Explanation[compiler.Payload](result, (), ())
    assert explanation.result.payload == {"Subject": "s"}
