"""The compiler on every conformance case, and the cases against their schema and the rules that they claim."""

from __future__ import annotations

import copy
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import compiler
from compiler.cli import ruleset_check
from compiler.conformance.case_files import Case
from compiler.conformance.compare import differences
from compiler.conformance.outputs import output_schema, output_schema_path
from compiler.conformance.run import run_case
from compiler.engine import ir
from compiler.json_io import resources
from compiler.pipeline.targets import named_target, own_target_names
from tests.cases import CASES, about, each_area
from tests.snapshots import extension_for

EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def actual_expectation(case: Case, target: compiler.Target | None = None) -> dict[str, Any]:
    """The compiler's result for a case, in the form of an expectation."""
    result = run_case(case, named_target(case.target) if target is None else target)
    expectation: dict[str, Any] = (
        {"output": result.output} if result.ok else {"errors": _diagnostic_entries(result.errors)}
    )
    expectation |= {"warnings": _diagnostic_entries(result.warnings)} if result.warnings else {}
    return expectation | ({"requires": list(result.requires)} if result.requires else {})


def _diagnostic_entries(diagnostics: tuple[compiler.Diagnostic, ...]) -> list[dict[str, Any]]:
    return [
        {
            "code": diagnostic.code,
            "document": diagnostic.document,
            "path": diagnostic.path,
            "params": dict(diagnostic.params),
        }
        for diagnostic in diagnostics
    ]


@EVERY_CASE
def test_our_compiler_gives_what_the_case_expects(case: Case, snapshot: SnapshotAssertion) -> None:
    assert actual_expectation(case) == snapshot(name=case.id, extension_class=extension_for(case))


@each_area()
def test_a_case_file_fits_its_schema_and_is_not_a_draft(cases: list[Case]) -> None:
    document = resources.validator("case.schema.json")
    for case in cases:
        text = (resources.golden_folder() / f"{case.id}.json").read_text(encoding="utf-8")
        assert [error.message for error in document.iter_errors(json.loads(text))] == [], case.id
        assert case.level != "draft", case.id


@each_area(lambda case: "output" in case.expect)
def test_an_expected_output_fits_its_schema_once_requirements_are_met(cases: list[Case]) -> None:
    for case in cases:
        output = copy.deepcopy(case.expect["output"])
        for requirement in case.expect.get("requires", ()):
            assert requirement["kind"] == "template_sender"
            for each in output.get("Messages", (output,)):
                each.setdefault("FromEmail", "stored@example.com")
        errors = list(resources.validator(output_schema_path(case.target, case.ruleset)).iter_errors(output))
        assert [error.message for error in errors] == [], case.id


@pytest.mark.slow
@each_area(lambda case: bool(case.rules))
def test_a_case_catches_the_removal_of_a_rule_that_it_claims(cases: list[Case]) -> None:
    for case in cases:
        for rule in case.rules:
            with about(case):
                assert_removal_is_caught(case, rule)


def assert_removal_is_caught(case: Case, rule: str) -> None:
    target = named_target(case.target)
    ruleset = target.ruleset(case.ruleset)
    reduced = replace(
        ruleset,
        build=_remove_rule(ruleset.build, rule),
        override=_remove_rule(ruleset.override, rule),
        verify=_remove_rule(ruleset.verify, rule),
        fan_out=_remove_rule(ruleset.fan_out, rule),
    )
    assert reduced != ruleset, f"there is no rule {rule!r}"
    reduced_target = compiler.Target(target.name, {**target.rulesets, case.ruleset: reduced})
    assert differences(case.expect, actual_expectation(case, reduced_target), output_schema(case)) != (), rule


def _remove_rule(rules: tuple[ir.Rule, ...], name: str) -> tuple[ir.Rule, ...]:
    remaining: list[ir.Rule] = []
    for rule in rules:
        if rule.id == name:
            continue
        if isinstance(rule, ir.ChooseRules):
            otherwise = rule.otherwise and replace(rule.otherwise, rules=_remove_rule(rule.otherwise.rules, name))
            branches = tuple(replace(branch, rules=_remove_rule(branch.rules, name)) for branch in rule.branches)
            rule = replace(rule, branches=branches, otherwise=otherwise)
        elif isinstance(rule, ir.PutEach):
            rule = replace(rule, rules=_remove_rule(rule.rules, name))
        remaining.append(rule)
    return tuple(remaining)


@pytest.mark.parametrize("name", own_target_names())
def test_the_rulesets_have_no_problems_and_full_case_coverage(name: str) -> None:
    assert [str(problem) for problem in ruleset_check.check_target(named_target(name), CASES)] == []


def test_no_two_cases_have_the_same_title_or_input() -> None:
    titles = Counter(f"{case.target}/{case.ruleset}/{case.area}: {case.title}" for case in CASES)
    assert [title for title, count in titles.items() if count > 1] == []
    inputs = Counter(
        (case.target, case.ruleset, case.area, case.level, json.dumps(case.input, sort_keys=True)) for case in CASES
    )
    assert [text for text, count in inputs.items() if count > 1] == []


def test_every_code_and_reason_that_a_case_expects_is_registered() -> None:
    registry = resources.schemas()[resources.BASE + "diagnostic.schema.json"]["$defs"]
    validator = resources.validator("diagnostic.schema.json")
    for case in CASES:
        for expected in (*case.expect.get("errors", ()), *case.expect.get("warnings", ())):
            severity = registry[expected["code"]]["properties"]["severity"]["const"]
            diagnostic = {"severity": severity, "document": "message", "related": [], "params": {}, "message": ""}
            errors = list(
                validator.iter_errors(
                    diagnostic | {"hint": None, "rule": None, "url": "https://example.com/"} | expected
                )
            )
            assert [error.message for error in errors] == [], case.id


def test_updating_a_snapshot_makes_the_case_a_draft(pytester: pytest.Pytester) -> None:
    case = next(each for each in CASES if each.id.endswith("tags/one"))
    file = pytester.path / f"{case.id}.json"
    file.parent.mkdir(parents=True)
    document = json.loads((resources.golden_folder() / f"{case.id}.json").read_text(encoding="utf-8"))
    file.write_text(json.dumps(document | {"expect": {"output": {"wrong": True}}}), encoding="utf-8")
    pytester.makepyfile(
        f"""
        from pathlib import Path
        from tests.snapshots import CaseExtension

        class Here(CaseExtension):
            folder = Path({str(pytester.path)!r})

        def test_case(snapshot):
            assert {document["expect"]!r} == snapshot(name={case.id!r}, extension_class=Here)
        """
    )
    pytester.syspathinsert(Path(__file__).parent.parent)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(failed=1)
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "--snapshot-update").assert_outcomes(passed=1)
    rewritten = json.loads(file.read_text(encoding="utf-8"))
    assert (rewritten["level"], rewritten["expect"]) == ("draft", document["expect"])
    assert rewritten["spec"] == document["spec"]
