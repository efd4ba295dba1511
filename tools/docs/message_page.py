"""Generates the entries of `docs/message.md`: each field of a message, from the schema, the rules and the cases.

What becomes of a field are the rules that read it and write something, each with its reason. The diagnostics are those
that the cases expect at the field.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compiler.conformance.case_files import Case, read_cases
from compiler.engine import ir
from compiler.frontend.fields import FIELDS, Field
from compiler.json_io import resources
from compiler.pipeline.compile import DEFAULT_TARGET
from compiler.pipeline.targets import named_target
from tools.docs.regions import fill_regions, format_table

EXAMPLE = " Example: "
"""What separates a description in the schema from its example, for editors; here each has its own place."""
_NULL = " null drops a default; otherwise it is the same as an absent field."
_TYPES = {"string": "text", "boolean": "true or false", "integer": "integer", "number": "number", "object": "object"}
_MERGE = {
    "replace": "the message's value replaces the default",
    "append": "the default's items come first, then the message's",
    "merge": "the members of both, and the message's override",
}
_ALSO = {"alternatives": ("text",)}
"""Members of the canonical message that a field becomes only if another field is absent: here `body`."""
_WRITES = (ir.Put, ir.PutEach, ir.MergeInto)


def fill_message(page: str) -> str:
    """`docs/message.md` with its list of fields, their entries, and that of an address."""
    schema = resources.schemas()[resources.BASE + "message.schema.json"]
    codes = codes_of_fields(read_cases())
    entries = [_format_field(field, schema["properties"][name], codes.get(name, ())) for name, field in FIELDS.items()]
    rows = (
        (f"[`{name}`](#{name})", _type_text(schema["properties"][name]), _payload_text(field))
        for name, field in FIELDS.items()
    )
    return fill_regions(
        page,
        {
            "fields": format_table(("field", "type", "in the payload"), rows),
            "address": _members_table(schema["$defs"]["address"]),
            "entries": "\n".join(entries),
        },
    )


def codes_of_fields(cases: Iterable[Case]) -> Mapping[str, tuple[str, ...]]:
    """The codes that cases expect somewhere in a field of the message, by the field's name."""
    codes: dict[str, dict[str, None]] = {}
    for case in cases:
        if case.ruleset == "send":
            for diagnostic in (*case.expect.get("errors", ()), *case.expect.get("warnings", ())):
                field = diagnostic["path"].partition("/")[2].partition("/")[0]
                if field in FIELDS:
                    codes.setdefault(field, {})[diagnostic["code"]] = None
    return {field: tuple(sorted(each)) for field, each in codes.items()}


def _format_field(field: Field, schema: Mapping[str, Any], codes: Iterable[str]) -> str:
    lines = [f"### {field.name}", "", f"{_description(schema)}", ""]
    lines.append(f"- **Type:** {_type_text(schema)}")
    if field.name != "content_subtype":
        lines.append(f"- **Beside a default:** {_MERGE[field.merge]}")
    example = json.dumps({field.name: schema["examples"][0]}, ensure_ascii=False)
    lines += ["", f"```json\n{example}\n```", ""]
    items = schema.get("items", {})
    if "properties" in items:
        lines += [_members_table(items)]
    outcomes = list(_outcomes(field))
    lines += [format_table(("in the payload", "because"), outcomes)] if outcomes else []
    links = ", ".join(f"[{code}](diagnostics.md#{code.lower()})" for code in codes)
    lines += [f"Diagnostics: {links}.", ""] if links else []
    return "\n".join(lines)


def _outcomes(field: Field) -> Iterator[tuple[str, str]]:
    """What is written from a field, or why nothing is: the property, and the rule's reason."""
    for rule in _rules_that_read(field):
        if isinstance(rule, _WRITES):
            yield ", ".join(f"`{name}`" for name in _written(rule)) or "the properties that it names", rule.doc
        unsupported = getattr(rule, "unsupported", None)
        if unsupported is not None and _reads_field(unsupported, field):
            yield f"`{unsupported.feature}`: an error, unless it is ignored", unsupported.hint or rule.doc


def _payload_text(field: Field) -> str:
    """The properties that are written from a field, for the list of fields."""
    names = {name for rule in _rules_that_read(field) if isinstance(rule, _WRITES) for name in _written(rule)}
    if not names and any(isinstance(rule, ir.MergeInto) for rule in _rules_that_read(field)):
        return "merged into it last; overrides other values"
    if names:
        return ", ".join(f"`{name}`" for name in sorted(names))
    return "nothing: an error" if list(_rules_that_read(field)) else "nothing by itself"


def _rules_that_read(field: Field) -> Iterator[ir.Rule]:
    """The rules that write something made of the field, or report it as unsupported."""
    rules = named_target(DEFAULT_TARGET).ruleset("send").all_rules
    chosen = {  # by a test of the field
        inner.id
        for rule in rules
        if isinstance(rule, ir.ChooseRules) and any(_reads_field(branch, field) for branch in rule.branches)
        for inner in ir.all_rules([rule])
        if isinstance(inner, _WRITES)
    }
    for rule in rules:
        if isinstance(rule, (*_WRITES, ir.UnsupportedRule)) and (rule.id in chosen or _reads_field(rule, field)):
            yield rule


def _reads_field(part: ir.Rule | ir.RuleBranch | ir.Unsupported, field: Field) -> bool:
    """Whether a rule, without the rules inside it, reads what the field becomes in the canonical message."""
    names = {*(field.canonical or (field.name,)), *_ALSO.get(field.name, ())}
    reads = (each for each in ir.walk(part, into_rules=False) if isinstance(each, ir.Get))
    return any(read.reference.scope is None and names & set(read.reference.tokens[:1]) for read in reads)


def _written(rule: ir.Rule) -> tuple[str, ...]:
    """The places in the payload that a rule writes; if it writes the whole payload, its properties."""
    target = rule.target if isinstance(rule, _WRITES) else ()
    if target:
        return ("/".join(target),)
    value = rule.value if isinstance(rule, ir.Put) else None
    objects = [part for part in ir.walk(value) if isinstance(part, ir.Object)] if value is not None else []
    return tuple(name for name, _ in objects[0].members) if objects else ()


def _members_table(schema: Mapping[str, Any]) -> str:
    required = schema.get("required", ())
    rows = (
        (
            f"`{name}`" + (" (required)" if name in required else ""),
            _type_text(member),
            _description(member),
            f"`{json.dumps(member['examples'][0], ensure_ascii=False)}`",
        )
        for name, member in schema["properties"].items()
    )
    return format_table(("member", "type", "meaning", "example"), rows)


def _description(schema: Mapping[str, Any]) -> str:
    return str(schema["description"]).partition(EXAMPLE)[0].removesuffix(_NULL)


def _type_text(schema: Mapping[str, Any]) -> str:
    """The type of a value in words, without null, which every field may be."""
    if schema.get("$ref") == "#/$defs/address" or schema.get("required") == ["email"]:
        return "[address](#addresses)"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"] if value is not None)
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if "array" in types:
        return f"list of {_plural(_type_text(schema['items']))}"
    words = [_TYPES[name] for name in types if name != "null"]
    inner = schema.get("additionalProperties")
    if "object" in types and isinstance(inner, Mapping):
        return f"object of {_plural(_type_text(inner))}"
    return " or ".join(words)


def _plural(words: str) -> str:
    plurals = {"[address](#addresses)": "[addresses](#addresses)", "text": "texts", "object": "objects"}
    return plurals.get(words, words)
