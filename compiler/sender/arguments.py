"""The command-line arguments of `python -m compiler.sender`, and its help text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import compiler
from compiler.cli.arguments import Parser, add_options, expand_ignore_unsupported, parse_quietly
from compiler.sender.settings import API_URLS, DEFAULT_API_URL, DEFAULT_TARGET

PROGRAM = "python -m compiler.sender"

_EXAMPLES = f"""\
The keys are read from the environment, because other users can see the command line:
  MAILJET_API_KEY      the API key (or MJ_APIKEY_PUBLIC)
  MAILJET_SECRET_KEY   the secret key (or MJ_APIKEY_PRIVATE)
  MAILJET_API_URL      the API URL (default: {DEFAULT_API_URL}, or that of --target)

examples:
  %(prog)s message.json --dry-run
      show the HTTP request, keys masked, without sending it
  %(prog)s message.json
      send it, and print status, address and message id of each recipient
  %(prog)s - --json < message.json
      send the message on standard input, and print the result as JSON
  %(prog)s message.json --target mailjet-v3.1 --sandbox
      have Mailjet's Send API v3.1 check the message, and deliver nothing
  %(prog)s message.json --debug
      send it, and write request and response to stderr, keys masked
  python -m compiler.sender.emulator
      run a local Send API to try it with

exit status:
  0    sent to every recipient
  1    not compiled: the message has errors; nothing was sent
  2    invalid usage or settings, or a file that cannot be read
  3    rejected: nothing was sent; sending again would be rejected too
  4    failed: nothing was sent; sending again later may succeed
  5    unknown, or sent to some recipients only: check before sending again
  130  interrupted
"""


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace | str:
    """Parses the arguments; returns the text to print for --help and --version. Raises UsageError."""
    return parse_quietly(build_parser, expand_ignore_unsupported(arguments), _check)


def _check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    if args.file == "-" and args.defaults == "-":
        parser.error("only one of FILE and --defaults can be standard input")
    if args.dry_run and args.json:
        parser.error("--dry-run prints the HTTP request as text and cannot be combined with --json")


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = Parser(
        prog=PROGRAM,
        description="Compile a normalized e-mail message (JSON) and send it by Mailjet's Send API.\n"
        "A message for too many recipients is sent in several calls, if each recipient gets a separate mail.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="a message file; - for standard input")
    parser.add_argument("--dry-run", action="store_true", help="show the HTTP request without sending it")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--debug", action="store_true", help="write requests and responses to stderr, keys masked")
    add_options(parser, template_sender="the sender stored with the template (default: look it up)")
    parser.add_argument(
        "--target",
        metavar="NAME",
        choices=tuple(API_URLS),
        default=DEFAULT_TARGET,
        help=f"the version of the API: {' or '.join(API_URLS)} (default: %(default)s)",
    )
    parser.add_argument(
        "--sandbox", action="store_true", help="with mailjet-v3.1: the message is checked, and nothing is delivered"
    )
    parser.add_argument("--api-url", metavar="URL", help="the API URL (default: from the environment)")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=30.0,
        help="how long to wait for a connection and for each read (default: %(default)g)",
    )
    parser.add_argument(
        "--total-timeout",
        metavar="SECONDS",
        type=float,
        default=120.0,
        help="how long one call may take in total (default: %(default)g)",
    )
    parser.add_argument("--no-retries", action="store_true", help="make each call only once")
    parser.add_argument(
        "--allow-plain-http",
        action="store_true",
        help="allow http:// to another machine, which sends the keys unencrypted",
    )
    parser.add_argument("--version", action="version", version=f"payload-compiler {compiler.__version__}")
    parser.set_defaults(document="message", message=None)  # read by compiler.cli.inputs
    return parser
