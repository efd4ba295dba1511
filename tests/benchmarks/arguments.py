"""The benchmarks' options, and their help."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks import cases, programs, readme

PLOT = Path(__file__).parent / "growth.svg"

_EXAMPLES = """\
examples:

  python -m tests.benchmarks
        measures everything but what needs Anymail; takes some minutes

  python -m tests.benchmarks --case simple --case merge-50
        two cases, without how cost grows

  python -m tests.benchmarks --with-anymail /tmp/anymail
        also beside django-anymail 4.1, for which an environment is made there the first time

  python -m tests.benchmarks --anymail /tmp/anymail/bin/python --million --plot --readme README.md
        everything, into the README and its plot

A ratio is the compiler's time or memory to that of what stands beside it, so less is better.
"""


def parsed(given: Sequence[str] | None) -> argparse.Namespace:
    """The options as they are given; what would fail after minutes of measuring is refused at once."""
    parser = _parser()
    made = parser.parse_args(given)
    if made.plot and find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install '.[benchmarks]'")
    if made.plot and made.case and "growth" not in made.case:
        parser.error("--plot draws how cost grows: add --case growth")
    if made.readme:
        try:
            readme.around(made.readme)
        except (OSError, readme.NoSectionError) as error:
            parser.error(str(error))
    return made


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measures the compiler beside other ways to do the same, and prints ratios.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "--case",
        action="append",
        choices=(*cases.NAMES, *programs.NAMES, "growth"),
        metavar="NAME",
        help=f"measure this only; can be repeated: {', '.join((*cases.NAMES, *programs.NAMES, 'growth'))}",
    )
    made.add_argument("--quick", action="store_true", help="few turns and small sizes: shows that it runs, no more")
    made.add_argument("--million", action="store_true", help="also a million messages in bulk")
    side = made.add_mutually_exclusive_group()
    side.add_argument("--anymail", type=Path, metavar="PYTHON", help="an interpreter that has django-anymail 4.1")
    side.add_argument("--with-anymail", type=Path, metavar="DIRECTORY", help="make an environment that has it, there")
    made.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    made.add_argument(
        "--plot",
        type=Path,
        nargs="?",
        const=PLOT,
        metavar="FILE",
        help=f"draw how cost grows (default {PLOT.name} here)",
    )
    made.add_argument("--readme", type=Path, metavar="FILE", help="rewrite the section of figures in this file")
    return made
