"""The command-line arguments of `python -m compiler.conformance`, with their help."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from compiler.conformance.judge import ComparisonMode
from compiler.conformance.selection import DEFAULT_TARGET, LEVELS, Selection
from compiler.conformance.session import HarnessConfig
from compiler.pipeline.targets import is_target_folder, own_target_names

PROGRAM = "python -m compiler.conformance"

_EXAMPLES = """\
examples:
  %(prog)s
      run all cases against our own compiler, which speaks the same protocol as any other harness
  %(prog)s --harness "node harness.js"
      run all cases of level must against a harness: one process that answers line by line
  %(prog)s --harness "node harness.js" --ruleset send --area tags --area recipients
      run some cases only
  %(prog)s --harness-per-case "./one-case" --id 'mailjet-v3/send/tags/*' --jobs 4
      start a new process for each case
  %(prog)s --harness "node harness.js" --errors code --warnings ignore
      use a less strict comparison mode; every report names it
  %(prog)s --harness "node harness.js" --write-expected-failures failures.json
      write the list of current failures; then edit the reasons in it
  %(prog)s --harness "node harness.js" --expected-failures failures.json
      fail only if a result differs from that list, for better or worse
  %(prog)s --harness "node harness.js" --junit report.xml --markdown report.md --badge badge.json
      write reports; - is standard output
  %(prog)s --target my-service/
      run the cases in the folder cases of a target of your own
  %(prog)s --list --capability merge-data
      print the ids of cases

The page "Conformance" of the documentation has a harness to start with, and explains case files, protocol and
comparison; python -m compiler schema case prints the format of a case file. In the differences of a failed case, lines
with - are expected, and lines with + are what the harness gave.

exit status:
  0  all cases as expected                 3  handshake failed
  1  mismatches                            4  run incomplete, or no cases selected or judged
  2  invalid usage or invalid suite
