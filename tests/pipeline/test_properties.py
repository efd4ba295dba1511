"""What holds for every message: properties, tried on messages that hypothesis makes."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.json_io import resources
from tests.strategies.messages import ANY_MESSAGES, ANY_OPTIONS, LIKELY_MESSAGES, LIKELY_OPTIONS, SENDABLE

DIAGNOSTIC = resources.validator("diagnostic.schema.json")
PAYLOAD = resources.validator("mailjet-v3/payload.schema.json")
CANONICAL = resources.validator("canonical-message.schema.json")


@given(ANY_MESSAGES, ANY_OPTIONS)
def test_any_json_document_gives_a_result_that_fits_its_schema(message: Any, options: Any) -> None:
    result = compiler.compile(message, options=options)
    assert result.ok == (result.payload is not None) == (not result.errors)
    for diagnostic in (*result.errors, *result.warnings):
        assert [error.message for error in DIAGNOSTIC.iter_errors(diagnostic.to_dict())] == []
    json.dumps(result.to_dict(), ensure_ascii=False).encode("utf-8")


@given(st.text() | st.binary(), LIKELY_OPTIONS)
def test_any_text_or_bytes_give_a_result(text: str | bytes, options: Any) -> None:
    result = compiler.compile_text(text, options=options)
    assert result.ok == (not result.errors)


@given(SENDABLE)
def test_a_payload_fits_its_schema_once_requirements_are_met(pair: tuple[Any, Any]) -> None:
    message, options = pair
    result = compiler.compile(message, options=options)
    if not result.ok:
        return
    payload = copy.deepcopy(result.payload)
    for requirement in result.requires:
        for each in payload.get("Messages", [payload]):
            assert requirement == {"kind": "template_sender", "template_id": each["Mj-TemplateID"]}
            assert "FromEmail" not in each
            each["FromEmail"] = "stored@example.com"
    assert [error.message for error in PAYLOAD.iter_errors(payload)] == []


@given(ANY_MESSAGES, ANY_OPTIONS)
def test_the_canonical_message_fits_its_schema_but_for_what_is_poisoned(message: Any, options: Any) -> None:
    from compiler.frontend.full import canonicalize

    prepared = canonicalize(message, options)
    for error in CANONICAL.iter_errors(prepared.document):
        place = "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in error.absolute_path)
        assert any(place == pointer or place.startswith(f"{pointer}/") for pointer in prepared.poisoned), error.message


@given(ANY_MESSAGES, ANY_OPTIONS)
def test_inputs_are_unchanged_and_nothing_mutable_is_shared(message: Any, options: Any) -> None:
    before = json.dumps([message, options])
    first = compiler.compile(message, options=options).to_dict()
    spoil(first)
    assert json.dumps([message, options]) == before
    again = compiler.compile(message, options=options).to_dict()
    spoil(message)
    spoil(options)
    assert json.dumps(again) == json.dumps(
        compiler.compile(json.loads(before)[0], options=json.loads(before)[1]).to_dict()
    )


def spoil(value: Any) -> None:
    """Changes every container in a value."""
    if isinstance(value, dict):
        for inner in value.values():
            spoil(inner)
        value["spoilt"] = True
    elif isinstance(value, list):
        for inner in value:
            spoil(inner)
        value.append("spoilt")


@given(ANY_MESSAGES, ANY_OPTIONS, st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(message: Any, options: Any, random: Any) -> None:
    straight = compiler.compile(message, options=options)
    shuffled = compiler.compile(reordered(message, random), options=reordered(options, random))
    assert same(straight.payload, shuffled.payload)
    assert set(straight.errors) == set(shuffled.errors)
    assert set(straight.warnings) == set(shuffled.warnings)
    assert straight.requires == shuffled.requires


def same(left: Any, right: Any) -> bool:
    """Equal as JSON, whatever the order of keys; NaN, which Python hands in, is equal to itself here."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def reordered(value: Any, random: Any) -> Any:
    """The same JSON with the keys of every object in another order."""
    if isinstance(value, list):
        return [reordered(item, random) for item in value]
    if isinstance(value, dict):
        items = [(key, reordered(inner, random)) for key, inner in value.items()]
        random.shuffle(items)
        return dict(items)
    return value


@given(ANY_MESSAGES, ANY_OPTIONS)
def test_the_same_input_gives_the_same_output_byte_for_byte(message: Any, options: Any) -> None:
    once = compiler.compile(message, options=options).to_dict()
    again = compiler.compile(copy.deepcopy(message), options=copy.deepcopy(options)).to_dict()
    assert json.dumps(once) == json.dumps(again)


@given(LIKELY_MESSAGES, LIKELY_OPTIONS)
def test_a_message_as_text_and_as_a_value_compile_alike(message: Any, options: Any) -> None:
    assert compiler.compile_text(json.dumps(message), options=options) == compiler.compile(message, options=options)


@given(LIKELY_MESSAGES, LIKELY_OPTIONS)
def test_every_path_that_is_no_missing_value_exists_in_its_document(message: Any, options: Any) -> None:
    result = compiler.compile(message, options=options)
    for diagnostic in (*result.errors, *result.warnings):
        if diagnostic.code not in ("MissingField", "MissingSubject"):
            document = options if diagnostic.document == "options" else message
            assert exists(document, diagnostic.path), str(diagnostic)
            assert all(exists(message, path) or exists(options, path) for path in diagnostic.related)


def exists(document: Any, path: str) -> bool:
    """Whether a JSON Pointer points to something in the document."""
    for token in path.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and key in document:
            document = document[key]
        elif isinstance(document, list) and key.isdigit() and int(key) < len(document):
            document = document[int(key)]
        else:
            return False
    return True
