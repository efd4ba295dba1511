"""Locates the package's data files: schemas, conformance cases and rulesets.

In the wheel `schemas/` and `golden/` are inside the package; in a checkout they are beside it, at the top.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://payload-compiler.example/schemas/"
"""What every schema's `$id` begins with; the rest is its path under `schemas/`."""

_PACKAGE = os.path.dirname(os.path.dirname(__file__))
TARGETS = os.path.join(_PACKAGE, "targets")
"""The folder of the targets that come with the package."""


def _folder(name: str) -> Path:
    from pathlib import Path  # takes a quarter of the startup time, so only if a file is read

    inside = Path(_PACKAGE, name)
    return inside if inside.is_dir() else Path(_PACKAGE).parent / name


def schemas_folder() -> Path:
    """The folder of the schemas."""
    return _folder("schemas")


def golden_folder() -> Path:
    """The folder of the conformance cases."""
    return _folder("golden")


class _Schemas(Mapping[str, Mapping[str, Any]]):
    """The schemas of a folder by their `$id`, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            BASE + file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*.schema.json"))
        }
        self._read: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, schema_id: str) -> Mapping[str, Any]:
        if schema_id not in self._read:
            self._read[schema_id] = json.loads(self._files[schema_id].read_text(encoding="utf-8"))
        return self._read[schema_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __reduce__(self) -> str | tuple[Any, ...]:
        return schemas, ()


@cache
def schemas() -> Mapping[str, Mapping[str, Any]]:
    """All schemas by their `$id`, each read once, when it is needed. Do not change them."""
    return _Schemas(schemas_folder())


@cache
def validator(name: str) -> Any:
    """A jsonschema validator for the schema at this path under `schemas/`, created once."""
    return extended_validator(name, {})


def extended_validator(name: str, keywords: Mapping[str, Any]) -> Any:
    """A validator that also knows these keywords, each a function as jsonschema expects it."""
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
