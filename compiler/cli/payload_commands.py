"""The commands `decompile` and `migrate`: they read a payload and print messages, or payloads of another target."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import compiler
from compiler.cli.arguments import (
    Parser,
    UsageError,
    add_ignore_unsupported,
    describe_targets,
    expand_ignore_unsupported,
    parse_quietly,
    program_name,
)
from compiler.cli.terminal import describe_error, print_lines, print_stderr, read, supports_color
from compiler.pipeline.compile import DEFAULT_TARGET
from compiler.pipeline.targets import find_target

_OUTPUT, _ERRORS, _UNMET = 0, 1, 3

_DECOMPILE_EXAMPLES = """\
examples:
  %(prog)s payload.json
      the message that compiles to this payload; a list, if there are several
  %(prog)s payload.json --target mailjet-v3.1
      the same, for a payload of another service
  %(prog)s payload.json --lines > messages.jsonl
      one message per line, as FILE.jsonl of python -m compiler

exit status: 0 there are messages, 1 there are errors, 2 invalid usage
"""

_MIGRATE_EXAMPLES = """\
examples:
  %(prog)s payload.json
      the payload of Mailjet's Send API v3.1 that means the same as this one of v3; a list, if there are several
  %(prog)s payload.json --from mailjet-v3.1 --to mailjet-v3
      the other way round
  %(prog)s payload.json --ignore-unsupported="reserved header"
      leave out what the other service does not support; without =FEATURE, all that can be left out
  %(prog)s payload.json --lines
      one payload per line

exit status:
  0  there are payloads          2  invalid usage, or a file that cannot be read
  1  there are errors            3  there are payloads, but one still needs something (see stderr)
"""


def run(arguments: Sequence[str]) -> int:
    """Runs the command that the first argument names, and returns its exit status. Raises UsageError."""
    command, *rest = arguments
    is_decompiling = command == "decompile"
    build_parser = build_decompile_parser if is_decompiling else build_migrate_parser
    args = parse_quietly(build_parser, expand_ignore_unsupported(rest))
    if isinstance(args, str):
        print_lines(args.rstrip("\n"))
        return _OUTPUT
    from compiler.cli.inputs import parse_inputs

    color = supports_color(sys.stderr)
    try:
        inputs = parse_inputs(args, {"file": read(args.file)}, color=color)
        result: compiler.Result[Any] = (
            compiler.decompile(inputs.content, find_target(args.target))
            if is_decompiling
            else compiler.migrate(inputs.content, find_target(args.source), find_target(args.target), inputs.options)
        )
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(describe_error(error)) from error
    if args.json or (result.ok and (result.output or not args.lines)):
        print_lines(_format_output(args, result))
    if result.errors or result.warnings or result.requires:
        from compiler.cli.diagnostics import format_result

        print_stderr(format_result(result, inputs.sources, color=color))
    return _ERRORS if not result.ok else _UNMET if result.requires else _OUTPUT


def _format_output(args: argparse.Namespace, result: compiler.Result[list[Any]]) -> str:
    if args.json:
        return json.dumps(result.to_dict(), indent=2, ensure_ascii=False)
    output = result.output or []
    if args.lines:
        return "\n".join(json.dumps(each, ensure_ascii=False) for each in output)
    return json.dumps(output[0] if len(output) == 1 else output, indent=2, ensure_ascii=False)


def build_decompile_parser() -> argparse.ArgumentParser:
    """The parser of `decompile`."""
    parser = _build_parser("decompile", "Print the messages that compile to a payload.", _DECOMPILE_EXAMPLES)
    _add_target(parser, "--target", "target", DEFAULT_TARGET, "the service that the payload is for")
    return parser


def build_migrate_parser() -> argparse.ArgumentParser:
    """The parser of `migrate`."""
    description = "Print the payloads for another service, or another version of its API, that mean the same."
    parser = _build_parser("migrate", description, _MIGRATE_EXAMPLES)
    _add_target(parser, "--from", "source", "mailjet-v3", "the service that the payload is for")
    _add_target(parser, "--to", "target", "mailjet-v3.1", "the service to migrate to")
    add_ignore_unsupported(parser)
    parser.add_argument("--template-sender", metavar="ADDRESS", help="the sender stored with the template")
    return parser


def _build_parser(command: str, description: str, examples: str) -> Parser:
    parser = Parser(
        prog=f"{program_name()} {command}",
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="PAYLOAD", help="a file with a payload; - for standard input")
    # What compiler.cli.inputs reads.
    parser.set_defaults(document="payload", message=None, defaults=None, template_sender=None, ignore_unsupported=[])
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print the whole result as JSON, errors included")
    forms.add_argument("--lines", action="store_true", help="print each item on a line (JSON Lines)")
    return parser


def _add_target(parser: Parser, flag: str, name: str, default: str, meaning: str) -> None:
    argument = parser.add_argument(
        flag,
        dest=name,
        metavar="NAME|DIR",
        default=default,
        help=f"{meaning}: an installed target, or a folder with your own rulesets (default: %(default)s)",
    )
    parser.describe_at_help(argument, lambda: f"{meaning}: {describe_targets()} (default: %(default)s)")
