"""Explains a message: why each value of the payload is there, and what became of each leaf of the message.

The engine's trace speaks of the canonical message; here it is brought back to the places people know, and joined with
what the front end decided by itself. Nothing is compiled differently for being explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from compiler.engine import Ruleset, Trace
from compiler.frontend.defaults import DEFAULTS, overridden_defaults
from compiler.json_io.pointer import escape
from compiler.mail.encoded_words import decode_encoded_words
from compiler.pipeline.compile import (
    DEFAULT_TARGET,
    Compiled,
    Options,
    compile,  # noqa: A004 - our own
    compile_traced,
    mapping_of,
    too_deep,
)
from compiler.pipeline.targets import Target
from compiler.results import Diagnostic, Explanation, Fate, Location, Reason, Written

Document = Literal["message", "options"]
Place = tuple[Literal["message", "options", "body"], str]
"""A `Location`, as a bare pair."""

_ROOM_FOR_POINTERS = 500_000  # characters


def explain(
    message: object, target: str | Target = DEFAULT_TARGET, options: Options | Mapping[str, Any] | None = None
) -> Explanation:
    """Compiles a message as `compile` does, and tells besides why each value is there and what became of each leaf.

    Raises what `compile` raises, and otherwise explains any message, those with errors too. One with so many leaves
    below long keys that their pointers take far more room than the message is compiled, and nothing is told of them.
    """
    from compiler.json_io.sanitize import sanitize

    try:
        given = sanitize([message, mapping_of(options).get("send_defaults")])[0]
        if not are_few_leaves(given):
            return Explanation(compile(message, target, options), (), ())
        run = compile_traced(message, target, options)
        trace = None if run.outcome is None else run.outcome.trace
        written: tuple[Written, ...] = ()
        if trace is not None and run.result.ok:
            order = order_of(place for place, _ in _leaves(run))
            written = tuple(
                written_values(trace, run.ruleset, lambda inputs: map(run.canonical.locator.locate, inputs), order)
            )
        return Explanation(run.result, written, tuple(_Fates(run, trace).all()))
    except RecursionError:  # a deep message, handed in by a caller who has used up most of the stack
        return Explanation(too_deep(), (), ())


def written_values(
    trace: Trace, ruleset: Ruleset, places: Callable[[tuple[str, ...]], Iterable[Place]], order: Mapping[Place, int]
) -> Iterator[Written]:
    """Each value of the output with its reasons, and the places that `places` gives for the pointers to its inputs.

    These are sorted as `order` numbers them.
    """
    reasons = {rule.id: Reason(rule.id, rule.doc, rule.source) for rule in ruleset.all_rules}
    rank = {name: index for index, name in enumerate(reasons)}
    for each in trace.written:
        if each.pointer:
            inputs = sorted(set(places(each.inputs)), key=lambda place: (order.get(place, len(order)), place))
            rules = sorted(each.rules, key=rank.__getitem__)
            yield Written(
                each.pointer,
                each.value,
                tuple(reasons[rule] for rule in rules),
                tuple(Location(document, path) for document, path in inputs),
            )


def order_of(leaf_places: Iterable[Place]) -> dict[Place, int]:
    """The number of each of these places, and of all they are part of, in their order."""
    order: dict[Place, int] = {}
    for leaf in leaf_places:
        for place in upwards(leaf):
            order.setdefault(place, len(order))
    return order


def _documents(run: Compiled) -> tuple[tuple[Document, str, Any], ...]:
    """The documents whose leaves have fates: which, where in it, and what."""
    message: tuple[Document, str, Any] = ("message", "", run.message)
    defaults = run.options.get("send_defaults")
    return (message,) if defaults is None else (message, ("options", DEFAULTS, defaults))


def _leaves(run: Compiled) -> Iterator[tuple[tuple[Document, str], Any]]:
    """Each leaf with its place, in the order of the message and then of the defaults."""
    for document, above, value in _documents(run):
        for path, leaf in leaves(value, above):
            yield (document, path), leaf


class _Fates:
    """What became of each leaf, by its place in the message or in the defaults."""

    def __init__(self, run: Compiled, trace: Trace | None) -> None:
        self._run = run
        self._diagnosed: dict[Place, list[Diagnostic]] = {}
        for diagnostic in (*run.result.errors, *run.result.warnings):
            if diagnostic.document != "body":
                self._diagnosed.setdefault((diagnostic.document, diagnostic.path), []).append(diagnostic)
        self._written: dict[Place, dict[str, None]] = {}
        self._overridden: dict[Place, dict[Place, None]] = {}
        for default, message in overridden_defaults(run.message, run.options.get("send_defaults")):
            self._overridden.setdefault(("options", default), {})[("message", message)] = None
        if trace is None:
            return
        place = run.canonical.locator.locate
        for each in trace.written:
            if not isinstance(each.value, dict | list) or not each.value:
                for pointer in each.inputs:
                    self._written.setdefault(place(pointer), {})[each.pointer] = None
        for pointer, by in trace.overridden.items():
            self._overridden.setdefault(place(pointer), {}).update((place(other), None) for other in by)

    def all(self) -> Iterator[Fate]:
        """The fates of all leaves, in the order of the message and then of the defaults."""
        for place, leaf in _leaves(self._run):
            yield self._fate(place, leaf)

    def _fate(self, place: tuple[Document, str], leaf: Any) -> Fate:
        location = Location(*place)
        spoken = tuple(each for above in upwards(place) for each in self._diagnosed.get(above, ()))
        decided = decided_by(place, self._run.message, self._run.options.get("send_defaults"))
        at = tuple(dict.fromkeys(pointer for above in upwards(decided) for pointer in self._written.get(above, ())))
        if at:
            return Fate(location, "written", at, diagnostics=spoken)
        by = dict.fromkeys(other for above in upwards(decided) for other in self._overridden.get(above, ()))
        by.pop(decided, None)
        if by:
            return Fate(location, "overridden", by=tuple(Location(*other) for other in by), diagnostics=spoken)
        if spoken and (place in self._diagnosed or not says_nothing(leaf)):
            return Fate(location, "diagnosed", diagnostics=spoken)
        is_nothing = says_nothing(leaf) or place == ("message", "/$schema")
        return Fate(location, "nothing" if is_nothing else "undecided", diagnostics=spoken)


def upwards(place: Place) -> Iterator[Place]:
    """The place, and all it is part of."""
    document, path = place
    while path:
        yield document, path
        path = path.rpartition("/")[0]
    yield document, ""


def leaves(document: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each string, number, boolean, null, empty list and empty object of a plain value, with its pointer, in order."""
    if isinstance(document, dict) and document:
        for key, value in document.items():
            yield from leaves(value, f"{path}/{escape(key)}")
    elif isinstance(document, list) and document:
        for index, value in enumerate(document):
            yield from leaves(value, f"{path}/{index}")
    else:
        yield path, document


