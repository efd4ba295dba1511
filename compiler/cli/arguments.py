"""The arguments of the command line: what may be given, the help that teaches it, and completion for shells.

What is done with the arguments is the business of `__main__`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import compiler
from compiler.pipeline.compile import DEFAULT_TARGET
from compiler.pipeline.targets import target_names

ALL_FEATURES = "*"
"""What --ignore-unsupported holds where it was given without a feature."""

DOCUMENTS = ("message", "events", "inbound", "response", "template")
"""What FILE can hold: a message to compile, or a body to decode."""

# Flags that say something of some documents only.
_FLAG_APPLIES_TO = {
    "--ignore-unsupported": ("message", "response"),
    "--defaults": ("message", "response"),
    "--template-sender": ("message", "response"),
    "--message": ("response",),
    "--status-code": ("response", "template"),
    "--reason": ("response", "template"),
}
# Of these, the flags that are about a message, and so need one.
_MESSAGE_FLAGS = ("--ignore-unsupported", "--defaults", "--template-sender")

# Flags of many messages.
_BULK_FLAGS = ("--output", "--jobs", "--resume", "--overwrite", "--no-progress")
_BULK_SUFFIXES = (".jsonl", ".ndjson")

_SUCCESS = 200

# What a parser makes of FILE alone. To make the parser takes longer than to compile a message.
_DEFAULTS = {
    "document": DOCUMENTS[0],
    "json": False,
    "explain": False,
    "output": None,
    "jobs": None,
    "resume": False,
    "overwrite": False,
    "no_progress": False,
    "defaults": None,
    "template_sender": None,
    "message": None,
    "status_code": None,
    "reason": None,
    "target": DEFAULT_TARGET,
    "print_completion": None,
}

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

many messages, one in each line:
  %(prog)s messages.jsonl -o payloads.jsonl
      a payload in each line, or null; diagnostics with line numbers on stderr, and a summary
  %(prog)s messages.jsonl -o payloads.jsonl --jobs 0
      the same, with as many processes as there are processors
  %(prog)s messages.jsonl -o payloads.jsonl --resume
      go on where it stopped, or with the lines that were added; payloads.jsonl.state.json says what is done
  zcat messages.jsonl.gz | %(prog)s - -o - | gzip > payloads.jsonl.gz
      from standard input to standard output

what the service sends back:
  %(prog)s webhook.json --as events
      the tracking events in the body of a webhook; with --explain also what each value is made of
  %(prog)s mail.json --as inbound
      the received message in the body of an inbound webhook
  %(prog)s answer.json --as response --message message.json
      what became of a message for each of its recipients, by the answer to it
  %(prog)s answer.json --as response --status-code 500 --reason "Cannot convert data from Null value"
      why a call failed
  %(prog)s template.json --as template
      the sender stored with a template

exit status:
  0  there is output             2  wrong usage, or a file that cannot be read or written
  1  there are errors instead    3  there is a payload, but it still needs something (told on stderr)
of many messages the first of 1, 3 and 0 that holds for any of them, also for those that --resume finds done;
130 and 143 when stopped by a signal
"""


class UsageError(Exception):
    """What was asked for cannot be done: the text says why, in one or more lines."""


def program() -> str:
    """How this command was called."""
    name = os.path.basename(sys.argv[0])
    return "python -m compiler" if name == "__main__.py" else name


def parse(arguments: Sequence[str]) -> argparse.Namespace | str:
    """The arguments as values, or the text that --help, --version or --print-completion ask for.

    Raises UsageError where they are wrong.
    """
    if len(arguments) == 1 and (arguments[0] == "-" or not arguments[0].startswith("-")):
        alone = argparse.Namespace(file=arguments[0], ignore_unsupported=[], **_DEFAULTS)
        if not is_bulk(alone):
            return alone
    asked = io.StringIO()
    with contextlib.redirect_stdout(asked):
        try:
            parser = _parser(program())
            args = parser.parse_args(expand_ignore_unsupported(arguments))
            _check(args, parser)
            return args
        except SystemExit:
            return asked.getvalue()


def _check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Refuses flags that would do nothing, and settles what an answer's status code is where none is args."""
    for flag, documents in _FLAG_APPLIES_TO.items():
        if not _is_given(args, flag):
            continue
        if args.document not in documents:
            belongs = " or ".join(f"--as {each}" for each in documents)
            parser.error(f"{flag} belongs to {belongs}, not to --as {args.document}")
        if args.document == "response" and flag in _MESSAGE_FLAGS and args.message is None:
            parser.error(f"{flag} is about the message that was sent: give that as --message FILE")
    _check_many(args, parser)
    if args.document in _FLAG_APPLIES_TO["--status-code"] and args.status_code is None:
        args.status_code = _SUCCESS
    files = {"FILE": args.file, "--message": args.message, "--defaults": args.defaults}
    from_standard_input = [name for name, file in files.items() if file == "-"]
    if len(from_standard_input) > 1:
        parser.error(f"only one of {', '.join(from_standard_input)} can be standard input")


