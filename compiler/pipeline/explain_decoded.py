"""Explains what was decoded: why each value of the output is there, and what became of each leaf of the body.

The engine's trace speaks of what the rules read: the body itself, or an object that holds an answer's body beside what
is known of the call. Here it is brought back to the body and, for whom an answer is about, to the message that was
sent. Nothing is decoded differently for being explained.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from compiler.engine import Trace
from compiler.json_io.body import read_body
from compiler.pipeline.compile import DEFAULT_TARGET, Options
from compiler.pipeline.decode import Decoded, decode
from compiler.pipeline.explain import Place, are_few_leaves, explain, leaves, order_of, upwards, written_values
from compiler.pipeline.targets import Target
from compiler.results import Diagnostic, Explanation, Fate, Location

_BODY: Place = ("body", "")
_MESSAGE: Place = ("message", "")
_PAYLOAD = "/payload"  # where the payload that was sent stands in what the rules read of an answer

# A list or object with more leaves than these stands for them all where all are meant. A header of a received mail is
# read from all of its headers, and each of a thousand headers would else name a thousand.
_MANY = 10


def explain_decoded(
    name: str,
    body: object,
    target: str | Target = DEFAULT_TARGET,
    status_code: int | None = None,
    reason: str | None = None,
    message: object = None,
    options: Options | Mapping[str, Any] | None = None,
) -> Explanation:
    """Decodes a body as `decode` does, and tells besides why each value is there and what became of each leaf.

    Locations are places in the document `body`, or, for an answer's recipients, in the message (or its options).
    Raises what `decode` raises, and otherwise explains any body, those with errors too.
    """
    read = read_body(body)
    if not are_few_leaves(read.value):
        return Explanation(decode(name, body, target, status_code, reason, message, options).result, (), ())
    decoded = decode(name, body, target, status_code, reason, message, options, explaining=True)
    trace = None if decoded.outcome is None else decoded.outcome.trace
    if trace is None:
        return Explanation(decoded.result, (), ())
    try:
        sent = None if message is None else explain(message, target, options)
        places = _Places(decoded, sent)
        fates = tuple(_fates(decoded, trace, places))
        if not decoded.result.ok:
            return Explanation(decoded.result, (), fates)
        order = order_of([*places.leaves, *_leaf_places(sent)])
        return Explanation(decoded.result, tuple(written_values(trace, decoded.ruleset, places.of, order)), fates)
    except RecursionError:  # a deep body, handed in by a caller who has used up most of the stack
        return Explanation(decoded.result, (), ())


def _leaf_places(sent: Explanation | None) -> Iterator[Place]:
    for fate in () if sent is None else sent.fates:
        yield fate.location.document, fate.location.path


class _Places:
    """Where people find what the rules read. `leaves` are those of the body."""

    def __init__(self, decoded: Decoded, sent: Explanation | None) -> None:
        self._decoded = decoded
        self._sent = {} if sent is None else {each.pointer: each.inputs for each in sent.payload}
        self.leaves: dict[Place, None] = {("body", path): None for path, _ in leaves(decoded.body.value)}
        self._sizes = _sizes(path for _, path in self.leaves)
        self._known: dict[tuple[str, ...], tuple[Place, ...]] = {}

    def of(self, pointers: tuple[str, ...]) -> tuple[Place, ...]:
        """The places of values that the rules read; none for what was in no document, such as a status code."""
        if pointers not in self._known:  # what a function makes of many values has them all, in each of its own
            found = dict.fromkeys(place for pointer in pointers for place in self._of_one(pointer))
            of_body = _as_wholes([place[1] for place in found if place in self.leaves], self._sizes)
            others = (place for place in found if place not in self.leaves)
            self._known[pointers] = (*(("body", path) for path in of_body), *others)
        return self._known[pointers]

    def _of_one(self, pointer: str) -> tuple[Place, ...]:
        if not self._decoded.is_answer:
            return (("body", pointer),)
        match pointer[1:].partition("/")[0]:
            case "body":
                return (("body", self._decoded.path(pointer)),)
            case "text":
                return (_BODY,)
            case "payload":  # of a message with errors it is not told what its payload would be made of
                inputs = self._sent.get(pointer.removeprefix(_PAYLOAD), ())
                return tuple((each.document, each.path) for each in inputs) or (_MESSAGE,)
            case _:
                return ()


def _sizes(leaf_pointers: Iterable[str]) -> Counter[str]:
    """How many leaves there are in each list and object, and in the whole."""
    return Counter(above for pointer in leaf_pointers for above in _above(pointer))


def _as_wholes(pointers: Collection[str], sizes: Mapping[str, int]) -> Collection[str]:
    """The pointers, with one to a list or object in place of those to all of its leaves, where they are many."""
    if len(pointers) <= _MANY:
        return pointers
    found = _sizes(pointers)
    wholes = {above for above, count in found.items() if count == sizes[above] > _MANY}
    return dict.fromkeys(
        next((above for above in reversed(tuple(_above(pointer))) if above in wholes), pointer) for pointer in pointers
    )


def _above(pointer: str) -> Iterator[str]:
    """What the pointer's value is part of, the innermost first."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _fates(decoded: Decoded, trace: Trace, places: _Places) -> Iterator[Fate]:
    """The fate of each leaf of the body, in its order."""
    diagnosed: dict[Place, list[Diagnostic]] = {}
    for diagnostic in (*decoded.result.errors, *decoded.result.warnings):
        diagnosed.setdefault((diagnostic.document, diagnostic.path), []).append(diagnostic)
    written = _written_at(trace, places) if decoded.result.ok else {}
    overridden: dict[Place, dict[Place, None]] = {}
    for pointer, by in trace.overridden.items() if decoded.result.ok else ():
        for place in places.of((pointer,)):
            overridden.setdefault(place, {}).update(dict.fromkeys(places.of(by)))
    for leaf in places.leaves:
        location = Location(*leaf)
        around = tuple(upwards(leaf))
        spoken = tuple(each for place in around for each in diagnosed.get(place, ()))
        at = tuple(dict.fromkeys(pointer for place in around for pointer in written.get(place, ())))
        if at:
            yield Fate(location, "written", at, diagnostics=spoken)
        elif overridden.get(leaf):
            yield Fate(location, "overridden", by=tuple(Location(*by) for by in overridden[leaf]), diagnostics=spoken)
        elif spoken:
            yield Fate(location, "diagnosed", diagnostics=spoken)
        else:
            yield Fate(location, "nothing" if decoded.result.ok else "undecided")


def _written_at(trace: Trace, places: _Places) -> dict[Place, Collection[str]]:
    """Pointers to the leaves of the output that a place is in."""
    written: dict[Place, dict[str, None]] = {}
    ends = [each for each in trace.written if not isinstance(each.value, dict | list) or not each.value]
    for each in ends:
        is_empty = isinstance(each.value, dict | list)
        for place in places.of(each.inputs):
            if not is_empty or place in places.leaves:  # an empty list made of another list holds nothing of it
                written.setdefault(place, {})[each.pointer] = None
    sizes = _sizes(each.pointer for each in ends)
    return {place: _as_wholes(pointers, sizes) for place, pointers in written.items()}
