"""The ruleset checker at work: a target's rulesets, held against their schemas and against the conformance cases.

The checker itself belongs to the engine and knows rules only. Which places of the rules the cases reach is found
here, by running each case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from compiler.conformance.case_files import Case, read_cases
from compiler.conformance.run import collect_coverage
from compiler.engine import LintProblem, check
from compiler.json_io import resources
from compiler.pipeline.targets import Target, named_target


def problems_of(target: Target, cases: Iterable[Case] | None = None) -> tuple[LintProblem, ...]:
    """All that the checker finds in a target; `cases` are by default those of the suite that are for it."""
    hits: dict[str, set[str]] = defaultdict(set)
    for case in read_cases() if cases is None else cases:
        if case.target == target.name and case.ruleset in target.rulesets:
            hits[case.ruleset] |= collect_coverage(case, target)
    codes = resources.schemas()[resources.BASE + "diagnostic.schema.json"]["$defs"]
    found: list[LintProblem] = []
    for name, ruleset in target.rulesets.items():
        found += check(ruleset, hits[name], codes)
    return tuple(found)


def problems_of_named(name: str) -> tuple[LintProblem, ...]:
    """The same, for a target that comes with the package."""
    return problems_of(named_target(name))
