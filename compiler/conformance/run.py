"""A case put to our own compiler: what it gives, and which places of its rules were reached on the way.

Judging the answer is done in `compare`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.conformance.case_files import Case, read_body
from compiler.json_io.parse import parse_json
from compiler.pipeline import compile as pipeline_compile
from compiler.pipeline.decode import Decoded, decode
from compiler.pipeline.targets import Target
from compiler.results import Result


def run_case(case: Case, target: Target) -> Result:
    """What our compiler gives for the case's input."""
    return compile_input(case.ruleset, case.input, target)


def compile_input(ruleset: str, given: Mapping[str, Any], target: Target) -> Result:
    """What our compiler gives for the input of a case of this ruleset."""
    if ruleset != "send":
        return _decoded(ruleset, given, target).result
    if "text" in given:
        return pipeline_compile.compile_text(given["text"], target, given.get("options", {}))
    return pipeline_compile.compile(given["message"], target, given.get("options", {}))


def collect_coverage(case: Case, target: Target) -> frozenset[str]:
    """The places of the target's rules that a case reaches."""
    given = case.input
    if case.ruleset != "send":
        outcome = _decoded(case.ruleset, given, target).outcome
        return frozenset() if outcome is None else outcome.hits
    message = given.get("message")
    if "text" in given:
        message, faults = parse_json(given["text"])
        if faults:
            return frozenset()
    outcome = pipeline_compile.outcome_of(message, target, given.get("options", {}))
    return frozenset() if outcome is None else outcome.hits


def _decoded(ruleset: str, given: Mapping[str, Any], target: Target) -> Decoded:
    return decode(
        ruleset,
        read_body(given["body"]),
        target,
        given.get("status_code"),
        given.get("reason"),
        given.get("message"),
        given.get("options"),
    )
