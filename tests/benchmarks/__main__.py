"""The benchmarks' command: runs the selected benchmarks, and prints and writes the results."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import anymail, arguments, cases, growth, page, programs
from tests.benchmarks.comparison import Comparison, compare
from tests.benchmarks.growth import Growth, growth_table
from tests.benchmarks.programs import ProgramFailedError
from tests.benchmarks.report import comparisons_table, heading
from tests.benchmarks.timing import FULL, QUICK, Effort


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status: 1 if something could not be measured."""
    args = arguments.parse(argv)
    effort = QUICK if args.quick else FULL
    names = args.case or (*cases.NAMES, *programs.NAMES, "growth")
    interpreter = anymail.make_environment(args.with_anymail) if args.with_anymail else args.anymail
    failed: list[str] = []

    comparisons = tuple(_comparisons(names, effort, interpreter, failed, with_million=args.million))
    growths = tuple(_growths(effort, failed)) if "growth" in names else ()
    if args.quick:
        print("Measured quickly, with documents smaller than their names say: these figures mean nothing.\n")
    print(heading(), comparisons_table(comparisons), sep="\n\n")
    if growths:
        print("", growth_table(growths), sep="\n")
    if args.json:
        figures = {
            "measured_with": heading(),
            "comparisons": [asdict(each) for each in comparisons],
            "growth": [asdict(each) for each in growths],
        }
        args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if args.plot and growths:
        from tests.benchmarks.plot import draw  # matplotlib is an extra

        draw(growths, args.plot)
    if args.page:
        page.rewrite(args.page, comparisons, growths, args.plot)
    return 1 if failed else 0


def _comparisons(
    names: Sequence[str], effort: Effort, interpreter: Path | None, failed: list[str], *, with_million: bool
) -> Iterator[Comparison]:
    for name in cases.NAMES:
        if name in names:
            _print_progress(name)
            yield from compare(cases.case(name, effort), effort, interpreter)
    program_benchmarks: dict[str, Callable[[Effort], tuple[Comparison, ...]]] = {
        "command-line": programs.command_line,
        "bulk": programs.bulk,
        programs.MILLION: programs.million,
    }
    for name, measure in program_benchmarks.items():
        if name in names or (name == programs.MILLION and with_million):
            _print_progress(name)
            try:
                yield from measure(effort)
            except ProgramFailedError as error:
                _record_failure(name, error, failed)


def _growths(effort: Effort, failed: list[str]) -> Iterator[Growth]:
    for kind in growth.KINDS:
        _print_progress(f"growth {kind.__name__}")
        try:
            yield kind(effort)
        except ProgramFailedError as error:
            _record_failure(kind.__name__, error, failed)


def _print_progress(what: str) -> None:
    print(f"measuring {what} …", file=sys.stderr)


def _record_failure(name: str, error: ProgramFailedError, failed: list[str]) -> None:
    failed.append(name)
    print(f"{name} could not be measured: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
