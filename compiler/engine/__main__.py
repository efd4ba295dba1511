"""The commands of the engine: `check` says what is wrong with rulesets, `schema` prints the schema of rule files.

This is a front door, not a part of the engine: nothing imports it, and it alone may look at what is built on the
engine, for only there is it known which targets there are and which test cases reach their rules.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from compiler import _checks
from compiler._resources import BASE
from compiler._target import target_names
from compiler.engine.grammar import rules_schema


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit status: 0 nothing found, 1 something found, 2 usage."""
    parser = argparse.ArgumentParser(
        prog="python -m compiler.engine",
        description="Check the rulesets of targets without running them, and against the conformance cases.",
        epilog="examples:\n  python -m compiler.engine check mailjet-v3\n"
        "  python -m compiler.engine schema > schemas/rules.schema.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="say what is wrong with the rulesets")
    check.add_argument("targets", nargs="*", metavar="TARGET", help="by default all that come with the package")
    commands.add_parser("schema", help="print the JSON Schema of rule files, drawn from the vocabulary")
    given = parser.parse_args(arguments)
    if given.command == "schema":
        print(json.dumps(rules_schema(f"{BASE}rules.schema.json"), indent=2, ensure_ascii=False))
        return 0
    found = 0
    for name in given.targets or target_names():
        if name not in target_names():
            parser.error(f"there is no target {name!r}; there is {', '.join(target_names())}")
        problems = _checks.problems_of_named(name)
        for problem in problems:
            print(problem)
        found += len(problems)
        print(f"{name}: {len(problems)} problems found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
