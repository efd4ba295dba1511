"""Which rules a rule depends on: those that write what it reads, and those that these depend on.

Generated code finds which rules have an error to report. The interpreter then runs only these and their dependencies,
to find what the errors say; all other rules would change nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compiler.engine import ir
from compiler.json_io.pointer import Tokens, caseless


class RuleDependencies:
    """The dependencies of the rules of one ruleset. Those of a rule are found on first use and cached."""

    def __init__(self, ruleset: ir.Ruleset) -> None:
        self._rules = ruleset.build + ruleset.override + ruleset.verify
        self._positions = {rule.id: position for position, rule in enumerate(self._rules)}
        self._known: dict[str, frozenset[str]] = {}

    def including(self, rules: Iterable[str]) -> frozenset[str]:
        """The ids of these rules and of all that they depend on."""
        return frozenset().union(*(self._of(rule) for rule in rules))

    def _of(self, rule: str) -> frozenset[str]:
        if rule not in self._known:
            found = {self._positions[rule]}
            pending = list(found)
            while pending:
                position = pending.pop()
                read = _reads(self._rules[position])
                for earlier in range(position):
                    if earlier not in found and _overlap(read, _writes(self._rules[earlier])):
                        found.add(earlier)
                        pending.append(earlier)
            self._known[rule] = frozenset(self._rules[position].id for position in found)
        return self._known[rule]


def _overlap(read: frozenset[str] | None, written: frozenset[str] | None) -> bool:
    if read is None or written is None:
        return read != frozenset() and written != frozenset()
    return not read.isdisjoint(written)


def _reads(rule: ir.Rule) -> frozenset[str] | None:
    """The output members that a rule reads, in lower case, as `merge_into` compares them; None if it reads all."""
    parts = tuple(ir.walk(rule))
    if any(isinstance(part, ir.Conform) for part in parts):
        return None
    return _members(part.tokens for part in parts if isinstance(part, ir.Out))


def _writes(rule: ir.Rule) -> frozenset[str] | None:
    """The output members that a rule writes, in lower case; None if it can write any."""
    return _members(_targets([rule]))


def _targets(rules: Iterable[ir.Rule]) -> Iterator[Tokens]:
    for rule in rules:
        if isinstance(rule, ir.ChooseRules):
            for branch in (*rule.branches, *(() if rule.otherwise is None else (rule.otherwise,))):
                yield from _targets(branch.rules)
        elif isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
            yield rule.target


def _members(pointers: Iterable[Tokens]) -> frozenset[str] | None:
    listed = tuple(pointers)
    return frozenset(caseless(tokens[0]) for tokens in listed) if all(listed) else None
