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

from compiler.cli.arguments import EVERYTHING, UsageError

if TYPE_CHECKING:
    from compiler.cli.diagnostics import Source, Sources

Place = tuple[Literal["message", "options"], str]


class Inputs(NamedTuple):
    """What a command is about: the content of FILE, the message that was sent (of a response only), and the options."""

    content: bytes
    message: Any
    options: dict[str, Any]
    given: argparse.Namespace
    contents: Mapping[str, bytes]

    @property
    def sources(self) -> Sources:
        """What diagnostics are shown in, made where there are any."""
        return _sources(self.given, self.contents)


def files_of(given: argparse.Namespace) -> dict[str, str]:
    """The files that are to be read, by what each is: `file`, `message` or `defaults`."""
    files = {"file": given.file, "message": given.message, "defaults": given.defaults}
    return {kind: name for kind, name in files.items() if name is not None}


def inputs_of(given: argparse.Namespace, contents: Mapping[str, bytes], *, colour: bool) -> Inputs:
    """What is given, with the contents of its files. Raises UsageError, whose text may have colours."""
    features: list[str] = given.ignore_unsupported
    options: dict[str, Any] = {}
    if features:
        options["ignore_unsupported_features"] = EVERYTHING in features or features
    if given.template_sender is not None:
        options["template_sender"] = given.template_sender
    message = None
    if "message" in contents:
        complaint = "the message is no JSON"
        message = _parsed(contents["message"], complaint, ("message", ""), given, contents, colour=colour)
    if "defaults" in contents:
        place: Place = ("options", "/send_defaults")
        complaint = "the defaults are no JSON"
        options["send_defaults"] = _parsed(contents["defaults"], complaint, place, given, contents, colour=colour)
    return Inputs(contents["file"], message, options, given, contents)


def _sources(given: argparse.Namespace, contents: Mapping[str, bytes]) -> Sources:
    from compiler.cli.diagnostics import Source, Sources
    from compiler.cli.source_text import SourceText

    names = files_of(given)

    def source(kind: str) -> Source | None:
        if kind not in contents:
            return None
        # A body may begin with a byte order mark, which is no part of its first line.
        content = contents[kind].removeprefix(BOM_UTF8) if is_body and kind == "file" else contents[kind]
        return Source("standard input" if names[kind] == "-" else names[kind], SourceText(content))

    is_body = given.document != "message"
    sender = given.template_sender
    return Sources(
        message=source("message" if is_body else "file"),
        defaults=source("defaults"),
        template_sender=None if sender is None else Source("--template-sender", SourceText(sender), is_flag=True),
        body=source("file") if is_body else None,
    )


def _parsed(
    content: bytes,
    complaint: str,
    place: Place,
    given: argparse.Namespace,
    contents: Mapping[str, bytes],
    *,
    colour: bool,
) -> Any:
    from compiler.frontend.full import parse_diagnostic
    from compiler.json_io.parse import parse_json

    value, faults = parse_json(content)
    if faults:
        from compiler.cli.diagnostics import shown_diagnostics

        document, above = place
        sources = _sources(given, contents)
        found = (replace(parse_diagnostic(each, document), path=f"{above}{each.path}", hint=None) for each in faults)
        raise UsageError("\n".join([complaint, *shown_diagnostics(found, sources, colour=colour)]))
    return value