"""


def build_parser() -> argparse.ArgumentParser:
    """Builds the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Test whether an integration builds the right payloads and reads replies correctly.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    harness = parser.add_argument_group("the harness").add_mutually_exclusive_group()
    harness.add_argument("--harness", metavar="COMMAND", help="start one process, which answers line by line")
    harness.add_argument(
        "--harness-per-case",
        "--exec",
        metavar="COMMAND",
        help="start a process for each request, which reads it from standard input (--exec is the old name)",
    )
    limits = parser.add_argument_group("processes and time limits")
    limits.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes in parallel (default: 1)")
    limits.add_argument("--timeout", type=_seconds, default=10.0, metavar="SECONDS", help="for each case (default: 10)")
    limits.add_argument(
        "--hello-timeout", type=_seconds, default=10.0, metavar="SECONDS", help="for the handshake (default: 10)"
    )
    cases = parser.add_argument_group("case filters (each can be given several times)")
    for name, plural, description in (
        (
            "target",
            "targets",
            f"{', '.join(own_target_names())}, or the folder of a target with cases of its own "
            f"(default: {DEFAULT_TARGET} with a harness, all without)",
        ),
        ("ruleset", "rulesets", "send, response, events, inbound, template or decompile"),
        ("area", "areas", "the third part of a case id, such as tags"),
        ("capability", "capabilities", "cases that need this capability"),
    ):
        cases.add_argument(f"--{name}", action="append", default=[], dest=plural, metavar="NAME", help=description)
    cases.add_argument(
        "--level",
        action="append",
        default=[],
        dest="levels",
        choices=[*LEVELS, "all"],
        help="default: must with a harness, all without",
    )
    cases.add_argument(
        "--id", action="append", default=[], dest="ids", metavar="PATTERN", help="a case id, or a pattern with * and ?"
    )
    cases.add_argument("--cases", type=Path, metavar="FOLDER", help="the folder of another suite")
    comparison = parser.add_argument_group("comparison mode")
    comparison.add_argument(
        "--errors",
        choices=["exact", "first", "code", "any"],
        default="exact",
        help="compare all errors (default), require one of them, compare codes only, or require any error",
    )
    comparison.add_argument(
        "--warnings",
        choices=["exact", "code", "ignore"],
        default="exact",
        help="compare all warnings (default), compare codes only, or ignore warnings",
    )
    comparison.add_argument("--expected-failures", type=Path, metavar="FILE", help="a list of cases known to fail")
    reports = parser.add_argument_group("reports (- is standard output)")
    for name, description in (
        ("junit", "JUnit XML"),
        ("tap", "TAP 14"),
        ("json-lines", "JSON Lines, written during the run"),
        ("markdown", "Markdown"),
        ("badge", "JSON for a badge endpoint; only for complete runs"),
        ("write-expected-failures", "the list of failures; only for complete runs"),
    ):
        reports.add_argument(f"--{name}", metavar="FILE", help=description)
    reports.add_argument("--show", type=_number, default=10, metavar="N", help="failures shown in full (default: 10)")
    reports.add_argument("--quiet", action="store_true", help="print the totals only")
    other = parser.add_argument_group("instead of a run").add_mutually_exclusive_group()
    other.add_argument("--list", action="store_true", help="print the ids of the selected cases")
    other.add_argument("--write-manifest", action="store_true", help="regenerate the manifest of the suite")
    return parser


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parses and checks the arguments; argparse exits with status 2 if they are invalid."""
    parser = build_parser()
    args = parser.parse_args(arguments)
    for name in ("harness", "harness_per_case"):
        command = getattr(args, name)
        if command is not None:
            try:
                words = shlex.split(command)
            except ValueError as error:
                parser.error(f"argument {_flag(name)}: {error}: {command}")
            if not words:
                parser.error(f"argument {_flag(name)}: command must not be empty")
            setattr(args, name, tuple(words))
    folders = [name for name in args.targets if is_target_folder(name)]
    if folders and len(args.targets) > 1:
        parser.error("argument --target: a folder must be the only target")
    args.target_folder = folders[0] if folders else None
    if folders:
        args.targets = []
    standard_output = [
        name
        for name in ("junit", "tap", "json_lines", "markdown", "badge", "write_expected_failures")
        if getattr(args, name) == "-"
    ]
    if len(standard_output) > 1:
        flags = " and ".join(map(_flag, standard_output))
        parser.error(f"only one report can go to standard output, got {flags}")
    for name in ("badge", "write_expected_failures"):
        if getattr(args, name) is not None and not build_selection(args).is_unfiltered:
            parser.error(f"argument {_flag(name)}: requires a run of the whole suite; remove the case filters")
    return args


def build_selection(args: argparse.Namespace) -> Selection:
    """Builds the selection. The defaults for a harness are one target and level must, for our own compiler all."""
    levels, targets = tuple(args.levels), tuple(args.targets)
    has_harness = args.harness is not None or args.harness_per_case is not None
    if "all" in levels or not (levels or has_harness):
        levels = ()
    elif not levels:
        levels = ("must",)
    if has_harness and not (targets or args.ids or args.cases is not None or args.target_folder is not None):
        targets = (DEFAULT_TARGET,)
    return Selection(
        targets,
        tuple(args.rulesets),
        tuple(args.areas),
        tuple(args.capabilities),
        levels,
        tuple(args.ids),
    )


def build_comparison_mode(args: argparse.Namespace) -> ComparisonMode:
    """Builds the comparison mode."""
    return ComparisonMode(args.errors, args.warnings)


def build_harness_config(args: argparse.Namespace, suite: str, folder: str | None = None) -> HarnessConfig:
    """Builds the harness configuration; the default harness is our own compiler, with the target in a folder."""
    default = (sys.executable, "-m", "compiler.conformance.harness", *(("--target", folder) if folder else ()))
    return HarnessConfig(
        command=args.harness or args.harness_per_case or default,
        process_per_case=args.harness_per_case is not None,
        hello_seconds=args.hello_timeout,
        case_seconds=args.timeout,
        suite=suite,
    )


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _positive(text: str) -> int:
    number = _number(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"must be an integer, got {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number of seconds, got {text!r}") from None
    if not 0 < seconds <= 86400:
        raise argparse.ArgumentTypeError(f"must be more than 0 and at most 86400 seconds, got {text}")
    return seconds
