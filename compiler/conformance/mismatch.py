"""A verdict shown to a person: which case, why its answer is right, what went in, and what differs, place by place.

    FAILED mailjet-v3/send/tags/two-tags: A second tag is unsupported
      why      django-anymail docs, Mailjet page: Limitations and quirks: Single tag
      outcome  wrong_errors: there are errors, but others than expected
      input    {"message": {"tags": ["one", "two"]}, "options": {}}
      /errors/0
        - UnsupportedFeature at /tags/1 {"feature": "multiple tags"}
        + UnsupportedFeature at /tags {"feature": "multiple tags"}

What came from a harness is made harmless for terminals. Nothing is compared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from compiler.conformance.case_files import Case
from compiler.conformance.compare import Difference, is_diagnostic
from compiler.conformance.exact_json import dump_json
from compiler.conformance.excerpts import Excerpt, clip_text
from compiler.conformance.judge import OUTCOMES, Verdict
from compiler.json_io.control_characters import visible

_MAX_VALUE = 400
_MAX_DIFFERENCES = 12
_WORDS = {"failed": "FAILED", "expected_failure": "EXPECTED", "unsupported": "UNSUPPORTED", "not_run": "NOT RUN"}


def format_verdict(verdict: Verdict) -> str:
    """A verdict as lines of text; all of it that a person needs, and no more."""
    case = verdict.case
    lines = [f"{_WORDS.get(verdict.status, 'PASSED')} {case.id}: {case.title}"]
    lines += [f"  why      {source}" for source in sources(case)]
    lines.append(f"  outcome  {verdict.outcome}: {OUTCOMES[verdict.outcome]}")
    if verdict.detail is not None:
        lines.append(f"  detail   {visible(_short(verdict.detail))}")
    lines.append(f"  input    {visible(_short(dump_json(case.input)))}")
    lines += (f"  {line}" for line in format_differences(verdict.differences, verdict.left_out))
    return "\n".join(lines)


def sources(case: Case) -> Iterator[str]:
    """Why a case's answer is right, a line for each source."""
    for entry in case.spec:
        told = ": ".join(entry[key] for key in ("source", "heading") if key in entry)
        yield f"{told} ({entry['note']})" if "note" in entry else told


def format_differences(differences: Iterable[Difference], left_out: int = 0) -> list[str]:
    """What differs, as lines: the place, what was expected (-), and what there is (+); `left_out` counts others."""
    paired = _pair_diagnostics(list(differences))
    lines = []
    for path, expected, actual in paired[:_MAX_DIFFERENCES]:
        lines.append(visible(_short(path)))
        lines += [f"  - {line}" for line in expected]
        lines += [f"  + {line}" for line in actual]
    more = max(0, len(paired) - _MAX_DIFFERENCES) + left_out
    if more:
        lines.append(f"and {more} differences more")
    return lines


_Row = tuple[str, list[str], list[str]]


def _pair_diagnostics(differences: list[Difference]) -> list[_Row]:
    """A diagnostic that is missing stands beside one of its code that was not expected: mostly one is meant for it."""
    unexpected = [each for each in differences if is_diagnostic(each) and each.kind == "unexpected"]
    rows: list[_Row] = []
    for each in differences:
        if is_diagnostic(each) and each.kind == "unexpected":
            continue
        match = None
        if is_diagnostic(each) and each.kind == "missing":
            match = next((other for other in unexpected if _has_same_code(each, other)), None)
        if match is not None:
            unexpected.remove(match)
            rows.append((each.path, [_shown(each, each.expected)], [_shown(each, match.actual)]))
        else:
            expected = [] if each.kind == "unexpected" else [_shown(each, each.expected)]
            actual = [] if each.kind == "missing" else [_shown(each, each.actual)]
            rows.append((each.path, expected, actual))
    return rows + [(each.path, [], [_shown(each, each.actual)]) for each in unexpected]


def _has_same_code(missing: Difference, unexpected: Difference) -> bool:
    return (
        missing.path.split("/")[1] == unexpected.path.split("/")[1]
        and isinstance(unexpected.actual, dict)
        and missing.expected.get("code") == unexpected.actual.get("code")
    )


def _shown(difference: Difference, value: Any) -> str:
    if is_diagnostic(difference) and isinstance(value, dict) and isinstance(value.get("code"), str):
        return visible(_short(_diagnostic(value)))
    if isinstance(value, Excerpt):
        return visible(clip_text(value.text, _MAX_VALUE, value.length))
    return visible(_short(dump_json(value)))


def _diagnostic(said: dict[str, Any]) -> str:
    told = str(said["code"])
    if "path" in said:
        told += f" at {dump_json(said['path'])}"
    if said.get("document", "message") != "message":
        told += f" in {dump_json(said['document'])}"
    return f"{told} {dump_json(said['params'])}" if said.get("params") else told


def _short(text: str) -> str:
    return clip_text(text, _MAX_VALUE)
