"""The ruleset checker at work: a target's rulesets, held against their schemas and against the conformance cases.

The checker itself belongs to the engine and knows rules only. Which places of the rules the cases reach is found
here, by compiling each case; a draft ruleset, which nothing runs yet, is held against its schemas alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from compiler import _resources
from compiler._api import outcome_of
from compiler._target import Target, named_target
from compiler.conformance.cases import Case, read_cases
from compiler.engine import Problem, check
from compiler.message.json_values import parse_json


def hits_of(case: Case, target: Target) -> frozenset[str]:
    """The places of the target's rules that a case reaches."""
    message = case.input.get("message")
    if "text" in case.input:
        message, faults = parse_json(case.input["text"])
        if faults:
            return frozenset()
    outcome = outcome_of(message, target, case.input.get("options", {}))
    return frozenset() if outcome is None else outcome.hits


def problems_of(target: Target, cases: Iterable[Case] | None = None) -> tuple[Problem, ...]:
    """All that the checker finds in a target; `cases` are by default those of the suite that are for it."""
    hits: dict[str, set[str]] = defaultdict(set)
    for case in read_cases() if cases is None else cases:
        if case.target == target.name and case.ruleset == "send":
            hits["send"] |= hits_of(case, target)
    codes = _resources.schemas()[_resources.BASE + "diagnostic.schema.json"]["$defs"]
    found: list[Problem] = []
    for name, ruleset in target.rulesets.items():
        found += check(ruleset, None if ruleset.draft else hits[name], codes)
    return tuple(found)


def problems_of_named(name: str) -> tuple[Problem, ...]:
    """The same, for a target that comes with the package."""
    return problems_of(named_target(name))
