"""The TypedDicts say of types what the schemas say, and type checkers hold literals against them."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from hypothesis import given, settings

import compiler
from compiler import documents
from compiler.json_io import resources
from tests.strategies.messages import LIKELY_MESSAGES, LIKELY_OPTIONS

# --- A type against a schema ------------------------------------------------------------------------------------------

_KINDS = {type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}


def differences(schema: Any, kind: Any, base: str, place: str = "") -> Iterator[str]:
    """Where a type and a schema differ; `base` is the `$id` of the document that the schema stands in."""
    while "$ref" in schema:
        base, schema = _referred(schema["$ref"], base)
    if kind is Any:
        if set(schema) & {"type", "enum", "const", "properties", "items"}:
            yield f"{place}: Any, where the schema says more"
        return
    options = list(_options(kind))
    found = {_kind_of(option) for option in options}
    wanted = _kinds(schema)
    if "number" in found | wanted:
        found, wanted = found - {"integer"}, wanted - {"integer"}
    if found != wanted:
        yield f"{place}: {sorted(found)} for {sorted(wanted)}"
    literals = [option.value for option in options if isinstance(option, _Value)]
    choices = schema.get("enum", [])
    if literals and not _same_values(literals, [each for each in choices if each is not None]):
        yield f"{place}: {literals} for {choices}"
    for option in options:
        if get_origin(option) is list:
            yield from differences(schema.get("items", {}), get_args(option)[0], base, f"{place}/*")
        elif is_typeddict(option):
            yield from _member_differences(schema, option, base, place)
        elif get_origin(option) is Mapping:
            yield from _mapping_differences(schema, get_args(option)[1], base, place)


def _member_differences(schema: Any, kind: Any, base: str, place: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    hints = get_type_hints(kind)
    if set(hints) != set(properties):
        yield f"{place}: members {sorted(set(hints) ^ set(properties))} on one side only"
    if kind.__required_keys__ != _required(schema, base):
        yield f"{place}: {sorted(kind.__required_keys__)} for the required {sorted(_required(schema, base))}"
    for name in set(hints) & set(properties):
        yield from differences(properties[name], hints[name], base, f"{place}/{name}")


def _mapping_differences(schema: Any, values: Any, base: str, place: str) -> Iterator[str]:
    others = schema.get("additionalProperties", True)
    if others is False:
        yield f"{place}: a mapping, where the schema knows all names"
        return
    if values is Any and (others is True or {"array", "object", "string"} <= _kinds(others)):  # anything but null
        return
    for name, inner in {**schema.get("properties", {}), "*": {} if others is True else others}.items():
        yield from differences(inner, values, base, f"{place}/{name}")


class _Value:
    """One of the values of a Literal."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _options(kind: Any) -> Iterator[Any]:
    if get_origin(kind) in (Union, types.UnionType):
        for each in get_args(kind):
            yield from _options(each)
    elif get_origin(kind) is Literal:
        yield from map(_Value, get_args(kind))
    else:
        yield kind


def _kind_of(option: Any) -> str:
    if isinstance(option, _Value):
        return _KINDS[type(option.value)]
    if is_typeddict(option) or get_origin(option) is Mapping:
        return "object"
    return _KINDS.get(get_origin(option) or option, "anything")


