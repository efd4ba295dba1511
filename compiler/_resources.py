"""Where the files that are no Python lie: schemas, conformance cases and rulesets.

In the wheel `schemas/` and `golden/` lie inside the package; in a checkout they stand beside it, at the top.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from compiler import guards

BASE = "https://payload-compiler.example/schemas/"
"""What every schema's `$id` begins with; the rest is its path under `schemas/`."""

_PACKAGE = Path(__file__).parent
TARGETS = _PACKAGE / "targets"


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def schemas_folder() -> Path:
    """The folder of the schemas."""
    return _folder("schemas")


def golden_folder() -> Path:
    """The folder of the conformance cases."""
    return _folder("golden")


@cache
def schemas() -> Mapping[str, Mapping[str, Any]]:
    """All schemas by their `$id`, read once. Nobody changes them."""
    files = sorted(schemas_folder().rglob("*.schema.json"))
    read = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    return {schema["$id"]: schema for schema in read}


def guard_of(schema_id: str, exempt: tuple[str, ...]) -> Callable[[Any], bool] | None:
    """The guard that comes with the package for the schema of this `$id`; None where there is none."""
    return guards.guard_of(schema_id.removeprefix(BASE), exempt)


@cache
def validator(name: str) -> Any:
    """A jsonschema validator for the schema at this path under `schemas/`, made once."""
    return extended_validator(name, {})


def extended_validator(name: str, keywords: Mapping[str, Any]) -> Any:
    """A validator that also knows these keywords, each a function as jsonschema takes it."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from referencing.jsonschema import DRAFT202012, SchemaRegistry

    registry: SchemaRegistry = SchemaRegistry().with_resources(
        (schema_id, DRAFT202012.create_resource(schema)) for schema_id, schema in schemas().items()
    )
    kind = Draft202012Validator
    if keywords:
        kind = extend(kind, dict(keywords))  # type: ignore[no-untyped-call]  # its stub leaves it untyped
    return kind(dict(schemas()[BASE + name]), registry=registry)
