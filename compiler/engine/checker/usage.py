"""Use analysis: which parts of the input a ruleset uses, as patterns of pointers.

A subtree that is copied, merged or passed as a whole to the output, or reported as unsupported, is used; one that is
only tested, warned about, or taken in part (`where`, `take`) is not. In a choice, a part is used if every branch uses
it or has a test that implies that it is absent or empty; a rule with a `when` is a choice with one branch. A rule with
`consumes` always uses all that it names, in a `where` too; a report uses what it iterates over, or else what it names.
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.engine import ir
from compiler.engine.schema import ANY_KEY, allowed_types, subschema
from compiler.json_io.pointer import Tokens

Patterns = frozenset[Tokens]
_Items = tuple[Patterns, ...]
_NONE: Patterns = frozenset()


def used_inputs(ruleset: ir.Ruleset) -> Patterns:
    """The patterns that are used whichever branches are chosen."""
    return _UsageAnalysis(ruleset).rules(ruleset.rules)


class _UsageAnalysis:
    def __init__(self, ruleset: ir.Ruleset) -> None:
        self._ruleset = ruleset
        self._consumes = False

    def rules(self, rules: Iterable[ir.Rule], items: _Items = ()) -> Patterns:
        return _NONE.union(*(self._rule(rule, items) for rule in rules))

    def _rule(self, rule: ir.Rule, items: _Items) -> Patterns:
        """What a rule uses whenever it is present."""
        self._consumes = rule.consumes
        inputs = self._rule_inputs(rule, items)
        if rule.when is None or rule.consumes:
            return inputs
        nothing_there = _absent_when(rule.when, holds=False)
        return frozenset(pattern for pattern in inputs if any(_is_prefix(empty, pattern) for empty in nothing_there))

    def _rule_inputs(self, rule: ir.Rule, items: _Items) -> Patterns:
        match rule:
            case ir.ChooseRules(branches=branches, otherwise=otherwise):
                return self._choice(branches, otherwise, items)
            case ir.Put(value=value, invalid=invalid, unsupported=unsupported):
                inputs = self._value(value, items)
                if invalid is not None and rule.consumes:
                    inputs |= self._report_inputs(invalid.spec, items)
                return inputs if unsupported is None else inputs | self._unsupported(unsupported, items)
            case ir.PutEach(over=over, rules=rules):
                item = self._items(self._value(over, items))
                return self.rules(rules, (*items, item))
            case ir.MergeInto(value=value):
                return self._value(value)
            case ir.Report(spec=spec, over=over) if rule.consumes:
                if over is None:
                    return self._report_inputs(spec, items)
                return self._value(over, items)
            case ir.UnsupportedRule(unsupported=unsupported):
                return self._unsupported(unsupported, items)
            case ir.Require(members=members):
                return self._all(value for _, value in members)
        return _NONE

    def _choice(self, branches: tuple[ir.RuleBranch, ...], otherwise: ir.RuleBranch | None, items: _Items) -> Patterns:
        used = [(branch.when, self.rules(branch.rules, items)) for branch in branches]
        return _used_in_every_branch(
            [*used, (None, _NONE if otherwise is None else self.rules(otherwise.rules, items))]
        )

    def _unsupported(self, unsupported: ir.Unsupported, items: _Items) -> Patterns:
        over = _NONE if unsupported.over is None else self._value(unsupported.over, items)
        fallback = unsupported.fallback if isinstance(unsupported.fallback, ir.Value) else None
        return over | self._all((value for value in (unsupported.of, fallback) if value is not None), items)

    def _report_inputs(self, spec: ir.ReportSpec, items: _Items) -> Patterns:
        values = (spec.at, spec.related, spec.hint, *(value for _, value in spec.params))
        return self._all((value for value in values if value is not None), items)

    def _all(self, values: Iterable[ir.Value], items: _Items = ()) -> Patterns:
        return _NONE.union(*(self._value(value, items) for value in values))

    def _value(self, value: ir.Value, items: _Items = ()) -> Patterns:
        """The patterns that are part of the value as a whole."""
        match value:
            case ir.Get(reference=reference):
                roots: Patterns = frozenset({()}) if reference.scope is None else items[-1 - reference.scope]
                return frozenset(self._join(root, reference.tokens) for root in roots)
            case ir.Object(members=members):
                return self._all((member for _, member in members), items)
            case ir.List(items=values) | ir.First(values=values) | ir.Merge(values=values):
                return self._all(values, items)
            case ir.Concat(values=values) | ir.Call(arguments=values):
                return self._all(values, items)
            case ir.Lookup(of=of, default=default):
                return self._all((of,) if default is None else (of, default), items)
            case ir.At(of=of, key=key):
                members_of = frozenset((*pattern, ANY_KEY) for pattern in self._value(of, items))
                return members_of | self._value(key, items)
            case ir.Choose(branches=branches, otherwise=otherwise):
                used = [(branch.when, self._value(branch.value, items)) for branch in branches]
                last = _NONE if otherwise is None else self._value(otherwise, items)
                if self._consumes:
                    return last.union(*(patterns for _, patterns in used))
                return _used_in_every_branch([*used, (None, last)])
            case ir.Each(where=ir.Test()) | ir.Each(take=str()) if not self._consumes:
                return _NONE  # some of the items only
            case ir.Each(of=of, value=inner, where=where):
                item = self._items(self._value(of, items))
                tested = _NONE if where is None else self._test(where, (*items, item))
                return tested | (item if inner is None else self._value(inner, (*items, item)))
            case ir.Without(of=of):
                return self._value(of, items)
            case ir.IndexBy(of=of) | ir.Distinct(of=of) | ir.Duplicates(of=of):
                return self._value(of, items)
        return _NONE

    def _test(self, test: ir.Test, items: _Items) -> Patterns:
        """The patterns that a test names, for a rule with `consumes`."""
        match test:
            case ir.AnyOf(tests=tests) | ir.AllOf(tests=tests):
                return _NONE.union(*(self._test(operand, items) for operand in tests))
            case ir.Not(test=inner):
                return self._test(inner, items)
            case ir.Equals(pair=values) | ir.OneOf(pair=values):
                return self._all(values, items)
            case ir.Present(of=of) | ir.Nonempty(of=of) | ir.Matches(of=of) | ir.Contains(of=of):
                return self._value(of, items)
            case ir.Type(of=of) | ir.Between(of=of):
                return self._value(of, items)
        return _NONE

    def _items(self, sources: Patterns) -> Patterns:
        return frozenset((*source, ANY_KEY) for source in sources)

    def _join(self, root: Tokens, tokens: Tokens) -> Tokens:
        """Appends tokens to a pattern; `key` and `value` of an object's item are both about the same member."""
        if root and root[-1] == ANY_KEY and tokens and tokens[0] in ("key", "value"):
            parent = subschema(self._ruleset.input_schema, root[:-1])
            if parent is not None and "array" not in allowed_types(parent):
                return (*root, *tokens[1:])
        return (*root, *tokens)


def _used_in_every_branch(branches: list[tuple[ir.Test | None, Patterns]]) -> Patterns:
    """What every branch uses or implies to be absent; the last branch has no test."""
    read: list[Patterns] = []
    nothing_there = _NONE
    for when, patterns in branches:
        read.append(patterns | nothing_there | (_NONE if when is None else _absent_when(when, holds=True)))
        nothing_there |= _NONE if when is None else _absent_when(when, holds=False)
    return frozenset(
        pattern
        for pattern in _NONE.union(*read)
        if all(any(_is_prefix(r, pattern) for r in patterns) for patterns in read)
    )


def _is_prefix(pattern: Tokens, other: Tokens) -> bool:
    return other[: len(pattern)] == pattern


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
            return frozenset({reference.tokens}) if not holds and reference.scope is None else _NONE
    return _NONE
