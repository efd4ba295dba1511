"""Targets: the rulesets for one service, found by name or in a folder.

A name is that of a target that comes with the package, or that another installed package registers by an entry point of
the group `payload_compiler.targets`. What the files of a target contain is in `target_files`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from compiler.engine.codegen.tiering import Backend, Choice
from compiler.functions.registry import find_functions
from compiler.generated import rulesets
from compiler.json_io import resources
from compiler.pipeline.target_files import GENERATED, Manifest, TargetFolder

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from compiler.engine import Ruleset
    from compiler.frontend.fields import TargetPolicy


BACKEND_VARIABLE = "PAYLOAD_COMPILER_BACKEND"
ENTRY_POINTS = "payload_compiler.targets"
"""The group of entry points. The name is the target's, the value a package whose folder is the target's."""


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """The rulesets for one service, by name: `send`, and those that decode what the service sends back.

    `choice` forces the backend that runs them: `interpreter` or `generated`. `folder` has the files of the target.
    """

    name: str
    rulesets: Mapping[str, Ruleset]
    choice: Choice | None = None
    folder: TargetFolder | None = None
    _backends: dict[str, Backend] = field(default_factory=dict, init=False, compare=False)

    def __repr__(self) -> str:
        return f"<Target {self.name!r}: {', '.join(sorted(self.rulesets))}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Target, (self.name, self.rulesets, self.choice, self.folder)  # another process generates its own code

    @property
    def manifest(self) -> Manifest | None:
        """What the target says about itself; None if it has no `target.json`."""
        return None if self.folder is None else self.folder.manifest

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


def _parse_policy(policy: Mapping[str, Any]) -> TargetPolicy:
    """The policy of a ruleset, for the front end. Raises ValueError."""
    from compiler.frontend.fields import parse_policy

    return parse_policy(policy)


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
    from compiler.engine import RulesetError

    folder = TargetFolder(os.fspath(directory))
    folder.check_schemas()
    loaded = [folder.load_ruleset(name) for name in folder.ruleset_names()]
    manifest = folder.manifest
    names = sorted({ruleset.target for ruleset in loaded})
    if len(names) != 1:
        description = f"rulesets for {', '.join(names)}" if names else "none"
        problem = f"expected rulesets for exactly one target in this folder, found {description}"
        raise RulesetError(folder.path, None, "/target", problem)
    if manifest is not None and manifest.name != names[0]:
        problem = f"the rulesets are for {names[0]!r}, but target.json names the target {manifest.name!r}"
        raise RulesetError(folder.path, None, "/name", problem)
    return Target(names[0], {ruleset.name: ruleset for ruleset in loaded}, None, folder)


class _LazyRulesets(Mapping[str, "Ruleset"]):
    """The rulesets of an installed target, each loaded when it is first asked for.

    `package` is the Python package whose folder it is; it can contain generated code.
    """

    def __init__(self, folder: TargetFolder, package: str) -> None:
        self._folder = folder
        self._package = package
        self._loaded: dict[str, Ruleset] = {}

    def __getitem__(self, name: str) -> Ruleset:
        if name not in self._loaded:
            if name not in set(self):
                raise KeyError(name)
            self._loaded[name] = self._folder.load_ruleset(name)
        return self._loaded[name]

    def precompiled(self, name: str) -> rulesets.PrecompiledRuleset | None:
        """The module of a ruleset's generated code, if there is one that is up to date."""
        if not self._package:
            return rulesets.find_precompiled(f"{os.path.basename(self._folder.path)}_{name}", find_functions)
        if not os.path.isfile(os.path.join(self._folder.path, GENERATED, f"{name}.py")):
            return None
        found = rulesets.PrecompiledRuleset(f"{self._package}.{GENERATED}.{name}", find_functions)
        return found if found.fingerprint() == self._folder.fingerprint() else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._folder.ruleset_names())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reduce__(self) -> tuple[type[_LazyRulesets], tuple[TargetFolder, str]]:
        return _LazyRulesets, (self._folder, self._package)


# --- Installed targets ------------------------------------------------------------------------------------------------


_VERSION = re.compile("(?<=[0-9])_(?=[0-9])")
"""In the name of a folder, the underscore that replaces the dot of a version."""


def _own_folders() -> Mapping[str, str]:
    """The folders of the targets that come with the package, by name."""
    folders = sorted(name for name in os.listdir(resources.TARGETS) if _has_rulesets(name))
    return {_VERSION.sub(".", name).replace("_", "-"): os.path.join(resources.TARGETS, name) for name in folders}


def _has_rulesets(folder: str) -> bool:
    return os.path.isfile(os.path.join(resources.TARGETS, folder, "send.json"))


def _entry_points() -> Mapping[str, EntryPoint]:
    """The entry points of other packages by name; of several with one name, the first."""
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for entry_point in entry_points(group=ENTRY_POINTS):
        found.setdefault(entry_point.name, entry_point)
    return found


def own_target_names() -> tuple[str, ...]:
    """The names of the targets that come with the package."""
    return tuple(_own_folders())


def target_names() -> tuple[str, ...]:
    """The names of all targets that are installed, our own first."""
    own = _own_folders()
    return (*own, *(name for name in sorted(_entry_points()) if name not in own))


def target_folder(name: str) -> tuple[TargetFolder, str]:
    """The folder of an installed target, and the package that it is, empty for one of our own.

    The package itself is not imported. Raises ValueError for an unknown name, and for an entry point that is wrong.
    """
    own = _own_folders()
    if name in own:
        return TargetFolder(own[name]), ""
    entry_point = _entry_points().get(name)
    if entry_point is None:
        raise ValueError(f"unknown target {name!r} (available: {', '.join(target_names())})")
    from importlib.util import find_spec

    try:
        spec = None if entry_point.attr else find_spec(entry_point.module)
    except ImportError:
        spec = None
    locations = None if spec is None else spec.submodule_search_locations
    if not locations:
        problem = f"its entry point must name a package with the target's files, got {entry_point.value!r}"
        raise ValueError(f"invalid target {name!r}: {problem}")
    return TargetFolder(next(iter(locations))), entry_point.module


@cache
def named_target(name: str) -> Target:
    """An installed target, each of its rulesets loaded once.

    Raises ValueError for an unknown name, and RulesetError for a wrong manifest.
    """
    folder, package = target_folder(name)
    if not package:
        return Target(name, _LazyRulesets(folder, package), folder=folder)
    manifest = folder.manifest
    if manifest is None or manifest.name != name:
        found = "no target.json" if manifest is None else f"one for {manifest.name!r}"
        raise ValueError(f"invalid target {name!r}: its folder must have a target.json with this name, found {found}")
    return Target(name, _LazyRulesets(folder, package), folder=folder)


def is_target_folder(name: str) -> bool:
    """Whether a name on the command line means a folder, not an installed target."""
    return os.path.isdir(name) and (os.sep in name or "/" in name or name not in target_names())


def find_target(name: str) -> Target:
    """A target by name, or the one in a folder. Raises ValueError, RulesetError and OSError."""
    if name in own_target_names():  # without a search for installed packages
        return named_target(name)
    if is_target_folder(name):
        return load_target(name)
    if name not in target_names():
        raise ValueError(f"unknown target {name!r} (available: {', '.join(target_names())}, or a folder)")
    return named_target(name)
