"""The failures of a run, in the format that `expected_failures` reads."""

from __future__ import annotations

import json

from compiler.conformance.expected_failures import ExpectedFailures
from compiler.conformance.runner import Run

NO_REASON_YET = "not explained yet"
"""The reason of a failure that the previous list does not contain."""


def format_failure_list(run: Run, previous: ExpectedFailures) -> str:
    """Lists the failures of a complete run, with the reasons of the previous list. Raises ValueError."""
    if not run.is_complete:
        raise ValueError("run incomplete")
    entries = []
    for verdict in run.verdicts:
        if verdict.outcome in ("passed", "unsupported", "not_run"):
            continue
        known = previous.get(verdict.case.id)
        entry = {"id": verdict.case.id, "outcome": verdict.outcome, "reason": known.reason if known else NO_REASON_YET}
        if known is not None and known.link is not None:
            entry["link"] = known.link
        entries.append(entry)
    return json.dumps({"expected_failures": entries}, indent=2, ensure_ascii=False) + "\n"
