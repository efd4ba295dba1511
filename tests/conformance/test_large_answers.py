"""Large answers: a run keeps what its reports need of each, so its memory is that of one answer, and not of all."""

from __future__ import annotations

import io
import shlex
import tracemalloc
from pathlib import Path

import pytest

from compiler.conformance import cases, read_report
from compiler.conformance.compare import Difference, differences
from compiler.conformance.excerpts import MAX_DIFFERENCES, clip_difference
from compiler.conformance.judge import ComparisonMode, compare_answer
from compiler.conformance.mismatch import format_verdict
from compiler.conformance.protocol import ProtocolError, read_hello
from compiler.conformance.reports.json_lines import JsonLinesReport
from compiler.conformance.reports.junit import format_junit
from compiler.conformance.reports.markdown import format_markdown
from compiler.conformance.reports.tap import format_tap
from compiler.conformance.runner import Run, run
from compiler.conformance.selection import Selection
from compiler.conformance.session import HarnessConfig
from tests.conformance.bad_harness import LARGE
from tests.conformance.test_bad_harnesses import ROOT, harness

CASES = tuple(cases(area="tags", ruleset="send", level=()))
REPORTED = 250_000  # characters; what a report may take for some answers of megabytes


def ran(habit: str, count: int) -> tuple[Run, int, int]:
    """A run of so many cases, the bytes that it has left, and the most that there were on the way."""
    tracemalloc.start()
    try:
        done = run(CASES[:count], HarnessConfig(tuple(shlex.split(harness(habit)))))
        return done, *tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("habit", "outcomes"),
    [
        ("large-text", {"wrong_output", "wrongly_accepted"}),
        pytest.param("large-key", {"wrong_output", "wrongly_accepted"}, marks=pytest.mark.slow),
        pytest.param("large-list", {"wrong_output", "wrongly_accepted"}, marks=pytest.mark.slow),
        pytest.param("many-keys", {"wrong_output", "wrongly_accepted"}, marks=pytest.mark.slow),
        pytest.param("large-error", {"wrong_errors", "wrongly_rejected"}, marks=pytest.mark.slow),
        pytest.param("many-errors", {"protocol_error"}, marks=pytest.mark.slow),
        pytest.param("large-seq", {"protocol_error"}, marks=pytest.mark.slow),
        pytest.param("large-status", {"protocol_error"}, marks=pytest.mark.slow),
        pytest.param("large-capability", {"unsupported"}, marks=pytest.mark.slow),
        pytest.param("large-detail", {"internal_error"}, marks=pytest.mark.slow),
        pytest.param("large-key-twice", {"protocol_error"}, marks=pytest.mark.slow),
    ],
)
def test_a_run_keeps_no_answers(habit: str, outcomes: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    ran(habit, 1)  # what is read but once, as schemas
    _, _, peak_of_two = ran(habit, 2)
    done, left, peak = ran(habit, 5)
    assert {verdict.outcome for verdict in done.verdicts} == outcomes
    assert left < 1_000_000
    assert peak < 1.5 * peak_of_two
    file = io.StringIO()
    lines = JsonLinesReport(file, done.suite, done.selection, done.mode)
    for verdict in done.verdicts:
        lines.add(done.hello, verdict)
    lines.finish(done)
    for text in (file.getvalue(), format_junit(done), format_tap(done), format_markdown(done)):
        assert len(text) < REPORTED


def test_the_first_differences_are_kept_and_the_others_counted(tmp_path: Path) -> None:
    answer = {"output": dict.fromkeys(map(str, range(1000)), 0)}
    case = next(each for each in CASES if "output" in each.expect)
    verdict = compare_answer(case, answer, ComparisonMode())
    everything = differences(case.expect, answer)
    assert verdict.differences == everything[:MAX_DIFFERENCES]
    assert verdict.left_out == len(everything) - MAX_DIFFERENCES
    assert f"and {len(everything) - 12} more differences" in format_verdict(verdict)
    report = tmp_path / "report.jsonl"
    with report.open("w", encoding="utf-8") as file:
        lines = JsonLinesReport(file, "1.0.0", Selection(), ComparisonMode())
        hello = read_hello(HELLO)
        lines.add(hello, verdict)
        lines.finish(Run(hello, (verdict,), ComparisonMode(), Selection(), "1.0.0"))
    (row,) = read_report(report)[1:-1]
    assert (len(row["differences"]), row["left_out"]) == (MAX_DIFFERENCES, verdict.left_out)


HELLO = (
    b"""{"protocol": 1, "implementation": {"name": "n", "version": "1"}, "rulesets": ["send"], "capabilities": []}"""
)


def test_a_member_that_differs_beyond_those_that_are_kept_still_counts() -> None:
    case = next(each for each in CASES if "output" in each.expect)
    requires = [{"kind": str(number)} for number in range(1000)]
    answer = {**case.expect, "requires": requires, "warnings": [{"code": "a"}]}
    assert compare_answer(case, answer, ComparisonMode()).outcome == "wrong_requires"
    answer = {**answer, "warnings": requires, "requires": []}
    assert compare_answer(case, answer, ComparisonMode()).outcome == "wrong_warnings"


def test_a_large_value_is_kept_as_its_beginning_and_its_size() -> None:
    clipped = clip_difference(Difference("/output/a", "different", "b", "x" * 10_000))
    assert clipped.expected == "b"
    assert repr(clipped.actual) == f'"{"x" * 3999}… (10,002 characters)'


def test_of_a_large_diagnostic_the_code_is_kept() -> None:
    said = {"code": "InvalidEmail", "path": "/to", "params": {"value": "x" * 10_000}}
    clipped = clip_difference(Difference("/errors/0", "missing", said, None))
    assert (clipped.expected["code"], clipped.expected["path"]) == ("InvalidEmail", "/to")
    assert len(repr(clipped.expected)) < 5000


def test_a_large_hello_is_refused() -> None:
    with pytest.raises(ProtocolError, match=r"^hello: the response must be at most 65,536 bytes, got 3,000,000$"):
        read_hello(b" " * LARGE)
