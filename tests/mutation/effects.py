"""The effects of each rule on a case: what the rules have made before it was applied, and what they have made after.

Rules are pure, so a mutant of a rule that has the same effect as the original gives the same result.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from unittest import mock

from compiler.conformance.case_files import Case
from compiler.conformance.run import run_case
from compiler.engine import ir
from compiler.engine.findings import Finding
from compiler.engine.interpreter import _Run
from compiler.engine.traced_value import TracedValue
from compiler.pipeline.targets import Target
from tests.mutation.mutants import Mutant

_PHASES = ("build", "override", "verify")
"""The phases between whose rules nothing else is done."""


class _State(NamedTuple):
    """What a run has made so far."""

    output: TracedValue
    findings: dict[Any, Finding]
    counts: Counter[str]
    requires: list[Mapping[str, Any]]


class Effects:
    """The effects of the rules of a ruleset on a case, recorded when they are first used."""

    def __init__(self, case: Case, target: Target, ruleset: ir.Ruleset) -> None:
        self._case = case
        self._target = target
        self._ruleset = ruleset

    def differ(self, mutant: Mutant, changed: ir.Ruleset) -> bool:
        """Whether the changed rule may have another effect than the original, if it keeps the same members."""
        phase, *tokens = mutant.path
        if phase not in _PHASES or not tokens:
            return True
        index = int(tokens[0])
        original = getattr(self._ruleset, str(phase))
        rules = getattr(changed, str(phase))[index : index + 1 + len(getattr(changed, str(phase))) - len(original)]
        recorded = self._recorded[original[index].id]
        return any(not _is_same(_apply(run, before, rules), after) for run, before, after in recorded)

    @cached_property
    def _recorded(self) -> dict[str, list[tuple[_Run, _State, _State]]]:
        recorded: dict[str, list[tuple[_Run, _State, _State]]] = defaultdict(list)
        apply = _Run._apply

        def record(run: _Run, rule: ir.Rule, *items: Any) -> None:
            before = _state(run)
            apply(run, rule, *items)
            if run._ruleset is self._ruleset:
                recorded[rule.id].append((run, before, _state(run)))

        with (
            mock.patch.object(_Run, "_apply", record),
            mock.patch.object(_Run, "_can_skip", return_value=False),
        ):
            run_case(self._case, self._target)
        return recorded


def _state(run: _Run) -> _State:
    return _State(run._evaluator.output, dict(run._findings), Counter(run._listed_counts), list(run._requires))


def _apply(run: _Run, state: _State, rules: Iterable[ir.Rule]) -> _State | None:
    """Applies rules to a state, which is not changed; None if they raise."""
    run._evaluator.output = state.output
    run._evaluator._run_cache = {}  # has values of the original's expressions
    run._findings, run._listed_counts, run._requires = dict(state.findings), Counter(state.counts), list(state.requires)
    try:
        for rule in rules:
            run._apply(rule)
    except Exception:
        return None
    return _state(run)


def _is_same(one: _State | None, other: _State) -> bool:
    return (
        one is not None
        and _is_same_value(one.output, other.output)
        and one.counts == other.counts
        and repr((one.findings, one.requires)) == repr((other.findings, other.requires))
    )


def _is_same_value(one: TracedValue, other: TracedValue) -> bool:
    """Whether two values are equal, of the same types and origins. Their sources are only for explanations."""
    if one is other:
        return True
    if (type(one.data), one.origin, one.poisoned) != (type(other.data), other.origin, other.poisoned):
        return False
    if isinstance(one.data, dict) and isinstance(other.data, dict):
        return list(one.data) == list(other.data) and all(map(_is_same_value, one.data.values(), other.data.values()))
    if isinstance(one.data, tuple) and isinstance(other.data, tuple):
        return len(one.data) == len(other.data) and all(map(_is_same_value, one.data, other.data))
    return one.data == other.data
