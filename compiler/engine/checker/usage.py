"""Use analysis: which parts of the input a ruleset uses, as patterns of pointers.

A subtree that is copied, merged or passed as a whole to the output, or reported as unsupported, is used; one that is
only tested, warned about, or filtered (`where`) is not; `skip` and `take` use some items, and the others must be used,
too. In a choice, a part is used if every branch uses
it or has a test that implies that it is absent or empty; a rule with a `when` is a choice with one branch. A rule also
uses what its `consumes` names, if it reads that at all, be it in a test. A branch that tests the type of the input
itself is left out if the input cannot have that type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from compiler.engine import ir
from compiler.engine.schema import ANY_KEY, ANYTHING, Schema, allowed_types, as_pattern, pattern_schema
from compiler.json_io.pointer import Tokens

Patterns = frozenset[Tokens]
_Items = tuple[Patterns, ...]
_Read = Callable[[ir.Value, _Items], Patterns]
_UsedBranch = tuple[ir.Test | None, Patterns]
"""The test of a branch, None for `otherwise`, and what the branch uses."""
_NONE: Patterns = frozenset()
_REST = "…"
_COLUMN = "zip:"  # before the name of a list, in the first token of a pattern
_LONGEST_INDEX = 10


def used_inputs(ruleset: ir.Ruleset, shape: Schema) -> Patterns:
    """The patterns that are used whichever branches are chosen, if the input has this shape."""
    return _UsageAnalysis(ruleset, shape).rules(ruleset.rules).union(ruleset.ignores)


def unread_consumptions(ruleset: ir.Ruleset) -> Iterator[tuple[str, Tokens]]:
    """What a rule names in `consumes` but does not read: the rule's id and the pattern."""
    return _UsageAnalysis(ruleset, ANYTHING, whole=False).unread_consumptions(ruleset.rules, ())


