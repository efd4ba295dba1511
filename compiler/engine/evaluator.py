"""Values and tests: what an expression gives for a document, as nodes that know their origin.

The half of the reference semantics that only reads. What a rule does with a value stands in `interpret`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from compiler.engine import ir
from compiler.engine.provenance import Tracer
from compiler.engine.schema import Schema, types_of
from compiler.engine.traced_value import (
    Node,
    UnknownMembers,
    array,
    child,
    derived,
    identity,
    kind_of,
    missing,
    plain,
    poison,
    record,
)
from compiler.json_io.pointer import Origin, Tokens

Items = tuple[Node, ...]


class Evaluator:
    """Evaluates the expressions of one run.

    `output` is what the rules have written so far; `hits` are the branches taken; `tracer`, where there is one, is told
    of what is read and, in a value that is to be written, of what is passed over for something else.
    """

    def __init__(self, ruleset: ir.Ruleset, document: Node, tracer: Tracer | None = None) -> None:
        self._ruleset = ruleset
        self._document = document
        self.output = Node({})
        self.hits: set[str] = set()
        self.tracer = tracer
        self._is_writing = False
        self._known: dict[str, Any] = {}
        self._fixed: dict[str, Any] = {}

    def forget(self) -> None:
        """Begins a new rule: what was evaluated once for the last one may have changed."""
        self._known = {}
        if self.tracer is not None:  # each rule is to be seen reading what it rests on
            self._fixed = {}

    # --- Values -------------------------------------------------------------------------------------------------------

    def value_to_write(self, value: ir.Value, items: Items) -> Node:
        """What an expression gives that a rule writes; the tracer is told what was not taken for it."""
        self._is_writing = True
        try:
            return self.value(value, items)
        finally:
            self._is_writing = False

    def value(self, value: ir.Value, items: Items) -> Node:
        """What the expression gives; `items` are the items around it, the outermost first."""
        match value:
            case ir.Get(reference=reference):
                found = self._document if reference.up is None else items[-1 - reference.up]
                for token in reference.tokens:
                    found = child(found, token)
                if self.tracer is not None:
                    self.tracer.read(found)
                return found
            case ir.Out(tokens=tokens):
                return self.out(tokens)
            case ir.Const(literal=literal):
                return derived(literal)
            case ir.Names(names=names):
                return derived(names)
            case ir.Object(members=members):
                return self._object(members, items)
            case ir.List(items=values):
                found_items = [found for found in (self.value(each, items) for each in values) if not found.absent]
                return array(found_items, _origin(found_items))
            case ir.Lookup():
                return self._lookup(value, items)
            case ir.At(of=of, key=key):
                return self._at(self.value(of, items), self.value(key, items))
            case ir.First(values=values):
                return self._first(values, items)
            case ir.Choose():
                return self._choose(value, items)
            case ir.Merge(values=values):
                return self._merge([self.value(each, items) for each in values])
            case ir.Without(of=of, keys=keys):
                return self._without(self.value(of, items), keys)
            case _:
                return self._once(value, items)

    def _once(self, value: ir.Value, items: Items) -> Node:
        """Values that go over lists: evaluated once for each rule where they read no current item.

        Where they do not read the output either, they are evaluated once.
        """
        kept = self._fixed if value.fixed else self._known
        if value.closed and value.place in kept:
            known: Node = kept[value.place]
            return known
        match value:
            case ir.Each():
                made = self._each(value, items)
            case ir.Concat(values=values):
                made = self._concat([self.value(each, items) for each in values])
            case ir.Index(of=of, by=by):
                made = self._index(self.value(of, items), by, items)
            case ir.Distinct(of=of):
                made = self._distinct(self.value(of, items))
            case ir.Repeats(of=of, by=by):
                made = self._repeats(self.value(of, items), by, items)
            case ir.Call():
                made = self._call(value, items)
            case _:
                raise AssertionError(f"an unknown value: {value}")
        if value.closed:
            kept[value.place] = made
        return made

    def out(self, tokens: Tokens) -> Node:
        """What the rules have written at a pointer."""
        found = self.output
        for token in tokens:
            found = child(found, token)
        if self.tracer is not None:
            self.tracer.read(found)
        return found

    def items(self, node: Node) -> tuple[Node, ...]:
        """The items of a list; of an object, its members as `{key, value}` in the order of their keys.

        Members that are not known are one invalid item, the last.
        """
        if isinstance(node.data, tuple):
            return node.data
        if isinstance(node.data, dict):
            known = tuple(
                member if member.invalid else record({"key": Node(key, member.origin), "value": member}, member.origin)
                for key, member in sorted(node.data.items())
            )
            return (*known, poison(node.origin)) if isinstance(node.data, UnknownMembers) else known
        return ()

    def _object(self, members: tuple[tuple[str, ir.Value], ...], items: Items) -> Node:
        made = {}
        for name, value in members:
            found = self.value(value, items)
            if not found.absent and (self._ruleset.keeps_empty or not found.empty):
                made[name] = found
        return record(made, _origin(made.values()))

    def _first(self, values: tuple[ir.Value, ...], items: Items) -> Node:
        tried: list[Node] = []
        for index, each in enumerate(values):
            found = self.value(each, items)
            if not found.absent:
                self._passed_over((self.value(other, items) for other in values[index + 1 :]), found)
                return found
            tried.append(found)
        return missing(_origin(tried))

    def _lookup(self, lookup: ir.Lookup, items: Items) -> Node:
        found = self.value(lookup.of, items)
        if found.poisoned:
            return poison(found.origin, (found,))
        if not found.absent:
            key = identity(found)
            for left, right in lookup.table:
                if identity(derived(left)) == key:
                    return derived(right, found.origin, (found,))
        if lookup.default is None:
            return missing(found.origin)
        return replace(self.value(lookup.default, items), origin=found.origin, sources=(found,))

    def _at(self, of: Node, key: Node) -> Node:
        if key.poisoned or of.invalid:
            return poison(of.origin)
        if not isinstance(key.data, str):
            return missing(of.origin)
        if not isinstance(of.data, dict):  # a list has no members, whatever the key
            return missing(None if of.origin is None else Origin(of.origin, key.data))
        return child(of, key.data)

    def _choose(self, choose: ir.Choose, items: Items) -> Node:
        before = None if self.tracer is None else self.tracer.watch()
        place, chosen = self._way(choose, items)
        read = () if self.tracer is None else self.tracer.watched(before)
        if place is None:
            return poison()
        if chosen is None:
            return missing()
        self.hits.add(place)
        return self._chosen(choose, chosen, items, read)

    def _way(self, choose: ir.Choose, items: Items) -> tuple[str | None, ir.Value | None]:
        """The place and the value of the case that holds, or of what is otherwise; no place where that is not known."""
        is_writing, self._is_writing = self._is_writing, False  # what a test passes over is not written anyway
        try:
            for case in choose.cases:
                holds = self.test(case.when, items)
                if holds is None:
                    return None, None
                if holds:
                    return case.place, case.value
            return f"{choose.place}/otherwise", choose.otherwise
        finally:
            self._is_writing = is_writing

    def _chosen(self, choose: ir.Choose, chosen: ir.Value, items: Items, read: tuple[Node, ...]) -> Node:
        found = self.value(chosen, items)
        if self.tracer is not None:
            if found.origin is None and not found.sources and not isinstance(found.data, dict | tuple):
                found = replace(found, sources=read)  # a constant is there because of what was read to choose it
            ways = (*(case.value for case in choose.cases), *(() if choose.otherwise is None else (choose.otherwise,)))
            self._passed_over((self.value(way, items) for way in ways if way is not chosen), found)
        return found

    def _passed_over(self, losers: Iterable[Node], winner: Node) -> None:
        if self.tracer is not None and self._is_writing:
            hits = set(self.hits)
            for loser in losers:
                self.tracer.passed_over(loser, winner)
            self.hits = hits  # what is only looked at to be told of does nothing

    def _merge(self, parts: list[Node]) -> Node:
        given = [part for part in parts if not part.absent]
        if any(part.invalid or isinstance(part.data, UnknownMembers) for part in given):
            return poison(_origin(given), tuple(given))
        members: dict[str, Node] = {}
        for part in given:
            for key, member in part.data.items() if isinstance(part.data, dict) else ():
                if key in members:
                    self._passed_over((members[key],), member)
                members[key] = member
        return record(members, _origin(given), tuple(given)) if given else missing()

    def _without(self, source: Node, keys: tuple[str, ...]) -> Node:
        if not isinstance(source.data, dict):
            return source
        kept = {key: member for key, member in source.data.items() if key not in keys}
        if isinstance(source.data, UnknownMembers):
            return Node(UnknownMembers(kept), source.origin, (source,), poisoned=True)
        return record(kept, source.origin, (source,))

    def _concat(self, parts: list[Node]) -> Node:
        given = [part for part in parts if not part.absent]
        if any(part.invalid for part in given):
            return poison(_origin(given), tuple(given))
        return array((item for part in given for item in self.items(part)), _origin(given)) if given else missing()

    def _each(self, each: ir.Each, items: Items) -> Node:
        source = self.value(each.of, items)
        if source.invalid or source.absent:
            return source
        made = []
        doubtful = False
        for item in self.items(source)[each.skip :]:
            inner = (*items, item)
            wanted = True if each.where is None else self.test(each.where, inner)
            if wanted is False:
                continue
            found = item if each.value is None else self.value(each.value, inner)
            doubtful = doubtful or wanted is None
            if wanted is None or found.invalid:
                found = poison(item.origin)
            if not found.absent:
                made.append(found)
            if each.take == "first" and made:
                break
        if each.take is not None:
            self._passed_over(made[:-1], made[-1] if made else missing())
            return made[-1] if made else missing(source.origin)
        made_list = array(made, source.origin, (source,))
        return replace(made_list, data=Doubtful(made)) if doubtful else made_list

    def _index(self, source: Node, by: ir.Value, items: Items) -> Node:
        if source.invalid or source.absent:
            return source
        made: dict[str, Node] = {}
        unknown = False
        for item in self.items(source):
            key = self.value(by, (*items, item))
            unknown = unknown or key.poisoned
            if isinstance(key.data, str):
                made.setdefault(key.data, item)
        if unknown and not made:
            return poison(source.origin, (source,))
        if unknown:  # any key might be that of the invalid item
            return Node(UnknownMembers(made), source.origin, (source,), poisoned=True)
        return record(made, source.origin, (source,))

    def _distinct(self, source: Node) -> Node:
        if source.invalid or source.absent:
            return source
        seen: dict[Any, Node] = {}
        for item in self.items(source):  # an invalid item may be like no other: it still counts
            seen.setdefault(object() if item.poisoned else identity(item), item)
        return array(seen.values(), source.origin, (source,))

    def _repeats(self, source: Node, by: ir.Value, items: Items) -> Node:
        if source.invalid or source.absent:
            return source
        seen: set[Any] = set()
        made = []
        for item in self.items(source):
            key = self.value(by, (*items, item))
            if key.poisoned or key.absent:
                continue
            if identity(key) in seen:
                made.append(item)
            seen.add(identity(key))
        return array(made, source.origin, (source,))

    def _call(self, call: ir.Call, items: Items) -> Node:
        arguments = tuple(self.value(each, items) for each in call.arguments)
        origin = _origin(arguments)
        if any(argument.poisoned for argument in arguments):
            return poison(origin, arguments)
        function = self._ruleset.functions[call.function]
        if not all(_fits(argument, wanted) for argument, wanted in zip(arguments, function.parameters, strict=True)):
            return missing(origin)
        result = function.apply(*(plain(argument) for argument in arguments))
        return missing(origin) if result is None else derived(result, origin, arguments)

    # --- Tests --------------------------------------------------------------------------------------------------------

    def test(self, test: ir.Test, items: Items) -> bool | None:
        """Whether the test holds; None where that rests on an invalid value."""
        match test:
            case ir.AnyOf(tests=tests):
                return _any(self.test(each, items) for each in tests)
            case ir.AllOf(tests=tests):
                return _all(self.test(each, items) for each in tests)
            case ir.Not(test=inner):
                held = self.test(inner, items)
                return None if held is None else not held
            case ir.Equals(pair=(left, right)):
                return _equal(self.value(left, items), self.value(right, items))
            case ir.In(pair=(needle, haystack)):
                return self._in(self.value(needle, items), haystack, items)
            case ir.Present(of=of):
                found = self.value(of, items)
                return None if found.invalid else not found.absent
            case ir.Nonempty(of=of):
                return _is_nonempty(self.value(of, items))
            case _:
                return self._of_scalar(test, items)

    def _of_scalar(self, test: ir.Test, items: Items) -> bool | None:
        match test:
            case ir.Matches(of=of) | ir.Contains(of=of) | ir.Type(of=of) | ir.Between(of=of):
                found = self.value(of, items)
            case _:
                raise AssertionError(f"an unknown test: {test}")
        if found.invalid:
            return None
        data = found.data
        match test:
            case ir.Matches(pattern=pattern):
                return isinstance(data, str) and pattern.fullmatch(data) is not None
            case ir.Contains(texts=texts):
                return isinstance(data, str) and _in_order(texts, data)
            case ir.Type(kinds=kinds):
                return not found.absent and kind_of(data) in kinds
            case ir.Between(least=least, most=most):
                return isinstance(data, int | float) and not isinstance(data, bool) and least <= data <= most

    def _in(self, needle: Node, haystack: ir.Value, items: Items) -> bool | None:
        place = f"{haystack.place} in"
        kept = self._fixed if haystack.fixed else self._known
        if haystack.closed and place in kept:
            keys, unknown = kept[place]
        else:
            found = self.value(haystack, items)
            keys = {identity(item) for item in self.items(found)}
            unknown = found.poisoned
            if haystack.closed:
                kept[place] = keys, unknown
        if needle.poisoned:
            return None
        if not needle.absent and identity(needle) in keys:
            return True
        return None if unknown else False


def _fits(argument: Node, wanted: Schema) -> bool:
    """Whether there is an argument of the JSON type that a function takes."""
    if argument.absent:
        return False
    types = types_of(wanted)
    kind = kind_of(argument.data)
    return kind in types or (kind == "number" and "integer" in types and isinstance(argument.data, int))


class Doubtful(tuple[Node, ...]):
    """Items of which the poisoned ones may not belong to the list, so that their number is not known."""

    __slots__ = ()


def _is_nonempty(node: Node) -> bool | None:
    if node.invalid:
        return None
    if isinstance(node.data, Doubtful) and all(item.poisoned for item in node.data):
        return None
    return not (node.absent or node.empty or node.data in (None, ""))


def _origin(nodes: Iterable[Node]) -> Origin | None:
    """The origin of what is made of these: that of the first which has one."""
    return next((node.origin for node in nodes if node.origin is not None), None)


def _equal(left: Node, right: Node) -> bool | None:
    if left.poisoned or right.poisoned:
        return None
    return not left.absent and not right.absent and identity(left) == identity(right)


def _any(held: Iterable[bool | None]) -> bool | None:
    unknown = False
    for each in held:
        if each:
            return True
        unknown = unknown or each is None
    return None if unknown else False


def _all(held: Iterable[bool | None]) -> bool | None:
    unknown = False
    for each in held:
        if each is False:
            return False
        unknown = unknown or each is None
    return None if unknown else True


def _in_order(texts: tuple[str, ...], data: str) -> bool:
    position = 0
    for text in texts:
        position = data.find(text, position)
        if position < 0:
            return False
        position += len(text)
    return True
