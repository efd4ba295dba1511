"""Large answers: a run keeps excerpts only, so its memory does not grow with the number of answers."""

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
MAX_REPORT = 250_000  # characters, for several answers of megabytes


def run_traced(habit: str, count: int) -> tuple[Run, int, int]:
    """Runs `count` cases; returns the run, the remaining and the peak memory in bytes."""
    tracemalloc.start()
    try:
        result = run(CASES[:count], HarnessConfig(tuple(shlex.split(harness(habit)))))
        return result, *tracemalloc.get_traced_memory()
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
def test_memory_does_not_grow_with_answers(habit: str, outcomes: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    run_traced(habit, 1)  # warm up caches, such as schemas
    _, _, peak_of_two = run_traced(habit, 2)
    result, remaining, peak = run_traced(habit, 5)
    assert {verdict.outcome for verdict in result.verdicts} == outcomes
    assert remaining < 1_000_000
    assert peak < 1.5 * peak_of_two
    file = io.StringIO()
    lines = JsonLinesReport(file, result.suite, result.selection, result.mode)
    for verdict in result.verdicts:
        lines.add(result.hello, verdict)
    lines.finish(result)
    for text in (file.getvalue(), format_junit(result), format_tap(result), format_markdown(result)):
        assert len(text) < MAX_REPORT


def test_first_differences_are_kept_and_others_counted(tmp_path: Path) -> None:
    answer = {"output": dict.fromkeys(map(str, range(1000)), 0)}
    case = next(case for case in CASES if "output" in case.expect)
    verdict = compare_answer(case, answer, ComparisonMode())
    all_differences = differences(case.expect, answer)
    assert verdict.differences == all_differences[:MAX_DIFFERENCES]
    assert verdict.left_out == len(all_differences) - MAX_DIFFERENCES
    assert f"and {len(all_differences) - 12} more differences" in format_verdict(verdict)
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


def test_differences_that_are_not_kept_decide_the_outcome() -> None:
    case = next(case for case in CASES if "output" in case.expect)
    requires = [{"kind": str(number)} for number in range(1000)]
    answer = {**case.expect, "requires": requires, "warnings": [{"code": "a"}]}
    assert compare_answer(case, answer, ComparisonMode()).outcome == "wrong_requires"
    answer = {**answer, "warnings": requires, "requires": []}
    assert compare_answer(case, answer, ComparisonMode()).outcome == "wrong_warnings"


def test_large_value_is_kept_as_excerpt() -> None:
    clipped = clip_difference(Difference("/output/a", "different", "b", "x" * 10_000))
    assert clipped.expected == "b"
    assert repr(clipped.actual) == f'"{"x" * 3999}… (10,002 characters)'


def test_code_of_large_diagnostic_is_kept() -> None:
    diagnostic = {"code": "InvalidEmail", "path": "/to", "params": {"value": "x" * 10_000}}
    clipped = clip_difference(Difference("/errors/0", "missing", diagnostic, None))
    assert (clipped.expected["code"], clipped.expected["path"]) == ("InvalidEmail", "/to")
    assert len(repr(clipped.expected)) < 5000


def test_large_hello_is_rejected() -> None:
    with pytest.raises(ProtocolError, match=r"^hello: the response must be at most 65,536 bytes, got 3,000,000$"):
        read_hello(b" " * LARGE)
