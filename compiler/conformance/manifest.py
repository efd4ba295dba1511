"""The manifest of a suite: its version, and every case with its hash, for readers that do not use our runner.

A run first checks the files against it, to detect an incomplete or changed copy.
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

SUITE = "1.2.0"
"""The version of the packaged suite; `golden/README.md` defines its compatibility."""


class InvalidSuite(ValueError):  # noqa: N818 - named for its subject
    """A folder does not match its manifest."""


def build_manifest(cases: Iterable[Case], suite: str = SUITE) -> dict[str, Any]:
    """Builds the manifest of these cases, see `schemas/manifest.schema.json`."""
    glossary = resources.schemas()[resources.BASE + "case.schema.json"]["$defs"]["capability"]["oneOf"]
    return {
        "suite": suite,
        "protocol": PROTOCOL,
        "capabilities": {entry["const"]: entry["description"] for entry in glossary},
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
    """The manifest as text, with one line per case."""
    content = build_manifest(cases, suite)
    rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in content.pop("cases"))
    head = json.dumps(content, indent=2, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n  "cases": [\n{rows}\n  ]\n}}\n'


def read_suite_version(folder: Path, cases: Iterable[Case]) -> str:
    """Checks a suite against its manifest and returns its version (default: ours). Raises InvalidSuite."""
    file = folder / MANIFEST
    if not file.is_file():
        return SUITE
    document, faults = parse_json(file.read_bytes())
    if faults:
        raise InvalidSuite(f"{file}: not valid JSON: {faults[0].message}")
    try:  # not by its schema: that takes longer than a run
        suite, protocol = str(document["suite"]), document["protocol"]
        listed = {row["id"]: row["sha256"] for row in document["cases"]}
    except (KeyError, TypeError) as error:
        raise InvalidSuite(f"{file}: invalid manifest: {error}") from error
    if protocol != PROTOCOL:
        raise InvalidSuite(f"{file}: protocol must be {PROTOCOL}, got {protocol}")
    actual = {case.id: case.sha256 for case in cases}
    wrong = [f"{name} is listed but missing" for name in listed.keys() - actual.keys()]
    wrong += [f"{name} is not listed" for name in actual.keys() - listed.keys()]
    wrong += [f"{name} was changed" for name in listed.keys() & actual.keys() if listed[name] != actual[name]]
    if wrong:
        more = f", and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        hint = "if this is intended, update it with --write-manifest"
        raise InvalidSuite(f"{file}: does not match the folder: {'; '.join(sorted(wrong)[:3])}{more} ({hint})")
    return suite
