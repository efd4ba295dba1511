"""The arguments of `python -m compiler.conformance`, and the help that teaches them.

What is done with them is the business of `__main__`.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from compiler.conformance.judge import ComparisonMode
from compiler.conformance.selection import LEVELS, Selection
from compiler.conformance.session import HarnessConfig

PROGRAM = "python -m compiler.conformance"

_EXAMPLES = """\
examples:
  %(prog)s
      every case against our own compiler, which speaks the same protocol as any other harness
  %(prog)s --harness "node harness.js"
      every case of level must against a harness: one process, which answers line by line
  %(prog)s --harness "node harness.js" --ruleset send --area tags --area recipients
      some of them only
  %(prog)s --exec "./one-case" --id 'mailjet-v3/send/tags/*' --jobs 4
      a process for each case
  %(prog)s --harness "node harness.js" --errors code --warnings ignore
      compare less strictly; every report names it
  %(prog)s --harness "node harness.js" --write-expected-failures failures.json
      write the list of what fails today; then give reasons in it, and from then on
  %(prog)s --harness "node harness.js" --expected-failures failures.json
      fail only where something changes, for better or worse
  %(prog)s --harness "node harness.js" --junit report.xml --markdown report.md --badge badge.json
      reports; - is standard output
  %(prog)s --list --capability merge-data
      the ids of cases

The format of the cases, the protocol and the comparison are explained in golden/README.md.

exit status:
  0  all is as expected             3  the harness did not get through its hello
  1  something is not               4  the run is not complete, or nothing was selected or judged
  2  wrong usage, or a broken suite
"""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Find out whether an integration makes the right payloads, and reads what comes back rightly.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    which = made.add_argument_group("the harness").add_mutually_exclusive_group()
    which.add_argument("--harness", metavar="COMMAND", help="a process that answers requests, a line each")
    which.add_argument("--exec", metavar="COMMAND", help="a process for each request, which is its standard input")
    how = made.add_argument_group("how it is run")
    how.add_argument("--jobs", type=_count, default=1, metavar="N", help="processes at a time (default: 1)")
    how.add_argument("--timeout", type=_seconds, default=10.0, metavar="SECONDS", help="for each case (default: 10)")
    how.add_argument("--hello-timeout", type=_seconds, default=10.0, metavar="SECONDS", help="for hello (default: 10)")
    cases = made.add_argument_group("which cases (each can be given several times)")
    for name, plural, told in (
        ("target", "targets", "mailjet-v3"),
        ("ruleset", "rulesets", "send, response, events, inbound or template"),
        ("area", "areas", "the third part of an id, such as tags"),
        ("capability", "capabilities", "cases that need it"),
    ):
        cases.add_argument(f"--{name}", action="append", default=[], dest=plural, metavar="NAME", help=told)
    cases.add_argument(
        "--level",
        action="append",
        default=[],
        dest="levels",
        choices=[*LEVELS, "all"],
        help="default: must; without a harness all",
    )
    cases.add_argument(
        "--id", action="append", default=[], dest="ids", metavar="PATTERN", help="an id, or a pattern with * and ?"
    )
    cases.add_argument("--cases", type=Path, metavar="FOLDER", help="another suite than the one that comes along")
    judging = made.add_argument_group("how answers are judged")
    judging.add_argument(
        "--errors",
        choices=["exact", "first", "code", "any"],
        default="exact",
        help="all of them (the default), at least one of them, all codes, or that there are any",
    )
    judging.add_argument(
        "--warnings",
        choices=["exact", "code", "ignore"],
        default="exact",
        help="all of them (the default), all codes, or not looked at",
    )
    judging.add_argument(
        "--expected-failures", type=Path, metavar="FILE", help="a list of cases that are known to fail"
    )
    reports = made.add_argument_group("reports (- is standard output)")
    for name, told in (
        ("junit", "JUnit XML"),
        ("tap", "TAP 14"),
        ("json-lines", "JSON Lines, written while the run goes on"),
        ("markdown", "Markdown"),
        ("badge", "the badge endpoint's JSON; only written from complete runs"),
        ("write-expected-failures", "the list of what fails; only written from complete runs"),
    ):
        reports.add_argument(f"--{name}", metavar="FILE", help=told)
    reports.add_argument(
        "--show", type=_number, default=10, metavar="N", help="failures that are shown in full (default: 10)"
    )
    reports.add_argument("--quiet", action="store_true", help="show the sums only")
    other = made.add_argument_group("instead of a run").add_mutually_exclusive_group()
    other.add_argument("--list", action="store_true", help="print the ids of the selected cases")
    other.add_argument("--write-manifest", action="store_true", help="write the manifest of the suite anew")
    return made


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments, checked; argparse ends the process with status 2 where they are wrong."""
    made = build_parser()
    given = made.parse_args(arguments)
    for name in ("harness", "exec"):
        command = getattr(given, name)
        if command is not None:
            try:
                words = shlex.split(command)
            except ValueError as error:
                made.error(f"argument --{name}: {error}: {command}")
            if not words:
                made.error(f"argument --{name}: a command is missing")
            setattr(given, name, tuple(words))
    standard_output = [
        name
        for name in ("junit", "tap", "json_lines", "markdown", "badge", "write_expected_failures")
        if getattr(given, name) == "-"
    ]
    if len(standard_output) > 1:
        named = " and ".join(f"--{name.replace('_', '-')}" for name in standard_output)
        made.error(f"only one report can go to standard output, not {named}")
    for name in ("badge", "write_expected_failures"):
        if getattr(given, name) is not None and not build_selection(given).is_unfiltered:
            flag = f"--{name.replace('_', '-')}"
            made.error(f"argument {flag}: it is made of runs of the whole suite only; leave the selection out")
    return given


def build_selection(given: argparse.Namespace) -> Selection:
    """The selection that was asked for: level must for a harness, all for our own compiler, unless said otherwise."""
    levels = tuple(given.levels)
    if "all" in levels or (not levels and given.harness is None and given.exec is None):
        levels = ()
    elif not levels:
        levels = ("must",)
    return Selection(
        tuple(given.targets),
        tuple(given.rulesets),
        tuple(given.areas),
        tuple(given.capabilities),
        levels,
        tuple(given.ids),
    )


def build_comparison_mode(given: argparse.Namespace) -> ComparisonMode:
    """How answers are to be compared."""
    return ComparisonMode(given.errors, given.warnings)


def build_harness_config(given: argparse.Namespace, suite: str) -> HarnessConfig:
    """How the harness is to be talked to; without one it is our own compiler's."""
    own = (sys.executable, "-m", "compiler.conformance.harness")
    return HarnessConfig(
        command=given.harness or given.exec or own,
        process_per_case=given.exec is not None,
        hello_seconds=given.hello_timeout,
        case_seconds=given.timeout,
        suite=suite,
    )


def _count(text: str) -> int:
    number = _number(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"a whole number, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a number of seconds, not {text!r}") from None
    if not 0 < seconds <= 86400:
        raise argparse.ArgumentTypeError("more than 0 seconds, and at most a day")
    return seconds
