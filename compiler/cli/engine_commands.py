"""The commands of the engine: `check` checks rulesets, the others print generated files.

`show` prints the Python generated from a ruleset, `guard` the Python validator generated from a schema, and `schema`
the JSON Schema of rule files.

This module is not part of the engine, which does not import it: `check` needs the targets and the conformance cases,
which are built on the engine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from compiler.cli import ruleset_check
from compiler.engine import RulesetError
from compiler.engine.codegen.generate import generate
from compiler.engine.codegen.module import build_module
from compiler.engine.codegen.validators import build_validator_module
from compiler.engine.rules_schema import rules_schema
from compiler.generated.validators import VALIDATORS
from compiler.json_io.resources import BASE, schemas
from compiler.pipeline.targets import named_target, target_names


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status: 0 no problems, 1 problems found, 2 invalid usage."""
    parser = argparse.ArgumentParser(
        prog="python -m compiler.engine",
        description="Check the rulesets of targets, statically and against the conformance cases, and print the "
        "Python generated from them.",
        epilog="examples:\n  python -m compiler.engine check mailjet-v3\n"
        "  python -m compiler.engine check my-service/\n"
        "  python -m compiler.engine show mailjet-v3 send --present from_email to subject text\n"
        "  python -m compiler.engine show mailjet-v3 send --module > compiler/generated/rulesets/mailjet_v3_send.py\n"
        "  python -m compiler.engine guard message > compiler/generated/validators/message.py\n"
        "  python -m compiler.engine schema > schemas/rules.schema.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check the rulesets for problems")
    check.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET|DIR",
        help="a target, or a folder with your own rulesets, for which there are no cases (default: all targets)",
    )
    commands.add_parser("schema", help="print the JSON Schema of rule files")
    show = commands.add_parser("show", help="print the Python generated from a ruleset")
    show.add_argument("target", metavar="TARGET", choices=target_names(), help=", ".join(target_names()))
    show.add_argument("ruleset", metavar="RULESET", help="for example send")
    show.add_argument(
        "--present", nargs="*", metavar="MEMBER", help="for valid documents that have exactly these members"
    )
    show.add_argument(
        "--module",
        action="store_true",
        help="as a module of compiler.generated.rulesets, which does not load the ruleset",
    )
    guard = commands.add_parser("guard", help="print the Python validator generated from a schema")
    guard.add_argument("name", metavar="NAME", choices=tuple(VALIDATORS), help=", ".join(VALIDATORS))
    args = parser.parse_args(arguments)
    if args.command == "show":
        try:
            ruleset = named_target(args.target).ruleset(args.ruleset)
        except ValueError as error:
            parser.error(str(error))
        if args.module:
            print(ruleset_source(args.target, args.ruleset), end="")
            return 0
        unknown = set(args.present or ()) - set(ruleset.input_schema.get("properties", {}))
        if unknown:
            parser.error(f"unknown members for {args.ruleset}: {', '.join(sorted(unknown))}")
        print(generate(ruleset, args.present, assume_valid=args.present is not None).source, end="")
        return 0
    if args.command == "guard":
        print(validator_source(args.name), end="")
        return 0
    if args.command == "schema":
        print(json.dumps(rules_schema(f"{BASE}rules.schema.json"), indent=2, ensure_ascii=False))
        return 0
    count = 0
    for name in args.targets or target_names():
        is_folder = name not in target_names() and os.path.isdir(name)
        if name not in target_names() and not is_folder:
            parser.error(f"unknown target {name!r} (available: {', '.join(target_names())}, or a folder)")
        try:
            problems = ruleset_check.check_folder(name) if is_folder else ruleset_check.check_named_target(name)
        except (ValueError, OSError, RulesetError) as error:
            parser.error(str(error))
        for problem in problems:
            print(problem)
        count += len(problems)
        print(f"{name}: {len(problems)} {'problem' if len(problems) == 1 else 'problems'} found")
    return 1 if count else 0


def ruleset_source(target: str, name: str) -> str:
    """The source of a module of `compiler.generated.rulesets`."""
    validators = {
        ",".join(spec.exempt): f"compiler.generated.validators.{key}" for key, spec in VALIDATORS.items() if spec.exempt
    }
    return build_module(named_target(target).ruleset(name), validators)


def validator_source(name: str) -> str:
    """The source of a module of `compiler.generated.validators`."""
    spec = VALIDATORS[name]
    helpers = "compiler.json_io.plain" if spec.untrusted_python else None
    return build_validator_module(BASE + spec.schema, schemas(), f"schemas/{spec.schema}", helpers, spec.exempt)


def run() -> int:
    """Runs the command as a program; a closed pipe on stdout is not an error."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    return status
