"""Fills the tables of `docs/writing-a-target.md`: what rules read, include and report, and our own targets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from compiler.engine.loader import load_ruleset
from compiler.engine.rules_schema import rules_schema
from compiler.engine.schema import dereference
from compiler.functions.registry import all_functions
from compiler.json_io import resources
from compiler.pipeline.target_files import SHARED, read_include
from compiler.pipeline.targets import own_target_names, target_folder
from tools.docs.regions import fill_regions, format_table

_CANONICAL = f"{resources.BASE}canonical-message.schema.json"
_DIAGNOSTIC = f"{resources.BASE}diagnostic.schema.json"


def fill_target_page(page: str) -> str:
    """`docs/writing-a-target.md` with its generated regions."""
    return fill_regions(
        page,
        {
            "keys": format_table(("key", "meaning"), _keys()),
            "canonical": format_table(("member", "type", "meaning"), _members()),
            "shared": format_table(("file", "rule", "meaning"), _shared_rules()),
            "codes": format_table(("code", "severity", "params", "meaning"), _codes()),
            "targets": format_table(("target", "service", "documentation"), _targets()),
        },
    )


def _keys() -> Iterator[tuple[str, str]]:
    for name, schema in rules_schema("")["properties"].items():
        yield f"`{name}`", schema["description"]


def _members() -> Iterator[tuple[str, str, str]]:
    schema = dereference(_CANONICAL, resources.schemas())
    for name, member in schema["properties"].items():
        yield f"`{name}`", _type(member), str(member["description"])


def _type(schema: Mapping[str, Any]) -> str:
    """The type of a value, with the members of an object."""
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", ["anything"])
    if "array" in kinds and "items" in schema:
        return f"list of {_type(schema['items'])}"
    if "properties" in schema:
        return f"`{{{', '.join(schema['properties'])}}}`"
    return " or ".join(kinds)


def _shared_rules() -> Iterator[tuple[str, str, str]]:
    for file in sorted(Path(resources.TARGETS, "shared").glob("*.json")):
        name = f"{SHARED}{file.name}"
        header = '{"target": "t", "ruleset": "r", "doc": "d", "input": "%s", "output": "%s", "include": ["%s"]}'
        text = header % (_CANONICAL, _CANONICAL, name)
        ruleset = load_ruleset(
            text, "page", resources.schemas(), all_functions(), read_include=lambda each: read_include(".", each)
        )
        yield f"`{name}`", "", f"**{_doc(file)}**"
        for rule in ruleset.all_rules:
            yield "", f"`{rule.id}`", rule.doc


def _doc(file: Path) -> str:
    return str(json.loads(file.read_text(encoding="utf-8"))["doc"])


def _codes() -> Iterator[tuple[str, str, str, str]]:
    for code, schema in resources.schemas()[_DIAGNOSTIC]["$defs"].items():
        properties = schema["properties"]
        params = properties.get("params", {})
        names = (
            f"`{name}`" + ("" if name in params.get("required", ()) else " (optional)")
            for name in params.get("properties", {})
        )
        severity = properties["severity"].get("const") or " or ".join(properties["severity"]["enum"])
        yield f"[`{code}`](diagnostics.md#{code.lower()})", severity, ", ".join(names), schema["description"]


def _targets() -> Iterator[tuple[str, str, str]]:
    for name in own_target_names():
        manifest = target_folder(name)[0].manifest
        if manifest is not None:
            links = ", ".join(f"[{title}]({url})" for title, url in manifest.links.items())
            yield f"`{name}`", manifest.title, links
