"""The files of a target: its manifest, its rulesets with the files they include, and its schemas.

A target is a folder. `target.json` is its manifest, which is optional for a folder of one's own; every other `.json`
file is a ruleset, and `.schema.json` files are schemas. Nothing here runs code of the folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from compiler.generated import validators
from compiler.json_io import resources

if TYPE_CHECKING:
    from compiler.engine import Ruleset

MANIFEST = "target.json"
CASES, GENERATED = "cases", "generated"
"""The folders of a target for its conformance cases, and for Python generated from its rules."""

SHARED = "shared:"
"""The beginning of the name of an included file that comes with the package, for all targets."""

_SCHEMA = ".schema.json"
_UNSUPPORTED = frozenset({"$anchor", "$dynamicAnchor", "$dynamicRef", "$id"})
"""Keywords by which a schema inside another can have a name of its own."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a target says about itself, in `target.json`.

    `links` are titles with their URLs. `reasons` are the values of the param `reason` that its rules report besides
    those of the suite, by code, and `features` the unsupported features they name, each with its meaning.
    """

    name: str
    title: str
    links: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TargetFolder:
    """The folder of a target; its files are read when they are needed. Raises RulesetError, and OSError."""

    path: str

    @cached_property
    def manifest(self) -> Manifest | None:
        """The manifest; None if the folder has none."""
        file = os.path.join(self.path, MANIFEST)
        return _read_manifest(file) if os.path.isfile(file) else None

    def ruleset_names(self) -> tuple[str, ...]:
        """The names of the files with rulesets, without the suffix."""
        names = (name for name in os.listdir(self.path) if name.endswith(".json"))
        files = (name for name in names if not name.endswith(_SCHEMA) and name != MANIFEST)
        return tuple(sorted(name.removesuffix(".json") for name in files))

    @cached_property
    def schemas(self) -> Mapping[str, Mapping[str, Any]]:
        """The schemas of the folder, by `$id`."""
        schemas: dict[str, Mapping[str, Any]] = {}
        for file in self._schema_files():
            schema = _read_schema(file)
            if schema["$id"] in schemas:
                raise _error(file, "/$id", f"another schema of this folder has the $id {schema['$id']!r}")
            schemas[schema["$id"]] = schema
        return schemas

    def _schema_files(self) -> list[str]:
        return [os.path.join(self.path, name) for name in sorted(os.listdir(self.path)) if name.endswith(_SCHEMA)]

    def check_schemas(self) -> None:
        """Checks that the schemas of the folder are valid, and that their patterns cannot take long."""
        from jsonschema import Draft202012Validator, SchemaError

        from compiler.engine.pattern import check_search
        from compiler.engine.schema import subschemas
        from compiler.json_io.pointer import format_pointer

        for file, schema in zip(self._schema_files(), self.schemas.values(), strict=True):
            try:
                Draft202012Validator.check_schema(schema)
            except SchemaError as error:
                raise _error(
                    file, format_pointer(error.absolute_path), f"invalid schema: {error.message:.200}"
                ) from error
            for tokens, part in subschemas(schema):
                for keyword in _UNSUPPORTED.intersection(part):
                    if (tokens, keyword) != ((), "$id"):
                        problem = f"{keyword} is not supported here: refer to schemas by pointers, like #/$defs/name"
                        raise _error(file, format_pointer((*tokens, keyword)), problem)
                for place, pattern in _patterns(part):
                    problem_with_pattern = check_search(pattern)
                    if problem_with_pattern is not None:
                        place_in_file = format_pointer((*tokens, *place))
                        raise _error(file, place_in_file, f"invalid pattern: {problem_with_pattern}")

    def load_ruleset(self, name: str) -> Ruleset:
        """Loads the ruleset in the file of this name. Schemas are searched in the folder, then among our own."""
        from compiler.engine import load_ruleset
        from compiler.frontend.fields import narrow_canonical_schema
        from compiler.frontend.schema_errors import describe_error
        from compiler.functions.registry import all_functions

        file = os.path.join(self.path, f"{name}.json")
        if not (name.isidentifier() and name.isascii() and name[0].isalpha()):
            raise _error(file, "", "the name of the file must be a letter, then letters, digits and underscores")
        ruleset = load_ruleset(
            _read(file),
            file,
            {**resources.schemas(), **self.schemas} if self.schemas else resources.schemas(),
            all_functions(),
            # a schema of the folder may replace one of ours, or one that ours refer to
            None if self.schemas else validator_of,
            describe_error,
            partial(read_include, self.path),
            narrow_canonical_schema,
        )
        if ruleset.name != name:
            raise _error(file, "/ruleset", f"must be {name!r}, like the name of the file, got {ruleset.name!r}")
        return ruleset

    def rule_files(self) -> Iterator[str]:
        """The paths of all files that decide what the rules do, relative to the folder and ordered."""
        for folder, folders, names in os.walk(self.path):
            folders[:] = sorted(name for name in folders if name not in (CASES, GENERATED, "__pycache__"))
            for name in sorted(names):
                if name.endswith(".json"):
                    yield os.path.relpath(os.path.join(folder, name), self.path).replace(os.sep, "/")

    def fingerprint(self) -> str:
        """A hash of the rule files, the shared files and the version of the package: generated code depends on them."""
        from hashlib import sha256

        from compiler import __version__

        digest = sha256(__version__.encode())
        for folder in (self, TargetFolder(os.path.join(resources.TARGETS, "shared"))):
            for name in folder.rule_files():
                content = _read(os.path.join(folder.path, name)).encode()
                digest.update(f"\n{name} {len(content)}\n".encode() + content)
        return digest.hexdigest()


def validator_of(schema_id: str, exempt: tuple[str, ...]) -> Callable[[Any], bool] | None:
    """The precompiled validator of the schema with this `$id`; None if there is none."""
    return validators.fast_validator(schema_id.removeprefix(resources.BASE), exempt)


def read_include(folder: str, name: str) -> str:
    """The text of a file that a ruleset in a folder includes: a path below the folder, or a shared file.

    Raises ValueError for any other path, and RulesetError if the file cannot be read.
    """
    from pathlib import Path, PurePosixPath

    root = Path(resources.TARGETS, "shared") if name.startswith(SHARED) else Path(folder)
    path = PurePosixPath(name.removeprefix(SHARED))
    is_plain = path.as_posix() == name.removeprefix(SHARED) and ".." not in path.parts  # one spelling for each file
    if not is_plain or path.is_absolute() or "\\" in name or "\0" in name or path.suffix != ".json":
        raise ValueError("an included file must be a .json file in the folder of the rules, or a shared one")
    file = root / path
    try:
        if not file.resolve().is_relative_to(root.resolve()):
            raise ValueError("the file is outside the folder of the rules")
        return _read(str(file))
    except OSError as error:
        raise ValueError(error.strerror or str(error)) from error
    except RuntimeError as error:  # a loop of symbolic links
        raise ValueError(str(error)) from error


def _read(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as opened:
            return opened.read()
    except UnicodeDecodeError as error:
        raise _error(file, "", f"not valid UTF-8: {error.reason} at byte {error.start}") from error


def _read_object(file: str) -> dict[str, Any]:
    from compiler.json_io.parse import require_json

    try:
        document = require_json(_read(file))
    except ValueError as error:
        raise _error(file, "", str(error)) from error
    if not isinstance(document, dict):
        raise _error(file, "", "must be an object")
    return document


def _read_schema(file: str) -> dict[str, Any]:
    schema = _read_object(file)
    if not isinstance(schema.get("$id"), str) or "#" in schema["$id"]:
        raise _error(file, "/$id", "a schema must have an $id, a URI without a fragment")
    return schema


def _patterns(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The patterns of one schema, with their places in it."""
    if isinstance(schema.get("pattern"), str):
        yield ("pattern",), schema["pattern"]
    for pattern in schema.get("patternProperties", {}):
        yield ("patternProperties", pattern), pattern


def _read_manifest(file: str) -> Manifest:
    document = _read_object(file)
    error = next(resources.validator("target.schema.json").iter_errors(document), None)
    if error is not None:
        from compiler.json_io.pointer import format_pointer

        raise _error(file, format_pointer(error.absolute_path), error.message)
    return Manifest(
        document["name"],
        document["title"],
        document.get("links", {}),
        document.get("reasons", {}),
        document.get("features", {}),
    )


def _error(file: str, key: str, problem: str) -> Exception:
    from compiler.engine import RulesetError

    return RulesetError(file, None, key, problem)
