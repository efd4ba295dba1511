"""The suite from Python: cases chosen as values, and one asserted, with a failure that a person understands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from compiler import conformance
from compiler.conformance.case_files import read_cases
from compiler.conformance.mismatch import format_differences
from tests.conformance.test_bad_harnesses import ROOT

(TWO_TAGS,) = conformance.cases(id="mailjet-v3/send/tags/two-tags")
(ONE,) = conformance.cases(id="mailjet-v3/send/tags/one")
FAULT = {"code": "UnsupportedFeature", "path": "/tags/1", "params": {"feature": "multiple tags"}}
NOTHING = {"code": "NoEffect", "path": "/subject"}


@pytest.mark.slow
def test_the_example_passes_and_shows_a_failure_where_there_is_one(tmp_path: Path) -> None:
    example = ROOT / "examples/pytest/test_mailer.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir"]
    ran = subprocess.run([*command, str(example.parent), str(example)], capture_output=True, text=True, cwd=ROOT)
    assert (ran.returncode, "4 passed" in ran.stdout) == (0, True), ran.stdout

    wrong = tmp_path / "test_wrong.py"
    wrong.write_text(example.read_text(encoding="utf-8").replace("range(1, len(tags))", "range(2, len(tags))"))
    ran = subprocess.run([*command, str(tmp_path), str(wrong)], capture_output=True, text=True, cwd=ROOT)
    assert (ran.returncode, "2 failed, 2 passed" in ran.stdout) == (1, True), ran.stdout
    assert "FAILED mailjet-v3/send/tags/two-tags: A second tag is unsupported" in ran.stdout
    assert "why      django-anymail docs, Mailjet page: Limitations and quirks: Single tag" in ran.stdout
    assert '- UnsupportedFeature at "/tags/1" {"feature": "multiple tags"}' in ran.stdout


def test_cases_are_those_of_level_must_unless_it_is_said_otherwise() -> None:
    everything = tuple(read_cases())
    assert conformance.cases() == tuple(case for case in everything if case.level == "must")
    assert conformance.cases(level=()) == everything
    assert conformance.cases(level=("must", "should")) == everything


def test_having_leaves_out_what_needs_more() -> None:
    found = conformance.cases(ruleset="send", having={"tags", "send-at"})
    assert {capability for case in found for capability in case.capabilities} == {"tags", "send-at"}
    assert conformance.cases(having=()) == ()


@pytest.mark.parametrize(("kind", "word"), [("area", "tag"), ("ruleset", "sent"), ("capability", "x"), ("level", "x")])
def test_a_word_that_no_case_has_is_an_error_and_not_an_empty_test(kind: str, word: str) -> None:
    with pytest.raises(ValueError, match=f"unknown {kind} '{word}'"):
        conformance.cases(**{kind: word})  # type: ignore[arg-type]


def test_the_body_of_a_case_is_text_or_bytes() -> None:
    for case in conformance.cases(ruleset=("events", "inbound", "response", "template"), level=()):
        assert isinstance(conformance.read_body(case.input["body"]), str | bytes)


def test_a_right_answer_passes_whatever_else_its_diagnostics_say() -> None:
    said = FAULT | {"message": "one tag only", "hint": None, "rule": "tag", "severity": "error"}
    conformance.assert_case(TWO_TAGS, {"errors": [said], "warnings": []})
    conformance.assert_case(ONE, dict(ONE.expect))


@pytest.mark.parametrize(
    ("answer", "outcome", "shown"),
    [
        ({"output": {}}, "wrongly_accepted", "+ {}"),
        ({"errors": [FAULT | {"path": "/tags"}]}, "wrong_errors", '- UnsupportedFeature at "/tags/1"'),
        ({"errors": [FAULT, FAULT]}, "wrong_errors", '+ UnsupportedFeature at "/tags/1"'),
        ({"errors": []}, "wrong_errors", '- UnsupportedFeature at "/tags/1"'),
        ({"errors": [FAULT], "warnings": [NOTHING]}, "wrong_warnings", '+ NoEffect at "/subject"'),
        ({"errors": [FAULT | {"document": "options"}]}, "wrong_errors", 'in "options"'),
        ({"errors": [FAULT | {"path": None}]}, "wrong_errors", "at null"),
        ({"errors": [{"code": ["x"]}]}, "wrong_errors", '+ {"code": ["x"]'),
    ],
)
def test_a_wrong_answer_is_shown_with_case_source_input_and_difference(
    answer: dict[str, object], outcome: str, shown: str
) -> None:
    with pytest.raises(conformance.Mismatch) as raised:
        conformance.assert_case(TWO_TAGS, answer)
    text = str(raised.value)
    assert f"outcome  {outcome}" in text
    assert shown in text
    assert TWO_TAGS.title in text
    assert '"tags": ["one", "two"]' in text
    assert isinstance(raised.value, AssertionError)


def test_looser_comparisons_are_asked_for() -> None:
    conformance.assert_case(TWO_TAGS, {"errors": [FAULT | {"path": "/tags"}]}, errors="code")
    conformance.assert_case(TWO_TAGS, {"errors": [FAULT], "warnings": [NOTHING]}, warnings="ignore")


@pytest.mark.parametrize(
    "answer", [{}, {"output": {}, "errors": []}, {"errors": FAULT}, {"errors": ["x"]}, {"output": {}, "warnings": None}]
)
def test_what_is_no_answer_is_a_value_error(answer: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"an answer must have|must be a list of objects"):
        conformance.assert_case(TWO_TAGS, answer)


def test_a_diagnostic_that_stands_elsewhere_is_shown_beside_the_one_that_was_meant() -> None:
    with pytest.raises(conformance.Mismatch) as raised:
        conformance.assert_case(TWO_TAGS, {"errors": [FAULT | {"path": "/tags"}]})
    lines = str(raised.value).splitlines()[-3:]
    assert [re.split(r" at ", line)[0].strip() for line in lines] == [
        "/errors/0",
        "- UnsupportedFeature",
        "+ UnsupportedFeature",
    ]
    assert format_differences(()) == []
