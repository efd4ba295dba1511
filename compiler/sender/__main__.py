"""The command line: `python -m compiler.sender FILE` sends a message and prints each recipient's status."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import compiler
from compiler.cli.arguments import UsageError
from compiler.cli.diagnostics import Sources, format_diagnostics
from compiler.cli.inputs import input_files, parse_inputs
from compiler.cli.terminal import describe_error, print_lines, print_stderr, read, supports_color
from compiler.json_io.control_characters import escape_control_characters
from compiler.json_io.parse import parse_json
from compiler.sender.arguments import PROGRAM, parse_arguments
from compiler.sender.errors import (
    Failure,
    NetworkError,
    NotCompiledError,
    RateLimitedError,
    SenderError,
    ServerError,
    SettingsError,
)
from compiler.sender.mailjet import MailjetSender
from compiler.sender.results import BulkSendResult, Receipt
from compiler.sender.retries import Retries
from compiler.sender.settings import API_KEY_NAMES, SECRET_KEY_NAMES

_SENT, _NOT_COMPILED, _USAGE, _REJECTED, _FAILED, _UNKNOWN, _INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_DRY_RUN_KEY = "no-key-is-set-for-this-dry-run"

# A response that lists no recipient, of each target.
_EMPTY_RESPONSES: Mapping[str, Any] = {"mailjet-v3": {"Sent": []}, "mailjet-v3.1": {"Messages": []}}

# Errors after which the same call may succeed later.
_RETRYABLE_ERRORS = (NetworkError, RateLimitedError, ServerError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    try:
        args = parse_arguments(sys.argv[1:] if arguments is None else arguments)
        if isinstance(args, argparse.Namespace):
            return _run(args)
        print_lines(args.rstrip("\n"))
        return _SENT
    except (UsageError, SettingsError, ImportError) as error:
        print_stderr(f"{PROGRAM}: {error}")
        return _USAGE
    except KeyboardInterrupt:
        print_stderr(f"{PROGRAM}: interrupted; the current message may have been accepted")
        return _INTERRUPTED


def _run(args: argparse.Namespace) -> int:
    try:
        contents = {kind: read(name) for kind, name in input_files(args).items()}
    except (OSError, ValueError) as error:
        raise UsageError(describe_error(error)) from error
    inputs = parse_inputs(args, contents, color=supports_color(sys.stderr))
    with _sender(args) as sender:
        compiled: compiler.Result = compiler.compile_text(inputs.content, args.target, inputs.options)
        _print_diagnostics(compiled.warnings, inputs.sources)
        message, faults = parse_json(inputs.content)
        try:
            if faults:
                raise NotCompiledError(Failure("the file is not a valid JSON message", diagnostics=compiled.errors))
            if args.dry_run:
                print_lines("\n\n".join(sender.preview(message, inputs.options)))
                return _SENT
            (result,) = sender.send_many([message], inputs.options)
        except NotCompiledError as error:
            result = BulkSendResult(0, error=error)
    for send_error in result.errors:
        if send_error.diagnostics and isinstance(send_error, NotCompiledError):
            _print_diagnostics(send_error.diagnostics, inputs.sources)
        else:
            print_stderr(f"{PROGRAM}: {send_error}")
    try:
        if args.json:
            print_lines(json.dumps(result.to_dict(), indent=2, ensure_ascii=False))
        elif result.receipts:
            if args.sandbox:
                print_stderr(f"{PROGRAM}: in the sandbox, so nothing is delivered")
            print_lines("\n".join(_lines(result.receipts, inputs.options, args.target)))
    except UsageError as error:  # the exit status must still say what was sent
        print_stderr(f"{PROGRAM}: {error}")
    return exit_status(result)


def _sender(args: argparse.Namespace) -> MailjetSender:
    # A dry run needs no keys, because they are masked.
    api_key, secret_key = (
        _DRY_RUN_KEY if args.dry_run and not any(os.environ.get(variable) for variable in variables) else None
        for variables in (API_KEY_NAMES, SECRET_KEY_NAMES)
    )
    return MailjetSender(
        api_key,
        secret_key,
        api_url=args.api_url,
        target=args.target,
        sandbox=args.sandbox,
        timeout=args.timeout,
        total_timeout=args.total_timeout,
        retries=None if args.no_retries else Retries(),
        allow_plain_http=args.allow_plain_http,
        debug=sys.stderr if args.debug else None,
    )


def _print_diagnostics(diagnostics: Sequence[compiler.Diagnostic], sources: Sources) -> None:
    if diagnostics:
        print_stderr("\n".join(format_diagnostics(diagnostics, sources, color=supports_color(sys.stderr))))


def _lines(receipts: Sequence[Receipt], options: Mapping[str, Any], target: str) -> Iterator[str]:
    """A line for each recipient of each call: status, address, and message id or errors."""
    for receipt in receipts:
        if receipt.result is not None:
            for recipient in receipt.result.recipients:
                yield _recipient_line(recipient).rstrip()
            for recipient in receipt.result.unexpected:
                yield f"{_recipient_line(recipient)}  (not requested)"
        elif receipt.error is not None:
            status = "unknown" if receipt.error.may_have_sent else "unsent"
            for email in _recipient_addresses(receipt, options, target):
                yield f"{status:<7}  {escape_control_characters(email)}"


def _recipient_line(recipient: Mapping[str, Any]) -> str:
    errors = ", ".join(f"{each['code'] or 'error'}: {each['message']}" for each in recipient.get("errors", ()))
    email, more = map(escape_control_characters, (recipient["email"], recipient["message_id"] or errors))
    return f"{recipient['status']:<7}  {email}  {more}"


def _recipient_addresses(receipt: Receipt, options: Mapping[str, Any], target: str) -> Iterator[str]:
    """The addresses of the recipients of a call, by decoding a response that lists none of them."""
    body = _EMPTY_RESPONSES[target]
    decoded = compiler.decode_response(body, message=receipt.message, options=options, target=target).output
    return (recipient["email"] for recipient in (decoded["recipients"] if decoded else ()))


def exit_status(result: BulkSendResult) -> int:
    """The exit status for the result of a message."""
    if isinstance(result.error, NotCompiledError):
        return _NOT_COMPILED
    results = [receipt.result for receipt in result.receipts if receipt.result is not None]
    errors = result.errors
    if any(error.may_have_sent for error in errors) or not all(sent.sent_to_all for sent in results):
        return _UNKNOWN
    if errors and results:
        return _UNKNOWN
    return max(map(_error_exit_status, errors), default=_SENT)


def _error_exit_status(error: SenderError) -> int:
    if isinstance(error, NotCompiledError):
        return _NOT_COMPILED
    return _FAILED if isinstance(error, _RETRYABLE_ERRORS) else _REJECTED


if __name__ == "__main__":
    sys.exit(main())
