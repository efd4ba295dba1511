"""The command line: `python -m compiler FILE` prints the payload that a message compiles to, or what a body decodes to.

It reads files, calls the API and prints. What a message or a body means, and what is wrong with it, is not decided
here; nor is how that is shown, which is the business of `command_line`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import compiler
from compiler.cli.arguments import UsageError, is_of_many, parse, program
from compiler.cli.terminal import has_colour, print_lines, read, reason, tell
from compiler.pipeline.targets import named_target, target_names

if TYPE_CHECKING:
    from compiler.cli.diagnostics import Sources
    from compiler.cli.inputs import Inputs

_OUTPUT, _ERRORS, _USAGE, _UNMET, _INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit status."""
    try:
        given = parse(sys.argv[1:] if arguments is None else arguments)
        if isinstance(given, argparse.Namespace):
            if is_of_many(given):
                from compiler.cli.bulk.run import run

                return run(given)
            return _run(given)
        print_lines(given.rstrip("\n"))
        return _OUTPUT
    except UsageError as error:
        tell(f"{program()}: {error}")
        return _USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(given: argparse.Namespace) -> int:
    from compiler.cli.inputs import files_of, inputs_of

    try:
        target = _target(given)
        contents = {kind: read(name) for kind, name in files_of(given).items()}
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(reason(error)) from error
    colour = has_colour(sys.stderr)
    inputs = inputs_of(given, contents, colour=colour)
    if given.explain:
        explanation = _explained(given, inputs, target)
        result = explanation.result
        if given.json or result.ok or explanation.fates:
            print_lines(_json(explanation.to_dict()) if given.json else _explanation_text(explanation, inputs.sources))
    else:
        result = _result(given, inputs, target)
        if given.json or result.ok:
            print_lines(_json(result.to_dict() if given.json else result.output))
    if result.errors or result.warnings or result.requires:
        from compiler.cli.diagnostics import shown_diagnostics, shown_requirement

        sources = inputs.sources
        told = list(shown_diagnostics((*result.errors, *result.warnings), sources, colour=colour))
        told += [shown_requirement(each, sources, colour=colour) for each in result.requires]
        tell("\n".join(told))
    return _ERRORS if not result.ok else _UNMET if result.requires else _OUTPUT


def _target(given: argparse.Namespace) -> compiler.Target:
    name = given.target
    target = compiler.load_target(name) if name not in target_names() and os.path.isdir(name) else named_target(name)
    if given.document != "message":
        target.backend(given.document)
    if given.document == "message" or given.message is not None:
        target.backend("send")
    return target


def _result(given: argparse.Namespace, inputs: Inputs, target: compiler.Target) -> compiler.Result:
    if given.document == "message":
        return compiler.compile_text(inputs.content, target, inputs.options)
    from compiler.pipeline.decode import decode

    return decode(
        given.document, inputs.content, target, given.status_code, given.reason, inputs.message, inputs.options
    ).result


def _explained(given: argparse.Namespace, inputs: Inputs, target: compiler.Target) -> compiler.Explanation:
    if given.document != "message":
        from compiler.pipeline.explain import explain_decoded

        return explain_decoded(
            given.document, inputs.content, target, given.status_code, given.reason, inputs.message, inputs.options
        )
    from compiler.json_io.parse import parse_json

    message, faults = parse_json(inputs.content)
    if faults:
        return compiler.Explanation(compiler.compile_text(inputs.content, target, inputs.options), (), ())
    return compiler.explain(message, target, inputs.options)


def _explanation_text(explanation: compiler.Explanation, sources: Sources) -> str:
    from compiler.cli.explanation import shown_explanation

    return shown_explanation(explanation, sources, colour=has_colour(sys.stdout))


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
