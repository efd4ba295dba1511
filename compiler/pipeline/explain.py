"""Explains results: why each value of the output is there, and what became of each leaf of the input.

The engine's trace has pointers into what the rules read: the canonical message, a body, or an object with a response.
`_Sources` maps them to places in the user's documents; the rest is the same for messages and bodies. Explaining does
not change how anything is compiled or decoded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, overload

from compiler.engine import Ruleset, Trace
from compiler.explanations import Explanation, LeafStatus, Provenance, RuleReference
from compiler.frontend.defaults import DEFAULTS, overridden_defaults
from compiler.frontend.fields import parse_policy
from compiler.json_io.body import read_body
from compiler.json_io.pointer import escape_token
from compiler.json_io.sanitize import sanitize
from compiler.mail.encoded_words import decode_encoded_words
from compiler.pipeline.compile import (
    DEFAULT_TARGET,
    CompileTrace,
    Options,
    compile,  # noqa: A004 - our own
    compile_with_trace,
    nesting_too_deep_result,
    normalize_options,
)
from compiler.pipeline.decode import Decoded, decode
from compiler.pipeline.targets import Target
from compiler.results import Diagnostic, Location

if TYPE_CHECKING:
    from compiler.documents import Payload, PayloadV31

Place = tuple[Literal["message", "options", "body"], str]
"""A `Location`, as a bare pair."""

Places = dict[Place, dict[Any, None]]
"""For each place, in order: pointers into the output, or other places."""

_ROOM_FOR_POINTERS = 500_000  # characters

# A list or object with more leaves than this stands for them if all are meant. A header of a received mail is read
# from all of its headers, so each of a thousand headers would otherwise list a thousand.
_MANY = 10


@overload
def explain(
    message: object, target: Literal["mailjet-v3"] = ..., options: Options | Mapping[str, Any] | None = None
) -> Explanation[Payload]: ...
@overload
def explain(
    message: object, target: Literal["mailjet-v3.1"], options: Options | Mapping[str, Any] | None = None
) -> Explanation[PayloadV31]: ...
@overload
def explain(
    message: object, target: str | Target, options: Options | Mapping[str, Any] | None = None
) -> Explanation[Any]: ...
def explain(
    message: object, target: str | Target = DEFAULT_TARGET, options: Options | Mapping[str, Any] | None = None
) -> Explanation[Any]:
    """Compiles a message as `compile` does, and explains why each value is there and what became of each leaf.

    Raises what `compile` raises, and otherwise explains any message, also one with errors. One with so many leaves
    below long keys that their pointers take far more room than the message is compiled, but not explained.
    """
    try:
        if not are_few_leaves(sanitize([message, normalize_options(options).get("send_defaults")])[0]):
            return Explanation(compile(message, target, options), (), ())
        run = compile_with_trace(message, target, options)
        sources = _MessageSources(run)
        trace = None if run.outcome is None else run.outcome.trace
        written: tuple[Provenance, ...] = ()
        if trace is not None and run.result.ok:
            written = tuple(_written_values(trace, run.ruleset, sources, sources.leaves))
        return Explanation(
            run.result, written, tuple(_statuses(sources, trace, run.result.errors + run.result.warnings))
        )
    except RecursionError:  # a deep message; the caller has used up most of the stack
        return Explanation(nesting_too_deep_result(), (), ())


def explain_decoded(
    name: str,
    body: object,
    target: str | Target = DEFAULT_TARGET,
    status_code: int | None = None,
    reason: str | None = None,
    message: object = None,
    options: Options | Mapping[str, Any] | None = None,
) -> Explanation:
    """Decodes a body as `decode` does, and explains why each value is there and what became of each leaf.

    Locations are places in the document `body`, or, for the recipients of a response, in the message (or its options).
    Raises what `decode` raises, and otherwise explains any body, also one with errors.
    """
    if not are_few_leaves(read_body(body).value):
        return Explanation(decode(name, body, target, status_code, reason, message, options).result, (), ())
    decoded = decode(name, body, target, status_code, reason, message, options, explaining=True)
    result, trace = decoded.result, None if decoded.outcome is None else decoded.outcome.trace
    if trace is None:
        return Explanation(result, (), ())
    try:
        sent = None if message is None else explain(message, target, options)
        sources = _BodySources(decoded, sent)
        statuses = tuple(_statuses(sources, trace if result.ok else None, result.errors + result.warnings))
        if not result.ok:
            return Explanation(result, (), statuses)
        sent_leaves = (
            [] if sent is None else [(status.location.document, status.location.path) for status in sent.statuses]
        )
        return Explanation(
            result, tuple(_written_values(trace, decoded.ruleset, sources, [*sources.leaves, *sent_leaves])), statuses
        )
    except RecursionError:  # a deep body; the caller has used up most of the stack
        return Explanation(result, (), ())


# --- Messages and bodies ----------------------------------------------------------------------------------------------


class _Sources(Protocol):
    """Maps what the rules read to places in the user's documents."""

    leaves: dict[Place, Any]

    def places(self, pointers: tuple[str, ...]) -> Iterable[Place]:
        """The places of values that the rules read at these pointers."""

    def governing(self, place: Place) -> Place:
        """The leaf whose status a leaf shares."""

    def written(self, trace: Trace) -> Mapping[Place, Collection[str]]:
        """The pointers to the leaves of the output that a place is used in."""

    def overridden(self, trace: Trace | None) -> Places:
        """For each overridden place, the places of what was used instead."""

    def is_blank(self, place: Place) -> bool:
        """Whether a leaf has no content that could be written."""

    def rest(self, place: Place) -> Literal["nothing", "undecided"]:
        """The status of a leaf that is not written, overridden or diagnosed."""