class _UsageAnalysis:
    """Finds the patterns that are used as a `whole`, or else all that are read."""

    def __init__(self, ruleset: ir.Ruleset, shape: Schema, *, whole: bool = True) -> None:
        self._ruleset = ruleset
        self._types = {"number" if kind == "integer" else kind for kind in allowed_types(shape)}
        self._whole = whole

    def rules(self, rules: Iterable[ir.Rule], items: _Items = ()) -> Patterns:
        return _NONE.union(*(self._rule(rule, items) for rule in rules))

    def _rule(self, rule: ir.Rule, items: _Items) -> Patterns:
        """What a rule uses whenever it is present."""
        inputs = self._rule_inputs(rule, items)
        if rule.when is not None:
            absent = _absent_when(rule.when, holds=False)
            inputs = frozenset(pattern for pattern in inputs if any(_includes(empty, pattern) for empty in absent))
        return inputs.union(rule.consumes)

    def unread_consumptions(self, rules: Iterable[ir.Rule], items: _Items) -> Iterator[tuple[str, Tokens]]:
        """What rules name in `consumes` but do not read."""
        for rule in rules:
            read = self._reads(rule, items) if rule.consumes else _NONE
            for consumed in rule.consumes:
                if not any(_includes(pattern, consumed) or pattern == (*consumed, ANY_KEY) for pattern in read):
                    yield rule.id, consumed
            match rule:
                case ir.PutEach(over=over, rules=inner):
                    yield from self.unread_consumptions(inner, (*items, self._items_of(over, items)))
                case ir.ChooseRules(branches=branches, otherwise=otherwise):
                    for branch in (*branches, *(() if otherwise is None else (otherwise,))):
                        yield from self.unread_consumptions(branch.rules, items)

    def _reads(self, part: Any, items: _Items) -> Patterns:
        """All patterns that a part of a rule reads, for whatever purpose.

        A list that is iterated over is not read itself; its items are, where they are read.
        """
        if isinstance(part, ir.Get):
            return self._value(part, items)
        source = _iterated(part)
        if source is None:
            return _NONE.union(*(self._reads(child, items) for child in ir.children(part)))
        inner = (*items, self._items_of(source, items))
        read = self._reads_of_source(source, items)
        outside: tuple[Any, ...] = (source,)
        if isinstance(part, ir.PutEach) and part.when is not None:
            outside, read = (source, part.when), read | self._reads(part.when, items)
        return read.union(*(self._reads(child, inner) for child in ir.children(part) if child not in outside))

    def _reads_of_source(self, source: ir.Value, items: _Items) -> Patterns:
        match source:
            case ir.Get():
                return _NONE
            case ir.Concat(values=values) | ir.First(values=values):
                return _NONE.union(*(self._reads_of_source(part, items) for part in values))
            case ir.Distinct(of=of) | ir.Flatten(of=of):
                return self._reads_of_source(of, items)
            case ir.Zip(columns=columns):
                return _NONE.union(*(self._reads_of_source(column, items) for _, column in columns))
            case ir.Choose(branches=branches, otherwise=otherwise):
                values = (*(branch.value for branch in branches), *(() if otherwise is None else (otherwise,)))
                read = _NONE.union(*(self._reads_of_source(value, items) for value in values))
                return read.union(*(self._reads(branch.when, items) for branch in branches))
        return self._reads(source, items)

    def _rule_inputs(self, rule: ir.Rule, items: _Items) -> Patterns:
        match rule:
            case ir.ChooseRules(branches=branches, otherwise=otherwise):
                return self._choice(branches, otherwise, items)
            case ir.Put(value=value, unsupported=unsupported):
                inputs = self._value(value, items)
                return inputs if unsupported is None else inputs | self._unsupported(unsupported, items)
            case ir.PutEach(over=over, rules=rules):
                return self.rules(rules, (*items, self._items_of(over, items)))
            case ir.MergeInto(value=value):
                return self._value(value)
            case ir.UnsupportedRule(unsupported=unsupported):
                return self._unsupported(unsupported, items)
            case ir.Require(members=members):
                return self._all(value for _, value in members)
        return _NONE

    def _choice(self, branches: tuple[ir.RuleBranch, ...], otherwise: ir.RuleBranch | None, items: _Items) -> Patterns:
        used = [(branch.when, self.rules(branch.rules, items)) for branch in branches]
        last = _NONE if otherwise is None else self.rules(otherwise.rules, items)
        return _used_in_every_branch(self._possible([*used, (None, last)]))

    def _unsupported(self, unsupported: ir.Unsupported, items: _Items) -> Patterns:
        """What is reported; the fallback is written only if the feature is in use and ignored."""
        values = [value for value in (unsupported.of, unsupported.over) if value is not None]
        if not self._whole and isinstance(unsupported.fallback, ir.Value):
            values.append(unsupported.fallback)
        return self._all(values, items)

    def _all(self, values: Iterable[ir.Value], items: _Items = ()) -> Patterns:
        return _NONE.union(*(self._value(value, items) for value in values))

    def _value(self, value: ir.Value, items: _Items = ()) -> Patterns:
        """The patterns that are part of the value as a whole."""
        match value:
            case ir.Get(reference=reference):
                roots: Patterns = frozenset({()}) if reference.scope is None else items[-1 - reference.scope]
                joined = (self._join(root, as_pattern(reference.tokens)) for root in roots)
                return frozenset(pattern for pattern in joined if pattern is not None)
            case ir.Object(members=members):
                return self._all((member for _, member in members), items)
            case ir.First(values=values):
                return self._first(values, items, self._value)
            case ir.List(items=values) | ir.Merge(values=values):
                return self._all(values, items)
            case ir.Concat(values=values) | ir.Call(arguments=values):
                return self._all(values, items)
            case ir.Lookup(of=of, default=default):
                return self._all((of,) if default is None else (of, default), items)
            case ir.At(of=of, key=ir.Const(literal=str() as key)):
                return frozenset((*pattern, *as_pattern((key,))) for pattern in self._value(of, items))
            case ir.At(of=of, key=key):
                members_of = frozenset((*pattern, ANY_KEY) for pattern in self._value(of, items))
                return members_of | self._value(key, items)
            case ir.Choose():
                return self._choose(value, items, self._value)
            case ir.Each(where=ir.Test()) if self._whole:
                return _NONE  # some of the items only
            case ir.Each():
                return self._mapped(value, items)
            case ir.IndexBy(of=of, by=by, value=ir.Value() as inner):
                item = (*items, self._items_of(of, items))
                keys = self._value(by, item) if ir.is_never_absent(inner) else _NONE
                return keys | self._value(inner, item)
            case ir.Without(of=of, keys=left_out) if self._whole:
                return _NONE.union(*(self._members(pattern, left_out) for pattern in self._value(of, items)))
            case ir.Duplicates() if self._whole:
                return _NONE  # not those that are there once
            case ir.Without(of=of) | ir.IndexBy(of=of) | ir.Distinct(of=of) | ir.Duplicates(of=of):
                return self._value(of, items)
            case ir.Flatten(of=of):
                return self._value(of, items)
            case ir.Zip(columns=columns):
                return self._all((column for _, column in columns), items)
        return _NONE

    def _choose(self, choose: ir.Choose, items: _Items, read: _Read) -> Patterns:
        used = [(branch.when, read(branch.value, items)) for branch in choose.branches]
        last = _NONE if choose.otherwise is None else read(choose.otherwise, items)
        if not self._whole:
            return last.union(*(patterns for _, patterns in used))
        return _used_in_every_branch(self._possible([*used, (None, last)]))

    def _first(self, values: tuple[ir.Value, ...], items: _Items, read: _Read) -> Patterns:
        """What is used whichever of these is present: the first of them hides the others."""
        used = [read(value, items) for value in values if not isinstance(value, ir.Const | ir.Out)]
        return _NONE.union(*(used[:1] if self._whole else used))

    def _possible(self, branches: list[_UsedBranch]) -> list[_UsedBranch]:
        """The branches that may be chosen, the last of them without a test."""
        possible: list[_UsedBranch] = []
        for when, patterns in branches:
            match when:
                case ir.Type(of=ir.Get(reference=ir.Reference(scope=None, tokens=())), kinds=kinds):
                    if self._types.issubset(kinds):
                        return [*possible, (None, patterns)]
                    if self._types.isdisjoint(kinds):
                        continue
            possible.append((when, patterns))
        return possible

    def _mapped(self, each: ir.Each, items: _Items) -> Patterns:
        """The patterns of the items that an `each` gives."""
        item = self._items_of(each.of, items)
        if self._whole and isinstance(each.of, ir.Get) and (each.skip or each.take is not None):
            # The last item is the first one, unless there are more; these are used if the rest is.
            some = _rest(each.skip) if each.take is None else str(each.skip)
            item = frozenset((*pattern[:-1], some) for pattern in item)
        elif self._whole and (each.skip or each.take is not None):
            return _NONE
        return item if each.value is None else self._value(each.value, (*items, item))

    def _items_of(self, value: ir.Value, items: _Items) -> Patterns:
        """The patterns that are items of the value; those of a list that is written out are the values in it."""
        match value:
            case ir.List(items=values):
                return self._all(values, items)
            case ir.Concat(values=values):
                return _NONE.union(*(self._items_of(part, items) for part in values))
            case ir.First(values=values):
                return self._first(values, items, self._items_of)
            case ir.Choose():
                return self._choose(value, items, self._items_of)
            case ir.Each(take=None, where=where) if where is None or not self._whole:
                return self._mapped(value, items)
            case ir.Duplicates() if self._whole:
                return _NONE
            case ir.Distinct(of=of) | ir.Duplicates(of=of):
                return self._items_of(of, items)
            case ir.Flatten(of=ir.List(items=values)):
                return _NONE.union(*(self._items_of(part, items) for part in values))
            case ir.Flatten(of=of):
                return frozenset((*source, ANY_KEY) for source in self._items_of(of, items))
            case ir.Zip(columns=columns):
                return frozenset(
                    (f"{_COLUMN}{name}", *source)
                    for name, column in columns
                    for source in self._items_of(column, items)
                )
        return frozenset((*source, ANY_KEY) for source in self._value(value, items))

    def _members(self, pattern: Tokens, left_out: tuple[str, ...]) -> Patterns:
        """The members of an object but for these; the object itself, if its members have no names in the schema."""
        schema = pattern_schema(self._ruleset.input_schema, pattern) or {}
        names = schema.get("properties", {})
        kept = frozenset((*pattern, *as_pattern((name,))) for name in names if name not in left_out)
        return kept | {(*pattern, ANY_KEY)} if names else frozenset({pattern})

    def _join(self, root: Tokens, tokens: Tokens) -> Tokens | None:
        """Appends tokens to a pattern; `key` and `value` of an object's item are both about the same member.

        An item of zipped lists has a member for each list, named by the first token of its pattern; None for another.
        """
        if root and root[0].startswith(_COLUMN):
            of_column = not tokens or tokens[0] == root[0].removeprefix(_COLUMN)
            return self._join(root[1:], tokens[1:]) if of_column else None
        if root and root[-1] == ANY_KEY and tokens and tokens[0] in ("key", "value"):
            parent = pattern_schema(self._ruleset.input_schema, root[:-1])
            if parent is not None and "array" not in allowed_types(parent):
                return (*root, *tokens[1:])
        return (*root, *tokens)


