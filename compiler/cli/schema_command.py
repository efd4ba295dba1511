"""The command `schema`: prints a JSON Schema of the package, or the path of its file, for editors."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from compiler.cli.arguments import Parser, UsageError, parse_quietly, program_name
from compiler.cli.terminal import print_lines
from compiler.json_io import resources

_SUFFIX = ".schema.json"
_DEFAULT = "message"

_EXAMPLES = """\
examples:
  %(prog)s
      the schema of a message
  %(prog)s mailjet-v3/payload
      another one
  %(prog)s diagnostic --target my-service/
      that of diagnostics, with the reasons that a target of your own declares
  %(prog)s --path
      the file, for the settings of an editor

schemas:
"""


def schema_names() -> tuple[str, ...]:
    """The names of the schemas: their paths below `schemas/`, without the suffix."""
    return tuple(map(name_of, resources.schemas()))


def name_of(schema_id: str) -> str:
    """The name of a schema with this `$id`."""
    return schema_id.removeprefix(resources.BASE).removesuffix(_SUFFIX)


def run(arguments: Sequence[str]) -> int:
    """Runs the command, whose name is the first argument, and returns its exit status. Raises UsageError."""
    args = parse_quietly(build_parser, arguments[1:])
    if isinstance(args, str):
        print_lines(args.rstrip("\n"))
        return 0
    name = args.name.removesuffix(_SUFFIX)
    if args.target is not None:
        return _print_schema_of_target(args.target, name)
    if name not in schema_names():
        raise UsageError(f"unknown schema {name!r} (available: {', '.join(schema_names())})")
    file = resources.schemas_folder() / f"{name}{_SUFFIX}"
    print_lines(str(file) if args.path else json.dumps(_read(name), indent=2, ensure_ascii=False))
    return 0


def _print_schema_of_target(target_name: str, name: str) -> int:
    """Prints a schema for the results of a target. Raises UsageError."""
    from compiler.engine import RulesetError
    from compiler.pipeline.target_schemas import build_schemas
    from compiler.pipeline.targets import find_target

    try:
        schemas = build_schemas(find_target(target_name))
    except (ValueError, OSError, RulesetError) as error:
        raise UsageError(str(error)) from error
    known = {
        schema_id.removeprefix(resources.BASE).removesuffix(_SUFFIX): schema for schema_id, schema in schemas.items()
    }
    if name not in known:
        raise UsageError(f"unknown schema {name!r} (available: {', '.join(known)})")
    print_lines(json.dumps(known[name], indent=2, ensure_ascii=False))
    return 0


def _read(name: str) -> Any:
    return resources.schemas()[f"{resources.BASE}{name}{_SUFFIX}"]


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command."""
    width = max(map(len, schema_names()))
    names = "".join(f"  {name:<{width}}  {_read(name)['title']}\n" for name in schema_names())
    parser = Parser(
        prog=f"{program_name()} schema",
        description="Print a JSON Schema of the package.",
        epilog=_EXAMPLES + names,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("name", metavar="NAME", nargs="?", default=_DEFAULT, help="a schema (default: %(default)s)")
    parser.add_argument(
        "--target", metavar="TARGET|DIR", help="for the results of this target, with what its target.json declares"
    )
    parser.add_argument("--path", action="store_true", help="print the path of the schema's file")
    return parser
