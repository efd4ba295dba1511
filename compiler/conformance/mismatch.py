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

from compiler._visible import visible
from compiler.conformance.case_files import Case
from compiler.conformance.compare import Difference
from compiler.conformance.exact_json import shown_json
from compiler.conformance.judge import OUTCOMES, Verdict

_LONGEST_VALUE = 400
_MOST_DIFFERENCES = 12
_WORDS = {"failed": "FAILED", "expected_failure": "EXPECTED", "unsupported": "UNSUPPORTED", "not_run": "NOT RUN"}


def shown_verdict(verdict: Verdict) -> str:
    """A verdict as lines of text; all of it that a person needs, and no more."""
    case = verdict.case
    lines = [f"{_WORDS.get(verdict.status, 'PASSED')} {case.id}: {case.title}"]
    lines += [f"  why      {source}" for source in sources(case)]
    lines.append(f"  outcome  {verdict.outcome}: {OUTCOMES[verdict.outcome]}")
    if verdict.detail is not None:
        lines.append(f"  detail   {visible(_short(verdict.detail))}")
    lines.append(f"  input    {visible(_short(shown_json(case.input)))}")
    lines += (f"  {line}" for line in shown_differences(verdict.differences))
    return "\n".join(lines)


def sources(case: Case) -> Iterator[str]:
    """Why a case's answer is right, a line for each source."""
    for entry in case.spec:
        told = ": ".join(entry[key] for key in ("source", "heading") if key in entry)
        yield f"{told} ({entry['note']})" if "note" in entry else told


def shown_differences(differences: Iterable[Difference]) -> list[str]:
    """What differs, as lines: the place, what was expected (-), and what there is (+)."""
    paired = _paired(list(differences))
    lines = []
    for path, expected, actual in paired[:_MOST_DIFFERENCES]:
        lines.append(visible(path))
        lines += [f"  - {line}" for line in expected]
        lines += [f"  + {line}" for line in actual]
    if len(paired) > _MOST_DIFFERENCES:
        lines.append(f"and {len(paired) - _MOST_DIFFERENCES} differences more")
    return lines


_Row = tuple[str, list[str], list[str]]


def _paired(differences: list[Difference]) -> list[_Row]:
    """A diagnostic that is missing stands beside one of its code that was not expected: mostly one is meant for it."""
    unexpected = [each for each in differences if _is_said(each) and each.kind == "unexpected"]
    rows: list[_Row] = []
    for each in differences:
        if _is_said(each) and each.kind == "unexpected":
            continue
        match = None
        if _is_said(each) and each.kind == "missing":
            match = next((other for other in unexpected if _is_akin(each, other)), None)
        if match is not None:
            unexpected.remove(match)
            rows.append((each.path, [_shown(each, each.expected)], [_shown(each, match.actual)]))
        else:
            expected = [] if each.kind == "unexpected" else [_shown(each, each.expected)]
            actual = [] if each.kind == "missing" else [_shown(each, each.actual)]
            rows.append((each.path, expected, actual))
    return rows + [(each.path, [], [_shown(each, each.actual)]) for each in unexpected]


def _is_said(difference: Difference) -> bool:
    return difference.path.split("/")[1:2] in (["errors"], ["warnings"])


def _is_akin(missing: Difference, unexpected: Difference) -> bool:
    return (
        missing.path.split("/")[1] == unexpected.path.split("/")[1]
        and isinstance(unexpected.actual, dict)
        and missing.expected.get("code") == unexpected.actual.get("code")
    )


def _shown(difference: Difference, value: Any) -> str:
    if _is_said(difference) and isinstance(value, dict) and isinstance(value.get("code"), str):
        return visible(_short(_diagnostic(value)))
    return visible(_short(shown_json(value)))


def _diagnostic(said: dict[str, Any]) -> str:
    told = str(said["code"])
    if "path" in said:
        told += f" at {shown_json(said['path'])}"
    if said.get("document", "message") != "message":
        told += f" in {shown_json(said['document'])}"
    return f"{told} {shown_json(said['params'])}" if said.get("params") else told


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}… ({len(text):,} characters)"
