"""How an explanation is shown to people: each property of the output with its reasons, then what is not in it.

    /Subject: "Hello"
      rule    subject
      why     The subject is a property, and no header.
      source  Mailjet Send API v3 guide: send API v3 properties
      from    /subject

What many values have in common is said once. Here lives text, made of values: nothing is read or printed, and nothing
explained that an Explanation does not hold.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.cli.diagnostics import Sources, style
from compiler.json_io.control_characters import escape_control_characters
from compiler.results import Explanation, Fate, Location, Reason, Written

_WIDTH = 100
_LONGEST_VALUE = 80
_MOST_PLACES = 3  # of one field; more are told by the first and the last


@dataclass(frozen=True, slots=True)
class _Labels:
    """What is said of a message that was compiled, or of a body that was decoded."""

    no_output: str
    no_input: str
    whole: str
    all_written: str
    not_written: str
    nothing: str

    def fate(self, name: str) -> str:
        """The fate of this name."""
        fates = {"overridden": "overridden", "diagnosed": "not written", "undecided": "open, because of the errors"}
        return fates.get(name, self.nothing)


_OF_MESSAGES = _Labels(
    no_output="There is no payload: the message has errors.",
    no_input="no input: it is always so",
    whole="the message as a whole",
    all_written="All that was given is written.",
    not_written="Given, but not written:",
    nothing="nothing to write",
)
_OF_BODIES = _Labels(
    no_output="There is no output: the errors say why.",
    no_input="no value of the body: it is the rule's own",
    whole="the body as a whole",
    all_written="All of the body is in the output.",
    not_written="In the body, but not in the output:",
    nothing="the output has no value of its own for it",
)


def format_explanation(explanation: Explanation, sources: Sources, *, color: bool) -> str:
    """The explanation as a text of many lines."""
    words = _words(sources)
    blocks = []
    if explanation.result.errors:
        blocks.append(words.no_output)
    for pointer, group in _group_by_reason(explanation.payload):
        blocks.append("\n".join(_property_lines(pointer, group, sources, color=color)))
    rest = list(_fate_lines(explanation.fates, sources, color=color))
    if rest:
        blocks.append("\n".join([style(words.not_written, "text", color=color), *rest]))
    elif not explanation.result.errors:
        blocks.append(words.all_written)
    return "\n\n".join(blocks)


def _words(sources: Sources) -> _Labels:
    return _OF_MESSAGES if sources.body is None else _OF_BODIES


def _group_by_reason(payload: Iterable[Written]) -> list[tuple[str, list[Written]]]:
    """The values that are told by themselves, those in items of one list that have the same reasons together.

    What one rule has written is told as a whole; of what several have, the parts are told.
    """
    lists: set[str] = set()
    groups: dict[tuple[str, tuple[Reason, ...]], list[Written]] = {}
    whole = ""
    for each in payload:
        if isinstance(each.value, list):
            lists.add(each.pointer)
        if whole and each.pointer.startswith(whole):
            continue
        if isinstance(each.value, dict | list) and each.value and len(each.reasons) > 1:
            continue
        whole = f"{each.pointer}/"
        groups.setdefault((_pattern(each.pointer, lists), each.reasons), []).append(each)
    return [(pattern if len(group) > 1 else group[0].pointer, group) for (pattern, _), group in groups.items()]


def _pattern(pointer: str, lists: set[str]) -> str:
    """The pointer with `*` for the indexes of lists."""
    above, tokens = "", []
    for token in pointer.split("/")[1:]:
        tokens.append("*" if above in lists else token)
        above = f"{above}/{token}"
    return "".join(f"/{token}" for token in tokens)


def _property_lines(pointer: str, group: Sequence[Written], sources: Sources, *, color: bool) -> Iterator[str]:
    value = escape_control_characters(_shortened(group[0].value))
    count = f" … ({len(group)} values)" if len(group) > 1 else ""
    yield f"{style(f'{escape_control_characters(pointer)}:', 'text', color=color)} {value}{count}"
    for reason in group[0].reasons:
        yield _labelled("rule", reason.rule, color=color)
        yield _labelled("why", reason.doc, color=color)
        yield _labelled("source", reason.source, color=color)
    inputs = dict.fromkeys(location for each in group for location in each.inputs)
    yield _labelled_lines("from", _summary(inputs, sources) or [_words(sources).no_input], color=color)


def _labelled(label: str, text: str, *, color: bool) -> str:
    lines = textwrap.wrap(escape_control_characters(text), _WIDTH - 10, break_long_words=False, break_on_hyphens=False)
    return _labelled_lines(label, lines, color=color)


def _labelled_lines(label: str, lines: Iterable[str], *, color: bool) -> str:
    shown = f"\n{'':10}".join(lines)
    return f"  {style(f'{label:<6}', 'margin', color=color)}  {shown}"


def _shortened(value: Any) -> str:
    text = ""
    for chunk in json.JSONEncoder(ensure_ascii=False).iterencode(value):
        text += chunk
        if len(text) > _LONGEST_VALUE:
            count = f" ({len(value)} items)" if isinstance(value, list) and len(value) > 1 else ""
            return f"{text[:_LONGEST_VALUE]}…{count}"
    return text


def _summary(locations: Iterable[Location], sources: Sources) -> list[str]:
    """The places, those of one field by the first and the last of them where they are many; a body counts as one."""
    fields: dict[tuple[str, str], list[str]] = {}
    for location in locations:
        name, path, source = sources.resolve(location.document, location.path)
        prefix = "" if source is sources.main else f"{name} "
        field = "" if location.document == "body" else _field(path)
        fields.setdefault((name, field), []).append(escape_control_characters(f"{prefix}{path}".rstrip()))
    shown = []
    for places in fields.values():
        if len(places) > _MOST_PLACES:
            shown.append(f"{places[0]} … {places[-1]} ({len(places)} values)")
        else:
            shown.extend(places)
    return [place or _words(sources).whole for place in shown]


def _field(path: str) -> str:
    """What a place is grouped by: its first name. A body may be a list, whose items are alike."""
    return next((token for token in path.split("/")[1:] if not token.isdecimal()), "")


def _fate_lines(fates: Iterable[Fate], sources: Sources, *, color: bool) -> Iterator[str]:
    """What became of the leaves that were not simply written; those of one field that fared alike together."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Fate]] = {}
    for fate in fates:
        if fate.fate != "written":
            name, path, _ = sources.resolve(fate.location.document, fate.location.path)
            codes = tuple(dict.fromkeys(each.code for each in fate.diagnostics))
            groups.setdefault((name, _field(path), fate.fate, codes), []).append(fate)
    for (_, _, name_of_fate, codes), group in groups.items():
        places = ", ".join(_summary((each.location for each in group), sources))
        what = _words(sources).fate(name_of_fate)
        by = _summary(dict.fromkeys(location for each in group for location in each.by), sources)
        what += f" by {', '.join(by)}" if by else ""
        what += f": {', '.join(codes)}" if codes else ""
        yield f"  {style(f'{places}:', 'text', color=color)} {what}"
