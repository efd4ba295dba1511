"""Formats an explanation for people: each property of the output with its reasons, then the unused inputs.

    /Subject: "Hello"
      rule    subject
      why     The subject is a property, and no header.
      source  Mailjet Send API v3 guide: send API v3 properties
      from    /subject

Values with the same reasons are grouped. Nothing is read or printed here.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.cli.diagnostics import Sources, style
from compiler.explanations import Explanation, LeafStatus, Provenance, RuleReference
from compiler.json_io.control_characters import escape_control_characters
from compiler.results import Location

_WIDTH = 100
_MAX_VALUE_LENGTH = 80
_MAX_LOCATIONS = 3  # of one field; of more, only the first and the last are shown


@dataclass(frozen=True, slots=True)
class _Labels:
    """The fixed texts for a compiled message, or for a decoded body."""

    no_output: str
    no_input: str
    whole: str
    all_written: str
    not_written: str
    nothing: str

    def status(self, name: str) -> str:
        """The text for a status."""
        texts = {
            "overridden": "overridden",
            "diagnosed": "not written",
            "undecided": "unknown, because of the errors",
        }
        return texts.get(name, self.nothing)


_MESSAGE_LABELS = _Labels(
    no_output="There is no payload: the message has errors.",
    no_input="no input: the rule always writes it",
    whole="the message as a whole",
    all_written="All inputs are written.",
    not_written="Not written:",
    nothing="nothing to write",
)
_BODY_LABELS = _Labels(
    no_output="There is no output: the body has errors.",
    no_input="no value of the body: the rule always writes it",
    whole="the body as a whole",
    all_written="All values of the body are in the output.",
    not_written="Not in the output:",
    nothing="not represented in the output",
)


def format_explanation(explanation: Explanation, sources: Sources, *, color: bool) -> str:
    """Formats an explanation, as several lines."""
    labels = _labels(sources)
    blocks = []
    if explanation.result.errors:
        blocks.append(labels.no_output)
    for pointer, group in _group_by_reason(explanation.payload):
        blocks.append("\n".join(_property_lines(pointer, group, sources, color=color)))
    unused = list(_unused_lines(explanation.statuses, sources, color=color))
    if unused:
        blocks.append("\n".join([style(labels.not_written, "text", color=color), *unused]))
    elif not explanation.result.errors:
        blocks.append(labels.all_written)
    links = {each.code: each.url for status in explanation.statuses for each in status.diagnostics}
    if links:
        width = max(map(len, links))
        rows = [f"  {style(f'{code:<{width}}', 'text', color=color)}  {url}" for code, url in links.items()]
        blocks.append("\n".join(["See:", *rows]))
    return "\n\n".join(blocks)


def _labels(sources: Sources) -> _Labels:
    return _MESSAGE_LABELS if sources.body is None else _BODY_LABELS


def _group_by_reason(payload: Iterable[Provenance]) -> list[tuple[str, list[Provenance]]]:
    """Groups the values to show; values in the items of one list are grouped if they have the same reasons.

    A container written by one rule is shown as one value; of a container written by several, the parts are shown.
    """
    lists: set[str] = set()
    groups: dict[tuple[str, tuple[RuleReference, ...]], list[Provenance]] = {}
    prefix = ""  # of the values in the last container that is shown as one value
    for value in payload:
        if isinstance(value.value, list):
            lists.add(value.pointer)
        if prefix and value.pointer.startswith(prefix):
            continue
        if isinstance(value.value, dict | list) and value.value and len(value.reasons) > 1:
            continue
        prefix = f"{value.pointer}/"
        groups.setdefault((_pattern(value.pointer, lists), value.reasons), []).append(value)
    return [(pattern if len(group) > 1 else group[0].pointer, group) for (pattern, _), group in groups.items()]


def _pattern(pointer: str, lists: set[str]) -> str:
    """The pointer, with `*` for the indexes of lists."""
    parent, tokens = "", []
    for token in pointer.split("/")[1:]:
        tokens.append("*" if parent in lists else token)
        parent = f"{parent}/{token}"
    return "".join(f"/{token}" for token in tokens)


def _property_lines(pointer: str, group: Sequence[Provenance], sources: Sources, *, color: bool) -> Iterator[str]:
    text = escape_control_characters(_shorten(group[0].value))
    count = f" … ({len(group)} values)" if len(group) > 1 else ""
    yield f"{style(f'{escape_control_characters(pointer)}:', 'text', color=color)} {text}{count}"
    for reason in group[0].reasons:
        yield _labeled("rule", reason.rule, color=color)
        yield _labeled("why", reason.doc, color=color)
        yield _labeled("source", reason.source, color=color)
        if reason.urls:
            yield _labeled_lines("link", map(escape_control_characters, dict.fromkeys(reason.urls)), color=color)
        if reason.file is not None:
            yield _labeled("file", reason.file, color=color)
    inputs = dict.fromkeys(location for value in group for location in value.inputs)
    yield _labeled_lines("from", _summary(inputs, sources) or [_labels(sources).no_input], color=color)


def _labeled(label: str, text: str, *, color: bool) -> str:
    lines = textwrap.wrap(escape_control_characters(text), _WIDTH - 10, break_long_words=False, break_on_hyphens=False)
    return _labeled_lines(label, lines, color=color)


def _labeled_lines(label: str, lines: Iterable[str], *, color: bool) -> str:
    indented = f"\n{'':10}".join(lines)
    return f"  {style(f'{label:<6}', 'margin', color=color)}  {indented}"


def _shorten(value: Any) -> str:
    text = ""
    for chunk in json.JSONEncoder(ensure_ascii=False).iterencode(value):
        text += chunk
        if len(text) > _MAX_VALUE_LENGTH:
            count = f" ({len(value)} items)" if isinstance(value, list) and len(value) > 1 else ""
            return f"{text[:_MAX_VALUE_LENGTH]}…{count}"
    return text


def _summary(locations: Iterable[Location], sources: Sources) -> list[str]:
    """The locations; of many in one field, the first and the last. A body counts as one field."""
    fields: dict[tuple[str, str], list[str]] = {}
    for location in locations:
        name, path, source = sources.resolve(location.document, location.path)
        prefix = "" if source is sources.main else f"{name} "
        field = "" if location.document == "body" else _field(path)
        fields.setdefault((name, field), []).append(escape_control_characters(f"{prefix}{path}".rstrip()))
    lines = []
    for paths in fields.values():
        if len(paths) > _MAX_LOCATIONS:
            lines.append(f"{paths[0]} … {paths[-1]} ({len(paths)} values)")
        else:
            lines.extend(paths)
    return [line or _labels(sources).whole for line in lines]


def _field(path: str) -> str:
    """The field by which a path is grouped: its first name. A body may be a list; then the index is skipped."""
    return next((token for token in path.split("/")[1:] if not token.isdecimal()), "")


def _unused_lines(statuses: Iterable[LeafStatus], sources: Sources, *, color: bool) -> Iterator[str]:
    """The leaves that were not simply written, grouped by field, status and diagnostics."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[LeafStatus]] = {}
    for leaf in statuses:
        if leaf.status != "written":
            name, path, _ = sources.resolve(leaf.location.document, leaf.location.path)
            codes = tuple(dict.fromkeys(diagnostic.code for diagnostic in leaf.diagnostics))
            groups.setdefault((name, _field(path), leaf.status, codes), []).append(leaf)
    for (_, _, status, codes), group in groups.items():
        locations = ", ".join(_summary((leaf.location for leaf in group), sources))
        text = _labels(sources).status(status)
        by = _summary(dict.fromkeys(location for leaf in group for location in leaf.by), sources)
        text += f" by {', '.join(by)}" if by else ""
        text += f": {', '.join(codes)}" if codes else ""
        yield f"  {style(f'{locations}:', 'text', color=color)} {text}"
