"""A comparison has the result of each target, and each finding with its effects."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

import compiler
from compiler.json_io import resources
from compiler.pipeline.targets import own_target_names
from tests.strategies.messages import ANY_MESSAGES

MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}


def effects(message: Any, options: Any = None) -> dict[str, list[str]]:
    comparison = compiler.compare(message, own_target_names(), options)
    return {f"{each.subject} {each.path}".strip(): [*each.effects.values()] for each in comparison.findings}


@given(ANY_MESSAGES)
def test_the_results_are_those_of_compile(message: Any) -> None:
    comparison = compiler.compare(message, own_target_names())
    resources.validator("comparison.schema.json").validate(comparison.to_dict())
    for each in comparison.targets:
        assert each.result == compiler.compile(message, each.target)
        assert (each.outcome == "refuses") == (not each.result.ok)
        found = [finding for finding in comparison.findings if finding.effects[each.target] != "none"]
        reported = {(one.params.get("feature", one.code), one.document, one.path) for one in each.result.errors}
        reported |= {(one.params.get("feature", one.code), one.document, one.path) for one in each.result.warnings}
        needed = {(requirement["kind"], "message", "") for requirement in each.result.requires}
        assert {(finding.subject, finding.document, finding.path) for finding in found} == reported | needed


def test_outcomes() -> None:
    template = {"to": ["b@example.com"], "template_id": 5}
    assert [each.outcome for each in compiler.compare(template, own_target_names()).targets] == [
        "incomplete",
        "compiles",
    ]
    assert effects(template) == {"template_sender": ["needed", "none"]}
    assert {each.outcome for each in compiler.compare(MESSAGE).targets} == {"compiles"}
    assert {each.outcome for each in compiler.compare({**MESSAGE, "subject": ""}).targets} == {"warns"}


def test_a_feature_can_be_dropped_or_not() -> None:
    tags = {**MESSAGE, "tags": ["a", "b"]}
    assert effects(tags) == {"multiple tags /tags/1": ["droppable", "droppable"]}
    assert effects(tags, {"ignore_unsupported_features": True}) == {"multiple tags /tags/1": ["dropped", "dropped"]}
    assert effects(tags, {"ignore_unsupported_features": ["multiple tags"]}) == {
        "multiple tags /tags/1": ["dropped", "dropped"]
    }
    other = {**MESSAGE, "to": ["jörg@example.com"]}
    assert effects(other) == {"non-ascii local part /to/0": ["error", "error"]}


def test_what_only_one_target_lacks() -> None:
    message = {**MESSAGE, "reply_to": ["c@example.com", "d@example.com"]}
    assert effects(message) == {"multiple reply_to addresses /reply_to/1": ["none", "droppable"]}


def test_targets_are_names_folders_or_values() -> None:
    carrier = compiler.load_target("examples/target-carrier")
    comparison = compiler.compare(MESSAGE, [carrier, "mailjet-v3", "examples/target-carrier"])
    assert [each.target for each in comparison.targets] == ["carrier", "mailjet-v3", "carrier"]
    assert compiler.compare(MESSAGE, []) == compiler.Comparison((), ())
    with pytest.raises(ValueError, match="unknown target"):
        compiler.compare(MESSAGE, ["mailjet-v4"])
    with pytest.raises(TypeError):
        compiler.compare(MESSAGE, options=5)  # type: ignore[arg-type] # which is tested
