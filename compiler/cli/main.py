"""The command line: `python -m compiler FILE` prints the payload of a message, or what a body decodes to.

It reads files, calls the API and prints the results.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import compiler
from compiler.cli.arguments import UsageError, is_bulk, parse_arguments, program_name
from compiler.cli.terminal import describe_error, print_lines, print_stderr, read, supports_color
from compiler.pipeline.targets import find_target, requested_backend

if TYPE_CHECKING:
    from compiler.cli.diagnostics import Sources
    from compiler.cli.inputs import Inputs

COMMANDS = {
    "schema": "schema_command",
    "decompile": "payload_commands",
    "migrate": "payload_commands",
    "compare": "compare_command",
}
"""The commands beside compiling and decoding, with their modules."""

_OUTPUT, _ERRORS, _USAGE, _UNMET, _INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments and arguments[0] in COMMANDS:  # a message in a file of such a name is ./schema
            module = importlib.import_module(f"compiler.cli.{COMMANDS[arguments[0]]}")
            status: int = module.run(arguments)
            return status
        args = parse_arguments(arguments)
        if isinstance(args, str):
            print_lines(args.rstrip("\n"))
            return _OUTPUT
        if is_bulk(args):
            from compiler.cli.bulk.run import run

            return run(args)
        return _run(args)
    except UsageError as error:
        print_stderr(f"{program_name()}: {error}")
        return _USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(args: argparse.Namespace) -> int:
    from compiler.cli.inputs import input_files, parse_inputs

    try:
        target = _load_target(args)
        contents = {kind: read(name) for kind, name in input_files(args).items()}
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(describe_error(error)) from error
    color = supports_color(sys.stderr)
    inputs = parse_inputs(args, contents, color=color)
    if args.explain:
        explanation = _explain(args, inputs, target)
        result = explanation.result
        if args.json or result.ok or explanation.statuses:
            print_lines(_json(explanation.to_dict()) if args.json else _explanation_text(explanation, inputs.sources))
    else:
        result = _compile_or_decode(args, inputs, target)
        if args.json or result.ok:
            print_lines(_json(result.to_dict() if args.json else result.output))
    if result.errors or result.warnings or result.requires:
        from compiler.cli.diagnostics import format_result

        print_stderr(format_result(result, inputs.sources, color=color))
    return _ERRORS if not result.ok else _UNMET if result.requires else _OUTPUT


def _load_target(args: argparse.Namespace) -> compiler.Target:
    name = args.target
    target = find_target(name)
    choice = requested_backend(os.environ)
    target = target if choice is None else replace(target, choice=choice)
    if args.document != "message":
        target.backend(args.document)
    if args.document == "message" or args.message is not None:
        target.backend("send")
    return target


def _compile_or_decode(args: argparse.Namespace, inputs: Inputs, target: compiler.Target) -> compiler.Result:
    if args.document == "message":
        return compiler.compile_text(inputs.content, target, inputs.options)
    from compiler.pipeline.decode import decode

    return decode(
        args.document, inputs.content, target, args.status_code, args.reason, inputs.message, inputs.options
    ).result


def _explain(args: argparse.Namespace, inputs: Inputs, target: compiler.Target) -> compiler.Explanation:
    if args.document != "message":
        from compiler.pipeline.explain import explain_decoded

        return explain_decoded(
            args.document, inputs.content, target, args.status_code, args.reason, inputs.message, inputs.options
        )
    from compiler.json_io.parse import parse_json

    message, faults = parse_json(inputs.content)
    if faults:
        return compiler.Explanation(compiler.compile_text(inputs.content, target, inputs.options), (), ())
    return compiler.explain(message, target, inputs.options)


def _explanation_text(explanation: compiler.Explanation, sources: Sources) -> str:
    from compiler.cli.explanation import format_explanation

    return format_explanation(explanation, sources, color=supports_color(sys.stdout))


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
