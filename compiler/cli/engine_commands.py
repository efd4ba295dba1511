"""The commands of the engine: `check` checks rulesets, the others print or write files.

`list` lists the targets. `show` prints a ruleset without shorthand or the Python generated from it, `guard` the Python
validator generated from a schema, and `schema` the JSON Schema of rule files. `generate` writes the Python of a
target's rulesets into its folder.

This module is not part of the engine, which does not import it: `check` needs the targets and the conformance cases,
which are built on the engine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from compiler.cli import ruleset_check
from compiler.engine import Ruleset, RulesetError, ir
from compiler.engine.codegen.generate import generate
from compiler.engine.codegen.module import build_module
from compiler.engine.codegen.validators import build_validator_module
from compiler.engine.expanded import expand_ruleset
from compiler.engine.rules_schema import rules_schema
from compiler.generated.validators import VALIDATORS
from compiler.json_io.resources import BASE, schemas
from compiler.pipeline.target_files import GENERATED, TargetFolder
from compiler.pipeline.target_schemas import build_schemas
from compiler.pipeline.targets import Target, find_target, own_target_names, target_folder, target_names

_EXAMPLES = """\
examples:
  python -m compiler.engine list
  python -m compiler.engine check mailjet-v3
  python -m compiler.engine check my-service/ --coverage
  python -m compiler.engine show my-service/ send --expanded
  python -m compiler.engine show mailjet-v3 send --present from_email to delivery subject text
  python -m compiler.engine show mailjet-v3 send --module > compiler/generated/rulesets/mailjet_v3_send.py
  python -m compiler.engine generate my-service/
  python -m compiler.engine guard message > compiler/generated/validators/message.py
  python -m compiler.engine schema > schemas/rules.schema.json"""
_TARGET_HELP = "an installed target, or a folder with your own rulesets"


def build_parser() -> argparse.ArgumentParser:
    """The parser of the commands."""
    parser = argparse.ArgumentParser(
        prog="python -m compiler.engine",
        description="Check the rulesets of targets, statically and against the conformance cases, and print the "
        "Python generated from them.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="list the installed targets")
    check = commands.add_parser("check", help="check the rulesets for problems")
    check.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET|DIR",
        help=f"{_TARGET_HELP} (default: the targets of the package)",
    )
    check.add_argument(
        "--coverage",
        action="store_true",
        help="also list what no case covers: for a folder, the cases in its folder cases; always for a target of the "
        "package",
    )
    commands.add_parser("schema", help="print the JSON Schema of rule files")
    show = commands.add_parser("show", help="print a ruleset without shorthand, or the Python generated from it")
    show.add_argument("target", metavar="TARGET|DIR", help=_TARGET_HELP)
    show.add_argument("ruleset", metavar="RULESET", help="for example send")
    form = show.add_mutually_exclusive_group()
    form.add_argument(
        "--expanded", action="store_true", help="as rules, with definitions, for and included files written out"
    )
    form.add_argument(
        "--present", nargs="*", metavar="MEMBER", help="for valid documents that have exactly these members"
    )
    form.add_argument("--module", action="store_true", help="as a module, which does not load the ruleset")
    generated = commands.add_parser(
        "generate", help="write the Python of all rulesets into the folder generated of a target"
    )
    generated.add_argument("directory", metavar="DIR", help="the folder of a target, which must be a Python package")
    guard = commands.add_parser("guard", help="print the Python validator generated from a schema")
    guard.add_argument("name", metavar="NAME", choices=tuple(VALIDATORS), help=", ".join(VALIDATORS))
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status: 0 no problems, 1 problems found, 2 invalid usage."""
    parser = build_parser()
    args = parser.parse_args(arguments)
    try:
        if args.command == "show":
            print(_shown(parser, args), end="")
        elif args.command == "guard":
            print(validator_source(args.name), end="")
        elif args.command == "schema":
            print(json.dumps(rules_schema(f"{BASE}rules.schema.json"), indent=2, ensure_ascii=False))
        elif args.command == "list":
            print("\n".join(_target_lines()))
        elif args.command == "generate":
            for file in write_generated_code(args.directory):
                print(f"wrote {file}")
        else:
            return _check(args.targets or own_target_names(), has_coverage=args.coverage)
    except BrokenPipeError:
        raise
    except (ValueError, OSError, RulesetError) as error:
        print(f"{parser.prog}: error: {error}", file=sys.stderr)
        return 2
    return 0