def _written_values(trace: Trace, ruleset: Ruleset, sources: _Sources, leaves: Iterable[Place]) -> Iterator[Provenance]:
    """Each value of the output with its reasons, and the places of its inputs in the order of the leaves."""
    order: dict[Place, int] = {}
    for leaf in leaves:
        for place in _ancestors_or_self(leaf):
            order.setdefault(place, len(order))
    reasons = {
        rule.id: RuleReference(rule.id, rule.doc, rule.source, rule.urls, rule.file or None)
        for rule in ruleset.all_rules
    }
    rank = {name: index for index, name in enumerate(reasons)}
    for value in trace.written:
        if value.pointer:
            inputs = sorted(set(sources.places(value.inputs)), key=lambda place: (order.get(place, len(order)), place))
            rules = sorted(value.rules, key=rank.__getitem__)
            locations = tuple(Location(document, path) for document, path in inputs)
            yield Provenance(value.pointer, value.value, tuple(reasons[rule] for rule in rules), locations)


def _statuses(sources: _Sources, trace: Trace | None, diagnostics: Iterable[Diagnostic]) -> Iterator[LeafStatus]:
    """What became of each leaf, in order."""
    diagnosed: dict[Place, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        diagnosed.setdefault((diagnostic.document, diagnostic.path), []).append(diagnostic)
    written = {} if trace is None else sources.written(trace)
    overridden = sources.overridden(trace)
    for place in sources.leaves:
        location = Location(*place)
        reported = tuple(
            diagnostic for ancestor in _ancestors_or_self(place) for diagnostic in diagnosed.get(ancestor, ())
        )
        leaf = sources.governing(place)
        at = tuple(
            dict.fromkeys(pointer for ancestor in _ancestors_or_self(leaf) for pointer in written.get(ancestor, ()))
        )
        by = overridden.get(leaf, {})
        if at:
            yield LeafStatus(location, "written", at, diagnostics=reported)
        elif by:
            yield LeafStatus(location, "overridden", by=tuple(Location(*other) for other in by), diagnostics=reported)
        elif reported and (place in diagnosed or not sources.is_blank(place)):
            yield LeafStatus(location, "diagnosed", diagnostics=reported)
        else:
            yield LeafStatus(location, sources.rest(place), diagnostics=reported)


def leaves(document: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each string, number, boolean, null, empty list and empty object of a plain value, with its pointer, in order."""
    if isinstance(document, dict) and document:
        for key, value in document.items():
            yield from leaves(value, f"{path}/{escape_token(key)}")
    elif isinstance(document, list) and document:
        for index, value in enumerate(document):
            yield from leaves(value, f"{path}/{index}")
    else:
        yield path, document


def are_few_leaves(document: Any) -> bool:
    """Whether the pointers to the leaves of a plain value take no more room than some thirty times the value.

    The pointers of a document with a long key and many leaves below it grow with the square of its length.
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


def _ancestors_or_self(place: Place) -> Iterator[Place]:
    """The place and its ancestors, the innermost first."""
    document, path = place
    yield document, path
    for ancestor in _ancestors(path):
        yield document, ancestor


def _ancestors(pointer: str) -> Iterator[str]:
    """The pointers to the ancestors of a value, the innermost first."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


# --- Messages ---------------------------------------------------------------------------------------------------------


class _MessageSources:
    """The message and its defaults."""

    def __init__(self, run: CompileTrace) -> None:
        self._message, self._defaults = run.message, run.options.get("send_defaults")
        self._policy = parse_policy(run.ruleset.policy)
        self._locate = run.canonical.locator.locate
        self.leaves: dict[Place, Any] = {("message", path): leaf for path, leaf in leaves(self._message)}
        if self._defaults is not None:
            self.leaves.update((("options", path), leaf) for path, leaf in leaves(self._defaults, DEFAULTS))

    def places(self, pointers: tuple[str, ...]) -> Iterable[Place]:
        return map(self._locate, pointers)

    def governing(self, place: Place) -> Place:
        """A field that only describes another value shares its status.

        The type of the body is that of the body, the encoding of an attachment that of its content, and how a message
        is delivered that of its first recipient.
        """
        document, path = place
        if path == "/delivery" or (path == f"{DEFAULTS}/delivery" and "delivery" not in (self._message or {})):
            starts = ("/to/", f"{DEFAULTS}/to/")
            return next((leaf for leaf in self.leaves if leaf[1].startswith(starts)), place)
        if place == ("message", "/content_subtype"):
            return self._body() or place
        field, _, subpath = (
            path.removeprefix(DEFAULTS if document == "options" else "").removeprefix("/").partition("/")
        )
        if field == "attachments" and subpath.endswith(("/encoding", "/disposition")):
            return document, f"{path.rpartition('/')[0]}/content"
        return place

    def _body(self) -> Place | None:
        if isinstance(self._message, dict) and "body" in self._message:
            return None if self._message["body"] is None else ("message", "/body")
        has_default = isinstance(self._defaults, dict) and self._defaults.get("body") is not None
        return ("options", f"{DEFAULTS}/body") if has_default else None

    def written(self, trace: Trace) -> Mapping[Place, Collection[str]]:
        written: Places = {}
        for value in trace.written:
            if not isinstance(value.value, dict | list) or not value.value:
                for place in self.places(value.inputs):
                    written.setdefault(place, {})[value.pointer] = None
        return written

    def overridden(self, trace: Trace | None) -> Places:
        """What overrides a list or object overrides its leaves."""
        overridden: Places = {}
        for default, value in overridden_defaults(self._message, self._defaults, self._policy):
            overridden.setdefault(("options", default), {})[("message", value)] = None
        for pointer, by in () if trace is None else trace.overridden.items():
            overridden.setdefault(self._locate(pointer), {}).update((self._locate(other), None) for other in by)
        by_leaf: Places = {}
        for place in {self.governing(leaf) for leaf in self.leaves} if overridden else ():
            by_leaf[place] = {by: None for ancestor in _ancestors_or_self(place) for by in overridden.get(ancestor, ())}
            by_leaf[place].pop(place, None)
        return by_leaf

    def is_blank(self, place: Place) -> bool:
        """Whether a leaf is null, empty, or a blank text (also a blank name, Reply-To header or content id)."""
        leaf = self.leaves[place]
        if isinstance(leaf, str):
            return not decode_encoded_words(leaf).strip().strip(" \t<>")
        return leaf is None or leaf in ([], {})

    def rest(self, place: Place) -> Literal["nothing", "undecided"]:
        return "nothing" if self.is_blank(place) or place == ("message", "/$schema") else "undecided"


# --- Bodies -----------------------------------------------------------------------------------------------------------


class _BodySources:
    """A body, and for the recipients of a response the message that was sent."""

    def __init__(self, decoded: Decoded, sent: Explanation | None) -> None:
        self._decoded = decoded
        self._sent = {} if sent is None else {value.pointer: value.inputs for value in sent.payload}
        self.leaves: dict[Place, Any] = {("body", path): leaf for path, leaf in leaves(decoded.body.value)}
        self._sizes = _count_leaves(path for _, path in self.leaves)
        self._known: dict[tuple[str, ...], tuple[Place, ...]] = {}

    def places(self, pointers: tuple[str, ...]) -> tuple[Place, ...]:
        """The places; none for values that are in no document, such as a status code."""
        if pointers not in self._known:  # each value of a function's result has all of the function's inputs
            all_places = dict.fromkeys(place for pointer in pointers for place in self._places_of(pointer))
            of_body = _collapse_large_containers(
                [place[1] for place in all_places if place in self.leaves], self._sizes
            )
            others = (place for place in all_places if place not in self.leaves)
            self._known[pointers] = (*(("body", path) for path in of_body), *others)
        return self._known[pointers]

    def _places_of(self, pointer: str) -> tuple[Place, ...]:
        if not self._decoded.is_response:
            return (("body", pointer),)
        document, _, subpath = pointer[1:].partition("/")
        if document == "body":
            return (("body", self._decoded.path(pointer)),)
        if document == "text":
            return (("body", ""),)
        if document == "payload":  # for a message with errors the inputs of its payload are unknown
            inputs = self._sent.get(f"/{subpath}", ())
            return tuple((location.document, location.path) for location in inputs) or (("message", ""),)
        return ()

    def governing(self, place: Place) -> Place:
        return place

    def written(self, trace: Trace) -> Mapping[Place, Collection[str]]:
        written: Places = {}
        ends = [value for value in trace.written if not isinstance(value.value, dict | list) or not value.value]
        for value in ends:
            is_empty = isinstance(value.value, dict | list)
            for place in self.places(value.inputs):
                if not is_empty or place in self.leaves:  # an empty list contains nothing of the list it was made of
                    written.setdefault(place, {})[value.pointer] = None
        sizes = _count_leaves(value.pointer for value in ends)
        return {place: _collapse_large_containers(pointers, sizes) for place, pointers in written.items()}

    def overridden(self, trace: Trace | None) -> Places:
        overridden: Places = {}
        for pointer, by in () if trace is None else trace.overridden.items():
            for place in self.places((pointer,)):
                overridden.setdefault(place, {}).update(dict.fromkeys(self.places(by)))
        return overridden

    def is_blank(self, place: Place) -> bool:
        return False

    def rest(self, place: Place) -> Literal["nothing", "undecided"]:
        return "nothing" if self._decoded.result.ok else "undecided"


def _count_leaves(pointers: Iterable[str]) -> Counter[str]:
    """The number of leaves in each list and object, including the root."""
    return Counter(ancestor for pointer in pointers for ancestor in _ancestors(pointer))


def _collapse_large_containers(pointers: Collection[str], sizes: Mapping[str, int]) -> Collection[str]:
    """The pointers; those to all leaves of a large list or object are replaced by one to it."""
    if len(pointers) <= _MANY:
        return pointers
    counts = _count_leaves(pointers)
    large = {ancestor for ancestor, count in counts.items() if count == sizes[ancestor] > _MANY}
    return dict.fromkeys(
        next((ancestor for ancestor in reversed(tuple(_ancestors(pointer))) if ancestor in large), pointer)
        for pointer in pointers
    )
