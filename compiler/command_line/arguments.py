"""The arguments of the command line: what may be given, the help that teaches it, and completion for shells.

What is done with the arguments is the business of `__main__`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import compiler
from compiler._target import target_names

EVERYTHING = "*"
"""What --ignore-unsupported holds where it was given without a feature."""

_SHELLS = ("bash", "zsh", "tcsh")

_EXAMPLES = """\
examples:
  %(prog)s message.json
      the payload on stdout, diagnostics on stderr
  %(prog)s - < message.json
      the same, from standard input
  %(prog)s message.json --explain
      for each property of the payload the rule, its reason, and what of the message it is made of
  %(prog)s message.json --json
      everything as JSON: payload, errors, warnings, requirements; with --explain also the reasons
  %(prog)s message.json --ignore-unsupported
      do without what the service cannot do
  %(prog)s message.json --ignore-unsupported="multiple tags" --ignore-unsupported=send_at
      do without these features only
  %(prog)s message.json --defaults shop.json
      with defaults that apply to every message
  %(prog)s message.json --template-sender "Shop <orders@example.com>"
      with the sender stored with the template

exit status:
  0  there is a payload       2  wrong usage, or a file that cannot be read
  1  the message has errors   3  there is a payload, but it still needs something (told on stderr)
"""


class UsageError(Exception):
    """What was asked for cannot be done: the text says why, in one or more lines."""


def program() -> str:
    """How this command was called."""
    name = Path(sys.argv[0]).name
    return "python -m compiler" if name == "__main__.py" else name


def parse(arguments: Sequence[str]) -> argparse.Namespace | str:
    """The arguments as values, or the text that --help, --version or --print-completion ask for.

    Raises UsageError where they are wrong.
    """
    asked = io.StringIO()
    with contextlib.redirect_stdout(asked):
        try:
            return _parser(program()).parse_args(_with_everything(arguments))
        except SystemExit:
            return asked.getvalue()


class _Parser(argparse.ArgumentParser):
    """A parser whose errors say where to read on."""

    def error(self, message: str) -> NoReturn:
        """Refuses what was asked for."""
        from compiler.command_line.diagnostics import visible

        raise UsageError(f"{visible(message)}\n{self.format_usage()}{self.prog} --help shows examples")


class _PrintCompletion(argparse.Action):
    """Prints a completion script for a shell; what makes it is an optional dependency."""

    def __call__(self, parser: argparse.ArgumentParser, _: Any, shell: Any, flag: str | None = None) -> None:
        """Prints the script, and exits."""
        try:
            import shtab
        except ImportError:
            raise UsageError(f"{flag} needs shtab: pip install 'payload-compiler[completion]'") from None
        scripted = _parser("payload-compiler", {"files": shtab.FILE, "folders": shtab.DIRECTORY})
        sys.stdout.write(shtab.complete(scripted, shell))
        parser.exit()


def _parser(name: str, completions: dict[str, Any] | None = None) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=name,
        description="Compile a normalized e-mail message (JSON) into the payload that Mailjet's Send API v3 expects.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    file = parser.add_argument("file", metavar="FILE", help="a message file, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the whole result as JSON, errors included")
    parser.add_argument(
        "--explain", action="store_true", help="print why each value of the payload is there, instead of the payload"
    )
    parser.add_argument(
        "--ignore-unsupported",
        metavar="FEATURE",
        nargs="?",
        action="append",
        default=[],
        help="do without this feature where the service lacks it; without =FEATURE, without all that may be ignored",
    )
    defaults = parser.add_argument(
        "--defaults", metavar="FILE", help="a message-shaped file that applies to every message"
    )
    parser.add_argument("--template-sender", metavar="ADDRESS", help="the sender stored with the template")
    target = parser.add_argument(
        "--target",
        metavar="NAME|DIR",
        default="mailjet-v3",
        help=f"the service: {', '.join(target_names())}, or a folder of rulesets of your own (default: %(default)s)",
    )
    parser.add_argument("--version", action="version", version=f"payload-compiler {compiler.__version__}")
    parser.add_argument(
        "--print-completion",
        metavar="SHELL",
        choices=_SHELLS,
        action=_PrintCompletion,
        help=f"print a completion script for payload-compiler, for {', '.join(_SHELLS[:-1])} or {_SHELLS[-1]}",
    )
    if completions is not None:  # attributes by which shtab is told
        for action, kind in ((file, "files"), (defaults, "files"), (target, "folders")):
            setattr(action, "complete", completions[kind])  # noqa: B010 - argparse's class does not have it
    return parser


def _with_everything(arguments: Sequence[str]) -> list[str]:
    """A bare --ignore-unsupported takes no value, so that FILE may follow it."""
    flag = "--ignore-unsupported"
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    flags = (f"{flag}={EVERYTHING}" if argument == flag else argument for argument in arguments[:end])
    return [*flags, *arguments[end:]]
