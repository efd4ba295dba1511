"""Generates the tables of options in `docs/command-line.md`, from the parsers of the command lines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from compiler.cli.arguments import build_parser
from compiler.conformance.arguments import build_parser as build_conformance_parser
from compiler.sender.arguments import build_parser as build_sender_parser
from compiler.sender.emulator.__main__ import build_parser as build_emulator_parser
from tools.docs.regions import fill_regions, format_table


def fill_command_line(page: str) -> str:
    """`docs/command-line.md` with a table of options for each command."""
    parsers = {
        "compiler": build_parser("python -m compiler"),
        "sender": build_sender_parser(),
        "emulator": build_emulator_parser(),
        "conformance": build_conformance_parser(),
    }
    return fill_regions(page, {name: format_table(("option", "effect"), _rows(each)) for name, each in parsers.items()})


def _rows(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction) or action.help is argparse.SUPPRESS:
            continue
        flags = ", ".join(f"`{_with_argument(flag, action)}`" for flag in action.option_strings)
        yield flags or f"`{action.metavar}`", _expand(action, parser)


def _with_argument(flag: str, action: argparse.Action) -> str:
    argument = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else "")
    if not argument and action.nargs != 0:
        argument = action.dest.upper()
    if action.nargs == "?":
        return f"{flag}[={argument}]"
    return f"{flag} {argument}".rstrip() if flag.startswith("--") else flag


def _expand(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    """The help text with its defaults, as argparse fills it in."""
    if isinstance(action, argparse._VersionAction):
        return "print the version"
    return (action.help or "") % {**vars(action), "prog": parser.prog}
