"""Runs faulty harnesses: each failure gets its outcome, ends the harness, and affects no other case.

The tests use real processes, pipes and signals.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler.conformance import read_report
from compiler.conformance.__main__ import main

ROOT = Path(__file__).parent.parent.parent
SCRIPT = Path(__file__).parent / "bad_harness.py"
ONE = "mailjet-v3/send/tags/one"
AREA = ("--area", "tags", "--ruleset", "send")  # ten cases; six of them expect errors


@dataclass(frozen=True)
class CommandResult:
    status: int
    out: str
    err: str
    report: tuple[Mapping[str, Any], ...]

    @property
    def outcomes(self) -> dict[str, int]:
        return dict(Counter(row["outcome"] for row in self.report[1:-1]))

    @property
    def details(self) -> str:
        return "; ".join(row["detail"] or "" for row in self.report[1:-1])


Runner = Callable[..., CommandResult]


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Runs the command in this process; harnesses are separate processes."""

    def run_command(*arguments: str) -> CommandResult:
        report = tmp_path / "report.jsonl"
        monkeypatch.setenv("CHILDREN", str(tmp_path / "children"))
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        status = main([*arguments, "--json-lines", str(report)])
        out, err = capfd.readouterr()
        return CommandResult(status, out, err, read_report(report) if status not in (2, 3) else ())

    return run_command


def harness(*habit: str) -> str:
    return shlex.join([sys.executable, str(SCRIPT), *habit])


@pytest.mark.parametrize(
    ("habit", "status", "outcomes", "message"),
    [
        ("always-accepts", 1, {"wrong_output": 4, "wrongly_accepted": 6}, '- UnsupportedFeature at "/tags/1"'),
        ("always-rejects", 1, {"wrongly_rejected": 4, "wrong_errors": 6}, '+ InvalidMessage at ""'),
        ("wrong-path", 1, {"passed": 4, "wrong_errors": 6}, '+ UnsupportedFeature at "/tags/1/0"'),
        ("crashes-on-the-third", 1, {"passed": 9, "crash": 1}, "ended with exit status 139"),
        ("echoes-cases", 1, {"protocol_error": 10}, "status must be one of ok, rejected, unsupported, internal_error"),
        ("internal-error", 1, {"internal_error": 10}, "detail   oops"),
        ("takes-back", 1, {"protocol_error": 10}, "hello lists the capability 'tags'"),
        ("noisy", 0, {"passed": 10}, "10 passed"),
        ("ends-badly", 0, {"passed": 10}, "note: the harness ended with exit status 7 after bye"),
        ("lacks-all", 4, {"unsupported": 10}, "no cases judged"),
        ("hello-without-capabilities", 4, {"unsupported": 10}, "no cases judged"),
    ],
)
def test_outcomes_of_ten_cases(run: Runner, habit: str, status: int, outcomes: dict[str, int], message: str) -> None:
    result = run("--harness", harness(habit), *AREA, "--level", "all")
    assert (result.status, result.outcomes) == (status, outcomes), result.out
    assert message in result.out
    assert sum(result.report[-1]["counts"][name] for name in ("passed", "failed", "unsupported")) == 10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("habit", "outcome", "message"),
    [
        ("hangs", "timeout", "no response within 0.5 s"),
        ("half-a-line", "crash", 'in the middle of a line: \'{"seq": 1, "stat\''),
        ("half-a-line-and-hangs", "timeout", "no response within 0.5 s"),
        ("closes-output", "crash", "closed its standard output"),
        ("wrong-seq", "protocol_error", "seq must be 1, got 99"),
        ("true-for-seq", "protocol_error", "seq must be 1, got True"),
        ("no-seq", "protocol_error", "seq must be 1, got None"),
        ("unknown-status", "protocol_error", "status must be one of ok"),
        ("list-for-status", "protocol_error", "status must be one of ok"),
        ("no-output", "protocol_error", "a response with status ok must have a valid output"),
        ("no-errors", "protocol_error", "a response with status rejected must have a valid errors"),
        ("text-for-errors", "protocol_error", "errors must be a list of objects"),
        ("not-an-object", "protocol_error", "must be an object"),
        ("not-json", "protocol_error", "not valid JSON"),
        ("not-utf-8", "protocol_error", "invalid UTF-8"),
        ("not-a-number", "protocol_error", "NaN is not a JSON number"),
        ("duplicate-key", "protocol_error", "duplicate key 'seq'"),
        ("too-deep", "protocol_error", "nesting deeper than"),
        ("deep", "protocol_error", "nesting deeper than 200 levels"),
        ("out-of-range", "protocol_error", "number out of range"),
        ("empty-line", "protocol_error", "not valid JSON"),
        ("floods", "protocol_error", "seq must be 1, got 2"),
        ("ignores-its-input", "timeout", "no response within 0.5 s"),
    ],
)
def test_outcome_of_one_case(run: Runner, habit: str, outcome: str, message: str) -> None:
    result = run("--harness", harness(habit), "--id", ONE, "--timeout", "0.5" if outcome == "timeout" else "30")
    assert (result.status, result.outcomes) == (1, {outcome: 1}), result.out
    assert message in result.details


