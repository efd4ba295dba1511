"""The badge: JSON in the form of shields.io's endpoint, which draws a picture from it."""

from __future__ import annotations

import json

from compiler.conformance.reports.counts import count_verdicts
from compiler.conformance.runner import Run


def format_badge(run: Run) -> str:
    """The badge of a complete run. Raises ValueError for any other, for a badge cannot say what is missing in it."""
    if not run.is_complete or not run.selection.is_unfiltered or not run.judged:
        raise ValueError("a badge is made of complete runs of the whole suite only")
    counts = count_verdicts(run.verdicts)
    message = f"{counts.passed}/{counts.total} passed"
    if counts.expected_failure:
        message += f", {counts.expected_failure} expected failures"
    if counts.unsupported:
        message += f", {counts.unsupported} unsupported"
    colour = "red" if counts.failed else "brightgreen" if counts.passed == counts.total else "yellow"
    made = {"schemaVersion": 1, "label": f"Mailjet conformance {run.suite}", "message": message, "color": colour}
    return json.dumps(made, ensure_ascii=False) + "\n"
