"""The arguments of the command line, its help text, and shell completion."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import compiler
from compiler.pipeline.compile import DEFAULT_TARGET
from compiler.pipeline.targets import target_names

ALL_FEATURES = "*"
"""The value of --ignore-unsupported without a feature."""

DOCUMENTS = ("message", "events", "inbound", "response", "template")
"""The kinds of FILE: a message to compile, or a body to decode."""

# Flags that apply to some kinds of documents only.
_FLAG_APPLIES_TO = {
    "--ignore-unsupported": ("message", "response"),
    "--defaults": ("message", "response"),
    "--template-sender": ("message", "response"),
    "--message": ("response",),
    "--status-code": ("response", "template"),
    "--reason": ("response", "template"),
}
# Of these, the flags that need a message.
_MESSAGE_FLAGS = ("--ignore-unsupported", "--defaults", "--template-sender")

# Flags for many messages.
_BULK_FLAGS = ("--output", "--jobs", "--resume", "--overwrite", "--no-progress")
_BULK_SUFFIXES = (".jsonl", ".ndjson")

_SUCCESS = 200

# The arguments if only FILE is given. Building the parser would take longer than compiling a message.
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
      for each property of the payload: its rule, the reason, and the fields it comes from
  %(prog)s message.json --json
      the whole result as JSON: payload, errors, warnings, requirements; with --explain also the reasons
  %(prog)s message.json --ignore-unsupported
      drop every feature that the service does not support
  %(prog)s message.json --ignore-unsupported="multiple tags" --ignore-unsupported=send_at
      drop only these features
  %(prog)s message.json --defaults shop.json
      use defaults that apply to every message
  %(prog)s message.json --template-sender "Shop <orders@example.com>"
      name the sender that is stored with the template

many messages, one per line:
  %(prog)s messages.jsonl -o payloads.jsonl
      a payload or null on each line; diagnostics with line numbers and a summary on stderr
  %(prog)s messages.jsonl -o payloads.jsonl --jobs 0
      the same, with one process per available CPU
  %(prog)s messages.jsonl -o payloads.jsonl --resume
      continue an interrupted run, or compile lines that were added; payloads.jsonl.state.json records the progress
  zcat messages.jsonl.gz | %(prog)s - -o - | gzip > payloads.jsonl.gz
      from standard input to standard output

webhooks and responses of the service:
  %(prog)s webhook.json --as events
      the tracking events in the body of a webhook; --explain shows where each value comes from
  %(prog)s mail.json --as inbound
      the received message in the body of an inbound webhook
  %(prog)s response.json --as response --message message.json
      the status of each recipient of a message, from the response to it
  %(prog)s response.json --as response --status-code 500 --reason "Cannot convert data from Null value"
      why the call failed
  %(prog)s template.json --as template
      the sender stored with a template

payloads, and other services:
  %(prog)s decompile payload.json
      the message that compiles to a payload; decompile --help says more
  %(prog)s migrate payload.json --from mailjet-v3 --to mailjet-v3.1
      the payload for the other version of the API; migrate --help says more
  %(prog)s compare message.json
      a table of all services: which accept the message, and what is lost where; compare --help says more

schemas, for editors:
  %(prog)s schema --path
      the file of the JSON Schema of a message; schema --help lists the others

exit status:
  0  there is output             2  invalid usage, or a file that cannot be read or written
  1  there are errors            3  there is a payload, but it still needs something (see stderr)
With many messages: 1 if any line has errors, else 3 if any payload is incomplete, else 0; lines that --resume finds
completed count too. 130 or 143 if stopped by a signal.
"""


class UsageError(Exception):
    """The command cannot be run; the text explains why, on one or more lines."""


def program_name() -> str:
    """The name by which this command was called."""
    name = os.path.basename(sys.argv[0])
    return "python -m compiler" if name == "__main__.py" else name


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace | str:
    """Parses the arguments; returns the text to print for --help, --version and --print-completion.

    Raises UsageError.
    """
    if len(arguments) == 1 and (arguments[0] == "-" or not arguments[0].startswith("-")):
        args = argparse.Namespace(file=arguments[0], ignore_unsupported=[], **_DEFAULTS)
        if not is_bulk(args):
            return args
    return parse_quietly(lambda: build_parser(program_name()), expand_ignore_unsupported(arguments), _check)


