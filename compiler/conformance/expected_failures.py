"""Expected failures: the cases that an implementation is known to fail, each with its outcome and a reason.

The list is strict: a listed case that passes, or fails with another outcome, fails the run. So the list stays up to
date. `schemas/expected-failures.schema.json` is its format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from compiler.conformance.case_files import Case
from compiler.conformance.judge import Outcome, Verdict
from compiler.json_io import resources
from compiler.json_io.parse import parse_json


class InvalidFailureList(ValueError):  # noqa: N818 - named for its subject
    """A list of expected failures is invalid; the message names the file and the location."""


@dataclass(frozen=True, slots=True)
class ExpectedFailure:
    """A case that is expected to fail with this outcome."""

    id: str
    outcome: Outcome
    reason: str
    link: str | None = None


ExpectedFailures = Mapping[str, ExpectedFailure]


def read_expected_failures(file: Path, cases: Iterable[Case]) -> ExpectedFailures:
    """Reads a list, keyed by case id. Raises InvalidFailureList (also for an unknown id) and OSError."""
    document, faults = parse_json(file.read_bytes())
    if faults:
        raise InvalidFailureList(f"{file}: not valid JSON: {faults[0].message}")
    error = next(resources.validator("expected-failures.schema.json").iter_errors(document), None)
    if error is not None:
        raise InvalidFailureList(f"{file}: {error.json_path}: {error.message}")
    known = {case.id for case in cases}
    result: dict[str, ExpectedFailure] = {}
    for entry in document["expected_failures"]:
        if entry["id"] not in known:
            raise InvalidFailureList(f"{file}: unknown case {entry['id']!r}")
        if entry["id"] in result:
            raise InvalidFailureList(f"{file}: duplicate case {entry['id']!r}")
        result[entry["id"]] = ExpectedFailure(entry["id"], entry["outcome"], entry["reason"], entry.get("link"))
    return result


def apply_expectation(verdict: Verdict, expected: ExpectedFailures) -> Verdict:
    """Adjusts a verdict by the list."""
    entry = expected.get(verdict.case.id)
    if entry is None or verdict.outcome == "not_run":
        return verdict
    if verdict.outcome == entry.outcome:
        return replace(verdict, status="expected_failure", detail=verdict.detail or entry.reason)
    hint = "remove it from the list" if verdict.outcome in ("passed", "unsupported") else "check which is right"
    detail = f"listed as {entry.outcome} ({entry.reason}), but got {verdict.outcome}: {hint}"
    if verdict.detail is not None:
        detail += f"; {verdict.detail}"
    return replace(verdict, status="failed", detail=detail)
