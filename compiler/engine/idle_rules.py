"""Which rules can be skipped in the interpreter: those that do nothing if all that they read is absent.

Found once for a ruleset, by applying each rule to an empty document. Most documents have few of the members that a
ruleset reads, so that most rules are skipped. Skipping changes nothing but the time a run takes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from compiler.engine import ir


class _Reads(NamedTuple):
    """The members of the document and of the output that a rule reads."""

    document: frozenset[str]
    output: frozenset[str]


class IdleRules:
    """The rules of one ruleset that do nothing without certain members of the document and of the output."""

    def __init__(self, ruleset: ir.Ruleset, is_idle: Callable[[ir.Rule], bool]) -> None:
        """`is_idle` applies a rule to an empty document, and returns whether it did nothing."""
        self._reads: Mapping[str, _Reads] = {
            rule.id: reads
            for rule in ruleset.build + ruleset.override + ruleset.verify
            if (reads := _reads(rule)) is not None and is_idle(rule)
        }

    def can_skip(self, rule: ir.Rule, document: Collection[str], output: Collection[str]) -> bool:
        """Whether a rule does nothing for a document and an output with these members."""
        reads = self._reads.get(rule.id)
        return reads is not None and reads.document.isdisjoint(document) and reads.output.isdisjoint(output)


def _reads(rule: ir.Rule) -> _Reads | None:
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
    return _Reads(frozenset(document), frozenset(output))
