"""Times as texts and as seconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.mail.times import LAST_SECOND, format_time, parse_time

OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(timezones=OFFSETS | st.just(UTC))


@given(TIMES, st.sampled_from(["T", "t", " "]), st.sampled_from(["auto", "seconds", "milliseconds"]))
def test_a_time_is_read_as_python_reads_it(time: datetime, separator: str, precision: str) -> None:
    text = time.isoformat(separator, timespec=precision)
    assert parse_time(text) == (time.replace(microsecond=0) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert parse_time(text.replace(".", ",")) == parse_time(text)


@given(st.integers(0, LAST_SECOND))
def test_seconds_become_a_text_that_is_read_back(seconds: int) -> None:
    text = format_time(seconds)
    assert text is not None
    assert text == datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert parse_time(text) == seconds


@given(st.text())
def test_any_other_text_gives_nothing_or_a_number(text: str) -> None:
    assert isinstance(parse_time(text), int | None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01", 0),
        ("1970-01-01T00:01", 60),
        ("1970-01-01T01:00:00+01", 0),
        ("1970-01-01T01:00:00+0100", 0),
        ("1970-01-01T00:00:60Z", 60),
        ("1969-12-31T23:59:59Z", -1),
        ("1970-01-01T24:00:00Z", None),
        ("1970-01-01T00:60:00Z", None),
        ("1970-01-01T00:00:61Z", None),
        ("1970-02-29", None),
        ("1970-01-01T00:00:00+24:00", None),
        ("1970-01-01T00:00:00+00:60", None),
        ("1970-01-01Z", None),
        ("\u0661970-01-01", None),
        ("1970-01-01\n", None),
    ],
)
def test_a_text(text: str, expected: int | None) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize("seconds", [-1, LAST_SECOND + 1])
def test_seconds_that_no_text_has(seconds: int) -> None:
    assert format_time(seconds) is None
