"""Targets: the rulesets for one service, found by name or in a folder of one's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path

from compiler import _resources
from compiler._functions import FUNCTIONS
from compiler.engine import GuardOf, Ruleset, RulesetError, load_ruleset


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """The rulesets for one service, by name: `send`, and those for what comes back."""

    name: str
    rulesets: Mapping[str, Ruleset]

    def __repr__(self) -> str:
        return f"<Target {self.name!r}: {', '.join(sorted(self.rulesets))}>"

    def ruleset(self, name: str) -> Ruleset:
        """The ruleset of this name. Raises ValueError where the target has none."""
        if name not in self.rulesets:
            raise ValueError(f"the target {self.name!r} has no ruleset {name!r}; it has {', '.join(self.rulesets)}")
        return self.rulesets[name]


def load_target(directory: str | PathLike[str]) -> Target:
    """The target whose rulesets are the `.json` files of a folder.

    Schemas that the rulesets name by `$id` are looked for among the folder's `.schema.json` files, then among our own.
    Raises RulesetError, which names file, rule and key, and OSError where the folder cannot be read.
    """
    folder = Path(directory)
    files = sorted(file for file in folder.iterdir() if file.suffix == ".json" and file.is_file())
    schemas = dict(_resources.schemas())
    guard_of: GuardOf | None = _resources.guard_of
    for file in files:
        if file.name.endswith(".schema.json"):
            schema = _read_schema(file)
            schemas[schema["$id"]] = schema
            guard_of = None  # it may have the name of one of ours, or be what one of ours refers to
    rulesets = {}
    for file in files:
        if not file.name.endswith(".schema.json"):
            ruleset = load_ruleset(_read(file), str(file), schemas, FUNCTIONS, guard_of)
            rulesets[ruleset.name] = ruleset
    names = sorted({ruleset.target for ruleset in rulesets.values()})
    if len(names) != 1:
        found = f"rulesets for {', '.join(names)}" if names else "no ruleset"
        raise RulesetError(str(folder), None, "/target", f"a folder holds the rulesets of one target; here is {found}")
    return Target(names[0], rulesets)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RulesetError(str(file), None, "", f"no UTF-8: {error.reason} at byte {error.start}") from error


def _read_schema(file: Path) -> dict[str, str]:
    try:
        schema = json.loads(_read(file))
    except (ValueError, RecursionError) as error:
        raise RulesetError(str(file), None, "", f"no JSON: {error}") from error
    if not isinstance(schema, dict) or not isinstance(schema.get("$id"), str):
        raise RulesetError(str(file), None, "/$id", "a schema needs an $id")
    return schema


def target_names() -> tuple[str, ...]:
    """The names of the targets that come with the package."""
    folders = (folder.name for folder in _resources.TARGETS.iterdir() if (folder / "send.json").is_file())
    return tuple(sorted(name.replace("_", "-") for name in folders))


@cache
def named_target(name: str) -> Target:
    """A target that comes with the package, loaded once. Raises ValueError where there is none of this name."""
    if name not in target_names():
        raise ValueError(f"there is no target {name!r}; there is {', '.join(target_names())}")
    return load_target(_resources.TARGETS / name.replace("-", "_"))
