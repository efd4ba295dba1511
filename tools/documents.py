"""Writes `compiler/documents.py`: the documents of `schemas/` as TypedDicts.

What is generated is in `TYPES`: a name for each object of a schema. Types only: patterns, limits and conditions are for
validators. An object of a schema that has members and no name here is an error, so that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from compiler.json_io import resources

TYPES: Mapping[str, str] = {
    "Address": "message#/$defs/address",
    "Alternative": "message#/properties/alternatives/items",
    "Attachment": "message#/properties/attachments/items",
    "Message": "message#",
    "MessageDefaults": "options#/properties/send_defaults",
    "MessageOptions": "options#",
    "DiagnosticDocument": "diagnostic#",
    "Requirement": "result#/properties/requires/items",
    "ResultDocument": "result#",
    "LocationDocument": "explanation#/$defs/location",
    "RuleReferenceDocument": "explanation#/$defs/reason",
    "ProvenanceDocument": "explanation#/$defs/written",
    "LeafStatusDocument": "explanation#/$defs/fate",
    "ExplanationDocument": "explanation#",
    "CanonicalAddress": "canonical-message#/$defs/address",
    "CanonicalHtml": "canonical-message#/properties/html/items",
    "CanonicalAttachment": "canonical-message#/properties/attachments/items",
    "TargetDocument": "target#",
    "CanonicalTime": "canonical-message#/properties/send_at",
    "CanonicalMessage": "canonical-message#",
    "Recipient": "mailjet-v3/payload#/$defs/recipient",
    "PayloadAttachment": "mailjet-v3/payload#/$defs/attachment",
    "PayloadMessage": "mailjet-v3/payload#/$defs/message",
    "Payload": "mailjet-v3/payload#",
    "PayloadV31Address": "mailjet-v3.1/payload#/$defs/address",
    "PayloadV31Attachment": "mailjet-v3.1/payload#/$defs/attachment",
    "PayloadV31InlinedAttachment": "mailjet-v3.1/payload#/$defs/inlinedAttachment",
    "PayloadV31Message": "mailjet-v3.1/payload#/$defs/message",
    "PayloadV31Globals": "mailjet-v3.1/payload#/$defs/Globals",
    "PayloadV31": "mailjet-v3.1/payload#",
    "TrackingEvent": "tracking-event#",
    "TrackingEvents": "tracking-events#",
    "DecodedAddress": "inbound-message#/$defs/address",
    "InboundAttachment": "inbound-message#/$defs/attachment",
    "InboundMessage": "inbound-message#",
    "RecipientError": "recipient-status#/properties/errors/items",
    "RecipientStatus": "recipient-status#",
    "RecipientStatuses": "recipient-statuses#",
    "TemplateSender": "template-sender#",
    "CaseSource": "case#/properties/spec/items",
    "CaseBody": "case#/properties/input/properties/body",
    "CaseInput": "case#/properties/input",
    "ExpectedDiagnostic": "case#/$defs/expected",
    "CaseExpect": "case#/properties/expect",
    "ConformanceCase": "case#",
}

OMITTED = (
    "comparison",
    "conformance-report", "expected-failures", "manifest", "rules", "mailjet-v3/answer", "mailjet-v3/events",
    "mailjet-v3/inbound", "mailjet-v3/response", "mailjet-v3/template", "mailjet-v3/template-answer",
    "mailjet-v3.1/answer", "mailjet-v3.1/call", "mailjet-v3.1/response", "mailjet-v3/readable-payload",
    "mailjet-v3.1/readable-payload", "mailjet-v3/esp-extra", "decompiled", "messages", "mailjet-v3/payloads",
    "mailjet-v3.1/payloads",
)  # fmt: skip
"""Schemas without types: a service or a user may give anything; rules and reports have classes of their own; lists."""

_NAMES = {place: name for name, place in TYPES.items()}
_SCALARS = {"string": "str", "boolean": "bool", "integer": "int", "number": "int | float", "null": "None"}

_HEAD = '''"""The types of all documents, as TypedDicts: for type checkers and editors, nothing runs on them.

