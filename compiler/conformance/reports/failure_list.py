"""The list of expected failures that a run gives: what `expected_failures` reads again."""

from __future__ import annotations

import json

from compiler.conformance.expected_failures import ExpectedFailures
from compiler.conformance.runner import Run

NO_REASON_YET = "not explained yet"
"""The reason that a list is written with where nobody has given one."""


def format_failure_list(done: Run, before: ExpectedFailures) -> str:
    """The list of all failures of a complete run, with the reasons that a list before gives. Raises ValueError."""
    if not done.is_complete:
        raise ValueError("the run is not complete")
    rows = []
    for verdict in done.verdicts:
        if verdict.outcome in ("passed", "unsupported", "not_run"):
            continue
        known = before.get(verdict.case.id)
        row = {"id": verdict.case.id, "outcome": verdict.outcome, "reason": known.reason if known else NO_REASON_YET}
        if known is not None and known.link is not None:
            row["link"] = known.link
        rows.append(row)
    return json.dumps({"expected_failures": rows}, indent=2, ensure_ascii=False) + "\n"
