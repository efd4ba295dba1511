"""The command line: `python -m compiler.sender.emulator` runs the emulator until it is interrupted."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import compiler
from compiler.cli.arguments import Parser, UsageError
from compiler.cli.terminal import print_lines, read, reason, tell
from compiler.sender.emulator import FAULTS
from compiler.sender.emulator.state import KEEP

_PROGRAM = "python -m compiler.sender.emulator"

_STOPPED, _USAGE = 0, 2

_EXAMPLES = f"""\
examples:
  %(prog)s
      at http://127.0.0.1:8025/v3; it prints what an application has to be told
  %(prog)s --port 0 --templates templates.json
      at any port that is free, with stored templates, by their ids:
      {{"176375": {{"Headers": {{"From": "Shop <shop@example.com>"}}}}}}
  %(prog)s --webhook http://mailjet:PASSWORD@127.0.0.1:8000/mailjet/events
      post the tracking events that deliveries cause to an application

while it runs, at the same port:
  curl http://127.0.0.1:8025/emulator/messages
      what it received; the same for people in a browser, at http://127.0.0.1:8025/
  curl http://127.0.0.1:8025/emulator/faults --json '{{"faults": ["stall", "rate-limited"]}}'
      let the next calls go wrong, one after the other
  curl http://127.0.0.1:8025/emulator/refuse --json '{{"seconds": 5}}'
      take no connections for a while
  curl http://127.0.0.1:8025/emulator/events --json '{{"message": 1, "recipient": "a@example.com", "event": "click"}}'
      let a recipient do something, and post the event to the webhook
  curl http://127.0.0.1:8025/emulator/clear --request POST
      forget what was received

faults:
{chr(10).join(f"  {name:<19}{doc}" for name, doc in FAULTS.items())}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit status."""
    try:
        given = _parse_arguments(sys.argv[1:] if arguments is None else arguments)
        if isinstance(given, str):
            print_lines(given.rstrip("\n"))
            return _STOPPED
        return _run(given)
    except (UsageError, ImportError, OSError, ValueError) as error:
        tell(f"{_PROGRAM}: {error if isinstance(error, UsageError) else reason(error)}")
        return _USAGE
    except KeyboardInterrupt:
        return _STOPPED


def _run(given: argparse.Namespace) -> int:
    from compiler.sender.emulator import Emulator  # lazily, so that its help needs nothing

    templates = {} if given.templates is None else _parse_templates(read(given.templates))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with Emulator(
        given.host,
        given.port,
        api_key=given.api_key,
        secret_key=given.secret_key,
        templates=templates,
        webhook=given.webhook,
        grouped=not given.single_events,
        keep=given.keep,
    ) as emulator:
        print_lines(
            "An application finds this emulator of Mailjet's Send API v3 by\n"
            f"  export MAILJET_API_URL={emulator.url}\n"
            f"  export MAILJET_API_KEY={emulator.api_key}\n"
            f"  export MAILJET_SECRET_KEY={emulator.secret_key}\n"
            f"What it received is shown at {emulator.page_url}"
        )
        stopped.wait()
    return _STOPPED


def _parse_templates(content: bytes) -> Mapping[str, Mapping[str, Any]]:
    try:
        templates = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the templates are no JSON: {error}") from None
    if not isinstance(templates, dict) or not all(isinstance(each, dict) for each in templates.values()):
        raise ValueError("the templates should be an object, of an object for each template's id")
    return templates


def _parse_arguments(arguments: Sequence[str]) -> argparse.Namespace | str:
    parser = Parser(
        prog=_PROGRAM,
        description="Emulate Mailjet's Send API v3 on this machine, to develop and test an application against.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="a name or address of this machine itself (default: %(default)s)"
    )
    parser.add_argument("--port", type=_port, default=8025, help="0 for any that is free (default: %(default)s)")
    parser.add_argument("--api-key", default="emulator-api-key", help="(default: %(default)s)")
    parser.add_argument("--secret-key", default="emulator-secret-key", help="(default: %(default)s)")
    parser.add_argument("--templates", metavar="FILE", help="stored templates, a JSON object by their ids")
    parser.add_argument("--webhook", metavar="URL", help="a tracking webhook on this machine")
    parser.add_argument("--single-events", action="store_true", help="post each event alone, not in lists")
    parser.add_argument(
        "--keep",
        metavar="N",
        type=_count,
        default=KEEP,
        help="keep the newest N messages, of 256 MiB in all at most (default: %(default)s)",
    )
    parser.add_argument("--version", action="version", version=f"payload-compiler {compiler.__version__}")
    asked = io.StringIO()
    with contextlib.redirect_stdout(asked):
        try:
            return parser.parse_args(arguments)
        except SystemExit:
            return asked.getvalue()


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise argparse.ArgumentTypeError(f"N must be 1 or more, got {text!r}")
    return int(text)


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
    if not 0 <= port < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


if __name__ == "__main__":
    sys.exit(main())
