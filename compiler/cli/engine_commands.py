"""The commands of the engine: `check` says what is wrong with rulesets, the others print what is made for people.

`show` prints a ruleset as the Python that runs it, `guard` a schema as the Python that tells whether a document fits,
`schema` the schema of rule files.

This is a front door, not a part of the engine: nothing imports it, and it alone may look at what is built on the
engine, for only there is it known which targets there are and which test cases reach their rules.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from compiler.cli import ruleset_check
from compiler.engine.codegen.generate import generate
from compiler.engine.codegen.module import build_module
from compiler.engine.codegen.validators import build_validator_module
from compiler.engine.rules_schema import rules_schema
from compiler.generated.validators import GUARDS
from compiler.json_io.resources import BASE, schemas
from compiler.pipeline.targets import named_target, target_names


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit status: 0 nothing found, 1 something found, 2 usage."""
    parser = argparse.ArgumentParser(
        prog="python -m compiler.engine",
        description="Check the rulesets of targets without running them, and against the conformance cases; "
        "see the Python that runs them.",
        epilog="examples:\n  python -m compiler.engine check mailjet-v3\n"
        "  python -m compiler.engine show mailjet-v3 send --present from_email to subject text\n"
        "  python -m compiler.engine show mailjet-v3 send --module > compiler/generated/rulesets/mailjet_v3_send.py\n"
        "  python -m compiler.engine guard message > compiler/generated/validators/message.py\n"
        "  python -m compiler.engine schema > schemas/rules.schema.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="say what is wrong with the rulesets")
    check.add_argument("targets", nargs="*", metavar="TARGET", help="by default all that come with the package")
    commands.add_parser("schema", help="print the JSON Schema of rule files, drawn from the vocabulary")
    show = commands.add_parser("show", help="print the Python that a ruleset runs as")
    show.add_argument("target", metavar="TARGET", choices=target_names(), help=", ".join(target_names()))
    show.add_argument("ruleset", metavar="RULESET", help="such as send")
    show.add_argument(
        "--present", nargs="*", metavar="MEMBER", help="for documents that fit their schema and have just these members"
    )
    show.add_argument(
        "--module",
        action="store_true",
        help="as the module of compiler.generated.rulesets, which needs no ruleset to be loaded",
    )
    guard = commands.add_parser("guard", help="print the Python that tells whether a document fits a schema")
    guard.add_argument("name", metavar="NAME", choices=tuple(GUARDS), help=", ".join(GUARDS))
    given = parser.parse_args(arguments)
    if given.command == "show":
        try:
            ruleset = named_target(given.target).ruleset(given.ruleset)
        except ValueError as error:
            parser.error(str(error))
        if given.module:
            print(written_source(given.target, given.ruleset), end="")
            return 0
        unknown = set(given.present or ()) - set(ruleset.input_schema.get("properties", {}))
        if unknown:
            parser.error(f"the documents of {given.ruleset} have no member {', '.join(sorted(unknown))}")
        print(generate(ruleset, given.present, assume_valid=given.present is not None).source, end="")
        return 0
    if given.command == "guard":
        print(guard_source(given.name), end="")
        return 0
    if given.command == "schema":
        print(json.dumps(rules_schema(f"{BASE}rules.schema.json"), indent=2, ensure_ascii=False))
        return 0
    found = 0
    for name in given.targets or target_names():
        if name not in target_names():
            parser.error(f"there is no target {name!r}; there is {', '.join(target_names())}")
        try:
            problems = ruleset_check.problems_of_named(name)
        except ValueError as error:
            parser.error(str(error))
        for problem in problems:
            print(problem)
        found += len(problems)
        print(f"{name}: {len(problems)} problems found")
    return 1 if found else 0


def written_source(target: str, name: str) -> str:
    """The source of a module of `compiler.generated.rulesets`."""
    guards = {
        ",".join(guarded.exempt): f"compiler.generated.validators.{key}"
        for key, guarded in GUARDS.items()
        if guarded.exempt
    }
    return build_module(named_target(target).ruleset(name), guards)


def guard_source(name: str) -> str:
    """The source of a module of `compiler.generated.validators`."""
    guarded = GUARDS[name]
    helpers = "compiler.json_io.plain" if guarded.of_anything else None
    return build_validator_module(
        BASE + guarded.schema, schemas(), f"schemas/{guarded.schema}", helpers, guarded.exempt
    )


def run() -> int:
    """Runs the command as a program: output that no one reads any more is no error."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    return status
