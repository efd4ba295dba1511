"""Guards accept nothing that jsonschema refuses, and accept what people mostly write."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.generated.validators import VALIDATORS, fast_validator
from compiler.json_io.plain import MAXIMUM_DEPTH, are_plain
from compiler.json_io.sanitize import sanitize
from tests.generated.fuzz_validators import changed, checked, documents
from tests.strategies.messages import ANY_MESSAGES, ANY_OPTIONS, SENDABLE


@pytest.mark.parametrize("name", VALIDATORS)
@given(random=st.randoms(use_true_random=False))
def test_what_a_guard_accepts_jsonschema_accepts(name: str, random: Random) -> None:
    both = checked(name, changed(random.choice(documents(name)), random))
    assert both.schema or not both.guard


@given(message=ANY_MESSAGES, options=ANY_OPTIONS)
def test_what_a_guard_accepts_of_any_message_jsonschema_accepts(message: object, options: object) -> None:
    for name, document in (("message", message), ("options", options)):
        both = checked(name, document)
        assert both.schema or not both.guard


@given(pair=SENDABLE)
def test_what_a_guard_accepts_of_messages_that_mostly_compile_jsonschema_accepts(pair: tuple[object, object]) -> None:
    for name, document in zip(("message", "options"), pair, strict=True):
        both = checked(name, document)
        assert both.schema or not both.guard


@pytest.mark.parametrize("name", ["message", "payload"])
def test_guards_accept_nearly_all_documents_of_the_cases_that_are_valid(name: str) -> None:
    found = [checked(name, document) for document in documents(name)]
    valid = [each for each in found if each.schema]
    assert len(valid) > 200
    assert sum(each.guard for each in valid) > 0.97 * len(valid)


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
def test_what_is_plain_is_copied_without_a_fault(value: object) -> None:
    copied, faults, _ = sanitize(value)
    if are_plain([value]):
        assert not faults
        assert repr(copied) == repr(value)


@pytest.mark.parametrize("width", [1, 30])
def test_what_is_too_deep_or_has_no_end_is_not_plain(width: int) -> None:
    endless: list[object] = []
    endless += [endless] * width
    assert not are_plain([endless])
    many: list[object] = []
    for _ in range(40):
        many = [many, many]
    assert not are_plain([many])
    deep: list[object] = []
    for _ in range(MAXIMUM_DEPTH):
        deep = [deep, *["a"] * (width - 1)]
    assert not are_plain([deep])


def test_there_is_no_guard_for_a_schema_that_nobody_asks_for() -> None:
    assert fast_validator("rules.schema.json") is None
