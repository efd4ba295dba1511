"""Reads conformance cases from the files of `golden/`. `schemas/case.schema.json` is the format of a case file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compiler.json_io.parse import parse_json
from compiler.json_io.resources import golden_folder, validator

MANIFEST = "manifest.json"
"""The JSON file of a suite that lists its cases."""


class InvalidCase(ValueError):  # noqa: N818 - named for its subject
    """A case file is invalid; the message names the file."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its `input`, the expected result (`expect`) and its sources (`spec`). `sha256` hashes the file."""

    id: str
    title: str
    level: str
    since: str
    capabilities: tuple[str, ...]
    rules: tuple[str, ...]
    basis: str
    spec: tuple[Mapping[str, str], ...]
    input: Mapping[str, Any]
    expect: Mapping[str, Any]
    sha256: str = ""

    def __str__(self) -> str:
        return self.id

    @property
    def target(self) -> str:
        """The target service, such as `mailjet-v3`."""
        return self.id.split("/")[0]

    @property
    def ruleset(self) -> str:
        """The ruleset, such as `send`."""
        return self.id.split("/")[1]

    @property
    def area(self) -> str:
        """The subject of the case, such as `tags`."""
        return self.id.split("/")[2]


def read_case(file: Path, folder: Path) -> Case:
    """Reads the case in a file of the folder. Raises InvalidCase."""
    content = file.read_bytes()
    document, faults = parse_json(content)
    if faults:
        raise InvalidCase(f"{file}: not valid JSON: {faults[0].message}")
    name = file.relative_to(folder).with_suffix("").as_posix()
    try:
        case = Case(
            sha256=hashlib.sha256(content).hexdigest(),
            id=document["id"],
            title=document["title"],
            level=document["level"],
            since=document["since"],
            capabilities=tuple(document["capabilities"]),
            rules=tuple(document["rules"]),
            basis=document["basis"],
            spec=tuple(document["spec"]),
            input=document["input"],
            expect=document["expect"],
        )
    except (KeyError, TypeError) as error:
        raise InvalidCase(f"{file}: invalid case: {error}") from error
    if case.id != name:
        raise InvalidCase(f"{file}: id must be {name!r}, like its path, got {case.id!r}")
    return case


def read_cases(folder: Path | None = None) -> Iterator[Case]:
    """Reads all cases of a folder (default: the packaged suite), ordered by id. Raises InvalidCase."""
    root = golden_folder() if folder is None else folder
    for file in case_files(root):
        yield read_case(file, root)


def case_files(root: Path) -> list[Path]:
    """The case files of a folder, ordered by id: all its JSON files except the manifest."""
    files = (file for file in root.rglob("*.json") if file != root / MANIFEST)
    return sorted(files, key=lambda file: file.relative_to(root).with_suffix("").as_posix())


def check_cases(cases: Iterable[Case], root: Path) -> None:
    """Validates the cases of an external suite against the case schema. Raises InvalidCase."""
    for case in cases:
        document = json.loads((root / f"{case.id}.json").read_text(encoding="utf-8"))
        error = next(validator("case.schema.json").iter_errors(document), None)
        if error is not None:
            raise InvalidCase(f"{root / case.id}.json: {error.json_path}: {error.message:.300}")


def read_body(body: Mapping[str, Any]) -> str | bytes:
    """Reads the HTTP body that a case gives as `text`, `base64` or `json`."""
    if "base64" in body:
        return base64.b64decode(body["base64"], validate=True)
    return str(body["text"]) if "text" in body else json.dumps(body["json"], ensure_ascii=False)
