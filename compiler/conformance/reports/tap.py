"""TAP 14 (Test Anything Protocol)."""

from __future__ import annotations

import json
import re

from compiler.conformance.judge import Verdict
from compiler.conformance.mismatch import format_differences, sources
from compiler.conformance.reports.counts import count_verdicts
from compiler.conformance.runner import Run
from compiler.json_io.control_characters import escape_control_characters

_SPECIAL = re.compile(r"[\\#]")


def format_tap(run: Run) -> str:
    """Formats a run as TAP 14; an incomplete run bails out."""
    lines = ["TAP version 14", f"1..{len(run.verdicts)}"]
    for number, verdict in enumerate(run.verdicts, start=1):
        if verdict.status != "not_run":
            lines += _format_point(number, verdict)
    if not run.is_complete:
        lines.append("Bail out! run incomplete")
    lines += [f"# {count_verdicts(run.verdicts)}", f"# {run.mode}"]
    return "\n".join(lines) + "\n"


def _format_point(number: int, verdict: Verdict) -> list[str]:
    case = verdict.case
    fails = verdict.status in ("failed", "expected_failure")
    point = f"{'not ok' if fails else 'ok'} {number} - {_escape(f'{case.id}: {case.title}')}"
    if verdict.status == "unsupported":
        return [f"{point} # SKIP unsupported: {_escape(verdict.detail or '')}"]
    if verdict.status == "expected_failure":
        point += f" # TODO {_escape(verdict.detail or verdict.outcome)}"
    if not fails:
        return [point]
    # JSON is valid YAML, and its escapes prevent an early end of the block.
    diagnosis = {
        "outcome": verdict.outcome,
        "detail": verdict.detail,
        "why": list(sources(case)),
        "differences": format_differences(verdict.differences, verdict.left_out),
    }
    return [point, "  ---", *(f"  {key}: {json.dumps(value)}" for key, value in diagnosis.items() if value), "  ..."]


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", escape_control_characters(text))
