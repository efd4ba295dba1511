"""The manifest of a suite: its version, and every case with its hash, for those who read the files without our runner.

A run first holds the files against it, so that a copy that was cut off or changed is not taken for the suite.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from compiler.conformance.case_files import MANIFEST, Case
from compiler.conformance.protocol import PROTOCOL
from compiler.json_io import resources
from compiler.json_io.parse import parse_json

SUITE = "1.0.0"
"""The version of the suite that comes with the package; what it promises is said in `golden/README.md`."""


class InvalidSuite(ValueError):  # noqa: N818 - it names what it is about
    """A folder that is not the suite its manifest says."""


def build_manifest(cases: Iterable[Case], suite: str = SUITE) -> dict[str, Any]:
    """The manifest of these cases; its form is `schemas/manifest.schema.json`."""
    glossary = resources.schemas()[resources.BASE + "case.schema.json"]["$defs"]["capability"]["oneOf"]
    return {
        "suite": suite,
        "protocol": PROTOCOL,
        "capabilities": {each["const"]: each["description"] for each in glossary},
        "cases": [
            {
                "id": case.id,
                "sha256": case.sha256,
                "since": case.since,
                "level": case.level,
                "capabilities": list(case.capabilities),
            }
            for case in cases
        ],
    }


def format_manifest(cases: Iterable[Case], suite: str = SUITE) -> str:
    """The manifest as it is written: a line for each case."""
    made = build_manifest(cases, suite)
    rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in made.pop("cases"))
    head = json.dumps(made, indent=2, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n  "cases": [\n{rows}\n  ]\n}}\n'


def read_suite_version(folder: Path, cases: Iterable[Case]) -> str:
    """The version of the suite in a folder, by its manifest; our own where it has none. Raises InvalidSuite."""
    file = folder / MANIFEST
    if not file.is_file():
        return SUITE
    document, faults = parse_json(file.read_bytes())
    if faults:
        raise InvalidSuite(f"{file}: no JSON: {faults[0].message}")
    try:  # not by its schema, which takes longer than a run
        suite, protocol = str(document["suite"]), document["protocol"]
        listed = {row["id"]: row["sha256"] for row in document["cases"]}
    except (KeyError, TypeError) as error:
        raise InvalidSuite(f"{file}: no manifest: {error}") from error
    if protocol != PROTOCOL:
        raise InvalidSuite(f"{file}: the suite speaks protocol {protocol}, and this runner {PROTOCOL}")
    found = {case.id: case.sha256 for case in cases}
    wrong = [f"{each} is listed and missing" for each in listed.keys() - found.keys()]
    wrong += [f"{each} is not listed" for each in found.keys() - listed.keys()]
    wrong += [f"{each} was changed" for each in listed.keys() & found.keys() if listed[each] != found[each]]
    if wrong:
        more = f", and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        hint = "where that is meant, --write-manifest writes it anew"
        raise InvalidSuite(f"{file}: not what is in the folder: {'; '.join(sorted(wrong)[:3])}{more} ({hint})")
    return suite
