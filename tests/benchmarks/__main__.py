"""The benchmarks' command: measures what was asked for, prints it, and writes it where it should go."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import anymail, arguments, cases, growth, programs, readme
from tests.benchmarks.comparison import Comparison, compared
from tests.benchmarks.growth import Growth, growth_table
from tests.benchmarks.programs import ProgramFailedError
from tests.benchmarks.report import comparisons_table, heading
from tests.benchmarks.timing import FULL, QUICK, Effort


def main(given: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit status: 1 where something could not be measured."""
    parsed = arguments.parsed(given)
    effort = QUICK if parsed.quick else FULL
    names = parsed.case or (*cases.NAMES, *programs.NAMES, "growth")
    interpreter = anymail.make_environment(parsed.with_anymail) if parsed.with_anymail else parsed.anymail
    failed: list[str] = []

    comparisons = tuple(_comparisons(names, effort, interpreter, failed, with_million=parsed.million))
    growths = tuple(_growths(effort, failed)) if "growth" in names else ()
    if parsed.quick:
        print("Measured quickly, with documents smaller than their names say: these figures mean nothing.\n")
    print(heading(), comparisons_table(comparisons), sep="\n\n")
    if growths:
        print("", growth_table(growths), sep="\n")
    if parsed.json:
        figures = {
            "measured_with": heading(),
            "comparisons": [asdict(each) for each in comparisons],
            "growth": [asdict(each) for each in growths],
        }
        parsed.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if parsed.plot and growths:
        from tests.benchmarks.plot import draw  # matplotlib is an extra

        draw(growths, parsed.plot)
    if parsed.readme:
        readme.rewrite(parsed.readme, comparisons, growths, parsed.plot)
    return 1 if failed else 0


def _comparisons(
    names: Sequence[str], effort: Effort, interpreter: Path | None, failed: list[str], *, with_million: bool
) -> Iterator[Comparison]:
    for name in cases.NAMES:
        if name in names:
            _say(name)
            yield from compared(cases.case(name, effort), effort, interpreter)
    whole: dict[str, Callable[[Effort], tuple[Comparison, ...]]] = {
        "command-line": programs.command_line,
        "bulk": programs.bulk,
        programs.MILLION: programs.million,
    }
    for name, measured in whole.items():
        if name in names or (name == programs.MILLION and with_million):
            _say(name)
            try:
                yield from measured(effort)
            except ProgramFailedError as error:
                _fail(name, error, failed)


def _growths(effort: Effort, failed: list[str]) -> Iterator[Growth]:
    for kind in growth.KINDS:
        _say(f"growth {kind.__name__}")
        try:
            yield kind(effort)
        except ProgramFailedError as error:
            _fail(kind.__name__, error, failed)


def _say(what: str) -> None:
    print(f"measuring {what} …", file=sys.stderr)


def _fail(name: str, error: ProgramFailedError, failed: list[str]) -> None:
    failed.append(name)
    print(f"{name} could not be measured: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
