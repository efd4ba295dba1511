"""Targets: the rulesets for one service, found by name or in a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from compiler.engine.codegen.tiering import Backend, Choice
from compiler.functions.registry import find_functions
from compiler.generated import rulesets, validators
from compiler.json_io import resources

if TYPE_CHECKING:
    from pathlib import Path

    from compiler.engine import Ruleset, ValidatorFactory
    from compiler.frontend.fields import TargetPolicy


BACKEND_VARIABLE = "PAYLOAD_COMPILER_BACKEND"


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """The rulesets for one service, by name: `send`, and those that decode what the service sends back.

    `choice` forces the backend that runs them: `interpreter` or `generated`.
    """

    name: str
    rulesets: Mapping[str, Ruleset]
    choice: Choice | None = None
    _backends: dict[str, Backend] = field(default_factory=dict, init=False, compare=False)

    def __repr__(self) -> str:
        return f"<Target {self.name!r}: {', '.join(sorted(self.rulesets))}>"

    def __reduce__(self) -> tuple[type[Target], tuple[str, Mapping[str, Ruleset], Choice | None]]:
        return Target, (self.name, self.rulesets, self.choice)  # another process generates its own code

    def ruleset(self, name: str) -> Ruleset:
        """The ruleset of this name. Raises ValueError if the target has none."""
        return self.backend(name).ruleset

    def backend(self, name: str) -> Backend:
        """The backend that runs the ruleset of this name. Raises ValueError if the target has none."""
        cached = self._backends.get(name)
        if cached is not None:
            return cached
        names = tuple(self.rulesets)
        if name not in names:
            raise ValueError(f"unknown ruleset {name!r} of target {self.name!r} (available: {', '.join(names)})")
        precompiled = self.rulesets.precompiled(name) if isinstance(self.rulesets, _LazyRulesets) else None
        self._backends[name] = Backend(
            partial(self.rulesets.__getitem__, name), precompiled, choice=self.choice, parse_policy=_parse_policy
        )
        return self._backends[name]


def requested_backend(environment: Mapping[str, str]) -> Choice | None:
    """The backend that PAYLOAD_COMPILER_BACKEND asks for, for command lines and tests; None if it is unset or empty.

    Raises ValueError for an unknown backend.
    """
    choice = environment.get(BACKEND_VARIABLE) or None
    if choice is None or choice in ("generated", "interpreter"):
        return cast("Choice | None", choice)
    raise ValueError(f"unknown {BACKEND_VARIABLE} {choice!r} (available: generated, interpreter)")


def load_target(directory: str | PathLike[str]) -> Target:
    """The target whose rulesets are the `.json` files of a folder.

    Schemas that the rulesets name by `$id` are searched in the folder's `.schema.json` files, then among our own.
    Raises RulesetError, which names file, rule and key, and OSError if the folder cannot be read.
    """
    from pathlib import Path

    from compiler.engine import RulesetError, load_ruleset
    from compiler.frontend.fields import narrow_canonical_schema
    from compiler.frontend.schema_errors import describe_error
    from compiler.functions.registry import all_functions

    folder = Path(directory)
    files = sorted(file for file in folder.iterdir() if file.suffix == ".json" and file.is_file())
    own_schemas: dict[str, Mapping[str, Any]] = {}
    validator_factory: ValidatorFactory | None = validator_of
    for file in files:
        if file.name.endswith(".schema.json"):
            schema = _read_schema(file)
            own_schemas[schema["$id"]] = schema
            validator_factory = None  # the schema may replace one of ours, or one that ours refer to
    schemas = {**resources.schemas(), **own_schemas} if own_schemas else resources.schemas()
    rulesets = {}
    read_include = partial(_read_include, folder)
    for file in files:
        if not file.name.endswith(".schema.json"):
            ruleset = load_ruleset(
                _read(file),
                str(file),
                schemas,
                all_functions(),
                validator_factory,
                describe_error,
                read_include,
                narrow_canonical_schema,
            )
            rulesets[ruleset.name] = ruleset
    names = sorted({ruleset.target for ruleset in rulesets.values()})
    if len(names) != 1:
        description = f"rulesets for {', '.join(names)}" if names else "none"
        raise RulesetError(
            str(folder),
            None,
            "/target",
            f"expected rulesets for exactly one target in this folder, found {description}",
        )
    return Target(names[0], rulesets)


class _LazyRulesets(Mapping[str, "Ruleset"]):
    """The rulesets of a target that comes with the package, each loaded when it is first asked for."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._loaded: dict[str, Ruleset] = {}

    def __getitem__(self, name: str) -> Ruleset:
        if name not in self._loaded:
            if name not in set(self):
                raise KeyError(name)
            from pathlib import Path

            from compiler.engine import load_ruleset
            from compiler.frontend.fields import narrow_canonical_schema
            from compiler.frontend.schema_errors import describe_error
            from compiler.functions.registry import all_functions

            file = Path(self._folder, f"{name}.json")
            schemas, validator_factory = resources.schemas(), validator_of
            self._loaded[name] = load_ruleset(
                _read(file),
                str(file),
                schemas,
                all_functions(),
                validator_factory,
                describe_error,
                partial(_read_include, Path(self._folder)),
                narrow_canonical_schema,
            )
        return self._loaded[name]

    def precompiled(self, name: str) -> rulesets.PrecompiledRuleset | None:
        """The module of a ruleset's generated code, if it comes with the package."""
        return rulesets.find_precompiled(f"{os.path.basename(self._folder)}_{name}", find_functions)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(file.removesuffix(".json") for file in os.listdir(self._folder) if file.endswith(".json")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reduce__(self) -> tuple[type[_LazyRulesets], tuple[str]]:
        return _LazyRulesets, (self._folder,)


def validator_of(schema_id: str, exempt: tuple[str, ...]) -> Callable[[Any], bool] | None:
    """The precompiled validator of the schema with this `$id`; None if there is none."""
    return validators.fast_validator(schema_id.removeprefix(resources.BASE), exempt)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        from compiler.engine import RulesetError

        raise RulesetError(str(file), None, "", f"not valid UTF-8: {error.reason} at byte {error.start}") from error


def _parse_policy(policy: Mapping[str, Any]) -> TargetPolicy:
    """The policy of a ruleset, for the front end. Raises ValueError."""
    from compiler.frontend.fields import parse_policy

    return parse_policy(policy)


SHARED = "shared:"
"""The beginning of the name of an included file that comes with the package, for all targets."""


def _read_include(folder: Path, name: str) -> str:
    """The text of a file that a ruleset in a folder includes: a path below the folder, or a shared file.

    Raises ValueError for any other path, and RulesetError if the file cannot be read.
    """
    from pathlib import Path, PurePosixPath

    root = Path(resources.TARGETS, "shared") if name.startswith(SHARED) else folder
    path = PurePosixPath(name.removeprefix(SHARED))
    if path.is_absolute() or "\\" in name or "\0" in name or ".." in path.parts or path.suffix != ".json":
        raise ValueError("an included file must be a .json file in the folder of the rules, or a shared one")
    file = root / path
    try:
        if not file.resolve().is_relative_to(root.resolve()):
            raise ValueError("the file is outside the folder of the rules")
        return _read(file)
    except OSError as error:
        raise ValueError(error.strerror or str(error)) from error


def _read_schema(file: Path) -> dict[str, str]:
    from compiler.engine import RulesetError

    try:
        schema = json.loads(_read(file))
    except (ValueError, RecursionError) as error:
        raise RulesetError(str(file), None, "", f"not valid JSON: {error}") from error
    if not isinstance(schema, dict) or not isinstance(schema.get("$id"), str):
        raise RulesetError(str(file), None, "/$id", "a schema must have an $id")
    return schema


def target_names() -> tuple[str, ...]:
    """The names of the targets that come with the package."""
    folders = (name for name in os.listdir(resources.TARGETS) if _has_rulesets(name))
    return tuple(sorted(name.replace("_", "-") for name in folders))


def _has_rulesets(folder: str) -> bool:
    return os.path.isfile(os.path.join(resources.TARGETS, folder, "send.json"))


@cache
def named_target(name: str) -> Target:
    """A target that comes with the package, each of its rulesets loaded once. Raises ValueError for an unknown name."""
    if name not in target_names():
        raise ValueError(f"unknown target {name!r} (available: {', '.join(target_names())})")
    return Target(name, _LazyRulesets(os.path.join(resources.TARGETS, name.replace("-", "_"))))