def parse_quietly(
    build_parser: Callable[[], argparse.ArgumentParser],
    arguments: Sequence[str],
    check: Callable[[argparse.Namespace, argparse.ArgumentParser], None] = lambda _args, _parser: None,
) -> argparse.Namespace | str:
    """Parses the arguments by a parser and checks them; returns what the parser would print instead of ending."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            parser = build_parser()
            args = parser.parse_args(arguments)
            check(args, parser)
            return args
        except SystemExit:
            return output.getvalue()


def _check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Rejects flags that do not apply, and sets the default status code of a response."""
    for flag, documents in _FLAG_APPLIES_TO.items():
        if not _is_given(args, flag):
            continue
        if args.document not in documents:
            expected = " or ".join(f"--as {document}" for document in documents)
            parser.error(f"{flag} requires {expected}, got --as {args.document}")
        if args.document == "response" and flag in _MESSAGE_FLAGS and args.message is None:
            parser.error(f"{flag} applies to the message that was sent; add --message FILE")
    _check_bulk(args, parser)
    if args.document in _FLAG_APPLIES_TO["--status-code"] and args.status_code is None:
        args.status_code = _SUCCESS
    files = {"FILE": args.file, "--message": args.message, "--defaults": args.defaults}
    from_standard_input = [name for name, file in files.items() if file == "-"]
    if len(from_standard_input) > 1:
        parser.error(f"only one of {', '.join(from_standard_input)} can be standard input")


def is_bulk(args: argparse.Namespace) -> bool:
    """Whether FILE contains one message per line: by its suffix, or if it is standard input and --output is given."""
    if args.document != DOCUMENTS[0]:
        return False
    return args.file.endswith(_BULK_SUFFIXES) or (args.file == "-" and args.output is not None)


