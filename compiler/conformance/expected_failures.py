"""ExpectedFailures failures: a list of the cases that an implementation is known to fail, in which way, and why.

The list is strict. A case on it that passes, or fails in another way, fails the run; so the list never grows stale.
Its form is `schemas/expected-failures.schema.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from compiler.conformance.case_files import Case
from compiler.conformance.judge import Outcome, Verdict
from compiler.json_io import resources
from compiler.json_io.parse import parse_json


class InvalidFailureList(ValueError):  # noqa: N818 - it names what it is about
    """A file that is no list of expected failures; the message names file and place."""


@dataclass(frozen=True, slots=True)
class ExpectedFailure:
    """A case that is expected to fail in one way, for a reason."""

    id: str
    outcome: Outcome
    reason: str
    link: str | None = None


ExpectedFailures = Mapping[str, ExpectedFailure]


def read_expected_failures(file: Path, cases: Iterable[Case]) -> ExpectedFailures:
    """The list in a file, by id. Raises InvalidFailureList, also for ids that no case has, and OSError."""
    document, faults = parse_json(file.read_bytes())
    if faults:
        raise InvalidFailureList(f"{file}: no JSON: {faults[0].message}")
    error = next(resources.validator("expected-failures.schema.json").iter_errors(document), None)
    if error is not None:
        raise InvalidFailureList(f"{file}: {error.json_path}: {error.message}")
    known = {case.id for case in cases}
    found: dict[str, ExpectedFailure] = {}
    for row in document["expected_failures"]:
        if row["id"] not in known:
            raise InvalidFailureList(f"{file}: there is no case {row['id']!r}")
        if row["id"] in found:
            raise InvalidFailureList(f"{file}: {row['id']!r} is listed twice")
        found[row["id"]] = ExpectedFailure(row["id"], row["outcome"], row["reason"], row.get("link"))
    return found


def apply_expectation(verdict: Verdict, expected: ExpectedFailures) -> Verdict:
    """The verdict in the light of the list."""
    entry = expected.get(verdict.case.id)
    if entry is None or verdict.outcome == "not_run":
        return verdict
    if verdict.outcome == entry.outcome:
        return replace(verdict, status="expected_failure", detail=verdict.detail or entry.reason)
    hint = "take it off the list" if verdict.outcome in ("passed", "unsupported") else "see which is right"
    told = f"listed as {entry.outcome} ({entry.reason}), and it is {verdict.outcome}: {hint}"
    detail = told if verdict.detail is None else f"{told}; {verdict.detail}"
    return replace(verdict, status="failed", detail=detail)
