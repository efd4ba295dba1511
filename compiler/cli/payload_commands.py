"""The commands `decompile` and `migrate`: they read a payload and print messages, or payloads of another target."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import compiler
from compiler.cli.arguments import (
    ALL_FEATURES,
    Parser,
    UsageError,
    describe_targets,
    expand_ignore_unsupported,
    parse_quietly,
    program_name,
)
from compiler.cli.terminal import describe_error, print_lines, print_stderr, read, supports_color
from compiler.pipeline.compile import DEFAULT_TARGET
from compiler.pipeline.targets import find_target

if TYPE_CHECKING:
    from compiler.cli.diagnostics import Source

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
    try:
        content = read(args.file)
        result: compiler.Result[list[Any]] = _decompile(args, content) if is_decompiling else _migrate(args, content)
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(describe_error(error)) from error
    if args.json or (result.ok and (result.output or not args.lines)):
        print_lines(_format_output(args, result))
    if result.errors or result.warnings or result.requires:
        from compiler.cli.diagnostics import Source, Sources, format_result
        from compiler.cli.source_text import SourceText

        name = "standard input" if args.file == "-" else args.file
        sources = Sources(None, template_sender=_sender_source(args), body=Source(name, SourceText(content)))
        print_stderr(format_result(result, sources, color=supports_color(sys.stderr)))
    return _ERRORS if not result.ok else _UNMET if result.requires else _OUTPUT


def _decompile(args: argparse.Namespace, content: bytes) -> compiler.Result[Any]:
    return compiler.decompile(content, find_target(args.target))


def _migrate(args: argparse.Namespace, content: bytes) -> compiler.Result[Any]:
    options: dict[str, Any] = {}
    if args.ignore_unsupported:
        options["ignore_unsupported_features"] = ALL_FEATURES in args.ignore_unsupported or args.ignore_unsupported
    if args.template_sender is not None:
        options["template_sender"] = args.template_sender
    return compiler.migrate(content, find_target(args.source), find_target(args.target), options)


def _sender_source(args: argparse.Namespace) -> Source | None:
    from compiler.cli.diagnostics import Source
    from compiler.cli.source_text import SourceText

    sender: str | None = getattr(args, "template_sender", None)
    return None if sender is None else Source("--template-sender", SourceText(sender), is_flag=True)


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
    parser.add_argument(
        "--ignore-unsupported",
        metavar="FEATURE",
        nargs="?",
        action="append",
        default=[],
        help="leave out this feature if the other service does not support it; without =FEATURE, all that can be",
    )
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
