"""Which rules can be skipped in the interpreter: those that do nothing if members that they read are absent.

A rule does nothing without a member that its condition requires, and one that does nothing for an empty document does
nothing without all that it reads. Found once for a ruleset. Most documents have few of the members that a ruleset
reads, so that most rules are skipped. Skipping changes nothing but the time a run takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from compiler.engine import ir


class _Members(NamedTuple):
    """Members of the document and of the output."""

    document: frozenset[str]
    output: frozenset[str]


class IdleRules:
    """The rules of one ruleset that do nothing without certain members of the document and of the output."""

    def __init__(self, ruleset: ir.Ruleset, is_idle: Callable[[ir.Rule], bool]) -> None:
        """`is_idle` applies a rule to an empty document, and returns whether it did nothing."""
        rules = ruleset.build + ruleset.override + ruleset.verify
        self._reads: Mapping[str, _Members] = {
            rule.id: reads for rule in rules if (reads := _reads(rule)) is not None and is_idle(rule)
        }
        self._required: Mapping[str, _Members] = {
            rule.id: required for rule in rules if (required := _required(rule)) is not None
        }

    def can_skip(self, rule: ir.Rule, document: Mapping[str, object], output: Mapping[str, object]) -> bool:
        """Whether a rule does nothing for a document and an output with these members."""
        required = self._required.get(rule.id)
        if required is not None and not (required.document <= document.keys() and required.output <= output.keys()):
            return True
        reads = self._reads.get(rule.id)
        return reads is not None and reads.document.isdisjoint(document) and reads.output.isdisjoint(output)


def _required(rule: ir.Rule) -> _Members | None:
    """The members without which the condition of a rule does not hold, whatever the others are; None if there are none.

    A rule with a choice is not skipped in this way: evaluating the choice counts as a hit, whatever the rule does.
    """
    if rule.when is None or any(isinstance(part, ir.Choose) for part in ir.walk(rule)):
        return None
    document: set[str] = set()
    output: set[str] = set()
    for test in rule.when.tests if isinstance(rule.when, ir.AllOf) else (rule.when,):
        match test:
            case ir.Present(of=of) | ir.Nonempty(of=of) | ir.Type(of=of):
                if isinstance(of, ir.Get) and of.reference.scope is None:
                    document.update(of.reference.tokens[:1])
                elif isinstance(of, ir.Out):
                    output.update(of.tokens[:1])
    return _Members(frozenset(document), frozenset(output)) if document or output else None


def _reads(rule: ir.Rule) -> _Members | None:
    """What a rule reads; None if that is not a matter of single members."""
    document: set[str] = set()
    output: set[str] = set()
    for part in ir.walk(rule):
        if isinstance(part, ir.Conform) or (isinstance(part, ir.Rule) and part.id != rule.id):
            return None
        if isinstance(part, ir.Get) and part.reference.scope is None:
            if not part.reference.tokens:
                return None
            document.add(part.reference.tokens[0])
        elif isinstance(part, ir.Out):
            if not part.tokens:
                return None
            output.add(part.tokens[0])
    return _Members(frozenset(document), frozenset(output))
