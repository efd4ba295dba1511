"""What a run says of its input. Values only: who says it, and how it is shown, is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

MAXIMUM_FINDINGS = 1_000
"""How many findings of one severity are listed for one document; how many more there are is said in one."""

MAXIMUM_RELATED = 100
"""How many further places one finding names."""

MORE = {"error": "MoreErrors", "warning": "MoreWarnings"}
"""The codes that say how many findings are not listed."""

MORE_HINT = "correct the listed ones; the others are told then"


class Said(NamedTuple):
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


def note(noted: dict[Any, Said], key: Any, said: Said, listed: int) -> bool:
    """Adds a finding to others, of which so many of its severity are `listed`, and tells whether it is listed too.

    Two with the same key are one. Those over the maximum are counted.
    """
    earlier = noted.get(key)
    if earlier is not None:
        noted[key] = repeated(earlier, said)
        return False
    if listed < MAXIMUM_FINDINGS:
        noted[key] = said
        return True
    more = noted.get(MORE[said.severity])
    count = 0 if more is None else more.params.get("count")
    if count is not None:
        noted[MORE[said.severity]] = more_findings(said.severity, count + 1)
    return False


def more_findings(severity: str, count: int | None) -> Said:
    """The finding that says how many others are not listed; None where nobody has counted them."""
    params = {} if count is None else {"count": count}
    return Said(severity, MORE[severity], "", params, more_message(severity, count), MORE_HINT, "")


def more_message(severity: str, count: int | None) -> str:
    """How many others are not listed, in words."""
    if count is None:
        return f"there are more {severity}s"
    return f"{count:,} more {severity}s are not listed" if count > 1 else f"one more {severity} is not listed"


def repeated(earlier: Said, said: Said) -> Said:
    """What was said already, told again: what else it is about is worth knowing."""
    if len(earlier.related) >= MAXIMUM_RELATED:
        return earlier
    related = tuple(dict.fromkeys((*earlier.related, *said.related)))
    return earlier._replace(related=related[:MAXIMUM_RELATED])
