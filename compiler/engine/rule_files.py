"""Reads rule files: the JSON of a ruleset with that of the files it includes, as one list of rules for each phase.

Definitions, sources and rules of an included file come before those of the file that includes it. This module checks
the headers; for the rules themselves see `loader`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.engine import ir
from compiler.engine.expansion import (
    Definition,
    ExpansionError,
    Place,
    Size,
    check_size,
    expanded_size,
    parse_definition,
)
from compiler.json_io.parse import STRICT, require_json
from compiler.json_io.pointer import escape_token

ReadInclude = Callable[[str], str]
"""Returns the text of an included file. Raises ValueError if there is no such file, or it must not be included."""

SHARED_KEYS = ("$schema", "doc", "include", "definitions", "sources", *ir.PHASES)
"""The keys of an included file."""
HEADER_KEYS = (
    "$schema",
    "target",
    "ruleset",
    "doc",
    "input",
    "output",
    "before_fan_out",
    "empty",
    "absent",
    "policy",
    "ignores",
    *SHARED_KEYS[2:],
)
_MAXIMUM_INCLUDES = 100
_POLICY = STRICT._replace(maximum_depth=250)  # deeper than rules ever are, and not too deep for Python


class RulesetError(Exception):
    """An invalid rule file: the file, the rule (None: outside the rules), the key and the problem."""

    def __init__(self, file: str, rule: str | None, key: str, problem: str) -> None:
        super().__init__(file, rule, key, problem)
        self.file = file
        self.rule = rule
        self.key = key
        self.problem = problem

    def __str__(self) -> str:
        rule = "" if self.rule is None else f", rule {self.rule!r}"
        return f"{self.file}{rule}, at {self.key or '/'}: {self.problem}"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file and those it includes. `sources` is None if there is no table of sources."""

    header: Mapping[str, Any]
    definitions: Mapping[str, Definition]
    sources: Mapping[str, ir.RuleSource] | None
    phases: Mapping[str, tuple[tuple[Any, Place], ...]]
    sizes: Mapping[str, Size]


def read_rule_file(text: str, file: str, read_include: ReadInclude | None) -> RuleFile:
    """Reads a rule file and the files it includes. Raises RulesetError."""
    reader = _Reader(file, read_include)
    document = reader.read(text, file, HEADER_KEYS)
    for key in ("target", "ruleset", "doc", "input", "output"):
        if not isinstance(document.get(key), str):
            raise RulesetError(file, None, f"/{key}", "expected a string")
    if not isinstance(document.get("before_fan_out", ""), str):
        raise RulesetError(file, None, "/before_fan_out", "expected a string")
    if document.get("empty", "omitted") not in ("omitted", "kept"):
        raise RulesetError(file, None, "/empty", "must be 'omitted' or 'kept'")
    if document.get("absent", "omitted") not in ("omitted", "null"):
        raise RulesetError(file, None, "/absent", "must be 'omitted' or 'null'")
    for key in ("policy", "ignores"):
        if not isinstance(document.get(key, {}), dict):
            raise RulesetError(file, None, f"/{key}", "expected an object")
    reader.add(document, file, ())
    reader.check_sizes()
    return RuleFile(
        document,
        reader.definitions,
        reader.sources,
        {phase: tuple(rules) for phase, rules in reader.phases.items()},
        reader.sizes,
    )


