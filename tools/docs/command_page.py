"""Generates the tables of options in `docs/command-line.md`, from the parsers of the command lines."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping

from compiler.cli.arguments import build_parser
from compiler.cli.compare_command import build_parser as build_compare_parser
from compiler.cli.payload_commands import build_decompile_parser, build_migrate_parser
from compiler.cli.schema_command import build_parser as build_schema_parser
from compiler.conformance.arguments import build_parser as build_conformance_parser
from compiler.sender.arguments import build_parser as build_sender_parser
from compiler.sender.emulator.__main__ import build_parser as build_emulator_parser
from tools.docs.regions import fill_regions, format_table

PARSERS: Mapping[str, Callable[[], argparse.ArgumentParser]] = {
    "compiler": lambda: build_parser("python -m compiler"),
    "decompile": build_decompile_parser,
    "migrate": build_migrate_parser,
    "compare": build_compare_parser,
    "schema": build_schema_parser,
    "sender": build_sender_parser,
    "emulator": build_emulator_parser,
    "conformance": build_conformance_parser,
}
"""The parser of each command, by the name of its table in the page."""


def fill_command_line(page: str) -> str:
    """`docs/command-line.md` with a table of options for each command."""
    return fill_regions(
        page, {name: format_table(("option", "effect"), _rows(build())) for name, build in PARSERS.items()}
    )


def _rows(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction) or action.help is argparse.SUPPRESS:
            continue
        flags = ", ".join(f"`{each}`" for flag in action.option_strings for each in _with_argument(flag, action))
        yield flags or f"`{action.metavar}`", _expand(action, parser)


def _with_argument(flag: str, action: argparse.Action) -> tuple[str, ...]:
    """The flag with its argument; several if the argument is one of several kinds, such as `NAME|DIR`."""
    argument = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else "")
    if not argument and action.nargs != 0:
        argument = action.dest.upper()
    if action.nargs == "?":
        return (f"{flag}[={argument}]",)
    if not flag.startswith("--"):
        return (flag,)
    return tuple(f"{flag} {each}".rstrip() for each in str(argument).split("|"))


def _expand(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    """The help text with its defaults, as argparse fills it in."""
    if isinstance(action, argparse._VersionAction):
        return "print the version"
    return (action.help or "") % {**vars(action), "prog": parser.prog}
