"""Evaluates values and tests, as traced values: the half of the reference implementation that only reads.

For what rules do with the values see `interpreter`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from compiler.engine import ir
from compiler.engine.provenance import ProvenanceRecorder
from compiler.engine.schema import Schema, allowed_types
from compiler.engine.semantics import contains_in_sequence
from compiler.engine.traced_value import (
    PartiallyKnownObject,
    TracedValue,
    absent,
    array,
    child,
    constant_value,
    identity,
    json_type,
    poison,
    record,
    to_json,
)
from compiler.json_io.pointer import Origin, Tokens

Items = tuple[TracedValue, ...]


class Evaluator:
    """Evaluates the expressions of one run.

    `output` is what the rules have written so far; `hits` are the branches taken. `recorder` (optional) records what is
    read and, for a value that will be written, what is discarded.
    """

    def __init__(self, ruleset: ir.Ruleset, document: TracedValue, recorder: ProvenanceRecorder | None = None) -> None:
        self._ruleset = ruleset
        self._document = document
        self.output = TracedValue({})
        self.hits: set[str] = set()
        self.recorder = recorder
        self._is_writing = False
        self._rule_cache: dict[str, Any] = {}
        self._run_cache: dict[str, Any] = {}

    def clear_rule_cache(self) -> None:
        """Clears the values cached for the previous rule, which may have changed."""
        self._rule_cache = {}
        if self.recorder is not None:  # every rule must record its own reads
            self._run_cache = {}

    # --- Values -------------------------------------------------------------------------------------------------------

    def value_to_write(self, value: ir.Value, items: Items) -> TracedValue:
        """Evaluates an expression whose value a rule will write, and records what is discarded for it."""
        self._is_writing = True
        try:
            return self.value(value, items)
        finally:
            self._is_writing = False

    def value(self, value: ir.Value, items: Items) -> TracedValue:
        """Evaluates an expression; `items` are the enclosing items, outermost first."""
        match value:
            case ir.Get(reference=reference):
                target = self._document if reference.scope is None else items[-1 - reference.scope]
                for token in reference.tokens:
                    target = child(target, token)
                if self.recorder is not None:
                    self.recorder.record_read(target)
                return target
            case ir.Out(tokens=tokens):
                return self.out(tokens)
            case ir.Const(literal=literal):
                return constant_value(literal)
            case ir.Names(names=names):
                return constant_value(names)
            case ir.Object():
                return self._object(value, items)
            case ir.List(items=values):
                present_items = [item for item in (self.value(inner, items) for inner in values) if not item.absent]
                return array(present_items, _first_origin(present_items))
            case ir.Lookup():
                return self._lookup(value, items)
            case ir.At(of=of, key=key):
                return self._at(self.value(of, items), self.value(key, items))
            case ir.First(values=values):
                return self._first(values, items)
            case ir.Choose():
                return self._choose(value, items)
            case ir.Merge(values=values):
                return self._merge([self.value(inner, items) for inner in values])
            case ir.Without(of=of, keys=keys):
                return self._without(self.value(of, items), keys)
            case _:
                return self._memoized(value, items)

    def _memoized(self, value: ir.Value, items: Items) -> TracedValue:
        """Values that iterate or call: cached per rule if they read no item, per run if they do not read the output."""
        cache = self._run_cache if value.run_constant else self._rule_cache
        if value.item_independent and value.location in cache:
            known: TracedValue = cache[value.location]
            return known
        match value:
            case ir.Each():
                result = self._each(value, items)
            case ir.Concat(values=values):
                result = self._concat([self.value(inner, items) for inner in values])
            case ir.Flatten(of=of):
                result = self._flatten(self.value(of, items))
            case ir.Zip(columns=columns):
                result = self._zip([(name, self.value(inner, items)) for name, inner in columns])
            case ir.IndexBy(of=of):
                result = self._index_by(value, self.value(of, items), items)
            case ir.Distinct(of=of):
                result = self._distinct(self.value(of, items))
            case ir.Duplicates(of=of, by=by):
                result = self._duplicates(self.value(of, items), by, items)
            case ir.Call():
                result = self._call(value, items)
            case _:
                raise AssertionError(f"unknown value: {value}")
        if value.item_independent:
            cache[value.location] = result
        return result

    def out(self, tokens: Tokens) -> TracedValue:
        """The output value at a pointer."""
        target = self.output
        for token in tokens:
            target = child(target, token)
        if self.recorder is not None:
            self.recorder.record_read(target)
        return target

    def items(self, value: TracedValue) -> tuple[TracedValue, ...]:
        """The items of a list, or the members of an object as `{key, value}` in the order of the keys.

        Unknown members are one invalid item at the end.
        """
        if isinstance(value.data, tuple):
            return value.data
        if isinstance(value.data, dict):
            known = tuple(
                member
                if member.invalid
                else record({"key": TracedValue(key, member.origin), "value": member}, member.origin)
                for key, member in sorted(value.data.items())
            )
            return (*known, poison(value.origin)) if isinstance(value.data, PartiallyKnownObject) else known
        return ()

    def _object(self, value: ir.Object, items: Items) -> TracedValue:
        result = {}
        for name, inner in value.members:
            member = self.value(inner, items)
            if not member.absent and (value.keeps_empty or not member.empty):
                result[name] = member
        return record(result, _first_origin(result.values()))

    def _first(self, values: tuple[ir.Value, ...], items: Items) -> TracedValue:
        tried: list[TracedValue] = []
        for index, inner in enumerate(values):
            candidate = self.value(inner, items)
            if not candidate.absent:
                self._trace_discarded((self.value(other, items) for other in values[index + 1 :]), candidate)
                return candidate
            tried.append(candidate)
        return absent(_first_origin(tried))

    def _lookup(self, lookup: ir.Lookup, items: Items) -> TracedValue:
        looked_up = self.value(lookup.of, items)
        if looked_up.poisoned:
            return poison(looked_up.origin, (looked_up,))
        if not looked_up.absent:
            key = identity(looked_up)
            for left, right in lookup.table:
                if identity(constant_value(left)) == key:
                    return constant_value(right, looked_up.origin, (looked_up,))
        if lookup.default is None:
            return absent(looked_up.origin)
        return self.value(lookup.default, items)._replace(origin=looked_up.origin, sources=(looked_up,))

    def _at(self, of: TracedValue, key: TracedValue) -> TracedValue:
        if key.poisoned or of.invalid:
            return poison(of.origin)
        if not isinstance(key.data, str):
            return absent(of.origin)
        if not isinstance(of.data, dict):  # a list has no members
            return absent(None if of.origin is None else Origin(of.origin, key.data))
        return child(of, key.data)

    def _choose(self, choose: ir.Choose, items: Items) -> TracedValue:
        before = None if self.recorder is None else self.recorder.start_recording()
        location, chosen = self._select_branch(choose, items)
        read = () if self.recorder is None else self.recorder.stop_recording(before)
        if location is None:
            return poison()
        if chosen is None:
            return absent()
        self.hits.add(location)
        return self._evaluate_branch(choose, chosen, items, read)

    def _select_branch(self, choose: ir.Choose, items: Items) -> tuple[str | None, ir.Value | None]:
        """The location and value of the branch that applies, or of `otherwise`; no location if that is unknown."""
        is_writing, self._is_writing = self._is_writing, False  # what a test discards would not be written
        try:
            for branch in choose.branches:
                holds = self.test(branch.when, items)
                if holds is None:
                    return None, None
                if holds:
                    return branch.location, branch.value
            return f"{choose.location}/otherwise", choose.otherwise
        finally:
            self._is_writing = is_writing

    def _evaluate_branch(
        self, choose: ir.Choose, chosen: ir.Value, items: Items, read: tuple[TracedValue, ...]
    ) -> TracedValue:
        result = self.value(chosen, items)
        if self.recorder is not None:
            if result.origin is None and not result.sources and not isinstance(result.data, dict | tuple):
                result = result._replace(sources=read)  # a constant depends on what was read to choose it
            alternatives = (
                *(branch.value for branch in choose.branches),
                *(() if choose.otherwise is None else (choose.otherwise,)),
            )
            self._trace_discarded((self.value(other, items) for other in alternatives if other is not chosen), result)
        return result

    def _trace_discarded(self, losers: Iterable[TracedValue], winner: TracedValue) -> None:
        if self.recorder is not None and self._is_writing:
            hits = set(self.hits)
            for loser in losers:
                self.recorder.discard(loser, winner)
            self.hits = hits  # evaluated for the trace only

    def _merge(self, parts: list[TracedValue]) -> TracedValue:
        present = [part for part in parts if not part.absent]
        if any(part.invalid or isinstance(part.data, PartiallyKnownObject) for part in present):
            return poison(_first_origin(present), tuple(present))
        members: dict[str, TracedValue] = {}
        for part in present:
            for key, member in part.data.items() if isinstance(part.data, dict) else ():
                if key in members:
                    self._trace_discarded((members[key],), member)
                members[key] = member
        return record(members, _first_origin(present), tuple(present)) if present else absent()

    def _without(self, source: TracedValue, keys: tuple[str, ...]) -> TracedValue:
        if not isinstance(source.data, dict):
            return source
        members = {key: member for key, member in source.data.items() if key not in keys}
        if isinstance(source.data, PartiallyKnownObject):
            return TracedValue(PartiallyKnownObject(members), source.origin, (source,), poisoned=True)
        return record(members, source.origin, (source,))

    def _concat(self, parts: list[TracedValue]) -> TracedValue:
        present = [part for part in parts if not part.absent]
        if any(part.invalid for part in present):
            return poison(_first_origin(present), tuple(present))
        return (
            array((item for part in present for item in self.items(part)), _first_origin(present))
            if present
            else absent()
        )

    def _zip(self, columns: list[tuple[str, TracedValue]]) -> TracedValue:
        present = [(name, part) for name, part in columns if not part.absent]
        if any(part.invalid or isinstance(part.data, IndeterminateList) for _, part in present):
            return poison(_first_origin(part for _, part in present), tuple(part for _, part in present))
        lists = [(name, self.items(part)) for name, part in present]
        rows = []
        for index in range(max((len(members) for _, members in lists), default=0)):
            row = {name: members[index] for name, members in lists if index < len(members)}
            rows.append(record(row, _first_origin(row.values())))
        return array(rows, _first_origin(part for _, part in present)) if present else absent()

    def _each(self, each: ir.Each, items: Items) -> TracedValue:
        source = self.value(each.of, items)
        if source.invalid or source.absent:
            return source
        values = []
        is_indeterminate = False
        for item in self.items(source)[each.skip :]:
            inner = (*items, item)
            belongs = True if each.where is None else self.test(each.where, inner)
            if belongs is False:
                continue
            mapped = item if each.value is None else self.value(each.value, inner)
            is_indeterminate = is_indeterminate or belongs is None
            if belongs is None or mapped.invalid:
                mapped = poison(item.origin)
            if not mapped.absent:
                values.append(mapped)
            if each.take == "first" and values:
                break
        if each.take is not None:
            self._trace_discarded(values[:-1], values[-1] if values else absent())
            return values[-1] if values else absent(source.origin)
        result = array(values, source.origin, (source,))
        return result._replace(data=IndeterminateList(values)) if is_indeterminate else result

    def _flatten(self, source: TracedValue) -> TracedValue:
        if source.invalid or source.absent:
            return source
        lists = self.items(source)
        if any(part.invalid for part in lists):  # its items are unknown, and so is their number
            return poison(source.origin, (source,))
        items = [item for part in lists for item in self.items(part)]
        result = array(items, source.origin, (source,))
        is_indeterminate = any(isinstance(part.data, IndeterminateList) for part in (source, *lists))
        return result._replace(data=IndeterminateList(items)) if is_indeterminate else result

    def _index_by(self, index: ir.IndexBy, source: TracedValue, items: Items) -> TracedValue:
        if source.invalid or source.absent:
            return source
        by_key: dict[str, TracedValue] = {}
        unknown = False
        for item in self.items(source):
            inner = (*items, item)
            key = self.value(index.by, inner)
            unknown = unknown or key.poisoned
            if not isinstance(key.data, str) or key.data in by_key:
                continue
            member = item if index.value is None else self.value(index.value, inner)
            if not member.absent:
                by_key[key.data] = member
        if unknown and not by_key:
            return poison(source.origin, (source,))
        if unknown:  # any key could be that of the invalid item
            return TracedValue(PartiallyKnownObject(by_key), source.origin, (source,), poisoned=True)
        return record(by_key, source.origin, (source,))

    def _distinct(self, source: TracedValue) -> TracedValue:
        if source.invalid or source.absent:
            return source
        seen: dict[Any, TracedValue] = {}
        for item in self.items(source):  # an invalid item counts as different from all others
            seen.setdefault(object() if item.poisoned else identity(item), item)
        return array(seen.values(), source.origin, (source,))

    def _duplicates(self, source: TracedValue, by: ir.Value, items: Items) -> TracedValue:
        if source.invalid or source.absent:
            return source
        seen: set[Any] = set()
        duplicates = []
        for item in self.items(source):
            key = self.value(by, (*items, item))
            if key.poisoned or key.absent:
                continue
            if identity(key) in seen:
                duplicates.append(item)
            seen.add(identity(key))
        return array(duplicates, source.origin, (source,))

    def _call(self, call: ir.Call, items: Items) -> TracedValue:
        arguments = tuple(self.value(inner, items) for inner in call.arguments)
        origin = _first_origin(arguments)
        if any(argument.poisoned for argument in arguments):
            return poison(origin, arguments)
        function = self._ruleset.functions[call.function]
        if not all(
            _has_type(argument, parameter) for argument, parameter in zip(arguments, function.parameters, strict=True)
        ):
            return absent(origin)
        result = function.apply(*(to_json(argument) for argument in arguments))
        return absent(origin) if result is None else constant_value(result, origin, arguments)

    # --- Tests --------------------------------------------------------------------------------------------------------

    def test(self, test: ir.Test, items: Items) -> bool | None:
        """Whether the test holds; None if that depends on an invalid value."""
        match test:
            case ir.AnyOf(tests=tests):
                return _any(self.test(inner, items) for inner in tests)
            case ir.AllOf(tests=tests):
                return _all(self.test(inner, items) for inner in tests)
            case ir.Not(test=inner):
                result = self.test(inner, items)
                return None if result is None else not result
            case ir.Equals(pair=(left, right)):
                return _equal(self.value(left, items), self.value(right, items))
            case ir.OneOf(pair=(needle, haystack)):
                return self._one_of(self.value(needle, items), haystack, items)
            case ir.Present(of=of):
                operand = self.value(of, items)
                return None if operand.invalid else not operand.absent
            case ir.Nonempty(of=of):
                return _is_nonempty(self.value(of, items))
            case _:
                return self._test_scalar(test, items)

    def _test_scalar(self, test: ir.Test, items: Items) -> bool | None:
        match test:
            case ir.Matches(of=of) | ir.Contains(of=of) | ir.Type(of=of) | ir.Between(of=of):
                operand = self.value(of, items)
            case _:
                raise AssertionError(f"unknown test: {test}")
        if operand.invalid:
            return None
        data = operand.data
        match test:
            case ir.Matches(pattern=pattern):
                return isinstance(data, str) and pattern.fullmatch(data) is not None
            case ir.Contains(texts=texts):
                return isinstance(data, str) and contains_in_sequence(texts, data)
            case ir.Type(kinds=kinds):
                return not operand.absent and json_type(data) in kinds
            case ir.Between(least=least, most=most):
                return isinstance(data, int | float) and not isinstance(data, bool) and least <= data <= most

    def _one_of(self, needle: TracedValue, haystack: ir.Value, items: Items) -> bool | None:
        cache_key = f"{haystack.location} in"
        cache = self._run_cache if haystack.run_constant else self._rule_cache
        if haystack.item_independent and cache_key in cache:
            keys, unknown = cache[cache_key]
        else:
            haystack_value = self.value(haystack, items)
            keys = {identity(item) for item in self.items(haystack_value)}
            unknown = haystack_value.poisoned
            if haystack.item_independent:
                cache[cache_key] = keys, unknown
        if needle.poisoned:
            return None
        if not needle.absent and identity(needle) in keys:
            return True
        return None if unknown else False


def _has_type(argument: TracedValue, parameter: Schema) -> bool:
    """Whether an argument is present and of a type that the function accepts."""
    if argument.absent:
        return False
    types = allowed_types(parameter)
    kind = json_type(argument.data)
    return kind in types or (kind == "number" and "integer" in types and isinstance(argument.data, int))


class IndeterminateList(tuple[TracedValue, ...]):
    """A list whose poisoned items may not belong to it, so that its length is unknown."""

    __slots__ = ()


def _is_nonempty(value: TracedValue) -> bool | None:
    if value.invalid:
        return None
    if isinstance(value.data, IndeterminateList) and all(item.poisoned for item in value.data):
        return None
    return not (value.absent or value.empty or value.data in (None, ""))


def _first_origin(values: Iterable[TracedValue]) -> Origin | None:
    """The origin of a value computed from these: that of the first that has one."""
    return next((value.origin for value in values if value.origin is not None), None)


def _equal(left: TracedValue, right: TracedValue) -> bool | None:
    if left.poisoned or right.poisoned:
        return None
    return not left.absent and not right.absent and identity(left) == identity(right)


def _any(results: Iterable[bool | None]) -> bool | None:
    unknown = False
    for result in results:
        if result:
            return True
        unknown = unknown or result is None
    return None if unknown else False


def _all(results: Iterable[bool | None]) -> bool | None:
    unknown = False
    for result in results:
        if result is False:
            return False
        unknown = unknown or result is None
    return None if unknown else True
