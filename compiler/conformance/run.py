"""A case put to our own compiler: what it gives, and which places of its rules were reached on the way.

Judging the answer is done in `compare`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler import _api
from compiler._decode import Decoded, decode
from compiler._result import Result
from compiler._target import Target
from compiler.conformance.case_files import Case, body_of
from compiler.message.json_values import parse_json


def run_case(case: Case, target: Target) -> Result:
    """What our compiler gives for the case's input."""
    return result_of(case.ruleset, case.input, target)


def result_of(ruleset: str, given: Mapping[str, Any], target: Target) -> Result:
    """What our compiler gives for the input of a case of this ruleset."""
    if ruleset != "send":
        return _decoded(ruleset, given, target).result
    if "text" in given:
        return _api.compile_text(given["text"], target, given.get("options", {}))
    return _api.compile(given["message"], target, given.get("options", {}))


def hits_of(case: Case, target: Target) -> frozenset[str]:
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
    outcome = _api.outcome_of(message, target, given.get("options", {}))
    return frozenset() if outcome is None else outcome.hits


def _decoded(ruleset: str, given: Mapping[str, Any], target: Target) -> Decoded:
    return decode(
        ruleset,
        body_of(given["body"]),
        target,
        given.get("status_code"),
        given.get("reason"),
        given.get("message"),
        given.get("options"),
    )
