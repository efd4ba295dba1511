"""Conformance cases as values, read from the files of `golden/`.

The format of a case file is `schemas/case.schema.json`. Running a case, and judging what comes of it, is done
elsewhere.
"""

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
"""The one JSON file of a suite that is no case; it lists them."""


class InvalidCase(ValueError):  # noqa: N818 - it names what it is about
    """A case file that is no case; the message names the file."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what goes in (`input`), what has to come out (`expect`), and why (`spec`).

    `sha256` is that of the file's bytes.
    """

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
        """The service, `mailjet-v3`."""
        return self.id.split("/")[0]

    @property
    def ruleset(self) -> str:
        """What is done for it, `send`."""
        return self.id.split("/")[1]

    @property
    def area(self) -> str:
        """What it is about, `tags`."""
        return self.id.split("/")[2]


def read_case(file: Path, folder: Path) -> Case:
    """The case in a file of the folder. Raises InvalidCase."""
    content = file.read_bytes()
    document, faults = parse_json(content)
    if faults:
        raise InvalidCase(f"{file}: no JSON: {faults[0].message}")
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
        raise InvalidCase(f"{file}: no case: {error}") from error
    if case.id != name:
        raise InvalidCase(f"{file}: its id is {case.id!r}, and its path says {name!r}")
    return case


def read_cases(folder: Path | None = None) -> Iterator[Case]:
    """All cases of a folder, by default the suite's own, in the order of their ids. Raises InvalidCase."""
    root = golden_folder() if folder is None else folder
    for file in case_files(root):
        yield read_case(file, root)


def case_files(root: Path) -> list[Path]:
    """The case files of a folder, in the order of their ids: all JSON files in it but its manifest."""
    files = (file for file in root.rglob("*.json") if file != root / MANIFEST)
    return sorted(files, key=lambda file: file.relative_to(root).with_suffix("").as_posix())


def check_cases(cases: Iterable[Case], root: Path) -> None:
    """Holds cases of others against the schema of cases. Raises InvalidCase."""
    for case in cases:
        document = json.loads((root / f"{case.id}.json").read_text(encoding="utf-8"))
        error = next(validator("case.schema.json").iter_errors(document), None)
        if error is not None:
            raise InvalidCase(f"{root / case.id}.json: {error.json_path}: {error.message:.300}")


def read_body(spelling: Mapping[str, Any]) -> str | bytes:
    """The HTTP body that a case spells as `text`, as `base64` or as `json`."""
    if "base64" in spelling:
        return base64.b64decode(spelling["base64"], validate=True)
    return str(spelling["text"]) if "text" in spelling else json.dumps(spelling["json"], ensure_ascii=False)
