"""The schemas: valid, documented, with valid examples, and consistent with the tables in the code."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compiler.frontend.fields import FIELDS
from compiler.frontend.schema_errors import ALIASES
from compiler.json_io import resources

FOLDER = resources.schemas_folder()
NAMES = sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.json"))
EVERY_SCHEMA = pytest.mark.parametrize("name", NAMES)
PAYLOAD = resources.validator("mailjet-v3/payload.schema.json")


def schema_named(name: str) -> Any:
    return resources.schemas()[resources.BASE + name]


def properties(schema: Any, location: str = "") -> Iterator[tuple[str, Any]]:
    """Every property at any depth with its location, except in combinators, which only constrain properties."""
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            yield f"{location}/{name}", inner
        for key, inner in schema.items():
            if key not in ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "examples", "const", "enum"):
                yield from properties(inner, f"{location}/{key}")


@EVERY_SCHEMA
def test_a_schema_is_valid_and_has_a_title_and_a_description(name: str) -> None:
    schema = schema_named(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == resources.BASE + name
    assert schema["title"]
    assert schema["description"]


@EVERY_SCHEMA
def test_the_examples_of_a_schema_are_valid(name: str) -> None:
    examples = schema_named(name)["examples"]
    assert examples
    for example in examples:
        assert [error.message for error in resources.validator(name).iter_errors(example)] == []


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ("rules.schema.json", "diagnostic.schema.json")]
)
def test_every_property_has_a_title_and_a_description(name: str) -> None:
    for location, inner in properties(schema_named(name)):
        if "$ref" not in inner:
            assert inner.get("title"), location
            assert inner.get("description"), location


def test_every_field_of_the_message_has_an_example_that_editors_show() -> None:
    schema = schema_named("message.schema.json")
    for location, inner in properties(schema):
        if "$ref" not in inner:
            example = inner["examples"][0]
            assert inner["description"].endswith(f" Example: {json.dumps(example, ensure_ascii=False)}"), location
            alone = {**inner, "$id": schema["$id"], "$defs": schema["$defs"]}
            assert Draft202012Validator(alone).is_valid(example), location


def test_the_message_has_the_fields_of_the_table_and_aliases_name_fields() -> None:
    assert set(schema_named("message.schema.json")["properties"]) == {"$schema", *FIELDS}
    assert set(ALIASES.values()) <= set(FIELDS)
    assert not set(ALIASES) & set(FIELDS)


def test_defaults_have_the_fields_of_a_message_but_for_the_subtype() -> None:
    defaults = schema_named("options.schema.json")["properties"]["send_defaults"]["properties"]
    assert set(defaults) == {"$schema", *FIELDS} - {"content_subtype"}


def test_every_code_is_in_the_registry_with_its_severity_and_params() -> None:
    schema = schema_named("diagnostic.schema.json")
    assert schema["properties"]["code"]["enum"] == list(schema["$defs"])
    for name, entry in schema["$defs"].items():
        assert entry["title"] == entry["properties"]["code"]["const"] == name
        assert entry["description"]
        params = entry["properties"]["params"]
        optional = ["count"] if name.startswith("More") else []  # absent where the number is unknown
        assert params["required"] + optional == list(params["properties"])


def test_examples_of_messages_compile_and_the_example_files_fit_the_schema() -> None:
    import compiler

    for example in schema_named("message.schema.json")["examples"][:1]:
        assert compiler.compile(example).ok
    bodies = {
        "webhook": "mailjet-v3/events.schema.json",
        "inbound": "mailjet-v3/inbound.schema.json",
        "payload-v3": "mailjet-v3/payload.schema.json",
    }
    files = {file.stem: file for file in (Path(__file__).parent.parent / "examples").glob("*.json")}
    assert set(bodies) < set(files)
    for name, file in files.items():
        document = json.loads(file.read_text(encoding="utf-8"))
        if name not in bodies:
            assert (file.parent / document["$schema"]).resolve() == (FOLDER / "message.schema.json").resolve()
        validator = resources.validator(bodies.get(name, "message.schema.json"))
        assert validator.is_valid(document) == (name != "four-mistakes")


# --- The payload schema states what Mailjet documents -----------------------------------------------------------------

VALID_PAYLOAD = {
    "FromEmail": "a@example.com",
    "Recipients": [{"Email": "b@example.com"}],
    "Subject": "s",
    "Text-part": "t",
}


def payload_with(**changes: Any) -> dict[str, Any]:
    """The valid payload with changes; `...` removes a property, and underscores stand for dashes."""
    payload = copy.deepcopy(VALID_PAYLOAD) | {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in payload.items() if value is not ...}


SHARED_PAYLOAD = payload_with(Recipients=..., To="a@example.com")


@pytest.mark.parametrize(
    "payload",
    [
        VALID_PAYLOAD,
        SHARED_PAYLOAD,
        SHARED_PAYLOAD | {"Cc": "c@example.com", "Bcc": "d@example.com"},
        payload_with(Text_part=..., Html_part="<p>h</p>"),
        payload_with(Text_part=..., Mj_TemplateID=7, Mj_TemplateLanguage=True),
        payload_with(Text_part=..., Mj_TemplateID="a name"),
        payload_with(Subject="x" * 255, Mj_campaign="x" * 255, Mj_deduplicatecampaign=1),
        payload_with(Recipients=[{"Email": f"r{n}@example.com"} for n in range(100)]),
        payload_with(Headers={"X-A": "1", "Reply-To": "a@example.com"}, Vars={"a": [1, {"b": ""}]}),
        payload_with(Attachments=[{"Content-type": "text/plain", "Filename": "a.txt", "content": "YQ=="}]),
        payload_with(Mj_trackopen=2, Mj_trackclick=0, Mj_prio=3, Undocumented={"any": "thing"}),
        {"Messages": [VALID_PAYLOAD, SHARED_PAYLOAD]},
        {"Messages": [VALID_PAYLOAD] * 100},
    ],
)
def test_a_payload_that_mailjet_accepts_is_valid(payload: Any) -> None:
    assert [error.message for error in PAYLOAD.iter_errors(payload)] == []


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        None,
        payload_with(FromEmail=...),
        payload_with(FromEmail=""),
        payload_with(FromEmail=None),
        payload_with(Recipients=...),
        payload_with(Recipients=[]),
        payload_with(Recipients=[{"Name": "B"}]),
        payload_with(Recipients=[{"Email": f"r{n}@example.com"} for n in range(101)]),
        payload_with(To="c@example.com"),
        payload_with(Cc="c@example.com"),
        payload_with(Bcc="c@example.com"),
        payload_with(Recipients=..., Cc="c@example.com"),
        payload_with(Recipients=..., To=["c@example.com"]),
        payload_with(Text_part=...),
        payload_with(Text_part=""),
        payload_with(Text_part=None),
        payload_with(Subject=5),
        payload_with(Subject="x" * 256),
        payload_with(Subject="a\n"),
        payload_with(Subject="a\u2028b"),
        payload_with(FromName="a\r\nb"),
        payload_with(Mj_campaign="x" * 256),
        payload_with(Mj_deduplicatecampaign=1),
        payload_with(Mj_campaign="x", Mj_deduplicatecampaign=2),
        payload_with(Mj_trackopen=3),
        payload_with(Mj_trackclick=True),
        payload_with(Mj_TemplateID=True),
        payload_with(Mj_TemplateLanguage="true"),
        payload_with(Mj_prio="high"),
        payload_with(Headers={"X-A": 1}),
        payload_with(Headers={"X-A": None}),
        payload_with(Headers={"X-A": "a\nb"}),
        payload_with(Headers=["X-A"]),
        payload_with(Vars={"a": {"b": None}}),
        payload_with(Attachments=[{"Filename": "a.txt", "content": "YQ=="}]),
        payload_with(Undocumented=None),
        {"Messages": []},
        {"Messages": [payload_with(FromEmail=...)]},
        {"Messages": [VALID_PAYLOAD] * 101},
    ],
)
def test_a_payload_that_mailjet_rejects_is_invalid(payload: Any) -> None:
    assert not PAYLOAD.is_valid(payload)