@dataclass
class _Reader:
    file: str
    read_include: ReadInclude | None
    definitions: dict[str, Definition] = field(default_factory=dict)
    sources: dict[str, ir.RuleSource] | None = None
    phases: dict[str, list[tuple[Any, Place]]] = field(default_factory=lambda: {phase: [] for phase in ir.PHASES})
    sizes: dict[str, Size] = field(default_factory=dict)
    included: set[str] = field(default_factory=set)

    def read(self, text: str, file: str, known: tuple[str, ...]) -> dict[str, Any]:
        """The JSON of a file, with only known keys."""
        try:
            document = require_json(text, _POLICY)
        except ValueError as error:
            raise RulesetError(file, None, "", str(error)) from error
        if not isinstance(document, dict):
            raise RulesetError(file, None, "", "a rule file must be an object")
        for key in document:
            if key not in known:
                problem = f"unknown key (available: {', '.join(known)})"
                raise RulesetError(file, None, f"/{escape_token(key)}", problem)
        return document

    def add(self, document: Mapping[str, Any], file: str, within: tuple[str, ...]) -> None:
        """Adds what a file and those it includes contain; `within` are the files that include it."""
        for index, name in enumerate(self._list(document, "include", file)):
            self._include(name, file, f"/include/{index}", (*within, file))
        for key, raw in self._object(document, "sources", file):
            self._add_source(key, raw, file)
        for name, raw in self._object(document, "definitions", file):
            self._add_definition(name, raw, file)
        for phase in ir.PHASES:
            rules = document.get(phase, [])
            if not isinstance(rules, list):
                raise RulesetError(file, None, f"/{phase}", "expected a list of rules")
            self.phases[phase].extend((rule, Place(file, f"/{phase}/{index}", "")) for index, rule in enumerate(rules))

    def check_sizes(self) -> None:
        """Refuses rules that expand to too much."""
        rules = [rule for phase in self.phases.values() for rule, _ in phase]
        problem = check_size(expanded_size(rules, self.sizes).own, expanded_size(rules, {}, repeated=False).own)
        if problem is not None:
            raise RulesetError(self.file, None, "", f"the ruleset {problem}")

    def _include(self, name: Any, file: str, key: str, within: tuple[str, ...]) -> None:
        if not isinstance(name, str):
            raise RulesetError(file, None, key, "expected the name of a file")
        if name in (*within, os.path.basename(within[0])):
            raise RulesetError(file, None, key, f"{name!r} includes itself ({' → '.join((*within, name))})")
        if name in self.included:
            return
        if len(self.included) == _MAXIMUM_INCLUDES:
            raise RulesetError(file, None, key, f"at most {_MAXIMUM_INCLUDES} files can be included")
        self.included.add(name)
        try:
            if self.read_include is None:
                raise ValueError("there is no folder to include files from")
            text = self.read_include(name)
        except ValueError as error:
            raise RulesetError(file, None, key, f"cannot include {name!r}: {error}") from error
        self.add(self.read(text, name, SHARED_KEYS), name, within)

    def _list(self, document: Mapping[str, Any], key: str, file: str) -> list[Any]:
        value = document.get(key, [])
        if not isinstance(value, list):
            raise RulesetError(file, None, f"/{key}", "expected a list")
        return value

    def _object(self, document: Mapping[str, Any], key: str, file: str) -> Iterator[tuple[str, Any]]:
        value = document.get(key, {})
        if not isinstance(value, dict):
            raise RulesetError(file, None, f"/{key}", "expected an object")
        if key == "sources" and key in document and self.sources is None:
            self.sources = {}
        yield from value.items()

    def _add_source(self, key: str, raw: Any, file: str) -> None:
        assert self.sources is not None  # noqa: S101 - `_object` creates it
        pointer = f"/sources/{escape_token(key)}"
        if key in self.sources:
            raise RulesetError(file, None, pointer, f"duplicate source {key!r}")
        if not isinstance(raw, dict) or not set(raw) <= {"title", "url"}:
            raise RulesetError(file, None, pointer, "a source must have a title, can have a url, and nothing else")
        title, url = raw.get("title"), raw.get("url")
        if not isinstance(title, str) or not title:
            raise RulesetError(file, None, f"{pointer}/title", "expected a string that is not empty")
        if url is not None and not (isinstance(url, str) and url.startswith(("https://", "http://"))):
            raise RulesetError(file, None, f"{pointer}/url", "a URL must begin with https:// or http://")
        self.sources[key] = ir.RuleSource(title, url)

    def _add_definition(self, name: str, raw: Any, file: str) -> None:
        place = Place(file, f"/definitions/{escape_token(name)}", "")
        if name in self.definitions:
            raise RulesetError(file, None, place.pointer, f"duplicate definition {name!r}")
        try:
            definition = parse_definition(name, raw, place, len(self.definitions))
        except ExpansionError as error:
            raise RulesetError(file, None, place.below(*error.tokens).pointer, error.problem) from error
        size = expanded_size(definition.body, self.sizes, definition.parameters)
        written = expanded_size(definition.body, {}, repeated=False).own
        problem = check_size(size.own + sum(size.parameters.values()), written)
        if problem is not None:
            raise RulesetError(file, None, place.pointer, f"definition {name!r} {problem}")
        self.definitions[name] = definition
        self.sizes[name] = size
