"""Functions change no argument and return no part of one: generated code passes parts of the document to them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from compiler.conformance.case_files import Case
from compiler.conformance.run import compile_input
from compiler.engine import Function, Ruleset
from compiler.pipeline.targets import Target, named_target
from tests.cases import about, each_area


def containers(value: Any) -> set[int]:
    """The ids of all lists and objects in a value."""
    if not isinstance(value, dict | list | tuple):
        return set()
    parts = value.values() if isinstance(value, dict) else value
    return {id(value)}.union(*map(containers, parts))


def checked(function: Function) -> Function:
    """The function, with checks of what it does to its arguments."""
    apply: Callable[..., Any] = function.apply

    def call(*arguments: Any) -> Any:
        before = deepcopy(arguments)
        result = apply(*arguments)
        assert arguments == before, f"{function.name} changes its arguments"
        assert containers(result).isdisjoint(containers(list(arguments))), f"{function.name} returns its arguments"
        return result

    return function._replace(apply=call)


def with_checks(ruleset: Ruleset) -> Ruleset:
    return replace(ruleset, functions={name: checked(function) for name, function in ruleset.functions.items()})


@cache
def checked_target(name: str) -> Target:
    target = named_target(name)
    return Target(name, {each: with_checks(target.ruleset(each)) for each in target.rulesets}, "interpreter")


@each_area()
def test_functions_leave_their_arguments_alone(cases: list[Case]) -> None:
    for case in cases:
        with about(case):
            compile_input(case.ruleset, case.input, checked_target(case.target))


def test_the_check_notices_both_mistakes() -> None:
    changing = checked(Function("changing", ({},), {}, lambda values: values.clear()))
    with pytest.raises(AssertionError, match="changing changes"):
        changing.apply([1])
    returning = checked(Function("returning", ({},), {}, lambda values: [values[0]]))
    with pytest.raises(AssertionError, match="returning returns"):
        returning.apply([{}])
