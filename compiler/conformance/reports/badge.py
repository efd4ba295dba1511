"""The badge: JSON for a shields.io endpoint, which draws the image."""

from __future__ import annotations

import json

from compiler.conformance.reports.counts import count_verdicts
from compiler.conformance.runner import Run


def format_badge(run: Run) -> str:
    """Formats the badge of a complete run. Raises ValueError for an incomplete one."""
    if not run.is_complete or not run.selection.is_unfiltered or not run.judged:
        raise ValueError("a badge requires a complete run of the whole suite")
    counts = count_verdicts(run.verdicts)
    message = f"{counts.passed}/{counts.total} passed"
    if counts.expected_failure:
        message += f", {counts.expected_failure} expected failures"
    if counts.unsupported:
        message += f", {counts.unsupported} unsupported"
    color = "red" if counts.failed else "brightgreen" if counts.passed == counts.total else "yellow"
    content = {"schemaVersion": 1, "label": f"Mailjet conformance {run.suite}", "message": message, "color": color}
    return json.dumps(content, ensure_ascii=False) + "\n"
