"""The benchmarks' options, and their help."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks import cases, page, programs

PLOT = Path(__file__).parent.parent.parent / "docs/growth.svg"

_EXAMPLES = """\
examples:

  python -m tests.benchmarks
        all benchmarks that do not need Anymail; takes some minutes

  python -m tests.benchmarks --case simple --case merge-50
        two cases only

  python -m tests.benchmarks --with-anymail /tmp/anymail
        also compares with django-anymail 4.1; creates a virtual environment for it there if needed

  python -m tests.benchmarks --anymail /tmp/anymail/bin/python --million --plot --page docs/performance.md
        all benchmarks; updates the page of the documentation and its plot

Ratios are the compiler's time or memory divided by those of the baseline: less is better.
"""


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Parses the options; rejects options that would only fail after minutes of measuring."""
    parser = _parser()
    args = parser.parse_args(argv)
    if args.plot and find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install '.[benchmarks]'")
    if args.plot and args.case and "growth" not in args.case:
        parser.error("--plot needs the growth figures: add --case growth")
    if args.page:
        try:
            page.split_at_section(args.page)
        except (OSError, page.NoSectionError) as error:
            parser.error(str(error))
    return args


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Compares the compiler with other ways to do the same, and prints ratios.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--case",
        action="append",
        choices=(*cases.NAMES, *programs.NAMES, "growth"),
        metavar="NAME",
        help=f"measure this only; can be repeated: {', '.join((*cases.NAMES, *programs.NAMES, 'growth'))}",
    )
    parser.add_argument("--quick", action="store_true", help="few turns and small sizes: only to test that it runs")
    parser.add_argument("--million", action="store_true", help="also a million messages in bulk")
    side = parser.add_mutually_exclusive_group()
    side.add_argument("--anymail", type=Path, metavar="PYTHON", help="an interpreter that has django-anymail 4.1")
    side.add_argument(
        "--with-anymail", type=Path, metavar="DIRECTORY", help="a virtual environment for it; created if needed"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to this file")
    parser.add_argument(
        "--plot",
        type=Path,
        nargs="?",
        const=PLOT,
        metavar="FILE",
        help=f"plot how cost grows (default: {PLOT.name} in docs)",
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="update the section of figures in this file")
    return parser
