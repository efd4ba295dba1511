"""What the arguments and the files of a command mean: values for the API, and the sources that diagnostics show.

The files are handed in as bytes. FILE stays as it is, for whoever compiles or decodes it says what is wrong with it;
the others have to be JSON, or the command was wrong.
"""

from __future__ import annotations

import argparse
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from compiler.cli.arguments import ALL_FEATURES, UsageError

if TYPE_CHECKING:
    from compiler.cli.diagnostics import Source, Sources

TextLocation = tuple[Literal["message", "options"], str]


class Inputs(NamedTuple):
    """What a command is about: the content of FILE, the message that was sent (of a response only), and the options."""

    content: bytes
    message: Any
    options: dict[str, Any]
    args: argparse.Namespace
    contents: Mapping[str, bytes]

    @property
    def sources(self) -> Sources:
        """What diagnostics are shown in, made where there are any."""
        return _sources(self.args, self.contents)


def input_files(args: argparse.Namespace) -> dict[str, str]:
    """The files that are to be read, by what each is: `file`, `message` or `defaults`."""
    files = {"file": args.file, "message": args.message, "defaults": args.defaults}
    return {kind: name for kind, name in files.items() if name is not None}


def parse_inputs(args: argparse.Namespace, contents: Mapping[str, bytes], *, color: bool) -> Inputs:
    """What is given, with the contents of its files. Raises UsageError, whose text may have colors."""
    features: list[str] = args.ignore_unsupported
    options: dict[str, Any] = {}
    if features:
        options["ignore_unsupported_features"] = ALL_FEATURES in features or features
    if args.template_sender is not None:
        options["template_sender"] = args.template_sender
    message = None
    if "message" in contents:
        complaint = "the message is no JSON"
        message = _parsed(contents["message"], complaint, ("message", ""), args, contents, color=color)
    if "defaults" in contents:
        place: TextLocation = ("options", "/send_defaults")
        complaint = "the defaults are no JSON"
        options["send_defaults"] = _parsed(contents["defaults"], complaint, place, args, contents, color=color)
    return Inputs(contents["file"], message, options, args, contents)


def _sources(args: argparse.Namespace, contents: Mapping[str, bytes]) -> Sources:
    from compiler.cli.diagnostics import Source, Sources
    from compiler.cli.source_text import SourceText

    names = input_files(args)

    def source(kind: str) -> Source | None:
        if kind not in contents:
            return None
        # A body may begin with a byte order mark, which is no part of its first line.
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


def _parsed(
    content: bytes,
    complaint: str,
    place: TextLocation,
    args: argparse.Namespace,
    contents: Mapping[str, bytes],
    *,
    color: bool,
) -> Any:
    from compiler.frontend.full import parse_diagnostic
    from compiler.json_io.parse import parse_json

    value, faults = parse_json(content)
    if faults:
        from compiler.cli.diagnostics import format_diagnostics

        document, above = place
        sources = _sources(args, contents)
        found = (replace(parse_diagnostic(each, document), path=f"{above}{each.path}", hint=None) for each in faults)
        raise UsageError("\n".join([complaint, *format_diagnostics(found, sources, color=color)]))
    return value
