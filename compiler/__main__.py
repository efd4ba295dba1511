"""The command line: `python -m compiler FILE` prints the payload that a message file compiles to.

It reads files, calls the API and prints. What a message means, and what is wrong with it, is not decided here.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import compiler
from compiler._target import named_target, target_names

_PAYLOAD, _ERRORS, _USAGE, _UNMET = 0, 1, 2, 3
_EVERYTHING = "*"

_EXAMPLES = """\
examples:
  python -m compiler message.json                     the payload on stdout, diagnostics on stderr
  python -m compiler - < message.json                 the same, from standard input
  python -m compiler message.json --json              everything as JSON: payload, errors, warnings, requirements
  python -m compiler message.json --ignore-unsupported
                                                      do without what the service cannot do
  python -m compiler message.json --ignore-unsupported="multiple tags" --ignore-unsupported=send_at
                                                      do without these features only
  python -m compiler message.json --defaults shop.json
                                                      with defaults that apply to every message
  python -m compiler message.json --template-sender "Shop <orders@example.com>"
                                                      with the sender stored with the template

exit status:
  0  there is a payload       2  wrong usage, or a file that cannot be read
  1  the message has errors   3  there is a payload, but it still needs something (told on stderr)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit status."""
    given = _parser().parse_args(_with_everything(sys.argv[1:] if arguments is None else arguments))
    try:
        target = _target(given.target)
        text = _read(given.file)
        options = _options(given)
    except (OSError, ValueError, compiler.RulesetError) as error:
        return _refuse(_reason(error))
    result = compiler.compile_text(text, target, options)
    if given.json or result.ok:
        try:
            _print(result.to_dict() if given.json else result.payload)
        except (OSError, ValueError) as error:
            return _refuse(f"standard output: {_reason(error)}")
    name = "standard input" if given.file == "-" else given.file
    for diagnostic in (*result.errors, *result.warnings):
        _tell(_described(diagnostic, name, given.defaults))
    for requirement in result.requires:
        details = ", ".join(f"{key} {value}" for key, value in requirement.items() if key != "kind")
        _tell(f"{_visible(name)}: the payload still needs: {requirement['kind']} ({details})")
    return _ERRORS if not result.ok else _UNMET if result.requires else _PAYLOAD


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m compiler",
        description="Compile a normalized e-mail message (JSON) into the payload that Mailjet's Send API v3 expects.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="a message file, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the whole result as JSON, errors included")
    parser.add_argument(
        "--ignore-unsupported",
        metavar="FEATURE",
        action="append",
        default=[],
        help="do without this feature where the service lacks it; without =FEATURE, without all that may be ignored",
    )
    parser.add_argument("--defaults", metavar="FILE", help="a message-shaped file that applies to every message")
    parser.add_argument("--template-sender", metavar="ADDRESS", help="the sender stored with the template")
    parser.add_argument(
        "--target",
        metavar="NAME|DIR",
        default="mailjet-v3",
        help=f"the service: {', '.join(target_names())}, or a folder of rulesets of your own (default: %(default)s)",
    )
    parser.add_argument("--version", action="version", version=f"payload-compiler {compiler.__version__}")
    return parser


def _with_everything(arguments: Sequence[str]) -> list[str]:
    """A bare --ignore-unsupported takes no value, so that FILE may follow it."""
    flag = "--ignore-unsupported"
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    flags = (f"{flag}={_EVERYTHING}" if argument == flag else argument for argument in arguments[:end])
    return [*flags, *arguments[end:]]


def _target(name: str) -> compiler.Target:
    target = compiler.load_target(name) if name not in target_names() and Path(name).is_dir() else named_target(name)
    target.ruleset("send")
    return target


def _read(name: str) -> bytes:
    if name != "-":
        return Path(name).read_bytes()
    if sys.stdin is None:
        raise ValueError("standard input is closed")
    return sys.stdin.buffer.read()


def _options(given: argparse.Namespace) -> dict[str, Any]:
    features: list[str] = given.ignore_unsupported
    options: dict[str, Any] = {"ignore_unsupported_features": _EVERYTHING in features or features}
    if given.template_sender is not None:
        options["template_sender"] = given.template_sender
    if given.defaults is not None:
        options["send_defaults"] = _defaults(given.defaults)
    return options


def _defaults(name: str) -> Any:
    from compiler.message.json_values import parse_json

    value, faults = parse_json(_read(name))
    if faults:
        raise ValueError(f"{name}: {faults[0].message}")
    return value


def _described(diagnostic: compiler.Diagnostic, name: str, defaults: str | None) -> str:
    path = diagnostic.path
    if diagnostic.document == "options":
        if path.startswith("/send_defaults") and defaults is not None:
            name, path = defaults, path.removeprefix("/send_defaults")
        else:
            name = "options"
    hint = f"\n    {diagnostic.hint}" if diagnostic.hint else ""
    place = f" at {_visible(path)}" if path else ""
    return f"{_visible(name)}: {diagnostic.severity}: {diagnostic.code}{place}: {diagnostic.message}{hint}"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error.strerror if isinstance(error, OSError) else error)


def _refuse(reason: str) -> int:
    _tell(f"python -m compiler: {_visible(reason)}")
    return _USAGE


def _print(value: Any) -> None:
    if sys.stdout is None:
        raise ValueError("it is closed")
    text = json.dumps(value, indent=2, ensure_ascii=False)
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever read it has seen enough. What is still buffered goes nowhere, or Python would try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(text: str) -> None:
    """Writes a line to stderr, where there is somebody to tell; the exit status says the rest."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
        sys.stderr.flush()


def _visible(text: str) -> str:
    """The text on one line: a line break or an escape sequence in a key or a file's name is shown, not done."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


if __name__ == "__main__":
    sys.exit(main())
