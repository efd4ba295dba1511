"""Explains a message: why each value of the payload is there, and what became of each leaf of the message.

The engine's trace speaks of the canonical message; here it is brought back to the places people know, and joined with
what the front end decided by itself. Nothing is compiled differently for being explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from compiler.engine import Ruleset, Trace
from compiler.frontend import DEFAULTS, are_few_leaves, decided_by, leaves, overridden_defaults, says_nothing
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


def explain(
    message: object, target: str | Target = DEFAULT_TARGET, options: Options | Mapping[str, Any] | None = None
) -> Explanation:
    """Compiles a message as `compile` does, and tells besides why each value is there and what became of each leaf.

    Raises what `compile` raises, and otherwise explains any message, those with errors too. One with so many leaves
    below long keys that their pointers take far more room than the message is compiled, and nothing is told of them.
    """
    from compiler.json_io.parse import plain_copy

    try:
        given = plain_copy([message, mapping_of(options).get("send_defaults")])[0]
        if not are_few_leaves(given):
            return Explanation(compile(message, target, options), (), ())
        run = compile_traced(message, target, options)
        trace = None if run.outcome is None else run.outcome.trace
        written: tuple[Written, ...] = ()
        if trace is not None and run.result.ok:
            order = order_of(place for place, _ in _leaves(run))
            written = tuple(written_values(trace, run.ruleset, lambda inputs: map(run.prepared.place, inputs), order))
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
        place = run.prepared.place
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
