"""The trace of a run: which rule wrote each value of the output, what of the input is in it, and what was passed over.

A run is traced only when somebody asks, for it costs. While it runs, a `ProvenanceRecorder` is told of what is written, read and
passed over; afterwards it gives a `Trace`, by pointers alone. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from compiler.engine.traced_value import Mark, TracedValue, to_json
from compiler.json_io.pointer import escape


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """One value of the output, at `pointer`: the rules that wrote it, and the leaves of the input that it is made of.

    A constant is made of nothing; it has the leaves that were read to choose it, or else that its rule's `when` reads.
    """

    pointer: str
    value: Any
    rules: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """What a run did. `written` is in the order of the output, a container before what is in it.

    `overridden` are leaves of the input that something else was taken for, each with pointers to that, where it came
    from the input.
    """

    written: tuple[WrittenValue, ...]
    overridden: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Writing:
    value: TracedValue  # kept, so that its identity stays its own
    rule: str
    conditions: tuple[TracedValue, ...]


class ProvenanceRecorder:
    """Listens to one run."""

    def __init__(self) -> None:
        self._writings: dict[int, _Writing] = {}
        self._discarded: list[tuple[TracedValue, TracedValue]] = []
        self._reads: list[TracedValue] | None = None
        self._conditions: list[tuple[TracedValue, ...]] = []
        self._inputs_by_sources: dict[int, tuple[tuple[TracedValue, ...], tuple[str, ...]]] = {}

    def begin_condition(self) -> None:
        """From here on what is read decides whether a rule applies."""
        self._reads = []

    def end_condition(self) -> None:
        """The test is over, and what follows, up to `leave_condition`, happens because of what it read."""
        self._conditions.append(tuple(self._reads or ()))
        self._reads = None

    def leave_condition(self) -> None:
        """What happened because of the last test is over."""
        self._conditions.pop()

    def start_recording(self) -> list[TracedValue] | None:
        """From here on, up to `stop_recording`, what is read is noted apart; gives what was noted so far."""
        before, self._reads = self._reads, []
        return before

    def stop_recording(self, before: list[TracedValue] | None) -> tuple[TracedValue, ...]:
        """What was read since `start_recording`, which gave `before`."""
        found = tuple(self._reads or ())
        if before is not None:
            before.extend(found)
        self._reads = before
        return found

    def record_read(self, value: TracedValue) -> None:
        """A value was read."""
        if self._reads is not None:
            self._reads.append(value)

    def discard(self, loser: TracedValue, winner: TracedValue) -> None:
        """One value was there, and another was taken."""
        if not loser.absent and not winner.invalid:
            self._discarded.append((loser, winner))

    def attribute_to(self, value: TracedValue, rule: str) -> TracedValue:
        """The same value, as written by a rule; what other rules wrote of it stays theirs."""
        if id(value) in self._writings:
            return value
        data = value.data
        if isinstance(data, dict):
            data = type(data)((key, self.attribute_to(member, rule)) for key, member in data.items())
        elif isinstance(data, tuple):
            data = type(data)(self.attribute_to(item, rule) for item in data)
        copy = replace(value, data=data)
        self._writings[id(copy)] = _Writing(copy, rule, tuple(each for some in self._conditions for each in some))
        return copy

    def trace(self, output: TracedValue) -> Trace:
        """What the run did; `output` is what came of it, and what was left out of that is not in the trace."""
        overridden: dict[str, dict[str, None]] = {}
        for loser, winner in self._discarded:
            by = () if winner.origin is None else (str(winner.origin),)
            for leaf in input_leaves(loser):
                overridden.setdefault(leaf, {}).update(dict.fromkeys(by))
        written = tuple(self._written_values(output, "")) if isinstance(output.data, dict | tuple) else ()
        return Trace(written, {leaf: tuple(by) for leaf, by in overridden.items()})

    def _written_values(self, value: TracedValue, pointer: str) -> Iterator[WrittenValue]:
        data = value.data
        if isinstance(data, Mark):
            return
        if not isinstance(data, dict | tuple) or not data:
            yield self._leaf(value, pointer)
            return
        members = data.items() if isinstance(data, dict) else ((str(index), item) for index, item in enumerate(data))
        below = [each for key, member in members for each in self._written_values(member, f"{pointer}/{escape(key)}")]
        rules = dict.fromkeys(rule for each in below for rule in each.rules)
        several = {id(each.inputs): each.inputs for each in below}  # many may share the same ones
        inputs = dict.fromkeys(leaf for some in several.values() for leaf in some)
        yield WrittenValue(pointer, to_json(value), tuple(rules), tuple(inputs))
        yield from below

    def _leaf(self, value: TracedValue, pointer: str) -> WrittenValue:
        writing = self._writings.get(id(value))
        inputs = self._inputs(value)
        if writing is None:
            return WrittenValue(pointer, to_json(value), (), inputs)
        if not inputs:
            inputs = tuple(dict.fromkeys(leaf for each in writing.conditions for leaf in input_leaves(each)))
        return WrittenValue(pointer, to_json(value), (writing.rule,), inputs)

    def _inputs(self, value: TracedValue) -> tuple[str, ...]:
        """The leaves that a leaf of the output is made of; all that one call has made share them."""
        if not value.sources or value.absent or (isinstance(value.data, dict | tuple) and value.data):
            return tuple(dict.fromkeys(input_leaves(value)))
        known = self._inputs_by_sources.get(id(value.sources))
        if known is None:
            # With the sources, so that their identity stays their own.
            known = value.sources, tuple(dict.fromkeys(input_leaves(value)))
            self._inputs_by_sources[id(value.sources)] = known
        return known[1]


def input_leaves(value: TracedValue) -> Iterable[str]:
    """Pointers to the leaves of the input that a value is made of; one may come several times."""
    data = value.data
    if isinstance(data, dict) and data:
        for member in data.values():
            yield from input_leaves(member)
    elif isinstance(data, tuple) and data:
        for item in data:
            yield from input_leaves(item)
    elif value.sources and not value.absent:
        for source in value.sources:
            yield from input_leaves(source)
    elif value.origin is not None and not value.absent:
        yield str(value.origin)