Written by `python -m tools.generate` from the schemas, which say what the members mean; not to be changed by hand. What
a schema says beyond types (patterns, limits, conditions) is for validators.
"""

# No `from __future__ import annotations`: with it Python 3.11 does not see NotRequired when it makes a TypedDict.

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict
'''


def documents_source() -> str:
    """The source of `compiler/documents.py`, not yet formatted."""
    return _HEAD + "".join(_type_definition(name, place) for name, place in TYPES.items())


def _type_definition(name: str, place: str) -> str:
    schema = _at(place)
    required = _required(schema, place)
    members = {
        key: _annotation(part, f"{place.rstrip('/')}/properties/{key}") for key, part in schema["properties"].items()
    }
    base = "TypedDict"
    unusual = {key: kind for key, kind in members.items() if not key.isidentifier()}
    text = ""
    if unusual:  # a name that is not an identifier needs this form
        base = f"_{name}Names"
        rows = "".join(f"    {key!r}: {_optional(kind, key in required)},\n" for key, kind in unusual.items())
        text = f'\n\n{base} = TypedDict(\n    "{base}",\n    {{\n{rows}    }},\n)\n'
    usual = {key: kind for key, kind in members.items() if key.isidentifier()}
    is_partial = not any(key in required for key in usual)
    rows = "".join(
        f"    {key}: {kind if is_partial else _optional(kind, key in required)}\n" for key, kind in usual.items()
    )
    total = ", total=False" if is_partial and usual else ""
    description = schema.get("description", schema.get("title", name)).partition(". ")[0].rstrip(".")
    schema_name, _, pointer = place.partition("#/")
    where = f"{schema_name.rstrip('#')}, {pointer}".rstrip(", ")
    summary = "\n    ".join(wrap(f'"""{description}.', 116))
    return f'{text}\n\nclass {name}({base}{total}):\n    {summary}\n\n    Schema: {where}.\n    """\n\n{rows}'


def _optional(kind: str, is_required: bool) -> str:
    return kind if is_required else f"NotRequired[{kind}]"


def _annotation(schema: Any, place: str) -> str:
    """The type of a part of a schema."""
    while "$ref" in schema:
        place = _referred(schema["$ref"], place)
        schema = _at(place)
    if "enum" in schema:
        values = [value for value in schema["enum"] if value is not None]
        return f"Literal[{', '.join(map(repr, values))}]" + (" | None" if None in schema["enum"] else "")
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not kinds or {"array", "object", "string"} <= set(kinds):
        return "Any"
    found = [_SCALARS.get(kind) or _container(kind, schema, place) for kind in kinds if kind != "null"]
    return " | ".join([*dict.fromkeys(found), *(["None"] if "null" in kinds else [])])


def _container(kind: str, schema: Any, place: str) -> str:
    if kind == "array":
        return f"list[{_annotation(schema.get('items', {}), f'{place}/items')}]"
    if place in _NAMES:
        return _NAMES[place]
    if "properties" in schema and not isinstance(schema.get("additionalProperties"), dict):
        alike = (name for name, known in TYPES.items() if _shape(_at(known)) == _shape(schema))
        name = next(alike, None)
        if name is None:
            raise ValueError(f"add a type for {place} to TYPES")
        return name
    values = schema.get("additionalProperties", {})
    return f"Mapping[str, {_annotation(values if isinstance(values, dict) else {}, f'{place}/additionalProperties')}]"


def _shape(schema: Any) -> Any:
    """What two objects share that have the same members."""
    members = {
        key: (part.get("type"), part.get("enum"), part.get("$ref")) for key, part in schema["properties"].items()
    }
    return members, sorted(schema.get("required", []))


def _at(place: str) -> Any:
    name, _, pointer = place.partition("#")
    part: Any = resources.schemas()[f"{resources.BASE}{name}.schema.json"]
    for token in pointer.split("/")[1:]:
        part = part[token]
    return part


def _referred(reference: str, place: str) -> str:
    name, _, pointer = reference.partition("#")
    here = place.partition("#")[0]
    folder, slash, _ = here.rpartition("/")
    return f"{folder}{slash}{name.removesuffix('.schema.json')}#{pointer}" if name else f"{here}#{pointer}"


def _required(schema: Any, place: str) -> frozenset[str]:
    """The members that must be there, whatever else is."""
    found = frozenset(schema.get("required", []))
    for part in schema.get("allOf", []):
        inner = _referred(part["$ref"], place) if "$ref" in part else place
        found |= _required(_at(inner) if "$ref" in part else part, inner)
    return found
