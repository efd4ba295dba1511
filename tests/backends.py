"""Runs a ruleset both ways, by the interpreter and by generated code, and says where they differ."""

from __future__ import annotations

import copy
import json
from collections.abc import Collection
from functools import cache
from typing import Any

from compiler.engine import Ruleset, RunResult, run
from compiler.engine.codegen.generate import GeneratedCode, generate
from compiler.engine.codegen.runtime import deep_copy


def failed(outcome: RunResult) -> bool:
    """Whether the interpreter found an error."""
    return outcome.traced_output.poisoned or any(each.severity == "error" for each in outcome.findings)


def assert_agreement(
    ruleset: Ruleset,
    document: Any,
    ignored: bool | Collection[str],
    outcome: RunResult,
    code: GeneratedCode | None = None,
) -> bool:
    """Generated code gives what the interpreter gave, or gives up; tells whether it gave something.

    It never gives anything where the interpreter found an error.
    """
    before = json.dumps(document)
    answer = (code or generate(ruleset)).run(document, () if ignored is False else ignored, deep_copy)
    assert json.dumps(document) == before
    if answer is None:
        return False
    output, said, requires = answer
    assert not failed(outcome), outcome.findings
    assert json.dumps(output) == json.dumps(outcome.output)
    assert said == outcome.findings
    assert requires == outcome.requires
    return True


@cache
def code_for(ruleset_name: str, present: frozenset[str] | None) -> GeneratedCode:
    """The code of a ruleset of ours for documents that fit, and that hold just these members."""
    from compiler.pipeline.targets import named_target

    return generate(named_target("mailjet-v3").ruleset(ruleset_name), present, assume_valid=True)


@cache
def code_of(ruleset_name: str) -> GeneratedCode:
    """The code of a ruleset of ours, made once."""
    from compiler.pipeline.targets import named_target

    return generate(named_target("mailjet-v3").ruleset(ruleset_name))


def both_ways(
    ruleset: Ruleset, document: Any, invalid: Collection[str] = (), ignored: bool | Collection[str] | None = False
) -> RunResult:
    """What the interpreter makes of a document, once generated code was seen to agree."""
    outcome = run(ruleset, document, invalid, ignored)
    if not invalid and ignored is not None:
        assert_agreement(ruleset, copy.deepcopy(document), ignored, outcome)
    return outcome
