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
        rules = ruleset.build + ruleset.override + ruleset.verify
        self._ids = tuple(rule.id for rule in rules)
        self._reads = tuple(map(_reads, rules))
        self._writes = tuple(map(_writes, rules))
        self._known: dict[str, frozenset[str]] = {}

    def including(self, rules: Iterable[str]) -> frozenset[str]:
        """The ids of these rules and of all that they depend on."""
        return frozenset().union(*(self._of(rule) for rule in rules))

    def _of(self, rule: str) -> frozenset[str]:
        if rule not in self._known:
            found = {self._ids.index(rule)}
            pending = list(found)
            while pending:
                position = pending.pop()
                for earlier in range(position):
                    if earlier not in found and _overlap(self._reads[position], self._writes[earlier]):
                        found.add(earlier)
                        pending.append(earlier)
            self._known[rule] = frozenset(self._ids[position] for position in found)
        return self._known[rule]


_Members = frozenset[str] | None
"""Members of the output, in lower case because `merge_into` can change the spelling of one; None stands for all."""


def _overlap(read: _Members, written: _Members) -> bool:
    if read is None:
        return written is None or bool(written)
    return bool(read) if written is None else not read.isdisjoint(written)


def _reads(rule: ir.Rule) -> _Members:
    """The members that a rule reads."""
    parts = tuple(ir.walk(rule))
    if any(isinstance(part, ir.Conform) for part in parts):
        return None
    return _members(part.tokens for part in parts if isinstance(part, ir.Out))


def _writes(rule: ir.Rule) -> _Members:
    """The members that a rule writes."""
    return _members(_targets([rule]))


def _targets(rules: Iterable[ir.Rule]) -> Iterator[Tokens]:
    for rule in rules:
        if isinstance(rule, ir.ChooseRules):
            for branch in (*rule.branches, *(() if rule.otherwise is None else (rule.otherwise,))):
                yield from _targets(branch.rules)
        elif isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
            yield rule.target


def _members(pointers: Iterable[Tokens]) -> _Members:
    listed = tuple(pointers)
    return frozenset(caseless(tokens[0]) for tokens in listed) if all(listed) else None
