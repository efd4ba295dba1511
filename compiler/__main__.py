"""The command line: `python -m compiler FILE` prints the payload that a message file compiles to.

It reads files, calls the API and prints. What a message means, and what is wrong with it, is not decided here; nor is
how that is shown, which is the business of `command_line`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import compiler
from compiler._target import named_target, target_names
from compiler.command_line.arguments import EVERYTHING, UsageError, parse, program

if TYPE_CHECKING:
    from compiler.command_line.diagnostics import Sources

_PAYLOAD, _ERRORS, _USAGE, _UNMET, _INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit status."""
    try:
        given = parse(sys.argv[1:] if arguments is None else arguments)
        if isinstance(given, argparse.Namespace):
            return _run(given)
        _print(given.rstrip("\n"))
        return _PAYLOAD
    except UsageError as error:
        _tell(f"{program()}: {error}")
        return _USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(given: argparse.Namespace) -> int:
    from compiler.command_line.diagnostics import shown_diagnostics, shown_requirement

    if given.file == given.defaults == "-":
        raise UsageError("standard input can be the message or the defaults, not both")
    try:
        target = _target(given.target)
        text = _read(given.file)
        defaults = None if given.defaults is None else _read(given.defaults)
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(_reason(error)) from error
    sources = _sources(given, text, defaults)
    options = _options(given, defaults, sources)
    if given.explain:
        explanation = _explained(text, target, options)
        result = explanation.result
        if given.json or result.ok or explanation.fates:
            _print(_json(explanation.to_dict()) if given.json else _explanation_text(explanation, sources))
    else:
        result = compiler.compile_text(text, target, options)
        if given.json or result.ok:
            _print(_json(result.to_dict() if given.json else result.payload))
    colour = _has_colour(sys.stderr)
    told = list(shown_diagnostics((*result.errors, *result.warnings), sources, colour=colour))
    told += [shown_requirement(each, sources, colour=colour) for each in result.requires]
    if told:
        _tell("\n".join(told))
    return _ERRORS if not result.ok else _UNMET if result.requires else _PAYLOAD


def _target(name: str) -> compiler.Target:
    target = compiler.load_target(name) if name not in target_names() and Path(name).is_dir() else named_target(name)
    target.ruleset("send")
    return target


def _read(name: str) -> bytes:
    if name != "-":
        with open(name, "rb") as file:
            return file.read()
    if sys.stdin is None:
        raise ValueError("standard input is closed")
    return sys.stdin.buffer.read()


def _sources(given: argparse.Namespace, text: bytes, defaults: bytes | None) -> Sources:
    from compiler.command_line.diagnostics import Source, Sources
    from compiler.command_line.source_text import SourceText

    def file(name: str, content: bytes) -> Source:
        return Source("standard input" if name == "-" else name, SourceText(content))

    flag = given.template_sender
    return Sources(
        file(given.file, text),
        None if defaults is None else file(given.defaults, defaults),
        None if flag is None else Source("--template-sender", SourceText(flag), is_flag=True),
    )


def _options(given: argparse.Namespace, defaults: bytes | None, sources: Sources) -> dict[str, Any]:
    features: list[str] = given.ignore_unsupported
    options: dict[str, Any] = {"ignore_unsupported_features": EVERYTHING in features or features}
    if given.template_sender is not None:
        options["template_sender"] = given.template_sender
    if defaults is not None:
        options["send_defaults"] = _parsed_defaults(defaults, sources)
    return options


def _parsed_defaults(defaults: bytes, sources: Sources) -> Any:
    from compiler.command_line.diagnostics import shown_diagnostics
    from compiler.message.json_values import parse_json

    value, faults = parse_json(defaults)
    if faults:
        found = (
            compiler.Diagnostic(
                "error", each.code, f"/send_defaults{each.path}", "options", each.params, (), each.message
            )
            for each in faults
        )
        shown = shown_diagnostics(found, sources, colour=_has_colour(sys.stderr))
        raise UsageError("\n".join(["the defaults are no JSON", *shown]))
    return value


def _explained(text: bytes, target: compiler.Target, options: dict[str, Any]) -> compiler.Explanation:
    from compiler.message.json_values import parse_json

    message, faults = parse_json(text)
    if faults:
        return compiler.Explanation(compiler.compile_text(text, target, options), (), ())
    return compiler.explain(message, target, options)


def _explanation_text(explanation: compiler.Explanation, sources: Sources) -> str:
    from compiler.command_line.explanation import shown_explanation

    return shown_explanation(explanation, sources, colour=_has_colour(sys.stdout))


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _has_colour(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that shows colours, and whose owner has nothing against them (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream is not None and not stream.closed and stream.isatty()


def _reason(error: Exception) -> str:
    from compiler.command_line.diagnostics import visible

    if isinstance(error, OSError) and error.filename is not None:
        return visible(f"{error.filename or repr('')}: {error.strerror}")
    return visible(str(error.strerror if isinstance(error, OSError) else error))


def _print(text: str) -> None:
    """Writes lines to stdout, all of them, or says why not."""
    if sys.stdout is None:
        raise UsageError("standard output: it is closed")
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    except OSError as error:
        # What is still buffered goes nowhere, or Python would try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # else whoever read it has seen enough
            raise UsageError(f"standard output: {_reason(error)}") from error


def _tell(text: str) -> None:
    """Writes to stderr, where there is somebody to tell; the exit status says the rest."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