def _used_in_every_branch(branches: list[_UsedBranch]) -> Patterns:
    """What every branch uses or implies to be absent; the last branch has no test."""
    read: list[Patterns] = []
    nothing_there = _NONE
    for when, patterns in branches:
        read.append(patterns | nothing_there | (_NONE if when is None else _absent_when(when, holds=True)))
        nothing_there |= _NONE if when is None else _absent_when(when, holds=False)
    return frozenset(
        pattern
        for pattern in _NONE.union(*read)
        if all(any(_includes(r, pattern) for r in patterns) for patterns in read)
    )


def _iterated(part: Any) -> ir.Value | None:
    """The list that a part of a rule iterates over, if it does."""
    match part:
        case ir.Each(of=of) | ir.IndexBy(of=of) | ir.Duplicates(of=of):
            return of
        case ir.PutEach(over=over) | ir.Report(over=over) | ir.Limit(over=over):
            return over
    return None


def is_used(leaf: Tokens, patterns: Patterns, start: int = 0) -> bool:
    """Whether these patterns use a leaf: as a whole, or each item of a list, the first ones apart from the rest.

    Lists that begin before `start` have been divided already.
    """
    if any(_uses(pattern, leaf) for pattern in patterns):
        return True
    for position in (position for position, token in enumerate(leaf) if token == ANY_KEY and position >= start):
        before, after = leaf[:position], leaf[position + 1 :]
        tokens = {pattern[position] for pattern in patterns if len(pattern) > position}
        rests = sorted(first for first in map(_first_of_rest, tokens) if first is not None)
        first = next((each for each in rests if is_used((*before, _rest(each), *after), patterns, position + 1)), None)
        if first is None:
            continue
        # Of the items before that rest, those between two that are named are used if the first of them is.
        named = (index for token in tokens if (index := _index(token)) is not None)
        bounds = sorted({0, *rests, *(bound for index in named for bound in (index, index + 1))})
        if all(is_used((*before, str(bound), *after), patterns, position + 1) for bound in bounds if bound < first):
            return True
    return False


