"""Skipping idle rules changes nothing but the time a run takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from compiler.conformance.case_files import Case
from compiler.engine import run
from compiler.engine.interpreter import find_idle_rules
from compiler.frontend.full import canonicalize
from compiler.pipeline.targets import named_target, own_target_names
from tests.cases import about, each_area
from tests.strategies.messages import ANY_MESSAGES, ANY_OPTIONS

SEND = {name: named_target(name).ruleset("send") for name in own_target_names()}
IDLE = {name: find_idle_rules(ruleset) for name, ruleset in SEND.items()}


def assert_same(target: str, message: Any, options: Any) -> None:
    canonical = canonicalize(message, options)
    arguments = SEND[target], canonical.document, canonical.poisoned, canonical.ignored
    assert run(*arguments, idle_rules=IDLE[target]) == run(*arguments)


@each_area(lambda case: case.ruleset == "send" and "message" in case.input)
def test_golden_cases_have_the_same_results(cases: list[Case]) -> None:
    for case in cases:
        with about(case):
            assert_same(case.target, case.input["message"], case.input.get("options", {}))


@pytest.mark.parametrize("target", SEND)
@given(message=ANY_MESSAGES, options=ANY_OPTIONS)
def test_any_message_has_the_same_result(target: str, message: Any, options: Any) -> None:
    assert_same(target, message, options)
