"""The command line: `python -m compiler.sender FILE` sends a message, and tells each recipient's status."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import compiler
from compiler.cli.arguments import UsageError
from compiler.cli.diagnostics import Sources, shown_diagnostics
from compiler.cli.inputs import files_of, inputs_of
from compiler.cli.terminal import has_colour, print_lines, read, reason, tell
from compiler.engine.codegen.tiering import chosen_backend
from compiler.json_io.control_characters import visible
from compiler.json_io.parse import parse_json
from compiler.sender.arguments import PROGRAM, given_arguments
from compiler.sender.errors import (
    Failure,
    NetworkError,
    NotCompiledError,
    RateLimitedError,
    SenderError,
    ServiceFailedError,
    SettingsError,
)
from compiler.sender.mailjet import MailjetSender
from compiler.sender.results import Receipt, Sending
from compiler.sender.retries import Retries
from compiler.sender.settings import API_KEY_NAMES, SECRET_KEY_NAMES

_SENT, _NOT_COMPILED, _USAGE, _REFUSED, _FAILED, _UNKNOWN, _INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_NO_KEY = "no-key-is-set-for-this-dry-run"

# Of these the same call, made later, may go through; of other errors of the service not.
_PASSING = (NetworkError, RateLimitedError, ServiceFailedError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit status."""
    try:
        given = given_arguments(sys.argv[1:] if arguments is None else arguments)
        if isinstance(given, argparse.Namespace):
            return _run(given)
        print_lines(given.rstrip("\n"))
        return _SENT
    except (UsageError, SettingsError, ImportError) as error:
        tell(f"{PROGRAM}: {error}")
        return _USAGE
    except KeyboardInterrupt:
        tell(f"{PROGRAM}: interrupted: what was being sent may have been accepted")
        return _INTERRUPTED


def _run(given: argparse.Namespace) -> int:
    try:
        chosen_backend()
        contents = {kind: read(name) for kind, name in files_of(given).items()}
    except (OSError, ValueError) as error:
        raise UsageError(reason(error)) from error
    inputs = inputs_of(given, contents, colour=has_colour(sys.stderr))
    with _sender(given) as sender:
        compiled = compiler.compile_text(inputs.content, options=inputs.options)
        _tell_diagnostics(compiled.warnings, inputs.sources)
        message, faults = parse_json(inputs.content)
        try:
            if faults:
                raise NotCompiledError(Failure("the file is no JSON that can be sent", diagnostics=compiled.errors))
            if given.dry_run:
                print_lines("\n\n".join(sender.shown(message, inputs.options)))
                return _SENT
            (sending,) = sender.send_many([message], inputs.options)
        except NotCompiledError as error:
            sending = Sending(0, error=error)
    for each in sending.errors:
        if each.diagnostics and isinstance(each, NotCompiledError):
            _tell_diagnostics(each.diagnostics, inputs.sources)
        else:
            tell(f"{PROGRAM}: {each}")
    try:
        if given.json:
            print_lines(json.dumps(sending.to_dict(), indent=2, ensure_ascii=False))
        elif sending.receipts:
            print_lines("\n".join(_lines(sending.receipts, inputs.options)))
    except UsageError as error:  # the status has to say what was sent all the same
        tell(f"{PROGRAM}: {error}")
    return status_of(sending)


def _sender(given: argparse.Namespace) -> MailjetSender:
    # A dry run needs no keys, for nobody gets to see them.
    api_key, secret_key = (
        _NO_KEY if given.dry_run and not any(os.environ.get(each) for each in variables) else None
        for variables in (API_KEY_NAMES, SECRET_KEY_NAMES)
    )
    return MailjetSender(
        api_key,
        secret_key,
        api_url=given.api_url,
        timeout=given.timeout,
        total_timeout=given.total_timeout,
        retries=None if given.no_retries else Retries(),
        allow_plain_http=given.allow_plain_http,
        debug=sys.stderr if given.debug else None,
    )


def _tell_diagnostics(diagnostics: Sequence[compiler.Diagnostic], sources: Sources) -> None:
    if diagnostics:
        tell("\n".join(shown_diagnostics(diagnostics, sources, colour=has_colour(sys.stderr))))


def _lines(receipts: Sequence[Receipt], options: Mapping[str, Any]) -> Iterator[str]:
    """A line for each recipient of each call: what is known of them, their address, and the id of their message."""
    for receipt in receipts:
        if receipt.result is not None:
            for each in receipt.result.recipients:
                yield f"{each['status']:<7}  {visible(each['email'])}  {each['message_id'] or ''}".rstrip()
            for each in receipt.result.unexpected:
                yield f"{each['status']:<7}  {visible(each['email'])}  {each['message_id']}  (not asked for)"
        elif receipt.error is not None:
            status = "unknown" if receipt.error.may_have_sent else "unsent"
            for email in _addressed(receipt, options):
                yield f"{status:<7}  {visible(email)}"


def _addressed(receipt: Receipt, options: Mapping[str, Any]) -> Iterator[str]:
    """Whom a call was for: those whom an answer that lists nobody leaves out."""
    answer = compiler.decode_response({"Sent": []}, message=receipt.message, options=options).output or {}
    return (each["email"] for each in answer.get("recipients", ()))


def status_of(sending: Sending) -> int:
    """The exit status for what became of a message."""
    if isinstance(sending.error, NotCompiledError):
        return _NOT_COMPILED
    results = [each.result for each in sending.receipts if each.result is not None]
    errors = sending.errors
    if any(each.may_have_sent for each in errors) or not all(each.sent_to_all for each in results):
        return _UNKNOWN
    if errors and results:
        return _UNKNOWN
    return max(map(_status_of_error, errors), default=_SENT)


def _status_of_error(error: SenderError) -> int:
    if isinstance(error, NotCompiledError):
        return _NOT_COMPILED
    return _FAILED if isinstance(error, _PASSING) else _REFUSED


if __name__ == "__main__":
    sys.exit(main())
