"""Generated validators accept no document that jsonschema rejects, and accept most valid ones."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.generated.validators import VALIDATORS, fast_validator
from compiler.json_io.plain import MAXIMUM_DEPTH, are_plain
from compiler.json_io.sanitize import sanitize
from tests.generated.fuzz_validators import check_document, documents, mutate
from tests.strategies.messages import ANY_MESSAGES, ANY_OPTIONS, VALID_MESSAGES


@pytest.mark.parametrize("name", VALIDATORS)
@given(random=st.randoms(use_true_random=False))
def test_validators_are_sound_on_mutated_case_documents(name: str, random: Random) -> None:
    accepted = check_document(name, mutate(random.choice(documents(name)), random))
    assert accepted.schema or not accepted.guard


@given(message=ANY_MESSAGES, options=ANY_OPTIONS)
def test_validators_are_sound_on_any_message(message: object, options: object) -> None:
    for name, document in (("message", message), ("options", options)):
        accepted = check_document(name, document)
        assert accepted.schema or not accepted.guard


@given(pair=VALID_MESSAGES)
def test_validators_are_sound_on_valid_messages(pair: tuple[object, object]) -> None:
    for name, document in zip(("message", "options"), pair, strict=True):
        accepted = check_document(name, document)
        assert accepted.schema or not accepted.guard


@pytest.mark.parametrize("name", ["message", "payload"])
def test_validators_accept_nearly_all_valid_case_documents(name: str) -> None:
    results = [check_document(name, document) for document in documents(name)]
    valid_results = [result for result in results if result.schema]
    assert len(valid_results) > 200
    assert sum(result.guard for result in valid_results) > 0.97 * len(valid_results)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800") | st.binary(max_size=1),
        lambda inner: (
            st.lists(inner, max_size=30)
            | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=30)
            | st.tuples(inner)
        ),
        max_leaves=200,
    )
)
def test_plain_json_is_copied_without_issues(value: object) -> None:
    copied, issues, _ = sanitize(value)
    if are_plain([value]):
        assert not issues
        assert repr(copied) == repr(value)


@pytest.mark.parametrize("width", [1, 30])
def test_deep_or_recursive_values_are_not_plain(width: int) -> None:
    recursive: list[object] = []
    recursive += [recursive] * width
    assert not are_plain([recursive])
    shared: list[object] = []
    for _ in range(40):
        shared = [shared, shared]
    assert not are_plain([shared])
    deep: list[object] = []
    for _ in range(MAXIMUM_DEPTH):
        deep = [deep, *["a"] * (width - 1)]
    assert not are_plain([deep])


def test_a_schema_without_a_generated_validator_gives_none() -> None:
    assert fast_validator("rules.schema.json") is None
