"""The trace of a run: which rule wrote each output value, from which inputs it comes, and which inputs were discarded.

A run is traced only on request, because tracing is slow. During the run a `ProvenanceRecorder` records what is written,
read and discarded; afterwards it builds a `Trace` that contains only pointers. It never affects the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.engine.traced_value import Mark, TracedValue, to_json
from compiler.json_io.pointer import escape_token


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A value of the output: its pointer, the rules that wrote it, and the input leaves it was computed from.

    For a constant, `inputs` are the leaves that were read to choose it, or else those that its rule's `when` reads.
    """

    pointer: str
    value: Any
    rules: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The trace of a run. `written` is in document order, a container before its members.

    `overridden` are the input leaves that were discarded, each with the pointers of the inputs used instead, if any.
    """

    written: tuple[WrittenValue, ...]
    overridden: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Writing:
    value: TracedValue  # kept alive, so that its id is not reused
    rule: str
    conditions: tuple[TracedValue, ...]


class ProvenanceRecorder:
    """Records one run. `with_conditions`: also what tests read, which are the inputs of constants."""

    def __init__(self, *, with_conditions: bool = True) -> None:
        self._with_conditions = with_conditions
        self._writings: dict[int, _Writing] = {}
        self._discarded: list[tuple[TracedValue, TracedValue]] = []
        self._reads: list[TracedValue] | None = None
        self._conditions: list[tuple[TracedValue, ...]] = []
        self._inputs_by_sources: dict[int, tuple[tuple[TracedValue, ...], tuple[str, ...]]] = {}

    def begin_condition(self) -> None:
        """Begins a test that decides whether something applies: its reads are recorded."""
        self._reads = []

    def end_condition(self) -> None:
        """Ends the test; everything up to `leave_condition` depends on what it read."""
        self._conditions.append(tuple(self._reads or ()) if self._with_conditions else ())
        self._reads = None

    def leave_condition(self) -> None:
        """Ends what depends on the innermost test."""
        self._conditions.pop()

    def start_recording(self) -> list[TracedValue] | None:
        """Records reads separately up to `stop_recording`; returns the reads recorded so far, to pass to it."""
        before, self._reads = self._reads, []
        return before

    def stop_recording(self, before: list[TracedValue] | None) -> tuple[TracedValue, ...]:
        """The values read since `start_recording`, which returned `before`."""
        reads = tuple(self._reads or ())
        if before is not None:
            before.extend(reads)
        self._reads = before
        return reads

    def record_read(self, value: TracedValue) -> None:
        """Records that a value was read."""
        if self._reads is not None:
            self._reads.append(value)

    def discard(self, discarded: TracedValue, used: TracedValue) -> None:
        """Records that one value was discarded in favor of another."""
        if not discarded.absent and not used.invalid:
            self._discarded.append((discarded, used))

    def attribute_to(self, value: TracedValue, rule: str) -> TracedValue:
        """A copy of the value attributed to a rule; parts that other rules wrote keep their attribution."""
        if id(value) in self._writings:
            return value
        data = value.data
        if isinstance(data, dict):
            data = type(data)((key, self.attribute_to(member, rule)) for key, member in data.items())
        elif isinstance(data, tuple):
            data = type(data)(self.attribute_to(item, rule) for item in data)
        copy = value._replace(data=data)
        self._writings[id(copy)] = _Writing(copy, rule, tuple(read for reads in self._conditions for read in reads))
        return copy

    def trace(self, output: TracedValue) -> Trace:
        """Builds the trace of the run for its final output."""
        overridden: dict[str, dict[str, None]] = {}
        for discarded, used in self._discarded:
            used_origins = () if used.origin is None else (str(used.origin),)
            for leaf in input_leaves(discarded):
                overridden.setdefault(leaf, {}).update(dict.fromkeys(used_origins))
        written = tuple(self._written_values(output, "")) if isinstance(output.data, dict | tuple) else ()
        return Trace(written, {leaf: tuple(origins) for leaf, origins in overridden.items()})

    def _written_values(self, value: TracedValue, pointer: str) -> Iterator[WrittenValue]:
        data = value.data
        if isinstance(data, Mark):
            return
        if not isinstance(data, dict | tuple) or not data:
            yield self._leaf(value, pointer)
            return
        members = data.items() if isinstance(data, dict) else ((str(index), item) for index, item in enumerate(data))
        inner = [
            part for key, member in members for part in self._written_values(member, f"{pointer}/{escape_token(key)}")
        ]
        rules = dict.fromkeys(rule for part in inner for rule in part.rules)
        distinct = {id(part.inputs): part.inputs for part in inner}  # many share the same tuple
        inputs = dict.fromkeys(leaf for leaves in distinct.values() for leaf in leaves)
        yield WrittenValue(pointer, to_json(value), tuple(rules), tuple(inputs))
        yield from inner

    def _leaf(self, value: TracedValue, pointer: str) -> WrittenValue:
        writing = self._writings.get(id(value))
        inputs = self._inputs(value)
        if writing is None:
            return WrittenValue(pointer, to_json(value), (), inputs)
        if not inputs:
            inputs = tuple(dict.fromkeys(leaf for read in writing.conditions for leaf in input_leaves(read)))
        return WrittenValue(pointer, to_json(value), (writing.rule,), inputs)

    def _inputs(self, value: TracedValue) -> tuple[str, ...]:
        """The input leaves of an output leaf; the leaves of one call's result share them."""
        if not value.sources or value.absent or (isinstance(value.data, dict | tuple) and value.data):
            return tuple(dict.fromkeys(input_leaves(value)))
        known = self._inputs_by_sources.get(id(value.sources))
        if known is None:
            # The sources are kept alive, so that their id is not reused.
            known = value.sources, tuple(dict.fromkeys(input_leaves(value)))
            self._inputs_by_sources[id(value.sources)] = known
        return known[1]


def input_leaves(value: TracedValue) -> Iterable[str]:
    """Pointers to the input leaves that a value was computed from; may contain duplicates."""
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
