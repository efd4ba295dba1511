"""The arguments of `python -m compiler.sender`, and the help that teaches them."""

from __future__ import annotations

import argparse
import contextlib
import io
from collections.abc import Sequence

import compiler
from compiler.cli.arguments import Parser, add_options, with_everything
from compiler.sender.settings import DEFAULT_API_URL

PROGRAM = "python -m compiler.sender"

_EXAMPLES = f"""\
The keys come from the environment, never from the command line, where others could see them:
  MAILJET_API_KEY      the API key, also as MJ_APIKEY_PUBLIC
  MAILJET_SECRET_KEY   the secret key, also as MJ_APIKEY_PRIVATE
  MAILJET_API_URL      another URL than {DEFAULT_API_URL}

examples:
  %(prog)s message.json --dry-run
      the HTTP request that would be made, keys masked; nothing is sent
  %(prog)s message.json
      send it; a line for each recipient: status, address, message id
  %(prog)s - --json < message.json
      send what standard input has, and print everything as JSON
  %(prog)s message.json --debug
      send it, and write request and answer in full on stderr, keys masked
  python -m compiler.sender.emulator
      a service on this machine to try it with

exit status:
  0    sent to every recipient
  1    not compiled: the message has errors, and nothing was sent
  2    wrong usage or settings, or a file that cannot be read
  3    refused: nothing was sent, and the same again would be refused again
  4    failed: nothing was sent; the same again, later, may go through
  5    unknown, or sent to some only: look before you send it again
  130  interrupted
"""


def given_arguments(arguments: Sequence[str]) -> argparse.Namespace | str:
    """The arguments as values, or the text that --help or --version ask for. Raises UsageError."""
    asked = io.StringIO()
    with contextlib.redirect_stdout(asked):
        try:
            given = _parser().parse_args(with_everything(arguments))
        except SystemExit:
            return asked.getvalue()
    if given.file == "-" and given.defaults == "-":
        _parser().error("only one of FILE, --defaults can be standard input")
    if given.dry_run and given.json:
        _parser().error("--dry-run shows the HTTP request as text: leave --json out")
    return given


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=PROGRAM,
        description="Compile a normalized e-mail message (JSON), and send it by Mailjet's Send API v3.\n"
        "One for more recipients than a call may have is sent in several, where each gets a mail of their own.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="a message file; - for standard input")
    parser.add_argument("--dry-run", action="store_true", help="show the HTTP request, and send nothing")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument(
        "--debug", action="store_true", help="write requests and answers in full on stderr, keys masked"
    )
    add_options(parser, template_sender="the sender stored with the template; else it is looked up")
    parser.add_argument("--api-url", metavar="URL", help="another URL than the environment's")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=30.0,
        help="how long to wait for a connection, and then for each sign of the service (default: %(default)g)",
    )
    parser.add_argument(
        "--total-timeout",
        metavar="SECONDS",
        type=float,
        default=120.0,
        help="how long one call may take in all, however its answer drips (default: %(default)g)",
    )
    parser.add_argument(
        "--no-retries", action="store_true", help="make each call once, also where making it again would be safe"
    )
    parser.add_argument(
        "--allow-plain-http", action="store_true", help="allow http:// to another machine: everybody can read the keys"
    )
    parser.add_argument("--version", action="version", version=f"payload-compiler {compiler.__version__}")
    parser.set_defaults(document="message", message=None)  # what FILE holds, as compiler.cli.inputs knows it
    return parser
