"""The harness in JavaScript, written from the documentation only: it passes all cases of its rulesets."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from compiler.conformance import cases, read_report
from compiler.conformance.__main__ import main

FOLDER = Path(__file__).parent.parent.parent / "examples/harness-node"
SCRIPT = FOLDER / "harness.js"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")


@pytest.mark.slow
@needs_node
def test_all_must_cases_pass(tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    status = main(["--harness", f"node '{SCRIPT}'", "--quiet", "--json-lines", str(report)])
    header, *rows, _ = read_report(report)
    assert header["rulesets"] == ["send", "events"]
    counts = Counter((row["id"].split("/")[1], row["outcome"]) for row in rows)
    expected = Counter(
        (case.ruleset, "passed" if case.ruleset in header["rulesets"] else "unsupported") for case in cases()
    )
    assert counts == expected, [row["id"] for row in rows if row["status"] == "failed"]
    assert status == 0


@needs_node
@pytest.mark.parametrize(
    "line", ["", "{", "[]", "null", '{"cmd": "send"}', '{"cmd": "no-such", "seq": 1}', '{"cmd": "send", "seq": 1}']
)
def test_any_line_is_answered(line: str) -> None:
    assert NODE is not None
    hello = '{"cmd":"hello","protocol":1,"suite":"1.1.0"}'
    bye = '{"cmd":"bye"}'
    completed = subprocess.run(
        [NODE, str(SCRIPT)], input=f"{hello}\n{line}\n{hello}\n{bye}\n", capture_output=True, text=True
    )
    answers = [json.loads(line) for line in completed.stdout.splitlines()]
    assert completed.returncode == 0
    assert answers[0] == answers[-1]
    assert [answer["status"] for answer in answers[1:-1]] in ([], ["internal_error"])


def test_no_dependencies() -> None:
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    assert "dependencies" not in package
    for file in FOLDER.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert "require(" not in text
        for name in re.findall(r"^(?:import|\}).* from '(.+)';$", text, re.MULTILINE):
            assert name.startswith(("./", "node:")), (file.name, name)