def are_few_leaves(document: Any) -> bool:
    """Whether the pointers to the leaves of a plain value take no more room than some thirty times the value.

    A document with a long key and many leaves below it has pointers that take the square of its length.
    """
    pointers = size = 0
    waiting: list[tuple[int, Any]] = [(0, document)]
    while waiting:
        length, value = waiting.pop()
        size += 1
        if isinstance(value, dict):
            size += sum(map(len, value))
            waiting += ((length + len(key) + 1, inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting += ((length + 7, inner) for inner in value)
        else:
            size += len(value) if isinstance(value, str) else 1
            pointers += length
    return pointers <= _ROOM_FOR_POINTERS + 30 * size


def decided_by(place: tuple[Document, str], message: Any, defaults: Any) -> tuple[Document, str]:
    """The leaf whose fate this one shares: what only says how another is meant is written with that."""
    document, path = place
    if place == ("message", "/content_subtype"):
        return _body(message, defaults) or place
    field, _, rest = path.removeprefix(DEFAULTS if document == "options" else "").removeprefix("/").partition("/")
    if field == "attachments" and rest.endswith(("/encoding", "/disposition")):
        return document, f"{path.rpartition('/')[0]}/content"
    return place


def says_nothing(leaf: Any) -> bool:
    """Whether there is nothing in a leaf that could be written: it is null, empty, or a blank text."""
    if isinstance(leaf, str):
        return not decode_encoded_words(leaf).strip().strip(" \t<>")  # a blank name, Reply-To header or content id
    return leaf is None or leaf in ([], {})


def _body(message: Any, defaults: Any) -> tuple[Document, str] | None:
    """Where the body stands that a content subtype is about."""
    if isinstance(message, dict) and "body" in message:
        return None if message["body"] is None else ("message", "/body")
    if isinstance(defaults, dict) and defaults.get("body") is not None:
        return "options", f"{DEFAULTS}/body"
    return None
