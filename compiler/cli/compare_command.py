"""The command `compare`: a table of what each service makes of one message, as text, Markdown or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence

import compiler
from compiler.cli.arguments import (
    Parser,
    UsageError,
    add_options,
    describe_targets,
    expand_ignore_unsupported,
    parse_quietly,
    program_name,
)
from compiler.cli.terminal import describe_error, print_lines, print_stderr, read, supports_color
from compiler.json_io.control_characters import escape_control_characters

_OUTPUT, _REFUSED = 0, 1

_EXAMPLES = """\
examples:
  %(prog)s message.json
      a table of all installed services: which accept the message, and what is lost where
  %(prog)s message.json --target mailjet-v3.1 --target my-service/
      only these, one of them in a folder of your own
  %(prog)s message.json --markdown
      the table for a page or a pull request
  %(prog)s message.json --json
      the whole comparison, with the payloads; its schema: python -m compiler schema comparison

exit status: 0 at least one service accepts the message, 1 none does, 2 invalid usage
"""

_MEANINGS = {
    "compiles": "there is a payload",
    "warns": "there is a payload, with warnings",
    "incomplete": "there is a payload, which still needs something",
    "refuses": "there are errors",
    "needed": "the payload still needs it",
    "warning": "a warning",
    "dropped": "left out, as --ignore-unsupported says",
    "droppable": "an error, but --ignore-unsupported leaves it out",
    "error": "an error",
}
"""The outcomes and effects in a table, for the lines below it."""


def run(arguments: Sequence[str]) -> int:
    """Runs the command, whose name is the first argument, and returns its exit status. Raises UsageError."""
    args = parse_quietly(build_parser, expand_ignore_unsupported(arguments[1:]))
    if isinstance(args, str):
        print_lines(args.rstrip("\n"))
        return _OUTPUT
    from compiler.cli.inputs import input_files, parse_inputs
    from compiler.json_io.parse import parse_json

    try:
        contents = {kind: read(name) for kind, name in input_files(args).items()}
        color = supports_color(sys.stderr)
        inputs = parse_inputs(args, contents, color=color)
        message, faults = parse_json(inputs.content)
        if faults:
            from compiler.cli.diagnostics import format_result

            result = compiler.compile_text(inputs.content)
            print_stderr(format_result(result, inputs.sources, color=color))
            return _REFUSED
        comparison = compiler.compare(message, args.targets or None, inputs.options)
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(describe_error(error)) from error
    print_lines(_format(comparison, args))
    return _OUTPUT if any(each.outcome != "refuses" for each in comparison.targets) else _REFUSED


def _format(comparison: compiler.Comparison, args: argparse.Namespace) -> str:
    if args.json:
        return json.dumps(comparison.to_dict(), indent=2, ensure_ascii=False)
    rows = [[escape_control_characters(cell) for cell in row] for row in _rows(comparison)]
    return "\n".join(_format_markdown(rows) if args.markdown else [*_format_text(rows), "", *_legend(rows)])


def _rows(comparison: compiler.Comparison) -> Iterator[list[str]]:
    names = [each.target for each in comparison.targets]
    yield ["", *names]
    yield ["outcome", *(each.outcome for each in comparison.targets)]
    for finding in comparison.findings:
        where = finding.path if finding.document == "message" else f"{finding.document} {finding.path}"
        effects = [finding.effects[name] for name in names]
        yield [f"{finding.subject} {where}".rstrip(), *("-" if each == "none" else each for each in effects)]


def _format_text(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _format_markdown(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        if number == 0:
            yield "|" + " --- |" * len(row)


def _legend(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    used = {cell for row in rows[1:] for cell in row[1:]}
    yield from (f"{word}: {meaning}" for word, meaning in _MEANINGS.items() if word in used)


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command."""
    parser = Parser(
        prog=f"{program_name()} compare",
        description="Print what each service makes of a message: which accept it, and what is lost where.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="a message; - for standard input")
    target = parser.add_argument(
        "--target",
        dest="targets",
        metavar="NAME|DIR",
        action="append",
        default=[],
        help="an installed service, or a folder with your own rulesets; several times for several (default: all)",
    )
    parser.describe_at_help(target, lambda: f"{describe_targets()}; several times for several (default: all)")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print the whole comparison as JSON")
    forms.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    add_options(parser, template_sender="the sender stored with the template")
    parser.set_defaults(document="message", message=None)
    return parser
