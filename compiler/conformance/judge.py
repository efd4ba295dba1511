"""Evaluates responses: whether a response meets the expectation of the case, and if not, how it fails.

See `compare` for the comparison itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from compiler.conformance.case_files import Case
from compiler.conformance.compare import Difference, ErrorMode, WarningMode, find_differences
from compiler.conformance.excerpts import MAX_DIFFERENCES, clip_difference, clip_text
from compiler.conformance.outputs import output_schema
from compiler.conformance.protocol import HarnessResponse, Hello
from compiler.engine.schema import Schema

Outcome = Literal[
    "passed",
    "wrongly_accepted",
    "wrongly_rejected",
    "wrong_output",
    "wrong_errors",
    "wrong_requires",
    "wrong_warnings",
    "unsupported",
    "internal_error",
    "timeout",
    "crash",
    "protocol_error",
    "not_run",
]
Status = Literal["passed", "failed", "expected_failure", "unsupported", "not_run"]

OUTCOMES: Mapping[Outcome, str] = {
    "passed": "the answer meets the expectation",
    "wrongly_accepted": "got an output, expected errors",
    "wrongly_rejected": "got errors, expected an output",
    "wrong_output": "the output differs",
    "wrong_errors": "the errors differ",
    "wrong_requires": "the requirements differ",
    "wrong_warnings": "only the warnings differ",
    "unsupported": "the harness lacks a required capability",
    "internal_error": "the harness reported an internal error",
    "timeout": "no response within the time limit",
    "crash": "the process ended, or closed its pipes",
    "protocol_error": "the response violates the protocol",
    "not_run": "the run ended before this case",
}
"""All outcomes of a case, with their meaning."""


@dataclass(frozen=True, slots=True)
class ComparisonMode:
    """How errors and warnings are compared, see `compare.find_differences`."""

    errors: ErrorMode = "exact"
    warnings: WarningMode = "exact"

    def __str__(self) -> str:
        return f"errors {self.errors}, warnings {self.warnings}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a case. `detail` explains failures without differences; `seconds` is the response time.

    `left_out` counts the differences that were not kept. Large values are kept as excerpts.
    """

    case: Case
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    detail: str | None = None
    seconds: float = 0.0
    status: Status = "failed"
    left_out: int = 0

    @classmethod
    def from_outcome(
        cls,
        case: Case,
        outcome: Outcome,
        differences: tuple[Difference, ...] = (),
        detail: str | None = None,
        seconds: float = 0.0,
        left_out: int = 0,
    ) -> Verdict:
        """Builds a verdict with the status of its outcome (before expected failures). Clips a long detail."""
        status: Status = "failed"
        if outcome in ("passed", "unsupported", "not_run"):
            status = outcome
        detail = None if detail is None else clip_text(detail)
        return cls(case, outcome, differences, detail, seconds, status, left_out)


def evaluate_answer(
    case: Case,
    response: HarnessResponse,
    hello: Hello,
    mode: ComparisonMode,
    seconds: float = 0.0,
    schemas: Mapping[str, Schema] | None = None,
) -> Verdict:
    """The verdict on a response to a case; `schemas` are those of the outputs of another target."""
    content = response.content
    if response.status == "internal_error":
        return Verdict.from_outcome(case, "internal_error", detail=content["detail"], seconds=seconds)
    if response.status == "unsupported":
        capability = content["capability"]
        if capability in hello.capabilities:
            detail = f"hello lists the capability {capability!r}, but the response says it is unsupported"
            return Verdict.from_outcome(case, "protocol_error", detail=detail, seconds=seconds)
        return Verdict.from_outcome(case, "unsupported", detail=capability, seconds=seconds)
    members = {"ok": ("output", "warnings", "requires"), "rejected": ("errors", "warnings")}[response.status]
    return compare_answer(case, {name: content[name] for name in members if name in content}, mode, seconds, schemas)


def compare_answer(
    case: Case,
    answer: Mapping[str, Any],
    mode: ComparisonMode,
    seconds: float = 0.0,
    schemas: Mapping[str, Schema] | None = None,
) -> Verdict:
    """The verdict on an answer in the form of an expectation."""
    differences: list[Difference] = []
    left_out = 0
    members: set[str] = set()
    for difference in find_differences(
        case.expect, answer, output_schema(case, schemas), errors=mode.errors, warnings=mode.warnings
    ):
        members.add(difference.path.split("/", 2)[1])
        if len(differences) < MAX_DIFFERENCES:
            differences.append(clip_difference(difference))
        else:
            left_out += 1
    outcome = _outcome(case, answer, members)
    return Verdict.from_outcome(case, outcome, tuple(differences), seconds=seconds, left_out=left_out)


# The first of these members that differs decides the outcome.
_OUTCOME_BY_MEMBER: tuple[tuple[str, Outcome], ...] = (
    ("output", "wrong_output"),
    ("errors", "wrong_errors"),
    ("requires", "wrong_requires"),
    ("warnings", "wrong_warnings"),
)


def _outcome(case: Case, answer: Mapping[str, Any], members: Collection[str]) -> Outcome:
    """The outcome of an answer that differs in these members."""
    if not members:
        return "passed"
    if "output" in answer and "errors" in case.expect:
        return "wrongly_accepted"
    if "output" not in answer and "output" in case.expect:
        return "wrongly_rejected"
    return next(outcome for member, outcome in _OUTCOME_BY_MEMBER if member in members)
