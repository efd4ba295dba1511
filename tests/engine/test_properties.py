"""What holds for any JSON whatever: a run never raises, repeats itself, and leaves its input alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.engine import Finding, Ruleset, RunResult, run
from compiler.engine.traced_value import constant_value, identity
from compiler.json_io.pointer import format_pointer
from tests.engine.helpers import load
from tests.strategies.rulesets import ALL, CARD, LIBRARY

RULESETS = {name: load(document, LIBRARY, CARD) for name, document in ALL.items()}
over_rulesets = pytest.mark.parametrize("ruleset", RULESETS.values(), ids=list(RULESETS))

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, 1.0, True, 10**400, 1.5, "a", "cup", "Title", "title", "TITLE", "Notes"])
    | st.floats(allow_nan=False)
    | st.text(max_size=4)
)
KEYS = st.sampled_from(
    [
        "name",
        "born",
        "key",
        "value",
        "tags",
        "Title",
        "title",
        "Authors",
        "Notes",
        "notes",
        "Shelf",
        "a",
        "a/b",
        "~",
        "0",
    ]
) | st.text(max_size=3)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)


ANY_JSON = st.recursive(SCALARS, _containers, max_leaves=12)
PEOPLE = st.fixed_dictionaries(
    {}, optional={"name": st.sampled_from(["Ann", "Bob", "Woolf"]) | ANY_JSON, "born": ANY_JSON, "tags": ANY_JSON}
)
BOOKS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["", " ", "Emma", "drab"]) | ANY_JSON,
        "lent": st.booleans() | ANY_JSON,
        "kind": st.sampled_from(["novel", "atlas"]) | ANY_JSON,
        "pages": st.lists(st.integers(0, 99), max_size=3) | ANY_JSON,
        "authors": st.lists(PEOPLE | ANY_JSON, max_size=4) | ANY_JSON,
        "shelf": ANY_JSON,
        "notes": st.dictionaries(KEYS, ANY_JSON, max_size=4) | ANY_JSON,
        "extra": st.dictionaries(KEYS, ANY_JSON, max_size=4) | ANY_JSON,
    },
)
DOCUMENTS = BOOKS | ANY_JSON
IGNORED = st.booleans() | st.lists(st.sampled_from(["colours", "pages", "kinds"]), max_size=3)


def _pointers(document: Any, tokens: tuple[str | int, ...] = ()) -> list[str]:
    found = [format_pointer(tokens)]
    if isinstance(document, dict | list):
        members = document.items() if isinstance(document, dict) else enumerate(document)
        found += (pointer for key, value in members for pointer in _pointers(value, (*tokens, key)))
    return found


@st.composite
def documents_with_invalid(draw: st.DrawFn) -> tuple[Any, list[str]]:
    """A document and pointers to values in it, and perhaps to one that is not there."""
    document = draw(DOCUMENTS)
    return document, draw(st.lists(st.sampled_from([*_pointers(document), "/no/where"]), max_size=5))


def _reverse_keys(document: Any) -> Any:
    """The same JSON with the keys of every object in reverse."""
    if isinstance(document, dict):
        return {key: _reverse_keys(value) for key, value in reversed(document.items())}
    return [_reverse_keys(item) for item in document] if isinstance(document, list) else document


def _finding_key(finding: Finding) -> Any:
    fields = (finding.severity, finding.code, finding.at, finding.message, finding.hint, finding.rule, finding.related)
    return fields, identity(constant_value(finding.params))


def _summary(result: RunResult) -> Any:
    """All that is to be the same, whatever the order of keys."""
    output = identity(constant_value(result.output))
    requires = [identity(constant_value(each)) for each in result.requires]
    return output, frozenset(map(_finding_key, result.findings)), requires, result.hits


@over_rulesets
@given(case=documents_with_invalid(), ignored=IGNORED)
def test_a_run_never_raises_and_repeats_itself(ruleset: Ruleset, case: tuple[Any, list[str]], ignored: Any) -> None:
    document, invalid = case
    first, again = run(ruleset, document, invalid, ignored), run(ruleset, document, invalid, ignored)
    assert first == again
    assert first.output is None or all(finding.severity == "warning" for finding in first.findings)


@over_rulesets
@given(case=documents_with_invalid())
def test_the_input_is_not_changed(ruleset: Ruleset, case: tuple[Any, list[str]]) -> None:
    document, invalid = case
    before = deepcopy(document)
    run(ruleset, document, invalid)
    assert repr(document) == repr(before)


@over_rulesets
@given(case=documents_with_invalid(), ignored=IGNORED)
def test_the_order_of_keys_changes_nothing(ruleset: Ruleset, case: tuple[Any, list[str]], ignored: Any) -> None:
    document, invalid = case
    assert _summary(run(ruleset, document, invalid, ignored)) == _summary(
        run(ruleset, _reverse_keys(document), invalid, ignored)
    )


@over_rulesets
@given(document=DOCUMENTS)
def test_a_wholly_invalid_document_says_nothing_that_a_value_is_to_blame_for(ruleset: Ruleset, document: Any) -> None:
    result = run(ruleset, document, [""])
    assert result.findings == ()
    assert result.output is None
