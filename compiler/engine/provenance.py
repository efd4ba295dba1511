"""The trace of a run: which rule wrote each value of the output, what of the input is in it, and what was passed over.

A run is traced only when somebody asks, for it costs. While it runs, a `Tracer` is told of what is written, read and
passed over; afterwards it gives a `Trace`, by pointers alone. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from compiler.engine.traced_value import Mark, Node, plain
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
    node: Node  # kept, so that its identity stays its own
    rule: str
    because: tuple[Node, ...]


class Tracer:
    """Listens to one run."""

    def __init__(self) -> None:
        self._writings: dict[int, _Writing] = {}
        self._passed_over: list[tuple[Node, Node]] = []
        self._reads: list[Node] | None = None
        self._because: list[tuple[Node, ...]] = []
        self._shared: dict[int, tuple[tuple[Node, ...], tuple[str, ...]]] = {}

    def begin_test(self) -> None:
        """From here on what is read decides whether a rule applies."""
        self._reads = []

    def end_test(self) -> None:
        """The test is over, and what follows, up to `leave`, happens because of what it read."""
        self._because.append(tuple(self._reads or ()))
        self._reads = None

    def leave(self) -> None:
        """What happened because of the last test is over."""
        self._because.pop()

    def watch(self) -> list[Node] | None:
        """From here on, up to `watched`, what is read is noted apart; gives what was noted so far."""
        before, self._reads = self._reads, []
        return before

    def watched(self, before: list[Node] | None) -> tuple[Node, ...]:
        """What was read since `watch`, which gave `before`."""
        found = tuple(self._reads or ())
        if before is not None:
            before.extend(found)
        self._reads = before
        return found

    def read(self, node: Node) -> None:
        """A value was read."""
        if self._reads is not None:
            self._reads.append(node)

    def passed_over(self, loser: Node, winner: Node) -> None:
        """One value was there, and another was taken."""
        if not loser.absent and not winner.invalid:
            self._passed_over.append((loser, winner))

    def claimed(self, node: Node, rule: str) -> Node:
        """The same value, as written by a rule; what other rules wrote of it stays theirs."""
        if id(node) in self._writings:
            return node
        data = node.data
        if isinstance(data, dict):
            data = type(data)((key, self.claimed(member, rule)) for key, member in data.items())
        elif isinstance(data, tuple):
            data = type(data)(self.claimed(item, rule) for item in data)
        fresh = replace(node, data=data)
        self._writings[id(fresh)] = _Writing(fresh, rule, tuple(each for some in self._because for each in some))
        return fresh

    def trace(self, output: Node) -> Trace:
        """What the run did; `output` is what came of it, and what was left out of that is not in the trace."""
        overridden: dict[str, dict[str, None]] = {}
        for loser, winner in self._passed_over:
            by = () if winner.origin is None else (str(winner.origin),)
            for leaf in leaves_in(loser):
                overridden.setdefault(leaf, {}).update(dict.fromkeys(by))
        written = tuple(self._written(output, "")) if isinstance(output.data, dict | tuple) else ()
        return Trace(written, {leaf: tuple(by) for leaf, by in overridden.items()})

    def _written(self, node: Node, pointer: str) -> Iterator[WrittenValue]:
        data = node.data
        if isinstance(data, Mark):
            return
        if not isinstance(data, dict | tuple) or not data:
            yield self._leaf(node, pointer)
            return
        members = data.items() if isinstance(data, dict) else ((str(index), item) for index, item in enumerate(data))
        below = [each for key, member in members for each in self._written(member, f"{pointer}/{escape(key)}")]
        rules = dict.fromkeys(rule for each in below for rule in each.rules)
        several = {id(each.inputs): each.inputs for each in below}  # many may share the same ones
        inputs = dict.fromkeys(leaf for some in several.values() for leaf in some)
        yield WrittenValue(pointer, plain(node), tuple(rules), tuple(inputs))
        yield from below

    def _leaf(self, node: Node, pointer: str) -> WrittenValue:
        writing = self._writings.get(id(node))
        inputs = self._inputs(node)
        if writing is None:
            return WrittenValue(pointer, plain(node), (), inputs)
        if not inputs:
            inputs = tuple(dict.fromkeys(leaf for each in writing.because for leaf in leaves_in(each)))
        return WrittenValue(pointer, plain(node), (writing.rule,), inputs)

    def _inputs(self, node: Node) -> tuple[str, ...]:
        """The leaves that a leaf of the output is made of; all that one call has made share them."""
        if not node.sources or node.absent or (isinstance(node.data, dict | tuple) and node.data):
            return tuple(dict.fromkeys(leaves_in(node)))
        known = self._shared.get(id(node.sources))
        if known is None:
            # With the sources, so that their identity stays their own.
            known = node.sources, tuple(dict.fromkeys(leaves_in(node)))
            self._shared[id(node.sources)] = known
        return known[1]


def leaves_in(node: Node) -> Iterable[str]:
    """Pointers to the leaves of the input that a value is made of; one may come several times."""
    data = node.data
    if isinstance(data, dict) and data:
        for member in data.values():
            yield from leaves_in(member)
    elif isinstance(data, tuple) and data:
        for item in data:
            yield from leaves_in(item)
    elif node.sources and not node.absent:
        for source in node.sources:
            yield from leaves_in(source)
    elif node.origin is not None and not node.absent:
        yield str(node.origin)
