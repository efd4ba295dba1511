"""The functions written by hand give what the compiler gives, so that comparing their times says something."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.conformance.case_files import read_body, read_cases
from tests.benchmarks import documents
from tests.benchmarks.by_hand import (
    NotCoveredError,
    RefusedError,
    events_by_hand,
    message_by_hand,
    split_by_hand,
)
from tests.strategies.messages import JSON, LIKELY

_CASES = tuple(read_cases())
_SEND = [case for case in _CASES if case.ruleset == "send" and "text" not in case.input and not case.input["options"]]
_EVENTS = [case for case in _CASES if case.ruleset == "events"]
_COVERED = [name for name in LIKELY if name not in ("esp_extra", "merge_metadata")]
_LIKELY = st.fixed_dictionaries(
    {name: LIKELY[name] for name in ("to", "body")},
    optional={name: LIKELY[name] for name in _COVERED if name not in ("to", "body", "send_at")},
)
_ANY = st.fixed_dictionaries({}, optional={"$schema": JSON} | {name: LIKELY[name] | JSON for name in _COVERED})


def _compiled(message: Any) -> tuple[Any, frozenset[str]] | None:
    """What the compiler says, as far as the function written by hand says it."""
    result = compiler.compile(json.loads(json.dumps(message)))
    return (result.payload, frozenset(each.code for each in result.warnings)) if result.ok else None


def _by_hand(message: Any) -> tuple[Any, frozenset[str]] | None:
    try:
        return message_by_hand(json.loads(json.dumps(message)))
    except RefusedError:
        return None


def _agree(message: Any) -> bool:
    """Whether the message is covered; if it is, both have to say the same."""
    try:
        ours = _by_hand(message)
    except NotCoveredError:
        return False
    assert ours == _compiled(message)
    return True


def test_most_cases_of_messages_are_covered() -> None:
    messages = [case.input["message"] for case in _SEND]
    eligible = [each for each in messages if not {"esp_extra", "merge_metadata"} & set(each or ())]
    covered = [each for each in eligible if _agree(each)]
    assert len(covered) > 0.8 * len(eligible)


@pytest.mark.parametrize(
    "message",
    [documents.simple(), documents.merged(50), documents.merged(101), documents.attached(1000)],
    ids=["simple", "merged", "too-many", "attached"],
)
def test_what_is_measured_comes_out_the_same(message: Any) -> None:
    assert _agree(message)


def test_four_mistakes_are_refused() -> None:
    with pytest.raises(RefusedError):
        message_by_hand(documents.four_mistakes())


@given(_LIKELY)
def test_likely_messages_come_out_the_same(message: Any) -> None:
    _agree({"from_email": "shop@example.com", **message})


@pytest.mark.slow
@given(_ANY)
def test_any_messages_come_out_the_same(message: Any) -> None:
    _agree(message)


@pytest.mark.parametrize("count", [1, 100, 101, 250])
def test_the_parts_are_the_same(count: int) -> None:
    message = documents.merged(count)
    theirs = compiler.split(message).unwrap()
    ours = split_by_hand(message)
    assert [message_by_hand(part) for part in ours] == [_compiled(part) for part in theirs]


def _events_agree(body: Any) -> bool:
    try:
        events, malformed = events_by_hand(body)
    except NotCoveredError:
        return False
    except RefusedError:
        assert not compiler.decode_events(body).ok
        return True
    result = compiler.decode_events(body)
    assert (json.dumps(result.output), bool(result.warnings)) == (json.dumps({"events": events}), malformed)
    return True


def test_most_cases_of_events_are_covered() -> None:
    covered = [case for case in _EVENTS if _events_agree(read_body(case.input["body"]))]
    assert len(covered) > 0.8 * len(_EVENTS)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from([*documents.event(0), *documents.event(3), "hard_bounce", "url"]), JSON))
def test_any_events_come_out_the_same(event: dict[str, Any]) -> None:
    _events_agree(json.dumps(documents.event(3) | event))


@pytest.mark.parametrize("count", [1, 20])
def test_the_measured_events_come_out_the_same(count: int) -> None:
    assert _events_agree(documents.events(count))
