"""The Python API of the suite: `cases`, `assert_case` and the message of a mismatch."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from compiler import conformance
from compiler.conformance.mismatch import format_differences
from tests.cases import CASES
from tests.conformance.test_bad_harnesses import ROOT

(TWO_TAGS,) = conformance.cases(id="mailjet-v3/send/tags/two-tags")
(ONE,) = conformance.cases(id="mailjet-v3/send/tags/one")
ERROR = {"code": "UnsupportedFeature", "path": "/tags/1", "params": {"feature": "multiple tags"}}
WARNING = {"code": "NoEffect", "path": "/subject"}


@pytest.mark.slow
def test_example_passes_and_shows_failures(tmp_path: Path) -> None:
    example = ROOT / "examples/pytest/test_mailer.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir"]
    completed = subprocess.run([*command, str(example.parent), str(example)], capture_output=True, text=True, cwd=ROOT)
    assert (completed.returncode, "4 passed" in completed.stdout) == (0, True), completed.stdout

    wrong = tmp_path / "test_wrong.py"
    wrong.write_text(example.read_text(encoding="utf-8").replace("range(1, len(tags))", "range(2, len(tags))"))
    completed = subprocess.run([*command, str(tmp_path), str(wrong)], capture_output=True, text=True, cwd=ROOT)
    assert (completed.returncode, "2 failed, 2 passed" in completed.stdout) == (1, True), completed.stdout
    assert "FAILED mailjet-v3/send/tags/two-tags: A second tag is unsupported" in completed.stdout
    assert "why      django-anymail docs, Mailjet page: Limitations and quirks: Single tag" in completed.stdout
    assert '- UnsupportedFeature at "/tags/1" {"feature": "multiple tags"}' in completed.stdout


def test_default_level_is_must() -> None:
    targets = ("mailjet-v3", "mailjet-v3.1")
    assert conformance.cases(target=()) == tuple(case for case in CASES if case.level == "must")
    assert conformance.cases(target=(), level=()) == CASES
    assert conformance.cases(target=targets, level=("must", "should")) == CASES


def test_default_target_is_v3() -> None:
    assert {case.target for case in conformance.cases()} == {"mailjet-v3"}
    assert {case.target for case in conformance.cases(id="*/send/tags/one")} == {"mailjet-v3", "mailjet-v3.1"}
    assert {case.target for case in conformance.cases(folder=ROOT / "examples/target-carrier/cases")} == {"carrier"}


def test_having_excludes_cases_with_other_capabilities() -> None:
    selected = conformance.cases(ruleset="send", having={"tags", "send-at"})
    assert {capability for case in selected for capability in case.capabilities} == {"tags", "send-at"}
    assert conformance.cases(having=()) == ()


@pytest.mark.parametrize(("kind", "word"), [("area", "tag"), ("ruleset", "sent"), ("capability", "x"), ("level", "x")])
def test_unknown_filter_value_raises_value_error(kind: str, word: str) -> None:
    with pytest.raises(ValueError, match=f"unknown {kind} '{word}'"):
        conformance.cases(**{kind: word})  # type: ignore[arg-type]


def test_body_of_case_is_text_or_bytes() -> None:
    for case in conformance.cases(ruleset=("events", "inbound", "response", "template"), level=()):
        assert isinstance(conformance.read_body(case.input["body"]), str | bytes)


def test_other_members_of_diagnostics_are_ignored() -> None:
    diagnostic = ERROR | {"message": "one tag only", "hint": None, "rule": "tag", "severity": "error"}
    conformance.assert_case(TWO_TAGS, {"errors": [diagnostic], "warnings": []})
    conformance.assert_case(ONE, dict(ONE.expect))


@pytest.mark.parametrize(
    ("answer", "outcome", "message"),
    [
        ({"output": {}}, "wrongly_accepted", "+ {}"),
        ({"errors": [ERROR | {"path": "/tags"}]}, "wrong_errors", '- UnsupportedFeature at "/tags/1"'),
        ({"errors": [ERROR, ERROR]}, "wrong_errors", '+ UnsupportedFeature at "/tags/1"'),
        ({"errors": []}, "wrong_errors", '- UnsupportedFeature at "/tags/1"'),
        ({"errors": [ERROR], "warnings": [WARNING]}, "wrong_warnings", '+ NoEffect at "/subject"'),
        ({"errors": [ERROR | {"document": "options"}]}, "wrong_errors", 'in "options"'),
        ({"errors": [ERROR | {"path": None}]}, "wrong_errors", "at null"),
        ({"errors": [{"code": ["x"]}]}, "wrong_errors", '+ {"code": ["x"]'),
    ],
)
def test_mismatch_message(answer: dict[str, object], outcome: str, message: str) -> None:
    with pytest.raises(conformance.Mismatch) as raised:
        conformance.assert_case(TWO_TAGS, answer)
    text = str(raised.value)
    assert f"outcome  {outcome}" in text
    assert message in text
    assert TWO_TAGS.title in text
    assert '"tags": ["one", "two"]' in text
    assert isinstance(raised.value, AssertionError)


def test_less_strict_comparison_modes() -> None:
    conformance.assert_case(TWO_TAGS, {"errors": [ERROR | {"path": "/tags"}]}, errors="code")
    conformance.assert_case(TWO_TAGS, {"errors": [ERROR], "warnings": [WARNING]}, warnings="ignore")


@pytest.mark.parametrize(
    "answer", [{}, {"output": {}, "errors": []}, {"errors": ERROR}, {"errors": ["x"]}, {"output": {}, "warnings": None}]
)
def test_invalid_answer_raises_value_error(answer: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"an answer must have|must be a list of objects"):
        conformance.assert_case(TWO_TAGS, answer)


def test_diagnostic_with_another_path_is_paired() -> None:
    with pytest.raises(conformance.Mismatch) as raised:
        conformance.assert_case(TWO_TAGS, {"errors": [ERROR | {"path": "/tags"}]})
    lines = str(raised.value).splitlines()[-3:]
    assert [re.split(r" at ", line)[0].strip() for line in lines] == [
        "/errors/0",
        "- UnsupportedFeature",
        "+ UnsupportedFeature",
    ]
    assert format_differences(()) == []
