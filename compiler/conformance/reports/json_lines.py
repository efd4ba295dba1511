"""JSON Lines: a header, a line for each case when it ends, and a footer. A report without a footer is incomplete.

`schemas/conformance-report.schema.json` is the format of the lines. Values of differences are JSON texts, so that
numbers keep every digit; large ones are truncated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from compiler.conformance.exact_json import dump_json
from compiler.conformance.judge import ComparisonMode, Verdict
from compiler.conformance.protocol import PROTOCOL, Hello
from compiler.conformance.reports.counts import StatusCounts, count_verdicts
from compiler.conformance.runner import Run
from compiler.conformance.selection import Selection
from compiler.json_io import resources
from compiler.json_io.parse import EXACT, require_json


class InvalidReport(ValueError):  # noqa: N818 - named for its subject
    """A file is not a complete report of a run; the message says why."""


class JsonLinesReport:
    """A report that is written during the run."""

    def __init__(self, file: TextIO, suite: str, selection: Selection, mode: ComparisonMode) -> None:
        self._file = file
        self._header = {
            "type": "run",
            "protocol": PROTOCOL,
            "suite": suite,
            "selection": str(selection),
            "strictness": asdict(mode),
        }
        self._has_header = False

    def add(self, hello: Hello, verdict: Verdict) -> None:
        """Writes a verdict, after the header if it is the first."""
        self._write_header(hello)
        self._write(_format_case(verdict))

    def finish(self, run: Run) -> None:
        """Writes the footer."""
        self._write_header(run.hello)
        self._write(
            {
                "type": "end",
                "complete": run.is_complete,
                "counts": _counts_with_total(count_verdicts(run.verdicts)),
                "seconds": round(run.seconds, 3),
                "notes": list(run.notes),
            }
        )

    def _write_header(self, hello: Hello) -> None:
        if not self._has_header:
            self._has_header = True
            about = {"name": hello.name, "version": hello.version, "language": hello.language}
            support = {
                "implementation": about,
                "rulesets": list(hello.rulesets),
                "capabilities": list(hello.capabilities),
            }
            self._write(self._header | support)

    def _write(self, row: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=True) + "\n")
        self._file.flush()


def read_report(file: Path) -> tuple[Mapping[str, Any], ...]:
    """Reads the lines of a report as JSON: header, cases, footer. Raises InvalidReport and OSError.

    Every line must be valid, no line may follow the footer, and the counts of the footer must match the cases.
    """
    rows: list[Mapping[str, Any]] = []
    validator = resources.validator("conformance-report.schema.json")
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            row = require_json(line, EXACT)
        except ValueError as error:
            raise InvalidReport(f"{file}:{number}: {error}") from None
        violation = next(validator.iter_errors(row), None)
        if violation is not None:
            raise InvalidReport(f"{file}:{number}: {violation.json_path}: {violation.message}")
        rows.append(row)
    kinds = [row["type"] for row in rows]
    if kinds != ["run", *["case"] * (len(rows) - 2), "end"]:
        raise InvalidReport(f"{file}: must be a header, cases and a footer")
    if rows[-1]["counts"] != _count_statuses(row["status"] for row in rows[1:-1]):
        raise InvalidReport(f"{file}: footer counts do not match the reported cases")
    return tuple(rows)


def _format_case(verdict: Verdict) -> dict[str, Any]:
    return {
        "type": "case",
        "id": verdict.case.id,
        "status": verdict.status,
        "outcome": verdict.outcome,
        "detail": verdict.detail,
        "seconds": round(verdict.seconds, 3),
        "differences": [
            {
                "path": difference.path,
                "kind": difference.kind,
                "expected": None if difference.kind == "unexpected" else dump_json(difference.expected),
                "actual": None if difference.kind == "missing" else dump_json(difference.actual),
            }
            for difference in verdict.differences
        ],
        **({"left_out": verdict.left_out} if verdict.left_out else {}),
    }


def _counts_with_total(counts: StatusCounts) -> dict[str, int]:
    return asdict(counts) | {"total": counts.total}


def _count_statuses(statuses: Iterable[str]) -> dict[str, int]:
    all_statuses = list(statuses)
    names = [name for name in _counts_with_total(StatusCounts()) if name != "total"]
    return {name: all_statuses.count(name) for name in names} | {"total": len(all_statuses)}
