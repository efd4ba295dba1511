"""The findings that a run reports about its input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from compiler.json_io.issues import MAXIMUM_LISTED, MORE_ERRORS, MORE_HINT, more_message

MAXIMUM_RELATED = 100
"""The maximum number of related pointers in one finding."""

MORE = {"error": MORE_ERRORS, "warning": "MoreWarnings"}
"""The codes of the findings that state how many others are not listed."""


class Finding(NamedTuple):
    """A diagnostic about the input document of a ruleset.

    `at` and `related` are pointers into that document; `missing` means that there should be a value at `at`. `rule` is
    empty for a finding that is not from a single rule.
    """

    severity: str
    code: str
    at: str
    params: Mapping[str, Any]
    message: str
    hint: str | None
    rule: str
    related: tuple[str, ...] = ()
    missing: bool = False


def record_finding(findings: dict[Any, Finding], key: Any, finding: Finding, listed: int) -> bool:
    """Adds a finding; true if it is listed as a new one.

    `listed` is how many of its severity are listed already. Findings with the same key are merged; those over the
    maximum are counted.
    """
    earlier = findings.get(key)
    if earlier is not None:
        findings[key] = merge_related(earlier, finding)
        return False
    if listed < MAXIMUM_LISTED:
        findings[key] = finding
        return True
    more = findings.get(MORE[finding.severity])
    count = 0 if more is None else more.params.get("count")
    if count is not None:
        findings[MORE[finding.severity]] = more_findings(finding.severity, count + 1)
    return False


def more_findings(severity: str, count: int | None) -> Finding:
    """The finding that states how many others are not listed; `count` is None if that is unknown."""
    params = {} if count is None else {"count": count}
    return Finding(severity, MORE[severity], "", params, more_message(severity, count), MORE_HINT, "")


def merge_related(earlier: Finding, finding: Finding) -> Finding:
    """The earlier of two equal findings, with the related pointers of both."""
    if len(earlier.related) >= MAXIMUM_RELATED:
        return earlier
    related = tuple(dict.fromkeys((*earlier.related, *finding.related)))
    return earlier._replace(related=related[:MAXIMUM_RELATED])
