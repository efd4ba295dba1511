"""Assertions for Python tests: compare the result of an integration with the expectation of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.conformance.case_files import Case
from compiler.conformance.compare import ErrorMode, WarningMode
from compiler.conformance.judge import ComparisonMode, compare_answer
from compiler.conformance.mismatch import format_verdict


class Mismatch(AssertionError):  # noqa: N818 - named for its subject
    """An answer differs from the expectation; the message shows case, source, input and differences."""


def assert_case(
    case: Case,
    answer: Mapping[str, Any],
    *,
    errors: ErrorMode = "exact",
    warnings: WarningMode = "exact",
) -> None:
    """Asserts that an answer equals the expectation of the case.

    `answer` has the form of an expectation: `{"output": …}` with an optional `requires`, or `{"errors": […]}`; both
    with optional `warnings`. Each diagnostic is an object with `code`, `path`, `document` (default: `message`) and
    `params` (default: empty); other members are ignored. `errors` and `warnings` set the comparison mode, like the
    flags of the runner. Raises Mismatch, and ValueError for an invalid answer.
    """
    if ("output" in answer) == ("errors" in answer):
        raise ValueError(f"an answer must have either output or errors, got {', '.join(answer) or 'neither'}")
    for name in ("errors", "warnings", "requires"):
        diagnostics = answer.get(name, ())
        if not isinstance(diagnostics, list | tuple) or not all(isinstance(item, Mapping) for item in diagnostics):
            raise ValueError(f"{name} must be a list of objects, got {diagnostics!r:.80}")
    verdict = compare_answer(case, answer, ComparisonMode(errors, warnings))
    if verdict.outcome != "passed":
        raise Mismatch("\n" + format_verdict(verdict))