def _uses(pattern: Tokens, leaf: Tokens) -> bool:
    """Whether a pattern uses a leaf: it is the leaf, an ancestor, or an unnamed key of it."""
    if len(pattern) > len(leaf):
        return pattern[len(leaf)] == ANY_KEY and _includes(pattern[: len(leaf)], leaf)
    return _includes(pattern, leaf)


def _includes(pattern: Tokens, other: Tokens) -> bool:
    """Whether a pattern includes another: it is the same or an ancestor of it."""
    return len(pattern) <= len(other) and all(map(_includes_token, pattern, other))


def _includes_token(token: str, other: str) -> bool:
    """Whether a token includes another: `*` includes each item of a list, and a rest those that follow."""
    if token == other:
        return True
    if token == ANY_KEY:
        return _index(other) is not None or _first_of_rest(other) is not None
    first, index = _first_of_rest(token), _index(other)
    return first is not None and first <= (_first_of_rest(other) or 0 if index is None else index)


def _rest(first: int) -> str:
    """The token for the items of a list from this one on."""
    return f"{first}{_REST}"


def _first_of_rest(token: str) -> int | None:
    return _index(token.removesuffix(_REST)) if token.endswith(_REST) else None


def _index(token: str) -> int | None:
    """The index of an item; None for other keys."""
    return int(token) if token.isascii() and token.isdigit() and len(token) < _LONGEST_INDEX else None


def _absent_when(test: ir.Test, *, holds: bool) -> Patterns:
    """The input patterns that are absent or empty whenever the test holds (or does not)."""
    match test:
        case ir.Not(test=inner):
            return _absent_when(inner, holds=not holds)
        case ir.AllOf(tests=tests) if holds:
            return _NONE.union(*(_absent_when(operand, holds=True) for operand in tests))
        case ir.AnyOf(tests=tests) if not holds:
            return _NONE.union(*(_absent_when(operand, holds=False) for operand in tests))
        case ir.Present(of=ir.Get(reference=reference)) | ir.Nonempty(of=ir.Get(reference=reference)):
            if holds or reference.scope is not None:
                return _NONE
            *outer, last = reference.tokens or ("",)
            index = _index(last)  # without an item there are none after it
            return frozenset({reference.tokens} if index is None else {reference.tokens, (*outer, _rest(index))})
    return _NONE
