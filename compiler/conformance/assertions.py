"""A case asserted in a Python test: what an integration gives for its input, held against what it expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.conformance.case_files import Case
from compiler.conformance.compare import ErrorMode, WarningMode
from compiler.conformance.judge import ComparisonMode, compare_answer
from compiler.conformance.mismatch import format_verdict


class Mismatch(AssertionError):  # noqa: N818 - it names what it is about
    """An answer that is not what a case expects; the message shows case, source, input and differences."""


def assert_case(
    case: Case,
    answer: Mapping[str, Any],
    *,
    errors: ErrorMode = "exact",
    warnings: WarningMode = "exact",
) -> None:
    """Asserts that an answer is what the case expects.

    `answer` has the form of an expectation: `{"output": …}`, with `requires` where something is, or `{"errors": […]}`;
    beside either `warnings`. Each diagnostic is an object with `code`, `path`, and `document` and `params` where they
    are not `message` and empty; what else it has is not looked at. `errors` and `warnings` say how strictly they are
    compared, as the runner's flags do. Raises Mismatch, and ValueError for what is no answer.
    """
    if ("output" in answer) == ("errors" in answer):
        raise ValueError(f"an answer has either output or errors; this one has {', '.join(answer) or 'nothing'}")
    for name in ("errors", "warnings", "requires"):
        said = answer.get(name, ())
        if not isinstance(said, list | tuple) or not all(isinstance(each, Mapping) for each in said):
            raise ValueError(f"{name} is a list of objects, not {said!r:.80}")
    verdict = compare_answer(case, answer, ComparisonMode(errors, warnings))
    if verdict.outcome != "passed":
        raise Mismatch("\n" + format_verdict(verdict))