def _kinds(schema: Any) -> set[str]:
    if "type" in schema:
        return {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
    return {_KINDS[type(each)] for each in schema.get("enum", [])}


def _same_values(left: list[Any], right: list[Any]) -> bool:
    return {(type(each), each) for each in left} == {(type(each), each) for each in right}


def _required(schema: Any, base: str) -> frozenset[str]:
    """What must be there, on all accounts."""
    found = frozenset(schema.get("required", []))
    for each in schema.get("allOf", []):
        inner_base, inner = _referred(each["$ref"], base) if "$ref" in each else (base, each)
        found |= _required(inner, inner_base)
    return found


def _referred(reference: str, base: str) -> tuple[str, Any]:
    name, _, pointer = reference.partition("#")
    base = f"{base.rpartition('/')[0]}/{name}" if name else base
    schema: Any = resources.schemas()[base]
    for token in pointer.split("/")[1:]:
        schema = schema[token]
    return base, schema


def differences_from(name: str, kind: Any) -> list[str]:
    """Where a type differs from the schema `name`, which may end with a pointer into it."""
    return list(differences({"$ref": name}, kind, resources.BASE))


DOCUMENTS: dict[str, Any] = {
    "message": documents.Message,
    "options": documents.MessageOptions,
    "diagnostic": documents.DiagnosticDocument,
    "result": documents.ResultDocument,
    "explanation": documents.ExplanationDocument,
    "canonical-message": documents.CanonicalMessage,
    "case": documents.ConformanceCase,
    "tracking-event": documents.TrackingEvent,
    "tracking-events": documents.TrackingEvents,
    "inbound-message": documents.InboundMessage,
    "recipient-status": documents.RecipientStatus,
    "recipient-statuses": documents.RecipientStatuses,
    "template-sender": documents.TemplateSender,
    "mailjet-v3/payload": documents.Payload,
}
# What a service sends holds what it likes; rules are read by the engine alone, and files of the suite by its runner.
LEFT_OUT = {
    "rules",
    "conformance-report",
    "expected-failures",
    "manifest",
    *(f"mailjet-v3/{name}" for name in ("answer", "events", "inbound", "response")),
}
LEFT_OUT |= {"mailjet-v3/template", "mailjet-v3/template-answer"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_types_are_those_of_the_schema(name: str) -> None:
    assert differences_from(f"{name}.schema.json", DOCUMENTS[name]) == []


def test_every_schema_has_a_type_or_is_left_out_on_purpose() -> None:
    known = {schema.removeprefix(resources.BASE).removesuffix(".schema.json") for schema in resources.schemas()}
    assert known - LEFT_OUT == set(DOCUMENTS)


def test_every_type_says_which_schema_it_is_of() -> None:
    for name, kind in vars(documents).items():
        if is_typeddict(kind) and not name.startswith("_") and name not in ("PayloadAttachment",):
            assert "Schema" in (kind.__doc__ or ""), name


# --- The comparison finds what differs --------------------------------------------------------------------------------


class MissingMember(TypedDict):
    email: str


class FurtherMember(TypedDict):
    email: str
    name: NotRequired[str | None]
    nickname: NotRequired[str]


class WrongType(TypedDict):
    email: int
    name: NotRequired[str | None]


class WithoutNull(TypedDict):
    email: str
    name: NotRequired[str]


class TooMuchRequired(TypedDict):
    email: str
    name: str | None


class TooLittleRequired(TypedDict, total=False):
    email: str
    name: str | None


ADDRESS = "message.schema.json#/$defs/address"


@pytest.mark.parametrize(
    "changed",
    [MissingMember, FurtherMember, WrongType, WithoutNull, TooMuchRequired, TooLittleRequired, Mapping[str, Any], Any],
)
def test_a_type_that_differs_is_found(changed: Any) -> None:
    assert differences_from(ADDRESS, str | documents.Address) == []
    assert differences_from(ADDRESS, str | changed) != []


@pytest.mark.parametrize(
    ("place", "right", "wrong"),
    [
        ("to", list[str | documents.Address] | None, list[str] | None),
        ("to", list[str | documents.Address] | None, list[str | documents.Address]),
        ("to", list[str | documents.Address] | None, list[str | WrongType] | None),
        ("content_subtype", Literal["plain", "html"] | None, Literal["plain"] | None),
        ("content_subtype", Literal["plain", "html"] | None, Literal["plain", "html", "amp"] | None),
        ("track_opens", bool | None, int | None),
        ("template_id", int | str | None, str | None),
        ("send_at", str | float | None, str | int | None),
        ("metadata", Mapping[str, Any] | None, Mapping[str, str] | None),
        ("extra_headers", Mapping[str, str | float] | None, Mapping[str, str] | None),
        ("extra_headers", Mapping[str, str | float] | None, Mapping[str, Any] | None),
        ("merge_metadata", Mapping[str, Mapping[str, Any]] | None, Mapping[str, Mapping[str, Any] | None] | None),
    ],
)
def test_a_difference_within_is_found(place: str, right: Any, wrong: Any) -> None:
    name = f"message.schema.json#/properties/{place}"
    assert differences_from(name, right) == []
    assert differences_from(name, wrong) != []


# --- What a type checker says -----------------------------------------------------------------------------------------

# mypy reads these lines in CI: it takes what is right, and an ignore that ignores nothing is an error of its own.
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


def test_what_mypy_takes_is_valid_and_what_it_refuses_is_not() -> None:
    assert resources.validator("message.schema.json").is_valid(TYPED)
    for message in (MISSPELT, WRONG, TYPED | {"alternatives": [INCOMPLETE]}):
        codes = {each.code for each in compiler.compile(message).errors}
        assert codes & {"UnknownField", "InvalidMessage"}
    assert resources.validator("mailjet-v3/payload.schema.json").is_valid(PAYLOAD)


@settings(max_examples=25)
@given(LIKELY_MESSAGES, LIKELY_OPTIONS)
def test_explanations_fit_their_schema(message: Any, options: Any) -> None:
    explanation = compiler.explain(message, options=options).to_dict()
    validator = resources.validator("explanation.schema.json")
    assert [error.message for error in validator.iter_errors(explanation)] == []
