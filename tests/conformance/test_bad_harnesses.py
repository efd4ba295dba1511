"""The runner against harnesses that misbehave: each is recorded for what it is, ended, and costs no other case.

The processes, pipes and signals are real.
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
AREA = ("--area", "tags", "--ruleset", "send")  # ten cases, of which six expect errors


@dataclass(frozen=True)
class Ran:
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


Runner = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    """The command, in this process; what it starts are processes of their own."""

    def ran(*arguments: str) -> Ran:
        report = tmp_path / "report.jsonl"
        monkeypatch.setenv("CHILDREN", str(tmp_path / "children"))
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        status = main([*arguments, "--json-lines", str(report)])
        out, err = capfd.readouterr()
        return Ran(status, out, err, read_report(report) if status not in (2, 3) else ())

    return ran


def harness(*habit: str) -> str:
    return shlex.join([sys.executable, str(SCRIPT), *habit])


@pytest.mark.parametrize(
    ("habit", "status", "outcomes", "told"),
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
        ("hello-of-nothing", 4, {"unsupported": 10}, "no cases judged"),
    ],
)
def test_what_comes_of_ten_cases(run: Runner, habit: str, status: int, outcomes: dict[str, int], told: str) -> None:
    ran = run("--harness", harness(habit), *AREA, "--level", "all")
    assert (ran.status, ran.outcomes) == (status, outcomes), ran.out
    assert told in ran.out
    assert sum(ran.report[-1]["counts"][name] for name in ("passed", "failed", "unsupported")) == 10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("habit", "outcome", "told"),
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
        ("no-object", "protocol_error", "must be an object"),
        ("not-json", "protocol_error", "no JSON"),
        ("no-utf-8", "protocol_error", "no UTF-8"),
        ("not-a-number", "protocol_error", "NaN is no JSON"),
        ("key-twice", "protocol_error", "the key 'seq' is there twice"),
        ("too-deep", "protocol_error", "nested too deep"),
        ("deep", "protocol_error", "nested more than 200 deep"),
        ("beyond-measure", "protocol_error", "a number beyond all measure"),
        ("empty-line", "protocol_error", "no JSON"),
        ("floods", "protocol_error", "seq must be 1, got 2"),
        ("ignores-its-input", "timeout", "no response within 0.5 s"),
    ],
)
def test_what_comes_of_one_case(run: Runner, habit: str, outcome: str, told: str) -> None:
    ran = run("--harness", harness(habit), "--id", ONE, "--timeout", "0.5" if outcome == "timeout" else "30")
    assert (ran.status, ran.outcomes) == (1, {outcome: 1}), ran.out
    assert told in ran.details


def test_a_line_of_100_megabytes_is_refused_before_it_is_whole(run: Runner) -> None:
    ran = run("--harness", harness("enormous-line"), "--id", ONE, "--timeout", "60")
    assert (ran.status, ran.outcomes) == (1, {"protocol_error": 1})
    assert "a line of more than 16,777,216 bytes" in ran.details


def test_a_harness_that_closes_its_input_is_started_anew(run: Runner) -> None:
    ran = run("--harness", harness("closes-input"), *AREA)
    assert ran.status == 1
    assert ran.outcomes == {"passed": 9, "crash": 1}
    assert "closed its standard input" in ran.details


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        ("prints-a-banner", "no JSON: Expecting value at character 0: 'Welcome to the widget mailer'"),
        ("echoes", "implementation must have the strings name, version and language"),
        ("hello-hangs", "hello: timeout: no response within 0.5 s"),
        ("hello-ends", "hello: crash: ended with exit status 1"),
        ("hello-of-another-protocol", "hello: protocol must be 1, got 2"),
        ("hello-without-name", "implementation must have the strings name"),
        ("hello-without-rulesets", "rulesets must be a list of strings"),
    ],
)
def test_a_failed_handshake_is_exit_status_3(run: Runner, habit: str, told: str) -> None:
    ran = run("--harness", harness(habit), "--id", ONE, "--hello-timeout", "0.5" if habit == "hello-hangs" else "30")
    assert (ran.status, ran.out) == (3, "")
    assert told in ran.err


def test_a_command_that_is_not_there_is_a_failed_handshake(run: Runner) -> None:
    for flag in ("--harness", "--harness-per-case", "--exec"):
        ran = run(flag, "no-such-command --fast", "--id", ONE)
        assert ran.status == 3
        assert "no-such-command: No such file or directory" in ran.err


@pytest.mark.slow
def test_hanging_on_case_after_case_is_given_up(run: Runner) -> None:
    ran = run("--harness", harness("hangs"), "--area", "tags", "--area", "send-at", "--timeout", "0.1")
    assert ran.status == 4
    assert ran.outcomes["timeout"] == 10
    assert ran.outcomes["not_run"] > 0
    assert "note: gave up after 10 timeouts in a row" in ran.out
    assert ran.report[-1]["complete"] is False


def test_a_harness_that_cannot_be_started_again_is_given_up(run: Runner) -> None:
    ran = run("--harness", harness("works-once"), *AREA)
    assert ran.status == 4
    assert ran.outcomes == {"crash": 1, "not_run": 9}
    assert "gave up after 3 failed starts in a row" in ran.out
    assert "no licence for a second process" in ran.out


@pytest.mark.parametrize(
    ("habit", "outcome"),
    [("forks-and-answers", "passed"), ("forks-and-crashes", "crash"), ("forks-and-hangs", "timeout")],
)
def test_what_a_harness_started_is_ended_with_it(run: Runner, tmp_path: Path, habit: str, outcome: str) -> None:
    ran = run("--harness", harness(habit), "--id", ONE, "--timeout", "2" if outcome == "timeout" else "30")
    assert ran.outcomes == {outcome: 1}
    (child,) = (tmp_path / "children").read_text(encoding="utf-8").split()
    assert not is_alive(int(child))


def is_alive(process: int) -> bool:
    """Whether a process runs; one that nobody has reaped yet does not."""
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
    ("habit", "status", "outcome", "told"),
    [
        ("pretty", 0, "passed", ""),
        ("closes-input", 0, "passed", ""),
        ("fails", 1, "crash", "ended with exit status 3"),
        ("silent", 1, "protocol_error", "no JSON"),
        ("hangs", 1, "timeout", "no complete response within 2 s"),
        ("answers-and-hangs", 1, "timeout", "closed its output but did not end within 2 s"),
        ("two-answers", 1, "protocol_error", "no JSON: Extra data"),
    ],
)
def test_a_process_for_each_case(run: Runner, habit: str, status: int, outcome: str, told: str) -> None:
    ran = run(
        "--harness-per-case",
        harness("one-shot", habit),
        "--id",
        ONE,
        "--timeout",
        "2" if outcome == "timeout" else "30",
    )
    assert (ran.status, ran.outcomes) == (status, {outcome: 1})
    assert told in ran.details


@pytest.mark.parametrize(
    ("number", "jobs", "flag", "habit"),
    [
        (signal.SIGINT, 1, "--harness", ("forks-and-hangs",)),
        (signal.SIGTERM, 3, "--harness", ("forks-and-hangs",)),
        (signal.SIGTERM, 2, "--harness-per-case", ("one-shot", "forks")),
    ],
)
def test_an_interrupted_run_ends_its_harness_and_says_that_it_is_not_complete(
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