def test_line_of_100_megabytes_is_rejected_before_it_is_complete(run: Runner) -> None:
    result = run("--harness", harness("enormous-line"), "--id", ONE, "--timeout", "60")
    assert (result.status, result.outcomes) == (1, {"protocol_error": 1})
    assert "a line of more than 16,777,216 bytes" in result.details


def test_harness_that_closes_its_input_is_restarted(run: Runner) -> None:
    result = run("--harness", harness("closes-input"), *AREA)
    assert result.status == 1
    assert result.outcomes == {"passed": 9, "crash": 1}
    assert "closed its standard input" in result.details


@pytest.mark.parametrize(
    ("habit", "message"),
    [
        ("prints-a-banner", "not valid JSON: Expecting value: line 1, column 1: 'Welcome to the widget mailer'"),
        ("echoes", "implementation must have the strings name, version and language"),
        ("hello-hangs", "hello: timeout: no response within 0.5 s"),
        ("hello-ends", "hello: crash: ended with exit status 1"),
        ("hello-of-another-protocol", "hello: protocol must be 1, got 2"),
        ("hello-without-name", "implementation must have the strings name"),
        ("hello-without-rulesets", "rulesets must be a list of strings"),
    ],
)
def test_a_failed_handshake_is_exit_status_3(run: Runner, habit: str, message: str) -> None:
    result = run("--harness", harness(habit), "--id", ONE, "--hello-timeout", "0.5" if habit == "hello-hangs" else "30")
    assert (result.status, result.out) == (3, "")
    assert message in result.err


def test_missing_command_is_a_failed_handshake(run: Runner) -> None:
    for flag in ("--harness", "--harness-per-case", "--exec"):
        result = run(flag, "no-such-command --fast", "--id", ONE)
        assert result.status == 3
        assert "no-such-command: No such file or directory" in result.err


@pytest.mark.slow
def test_run_stops_after_ten_timeouts(run: Runner) -> None:
    result = run("--harness", harness("hangs"), "--area", "tags", "--area", "send-at", "--timeout", "0.1")
    assert result.status == 4
    assert result.outcomes["timeout"] == 10
    assert result.outcomes["not_run"] > 0
    assert "note: gave up after 10 timeouts in a row" in result.out
    assert result.report[-1]["complete"] is False


def test_run_stops_if_harness_cannot_be_restarted(run: Runner) -> None:
    result = run("--harness", harness("works-once"), *AREA)
    assert result.status == 4
    assert result.outcomes == {"crash": 1, "not_run": 9}
    assert "gave up after 3 failed starts in a row" in result.out
    assert "no license for a second process" in result.out


@pytest.mark.parametrize(
    ("habit", "outcome"),
    [("forks-and-answers", "passed"), ("forks-and-crashes", "crash"), ("forks-and-hangs", "timeout")],
)
def test_child_processes_are_killed_with_the_harness(run: Runner, tmp_path: Path, habit: str, outcome: str) -> None:
    result = run("--harness", harness(habit), "--id", ONE, "--timeout", "2" if outcome == "timeout" else "30")
    assert result.outcomes == {outcome: 1}
    (child,) = (tmp_path / "children").read_text(encoding="utf-8").split()
    assert not is_alive(int(child))


def is_alive(process: int) -> bool:
    """Whether a process runs; a zombie does not."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.05)
    return True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("habit", "status", "outcome", "message"),
    [
        ("pretty", 0, "passed", ""),
        ("closes-input", 0, "passed", ""),
        ("fails", 1, "crash", "ended with exit status 3"),
        ("silent", 1, "protocol_error", "not valid JSON"),
        ("hangs", 1, "timeout", "no complete response within 2 s"),
        ("answers-and-hangs", 1, "timeout", "closed its output but did not end within 2 s"),
        ("two-answers", 1, "protocol_error", "not valid JSON: Extra data"),
    ],
)
def test_harness_per_case(run: Runner, habit: str, status: int, outcome: str, message: str) -> None:
    result = run(
        "--harness-per-case",
        harness("one-shot", habit),
        "--id",
        ONE,
        "--timeout",
        "2" if outcome == "timeout" else "30",
    )
    assert (result.status, result.outcomes) == (status, {outcome: 1})
    assert message in result.details


@pytest.mark.parametrize(
    ("number", "jobs", "flag", "habit"),
    [
        (signal.SIGINT, 1, "--harness", ("forks-and-hangs",)),
        (signal.SIGTERM, 3, "--harness", ("forks-and-hangs",)),
        (signal.SIGTERM, 2, "--harness-per-case", ("one-shot", "forks")),
    ],
)
def test_interrupted_run_kills_harness_and_is_incomplete(
    tmp_path: Path, number: signal.Signals, jobs: int, flag: str, habit: tuple[str, ...]
) -> None:
    report, children = tmp_path / "report.jsonl", tmp_path / "children"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "compiler.conformance", flag, harness(*habit), *AREA, "--jobs", str(jobs)),
            *("--timeout", "60", "--json-lines", str(report)),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"CHILDREN": str(children)},
    )
    while not (children.is_file() and children.read_text(encoding="utf-8").count("\n") == jobs):
        time.sleep(0.02)
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 4
    assert "note: interrupted" in out
    footer = read_report(report)[-1]
    assert (footer["complete"], footer["counts"]["not_run"]) == (False, 10)
    assert not any(is_alive(int(child)) for child in children.read_text(encoding="utf-8").split())
