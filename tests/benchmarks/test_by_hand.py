"""The hand-written functions give the same results as the compiler, so that comparing their times is fair."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.conformance.case_files import read_body
from tests.benchmarks import documents
from tests.benchmarks.by_hand import (
    NotCoveredError,
    RefusedError,
    events_by_hand,
    message_by_hand,
    split_by_hand,
)
from tests.cases import CASES
from tests.strategies.messages import JSON, VALID_FIELDS

_SEND = [case for case in CASES if case.ruleset == "send" and "text" not in case.input and not case.input["options"]]
_EVENTS = [case for case in CASES if case.ruleset == "events"]
_COVERED = [name for name in VALID_FIELDS if name not in ("esp_extra", "merge_metadata")]
_VALID_MESSAGES = st.fixed_dictionaries(
    {name: VALID_FIELDS[name] for name in ("to", "body")},
    optional={name: VALID_FIELDS[name] for name in _COVERED if name not in ("to", "body", "send_at")},
)
_ANY = st.fixed_dictionaries({}, optional={"$schema": JSON} | {name: VALID_FIELDS[name] | JSON for name in _COVERED})


def _compile(message: Any) -> tuple[Any, frozenset[str]] | None:
    """The compiler's payload and warning codes, or None with errors, as the hand-written function returns them."""
    result = compiler.compile(json.loads(json.dumps(message)))
    return (result.payload, frozenset(each.code for each in result.warnings)) if result.ok else None


def _compile_by_hand(message: Any) -> tuple[Any, frozenset[str]] | None:
    try:
        return message_by_hand(json.loads(json.dumps(message)))
    except RefusedError:
        return None


def _results_agree(message: Any) -> bool:
    """Whether the hand-written function covers the message; if it does, asserts that both results are the same."""
    try:
        ours = _compile_by_hand(message)
    except NotCoveredError:
        return False
    assert ours == _compile(message)
    return True


def test_most_cases_of_messages_are_covered() -> None:
    messages = [case.input["message"] for case in _SEND]
    eligible = [each for each in messages if not {"esp_extra", "merge_metadata"} & set(each or ())]
    covered = [each for each in eligible if _results_agree(each)]
    assert len(covered) > 0.8 * len(eligible)


@pytest.mark.parametrize(
    "message",
    [documents.simple(), documents.merged(50), documents.merged(101), documents.attached(1000)],
    ids=["simple", "merged", "too-many", "attached"],
)
def test_benchmark_messages_give_the_same_result(message: Any) -> None:
    assert _results_agree(message)


def test_the_example_with_four_mistakes_is_rejected() -> None:
    with pytest.raises(RefusedError):
        message_by_hand(documents.four_mistakes())


@given(_VALID_MESSAGES)
def test_valid_messages_give_the_same_result(message: Any) -> None:
    _results_agree({"from_email": "shop@example.com", **message})


@pytest.mark.slow
@given(_ANY)
def test_any_message_gives_the_same_result(message: Any) -> None:
    _results_agree(message)


@pytest.mark.parametrize("count", [1, 100, 101, 250])
def test_the_parts_are_the_same(count: int) -> None:
    message = documents.merged(count)
    theirs = compiler.split(message).unwrap()
    ours = split_by_hand(message)
    assert [message_by_hand(part) for part in ours] == [_compile(part) for part in theirs]


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
def test_any_event_gives_the_same_result(event: dict[str, Any]) -> None:
    _events_agree(json.dumps(documents.event(3) | event))


@pytest.mark.parametrize("count", [1, 20])
def test_benchmark_events_give_the_same_result(count: int) -> None:
    assert _events_agree(documents.events(count))
