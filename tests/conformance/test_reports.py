"""Report formats, with every kind of verdict and with injected control characters."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from compiler.conformance import InvalidReport, cases, read_report
from compiler.conformance.compare import Difference
from compiler.conformance.judge import ComparisonMode, Verdict
from compiler.conformance.protocol import Hello
from compiler.conformance.reports.badge import format_badge
from compiler.conformance.reports.counts import StatusCounts, count_verdicts
from compiler.conformance.reports.json_lines import JsonLinesReport
from compiler.conformance.reports.junit import format_junit
from compiler.conformance.reports.markdown import format_markdown
from compiler.conformance.reports.summary import format_summary
from compiler.conformance.reports.tap import format_tap
from compiler.conformance.runner import Run
from compiler.conformance.selection import Selection

TAGS = cases(ruleset="send", area="tags", level="must")
NASTY = "\x1b[2J# TODO ]]> </failure> ``` | \n  ...\nok 99 - forged\u2028\x00\ud800\u202e"
HELLO = Hello("widget-mailer", "2.1", "Go", ("send",), ("tags",))
DIFFERENCE = Difference("/output/Mj-campaign", "different", "one", NASTY)
MISSING = Difference("/errors/0", "missing", {"code": "LimitExceeded", "path": "/to"}, None)
UNEXPECTED = Difference("/errors", "unexpected", None, {"code": "LimitExceeded", "path": NASTY})
VERDICTS = (
    Verdict.from_outcome(TAGS[0], "passed", seconds=0.25),
    Verdict.from_outcome(TAGS[1], "wrong_output", (DIFFERENCE,)),
    Verdict.from_outcome(TAGS[2], "wrong_errors", (MISSING, UNEXPECTED)),
    Verdict.from_outcome(TAGS[3], "crash", detail=NASTY),
    replace(Verdict.from_outcome(TAGS[4], "wrong_warnings", detail=NASTY), status="expected_failure"),
    Verdict.from_outcome(TAGS[5], "unsupported", detail=NASTY),
)
NOT_RUN = Verdict.from_outcome(TAGS[6], "not_run")


def build_run(*verdicts: Verdict, hello: Hello = HELLO, selection: Selection | None = None) -> Run:
    return Run(hello, verdicts, ComparisonMode("code", "ignore"), selection or Selection(), "1.0.0", (NASTY,), 1.5)


RUN = build_run(*VERDICTS)
INCOMPLETE = build_run(*VERDICTS, NOT_RUN)


def test_counts_have_every_denominator() -> None:
    assert count_verdicts(INCOMPLETE.verdicts) == StatusCounts(1, 3, 1, 1, 1)
    assert (
        str(count_verdicts(RUN.verdicts)) == "1 passed, 3 failed, 1 expected failures, 1 unsupported, 0 not run, of 6"
    )


def test_summary_has_a_row_per_area_and_the_comparison_mode() -> None:
    lines = format_summary(INCOMPLETE).splitlines()
    assert lines[0].split() == [
        "area",
        *["passed", "failed", "expected", "failures", "unsupported", "not", "run", "all"],
    ]
    assert lines[1].split() == ["send/tags", "1", "3", "1", "1", "1", "7"]
    assert lines[2].split() == ["total", "1", "3", "1", "1", "1", "7"]
    text = format_summary(INCOMPLETE)
    assert "errors code, warnings ignore" in text
    assert "run incomplete" in text
    assert "\x1b" not in text
    assert "\n".join(lines[3:]).startswith("\nwidget-mailer 2.1 (Go): 1 passed, 3 failed")


def test_junit_is_valid_xml_with_the_same_counts() -> None:
    root = ElementTree.fromstring(format_junit(INCOMPLETE))  # noqa: S314 - our own output
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "7",
        "failures": "3",
        "errors": "1",
        "skipped": "2",
    }
    elements = {case.get("name"): case for case in root.iter("testcase")}
    assert list(elements) == [verdict.case.id for verdict in INCOMPLETE.verdicts]
    assert [len(elements[case.id]) for case in TAGS[:7]] == [0, 1, 1, 1, 1, 1, 1]
    failure = elements[TAGS[1].id].find("failure")
    assert failure is not None
    assert failure.get("type") == "wrong_output"
    assert "/output/Mj-campaign" in (failure.text or "")


def test_tap_has_one_point_per_case_and_no_forged_ones() -> None:
    lines = format_tap(RUN).splitlines()
    assert lines[:2] == ["TAP version 14", "1..6"]
    points = [line for line in lines if re.match("(not )?ok ", line)]
    assert [re.match(r"(?:not )?ok (\d+) - ", line)[1] for line in points] == list("123456")  # type: ignore[index]
    assert [line.startswith("ok") for line in points] == [True, False, False, False, False, True]
    assert [len(re.findall(r"(?<!\\)# ", line)) for line in points] == [0, 0, 0, 0, 1, 1]
    assert "# TODO " in points[4]
    assert "# SKIP unsupported" in points[5]
    assert "Bail out!" not in format_tap(RUN)
    for line in lines:
        if line.startswith("  ") and line not in ("  ---", "  ..."):
            key, _, value = line.strip().partition(": ")
            assert json.loads(value), key


def test_tap_of_incomplete_run_bails_out() -> None:
    lines = format_tap(INCOMPLETE).splitlines()
    assert lines[1] == "1..7"
    assert "Bail out! run incomplete" in lines


def test_markdown_keeps_harness_output_in_fences() -> None:
    text = format_markdown(RUN)
    assert "| send/tags | 1 | 3 | 1 | 1 | 0 | 6 |" in text
    outside = re.sub(r"^(`{3,})text\n[\s\S]*?\n\1$", "", text, flags=re.MULTILINE)
    assert [line for line in outside.splitlines() if line.startswith("### ")] == [
        f"### `{verdict.case.id}`" for verdict in (*VERDICTS[1:4], VERDICTS[4])
    ]
    assert "forged" not in outside.replace("ok 99 - forged", "", 1)  # the note, escaped


@pytest.mark.parametrize(
    ("verdicts", "message", "color"),
    [
        (VERDICTS, "1/6 passed, 1 expected failures, 1 unsupported", "red"),
        ((VERDICTS[0],), "1/1 passed", "brightgreen"),
        ((VERDICTS[0], VERDICTS[5]), "1/2 passed, 1 unsupported", "yellow"),
        ((VERDICTS[0], VERDICTS[4]), "1/2 passed, 1 expected failures", "yellow"),
    ],
)
def test_the_badge_names_its_denominator(verdicts: tuple[Verdict, ...], message: str, color: str) -> None:
    content = json.loads(format_badge(build_run(*verdicts)))
    assert (content["schemaVersion"], content["message"], content["color"]) == (1, message, color)


@pytest.mark.parametrize(
    "run", [INCOMPLETE, build_run(VERDICTS[0], selection=Selection(areas=("tags",))), build_run(VERDICTS[5])]
)
def test_badge_of_incomplete_run_raises_value_error(run: Run) -> None:
    with pytest.raises(ValueError, match="complete run"):
        format_badge(run)


def json_lines(run: Run) -> list[str]:
    file = io.StringIO()
    report = JsonLinesReport(file, run.suite, run.selection, run.mode)
    for verdict in run.verdicts:
        report.add(run.hello, verdict)
    report.finish(run)
    return file.getvalue().splitlines(keepends=True)


def test_json_lines_round_trip(tmp_path: Path) -> None:
    file = tmp_path / "report.jsonl"
    file.write_text("".join(json_lines(INCOMPLETE)), encoding="utf-8")
    header, *rows, footer = read_report(file)
    assert header["strictness"] == {"errors": "code", "warnings": "ignore"}
    assert [row["id"] for row in rows] == [verdict.case.id for verdict in INCOMPLETE.verdicts]
    assert rows[1]["differences"] == [
        {
            "path": "/output/Mj-campaign",
            "kind": "different",
            "expected": '"one"',
            "actual": json.dumps(NASTY, ensure_ascii=False),
        }
    ]
    assert footer["complete"] is False
    assert footer["counts"]["total"] == 7


@pytest.mark.parametrize("line_count", range(8))
def test_truncated_report_is_invalid(tmp_path: Path, line_count: int) -> None:
    file = tmp_path / "report.jsonl"
    lines = json_lines(RUN)
    assert len(lines) == 8
    file.write_text("".join(lines[:line_count]), encoding="utf-8")
    if line_count < 8:
        with pytest.raises(InvalidReport):
            read_report(file)
    file.write_text("".join(lines)[:-9], encoding="utf-8")
    with pytest.raises(InvalidReport):
        read_report(file)


@pytest.mark.parametrize("without", range(8))
def test_report_without_a_line_is_invalid(tmp_path: Path, without: int) -> None:
    file = tmp_path / "report.jsonl"
    lines = json_lines(RUN)
    file.write_text("".join(lines[:without] + lines[without + 1 :]), encoding="utf-8")
    with pytest.raises(InvalidReport):
        read_report(file)