def _check(names: Sequence[str], *, has_coverage: bool) -> int:
    count = 0
    for name in names:
        target = find_target(name)
        covers = has_coverage or name in own_target_names()
        problems = ruleset_check.check_target(target, ruleset_check.read_target_cases(target) if covers else None)
        for problem in problems:
            print(problem)
        count += len(problems)
        print(f"{name}: {len(problems)} {'problem' if len(problems) == 1 else 'problems'} found")
    return 1 if count else 0


def _shown(parser: argparse.ArgumentParser, args: argparse.Namespace) -> str:
    target = find_target(args.target)
    ruleset = target.ruleset(args.ruleset)
    if args.expanded:
        return json.dumps(expand_ruleset(ruleset), indent=2, ensure_ascii=False) + "\n"
    if args.module:
        return ruleset_source(target, args.ruleset)
    unknown = set(args.present or ()) - set(ruleset.input_schema.get("properties", {}))
    if unknown:
        parser.error(f"unknown members for {args.ruleset}: {', '.join(sorted(unknown))}")
    return generate(ruleset, args.present, assume_valid=args.present is not None).source


def _target_lines() -> Iterator[str]:
    for name in target_names():
        folder, package = target_folder(name)
        manifest = folder.manifest
        yield f"{name}: {manifest.title if manifest is not None else 'no target.json'}" + (
            f" (from the package {package})" if package else ""
        )
        for title, url in {} if manifest is None else manifest.links.items():
            yield f"  {title}: {url}"


# --- Generated files --------------------------------------------------------------------------------------------------


def ruleset_source(target: Target, name: str) -> str:
    """The source of the module of a ruleset; its validators are those of `compiler.generated.validators`."""
    ruleset = target.ruleset(name)
    validators = {
        ",".join(spec.exempt): f"compiler.generated.validators.{key}"
        for key, spec in VALIDATORS.items()
        if spec.exempt and BASE + spec.schema == ruleset.built_id
    }
    return build_module(ruleset, validators)


def validator_source(name: str) -> str:
    """The source of a module of `compiler.generated.validators`."""
    spec = VALIDATORS[name]
    helpers = "compiler.json_io.plain" if spec.untrusted_python else None
    return build_validator_module(BASE + spec.schema, schemas(), f"schemas/{spec.schema}", helpers, spec.exempt)


def write_generated_code(directory: str) -> Iterator[str]:
    """Writes the code of a target's rulesets and of the validators they need; yields the files.

    It is used if the folder is a package that registers the target by an entry point. Raises ValueError if the folder
    cannot be a package, RulesetError and OSError.
    """
    target = find_target(directory)
    folder = TargetFolder(directory)
    if not Path(directory, "__init__.py").is_file():
        raise ValueError(f"{directory} must be a Python package: add an __init__.py")
    generated = Path(directory, GENERATED)
    generated.mkdir(exist_ok=True)
    command = "python -m compiler.engine generate"
    files = {"__init__.py": f'"""Generated by `{command}`; do not edit."""\n'}
    fingerprint = f"FINGERPRINT = {folder.fingerprint()!r}\n"
    for name in folder.ruleset_names():
        ruleset = target.ruleset(name)
        validators = {}
        for number, exempt in enumerate(sorted(_exempt_keywords(ruleset)), 1):
            module = f"_{name}_output{number}"  # the name of a ruleset begins with a letter
            validators[",".join(exempt)] = f".{module}"
            text = build_validator_module(
                ruleset.built_id, build_schemas(target), ruleset.built_id, None, exempt, command
            )
            files[f"{module}.py"] = text
        files[f"{name}.py"] = build_module(ruleset, validators, command) + f"\n\n{fingerprint}"
    for name, text in files.items():
        (generated / name).write_text(text, encoding="utf-8")
        yield str(generated / name)


def _exempt_keywords(ruleset: Ruleset) -> set[tuple[str, ...]]:
    """The keywords that each `conform` of a ruleset does not check."""
    return {rule.exempt for rule in ruleset.all_rules if isinstance(rule, ir.Conform)}


def run() -> int:
    """Runs the command as a program; a closed pipe on stdout is not an error."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    return status