def is_bulk(args: argparse.Namespace) -> bool:
    """Whether FILE holds many messages, a line each: its name says so, or it is standard input beside --output."""
    if args.document != DOCUMENTS[0]:
        return False
    return args.file.endswith(_BULK_SUFFIXES) or (args.file == "-" and args.output is not None)


def _check_many(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    if not is_bulk(args):
        for flag in _BULK_FLAGS:
            if getattr(args, flag[2:].replace("-", "_")) not in (None, False):
                parser.error(
                    f"{flag} is for many messages, one in each line of FILE{_BULK_SUFFIXES[0]} or of standard input"
                )
        return
    if args.explain:
        parser.error("--explain is for one message")
    if args.jobs is None:
        args.jobs = 1
    if args.jobs < 0:
        parser.error("--jobs is a number of processes, or 0 for as many as there are processors")
    if args.resume and args.overwrite:
        parser.error("--resume goes on with the output, --overwrite begins it anew: only one of them can be")
    if args.resume and args.output in (None, "-"):
        parser.error("--resume goes on with a file: give it as --output FILE")


def _is_given(args: argparse.Namespace, flag: str) -> bool:
    return getattr(args, flag[2:].replace("-", "_")) not in (None, [])


class Parser(argparse.ArgumentParser):
    """A parser whose errors say where to read on."""

    def error(self, message: str) -> NoReturn:
        """Refuses what was asked for."""
        from compiler.json_io.control_characters import escape_control_characters

        raise UsageError(
            f"{escape_control_characters(message)}\n{self.format_usage()}{self.prog} --help shows examples"
        )


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
    parser = Parser(
        prog=name,
        description="Compile a normalized e-mail message (JSON) into the payload that Mailjet's Send API v3 expects, "
        "or decode what Mailjet sends back.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    file = parser.add_argument(
        "file", metavar="FILE", help="a message file, a body, or a .jsonl file of messages; - for standard input"
    )
    parser.add_argument(
        "--as",
        dest="document",
        choices=DOCUMENTS,
        default=DOCUMENTS[0],
        help="what FILE holds: a message to compile, or the body of a tracking webhook, of an inbound webhook, of the "
        "answer to a send, or of the answer to a question for a template (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the whole result as JSON, errors included")
    parser.add_argument(
        "--explain", action="store_true", help="print why each value of the output is there, instead of the output"
    )
    output = parser.add_argument(
        "-o", "--output", metavar="FILE", help="where the payloads of many messages go (default: -, standard output)"
    )
    parser.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=int,
        help="processes that share the work of many messages; 0 for as many as there are processors (default: 1)",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with an output, by the record FILE.state.json beside it; input and options must be those of before",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="compile everything again, in the place of what an output holds"
    )
    parser.add_argument("--no-progress", action="store_true", help="no progress bar on the terminal")
    defaults = add_options(parser, template_sender="the sender stored with the template")
    message = parser.add_argument(
        "--message", metavar="FILE", help="the message that was sent, for whose recipients a response is read"
    )
    parser.add_argument(
        "--status-code", metavar="N", type=int, help=f"the HTTP status of an answer (default: {_SUCCESS})"
    )
    parser.add_argument("--reason", metavar="TEXT", help="the reason phrase of an answer's status line")
    target = parser.add_argument(
        "--target",
        metavar="NAME|DIR",
        default=DEFAULT_TARGET,
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
        kinds = {file: "files", output: "files", defaults: "files", message: "files", target: "folders"}
        for action, kind in kinds.items():
            setattr(action, "complete", completions[kind])  # noqa: B010 - argparse's class does not have it
    return parser


def add_options(parser: argparse.ArgumentParser, *, template_sender: str) -> argparse.Action:
    """The compiler's options as flags; gives that of the defaults, which takes a file."""
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
    parser.add_argument("--template-sender", metavar="ADDRESS", help=template_sender)
    return defaults


def expand_ignore_unsupported(arguments: Sequence[str]) -> list[str]:
    """A bare --ignore-unsupported takes no value, so that FILE may follow it."""
    flag = "--ignore-unsupported"
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    flags = (f"{flag}={ALL_FEATURES}" if argument == flag else argument for argument in arguments[:end])
    return [*flags, *arguments[end:]]
