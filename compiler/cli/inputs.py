"""Turns the arguments and files of a command into values for the API, and into the sources that diagnostics show.

The files are passed as bytes. FILE is not parsed here, because the compiler or decoder reports its errors; the other
files must be valid JSON.
"""

from __future__ import annotations

import argparse
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from compiler.cli.arguments import ALL_FEATURES, UsageError
from compiler.results import Location

if TYPE_CHECKING:
    from compiler.cli.diagnostics import Source, Sources


class Inputs(NamedTuple):
    """The content of FILE, the message that was sent (for a response only), and the options."""

    content: bytes
    message: Any
    options: dict[str, Any]
    args: argparse.Namespace
    contents: Mapping[str, bytes]

    @property
    def sources(self) -> Sources:
        """The sources of diagnostics, built on demand."""
        return _build_sources(self.args, self.contents)


def input_files(args: argparse.Namespace) -> dict[str, str]:
    """The names of the files to read, by kind: `file`, `message` or `defaults`."""
    files = {"file": args.file, "message": args.message, "defaults": args.defaults}
    return {kind: name for kind, name in files.items() if name is not None}


def parse_inputs(args: argparse.Namespace, contents: Mapping[str, bytes], *, color: bool) -> Inputs:
    """Parses the arguments and the contents of their files. Raises UsageError, whose text may be colored."""
    features: list[str] = args.ignore_unsupported
    options: dict[str, Any] = {}
    if features:
        options["ignore_unsupported_features"] = ALL_FEATURES in features or features
    if args.template_sender is not None:
        options["template_sender"] = args.template_sender
    message = None
    if "message" in contents:
        message = _parse_file("message", Location("message", ""), args, contents, color=color)
    if "defaults" in contents:
        location = Location("options", "/send_defaults")
        options["send_defaults"] = _parse_file("defaults", location, args, contents, color=color)
    return Inputs(contents["file"], message, options, args, contents)


def _build_sources(args: argparse.Namespace, contents: Mapping[str, bytes]) -> Sources:
    from compiler.cli.diagnostics import Source, Sources
    from compiler.cli.source_text import SourceText

    names = input_files(args)

    def source(kind: str) -> Source | None:
        if kind not in contents:
            return None
        # A body may begin with a byte order mark, which is not part of its first line.
        content = contents[kind].removeprefix(BOM_UTF8) if is_body and kind == "file" else contents[kind]
        return Source("standard input" if names[kind] == "-" else names[kind], SourceText(content))

    is_body = args.document != "message"
    sender = args.template_sender
    return Sources(
        message=source("message" if is_body else "file"),
        defaults=source("defaults"),
        template_sender=None if sender is None else Source("--template-sender", SourceText(sender), is_flag=True),
        body=source("file") if is_body else None,
    )


def _parse_file(
    kind: str, location: Location, args: argparse.Namespace, contents: Mapping[str, bytes], *, color: bool
) -> Any:
    """Parses the message or the defaults; `location` is where the value is in what diagnostics refer to."""
    from compiler.frontend.full import parse_diagnostic
    from compiler.json_io.parse import parse_json

    value, faults = parse_json(contents[kind])
    if faults:
        from compiler.cli.diagnostics import format_diagnostics

        diagnostics = (
            replace(parse_diagnostic(fault), document=location.document, path=f"{location.path}{fault.path}", hint=None)
            for fault in faults
        )
        lines = format_diagnostics(diagnostics, _build_sources(args, contents), color=color)
        raise UsageError("\n".join([f"--{kind} is not valid JSON", *lines]))
    return value
