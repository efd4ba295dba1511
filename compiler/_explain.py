"""Explains a message: why each value of the payload is there, and what became of each leaf of the message.

The engine's trace speaks of the canonical message; here it is brought back to the places people know, and joined with
what the front end decided by itself. Nothing is compiled differently for being explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from compiler._api import DEFAULT_TARGET, Compiled, Options, compile_traced
from compiler._explanation import Explanation, Fate, Location, Reason, Written
from compiler._result import Diagnostic
from compiler._target import Target
from compiler.engine import Ruleset, Trace
from compiler.message import DEFAULTS, Prepared, leaves, overridden_defaults

Document = Literal["message", "options"]
_Place = tuple[Document, str]


def explain(
    message: object, target: str | Target = DEFAULT_TARGET, options: Options | Mapping[str, Any] | None = None
) -> Explanation:
    """Compiles a message as `compile` does, and tells besides why each value is there and what became of each leaf.

    Raises what `compile` raises, and otherwise explains any message, those with errors too.
    """
    run = compile_traced(message, target, options)
    if run.outcome is None or run.outcome.trace is None:
        return Explanation(run.result, (), tuple(_Fates(run, None).all()))
    trace = run.outcome.trace
    written = tuple(_written(trace, run.ruleset, run.prepared)) if run.result.ok else ()
    return Explanation(run.result, written, tuple(_Fates(run, trace).all()))


def _written(trace: Trace, ruleset: Ruleset, prepared: Prepared) -> Iterator[Written]:
    reasons = {rule.id: Reason(rule.id, rule.doc, rule.source) for rule in ruleset.all_rules}
    order = {name: index for index, name in enumerate(reasons)}
    for each in trace.written:
        if each.pointer:
            inputs = _in_order(prepared.place(pointer) for pointer in each.inputs)
            rules = sorted(each.rules, key=order.__getitem__)
            yield Written(
                each.pointer,
                each.value,
                tuple(reasons[rule] for rule in rules),
                tuple(Location(document, path) for document, path in inputs),
            )


def _in_order(places: Iterable[_Place]) -> list[_Place]:
    """Each place once; list items by their number."""

    def key(place: _Place) -> tuple[Any, ...]:
        tokens = place[1].split("/")
        return place[0], [(token.isdigit(), int(token) if token.isdigit() else 0, token) for token in tokens]

    return sorted(set(places), key=key)


class _Fates:
    """What became of each leaf, by its place in the message or in the defaults."""

    def __init__(self, run: Compiled, trace: Trace | None) -> None:
        self._result = run.result
        self._documents: tuple[tuple[Document, str, Any], ...] = (
            ("message", "", run.message),
            ("options", DEFAULTS, run.options.get("send_defaults")),
        )
        self._body = _body_of(run)
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
        for document, above, value in self._documents:
            for path, leaf in leaves(value, above) if value is not None or document == "message" else ():
                yield self._fate((document, path), leaf)

    def _fate(self, place: _Place, leaf: Any) -> Fate:
        location = Location(*place)
        spoken = tuple(each for above in _upwards(place) for each in self._diagnosed.get(above, ()))
        decided = self._decided_by(place)
        at = tuple(dict.fromkeys(pointer for above in _upwards(decided) for pointer in self._written.get(above, ())))
        if at:
            return Fate(location, "written", at, diagnostics=spoken)
        by = dict.fromkeys(other for above in _upwards(decided) for other in self._overridden.get(above, ()))
        by.pop(decided, None)
        if by:
            return Fate(location, "overridden", by=tuple(Location(*other) for other in by), diagnostics=spoken)
        if spoken:
            return Fate(location, "diagnosed", diagnostics=spoken)
        if leaf is None or leaf in ("", [], {}) or place == ("message", "/$schema") or self._result.ok:
            return Fate(location, "nothing")
        return Fate(location, "undecided")

    def _decided_by(self, place: _Place) -> _Place:
        """The leaf whose fate this one shares: what only says how another is meant is written with that."""
        document, path = place
        if place == ("message", "/content_subtype") and self._body is not None:
            return self._body
        field, _, rest = path.removeprefix(DEFAULTS if document == "options" else "").removeprefix("/").partition("/")
        if field == "attachments" and rest.endswith(("/encoding", "/disposition")):
            return document, f"{path.rpartition('/')[0]}/content"
        return place


def _body_of(run: Compiled) -> _Place | None:
    """Where the body stands that a content subtype is about."""
    message, defaults = run.message, run.options.get("send_defaults")
    if isinstance(message, dict) and "body" in message:
        return None if message["body"] is None else ("message", "/body")
    if isinstance(defaults, dict) and defaults.get("body") is not None:
        return "options", f"{DEFAULTS}/body"
    return None


def _upwards(place: _Place) -> Iterator[_Place]:
    """The place, and all it is part of."""
    document, path = place
    while path:
        yield document, path
        path = path.rpartition("/")[0]
    yield document, ""
