"""Times: ISO 8601 and RFC 3339 texts, and whole seconds since 1970 (POSIX), in UTC."""

from __future__ import annotations

import re

_FIRST_DAY = 719163  # 1970-01-01, as datetime counts days
LAST_SECOND = 253402300799
"""The last second of the year 9999."""

_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?", re.ASCII
)


def parse_time(text: str) -> int | None:
    """The seconds since 1970 of a date, or of a date and time; None if there is no such time.

    Without an offset it is UTC, and without a time midnight; a fraction of a second is dropped.
    """
    from datetime import date

    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if hour > 23 or minute > 59 or second > 60:  # a leap second is the first of the next minute
        return None
    try:
        days = date(year, month, day).toordinal() - _FIRST_DAY
    except ValueError:
        return None
    offset = _offset(match[7] or "Z")
    return None if offset is None else days * 86400 + hour * 3600 + minute * 60 + second - offset


def _offset(text: str) -> int | None:
    """The seconds by which a zone is ahead of UTC; None if there is no such zone."""
    if text in "Zz":
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        return None
    return (hours * 3600 + minutes * 60) * (-1 if text[0] == "-" else 1)


def format_time(seconds: int) -> str | None:
    """Seconds since 1970 as `YYYY-MM-DDTHH:MM:SSZ`; None before 1970 and after the year 9999."""
    from datetime import date

    if not 0 <= seconds <= LAST_SECOND:
        return None
    days, rest = divmod(seconds, 86400)
    minutes, second = divmod(rest, 60)
    return f"{date.fromordinal(_FIRST_DAY + days)}T{minutes // 60:02}:{minutes % 60:02}:{second:02}Z"
