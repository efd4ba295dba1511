"""What a run says of its input. Values only: who says it, and how it is shown, is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from compiler.json_io.issues import MAXIMUM_LISTED, MORE_ERRORS, MORE_HINT, more_message

MAXIMUM_RELATED = 100
"""How many further places one finding names."""

MORE = {"error": MORE_ERRORS, "warning": "MoreWarnings"}
"""The codes that say how many findings are not listed."""


class Finding(NamedTuple):
    """One thing a ruleset says of its input.

    `at` and `related` are pointers into the input document; `missing` says that at `at` there should be something.
    `rule` is empty where it is no single rule that says it.
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
    """Adds a finding to others, of which so many of its severity are `listed`, and tells whether it is listed too.

    Two with the same key are one. Those over the maximum are counted.
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
    """The finding that says how many others are not listed; None where nobody has counted them."""
    params = {} if count is None else {"count": count}
    return Finding(severity, MORE[severity], "", params, more_message(severity, count), MORE_HINT, "")


def merge_related(earlier: Finding, finding: Finding) -> Finding:
    """What was said already, told again: what else it is about is worth knowing."""
    if len(earlier.related) >= MAXIMUM_RELATED:
        return earlier
    related = tuple(dict.fromkeys((*earlier.related, *finding.related)))
    return earlier._replace(related=related[:MAXIMUM_RELATED])
