"""Benchmarks within this process: the compiler and other ways to do the same.

Compiling takes a message and returns a payload, both as Python values; its baseline is reading and writing the message
as JSON, which every sender has to do anyway. Decoding takes text; its baseline is parsing that text. See `programs` for
the benchmarks of programs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

import compiler
from tests.benchmarks import documents
from tests.benchmarks.by_hand import RefusedError, events_by_hand, message_by_hand, split_by_hand
from tests.benchmarks.documents import Message
from tests.benchmarks.timing import Effort, Run

COMPILER = "the compiler"
JSON = "JSON"
BY_HAND = "by hand"
ANYMAIL = "Anymail"
OWN_SIZE = "its own size"


@dataclass(frozen=True, slots=True)
class Case:
    """A task and its implementations.

    variants: the compiler's first. text: the document as JSON. message: Anymail's input, or None if it does not support
    the task. with_json_output: the compiler's variant that ends in JSON text, as Anymail's does.
    """

    name: str
    title: str
    variants: Mapping[str, Run]
    text: str
    message: Message | None = None
    with_json_output: Run | None = None


def _message(name: str, title: str, message: Message, *, with_anymail: bool = True) -> Case:
    variants = {
        COMPILER: lambda: compiler.compile(message),
        JSON: round_trip(message),
        BY_HAND: lambda: _message_by_hand_or_none(message),
    }
    text = json.dumps(message)
    if not with_anymail:
        return Case(name, title, variants, text)
    return Case(name, title, variants, text, message, lambda: json.dumps(compiler.compile(message).payload))


def split(name: str, title: str, message: Message) -> Case:
    """A message for too many recipients: split, and each part compiled."""

    def compile_parts() -> list[object]:
        return [compiler.compile(part).payload for part in compiler.split(message).unwrap()]

    variants = {
        COMPILER: compile_parts,
        JSON: round_trip(message),
        BY_HAND: lambda: [message_by_hand(part) for part in split_by_hand(message)],
    }
    return Case(name, title, variants, json.dumps(message), message, lambda: json.dumps(compile_parts()))


def _events(name: str, title: str, text: str) -> Case:
    variants = {
        COMPILER: lambda: compiler.decode_events(text),
        JSON: lambda: json.loads(text),
        BY_HAND: lambda: events_by_hand(text),
    }
    return Case(name, title, variants, text)


def _inbound(name: str, title: str, text: str) -> Case:
    return Case(name, title, {COMPILER: lambda: compiler.decode_inbound(text), JSON: lambda: json.loads(text)}, text)


def round_trip(message: Message) -> Run:
    """Reads the message's JSON and writes it."""
    text = json.dumps(message)
    return lambda: (json.loads(text), json.dumps(message))


def attachment(size: int) -> Case:
    """A message with one attachment of this many bytes."""
    return _message("attachment", "a message with a 5 MB attachment", documents.attached(size))


def _message_by_hand_or_none(message: Message) -> object:
    with suppress(RefusedError):
        return message_by_hand(message)
    return None


_FOUR = "a message with four mistakes"
_MAKERS: Mapping[str, Callable[[Effort], Case]] = MappingProxyType(
    {
        "simple": lambda _: _message("simple", "a simple message", documents.simple()),
        "merge-50": lambda _: _message("merge-50", "50 merge recipients", documents.merged(50)),
        "recipients-1000": lambda effort: split(
            "recipients-1000", "1,000 recipients, split", documents.merged(effort.sized(1000))
        ),
        "attachment": lambda effort: attachment(effort.sized(5_000_000)),
        "four-mistakes": lambda _: _message("four-mistakes", _FOUR, documents.four_mistakes(), with_anymail=False),
        "event": lambda _: _events("event", "one event", documents.events(1)),
        "events-10000": lambda effort: _events("events-10000", "10,000 events", documents.events(effort.sized(10_000))),
        "inbound": lambda effort: _inbound("inbound", "a received message", documents.inbound(effort.sized(100_000))),
    }
)

NAMES = tuple(_MAKERS)


def case(name: str, effort: Effort) -> Case:
    """The case of this name, with documents of the size for this effort."""
    return _MAKERS[name](effort)
