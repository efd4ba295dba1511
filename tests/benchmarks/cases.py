"""What is measured within this process: the compiler beside other ways to do the same.

Each case has the compiler first. Compiling takes a message and gives a payload, both as Python has them, and is put
beside reading and writing the message as JSON, which whoever sends it does anyway. Decoding takes text, and is put
beside reading that text. Programs are measured in `programs`.
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
    """A task and the ways to do it.

    ways: the compiler's first. text: the document as JSON. message: what Anymail is given, if it can do it at all; its
    way ends in JSON text, so `written` is the compiler's way to the same.
    """

    name: str
    title: str
    ways: Mapping[str, Run]
    text: str
    message: Message | None = None
    written: Run | None = None


def _message(name: str, title: str, message: Message, *, with_anymail: bool = True) -> Case:
    ways = {
        COMPILER: lambda: compiler.compile(message),
        JSON: round_trip(message),
        BY_HAND: lambda: _refusable(message),
    }
    text = json.dumps(message)
    if not with_anymail:
        return Case(name, title, ways, text)
    return Case(name, title, ways, text, message, lambda: json.dumps(compiler.compile(message).payload))


def split(name: str, title: str, message: Message) -> Case:
    """A message for too many recipients, cut, and each part compiled."""

    def ours() -> list[object]:
        return [compiler.compile(part).payload for part in compiler.split(message).unwrap()]

    ways = {
        COMPILER: ours,
        JSON: round_trip(message),
        BY_HAND: lambda: [message_by_hand(part) for part in split_by_hand(message)],
    }
    return Case(name, title, ways, json.dumps(message), message, lambda: json.dumps(ours()))


def _events(name: str, title: str, text: str) -> Case:
    ways = {
        COMPILER: lambda: compiler.decode_events(text),
        JSON: lambda: json.loads(text),
        BY_HAND: lambda: events_by_hand(text),
    }
    return Case(name, title, ways, text)


def _inbound(name: str, title: str, text: str) -> Case:
    return Case(name, title, {COMPILER: lambda: compiler.decode_inbound(text), JSON: lambda: json.loads(text)}, text)


def round_trip(message: Message) -> Run:
    """Reading the message's JSON and writing it."""
    text = json.dumps(message)
    return lambda: (json.loads(text), json.dumps(message))


def attachment(size: int) -> Case:
    """A message with one attachment of this many bytes."""
    return _message("attachment", "a message with a 5 MB attachment", documents.attached(size))


def _refusable(message: Message) -> object:
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
    """The case of this name, its documents as large as the effort says."""
    return _MAKERS[name](effort)
