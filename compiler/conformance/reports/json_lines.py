"""JSON Lines: a header, a line for each case as it is done, and a footer, without which a report is cut off.

The form of the lines is `schemas/conformance-report.schema.json`. Values of differences are JSON texts, so that numbers
keep every digit; of large ones the text is cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from compiler.conformance.exact_json import dump_json, read_json
from compiler.conformance.judge import ComparisonMode, Verdict
from compiler.conformance.protocol import PROTOCOL, Hello
from compiler.conformance.reports.counts import StatusCounts, count_verdicts
from compiler.conformance.runner import Run
from compiler.conformance.selection import Selection
from compiler.json_io import resources


class InvalidReport(ValueError):  # noqa: N818 - it names what it is about
    """A file that is no whole report of a run; the message says why."""


class JsonLines:
    """A report that is written while the run goes on."""

    def __init__(self, file: TextIO, suite: str, selection: Selection, mode: ComparisonMode) -> None:
        self._file = file
        self._header = {
            "type": "run",
            "protocol": PROTOCOL,
            "suite": suite,
            "selection": str(selection),
            "strictness": asdict(mode),
        }
        self._begun = False

    def tell(self, hello: Hello, verdict: Verdict) -> None:
        """Writes a verdict; the header first, where it is the first."""
        self._begin(hello)
        self._write(_row(verdict))

    def end(self, run: Run) -> None:
        """Writes the footer."""
        self._begin(run.hello)
        self._write(
            {
                "type": "end",
                "complete": run.is_complete,
                "counts": _counts(count_verdicts(run.verdicts)),
                "seconds": round(run.seconds, 3),
                "notes": list(run.notes),
            }
        )

    def _begin(self, hello: Hello) -> None:
        if not self._begun:
            self._begun = True
            about = {"name": hello.name, "version": hello.version, "language": hello.language}
            of_hello = {
                "implementation": about,
                "rulesets": list(hello.rulesets),
                "capabilities": list(hello.capabilities),
            }
            self._write(self._header | of_hello)

    def _write(self, row: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=True) + "\n")
        self._file.flush()


def read_report(file: Path) -> tuple[Mapping[str, Any], ...]:
    """The lines of a report, as JSON: header, cases, footer. Raises InvalidReport, and OSError.

    A report is whole where each line is of its form, none comes after the footer, and the footer counts what is there.
    """
    rows: list[Mapping[str, Any]] = []
    validator = resources.validator("conformance-report.schema.json")
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            row = read_json(line)
        except ValueError as error:
            raise InvalidReport(f"{file}:{number}: {error}") from None
        fault = next(validator.iter_errors(row), None)
        if fault is not None:
            raise InvalidReport(f"{file}:{number}: {fault.json_path}: {fault.message}")
        rows.append(row)
    kinds = [row["type"] for row in rows]
    if kinds != ["run", *["case"] * (len(rows) - 2), "end"]:
        raise InvalidReport(f"{file}: a report is a header, cases and a footer; this one is cut off or mixed up")
    if rows[-1]["counts"] != _counts_of(row["status"] for row in rows[1:-1]):
        raise InvalidReport(f"{file}: the footer counts other cases than there are")
    return tuple(rows)


def _row(verdict: Verdict) -> dict[str, Any]:
    return {
        "type": "case",
        "id": verdict.case.id,
        "status": verdict.status,
        "outcome": verdict.outcome,
        "detail": verdict.detail,
        "seconds": round(verdict.seconds, 3),
        "differences": [
            {
                "path": each.path,
                "kind": each.kind,
                "expected": None if each.kind == "unexpected" else dump_json(each.expected),
                "actual": None if each.kind == "missing" else dump_json(each.actual),
            }
            for each in verdict.differences
        ],
        **({"left_out": verdict.left_out} if verdict.left_out else {}),
    }


def _counts(counts: StatusCounts) -> dict[str, int]:
    return asdict(counts) | {"total": counts.total}


def _counts_of(statuses: Iterable[str]) -> dict[str, int]:
    given = list(statuses)
    names = [name for name in _counts(StatusCounts()) if name != "total"]
    return {name: given.count(name) for name in names} | {"total": len(given)}
