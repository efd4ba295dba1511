"""Explains a message: why each value of the payload is there, and what became of each leaf of the message.

The engine's trace speaks of the canonical message; here it is brought back to the places people know, and joined with
what the front end decided by itself. Nothing is compiled differently for being explained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from compiler._api import DEFAULT_TARGET, Compiled, Options, compile_traced, too_deep
from compiler._explanation import Explanation, Fate, Location, Reason, Written
from compiler._result import Diagnostic
from compiler._target import Target
from compiler.engine import Trace
from compiler.message import DEFAULTS, decided_by, leaves, overridden_defaults, says_nothing

Document = Literal["message", "options"]
_Place = tuple[Document, str]


def explain(
    message: object, target: str | Target = DEFAULT_TARGET, options: Options | Mapping[str, Any] | None = None
) -> Explanation:
    """Compiles a message as `compile` does, and tells besides why each value is there and what became of each leaf.

    Raises what `compile` raises, and otherwise explains any message, those with errors too.
    """
    try:
        run = compile_traced(message, target, options)
        trace = None if run.outcome is None else run.outcome.trace
        written = () if trace is None or not run.result.ok else tuple(_written(trace, run))
        return Explanation(run.result, written, tuple(_Fates(run, trace).all()))
    except RecursionError:  # a deep message, handed in by a caller who has used up most of the stack
        return Explanation(too_deep(), (), ())


def _written(trace: Trace, run: Compiled) -> Iterator[Written]:
    reasons = {rule.id: Reason(rule.id, rule.doc, rule.source) for rule in run.ruleset.all_rules}
    order = {name: index for index, name in enumerate(reasons)}
    places = _order(run)
    for each in trace.written:
        if each.pointer:
            found = {run.prepared.place(pointer) for pointer in each.inputs}
            inputs = sorted(found, key=lambda place: (places.get(place, len(places)), place))
            rules = sorted(each.rules, key=order.__getitem__)
            yield Written(
                each.pointer,
                each.value,
                tuple(reasons[rule] for rule in rules),
                tuple(Location(document, path) for document, path in inputs),
            )


def _order(run: Compiled) -> dict[_Place, int]:
    """The number of each place in the order of the message and then of the defaults."""
    order: dict[_Place, int] = {}
    for document, above, value in _documents(run):
        for path, _ in leaves(value, above):
            for place in _upwards((document, path)):
                order.setdefault(place, len(order))
    return order


def _documents(run: Compiled) -> tuple[tuple[Document, str, Any], ...]:
    """The documents whose leaves have fates: which, where in it, and what."""
    message: tuple[Document, str, Any] = ("message", "", run.message)
    defaults = run.options.get("send_defaults")
    return (message,) if defaults is None else (message, ("options", DEFAULTS, defaults))


class _Fates:
    """What became of each leaf, by its place in the message or in the defaults."""

    def __init__(self, run: Compiled, trace: Trace | None) -> None:
        self._run = run
        self._diagnosed: dict[_Place, list[Diagnostic]] = {}
        for diagnostic in (*run.result.errors, *run.result.warnings):
            if diagnostic.document != "body":
                self._diagnosed.setdefault((diagnostic.document, diagnostic.path), []).append(diagnostic)
        self._written: dict[_Place, dict[str, None]] = {}
        self._overridden: dict[_Place, dict[_Place, None]] = {}
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
        for document, above, value in _documents(self._run):
            for path, leaf in leaves(value, above):
                yield self._fate((document, path), leaf)

    def _fate(self, place: _Place, leaf: Any) -> Fate:
        location = Location(*place)
        spoken = tuple(each for above in _upwards(place) for each in self._diagnosed.get(above, ()))
        decided = decided_by(place, self._run.message, self._run.options.get("send_defaults"))
        at = tuple(dict.fromkeys(pointer for above in _upwards(decided) for pointer in self._written.get(above, ())))
        if at:
            return Fate(location, "written", at, diagnostics=spoken)
        by = dict.fromkeys(other for above in _upwards(decided) for other in self._overridden.get(above, ()))
        by.pop(decided, None)
        if by:
            return Fate(location, "overridden", by=tuple(Location(*other) for other in by), diagnostics=spoken)
        if spoken and (place in self._diagnosed or not says_nothing(leaf)):
            return Fate(location, "diagnosed", diagnostics=spoken)
        is_nothing = says_nothing(leaf) or place == ("message", "/$schema")
        return Fate(location, "nothing" if is_nothing else "undecided", diagnostics=spoken)


def _upwards(place: _Place) -> Iterator[_Place]:
    """The place, and all it is part of."""
    document, path = place
    while path:
        yield document, path
        path = path.rpartition("/")[0]
    yield document, ""
