"""Runs a ruleset with both backends, the interpreter and generated code, and asserts that they agree."""

from __future__ import annotations

import copy
import json
from collections.abc import Collection
from functools import cache
from typing import Any

from compiler.engine import Ruleset, RunResult, run
from compiler.engine.codegen.generate import GeneratedCode, generate
from compiler.engine.dependencies import RuleDependencies
from compiler.json_io.plain import deep_copy


def assert_agreement(
    ruleset: Ruleset,
    document: Any,
    ignored: bool | Collection[str],
    result: RunResult,
    code: GeneratedCode | None = None,
) -> bool:
    """Asserts that generated code returns what the interpreter returned, or bails out; true unless it bailed out.

    For errors it returns the rules that report them. It must bail out where a value is poisoned.
    """
    before = json.dumps(document)
    generated = (code or generate(ruleset)).run(document, () if ignored is False else ignored, deep_copy)
    assert json.dumps(document) == before
    if generated is None:
        return False
    output, findings, requires, failed = generated
    errors = tuple(finding for finding in result.findings if finding.severity == "error")
    assert not result.traced_output.poisoned
    assert findings == tuple(finding for finding in result.findings if finding.severity == "warning")
    assert bool(failed) == bool(errors), result.findings
    assert json.dumps(output) == json.dumps(result.output)
    if failed:
        rules = RuleDependencies(ruleset).including(failed)
        reported = run(ruleset, document, (), ignored, rules=rules).findings
        assert tuple(finding for finding in reported if finding.severity == "error") == errors
        assert requires == ()
    else:
        assert requires == result.requires
    return True


@cache
def generated_code_for(ruleset_name: str, present: frozenset[str] | None, target: str = "mailjet-v3") -> GeneratedCode:
    """The code of a ruleset for valid documents with exactly these members, as the pipeline has it; cached."""
    from compiler.pipeline.targets import named_target

    ruleset = named_target(target).ruleset(ruleset_name)
    return generate(ruleset, present, assume_valid=True, may_take_ownership=present is not None)


@cache
def generated_code(ruleset_name: str, target: str = "mailjet-v3") -> GeneratedCode:
    """The code of a ruleset for any document; cached."""
    from compiler.pipeline.targets import named_target

    return generate(named_target(target).ruleset(ruleset_name))


def run_both_backends(
    ruleset: Ruleset, document: Any, invalid: Collection[str] = (), ignored: bool | Collection[str] | None = False
) -> RunResult:
    """The interpreter's result, after asserting that generated code agrees with it."""
    result = run(ruleset, document, invalid, ignored)
    if not invalid and ignored is not None:
        assert_agreement(ruleset, copy.deepcopy(document), ignored, result)
    return result
