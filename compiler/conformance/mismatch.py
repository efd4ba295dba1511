"""Formats a verdict as text: the case, its sources, its input, and the differences.

    FAILED mailjet-v3/send/tags/two-tags: A second tag is unsupported
      why      django-anymail docs, Mailjet page: Limitations and quirks: Single tag
      outcome  wrong_errors: the errors differ
      input    {"message": {"tags": ["one", "two"]}, "options": {}}
      /errors/0
        - UnsupportedFeature at /tags/1 {"feature": "multiple tags"}
        + UnsupportedFeature at /tags {"feature": "multiple tags"}

Control characters in the output of a harness are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from compiler.conformance.case_files import Case
from compiler.conformance.compare import Difference, is_diagnostic
from compiler.conformance.exact_json import dump_json
from compiler.conformance.excerpts import Excerpt, clip_text
from compiler.conformance.judge import OUTCOMES, Verdict
from compiler.json_io.control_characters import escape_control_characters

_MAX_VALUE = 400
_MAX_DIFFERENCES = 12
_STATUS_LABELS = {
    "failed": "FAILED",
    "expected_failure": "EXPECTED",
    "unsupported": "UNSUPPORTED",
    "not_run": "NOT RUN",
}


def format_verdict(verdict: Verdict) -> str:
    """Formats a verdict as lines of text."""
    case = verdict.case
    lines = [f"{_STATUS_LABELS.get(verdict.status, 'PASSED')} {case.id}: {case.title}"]
    lines += [f"  why      {source}" for source in sources(case)]
    lines.append(f"  outcome  {verdict.outcome}: {OUTCOMES[verdict.outcome]}")
    if verdict.detail is not None:
        lines.append(f"  detail   {escape_control_characters(_clip(verdict.detail))}")
    lines.append(f"  input    {escape_control_characters(_clip(dump_json(case.input)))}")
    lines += (f"  {line}" for line in format_differences(verdict.differences, verdict.left_out))
    return "\n".join(lines)


def sources(case: Case) -> Iterator[str]:
    """The sources of a case, one line difference."""
    for entry in case.spec:
        source = ": ".join(entry[key] for key in ("source", "heading") if key in entry)
        yield f"{source} ({entry['note']})" if "note" in entry else source


def format_differences(differences: Iterable[Difference], left_out: int = 0) -> list[str]:
    """Formats differences as lines: the path, the expected (-) and the actual value (+). `left_out` counts others."""
    rows = _pair_diagnostics(list(differences))
    lines = []
    for path, expected, actual in rows[:_MAX_DIFFERENCES]:
        lines.append(escape_control_characters(_clip(path)))
        lines += [f"  - {line}" for line in expected]
        lines += [f"  + {line}" for line in actual]
    hidden = max(0, len(rows) - _MAX_DIFFERENCES) + left_out
    if hidden:
        lines.append(f"and {hidden} more differences")
    return lines


_Row = tuple[str, list[str], list[str]]


def _pair_diagnostics(differences: list[Difference]) -> list[_Row]:
    """Pairs a missing diagnostic with an unexpected one of the same code: usually they are the same problem."""
    unexpected = [item for item in differences if is_diagnostic(item) and item.kind == "unexpected"]
    rows: list[_Row] = []
    for difference in differences:
        if is_diagnostic(difference) and difference.kind == "unexpected":
            continue
        match = None
        if is_diagnostic(difference) and difference.kind == "missing":
            match = next((other for other in unexpected if _has_same_code(difference, other)), None)
        expected = [] if difference.kind == "unexpected" else [_format_value(difference, difference.expected)]
        if match is not None:
            unexpected.remove(match)
            actual = [_format_value(difference, match.actual)]
        else:
            actual = [] if difference.kind == "missing" else [_format_value(difference, difference.actual)]
        rows.append((difference.path, expected, actual))
    return rows + [(difference.path, [], [_format_value(difference, difference.actual)]) for difference in unexpected]


def _has_same_code(missing: Difference, unexpected: Difference) -> bool:
    return (
        missing.path.split("/")[1] == unexpected.path.split("/")[1]
        and isinstance(unexpected.actual, dict)
        and missing.expected.get("code") == unexpected.actual.get("code")
    )


def _format_value(difference: Difference, value: Any) -> str:
    if is_diagnostic(difference) and isinstance(value, dict) and isinstance(value.get("code"), str):
        return escape_control_characters(_clip(_format_diagnostic(value)))
    if isinstance(value, Excerpt):
        return escape_control_characters(clip_text(value.text, _MAX_VALUE, value.length))
    return escape_control_characters(_clip(dump_json(value)))


def _format_diagnostic(diagnostic: dict[str, Any]) -> str:
    text = str(diagnostic["code"])
    if "path" in diagnostic:
        text += f" at {dump_json(diagnostic['path'])}"
    if diagnostic.get("document", "message") != "message":
        text += f" in {dump_json(diagnostic['document'])}"
    return f"{text} {dump_json(diagnostic['params'])}" if diagnostic.get("params") else text


def _clip(text: str) -> str:
    return clip_text(text, _MAX_VALUE)
