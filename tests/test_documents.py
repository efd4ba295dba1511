"""The generated TypedDicts, and how mypy checks literals of them."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings

import compiler
from compiler import documents
from compiler.json_io import resources
from tests.strategies.messages import WELL_FORMED_MESSAGES, WELL_FORMED_OPTIONS
from tools.documents import OMITTED, TYPES


@pytest.mark.parametrize("name", ["Message", "MessageOptions", "Payload", "TrackingEvent", "ConformanceCase"])
def test_required_members_are_those_of_the_schema(name: str) -> None:
    schema = resources.schemas()[f"{resources.BASE}{TYPES[name].removesuffix('#')}.schema.json"]
    kind = getattr(documents, name)
    assert set(get_type_hints(kind)) == set(schema["properties"])
    assert kind.__required_keys__ >= set(schema.get("required", ()))


def test_every_schema_has_a_type_or_is_omitted_on_purpose() -> None:
    schemas = {name.removeprefix(resources.BASE).removesuffix(".schema.json") for name in resources.schemas()}
    assert schemas - set(OMITTED) == {place.partition("#")[0] for place in TYPES.values()}


# --- Type checking ----------------------------------------------------------------------------------------------------

# mypy checks these lines in CI: it accepts valid literals, and reports an unused `type: ignore` as an error.
TYPED: documents.Message = {
    "from_email": "Shop <shop@example.com>",
    "to": ["a@example.com", {"email": "b@example.com", "name": "Bob"}],
    "subject": "Hello",
    "body": "Hello.",
    "attachments": [{"content": "YQ==", "filename": "a.txt"}],
}
MISSPELT: documents.Message = {"form_email": "shop@example.com"}  # type: ignore[typeddict-unknown-key]
WRONG: documents.Message = {"to": "a@example.com"}  # type: ignore[typeddict-item]
INCOMPLETE: documents.Alternative = {"content": "<p>"}  # type: ignore[typeddict-item]
PAYLOAD: documents.Payload = {
    "FromEmail": "a@example.com",
    "Text-part": "t",
    "Recipients": [{"Email": "b@example.com"}],
}


def test_literals_that_mypy_accepts_are_valid_and_others_are_not() -> None:
    assert resources.validator("message.schema.json").is_valid(TYPED)
    for message in (MISSPELT, WRONG, TYPED | {"alternatives": [INCOMPLETE]}):
        codes = {each.code for each in compiler.compile(message).errors}
        assert codes & {"UnknownField", "InvalidMessage"}
    assert resources.validator("mailjet-v3/payload.schema.json").is_valid(PAYLOAD)


@settings(max_examples=25)
@given(WELL_FORMED_MESSAGES, WELL_FORMED_OPTIONS)
def test_explanations_fit_their_schema(message: Any, options: Any) -> None:
    explanation = compiler.explain(message, options=options).to_dict()
    validator = resources.validator("explanation.schema.json")
    assert [error.message for error in validator.iter_errors(explanation)] == []
