"""The command line: `python -m compiler.sender.emulator` runs the emulator until it is interrupted."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import compiler
from compiler.cli.arguments import Parser, UsageError, parse_quietly
from compiler.cli.terminal import describe_error, print_lines, print_stderr, read
from compiler.sender.emulator import FAULTS
from compiler.sender.emulator.state import KEEP

_PROGRAM = "python -m compiler.sender.emulator"

_STOPPED, _USAGE = 0, 2

_EXAMPLES = f"""\
examples:
  %(prog)s
      run it at http://127.0.0.1:8025/v3; it prints the settings for an application
  %(prog)s --port 0 --templates templates.json
      use any free port, with stored templates by id:
      {{"176375": {{"Headers": {{"From": "Shop <shop@example.com>"}}}}}}
  %(prog)s --webhook http://mailjet:PASSWORD@127.0.0.1:8000/anymail/mailjet/tracking/
      post the tracking events of deliveries to an application

while it runs, at the same port:
  curl http://127.0.0.1:8025/emulator/messages
      list the received messages; in a browser, open http://127.0.0.1:8025/
  curl http://127.0.0.1:8025/emulator/faults --json '{{"faults": ["stall", "rate-limited"]}}'
      inject faults into the next calls, one for each call
  curl http://127.0.0.1:8025/emulator/refuse --json '{{"seconds": 5}}'
      refuse connections for some seconds
  curl http://127.0.0.1:8025/emulator/events --json '{{"message": 1, "recipient": "a@example.com", "event": "click"}}'
      post an event of a recipient to the webhook
  curl http://127.0.0.1:8025/emulator/clear --request POST
      delete the received messages

faults:
{chr(10).join(f"  {name:<21}{doc}" for name, doc in FAULTS.items())}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    try:
        args = parse_quietly(build_parser, sys.argv[1:] if arguments is None else arguments)
        if isinstance(args, str):
            print_lines(args.rstrip("\n"))
            return _STOPPED
        return _run(args)
    except (UsageError, ImportError, OSError, ValueError) as error:
        print_stderr(f"{_PROGRAM}: {error if isinstance(error, UsageError) else describe_error(error)}")
        return _USAGE
    except KeyboardInterrupt:
        return _STOPPED


def _run(args: argparse.Namespace) -> int:
    from compiler.sender.emulator import Emulator  # imported late, so that --help needs no extra

    templates = {} if args.templates is None else _parse_templates(read(args.templates))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with Emulator(
        args.host,
        args.port,
        api_key=args.api_key,
        secret_key=args.secret_key,
        templates=templates,
        webhook=args.webhook,
        grouped=not args.single_events,
        keep=args.keep,
    ) as emulator:
        print_lines(
            "Emulator of Mailjet's Send API v3 and v3.1. To use it, set\n"
            f"  export MAILJET_API_URL={emulator.url}  # or for v3.1 {emulator.url_v3_1}\n"
            f"  export MAILJET_API_KEY={emulator.api_key}\n"
            f"  export MAILJET_SECRET_KEY={emulator.secret_key}\n"
            f"Received messages: {emulator.page_url}"
        )
        stopped.wait()
    return _STOPPED


def _parse_templates(content: bytes) -> Mapping[str, Mapping[str, Any]]:
    try:
        templates = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the templates are not valid JSON: {error}") from None
    if not isinstance(templates, dict) or not all(isinstance(template, dict) for template in templates.values()):
        raise ValueError("the templates must be a JSON object of objects by template id")
    return templates


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = Parser(
        prog=_PROGRAM,
        description="Emulate Mailjet's Send API, v3 and v3.1, on this machine, to develop and test applications.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback name or address (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8025, help="0 for any free port (default: %(default)s)")
    parser.add_argument("--api-key", default="emulator-api-key", help="(default: %(default)s)")
    parser.add_argument("--secret-key", default="emulator-secret-key", help="(default: %(default)s)")
    parser.add_argument("--templates", metavar="FILE", help="a JSON object of stored templates by id")
    parser.add_argument("--webhook", metavar="URL", help="post tracking events to this URL on this machine")
    parser.add_argument("--single-events", action="store_true", help="post each event separately instead of in lists")
    parser.add_argument(
        "--keep",
        metavar="N",
        type=_count,
        default=KEEP,
        help="keep the newest N messages, at most 256 MiB in total (default: %(default)s)",
    )
    parser.add_argument("--version", action="version", version=f"payload-compiler {compiler.__version__}")
    return parser


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise argparse.ArgumentTypeError(f"N must be at least 1, got {text!r}")
    return int(text)


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
    if not 0 <= port < 65536:
        raise argparse.ArgumentTypeError(f"PORT must be an integer from 0 to 65535, got {text!r}")
    return port


if __name__ == "__main__":
    sys.exit(main())
