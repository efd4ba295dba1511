"""Runs a case with our own compiler: its result, and the coverage points of the rules that it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.conformance.case_files import Case, read_body
from compiler.json_io.parse import parse_json
from compiler.pipeline import compile as pipeline_compile
from compiler.pipeline.decode import Decoded, decode
from compiler.pipeline.decompile import decompile, decompile_with_trace
from compiler.pipeline.migrate import migrate_with_hits, translation_ruleset
from compiler.pipeline.targets import Target, own_target_names
from compiler.results import Result

_SOURCES = {translation_ruleset(name): name for name in own_target_names()}
"""The targets from which others migrate, by the rulesets for that."""


def run_case(case: Case, target: Target) -> Result:
    """The result of our compiler for a case."""
    return compile_input(case.ruleset, case.input, target)


def compile_input(ruleset: str, case_input: Mapping[str, Any], target: Target) -> Result:
    """The result of our compiler for the input of a case of this ruleset."""
    if ruleset == "decompile":
        return decompile(read_body(case_input["body"]), target)
    if ruleset in _SOURCES:
        return _migrate(ruleset, case_input, target)[0]
    if ruleset != "send":
        return _decode(ruleset, case_input, target).result
    if "text" in case_input:
        return pipeline_compile.compile_text(case_input["text"], target, case_input.get("options", {}))
    return pipeline_compile.compile(case_input["message"], target, case_input.get("options", {}))


def collect_coverage(case: Case, target: Target) -> frozenset[str]:
    """The coverage points of the target's rules that a case reaches."""
    case_input = case.input
    if case.ruleset in _SOURCES:
        return _migrate(case.ruleset, case_input, target)[1]
    if case.ruleset != "send":
        if case.ruleset == "decompile":
            outcome = decompile_with_trace(read_body(case_input["body"]), target).outcome
        else:
            outcome = _decode(case.ruleset, case_input, target).outcome
        return frozenset() if outcome is None else outcome.hits
    message = case_input.get("message")
    if "text" in case_input:
        message, faults = parse_json(case_input["text"])
        if faults:
            return frozenset()
    outcome = pipeline_compile.run_send_rules(message, target, case_input.get("options", {}))
    return frozenset() if outcome is None else outcome.hits


def _migrate(ruleset: str, case_input: Mapping[str, Any], target: Target) -> tuple[Result, frozenset[str]]:
    body = read_body(case_input["body"])
    return migrate_with_hits(body, _SOURCES[ruleset], target, case_input.get("options"))


def _decode(ruleset: str, case_input: Mapping[str, Any], target: Target) -> Decoded:
    return decode(
        ruleset,
        read_body(case_input["body"]),
        target,
        case_input.get("status_code"),
        case_input.get("reason"),
        case_input.get("message"),
        case_input.get("options"),
    )