def _check_bulk(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    if not is_bulk(args):
        for flag in _BULK_FLAGS:
            if getattr(args, flag[2:].replace("-", "_")) not in (None, False):
                parser.error(f"{flag} requires one message per line, in FILE{_BULK_SUFFIXES[0]} or on standard input")
        return
    if args.explain:
        parser.error("--explain requires a file of one message")
    if args.jobs is None:
        args.jobs = 1
    if args.jobs < 0:
        parser.error(f"--jobs must be 0 (one process per CPU) or a positive integer, got {args.jobs}")
    if args.resume and args.overwrite:
        parser.error("--resume and --overwrite cannot be combined")
    if args.resume and args.output in (None, "-"):
        parser.error("--resume requires --output FILE")


def _is_given(args: argparse.Namespace, flag: str) -> bool:
    return getattr(args, flag[2:].replace("-", "_")) not in (None, [])


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError, with a reference to --help."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError."""
        from compiler.json_io.control_characters import escape_control_characters

        raise UsageError(
            f"{escape_control_characters(message)}\n{self.format_usage()}{self.prog} --help shows examples"
        )

    def describe_at_help(self, argument: argparse.Action, describe: Callable[[], str]) -> None:
        """Replaces the help of an argument by what takes time to find, only when the help is printed."""
        self._descriptions = {**getattr(self, "_descriptions", {}), argument.dest: (argument, describe)}

    def format_help(self) -> str:
        """The help."""
        for argument, describe in getattr(self, "_descriptions", {}).values():
            argument.help = describe()
        return super().format_help()


def describe_targets() -> str:
    """What can be given as a target."""
    return f"{', '.join(target_names())}, or a folder with your own rulesets"


class _PrintCompletion(argparse.Action):
    """Prints a completion script for a shell, with shtab, an optional dependency."""

    def __call__(self, parser: argparse.ArgumentParser, _: Any, shell: Any, flag: str | None = None) -> None:
        """Prints the script and exits."""
        try:
            import shtab
        except ImportError:
            raise UsageError(f"{flag} needs shtab: pip install 'payload-compiler[completion]'") from None
        completed = build_parser("payload-compiler", {"files": shtab.FILE, "folders": shtab.DIRECTORY})
        sys.stdout.write(shtab.complete(completed, shell))
        parser.exit()


def build_parser(name: str, completions: dict[str, Any] | None = None) -> argparse.ArgumentParser:
    """The parser of the command line; with `completions`, the kinds of files for completing its arguments."""
    parser = Parser(
        prog=name,
        description="Compile a normalized e-mail message (JSON) into the payload that a service expects, or decode\n"
        "what the service sends back. The service is Mailjet, by its Send API v3, unless --target names another.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    file = parser.add_argument(
        "file", metavar="FILE", help="a message, a body, or a .jsonl file of messages; - for standard input"
    )
    parser.add_argument(
        "--as",
        dest="document",
        choices=DOCUMENTS,
        default=DOCUMENTS[0],
        help="the kind of FILE: a message to compile, or the body of a tracking webhook, of an inbound webhook, of the "
        "response to a send, or of the response to a template request (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the whole result as JSON, errors included")
    parser.add_argument(
        "--explain", action="store_true", help="print where each value of the output comes from, instead of the output"
    )
    output = parser.add_argument(
        "-o", "--output", metavar="FILE", help="the output file for many messages (default: -, standard output)"
    )
    parser.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=int,
        help="the number of processes for many messages; 0 for one per CPU (default: 1)",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue an interrupted run, recorded in FILE.state.json next to the output; input and options must be "
        "the same",
    )
    parser.add_argument("--overwrite", action="store_true", help="overwrite an existing output file")
    parser.add_argument("--no-progress", action="store_true", help="do not show a progress bar on the terminal")
    defaults = add_options(parser, template_sender="the sender stored with the template")
    message = parser.add_argument(
        "--message", metavar="FILE", help="the message that was sent; a response is decoded for its recipients"
    )
    parser.add_argument(
        "--status-code", metavar="N", type=int, help=f"the HTTP status of the response (default: {_SUCCESS})"
    )
    parser.add_argument("--reason", metavar="TEXT", help="the reason phrase of the response's status line")
    target = parser.add_argument(
        "--target",
        metavar="NAME|DIR",
        default=DEFAULT_TARGET,
        help="the service: an installed target, which --help lists, or a folder with your own rulesets "
        "(default: %(default)s)",
    )
    parser.describe_at_help(target, lambda: f"the service: {describe_targets()} (default: %(default)s)")
    parser.add_argument("--version", action="version", version=f"payload-compiler {compiler.__version__}")
    parser.add_argument(
        "--print-completion",
        metavar="SHELL",
        choices=_SHELLS,
        action=_PrintCompletion,
        help=f"print a completion script for payload-compiler, for {', '.join(_SHELLS[:-1])} or {_SHELLS[-1]}",
    )
    if completions is not None:  # shtab reads these attributes
        kinds = {file: "files", output: "files", defaults: "files", message: "files", target: "folders"}
        for action, kind in kinds.items():
            setattr(action, "complete", completions[kind])  # noqa: B010 - argparse's class does not have it
    return parser


def add_ignore_unsupported(parser: argparse.ArgumentParser) -> None:
    """Adds the flag for the features to drop."""
    parser.add_argument(
        "--ignore-unsupported",
        metavar="FEATURE",
        nargs="?",
        action="append",
        default=[],
        help="drop this feature if the service does not support it; without =FEATURE, drop all that can be dropped",
    )


def add_options(parser: argparse.ArgumentParser, *, template_sender: str) -> argparse.Action:
    """Adds the compiler's options as flags; returns the action of --defaults."""
    add_ignore_unsupported(parser)
    defaults = parser.add_argument(
        "--defaults", metavar="FILE", help="a JSON file with default fields for every message"
    )
    parser.add_argument("--template-sender", metavar="ADDRESS", help=template_sender)
    return defaults


def expand_ignore_unsupported(arguments: Sequence[str]) -> list[str]:
    """Gives a bare --ignore-unsupported a value, so that FILE may follow it."""
    flag = "--ignore-unsupported"
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    flags = (f"{flag}={ALL_FEATURES}" if argument == flag else argument for argument in arguments[:end])
    return [*flags, *arguments[end:]]
