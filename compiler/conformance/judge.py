"""What an answer is worth: whether it is what the case expects, and if not, in which way it is wrong.

The comparison itself is `compare`; how the answer was got does not matter here.
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
    "passed": "the answer is what the case expects",
    "wrongly_accepted": "there is an output, and errors were expected",
    "wrongly_rejected": "there are errors, and an output was expected",
    "wrong_output": "the output is another one",
    "wrong_errors": "there are errors, but others than expected",
    "wrong_requires": "what is still needed is something else",
    "wrong_warnings": "all is right but the warnings",
    "unsupported": "the harness has not what the case needs",
    "internal_error": "the harness told of a fault of its own",
    "timeout": "there was no answer within the limit",
    "crash": "the process ended, or closed its pipes",
    "protocol_error": "what was written is no answer",
    "not_run": "the run ended before the case was put",
}
"""What can come of a case, each with what it means."""


@dataclass(frozen=True, slots=True)
class ComparisonMode:
    """How errors and warnings are compared; the meaning of the words is that of `compare.differences`."""

    errors: ErrorMode = "exact"
    warnings: WarningMode = "exact"

    def __str__(self) -> str:
        return f"errors {self.errors}, warnings {self.warnings}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a case. `detail` says what a comparison cannot; `seconds` is how long the answer took.

    `left_out` counts the differences beyond those that are kept. Large values are kept as excerpts.
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
        """A verdict whose status is that of its outcome, expected failures apart; a long detail is clipped."""
        status: Status = "failed"
        if outcome in ("passed", "unsupported", "not_run"):
            status = outcome
        detail = None if detail is None else clip_text(detail)
        return cls(case, outcome, differences, detail, seconds, status, left_out)


def evaluate_answer(
    case: Case, answer: HarnessResponse, hello: Hello, mode: ComparisonMode, seconds: float = 0.0
) -> Verdict:
    """The verdict on an answer to a case."""
    content = answer.content
    if answer.status == "internal_error":
        return Verdict.from_outcome(case, "internal_error", detail=content["detail"], seconds=seconds)
    if answer.status == "unsupported":
        capability = content["capability"]
        if capability in hello.capabilities:
            detail = f"hello has the capability {capability!r}, and the answer says that it is unsupported"
            return Verdict.from_outcome(case, "protocol_error", detail=detail, seconds=seconds)
        return Verdict.from_outcome(case, "unsupported", detail=capability, seconds=seconds)
    kept = {"ok": ("output", "warnings", "requires"), "rejected": ("errors", "warnings")}[answer.status]
    return compare_answer(case, {key: content[key] for key in kept if key in content}, mode, seconds)


def compare_answer(case: Case, answer: Mapping[str, Any], mode: ComparisonMode, seconds: float = 0.0) -> Verdict:
    """Holds an answer, with the members of an expectation, against the case."""
    kept: list[Difference] = []
    left_out = 0
    members: set[str] = set()
    for each in find_differences(case.expect, answer, output_schema(case), errors=mode.errors, warnings=mode.warnings):
        members.add(each.path.split("/", 2)[1])
        if len(kept) < MAX_DIFFERENCES:
            kept.append(clip_difference(each))
        else:
            left_out += 1
    outcome = _outcome(case, answer, members)
    return Verdict.from_outcome(case, outcome, tuple(kept), seconds=seconds, left_out=left_out)


# In this order: the first member that differs says how the answer is wrong.
_OUTCOME_BY_MEMBER: tuple[tuple[str, Outcome], ...] = (
    ("output", "wrong_output"),
    ("errors", "wrong_errors"),
    ("requires", "wrong_requires"),
    ("warnings", "wrong_warnings"),
)


def _outcome(case: Case, answer: Mapping[str, Any], members: Collection[str]) -> Outcome:
    """How an answer is wrong that differs in these members."""
    if not members:
        return "passed"
    if "output" in answer and "errors" in case.expect:
        return "wrongly_accepted"
    if "output" not in answer and "output" in case.expect:
        return "wrongly_rejected"
    return next(outcome for member, outcome in _OUTCOME_BY_MEMBER if member in members)
