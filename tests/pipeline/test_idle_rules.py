"""Skipping idle rules changes nothing but the time a run takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from compiler.conformance.case_files import read_cases
from compiler.engine import run
from compiler.engine.interpreter import find_idle_rules
from compiler.frontend.full import canonicalize
from compiler.pipeline.targets import named_target
from tests.strategies.messages import ANY_MESSAGES, ANY_OPTIONS

SEND = named_target("mailjet-v3").ruleset("send")
IDLE = find_idle_rules(SEND)
CASES = [case for case in read_cases() if case.ruleset == "send" and "message" in case.input]


def assert_same(message: Any, options: Any) -> None:
    canonical = canonicalize(message, options)
    arguments = SEND, canonical.document, canonical.poisoned, canonical.ignored
    assert run(*arguments, idle_rules=IDLE) == run(*arguments)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_golden_cases_have_the_same_results(case: Any) -> None:
    assert_same(case.input["message"], case.input.get("options", {}))


@given(message=ANY_MESSAGES, options=ANY_OPTIONS)
def test_any_message_has_the_same_result(message: Any, options: Any) -> None:
    assert_same(message, options)
